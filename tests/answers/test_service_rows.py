"""Rows that are cut out of an indicator are those a search finds, in the same order."""

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.answers.base.cache import forget_older
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.rows import FEW_PARTS, order_rows, read_primary_rows
from dashboard.answers.holdings.observations import (
    FEW,
    Selection,
    build_public_row,
    count_selected,
    has_few_rows,
    read_page,
    read_rows,
)
from dashboard.answers.revisions.provenance import find_observation
from dashboard.evidence.codebook import load_codebook

pytestmark = pytest.mark.usefixtures("embedded")

INDICATORS = ("wgi_cc", "basic_water", "discrimination", "sat_overall_hlth", "egdi", "csat_exit_poll")
"""Long ones, some with breakdowns, one with figures of no year, and one without any."""

COUNTRIES = sorted(load_codebook().countries)

YEARS = st.none() | st.integers(1990, 2030)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    metric=st.sampled_from(INDICATORS),
    countries=st.none() | st.lists(st.sampled_from([*COUNTRIES, "QQQ"]), max_size=40),
    first=YEARS,
    last=YEARS,
)
def test_rows_cut_out_are_those_found(
    metric: str, countries: list[str] | None, first: int | None, last: int | None
) -> None:
    ctx = open_context()
    rows = ctx.dataset.rows(metric).filter(pl.col("primary"))
    if countries is not None:
        rows = rows.filter(pl.col("country").is_in(countries))
    if first is not None:
        rows = rows.filter(pl.col("year") >= first)
    if last is not None:
        rows = rows.filter(pl.col("year") <= last)
    cut = read_primary_rows(ctx, metric, countries, first, last)
    assert cut.equals(rows.sort(order_rows()).collect())
    assert cut.n_chunks() <= FEW_PARTS


def test_what_is_cut_out_leaves_the_whole_as_it_was(ctx: Context) -> None:
    whole = read_primary_rows(ctx, "wgi_cc").clone()
    for countries in (("AZE", "GEO"), tuple(sorted(set(whole["country"])))):
        read_primary_rows(ctx, "wgi_cc", countries, 2000, 2010)
    assert read_primary_rows(ctx, "wgi_cc").equals(whole)
    assert read_primary_rows(ctx, "wgi_cc").n_chunks() == whole.n_chunks()


def test_few_rows_are_those_of_named_countries_of_one_indicator(ctx: Context) -> None:
    of_one = Selection(("wgi_cc",), ("AZE", "GEO"))
    assert 0 < count_selected(ctx, of_one) <= FEW
    read_primary_rows(ctx, "wgi_cc")
    assert has_few_rows(ctx, of_one)
    assert not has_few_rows(ctx, Selection(("wgi_cc",)))
    assert not has_few_rows(ctx, Selection(("wgi_cc", "wgi_rl"), ("AZE",)))
    assert not has_few_rows(ctx, Selection(("wgi_cc",), ("AZE",), primary=False))
    many = tuple(sorted(set(read_primary_rows(ctx, "wgi_cc")["country"])))
    assert count_selected(ctx, Selection(("wgi_cc",), many)) > FEW
    assert not has_few_rows(ctx, Selection(("wgi_cc",), many))


def test_no_file_is_read_to_learn_whether_rows_are_few() -> None:
    ctx, of_one = open_context(), Selection(("egdi",), ("AZE",))
    forget_older("")
    forget_older(ctx.dataset.version)
    assert not has_few_rows(ctx, of_one)
    assert not has_few_rows(ctx, of_one), "it was read meanwhile"
    read_primary_rows(ctx, "egdi")
    assert has_few_rows(ctx, of_one)


@pytest.mark.parametrize("primary", [True, False])
@pytest.mark.parametrize("metric", INDICATORS)
def test_a_page_of_rows_says_of_each_what_is_said_of_it_alone(metric: str, primary: bool) -> None:
    ctx, selection = open_context(), Selection((metric,), primary=primary)
    paged = read_page(ctx, selection, 2_000)["rows"]
    assert [row["id"] for row in paged] == [row["id"] for row in read_rows(ctx, selection, 2_000)]
    for row in paged[::50]:
        alone = build_public_row(find_observation(ctx, row["id"]))
        assert list(row.items()) == list(alone.items())
        assert row["retrieved_at"].endswith("Z")


@pytest.mark.parametrize(("first", "last"), [(2010, None), (None, 2012), (2008, 2016), (None, None)])
@pytest.mark.parametrize("totals", [True, False])
def test_what_is_asked_of_two_indicators_is_what_is_asked_of_each(
    first: int | None, last: int | None, totals: bool
) -> None:
    ctx = open_context()

    def found(*indicators: str) -> list[str]:
        return [row["id"] for row in read_rows(ctx, Selection(indicators, ("AZE", "GEO", "KEN"), first, last, totals))]

    apart = [*found("basic_water"), *found("wgi_cc")]
    assert found("wgi_cc", "basic_water") == apart
    assert len(apart) > 20
