"""A parameter without a value is none, an unknown one is named; a damaged file is never half an answer."""

import re

import httpx
import pytest

from dashboard.evidence.dataset.store import Dataset
from dashboard.interfaces.desk.site import api
from dashboard.settings import Settings


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize(
    "route",
    [
        "charts/trend.json?indicator=wgi_cc&from=",
        "charts/trend.svg?indicator=wgi_cc&to=",
        "observations.json?indicator=wgi_cc&country=AZE&from=&to=&limit=",
        "observations.csv?indicator=wgi_cc&country=AZE&from=&to=",
        "search?q=corruption&limit=",
    ],
)
async def test_an_empty_parameter_is_as_if_it_were_not_there(client: httpx.AsyncClient, route: str) -> None:
    empty = await client.get(f"/api/v1/{route}")
    parts = route.partition("?")[2].split("&")
    left = "&".join(part for part in parts if not part.endswith("="))
    without = await client.get(f"/api/v1/{route.partition('?')[0]}?{left}")
    assert (empty.status_code, empty.content) == (without.status_code, without.content)
    assert empty.status_code == 200


async def test_a_damaged_file_is_no_answer_at_all(client: httpx.AsyncClient, handmade: Settings) -> None:
    path = Dataset.current(handmade.dataset_dir).folder / "observations" / "internet_users.parquet"
    whole = path.read_bytes()
    try:
        for byte in (10, len(whole) // 2, len(whole) - 3):
            path.write_bytes(whole[:byte] + bytes([whole[byte] ^ 1]) + whole[byte + 1 :])
            for route in ("observations.csv", "observations.json"):
                reply = await client.get(f"/api/v1/{route}?indicator=internet_users")
                assert (reply.status_code, reply.headers["retry-after"]) == (503, "30")
                assert reply.json()["type"].endswith("damaged")
            ready = await client.get("/readyz")
            assert ready.status_code == 503
            assert "internet_users.parquet is not as it was published" in ready.json()["checks"]["dataset"]
            assert (await client.get("/api/v1/observations.csv?indicator=wgi_cc")).status_code == 200
    finally:
        path.write_bytes(whole)
    assert (await client.get("/readyz")).status_code == 200


async def test_a_database_that_is_gone_is_not_ready(client: httpx.AsyncClient, handmade: Settings) -> None:
    path = handmade.sqlite_path
    aside = path.with_name("aside")
    path.rename(aside)
    try:
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["checks"]["database"]) == (503, "the database file is gone")
        assert not path.exists()
    finally:
        aside.rename(path)


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("route", ["observations.json?indicator=wgi_cc", "changes?kind=new"])
async def test_more_rows_than_are_told_at_once_are_refused(client: httpx.AsyncClient, route: str) -> None:
    most, more = [await client.get(f"/api/v1/{route}&limit={limit}") for limit in (10_000, 10_001)]
    assert (most.status_code, more.status_code) == (200, 422)


pytestmark = pytest.mark.usefixtures("embedded")

WORDS = {"iso3": "AZE", "form": "json", "kind": "trend", "indicator": "wgi_cc", "number": "1", "code": "16.6"}
FOR_MACHINES = {"/livez", "/readyz"}
"""Asked by what runs the product, which may add parameters of its own."""

READ = sorted(path for path, way in api.openapi()["paths"].items() if "get" in way and path not in FOR_MACHINES)


async def test_every_route_refuses_a_parameter_that_it_does_not_read(client: httpx.AsyncClient) -> None:
    assert len(READ) > 50
    silent = []
    for path in READ:
        address = re.sub(r"\{(\w+)[^}]*\}", lambda it: WORDS.get(it.group(1), "x"), path)
        answer = await client.get(f"{address}?zzz=1")
        if answer.status_code not in (400, 401, 404, 422):
            silent.append((answer.status_code, address))
    assert silent == []


@pytest.mark.parametrize(
    "address", ["/api/sdmx/mapping.csv", "/api/v1/deadlines.ics", "/api/v1/services/AZE/voices.csv"]
)
async def test_the_parameter_is_named(client: httpx.AsyncClient, address: str) -> None:
    answer = await client.get(f"{address}?contry=AZE")
    assert answer.status_code == 422
    assert "contry" in answer.json()["detail"]
    assert answer.json()["errors"][0]["parameter"] == "contry"
