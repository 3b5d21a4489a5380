"""A value is the newest edition's; a verdict is made in the newest edition held with its errors, which is named."""

import re
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import polars as pl
import pytest

from dashboard.locales import LANGUAGES, t
from dashboard.services.base.context import open_context
from dashboard.services.base.rows import find_latest
from dashboard.services.base.words import name_country
from dashboard.services.charts.build import chart_of
from dashboard.services.charts.query import ask
from dashboard.services.compare.compare import compare
from dashboard.services.countries.weakest import find_extremes
from dashboard.services.holdings.series import explain_computation
from dashboard.services.revisions.provenance import trace_observation
from dashboard.services.site import change
from dashboard.services.site.overview import view_overview
from dashboard.services.wording.editions import explain_revisions, find_context_with_errors
from tests.services.published import ask_nothing_held

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
    judged, ends = find_context_with_errors(open_context(), "wgi_cc"), "; judged in the WGI 2024 edition, to 2023"
    for row in (*strong, *weak):
        figure = find_latest(judged, row["indicator"])["UZB"]
        assert row["text"].startswith(f"{figure['value']:.2f} in {figure['year']}: ".replace("-", "−")), (
            "its own figure"
        )
        assert row["text"].endswith(ends)


def test_a_course_is_judged_in_the_edition_with_errors_and_says_what_was_revised() -> None:
    ctx = open_context()
    drawn = chart_of(ask(ctx, "trend", "wgi_cc", ("AZE", "UZB"), first=2012))
    assert {row["edition"] for row in drawn.rows} == {"WGI 2025 edition"}
    assert "−0.78 in 2024" in drawn.sentence, "the value is the newest edition's"
    assert drawn.sentence.count("(judged in the WGI 2024 edition, to 2023)") == 2
    assert "beyond the margin of error (judged" in drawn.sentence, "Uzbekistan rose"
    assert "Azerbaijan 2023 was −1.20 in the WGI 2024 edition, now −0.88" in drawn.note
    before = chart_of(ask(open_context("en", "2026-11-24"), "trend", "wgi_cc", ("AZE", "UZB"), first=2012))
    assert "judged in" not in before.sentence, "it was judged in itself"
    assert before.note == ""
    four = chart_of(ask(ctx, "trend", "wgi_cc", ("AZE", "UZB", "IDN", "ROU"), first=2012)).sentence
    assert "; judged in the WGI 2024 edition, to 2023." in four


def test_figures_without_errors_have_no_places_and_those_judged_are_told_with_their_own_figure() -> None:
    ctx = open_context()
    drawn = chart_of(ask(ctx, "ranking", "wgi_cc", ("AZE",)))
    assert {(row["rank_best"], row["rank_reason"]) for row in drawn.rows} == {(None, "judged_in_other_edition")}
    assert "Azerbaijan: −0.78 (2024), not ranked." in drawn.sentence
    assert "Ranks judged in the WGI 2024 edition, to 2023: Azerbaijan (−1.20, 2023) ranks between" in drawn.sentence
    first = chart_of(ask(open_context("en", "2026-11-24"), "ranking", "wgi_cc", ("AZE",)))
    own = next(row for row in first.rows if row["country"] == "AZE")
    assert f"between {own['rank_best']} and {own['rank_worst']} of" in drawn.sentence
    assert "above" not in chart_of(ask(ctx, "distribution", "wgi_cc", ("AZE",))).sentence.lower()


def test_compare_marks_only_what_it_judges() -> None:
    """Seen on ``/compare/?country=UZB,ROU``: ≈, no change beyond the margin, beside a margin that is not known."""
    told = compare(open_context(), "wgi_cc", ("UZB", "ROU"), more=("internet_users",))
    for line in told["metrics"][0]["lines"]:
        assert line["change_text"].endswith("; judged in the WGI 2024 edition, to 2023")
    cells = [cell for row in told["heat"] for cell in row["cells"]]
    assert {cell["arrow"] for cell in cells if "not known" in cell["change_text"]} == {""}
    assert [cell["arrow"] for cell in cells if cell["metric"] == "wgi_cc"] == ["↑", "≈"]


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
    ctx = open_context(lang)
    metric = ctx.book.metrics["wgi_cc"]
    twelve = ("AZE", "GEO", "UZB", "KAZ", "KGZ", "RWA", "KEN", "UGA", "TUR", "MNE", "PAK", "TJK")
    few, many = (explain_revisions(ctx, metric, chosen, 1996, 2024) for chosen in (twelve[:3], twelve))
    assert [few.count("2023"), many.count("2023")] == [3, 3]
    assert "12" in many
    assert [name for name in ("AZE", "TUR", "TJK") if name_country(ctx, name) in many] == ["AZE", "TJK"]
    if lang == "en":
        assert many.startswith("Revised by the publisher for 12 countries; the largest revisions: Azerbaijan 2023 was")


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
