"""Every route answers for an earlier day: two vintages, and on the first day the figures of the first."""

import httpx
import pytest

from dashboard.answers.base.context import open_context
from dashboard.answers.base.rows import find_latest
from dashboard.interfaces.desk.site import api

pytestmark = pytest.mark.usefixtures("handmade")
FIRST, THEN, NOW = "2026-03-01", "90.4", "91.0"
ASKED = "indicator=internet_users&country=AZE"
FIGURES = [
    f"observations.json?{ASKED}", f"observations.csv?{ASKED}", "countries/AZE?lang=en", f"changes?{ASKED}",
    *(f"charts/{kind}.{form}?{ASKED}" for kind in ("trend", "ranking", "map") for form in ("json", "csv")),
    f"charts/distribution.csv?{ASKED}",
]  # fmt: skip
STATES = [
    "meta?lang=en",
    "indicators?lang=en",
    "indicators/internet_users?lang=en",
    "countries?lang=en",
    "adoption?lang=en",
]


NOW_ONLY = {
    "/api/v1/templates/{country}.{form}",
    "/api/v1/templates/{country}/counts.{form}",
    "/api/v1/templates/{sender}/activities.{form}",
    "/api/v1/submissions/{number}/receipt.{form}",
    "/api/v1/deadlines.ics",
    "/api/v1/services/{iso3}/{kind}.{form}",
    "/api/v1/services/{iso3}/centres/{code}.csv",
    "/api/v1/services/{iso3}/centres/{code}/services.csv",
    "/api/v1/services/{iso3}/channels/hours.csv",
    "/api/v1/services/{iso3}/voices.csv",
    "/api/v1/services/{iso3}/voices.json",
    "/api/v1/reported-figures",
    "/api/v1/reported-figures.csv",
    "/api/v1/survey-figures",
    "/api/v1/survey-figures.csv",
    "/api/v1/oembed",
}
"""What is of one day by its nature, or says it in the address asked about: a form to fill in, a receipt, what is due;
agencies' counts with their mark, and what others publish, with its edition."""


def test_every_route_takes_a_day() -> None:
    paths = api.openapi()["paths"].items()
    routes = {path: told["get"] for path, told in paths if "/api/v1/" in path and "get" in told}
    without = [
        path for path, one in routes.items() if "as_of" not in {given["name"] for given in one.get("parameters", ())}
    ]
    assert set(without) == NOW_ONLY
    assert len(routes) > 12


@pytest.mark.parametrize("route", FIGURES)
async def test_the_figure_of_that_day_is_given(client: httpx.AsyncClient, route: str) -> None:
    then, now = [(await client.get(f"/api/v1/{route}{day}")) for day in (f"&as_of={FIRST}", "")]
    assert (then.status_code, now.status_code) == (200, 200)
    assert THEN in then.text
    assert NOW not in then.text
    assert NOW in now.text


@pytest.mark.parametrize("route", STATES)
async def test_the_state_of_that_day_is_named(client: httpx.AsyncClient, route: str) -> None:
    assert (await client.get(f"/api/v1/{route}&as_of={FIRST}")).json()["as_of"] == FIRST
    assert (await client.get(f"/api/v1/{route}")).json()["as_of"] == "2026-03-02"


@pytest.mark.parametrize("form", ["svg", "png"])
async def test_the_picture_of_that_day_is_drawn(client: httpx.AsyncClient, form: str) -> None:
    then, now = [(await client.get(f"/api/v1/charts/ranking.{form}?{ASKED}{day}")) for day in (f"&as_of={FIRST}", "")]
    assert (then.status_code, now.status_code) == (200, 200)
    assert then.content != now.content
    if form == "svg":
        assert "1 March 2026" in then.text
        assert "2 March 2026" in now.text


async def test_a_figure_that_came_later_is_not_known_on_that_day(client: httpx.AsyncClient) -> None:
    newest = find_latest(open_context(), "internet_users")["AZE"]["id"]
    assert (await client.get(f"/api/v1/provenance/{newest}")).status_code == 200
    assert (await client.get(f"/api/v1/provenance/{newest}?as_of={FIRST}")).status_code == 404
