"""National series: what the monitor says of a figure in a country's own definition."""

import pytest

from dashboard.services.catalogue import provenance as public_provenance
from dashboard.services.context import context
from dashboard.services.provenance import provenance
from dashboard.settings import Settings


def _observation(indicator: str, country: str) -> str:
    rows = context().dataset.rows(indicator).collect().filter(country=country)
    return str(rows.filter(rows["dimensions"].str.contains("Reporting Type"))["id"][0])


@pytest.mark.parametrize(("indicator", "country"), [("sat_overall_gov", "KAZ"), ("bribery_persons", "RWA")])
def test_a_national_figure_says_so_wherever_it_is_quoted(embedded: Settings, indicator: str, country: str) -> None:
    found = _observation(indicator, country)
    answer = public_provenance(context(), found)
    assert "national series in the country's own definition" in answer["citation"]
    assert answer["publisher"]["evidence_level"] == 1  # no method is published
    assert answer["primary"] is False
    drawer = provenance(context("ar"), found)
    assert "سلسلة وطنية" in drawer["citation"]


def test_a_global_figure_is_not_called_national(embedded: Settings) -> None:
    row = context().dataset.rows("bribery_firms").collect().filter(country="AZE", primary=True)
    answer = public_provenance(context(), str(row["id"][0]))
    assert "national series" not in answer["citation"]
    assert answer["publisher"]["evidence_level"] == 4
