"""What a breakdown says, word for word: each number, name and order told from figures made by hand."""

from dataclasses import replace
from typing import Any

import pytest

from dashboard.analysis.charts.chart import MAX_CHOSEN, ChartOptions
from dashboard.analysis.charts.words import gap_words

NAMES = {letter * 3: f"Land {letter}" for letter in "ABC"}
OPTIONS = ChartOptions(title="Trust", unit="percent", decimals=1, direction="higher", names=NAMES)

Row = dict[str, Any]


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def group(letter: str, name: str, value: float | None, gap: float | None = None, year: int = 2020, **given: Any) -> Row:
    ends = {"gap_high": "F", "gap_low": "M", "gap_lower": None, "gap_upper": None, "gap_reason": ""}
    return {"country": letter * 3, "year": year, "value": value, "group": name, "gap": gap, **ends, **given}


def gaps(*rows: Row, **given: Any) -> str:
    people = {"F": "women", "M": "men"}
    held = {"dimension_name": "sex", "people": people, "categories": people, "highlighted": ("BBB", "AAA")}
    return plain(gap_words.describe_gaps(rows, replace(OPTIONS, **{**held, **given})).sentence)


def both(letter: str, gap: float | None, year: int = 2020, **given: Any) -> list[Row]:
    return [group(letter, "F", 50.0, gap, year, **given), group(letter, "M", 40.0, gap, year, **given)]


LATEST = "Shown: the latest year in which a country has figures of two groups, or else of one."


def test_the_gaps_of_the_chosen_in_the_readers_order() -> None:
    rows = [*both("A", 10.0), *both("B", 2.5, 2018), group("C", "F", 5.0, gap_reason="one_group")]
    closing = (
        "Gaps are the highest minus the lowest group, of one year and source. "
        "The error of a gap is not published: small gaps may be none."
    )
    assert gaps(*rows) == (
        "Trust, %, by sex, 2018–2020. "
        "Land B: women 2.5 points above men, 2018; Land A: women 10.0 points above men, 2020. "
        f"Countries with figures of two groups or more: 2 of 3. {LATEST} The years differ between countries. {closing}"
    )
    sure_of = {"gap_lower": 1.2, "gap_upper": 18.8}
    assert "Land A: women 10.0 points above men, 2020 (95 %: 1.2 to 18.8). Countries" in gaps(
        *both("A", 10.0, **sure_of)
    )
    assert gaps(*both("A", 10.0, **sure_of)).endswith("samples are taken as independent.")
    assert gaps(*both("A", 10.0, **sure_of), *both("B", 1.0)).endswith("small gaps may be none.")


@pytest.mark.parametrize("more", [-1, 0, 1, 2])
def test_groups_beyond_those_a_chart_tells_apart_are_counted(more: int) -> None:
    codes = {str(number): str(number) for number in range(MAX_CHOSEN + more)}
    told = gaps(*both("A", 1.0), categories=codes)
    said = {1: "One more group is in the table.", 2: "2 more groups are in the table."}.get(more)
    assert (said in told) if said else "in the table" not in told


def test_why_a_country_has_no_gap_and_what_is_no_gap_at_all() -> None:
    assert gaps(group("A", "F", None), group("B", "F", None)) == "Trust. None of the 2 countries has a figure by sex."
    overlapping = gaps(*both("A", None, gap_reason="overlapping_groups"))
    assert "Land A: 2020, no gap computed." in overlapping
    assert overlapping.endswith("no gap is computed between them.")
    options = replace(OPTIONS, people={"F": "women", "M": "men"})
    for gap, said in ((0.0, "women and men the same, 2020"), (0.04, "women and men the same, 2020"),
                      (0.05, "women 0.1 points above men, 2020")):  # fmt: skip
        assert plain(gap_words.describe_gap(group("A", "F", 5.0, gap), options)) == said
    assert plain(gap_words.describe_gap(group("A", "F", 5.0, 2.0), options, short=True)) == "women: +2.0 points, 2020"
    sure_of = group("A", "F", 5.0, 2.0, gap_lower=1.0, gap_upper=3.0)
    assert plain(gap_words.describe_gap(sure_of, options)) == "women 2.0 points above men, 2020 (95 %: 1.0 to 3.0)"
    assert plain(gap_words.describe_gap(sure_of, options, interval=False)) == "women 2.0 points above men, 2020"
    index = replace(options, unit="index", decimals=2)
    assert "points" not in gap_words.describe_gap(group("A", "F", 0.5, 0.25), index)
    for reason in ("one_group", "flagged_figure", ""):
        told = gap_words.describe_gap(group("A", "F", 5.0, None, gap_reason=reason), options)
        assert ("2020" in told) is bool(reason)
    subtitle = gap_words.write_gap_subtitle(
        both("A", 1.0, 2016) + both("B", 1.0), replace(options, dimension_name="sex")
    )
    assert plain(subtitle) == "% · sex · 2016–2020"
    assert plain(gap_words.write_gap_subtitle([], options)) == "%"
