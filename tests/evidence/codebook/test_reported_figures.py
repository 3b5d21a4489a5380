"""Reported figures: what a machine can check of what somebody else read.

That the sentence holds the number, that dates are in order, and that what contradicts a figure is there.
"""

import re

import pytest

from dashboard.evidence.codebook.loader import load_codebook
from dashboard.evidence.codebook.register.reported import ReportedFigure, load_reported_figures
from tests.serving import ROOT

FIGURES = load_reported_figures()
TIMES = {
    "thousand": 1e3, "тыс": 1e3, "тися": 1e3, "bin": 1e3, "min": 1e3, "ming": 1e3, "mil": 1e3, "ሺ": 1e3,
    "million": 1e6, "millones": 1e6, "milio": 1e6,
    "milh": 1e6, "milyon": 1e6, "млн": 1e6, "миллион": 1e6, "milyar": 1e9,
}  # fmt: skip
"""Beginnings of words that multiply the number before them, in the languages of the quotations."""
WORDS = {
    "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "siete": 7,
    "three million": 3e6, "five million": 5e6, "quarenta": 40,
}  # fmt: skip
NUMBER = re.compile(r"\d[\d.,’'\s]*")


def list_numbers(quote: str) -> set[float]:
    """Every number that a quotation holds, in figures or words, read with either sign for the decimal."""
    text = quote.replace("\u00a0", " ").replace("\u202f", " ")
    found, total = set[float](), 0.0
    for match in NUMBER.finditer(text):
        behind = re.match(r"(?:-\d+)?\W*([^\W\d]*)", text[match.end() :])
        times = _find_factor(behind.group(1).lower() if behind else "")
        readings = _read(match.group().strip(" .,’'\n"))
        found |= {total + one * times for one in readings} | readings | {one * times for one in readings}
        total = total + min(readings) * times if times > 1 else 0.0  # “3 milyon 138 bin 233”
    return found | {float(value) for words, value in WORDS.items() if re.search(rf"\b{words}\b", text.lower())}


def _find_factor(word: str) -> float:
    return max((times for begins, times in TIMES.items() if word.startswith(begins)), default=1.0)


def _read(plain: str) -> set[float]:
    """``1.022`` as 1022 and as 1.022, ``99,4`` as 99.4, ``1. 027.406`` as 1027406, ``9 000`` as 9000."""
    digits = re.sub(r"\D", "", plain)
    readings = {float(digits)} if digits else set()
    if re.fullmatch(r"\d+[.,]\d+", plain):
        readings.add(float(plain.replace(",", ".")))
    parts = re.split(r"[\s]+", plain)
    readings |= {one for part in parts if len(parts) > 1 for one in _read(part)}
    return readings


def name(figure: ReportedFigure) -> str:
    return figure.id


@pytest.mark.parametrize("figure", FIGURES, ids=name)
def test_the_number_stands_in_the_sentence(figure: ReportedFigure) -> None:
    held = list_numbers(figure.quote)
    for value in (figure.value, figure.value_high):
        assert value is None or any(abs(value - one) < 1e-6 * max(1, value) for one in held), figure.quote


@pytest.mark.parametrize(
    ("quote", "value"),
    [("más de 45 millones", 45e6), ("3 milyon 138 bin 233 adet", 3138233), ("99,4 faizdir", 99.4),
     ("1. 027.406", 1027406),
     ("7 bin 651 işleme", 7651), ("plus de 200 000 personnes", 200000), ("seven centres", 7)],
)  # fmt: skip
def test_a_number_is_read_in_the_ways_it_is_written(quote: str, value: float) -> None:
    assert value in list_numbers(quote)
    assert value + 1 not in list_numbers(quote)


def test_every_adopter_with_sources_has_three_figures_and_two_have_not() -> None:
    book = load_codebook()
    counted = {
        iso3: sum(one.country == iso3 for one in FIGURES) for iso3 in ("AZE", *book.country_sets["adoption_evidence"])
    }
    assert {iso3 for iso3, count in counted.items() if count < 3} == {"ROU", "SOM"}  # docs/sources.md says why
    assert len(FIGURES) == 267
    silent = sum(not one.speaker for one in FIGURES)
    assert f"{silent} of {len(FIGURES)} have none" in (ROOT / "docs/sources.md").read_text(encoding="utf-8")


def test_a_figure_and_what_contradicts_it_are_of_one_country() -> None:
    against = [(one.id[:3], other[:3]) for one in FIGURES for other in one.contradicts]
    assert len(against) == 7
    assert [own for own, _ in against] == [other for _, other in against]


def test_every_figure_can_be_opened() -> None:
    assert {one.id for one in FIGURES if not (one.quote and one.address and one.publisher and one.until)} == set()
