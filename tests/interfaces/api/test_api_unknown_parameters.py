"""A parameter that a route does not read is named, on every route: silence would answer another question."""

import re

import httpx
import pytest

from dashboard.interfaces.desk.site import api

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
