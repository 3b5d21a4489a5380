"""The chart of one country beside groups: the page's own medians, and none where a licence or the answers forbid it."""

import pytest

from dashboard.answers.base.context import open_context
from dashboard.answers.base.errors import Invalid
from dashboard.answers.charts.build import chart_of, columns_and_rows
from dashboard.answers.charts.query import ask
from dashboard.answers.countries.country import view_country

pytestmark = pytest.mark.usefixtures("embedded")


@pytest.mark.parametrize(("iso3", "indicator"), [("AZE", "wgi_cc"), ("ETH", "internet_users"), ("FRA", "egdi")])
def test_the_chart_has_the_medians_of_the_page(iso3: str, indicator: str) -> None:
    rows = [row for theme in view_country(open_context(), iso3)["themes"] for row in theme["rows"]]
    page = next(row for row in rows if row["indicator"] == indicator)
    drawn = chart_of(ask(open_context(), "beside", indicator, (iso3,))).rows
    assert drawn[0]["value"] == page["figure"]["value"]
    medians = {it["label"]: (it["value"], it["n"], it["of"], it["first_year"]) for it in page["medians"]}
    told = {it["group"]: (it["value"], it["n"], it["group_countries"], it["first_year"]) for it in drawn[1:] if it["n"]}
    assert told == medians


def test_scores_that_may_only_be_shown_as_published_get_no_median() -> None:
    chart = chart_of(ask(open_context(), "beside", "ti_cpi", ("AZE",)))
    assert len(chart.rows) == 1
    assert "only as published" in chart.sentence


def test_a_yes_has_no_median() -> None:
    with pytest.raises(Invalid):
        ask(open_context(), "beside", "census_10y", ("AZE",))


def test_the_file_has_the_rows_drawn() -> None:
    asked = ask(open_context(), "beside", "internet_users", ("AZE",))
    assert columns_and_rows(asked)[1] == chart_of(asked).rows
