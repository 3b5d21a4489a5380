"""What caches, browsers and monitors rely on: ETag, 304, HEAD, compression, CORS, headers, health, documentation."""

import gzip
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import httpx
import jsonschema
import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Match, Route
from starlette.types import Receive, Scope, Send

from dashboard.answers.base.context import open_context
from dashboard.answers.base.stamp import write_stamp
from dashboard.answers.charts import build as charts
from dashboard.interfaces.api.answers import FOREVER, LIVE
from dashboard.interfaces.api.contract.readiness import PARTS
from dashboard.interfaces.api.routes import health
from dashboard.interfaces.api.security import add_security_headers
from dashboard.interfaces.desk import site
from dashboard.interfaces.desk.site import api, build
from dashboard.settings import Settings
from tests.checks import all_of

CACHED = [
    "meta", "indicators", "countries/AZE", "adoption", "observations.json?indicator=wgi_cc&country=AZE",
    "observations.csv?indicator=wgi_cc&country=AZE", "charts/trend.json?indicator=wgi_cc&country=AZE",
    "charts/trend.svg?indicator=wgi_cc&country=AZE", "charts/trend.csv?indicator=wgi_cc&country=AZE",
    "changes?since=1", "changes.atom", "changes.atom?country=AZE",
]  # fmt: skip


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("route", CACHED)
async def test_an_unchanged_answer_is_a_304_without_body(client: httpx.AsyncClient, route: str) -> None:
    tag = (await client.get(f"/api/v1/{route}")).headers["etag"]
    assert re.fullmatch(r'"[0-9a-f]{32}"', tag)
    for given in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = await client.get(f"/api/v1/{route}", headers={"If-None-Match": given})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    assert (await client.get(f"/api/v1/{route}", headers={"If-None-Match": '"other"'})).status_code == 200


@pytest.mark.usefixtures("embedded")
async def test_a_304_is_given_before_any_work(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    route = "/api/v1/charts/distribution.svg?indicator=wgi_ge&country=AZE"
    tag = (await client.get(route)).headers["etag"]

    def never(asked: object) -> bytes:
        raise AssertionError("drawn again")

    monkeypatch.setattr(charts, "draw_svg", never)
    monkeypatch.setattr(charts, "build_chart", never)
    assert (await client.get(route, headers={"If-None-Match": tag})).status_code == 304


@pytest.mark.usefixtures("embedded")
async def test_the_etag_depends_on_everything_the_bytes_depend_on(client: httpx.AsyncClient) -> None:
    base = "/api/v1/charts/trend.json?indicator=wgi_cc&country=AZE,GEO"
    others = ("", "&theme=dark", "&lang=ar", "&from=2015", "&to=2020", "&as_of=2026-11-24")
    tags = [(await client.get(base + more)).headers["etag"] for more in others]
    tags.append((await client.get(base.replace("AZE,GEO", "GEO,AZE"))).headers["etag"])
    tags.append((await client.get(base.replace("trend", "ranking"))).headers["etag"])
    tags.append((await client.get(base.replace(".json", ".csv"))).headers["etag"])
    tags.append((await client.get(base, headers={"Accept-Encoding": "identity"})).headers["etag"])
    assert len(set(tags)) == len(tags)
    same = ("/api/v1/charts/trend.json?country=aze&country=geo&indicator=wgi_cc", base + "&theme=light&lang=en")
    assert {(await client.get(one)).headers["etag"] for one in same} == {tags[0]}


@pytest.mark.usefixtures("embedded")
async def test_only_an_address_with_the_current_stamp_is_kept_for_ever(client: httpx.AsyncClient) -> None:
    route = "/api/v1/charts/trend.json?indicator=wgi_cc&country=AZE"
    meta = (await client.get("/api/v1/meta")).json()
    assert meta["stamp"] == write_stamp(open_context())
    assert (await client.get(f"{route}&v={meta['stamp']}")).headers["cache-control"] == FOREVER
    for other in ("", "&v=older"):
        assert (await client.get(route + other)).headers["cache-control"] == LIVE


@pytest.mark.usefixtures("handmade")
async def test_another_dataset_has_other_tags_and_another_stamp(
    client: httpx.AsyncClient, embedded_settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dashboard import settings as settings_module

    route = "/api/v1/observations.json?indicator=wgi_cc&country=AZE"
    before, old = (await client.get(route)).headers["etag"], write_stamp(open_context())
    monkeypatch.setenv("MONITOR_DATA_DIR", str(embedded_settings.data_dir))
    settings_module.settings.cache_clear()
    assert (await client.get(route, headers={"If-None-Match": before})).status_code == 200
    assert write_stamp(open_context()) != old


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize(
    "route", [*(f"/api/v1/{route}" for route in CACHED), "/livez", "/readyz", "/api/v1/openapi.json"]
)
async def test_head_is_get_without_the_body(client: httpx.AsyncClient, route: str) -> None:
    got, asked = await client.get(route), await client.head(route)
    assert (asked.status_code, asked.content) == (200, b"")
    for name in ("etag", "content-type", "cache-control"):
        assert asked.headers.get(name) == got.headers.get(name)


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize(
    "route", ["indicators", "observations.csv?indicator=wgi_cc", "charts/map.svg?indicator=wgi_cc"]
)
async def test_text_is_compressed_for_whom_it_may_be(client: httpx.AsyncClient, route: str) -> None:
    packed = await client.get(f"/api/v1/{route}", headers={"Accept-Encoding": "gzip"})
    plain = await client.get(f"/api/v1/{route}", headers={"Accept-Encoding": "gzip;q=0"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content
    assert "Accept-Encoding" in packed.headers["vary"]
    assert len(gzip.compress(plain.content)) < len(plain.content) / 2


async def test_where_weaknesses_are_reported_is_said_for_half_a_year(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for contact, status in (("mailto:a@office.test", 200), ("https://office.test", 200), ("", 404)):
        named = Settings(security_contact=contact, public_url="https://monitor.test")
        monkeypatch.setattr(health, "settings", lambda named=named: named)
        reply = await client.get("/.well-known/security.txt")
        assert reply.status_code == status
        if status == 200:
            said = dict(line.split(": ", 1) for line in reply.text.splitlines())
            assert said["Contact"] == contact
            assert said["Canonical"] == "https://monitor.test/.well-known/security.txt"
            left = datetime.fromisoformat(said["Expires"]) - datetime.now(UTC)
            assert timedelta(days=150) < left < timedelta(days=365)  # RFC 9116: less than a year
            assert said["Expires"].endswith("T00:00:00Z"), "one day long the text stays the same"


@pytest.mark.usefixtures("embedded")
async def test_scripts_of_other_sites_may_read_but_never_with_credentials(client: httpx.AsyncClient) -> None:
    for route in ("/api/v1/meta", "/api/v1/observations.csv?indicator=stat_law", "/api/v1/indicators/none"):
        reply = await client.get(route, headers={"Origin": "https://elsewhere.example", "Cookie": "session=1"})
        assert reply.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in reply.headers
        assert "set-cookie" not in reply.headers


@pytest.mark.usefixtures("embedded")
async def test_health(client: httpx.AsyncClient) -> None:
    assert (await client.get("/livez")).json() == {"status": "alive"}
    ready = await client.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")
    assert ready.json()["checks"] == dict.fromkeys(PARTS, "ok")
    assert ready.json()["versions"]["dataset"] == open_context().dataset.version


@pytest.mark.usefixtures("unpublished")
async def test_a_process_without_data_lives_but_is_not_ready(client: httpx.AsyncClient) -> None:
    assert (await client.get("/livez")).status_code == 200
    reply = await client.get("/readyz")
    assert (reply.status_code, reply.json()["status"]) == (503, "not ready")
    assert reply.json()["checks"]["dataset"].startswith("No dataset has been published")


@pytest.mark.usefixtures("embedded")
async def test_the_documentation_needs_no_other_site(client: httpx.AsyncClient) -> None:
    page = await client.get("/api/v1/docs")
    assert page.status_code == 200
    for address in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert address.startswith("/api/v1/docs-assets/")
        assert (await client.get(address)).status_code == 200


def test_openapi_is_whole() -> None:
    document = api.openapi()
    assert document["openapi"].startswith("3.1")
    known = document["components"]["schemas"]
    for schema in known.values():
        jsonschema.Draft202012Validator.check_schema(schema)
    used = set(re.findall(r"'#/components/schemas/([^']+)'", str(document)))
    assert used <= set(known)
    operations = [one for path in document["paths"].values() for one in path.values()]
    assert len({one["operationId"] for one in operations}) == len(operations)
    assert all_of(one["summary"] and one["description"] for one in operations)
    outside = {path for path in document["paths"] if not path.startswith(("/api/v1", "/api/sdmx", "/embed/"))}
    assert outside == {"/livez", "/readyz"}
    parameters = {one["name"] for one in document["paths"]["/api/v1/observations.json"]["get"]["parameters"]}
    assert {"indicator", "country", "from", "to", "as_of", "limit", "cursor"} <= parameters


def test_every_route_is_documented() -> None:
    text = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
    assert [path for path in api.openapi()["paths"] if f"`{path}`" not in text] == []


@pytest.mark.usefixtures("embedded")
async def test_the_front_end_below_keeps_its_own_pages_and_gets_the_headers() -> None:
    front = FastAPI()

    @front.get("/assets/app-1a2b.js")
    async def script() -> JSONResponse:
        return JSONResponse({})

    @front.get("/assets/kept-1a2b.js")
    async def unchanged() -> Response:
        return Response(status_code=304)

    @front.get("/assets/part-1a2b.js")
    async def part() -> Response:
        return Response(status_code=206)

    @front.get("/kept/")
    async def kept() -> Response:
        return Response(status_code=304)

    @front.get("/{rest:path}")
    async def anything(rest: str) -> HTMLResponse:
        return HTMLResponse("<h1>not here</h1>", 404)

    whole = build()
    whole.mount("", front)
    transport = httpx.ASGITransport(app=add_security_headers(whole), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        page = await client.get("/no/such/page")
        assert (page.status_code, page.text) == (404, "<h1>not here</h1>")
        assert (await client.get("/api/v1/no")).headers["content-type"] == "application/problem+json"
        for reply in (page, await client.get("/api/v1/meta"), await client.get("/api/v1/docs")):
            policy = reply.headers["content-security-policy"]
            assert "frame-ancestors 'none'" in policy
            assert "unsafe-eval" not in policy
            assert reply.headers["x-content-type-options"] == "nosniff"
            assert "referrer-policy" in reply.headers
            assert "permissions-policy" in reply.headers
        for accepted in ("gzip", "identity"):
            documents = await client.get("/api/v1/docs", headers={"Accept-Encoding": accepted})
            assert "script-src 'self' 'sha256-" in documents.headers["content-security-policy"]
            assert "<html" in documents.text
        # The policy that is kept with a page names its scripts: one of a 304 would take its place.
        assert "content-security-policy" not in (await client.get("/kept/")).headers
        for name in ("app", "kept", "part"):
            assert "immutable" in (await client.get(f"/assets/{name}-1a2b.js")).headers["cache-control"]
        assert "immutable" not in (await client.get("/assets/gone.js")).headers.get("cache-control", "")


async def test_a_websocket_is_held_against_no_route(monkeypatch: pytest.MonkeyPatch) -> None:
    matched: list[str] = []
    reached: list[str] = []

    class Watched(Route):
        def matches(self, scope: Scope) -> tuple[Match, Scope]:
            matched.append(scope["type"])
            return super().matches(scope)

    async def front(scope: Scope, receive: Receive, send: Send) -> None:
        reached.append(scope["type"])

    async def sent(_: object) -> None:
        pass

    monkeypatch.setattr(site, "api", Starlette(routes=[Watched("/api/v1/meta", PlainTextResponse("meta"))]))
    whole = site.above(front)
    for kind in ("http", "websocket"):
        scope = {"type": kind, "method": "GET", "path": "/_event", "headers": []}
        await whole(scope, cast(Receive, None), cast(Send, sent))
    assert (matched, reached) == (["http"], ["http", "websocket"])
