"""A figure on a page: rounded once, with interval, age and origin; a gap has a reason and is never 0."""

import pytest

from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.rows import find_latest
from dashboard.answers.compare.compare import compare
from dashboard.answers.countries.country import view_country
from dashboard.answers.countries.views import CountryRow
from dashboard.answers.indicators.indicator import view_indicator
from dashboard.answers.revisions.provenance import trace_observation
from dashboard.answers.wording.figures import build_figure, format_share
from dashboard.answers.wording.views import Figure
from dashboard.evidence.codebook import load_codebook


def _latest(metric: str, iso3: str, lang: str = "en") -> Figure:
    ctx = open_context(lang)
    return build_figure(ctx, load_codebook().metrics[metric], find_latest(ctx, metric)[iso3])


@pytest.mark.usefixtures("handmade")
def test_a_figure_has_its_interval_year_age_and_edition() -> None:
    it = _latest("wgi_cc", "AZE")
    assert (it["text"], it["year"], it["age"], it["age_text"]) == ("−0.40", 2023, 3, "3 years old")
    assert it["interval"] == "between −0.65 and −0.15 (90\u00a0%)"
    assert (it["source"], it["edition"], it["kind"]) == ("world_bank", "2024", "")


@pytest.mark.parametrize(
    ("percent", "said"),
    [(0.0, "0"), (0.3, "< 1"), (0.5, "1"), (49.5, "50"), (99.4, "99"), (99.6, "> 99"), (100.0, "100"), (120.2, "120"),
     (-0.3, "0")],
)  # fmt: skip
def test_a_share_counted_of_rows_is_neither_all_nor_nothing_by_rounding(percent: float, said: str) -> None:
    """One figure of three hundred was 0 %, and all but one were 100 %."""
    assert format_share(percent, "en") == f"{said}\u00a0%"


@pytest.mark.usefixtures("handmade")
def test_a_gap_has_a_kind_and_names_who_can_end_it() -> None:
    view = view_country(open_context(), "AZE")
    gaps = {gap["indicator"]: gap for gap in view["missing"]}
    assert gaps["birth_registration"]["kind"] == "missing"
    assert gaps["sat_overall_gov"]["kind"] == "not_gathered"
    assert gaps["csat_exit_poll"]["kind"] == "not_reported"
    assert "ministry" in gaps["csat_exit_poll"]["who"]
    assert view["with_data"] + len(view["missing"]) == view["total"] == len(load_codebook().metrics)


def _row(iso3: str, metric: str, lang: str = "en") -> CountryRow:
    themes = view_country(open_context(lang), iso3)["themes"]
    return next(row for theme in themes for row in theme["rows"] if row["indicator"] == metric)


@pytest.mark.usefixtures("handmade")
def test_a_change_is_said_only_beyond_the_errors() -> None:
    assert (_row("AZE", "wgi_cc")["change"], _row("AZE", "wgi_cc")["change_text"][:5]) == ("rise", "+0.55")
    assert _row("GEO", "wgi_cc")["change"] == "unclear"
    assert "no detectable change" in _row("GEO", "wgi_cc")["change_text"]
    assert _row("ROU", "wgi_cc")["change"] == ""


@pytest.mark.usefixtures("embedded")
def test_no_median_is_made_of_scores_that_may_only_be_shown_as_published() -> None:
    row = _row("AZE", "ti_cpi")
    assert row["medians"] == []
    assert "only as published" in row["compare_note"]


@pytest.mark.usefixtures("embedded")
def test_medians_are_of_one_edition_and_say_of_how_many_and_when() -> None:
    world = next(median for median in _row("AZE", "egdi")["medians"] if median["group"] == "world")
    assert world["first_year"] == world["last_year"] == 2024  # only that edition's survey
    assert world["n"] == 193
    assert "2024" in world["text"]
    assert "193" in world["text"]
    users = next(median for median in _row("AZE", "internet_users")["medians"] if median["group"] == "world")
    assert f"{users['value']:.1f}\xa0%" in users["text"]


@pytest.mark.usefixtures("handmade")
def test_a_median_of_too_few_is_refused() -> None:
    median = next(median for median in _row("AZE", "wgi_cc")["medians"] if median["group"] == "world")
    assert (median["value"], median["n"]) == (None, 3)
    assert "too few" in median["text"]


@pytest.mark.usefixtures("embedded")
def test_thirteen_countries_are_cut_to_twelve_and_it_is_said() -> None:
    twelve = ("AZE", "GEO", "KAZ", "UZB", "IDN", "ROU", "ETH", "PAK", "RWA", "SEN", "MAR", "COL")
    view = compare(open_context(), "wgi_cc", (*twelve, "UGA"))
    assert len(view["metrics"][0]["lines"]) == 12
    assert "Uganda" in view["too_many"]


@pytest.mark.usefixtures("embedded")
def test_differences_between_countries_are_flagged() -> None:
    chips = {chip["id"] for chip in compare(open_context(), "bribery_firms", ("AZE", "IDN", "AND"))["chips"]}
    assert {"mixed_years", "no_error", "without"} <= chips
    assert "points" in {chip["id"] for chip in compare(open_context(), "egdi", ("AZE", "IDN"))["chips"]}
    assert "licence" in {chip["id"] for chip in compare(open_context(), "ti_cpi", ("AZE", "IDN"))["chips"]}


@pytest.mark.usefixtures("handmade")
def test_a_superseded_figure_keeps_its_way_and_names_its_successor(ctx: Context) -> None:
    new = find_latest(ctx, "internet_users")["AZE"]
    old = find_latest(open_context(as_of="2026-03-01"), "internet_users")["AZE"]
    assert (old["value"], new["value"]) == (90.4, 91.0)
    way = trace_observation(ctx, old["id"])
    assert (way["superseded"], way["superseded_by"]) == (2, new["id"])
    assert trace_observation(ctx, new["id"])["superseded"] is None


@pytest.mark.usefixtures("embedded")
def test_breakdowns_have_words_in_both_languages() -> None:
    for lang in ("en", "ar"):
        for metric in ("basic_water", "fixed_broadband", "bribery_persons", "birth_registration"):
            for breakdown in view_indicator(open_context(lang), metric)["breakdowns"]:
                assert breakdown["label"] != breakdown["id"] or lang == "en"
                assert [choice["id"] for choice in breakdown["values"] if choice["id"] == choice["label"]] == []


@pytest.mark.usefixtures("embedded")
def test_no_change_is_said_between_surveys_that_stand_alone() -> None:
    row = _row("AZE", "bribery_firms")
    assert (row["change"], compare(open_context(), "bribery_firms", ("AZE",))["metrics"][0]["lines"][0]["change"]) == (
        "",
        "",
    )


@pytest.mark.usefixtures("embedded")
def test_citations_name_publisher_edition_series_and_dataset() -> None:
    cited = view_indicator(open_context(), "egdi")["citation"]
    assert cited.startswith("United Nations Department of Economic and Social Affairs, E-Government Survey 2003 to ")
    assert open_context().dataset.version in cited
    assert "CPI 2025" in view_indicator(open_context(), "ti_cpi")["citation"]


@pytest.mark.usefixtures("embedded")
def test_a_centre_and_a_target_are_written_without_invented_digits() -> None:
    page = view_indicator(open_context(), "budget_reliability")
    assert page["direction_text"] == "closer to 100 is better"
    assert page["target_text"].startswith("100 %".replace(" ", "\N{NO-BREAK SPACE}"))


@pytest.mark.usefixtures("handmade")
def test_from_a_bound_no_change_is_computed() -> None:
    (line,) = compare(open_context(), "bribery_persons", ("AFG",))["metrics"][0]["lines"]
    assert (line["points"], line["first_year"], line["last_year"]) == (2, 2012, 2014)
    assert (line["change"], line["change_text"]) == ("", "")
