"""A publisher that gives a 90 % interval and no standard error has given the error: nothing calls it unknown."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import select_lean_totals
from dashboard.answers.charts.build import build_chart
from dashboard.answers.charts.query import ask_chart
from dashboard.answers.progress.assessment import assess_lines
from dashboard.answers.wording.changes import describe_change_since_base
from tests.answers.published import publish_states, use
from tests.evidence.database.figures import figure, figures

SCORE = {
    "indicator": "wgi_cc_score", "source": "world_bank", "series": "GOV_WGI_CC.SC", "unit": "score", "nature": "",
    "edition": "2025", "interval_level": 90.0,
}  # fmt: skip


def _score(country: str, year: int, value: float) -> dict[str, object]:
    return figure(value, country=country, period=str(year), lower=value - 6.58, upper=value + 6.58, **SCORE)


@pytest.fixture
def scores(tmp_path: Path) -> Iterator[None]:
    """Scores of five countries, two of them in two years; the edition before came with standard errors."""
    apart = [_score(country, 2023, value) for country, value in (("ARM", 20.0), ("KAZ", 25.0), ("UZB", 70.0))]
    moved = [("AZE", 2015, 30.0), ("AZE", 2023, 33.0), ("GEO", 2015, 50.0), ("GEO", 2023, 60.0)]
    before = figures(_score("ARM", 2022, 20.0) | {"std_error": 4.0})
    publish_states(tmp_path, before, figures(*apart, *(_score(*one) for one in moved)))
    with use(tmp_path):
        yield


@pytest.mark.usefixtures("scores")
def test_changes_places_and_statuses_are_judged_by_a_published_interval(ctx: Context) -> None:
    metric = ctx.book.metrics["wgi_cc_score"]
    rows = select_lean_totals(ctx, [metric.id]).sort("country", "year").collect().to_dicts()
    kinds = {
        one: describe_change_since_base(ctx, metric, [row for row in rows if row["country"] == one]).kind
        for one in ("AZE", "GEO")
    }
    assert kinds == {"AZE": "unclear", "GEO": "rise"}
    texts = [
        describe_change_since_base(ctx, metric, [row for row in rows if row["country"] == one]).text
        for one in ("AZE", "GEO")
    ]
    assert not any("not known" in text for text in texts)
    (row,) = assess_lines(ctx, metrics=[metric.id], countries=["GEO"], methods=["escap"])
    assert (row["base_error"], row["latest_error"]) == (pytest.approx(4.0), pytest.approx(4.0))
    drawn = build_chart(ask_chart(ctx, "ranking", metric.id, ("AZE", "GEO", "ARM", "KAZ", "UZB")))
    assert "No margin of error is published" not in drawn.sentence
    placed = [row for row in drawn.rows if row["value"] is not None]
    assert {row["country"]: (row["rank_best"], row["rank_worst"]) for row in placed} == {
        "UZB": (1, 2), "GEO": (1, 2), "AZE": (3, 4), "KAZ": (3, 5), "ARM": (4, 5),
    }  # fmt: skip
    trend = build_chart(ask_chart(ctx, "trend", metric.id, ("AZE", "GEO")))
    assert "o margin of error is published" not in trend.sentence
    assert "beyond the margin of error" in trend.sentence
