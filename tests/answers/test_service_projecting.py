"""A projection is the range of the measure, drawn apart; where there is none, its reason stands in its place."""

import pytest

from dashboard.answers.base.context import open_context
from dashboard.answers.base.errors import Invalid
from dashboard.answers.charts.build import build_chart
from dashboard.answers.charts.query import ask_chart
from dashboard.answers.files.extract import extract_chart
from dashboard.answers.progress.progress import assess_indicator
from dashboard.locales import t
from tests.checks import all_of

pytestmark = pytest.mark.usefixtures("embedded")


def test_the_range_drawn_and_downloaded_is_the_one_of_the_page() -> None:
    asked = ask_chart(open_context(), "projection", "internet_users", ("UGA",))
    told = assess_indicator(open_context(), "internet_users", ("UGA",))["ranges"][0]
    chart = build_chart(asked)
    last = chart.rows[-1]
    assert (last["lower"], last["value"], last["upper"]) == (told["low"], told["middle"], told["high"])
    assert (last["period"], last["source"], last["id"]) == ("2030", None, None)
    assert {row["country"] for row in chart.rows} == {"UGA"}
    assert told["text"] in chart.sentence
    assert "/en/progress/?country=UGA&indicator=internet_users" in extract_chart(asked).page


@pytest.mark.parametrize("kind", ["projection", "beside"])
def test_a_chart_of_one_country_is_not_drawn_for_two(kind: str) -> None:
    with pytest.raises(Invalid, match="of one country; 2 were asked for"):
        ask_chart(open_context(), kind, "internet_users", ("UGA", "AZE"))
    assert len(ask_chart(open_context(), kind, "internet_users").countries) == 1


@pytest.mark.parametrize(
    ("indicator", "iso3", "reason"),
    [
        ("ti_cpi", "AZE", "progress.reason.licence_unmodified_only"),
        ("egdi", "AZE", "progress.reason.series_break"),
        ("bribery_firms", "UGA", "results.why.no_range"),
        ("budget_reliability", "UGA", "results.projection.kind"),
        ("birth_reg_90", "UGA", "results.projection.kind"),
    ],
)
def test_no_projection_is_drawn_without_its_grounds(indicator: str, iso3: str, reason: str) -> None:
    chart = build_chart(ask_chart(open_context(), "projection", indicator, (iso3,)))
    assert t(reason, "en") in chart.sentence
    assert not chart.spec["datasets"].get("range")
    assert all_of(row["id"] for row in chart.rows if row["value"] is not None)


def test_a_line_that_ends_before_the_figures_do_has_no_projection_of_them() -> None:
    shown = build_chart(ask_chart(open_context(), "projection", "internet_users", ("UGA",), last=2018))
    assert "this chart ends in 2018" in shown.sentence
    assert not shown.spec["datasets"].get("range")
    assert max(int(row["period"]) for row in shown.rows) <= 2018
    newest = max(
        int(row["period"]) for row in build_chart(ask_chart(open_context(), "trend", "internet_users", ("UGA",))).rows
    )
    whole = build_chart(ask_chart(open_context(), "projection", "internet_users", ("UGA",), last=newest))
    assert whole.spec["datasets"]["range"]


def test_a_country_without_a_figure_has_only_words() -> None:
    for kind in ("projection", "beside"):
        chart = build_chart(ask_chart(open_context(), kind, "internet_users", ("ATA",)))
        assert chart.sentence == "Internet users. No figure for Antarctica."


def test_an_amount_that_is_no_measure_of_progress_has_no_projection() -> None:
    """Nominal GDP per head rises with prices: more of it is not settled to be better."""
    chart = build_chart(ask_chart(open_context(), "projection", "gdp_per_capita", ("UZB",)))
    assert "No projection: It is not settled whether more or less is better." in chart.sentence


def test_a_range_is_told_from_its_lower_end() -> None:
    ends = {
        ("internet_users", "en"): "between 9",
    }
    for (indicator, lang), words in ends.items():
        assert words in build_chart(ask_chart(open_context(lang), "projection", indicator, ("UZB",))).sentence
