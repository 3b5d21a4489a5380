"""Did adopters change since the first centre? By the figure of 2012 and the latest, on rows written by hand."""

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import polars as pl
import pytest

from dashboard.answers.base.context import Context, open_context
from dashboard.answers.site.change import count_pairs, find_pairs, group_by_verdict
from dashboard.answers.site.headline import write_headline

pytestmark = pytest.mark.usefixtures("embedded")

ROW = {
    "indicator": "wgi_cc", "country": "UZB", "year": 2012, "value": -1.0, "std_error": 0.1, "source": "world_bank",
    "series": "GOV_WGI_CC.EST", "unit": "score", "edition": "2024", "status": "normal", "primary": True,
    "dimensions": "{}", "lower": None, "upper": None, "interval_level": None,
}  # fmt: skip


def holding(*rows: dict[str, Any]) -> Context:
    """A dataset of these rows alone."""
    schema = dict.fromkeys(("value", "std_error", "lower", "upper", "interval_level"), pl.Float64)
    frame = pl.DataFrame([ROW | row for row in rows], schema_overrides=schema)
    dataset = SimpleNamespace(
        version=str(frame.hash_rows().sum()), vintage=1, created_at=datetime(2026, 1, 1, tzinfo=UTC),
        scan=lambda _: frame.lazy(), as_of=lambda _: None,
        ever=lambda: frame.lazy().with_columns(vintage=1, superseded=pl.lit(None, pl.Int32)),
    )  # fmt: skip
    return replace(open_context(), dataset=cast(Any, dataset))


def both(country: str, first: float, last: float, year: int = 2023, error: float | None = 0.1) -> list[dict[str, Any]]:
    common = {"country": country, "std_error": error}
    return [common | {"value": first}, common | {"value": last, "year": year}]


def test_a_change_is_counted_beyond_the_errors_of_both_figures() -> None:
    """The error of a difference of two figures of error 0.1 is 0.1414, and 1.645 times that 0.2326."""
    ctx = holding(
        *both("UZB", -1.0, -0.76), *both("ROU", -0.5, -0.74), *both("ETH", 0.0, 0.23), *both("KGZ", 0.0, -0.23),
        *both("GEO", 0.0, 1.0), *both("IDN", 0.0, 1.0, 2011), {"country": "PAK"},
        {"country": "RWA", "year": 2013}, {"country": "RWA", "year": 2020},
        {"country": "SEN"}, {"country": "SEN", "year": 2020, "primary": False},
    )  # fmt: skip
    found = find_pairs(ctx, "signed")
    assert group_by_verdict(found) == {"rose": ["UZB"], "fell": ["ROU"], "unclear": ["ETH", "KGZ"]}
    assert {pair.last["year"] for pair in found} == {2023}
    assert count_pairs(ctx, "signed") == (4, 2023)


def test_without_errors_nothing_is_judged_and_the_figures_are_counted() -> None:
    ctx = holding(*both("UZB", -1.0, 1.0, 2022, None), *both("ROU", -1.0, 1.0, 2013, None), *both("GEO", 0.0, 1.0))
    assert find_pairs(ctx, "signed") == ()
    assert count_pairs(ctx, "signed") == (2, 2022)
    assert count_pairs(holding({}), "signed") == (0, None)


@pytest.mark.parametrize("rule", ["signed", "operating"])
def test_the_headline_counts_each_country_of_the_rule_once(rule: Any) -> None:
    told = write_headline(open_context("en", "2026-11-24"), rule)
    judged = find_pairs(open_context("en", "2026-11-24"), rule)
    verdicts = group_by_verdict(judged)
    rose, fell, unclear = (len(verdicts[verdict]) for verdict in ("rose", "fell", "unclear"))
    assert f"the latest of {max(pair.last['year'] for pair in judged)}" in told["text"]
    assert f": {len(judged)} have figures" in told["text"]
    assert f"{rose} rose, {fell} fell; {unclear} show no change" in told["text"]
