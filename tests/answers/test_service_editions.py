"""A verdict is made in the edition whose values are shown, or it is not made."""

import re
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import polars as pl
import pytest

from dashboard.answers.base.context import open_context
from dashboard.answers.base.rows import find_latest
from dashboard.answers.base.words import name_country
from dashboard.answers.charts.build import build_chart
from dashboard.answers.charts.query import ask_chart
from dashboard.answers.compare.compare import compare
from dashboard.answers.holdings.series import explain_computation
from dashboard.answers.revisions.provenance import trace_observation
from dashboard.answers.site import change
from dashboard.answers.site.overview import view_overview
from dashboard.answers.wording.editions import explain_revisions
from dashboard.locales import LANGUAGES, t
from tests.answers.published import ask_nothing_held

pytestmark = pytest.mark.usefixtures("embedded")


def test_without_errors_nothing_is_judged_and_the_edition_is_named() -> None:
    """The vintage of 26 November holds the 2025 edition, which came without errors."""
    ctx = open_context("en", "2026-11-26")
    reason = "no margin of error published with the WGI 2025 edition"
    assert {row["std_error"] for row in find_latest(ctx, "wgi_cc").values()} == {None}
    drawn = change.draw_change(ctx, "signed", "light")
    assert drawn.rows == []
    assert reason in drawn.note
    view = view_overview(ctx)
    tile = next(one for one in view["kpis"] if one["id"] == "corruption")
    assert (tile["value"], tile["dots"]) == ("Change not tested", [])
    assert reason in tile["text"]
    assert reason in view["headline"]["uncertainty"]
    trend = build_chart(ask_chart(ctx, "trend", "wgi_cc", ("AZE", "UZB"), first=2012))
    assert trend.sentence.count(f"cannot tell whether it changed: {reason}") == 2
    assert "Azerbaijan 2023 was −1.20 in the WGI 2024 edition, now −0.88" in trend.note
    ranking = build_chart(ask_chart(ctx, "ranking", "wgi_cc", ("AZE",)))
    assert {(row["rank_best"], row["rank_reason"]) for row in ranking.rows} == {(None, "error_unknown")}
    assert "Azerbaijan: −0.78 (2024), not ranked." in ranking.sentence
    assert "above" not in build_chart(ask_chart(ctx, "distribution", "wgi_cc", ("AZE",))).sentence.lower()
    told = compare(ctx, "wgi_cc", ("UZB", "ROU"))
    assert [line["change"] for line in told["metrics"][0]["lines"]] == ["error_unknown", "error_unknown"]
    assert [cell["arrow"] for row in told["heat"] for cell in row["cells"]] == ["", ""]


def test_the_edition_with_errors_is_judged_in_itself() -> None:
    ctx = open_context("en", "2026-11-24")
    drawn = change.draw_change(ctx, "signed", "light")
    assert len(drawn.rows) == 14
    assert {row["edition"] for row in drawn.rows} == {"WGI 2024 edition"}
    assert drawn.note == ""
    tile = next(one for one in view_overview(ctx)["kpis"] if one["id"] == "corruption")
    assert (
        [dot["tone"] for dot in tile["dots"]].count("rose") == sum(row["verdict"] == "rose" for row in drawn.rows) == 2
    )
    ranked = build_chart(ask_chart(ctx, "ranking", "wgi_cc", ("AZE",)))
    own = next(row for row in ranked.rows if row["country"] == "AZE")
    assert f"between {own['rank_best']} and {own['rank_worst']} of" in ranked.sentence
    assert (
        "beyond the margin of error"
        in build_chart(ask_chart(ctx, "trend", "wgi_cc", ("AZE", "UZB"), first=2012)).sentence
    )


@pytest.mark.parametrize(("value", "told"), [(50.05, False), (50.06, True), (49.94, True)])
def test_a_revision_is_told_beyond_half_a_step_of_what_is_shown(
    value: float, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shares are shown with one decimal: what was 50.0 may be 50.05, told anew with more decimals."""
    ctx = ask_nothing_held()
    metric = ctx.book.metrics["internet_users"]
    row = {"id": "a", "indicator": metric.id, "country": "AZE", "period": "2023", "year": 2023, "dimensions": "{}",
           "source": "world_bank", "series": "IT.NET.USER.ZS", "unit": "percent", "primary": True}  # fmt: skip
    old = row | {"value": 50.0, "edition": "pull of May 2025", "vintage": 1, "superseded": 2}
    new = row | {"value": value, "edition": "pull of May 2026", "vintage": 2, "superseded": None}
    frame = pl.DataFrame([old, new])
    dataset = SimpleNamespace(
        version=f"r{value}", vintage=2, created_at=ctx.dataset.created_at,
        history=lambda _: frame.lazy(), scan=lambda _: frame.lazy().filter(pl.col("superseded").is_null()),
    )  # fmt: skip
    text = explain_revisions(replace(ctx, dataset=cast(Any, dataset)), metric, ("AZE",), 2000, 2030)
    assert bool(text) == told
    assert explain_revisions(replace(ctx, dataset=cast(Any, dataset)), metric, ("AZE",), 2000, 2022) == ""
    if told:
        assert re.fullmatch(r"Revised by the publisher: Azerbaijan 2023 was 50\.0 in .*, now (50\.1|49\.9)\.", text)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_of_many_revised_countries_the_three_largest_revisions_are_told_and_the_countries_counted(lang: str) -> None:
    ctx = open_context(lang, "2026-11-26")
    metric = ctx.book.metrics["wgi_cc"]
    twelve = ("AZE", "GEO", "UZB", "KAZ", "KGZ", "RWA", "KEN", "UGA", "TUR", "MNE", "PAK", "TJK")
    few, many = (explain_revisions(ctx, metric, chosen, 1996, 2024) for chosen in (twelve[:3], twelve))
    assert [few.count("2023"), many.count("2023")] == [3, 3]
    assert "12" in many
    assert [name for name in ("AZE", "TUR", "TJK") if name_country(ctx, name) in many] == ["AZE", "TJK"]
    if lang == "en":
        assert many.startswith("Revised by the publisher for 12 countries; the largest revisions: Azerbaijan 2023 was")


def test_a_copy_without_errors_is_not_called_a_publisher_without_errors() -> None:
    ctx, first = open_context("en", "2026-11-26"), open_context("en", "2026-11-24")
    wgi = ctx.book.metrics["wgi_cc"]
    assert t("answers.computed.interval_none", "en") in explain_computation(ctx, wgi), (
        "no interval is drawn, so none is explained"
    )
    assert any("1.645" in step for step in explain_computation(first, wgi))
    words = [build_chart(ask_chart(ctx, kind, "wgi_cc")).sentence for kind in ("ranking", "trend")]
    words += [t("answers.chip.no_error.text", "en"), t("ui.value.no_interval", "en")]
    assert not [one for one in words if "publisher states" in one or "edition states no" in one or "gives no" in one]


def test_the_record_of_a_figure_explains_no_interval_that_it_has_not() -> None:
    def steps(day: str | None) -> dict[str, str]:
        ctx = open_context("en", day)
        return {
            step["id"]: step["text"]
            for step in trace_observation(ctx, find_latest(ctx, "wgi_cc")["AZE"]["id"])["steps"]
        }

    assert steps("2026-11-26")["interval"] == t("ui.provenance.no_interval", "en")
    assert steps("2026-11-26")["method"] == t("terms.interval.none.definition", "en")
    assert "1.645" in steps("2026-11-24")["method"]
