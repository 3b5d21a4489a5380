"""Rules and their words belong together, and figures of countries stand in the record as a publisher's do."""

import re
from pathlib import Path

import pytest

from dashboard.locales import LANGUAGES, t
from dashboard.locales.catalogue import messages
from dashboard.services.wording.publishers import publisher_of
from dashboard.submissions.comparison import evidence_level
from dashboard.submissions.microdata.model import THRESHOLD as SMALL
from dashboard.submissions.microdata.retention import KEPT
from dashboard.submissions.model import SOURCE, Finding
from dashboard.submissions.rules import RULES
from dashboard.submissions.workbooks.words import told

ROOM = Path(__file__).parents[2] / "dashboard" / "submissions"
WORDS = {
    key.split(".")[2]
    for area in ("submissions", "survey")
    for key in messages(area, "en")
    if key.startswith(f"{area}.rule.")
}
VALUES = dict.fromkeys(
    ("country", "version", "suggestion", "unit", "low", "high", "shown", "denominator", "ratio", "by", "sum", "least",
     "reliable", "period", "year", "other", "before", "value", "field", "count", "encoding", "span", "rows",
     "labels", "levels", "most", "why"), "1",
) | {"unit": "percent", "block": "healthcare", "missing": "affordability", "choice": "refuse"}  # fmt: skip


def test_every_rule_has_words_and_all_words_have_a_rule() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in ROOM.rglob("*.py"))
    named = set(re.findall(r'Finding\(\s*"(\w+)"', text))
    named |= set(re.findall(r'\.finding\(\s*row,\s*"(\w+)"', text))
    named |= set(re.findall(r'_of\(\s*sheet, best, at, "(\w+)"', text))
    assert named <= WORDS
    assert {word for word in WORDS if f'"{word}"' not in text} == set()


@pytest.mark.parametrize("rule", sorted(WORDS))
def test_a_finding_can_be_told_in_every_language(rule: str) -> None:
    for lang in LANGUAGES:
        words = told(Finding(rule, "error", "Indicators", 3, "D", "x", VALUES), lang)
        assert words.cell == "D3"
        assert words.expected
        assert words.todo


def test_a_rule_is_one_function_with_a_docstring() -> None:
    assert len({rule.__name__ for rule in RULES}) == len(RULES)
    assert all(rule.__doc__ for rule in RULES)


def test_the_evidence_level_is_what_method_states() -> None:
    said = {
        "who": "Office",
        "population": "Adults",
        "question": "…",
        "sample_size": "1,200",
        "address": "https://office.test",
    }
    levels = {
        evidence_level({"method": "household_survey", **said}): 3,
        evidence_level({"method": "registers", "who": "Office", "population": "Cases", "period_of_work": "May"}): 2,
        evidence_level({"method": "estimate", **said}): 1,
        evidence_level({}): 1,
    }
    assert levels == {3: 3, 2: 2, 1: 1}
    for level in (1, 2, 3):
        info = publisher_of(SOURCE, f"level{level}:AZE")
        assert info is not None
        assert info.evidence_level == level


def test_the_method_page_says_what_the_code_does() -> None:
    for lang in LANGUAGES:
        assert str(KEPT.days) in t("survey.handbook.file.definition", lang)
        assert str(SMALL) in t("survey.handbook.hidden.definition", lang)
