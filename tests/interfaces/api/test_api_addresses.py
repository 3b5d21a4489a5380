"""Every address of the API: listed in the index, asked for its methods, and found with a slash at its end."""

import re

import httpx
import pytest

from dashboard.interfaces.desk.site import api

pytestmark = pytest.mark.usefixtures("embedded")

WORDS = {"iso3": "AZE", "form": "json", "kind": "trend", "lang": "en", "number": "1", "country": "AZE"}
DESCRIBED = {
    re.sub(r"\{(\w+)[^}]*\}", lambda it: WORDS.get(it.group(1), "x"), path): {method.upper() for method in operations}
    for path, operations in api.openapi()["paths"].items()
}
API = sorted(address for address in DESCRIBED if address.startswith("/api/"))


async def test_the_index_lists_each_operation_of_the_description_once(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    told = answer.json()
    listed = [(route["method"], route["path"]) for route in told["routes"]]
    described = api.openapi()["paths"]
    assert sorted(listed) == sorted((method.upper(), path) for path, ways in described.items() for method in ways)
    assert ("GET", "/api/v1/observations.json") in listed
    assert ("POST", "/api/v1/check") in listed
    faults = [route for route in told["routes"] if not route["description"] or "\n" in route["description"]]
    assert faults == []
    for address in (told["docs"], told["openapi"]):
        assert (await client.get(address)).status_code == 200
    again = await client.get("/api/v1", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_descriptions_of_the_index_tell_routes_apart(client: httpx.AsyncClient) -> None:
    told = [route["description"] for route in (await client.get("/api/v1")).json()["routes"]]
    assert [text for text in set(told) if text.startswith("The same")] == []


async def test_options_names_the_methods_of_every_route(client: httpx.AsyncClient) -> None:
    assert len(DESCRIBED) > 90
    wrong = []
    for address, methods in DESCRIBED.items():
        answer = await client.options(address)
        allowed = set(answer.headers.get("allow", "").split(", "))
        wanted = methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())
        # an address with words in it may be that of another route as well
        if (answer.status_code, answer.content) != (204, b"") or not wanted <= allowed:
            wrong.append((address, answer.status_code, allowed))
    assert wrong == []


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("/api/v1", "GET, HEAD, OPTIONS"),
        ("/api/v1/meta", "GET, HEAD, OPTIONS"),
        ("/api/v1/check", "OPTIONS, POST"),
        ("/livez", "GET, HEAD, OPTIONS"),
    ],
)
async def test_options_names_no_other_methods(client: httpx.AsyncClient, address: str, allowed: str) -> None:
    assert (await client.options(address)).headers["allow"] == allowed


async def test_options_of_no_route_is_not_found(client: httpx.AsyncClient) -> None:
    answer = await client.options("/api/v1/nothing")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_every_route_is_found_with_a_slash_at_its_end(client: httpx.AsyncClient) -> None:
    assert len(API) > 90
    wrong = []
    for address in API:
        answer = await client.get(f"{address}/?lang=ar")
        if (answer.status_code, answer.headers.get("location")) != (308, f"{address}?lang=ar"):
            wrong.append((address, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
async def test_the_method_stays_where_a_slash_is_dropped(client: httpx.AsyncClient, method: str) -> None:
    answer = await client.request(method, "/api/v1/check//")
    assert (answer.status_code, answer.headers["location"]) == (308, "/api/v1/check")


async def test_a_redirect_stays_here_and_says_what_was_asked(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/countries/%3Fx%0D%0A%C3%A9/?q=a%26b")
    assert answer.headers["location"] == "/api/v1/countries/%3Fx%0D%0A%C3%A9?q=a%26b"
    for address in ("/api/v1/nothing/", "/api/", "/api/v1//evil.example/", "/evil.example/"):
        assert (await client.get(address)).status_code == 404
