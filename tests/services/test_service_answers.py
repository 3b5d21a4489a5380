"""Every question has an answer of the promised shape, in every language, on real figures."""

import json
import re
from collections.abc import Callable
from typing import Any, get_type_hints

import pytest

from dashboard.codebook import codebook
from dashboard.services.base.context import Context, context
from dashboard.services.base.rows import latest_of
from dashboard.services.charts.options import options
from dashboard.services.compare.compare import compare
from dashboard.services.countries.countries import countries
from dashboard.services.countries.country import country
from dashboard.services.freshness.dataset_status import dataset_status
from dashboard.services.freshness.sources import sources
from dashboard.services.goals.goals import goal, goals, target
from dashboard.services.goals.principles import principles, themes
from dashboard.services.indicators.index import indicators
from dashboard.services.indicators.indicator import indicator
from dashboard.services.indicators.table import table
from dashboard.services.method.method import method
from dashboard.services.revisions.provenance import provenance
from dashboard.services.site.overview import overview
from tests.languages import SWEPT
from tests.services.shape import faults, texts

UNFILLED = re.compile(r"\{|\b(answers|terms|ui|units)\.[a-z_]+\.")
"""A placeholder or a key of the catalogue that reached the reader."""

QUESTIONS: list[tuple[Callable[..., Any], tuple[object, ...]]] = [
    (overview, ()), (overview, ("operating",)), (goals, ()), (goal, (16,)), (goal, (14,)), (target, ("16.6",)),
    (target, ("14.1",)), (principles, ()), (themes, ()),
    (indicators, ()), (indicators, ("bribery", "integrity", 16, "integrity")), (countries, ()),
    (country, ("AZE",)), (country, ("XKX",)), (country, ("ATA",)), (compare, ("wgi_cc",)), (compare, ("egdi",)),
    (table, ("basic_water", ("AZE", "UGA"), 2010, 2015, 1, 100, False)), (sources, ()), (method, ()), (options, ()),
    (dataset_status, ()),
]  # fmt: skip


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("lang", SWEPT)
@pytest.mark.parametrize(("question", "arguments"), QUESTIONS)
def test_answers_have_the_promised_shape(
    question: Callable[..., Any], arguments: tuple[object, ...], lang: str
) -> None:
    answer = question(context(lang), *arguments)
    assert faults(answer, get_type_hints(question)["return"]) == []
    json.dumps(answer, allow_nan=False)
    assert [text for text in texts(answer) if UNFILLED.search(text[1])] == []


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("lang", SWEPT)
def test_every_indicator_has_a_page_and_an_empty_one_says_why_and_who(lang: str) -> None:
    ctx = context(lang)
    for metric in codebook().metrics:
        page = indicator(ctx, metric)
        assert faults(page, get_type_hints(indicator)["return"]) == []
        assert page["empty"] == bool(page["why_empty"]) == bool(page["who_can_supply"])
        assert page["empty"] == (not page["citation"])
        assert page["coverage"]["text"]
        assert len(page["know"]) <= 3
        assert page["computed"]


def _any_row(ctx: Context, metric: str) -> dict[str, Any]:
    return next(iter(latest_of(ctx, metric).values()))


@pytest.mark.usefixtures("embedded")
def test_every_indicator_with_figures_can_be_traced_to_its_file() -> None:
    ctx = context()
    for metric in codebook().metrics:
        if latest_of(ctx, metric):
            way = provenance(ctx, _any_row(ctx, metric)["id"])
            assert faults(way, get_type_hints(provenance)["return"]) == []
            assert len(way["raw_sha256"]) == 64
            assert way["publisher"]
            assert way["licence"]
            assert way["source_url"].startswith("https://")


@pytest.mark.usefixtures("embedded")
def test_answers_are_copies_that_a_reader_may_change() -> None:
    first = overview(context())
    first["counting"]["count"] = -1
    assert overview(context())["counting"]["count"] > 0
