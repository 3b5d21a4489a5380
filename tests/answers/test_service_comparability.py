"""Figures that do not measure the same are told apart, each difference by its name and values."""

from dataclasses import replace

import pytest

from dashboard.analysis.measures import comparability
from dashboard.analysis.measures.comparability import KEY
from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import Row, find_latest
from dashboard.answers.compare.comparability import build_key, compare_parts, list_differences, list_stated_parts
from dashboard.evidence.codebook.tables import COMPARED
from dashboard.locales import LANGUAGES
from tests.checks import all_of

pytestmark = pytest.mark.usefixtures("embedded")


def figure(ctx: Context, metric: str, iso3: str) -> Row:
    return find_latest(ctx, metric)[iso3]


def test_figures_of_one_edition_of_an_index_share_a_line(ctx: Context) -> None:
    metric = ctx.book.metrics["wgi_cc"]
    figures = [(metric, figure(ctx, "wgi_cc", iso3)) for iso3 in ("AZE", "GEO", "ETH")]
    assert list_differences(ctx, figures) == []
    assert set(build_key(*figures[0])) <= set(KEY)


def test_another_nature_or_edition_is_named_with_its_words(ctx: Context) -> None:
    metric, row = ctx.book.metrics["wgi_cc"], figure(ctx, "wgi_cc", "AZE")
    chips = list_differences(ctx, [(metric, row), (metric, row | {"edition": "1999", "nature": "M"})])
    assert [chip["id"] for chip in chips] == ["nature", "edition"]
    assert chips[0]["text"] == "The figures differ in nature of the value: modelled and not stated."
    assert "1999" in chips[1]["text"]


def test_two_indices_are_never_one(ctx: Context) -> None:
    chips = list_differences(
        ctx, [(ctx.book.metrics[metric], figure(ctx, metric, "AZE")) for metric in ("wgi_cc", "ti_cpi")]
    )
    assert [chip["id"] for chip in chips[:3]] == ["indicator", "instrument", "scale"]
    assert "Corruption Perceptions Index" in chips[0]["text"]
    assert "Worldwide Governance Indicators" in chips[1]["text"]
    assert "from 0 to 100" in chips[2]["text"]


def test_two_indicators_of_one_instrument_differ_in_what_they_measure(ctx: Context) -> None:
    figures = [(ctx.book.metrics[metric], figure(ctx, metric, "AZE")) for metric in ("wgi_cc", "wgi_ge")]
    assert [chip["id"] for chip in list_differences(ctx, figures)] == ["indicator"]


def test_what_the_codebook_states_is_said_part_by_part_and_the_rest_is_left_out(ctx: Context) -> None:
    firms = ctx.book.metrics["bribery_firms"]
    figures = [(firms, figure(ctx, "bribery_firms", iso3)) for iso3 in ("AZE", "GEO")]
    told = {part["id"]: part["values"][0] for part in compare_parts(ctx, figures)}
    assert told["instrument"] == "World Bank Enterprise Surveys"
    assert told["population"] == "formal firms with five or more employees"
    assert told["source_type"] == "firm survey"
    assert not {"wording_id", "scale", "mode", "recall", "method"} & told.keys()


def test_parts_of_an_indicator_are_those_of_its_figures(ctx: Context) -> None:
    metric = ctx.book.metrics["bribery_persons"]
    told = list_stated_parts(ctx, metric)
    assert told["recall"] == "the last 12 months"
    compared = compare_parts(ctx, [(metric, row) for row in list(find_latest(ctx, metric.id).values())[:2]])
    assert told.items() <= {part["id"]: part["values"][0] for part in compared}.items()


def test_one_sentence_of_the_codebook_never_parts_the_figures_of_an_indicator(ctx: Context) -> None:
    for metric in ctx.book.metrics.values():
        rows = [row | {"nature": "E", "edition": "1"} for row in find_latest(ctx, metric.id).values()]
        apart = list_differences(ctx, [(metric, row) for row in rows])
        assert {chip["id"] for chip in apart} <= ({"method"} if metric.break_years else set())


def test_a_method_break_parts_the_figures_before_it_from_those_since(ctx: Context) -> None:
    cpi, row = ctx.book.metrics["ti_cpi"], figure(ctx, "ti_cpi", "AZE")
    (chip,) = list_differences(ctx, [(cpi, row), (cpi, row | {"year": 2011})])
    assert chip["id"] == "method"
    assert chip["text"] == "The figures differ in method: before 2012 and since 2012."
    assert list_differences(ctx, [(cpi, row), (cpi, row | {"year": 2012})]) == []
    twice = replace(cpi, break_years=(2012, 2020))
    assert [build_key(twice, row | {"year": year})["method"] for year in (2011, 2012, 2019, 2020)] == [
        "before_2012", "since_2012", "since_2012", "since_2020",
    ]  # fmt: skip


def test_a_countrys_own_series_differs_from_the_indicator_whose_number_it_bears(ctx: Context) -> None:
    for metric in ctx.book.metrics.values():
        for own in metric.national:
            row = {"source": own.source, "series": own.series, "unit": metric.unit, "nature": "N", "edition": "2026"}
            official = row | {"source": "un_sdg", "series": "SP_X"}
            assert comparability.compare_keys(build_key(metric, row), build_key(metric, official)) != ()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_part_of_the_key_has_words(lang: str) -> None:
    from dashboard.locales import t

    assert all_of(t(f"comparison.part.{part}", lang) for part in KEY)
    assert set(COMPARED) <= set(KEY)
