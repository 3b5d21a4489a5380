"""A change is judged in the newest edition that states errors, and the edition is named."""

import pytest

from dashboard.services.base.context import context
from dashboard.services.base.rows import latest_of
from dashboard.services.countries.weakest import extremes
from dashboard.services.holdings.margins import with_errors
from dashboard.services.site import change
from dashboard.services.site.overview import overview

pytestmark = pytest.mark.usefixtures("embedded")


def test_the_newest_edition_states_no_errors_and_the_one_before_does() -> None:
    ctx = context()
    judged = with_errors(ctx, "wgi_cc")
    assert {row["std_error"] for row in latest_of(ctx, "wgi_cc").values()} == {None}
    assert judged.dataset.vintage < ctx.dataset.vintage
    assert all(row["std_error"] for row in latest_of(judged, "wgi_cc").values())


def test_a_day_of_that_edition_is_judged_in_itself_without_a_note() -> None:
    first = context("en", "2026-11-24")
    assert with_errors(first, "wgi_cc") is first
    assert change.edition_note(first) == ""


def test_the_picture_its_tile_and_its_headline_name_the_edition() -> None:
    ctx = context()
    drawn, _ = change.chart(ctx, "signed", "light")
    assert len(drawn.rows) == 14
    assert {row["edition"] for row in drawn.rows} == {"WGI 2024 edition"}
    assert "WGI 2024 edition" in drawn.note
    view = overview(ctx)
    tile = next(one for one in view["kpis"] if one["id"] == "corruption")
    assert "WGI 2024 edition" in tile["how"]
    assert "WGI 2024 edition" in view["headline"]["uncertainty"]
    assert (
        [dot["tone"] for dot in tile["dots"]].count("rose") == sum(row["verdict"] == "rose" for row in drawn.rows) == 2
    )


def test_strongest_and_weakest_share_no_indicator_and_name_the_edition() -> None:
    strong, weak = extremes(context(), "UZB")
    assert strong
    assert weak
    assert not {row["indicator"] for row in strong} & {row["indicator"] for row in weak}
    assert max(row["share"] for row in strong) <= min(row["share"] for row in weak)
    assert all("edition" in row["text"] for row in (*strong, *weak))
