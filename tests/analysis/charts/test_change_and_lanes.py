"""Charts of adopters: change since 2012 with its verdicts, and the events of the register."""

import itertools
import re
from dataclasses import replace

import pytest

from dashboard.analysis.charts import render
from dashboard.analysis.charts.chart import ChartOptions
from dashboard.analysis.charts.kinds import change, lanes
from dashboard.locales import LANGUAGES, t
from tests.checks import all_of

OPTIONS = ChartOptions(
    title="Control of corruption", unit="score", decimals=2, names={"ROU": "Romania", "UZB": "Uzbekistan"}
)


def _row(country: str, year: int, value: float) -> dict[str, object]:
    return {
        "country": country, "year": year, "period": str(year), "value": value, "value_text": "", "lower": value - 0.2,
        "upper": value + 0.2, "interval_level": 90.0, "unit": "score", "status": "normal", "nature": "", "source": "x",
        "edition": "2024", "id": f"{country}-{year}",
    }  # fmt: skip


def _pair(country: str, first: float, last: float, verdict: change.Verdict) -> change.ChangePair:
    return change.ChangePair(_row(country, 2012, first), _row(country, 2023, last), verdict)


PAIRS = [_pair("UZB", -1.31, -0.81, "rose"), _pair("SOM", -1.6, -1.73, "unclear"), _pair("ROU", -0.38, 0.04, "rose")]


def test_those_that_rose_come_first_the_highest_first() -> None:
    chart = change.build(PAIRS, OPTIONS)
    assert [row["country"] for row in chart.rows] == ["ROU", "UZB", "SOM"]
    marks = chart.spec["datasets"]["figures"]
    assert [(mark["row"], mark["sign"]) for mark in marks] == [(0, "▲"), (1, "▲"), (2, "≈")]
    assert (marks[0]["first"], marks[0]["value"], marks[0]["lower"], marks[0]["upper"]) == (-0.38, 0.04, -0.16, 0.24)


def test_the_sentence_counts_each_verdict_and_names_both_years() -> None:
    assert change.build(PAIRS, OPTIONS).sentence == (
        "Control of corruption, 2012–2023. 2 rose, 0 fell, 1 show no change beyond the margin of error."
    )


def test_no_pair_says_so_and_draws_nothing() -> None:
    chart = change.build([], OPTIONS)
    assert chart.rows == []
    assert "No country has two figures" in chart.sentence


def _mark(country: str, at: float, stage: str, disputed: bool = False) -> lanes.LaneMark:
    return lanes.LaneMark(
        f"{country}-{at}",
        country,
        at,
        str(int(at)),
        "year",
        str(int(at)),
        "signed",
        "agreement signed",
        stage,
        disputed,
        True,
        "a source",
    )


STAGES = {"interest": "interest", "signed": "signed", "pilot": "pilot", "operating": "operating"}


def test_a_lane_per_country_in_the_order_of_their_first_event() -> None:
    marks = [_mark("UZB", 2019.5, "signed"), _mark("ROU", 2024.1, "signed"), _mark("UZB", 2026.0, "operating", True)]
    chart = lanes.build(marks, STAGES, 2026.9, OPTIONS)
    assert [lane["country"] for lane in chart.spec["datasets"]["lanes"]] == ["UZB", "ROU"]
    assert [(mark["row"], mark["slot"], mark["disputed"]) for mark in chart.spec["datasets"]["marks"]] == [
        (0, 1, False), (1, 1, False), (0, 3, True),
    ]  # fmt: skip
    assert chart.sentence == (
        "3 events in 2 countries, 0 of them at the date of a report that names them; 1 disputed (hollow)."
    )


@pytest.mark.parametrize("stage", ["", "closed"])
def test_an_event_that_reaches_no_rung_is_a_dash(stage: str) -> None:
    if stage not in ("", *STAGES):
        with pytest.raises(ValueError, match="closed"):
            lanes.build([_mark("UZB", 2019.5, stage)], STAGES, 2026.9, OPTIONS)
    else:
        chart = lanes.build([_mark("UZB", 2019.5, stage)], STAGES, 2026.9, OPTIONS)
        assert chart.spec["datasets"]["marks"][0]["slot"] == len(STAGES)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_of_the_key_stand_apart_on_a_telephone(lang: str) -> None:
    """In Azerbaijani “fəaliyyət göstərir” ran into the next mark."""
    named = {stage: t(f"terms.adoption_status.{stage}.name", lang) for stage in STAGES}
    chart = lanes.build([_mark("UZB", 2019.5, "signed")], named, 2026.9, replace(OPTIONS, lang=lang, width=328))
    document = render.draw_svg(chart)
    words = [*named.values(), t("register.lanes.other", lang)]
    placed = [
        (float(x), float(y))
        for x, y, said in re.findall(r"<text[^>]*translate\(([-\d.]+),([-\d.]+)\)[^>]*>([^<]*)</text>", document)
        if re.sub("[\u2066-\u2069]", "", said) in words
    ]
    assert len(placed) == len(words)
    rows = [sorted(x for x, there in placed if there == y) for y in {y for _, y in placed}]
    assert all_of(right - left > 120 for row in rows for left, right in itertools.pairwise(row))
