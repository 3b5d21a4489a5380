"""Do two checkouts answer alike? ``python -m tests.bench.same_answers OLD NEW`` compares the whole API and every page.

Each checkout publishes its own embedded dataset into a folder of its own and is asked, in a process of its own, every
route of its API with up to forty seeded sets of parameters, and every page in every language for the texts of its first
answer. What may differ by itself is left out: stamps of code and build, cursors (made of them), times, and the names
of State classes.
"""

import asyncio
import hashlib
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

SETS = 40
LANGUAGES = ("en", "fr", "ar", "az")
INDICATORS = ("wgi_cc", "ti_cpi", "egdi", "internet_users", "birth_registration", "bribery_persons", "women_parliament")
COUNTRIES = ("AZE", "KAZ", "UGA", "ETH", "MAR", "ROU", "MNE", "GEO")
VALUES: dict[str, tuple[str, ...]] = {
    "indicator": INDICATORS, "metric": INDICATORS, "with": INDICATORS, "country": COUNTRIES, "iso3": COUNTRIES,
    "code": COUNTRIES, "lang": LANGUAGES, "from": ("2010", "2015"), "to": ("2019", "2023"),
    "since": ("1", "2026-11-01"),
    "theme": ("light", "dark"), "rule": ("signed", "operating", "any_contact"),
    "method": ("unsd_2026", "sdsn", "escap"),
    "goal": ("5", "16", "17"), "number": ("5", "16"), "target": ("16.6", "16.5"), "limit": ("5", "50"),
    "q": ("corruption", "Kazakhstan", "16.6.2"), "kind": ("trend", "ranking", "map", "distribution", "slope"),
    "form": ("json", "svg", "csv"), "format": ("json", "svg", "csv"), "dimensions": ("total", "all"),
}  # fmt: skip
_VARIES = re.compile(
    r"v=[0-9a-f]{12}|\"(?:stamp|code|version|etag|published_at|build|next)\": ?\"[^\"]*\"|\d{4}-\d\d-\d\dT[\d:.+Z-]+"
    r"|<pdf:[^>]*>|/ID \[[^\]]*\]"
)
say = partial(print, flush=True)
_BINARY = (".png", ".pdf", ".xlsx")  # made of the same rows as text forms; their bytes carry dates and versions


def _choices(parameter: dict[str, Any]) -> tuple[str, ...]:
    schema = parameter.get("schema", {})
    options = [schema, *schema.get("anyOf", []), schema.get("items", {})]
    enumerated = tuple(str(one) for option in options for one in option.get("enum", ()))
    return VALUES.get(parameter["name"]) or enumerated


def addresses(openapi: dict[str, Any]) -> list[str]:
    """Every GET route with its sets of parameters, the same for the same description."""
    found = []
    for path, methods in sorted(openapi["paths"].items()):
        if "get" not in methods or path.endswith(_BINARY):
            continue
        parameters = methods["get"].get("parameters", [])
        draw = random.Random(path)
        for _ in range(SETS):
            address, query = path, []
            for parameter in parameters:
                options = _choices(parameter)
                if not options or (
                    parameter["in"] == "query" and not parameter.get("required") and draw.random() < 0.5
                ):
                    continue
                chosen = draw.choice(options)
                if parameter["in"] == "path":
                    address = address.replace(f"{{{parameter['name']}}}", chosen)
                else:
                    query.append(f"{parameter['name']}={chosen}")
            found.append(address + (f"?{'&'.join(query)}" if query else ""))
    return sorted(set(found))


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in _texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return [value] if isinstance(value, str) else []


async def _answers() -> dict[str, str]:
    import httpx

    from dashboard.app import app
    from dashboard.interfaces.pages.registry import PAGES
    from dashboard.interfaces.pages.shell.state import write_first_answer

    told: dict[str, str] = {}
    transport = httpx.ASGITransport(app=app(), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:3000", timeout=300) as client:
        openapi = (await client.get("/api/v1/openapi.json")).json()
        for address in addresses(openapi):
            reply = await client.get(address)
            body = _VARIES.sub("", reply.text)
            told[address] = f"{reply.status_code} {hashlib.sha256(body.encode()).hexdigest()[:16]}"
        for page in PAGES:
            for lang in LANGUAGES:
                address = f"/{lang}/{page.example}"
                path, _, query = f"/{lang}/{page.example}".partition("?")
                answer = await write_first_answer(page.load, "http://localhost:3000", path, query)
                plain = _VARIES.sub("", json.dumps(sorted(_texts(json.loads(answer))), ensure_ascii=False))
                told[address] = hashlib.sha256(plain.encode()).hexdigest()[:16]
    return told


def collect(checkout: Path) -> dict[str, str]:
    """What that checkout answers, by address."""
    with tempfile.TemporaryDirectory() as data:
        done = subprocess.run(
            [sys.executable, str(Path(__file__).resolve()), "--here"],
            cwd=checkout, capture_output=True, text=True, check=False,
            env=os.environ | {"MONITOR_DATA_DIR": data, "PYTHONPATH": str(checkout), "__REFLEX_SKIP_COMPILE": "true"},
        )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{checkout}: {done.stderr[-3000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def main(old: str, new: str) -> int:
    """Print every address that answers otherwise; 1 if there is one."""
    before, after = (collect(Path(one).resolve()) for one in (old, new))
    differ = [address for address in before if address in after and before[address] != after[address]]
    say(f"{len(before)} answers before, {len(after)} after, {len(before.keys() & after.keys())} of the same address")
    for name, lost in (("only before", before.keys() - after.keys()), ("only after", after.keys() - before.keys())):
        say(f"{name}: {len(lost)} {sorted(lost)[:10]}")
    say(f"{len(differ)} differ")
    for address in differ:
        say(f"  {address}: {before[address]} -> {after[address]}")
    return 1 if differ else 0


if __name__ == "__main__":
    if sys.argv[1:] == ["--here"]:
        from dashboard.runtime.process import prepare

        prepare()
        from dashboard.evidence.gathering.startup import ensure_ready
        from dashboard.settings import settings

        ensure_ready(settings(), lambda _: None)
        say(json.dumps(asyncio.run(_answers())))
    else:
        raise SystemExit(main(*sys.argv[1:3]))
