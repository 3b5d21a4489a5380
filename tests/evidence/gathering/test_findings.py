"""Every finding of gathering stands in the table of faults."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import dashboard.evidence.gathering

ROOM = Path(dashboard.evidence.gathering.__file__).parent
TABLE = ROOM.parents[2] / "docs" / "faults.md"
FINDING = re.compile(
    r"(area|assert|censored|interval|missing|period|review|rows|scope|series|status|unit|value)\.[a-z_]+"
)
NAMED = ("unit.conflict", "unit.unknown", "unit.label")
"""Put together from ``unit.`` and a reading."""


def findings() -> Iterator[tuple[str, str]]:
    """Ids written out in this room, with their file."""
    for path in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and FINDING.fullmatch(node.value):
                yield node.value, path.name


def test_every_finding_of_gathering_is_in_the_table_of_faults() -> None:
    table = TABLE.read_text(encoding="utf-8")
    found = dict(findings()) | dict.fromkeys(NAMED, "harmonise.py")
    assert len(found) > 20
    assert {code: file for code, file in found.items() if f"`{code}`" not in table} == {}


def test_what_has_no_finding_of_its_own_is_named_too() -> None:
    table = TABLE.read_text(encoding="utf-8")
    assert {code for code in ("disk_full", "not_published", "unexpected", "Busy") if f"`{code}`" not in table} == set()
