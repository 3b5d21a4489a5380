"""What the project's own texts say in other languages is what they say in English: the same figures and codes."""

import re

import pytest

from dashboard.evidence.codebook.check import collect_english_texts
from dashboard.evidence.codebook.loader import DATA
from dashboard.evidence.codebook.reading import read_tables

FIGURE = re.compile(r"\d+(?:[., \u00a0\u202f]\d+)*")
BETWEEN_DIGITS = re.compile(r"[., \u00a0\u202f]")


def _figures(text: str) -> set[str]:
    """Figures and numeric codes as digits alone: ``10,000`` and ``10 000`` are one, so are ``99.8`` and ``99,8``."""
    return {BETWEEN_DIGITS.sub("", figure) for figure in FIGURE.findall(text)}


@pytest.mark.parametrize("lang", ["az", "fr"])  # Arabic writes some of them out in words
def test_translated_texts_keep_every_figure_and_code(lang: str) -> None:
    tables, _ = read_tables(DATA)
    english = collect_english_texts(tables)
    differing = {
        key: row["text"]
        for row in tables.translations[lang]
        if (key := (row["kind"], row["id"], row["field"])) in english
        and _figures(row["text"]) != _figures(english[key])
    }
    assert differing == {}


def test_every_goal_and_target_has_an_azerbaijani_title_that_says_what_english_says() -> None:
    tables, _ = read_tables(DATA)
    titles = {row["code"]: row["title"] for row in tables.titles["az"]}
    goals, targets = tables["goals.csv"], tables["targets.csv"]
    english = {row["number"]: row["title_en"] for row in goals} | {row["code"]: row["title_en"] for row in targets}
    assert (len(goals), len(targets)) == (17, 169)
    assert list(titles) == list(english)
    assert len(set(titles.values())) == len(titles)
    for code, title in titles.items():
        assert title != english[code]
        assert _figures(title) == _figures(english[code]), code
