"""Groups within countries: what can be chosen, the same figures in chart and table, and no gap but by the rule."""

import csv
import io

import pytest

from dashboard.analysis.reports.csv_text import write_csv_file
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Invalid, Unknown
from dashboard.answers.charts import build
from dashboard.answers.charts.query import ask_chart, list_kinds
from dashboard.answers.holdings.dimensions import list_dimensions
from dashboard.answers.indicators.breakdown import view_breakdown
from dashboard.answers.indicators.views import BreakdownView
from tests.answers.shape import faults
from tests.checks import all_of

pytestmark = pytest.mark.usefixtures("embedded")


def test_an_indicator_is_broken_down_by_what_its_figures_are(ctx: Context) -> None:
    assert dict(list_dimensions(ctx, "bribery_persons")) == {"Sex": ("FEMALE", "MALE")}
    assert dict(list_dimensions(ctx, "wgi_cc")) == {}
    kinds = {metric: list_kinds(ctx, ctx.book.metrics[metric]) for metric in ("basic_water", "wgi_cc")}
    assert "breakdown" in kinds["basic_water"]
    assert "breakdown" not in kinds["wgi_cc"]


def test_the_gap_is_said_in_words_with_its_year() -> None:
    view = view_breakdown(open_context(), "bribery_persons", ("AFG",))
    assert not faults(view, BreakdownView)
    row = next(row for row in view["rows"] if row["iso3"] == "AFG")
    assert row["gap_text"] == "men 8.6 points above women, 2012"
    assert [figure["text"] for figure in row["figures"]] == ["45.1", "53.7"]
    assert all_of(len(figure["id"]) == 16 for figure in row["figures"])


def test_chart_table_and_file_hold_the_same_figures(ctx: Context) -> None:
    asked = ask_chart(ctx, "breakdown", "basic_water", ("AZE", "UGA"), dimension="location")
    rows = list(
        csv.DictReader(
            io.StringIO(write_csv_file(*reversed(build.build_table(asked, build.build_chart(asked)))).decode())
        )
    )
    ids = {row["id"] for row in rows if row["id"]}
    view = view_breakdown(ctx, "basic_water", ("AZE", "UGA"), dimension="location")
    assert {figure["id"] for row in view["rows"] for figure in row["figures"]} == ids
    assert {row["category"] for row in rows} == {"RURAL", "URBAN"}
    assert all_of(row["gap"] and row["gap_text"] for row in rows)


def test_order_by_gap_or_by_name() -> None:
    by_gap, by_name = (
        [row["iso3"] for row in view_breakdown(open_context(), "basic_water", sort=sort)["rows"]]
        for sort in ("gap", "name")
    )
    assert sorted(by_gap) == sorted(by_name)
    assert by_gap != by_name
    assert by_name[0] == "AFG"


def test_parts_of_a_whole_have_no_gap() -> None:
    view = view_breakdown(open_context(), "fixed_broadband")
    assert view["rows"]
    assert all_of("no gap computed" in row["gap_text"] for row in view["rows"])


def test_ages_that_overlap_have_no_gap() -> None:
    assert {"<1Y", "<6Y", "M12T23"} <= set(list_dimensions(open_context(), "birth_registration")["Age"])
    rows = view_breakdown(open_context(), "birth_registration")["rows"]
    assert rows
    assert all_of("no gap computed" in row["gap_text"] for row in rows)


def test_of_many_groups_those_of_most_countries_have_marks_and_the_rest_is_counted(ctx: Context) -> None:
    asked = ask_chart(ctx, "breakdown", "discrimination", ("MNE",), dimension="grounds of discrimination")
    sentence = build.build_specification(asked)["usermeta"]["sentence"]
    assert "30 more groups are in the table." in sentence
    assert "no gap is computed between them" in sentence


def test_what_cannot_be_broken_down_is_refused_in_words(ctx: Context) -> None:
    with pytest.raises(Unknown) as refused:
        ask_chart(ctx, "breakdown", "basic_water", dimension="sex")
    assert refused.value.suggestions == ("Location",)
    with pytest.raises(Unknown):
        ask_chart(ctx, "breakdown", "wgi_cc")
    with pytest.raises(Invalid, match="order"):
        ask_chart(ctx, "breakdown", "basic_water", sort="size")
    with pytest.raises(Invalid, match="Only the kind breakdown"):
        ask_chart(ctx, "trend", "basic_water", dimension="location")


def test_in_arabic() -> None:
    rows = view_breakdown(open_context("ar"), "bribery_persons", ("AFG",))["rows"]
    assert next(row for row in rows if row["iso3"] == "AFG")["gap_text"].startswith("الرجال أعلى من النساء")


@pytest.mark.parametrize("lang", ["en", "fr", "ar", "az"])
def test_on_a_narrow_screen_the_gap_is_said_shorter(lang: str) -> None:
    asked = ask_chart(open_context(lang), "breakdown", "basic_water", ("AZE", "UGA"), dimension="location")
    lines = build.build_specification(asked)["datasets"]["lines"]
    assert all_of(len(line["short"]) <= 54 for line in lines)
    if lang == "en":
        uganda = next(line for line in lines if line["narrow"] == "Uganda")
        assert uganda["short"] == "urban areas: +31.0 points, 2020"
