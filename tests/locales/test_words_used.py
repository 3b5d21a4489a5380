"""Every word of the catalogues can be shown: its key stands in the code, or is like keys put together there."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import dashboard
from dashboard.locales.catalogue import list_areas, load_messages

ROOT = Path(dashboard.__file__).parent
TEMPLATES = ("*.html", "*.js", "*.jsx", "*.typ")
ANY = "\0"
"""Stands in a key for what the code puts in."""


def _in_python() -> Iterator[str]:
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                yield "".join(str(part.value) if isinstance(part, ast.Constant) else ANY for part in node.values)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value:
                yield re.sub(r"\{\w*\}", ANY, node.value)


def _in_templates() -> Iterator[str]:
    """Keys of pages of accounts are below ``accounts``, unless a colon comes first."""
    for pattern in TEMPLATES:
        for path in ROOT.rglob(pattern):
            for colon, key in re.findall(r"""["'](:?)(\w[\w.]*)["']""", path.read_text(encoding="utf-8")):
                yield key if colon else f"accounts.{key}"
            for key in re.findall(r"""\bt\("(\w[\w.]*)["']""", path.read_text(encoding="utf-8")):
                yield f"accounts.{key}"


@cache
def _names() -> frozenset[str]:
    """Every name and word of the product's code."""
    files = (path for pattern in ("*.py", *TEMPLATES) for path in ROOT.rglob(pattern))
    return frozenset(name for path in files for name in re.findall(r"\w+", path.read_text(encoding="utf-8")))


@cache
def _ways() -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """The keys that stand in the code, and what the keys are like that it puts together."""
    area = "|".join(list_areas())
    whole: set[str] = set()
    together: set[str] = set()
    for key in {*_in_python(), *_in_templates()} - {f"accounts.{ANY}"}:  # that one is how its templates ask
        if re.match(rf"({area})\.|{ANY}\.[a-z_]+\.", key):
            (together if ANY in key else whole).add(key)
            together.add(f"{key.rstrip('.')}.{ANY}")  # what stands below is put together elsewhere
    patterns = {re.escape(key).replace(re.escape(ANY), "(.+)") for key in together}
    return frozenset(whole), tuple(map(re.compile, sorted(patterns)))


def _put_together(key: str) -> bool:
    """Whether the code puts keys like this one together. What of a key only the area says, and any of ``ui``, whose
    words no data name, is put together of names in the code."""
    found = [match for pattern in _ways()[1] if (match := pattern.fullmatch(key))]
    area, _, rest = key.partition(".")
    return any(
        (area != "ui" and match.groups() != (rest,)) or _names().issuperset(".".join(match.groups()).split("."))
        for match in found
    )


def unused(keys: Iterable[str]) -> list[str]:
    """The keys that nothing in the product asks for; of a chart without years it asks with ``_dated`` at the end."""
    return [key for key in keys if key not in _ways()[0] and not _put_together(key.removesuffix("_dated"))]


def test_every_word_of_the_catalogues_is_asked_for_somewhere() -> None:
    keys = [key for area in list_areas() for key in load_messages(area, "en")]
    assert len(keys) > 3000
    assert unused(keys) == []


def test_a_word_that_nobody_asks_for_is_found() -> None:
    dead = ["ui.chart.no_script", "ui.buttons.nobody_presses", "pages.overview.doors", "accounts.nobody.at_all"]
    live = [
        "ui.nav.label",
        "country.tab.gaps",
        "survey.rule.survey_few.todo",
        "accounts.roles.admin",
        "accounts.nav.label",
    ]
    assert unused([*dead, *live]) == dead
