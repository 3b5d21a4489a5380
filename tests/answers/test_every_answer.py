"""Every chart: a figure has its edition, a verdict its margin in one edition. The unit tests draw some countries and
indicators, ``long`` all of them; pages and the API are swept by ``interfaces/pages/test_what_pages_say.py``.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from dashboard.analysis.charts.registry import select_kinds
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.rows import find_latest, load_holdings
from dashboard.answers.charts.build import build_chart
from dashboard.answers.charts.query import ask_chart, list_kinds
from dashboard.answers.progress.results import ask as ask_results
from dashboard.answers.progress.results import list_results
from dashboard.answers.wording.citation import summarise_editions
from dashboard.interfaces.api.contract.progress import list_verdicts
from dashboard.interfaces.pages.gallery.page import SHOWN
from dashboard.locales import LANGUAGES, t
from tests.answers.faults import (
    find_figures_without_edition,
    find_unequal_counts,
    find_verdicts_without_margin,
)

pytestmark = pytest.mark.usefixtures("embedded")

SOME = ("AZE", "UZB", "IDN")
METRICS = ("wgi_cc", "wgi_ge", "ti_cpi", "internet_users", "bribery_firms", "egdi", "sat_overall_hlth", "stat_law")


def charts(ctx: Context, countries: tuple[str, ...], metrics: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """The charts of indicators, by kind and indicator; those that may be asked without more."""
    for metric in metrics:
        kinds = [*list_kinds(ctx, ctx.book.metrics[metric]), "slope", "multiples", "beside"]
        for kind in kinds:
            shape = select_kinds("series")[kind]
            if not shape.by_groups and (shape.yes_no or ctx.book.metrics[metric].unit != "yes_no"):
                chosen = countries[:1] if shape.of_one else countries[:6]
                yield f"{kind} of {metric}", build_chart(ask_chart(ctx, kind, metric, chosen))


def find_faults_of_chart(ctx: Context, name: str, chart: Any) -> list[str]:
    """A row with a figure and no edition; a place, a change or a side told in words without errors behind it."""
    metric = name.partition(" of ")[2]
    faults = [
        f"{name}: {row['country']} {row['period']} has no edition"
        for row in chart.rows
        if row.get("value") is not None and row.get("country") and not row["edition"]
    ]
    editions = tuple({row["edition"] for row in chart.rows if row.get("edition")})
    if editions and summarise_editions(ctx, editions) not in chart.subtitle:
        faults.append(f"{name}: no edition in its subtitle: {chart.subtitle}")
    told = re.search("(beyond|within) the margin of error|o detectable change", chart.sentence)
    sides = "bove the median" in chart.sentence or "elow the median" in chart.sentence
    placed = any(row.get("rank_best") for row in chart.rows)
    bare = not any(row.get("lower") is not None for row in chart.rows)
    if bare and (told or (ctx.book.metrics[metric].has_published_errors and (placed or sides))):
        faults.append(f"{name}: a verdict without an interval: {chart.sentence}")
    return faults


def sweep(ctx: Context, countries: tuple[str, ...], metrics: tuple[str, ...]) -> list[str]:
    """All faults of a selection."""
    return [
        fault for name, chart in charts(ctx, countries, metrics) for fault in find_faults_of_chart(ctx, name, chart)
    ]


def test_figures_of_charts_have_editions_and_verdicts_their_margin(ctx: Context) -> None:
    assert sweep(ctx, SOME, METRICS) == []


def test_verdicts_and_results_name_the_edition_of_their_figures_in_files_and_answers(ctx: Context) -> None:
    for row in list_results(ctx, ask_results(ctx, "UZB"))["rows"]:
        assert row["figure_edition"] == find_latest(ctx, row["indicator"])["UZB"]["edition"]
    assert {row["figure_edition"] for row in list_verdicts(ctx, ["wgi_cc"], [], ["unsd_2026"])} == {"WGI 2026 edition"}


@pytest.mark.long
def test_the_same_of_every_country_and_every_indicator(ctx: Context) -> None:
    assert sweep(ctx, tuple(ctx.book.countries), tuple(load_holdings(ctx).latest)) == []


def test_the_sweep_notices_what_it_looks_for(ctx: Context) -> None:
    bare = {"value": 1.0, "text": "1", "edition": "", "source": "world_bank", "kind": ""}
    assert find_figures_without_edition("/", [{"figure": bare}]) == ["/ figure: 1"]
    assert find_figures_without_edition("/", [{"figure": bare | {"edition": "WGI 2025 edition"}}]) == []
    change = {"indicator": "wgi_cc", "change": "rise", "change_text": "+0.5 from 2015 to 2024"}
    assert find_verdicts_without_margin(ctx, "/", [change]) == []
    earlier = open_context(as_of="2026-11-30")  # the 2025 edition of that dataset has no errors
    assert len(find_verdicts_without_margin(earlier, "/", [change])) == 1
    assert len(find_verdicts_without_margin(ctx, "/", [change | {"indicator": "internet_users"}])) == 1
    beside = {"metric": "internet_users", "change": "error_unknown", "arrow": "≈",
              "change_text": "+5.0 from 2015 to 2024; no margin of error published"}  # fmt: skip
    assert len(find_verdicts_without_margin(ctx, "/", [beside])) == 1
    three, eight = ({"label": "Satisfaction", "text": f"{n} of 19 indicators have data"} for n in (3, 8))
    assert len(find_unequal_counts([("/", three), ("/evidence/", eight)])) == 1
    assert find_unequal_counts([("/", three), ("/evidence/", three)]) == []
    other = eight | {"text": "8 of 19 indicators have figures of any country"}
    assert find_unequal_counts([("/", three), ("/evidence/", other)]) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_example_of_the_gallery_draws_the_intervals_it_promises(lang: str) -> None:
    ctx, word = (
        open_context(lang),
        {"en": "interval", "fr": "intervalle", "az": "interval", "ar": "مجالات الناشر"}[lang],
    )
    noted = [one for one in SHOWN if one.theme == "light"]
    promised = [one for one in noted if word in t(f"charts.gallery.{one.id}", lang).lower()]
    assert "trend_intervals" in [one.id for one in promised]
    for one in promised:
        if one.kind in select_kinds("series"):
            rows = build_chart(ask_chart(ctx, one.kind, one.indicator, one.countries)).rows
            assert any(row["lower"] is not None for row in rows), one.id


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_status_without_a_target_is_worded_for_falls_too(lang: str) -> None:
    """Uganda's unsentenced detainees fell from 54.2 to 51.2 %, which is the wanted way."""
    growing = {"en": "grow", "fr": "croissance", "az": "artım", "ar": "نمو"}[lang]
    for status in ("no_target", "on_track_or_met", "moderate", "marginal", "stagnation"):
        assert growing not in t(f"progress.status.{status}.name", lang) + t(
            f"progress.status.{status}.definition", lang
        )
