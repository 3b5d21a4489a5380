"""Every indicator by every kind that fits it: no picture prints the name of a value that is not there."""

import re
from collections.abc import Iterable
from dataclasses import replace

import pytest

from dashboard.analysis.charts import render
from dashboard.answers.base.context import open_context
from dashboard.answers.charts import build
from dashboard.answers.charts.query import ask_chart, list_kinds
from dashboard.evidence.codebook import load_codebook

pytestmark = pytest.mark.usefixtures("embedded")

NO_WORDS = re.compile(r">[^<]*(?:undefined|NaN|\bnull\b|Infinity|\[object)[^<]*<")
COMPARED = ("slope", "dumbbell", "multiples", "scatter")
CHOSEN = ((), ("AZE", "UGA", "COL"), ("KAZ",))
"""The adopters, three of whom two have a figure without a year, and one who is none of them."""


METRICS = tuple(load_codebook().metrics)


def _faults(metric: str, lang: str, kind: str, choices: Iterable[tuple[str, ...]]) -> list[str]:
    """What is drawn without words; on a telephone one choice of countries an indicator, another for the next."""
    ctx, found = open_context(lang), []
    narrow = CHOSEN[len(metric) % len(CHOSEN)]
    for countries in choices:
        query = ask_chart(ctx, kind, metric, countries, second="egdi" if kind == "scatter" else "")
        chart = build.build_chart(query)
        for width in (1100, 360) if countries == narrow else (1100,):
            drawn = render.draw_svg(replace(chart, options=replace(chart.options, width=width)))
            found += [f"{kind} {countries} {width}: {one.group()}" for one in NO_WORDS.finditer(drawn)]
    return found


def _kinds(metric: str) -> tuple[str, ...]:
    kinds = list_kinds(open_context("ar"), load_codebook().metrics[metric])
    return (*kinds, *(COMPARED if kinds else ()))


def test_a_ranking_of_too_few_for_places_is_drawn_in_words() -> None:
    assert _faults("sat_overall_gov", "en", "ranking", CHOSEN) == []


@pytest.mark.long
@pytest.mark.parametrize("metric", METRICS)
def test_every_indicator_is_drawn_in_words(metric: str) -> None:
    """Each kind with one choice of countries, the next kind and the next indicator with another."""
    turn = METRICS.index(metric)
    for number, kind in enumerate(_kinds(metric)):
        assert _faults(metric, "ar", kind, [CHOSEN[(turn + number) % len(CHOSEN)]]) == []


@pytest.mark.nightly
@pytest.mark.parametrize("metric", METRICS)
def test_every_indicator_is_drawn_in_words_with_every_choice_of_countries(metric: str) -> None:
    for kind in _kinds(metric):
        assert _faults(metric, "ar", kind, CHOSEN) == []
