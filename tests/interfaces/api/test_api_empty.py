"""A parameter without a value is no value: never a fault of ours. A damaged file is never half an answer."""

import httpx
import pytest

from dashboard.evidence.dataset.store import Dataset
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
