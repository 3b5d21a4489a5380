"""A change is judged in the newest edition held with its errors, and the edition is named."""

import pytest

from dashboard.locales import t
from dashboard.services.base.context import open_context
from dashboard.services.base.rows import find_latest
from dashboard.services.charts.build import chart_of
from dashboard.services.charts.query import ask
from dashboard.services.countries.weakest import find_extremes
from dashboard.services.holdings.margins import find_context_with_errors
from dashboard.services.holdings.series import explain_computation
from dashboard.services.revisions.provenance import trace_observation
from dashboard.services.site import change
from dashboard.services.site.overview import view_overview

pytestmark = pytest.mark.usefixtures("embedded")


def test_the_newest_edition_states_no_errors_and_the_one_before_does() -> None:
    ctx = open_context()
    judged = find_context_with_errors(ctx, "wgi_cc")
    assert {row["std_error"] for row in find_latest(ctx, "wgi_cc").values()} == {None}
    assert judged.dataset.vintage < ctx.dataset.vintage
    assert all(row["std_error"] for row in find_latest(judged, "wgi_cc").values())


def test_a_day_of_that_edition_is_judged_in_itself_without_a_note() -> None:
    first = open_context("en", "2026-11-24")
    assert find_context_with_errors(first, "wgi_cc") is first
    assert change.explain_edition(first) == ""


def test_the_picture_its_tile_and_its_headline_name_the_edition() -> None:
    ctx = open_context()
    drawn = change.draw_change(ctx, "signed", "light")
    assert len(drawn.rows) == 14
    assert {row["edition"] for row in drawn.rows} == {"WGI 2024 edition"}
    assert "WGI 2024 edition" in drawn.note
    view = view_overview(ctx)
    tile = next(one for one in view["kpis"] if one["id"] == "corruption")
    assert "WGI 2024 edition" in tile["how"]
    assert "WGI 2024 edition" in view["headline"]["uncertainty"]
    assert (
        [dot["tone"] for dot in tile["dots"]].count("rose") == sum(row["verdict"] == "rose" for row in drawn.rows) == 2
    )


def test_strongest_and_weakest_share_no_indicator_and_name_the_edition() -> None:
    strong, weak = find_extremes(open_context(), "UZB")
    assert strong
    assert weak
    assert not {row["indicator"] for row in strong} & {row["indicator"] for row in weak}
    assert max(row["share"] for row in strong) <= min(row["share"] for row in weak)
    assert all("edition" in row["text"] for row in (*strong, *weak))


def test_a_copy_without_errors_is_not_called_a_publisher_without_errors() -> None:
    ctx, first = open_context(), open_context("en", "2026-11-24")
    wgi = ctx.book.metrics["wgi_cc"]
    assert t("answers.computed.interval_none", "en") in explain_computation(ctx, wgi), (
        "no interval is drawn, so none is explained"
    )
    assert any("1.645" in step for step in explain_computation(first, wgi))
    words = [chart_of(ask(ctx, kind, "wgi_cc")).sentence for kind in ("ranking", "trend")]
    note = change.explain_edition(ctx)
    assert note.endswith("CC BY 4.0."), "what follows is another sentence"
    words += [note, t("answers.chip.no_error.text", "en"), t("ui.value.no_interval", "en")]
    assert not [one for one in words if "publisher states" in one or "edition states no" in one or "gives no" in one]


def test_the_record_of_a_figure_explains_no_interval_that_it_has_not() -> None:
    def steps(day: str | None) -> dict[str, str]:
        ctx = open_context("en", day)
        return {
            step["id"]: step["text"]
            for step in trace_observation(ctx, find_latest(ctx, "wgi_cc")["AZE"]["id"])["steps"]
        }

    assert steps(None)["interval"] == t("ui.provenance.no_interval", "en")
    assert steps(None)["method"] == t("terms.interval.none.definition", "en")
    assert "1.645" in steps("2026-11-24")["method"]
