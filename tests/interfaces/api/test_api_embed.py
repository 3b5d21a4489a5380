"""Charts on pages of others: framed anywhere, without script or cookie, with their words; nothing else is framed."""

import re
from collections.abc import AsyncIterator
from html import unescape
from html.parser import HTMLParser

import httpx
import pytest

from dashboard.answers.base.context import open_context
from dashboard.answers.charts import build
from dashboard.answers.charts.query import ask_chart
from dashboard.interfaces.api.security import add_security_headers
from dashboard.interfaces.desk.site import api
from dashboard.locales import LANGUAGES, t
from dashboard.settings import Settings
from tests.checks import all_of
from tests.languages import SWEPT

VIEW = "indicator=wgi_cc&country=AZE,GEO"


@pytest.fixture
async def site() -> AsyncIterator[httpx.AsyncClient]:
    """The API as it is served: with the headers around it."""
    transport = httpx.ASGITransport(app=add_security_headers(api), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as one:
        yield one


class _Seen(HTMLParser):
    """Elements of a page, with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


async def test_only_the_embedded_chart_may_be_framed(site: httpx.AsyncClient, embedded: Settings) -> None:
    frame = await site.get(f"/embed/en/trend/?{VIEW}")
    assert "frame-ancestors *" in frame.headers["content-security-policy"]
    assert "x-frame-options" not in frame.headers
    for path in ("/api/v1/meta", f"/api/v1/charts/trend.svg?{VIEW}", "/api/v1/docs", "/embedded", "/"):
        other = await site.get(path)
        assert "frame-ancestors 'none'" in other.headers["content-security-policy"], path
        assert other.headers["x-frame-options"] == "DENY", path


async def test_the_frame_runs_no_script_and_sets_no_cookie(site: httpx.AsyncClient, embedded: Settings) -> None:
    frame = await site.get(f"/embed/en/trend/?{VIEW}")
    seen = _Seen(frame.text)
    assert seen.of("script") == []
    assert [name for _, attributes in seen.elements for name in attributes if name.startswith("on")] == []
    assert "set-cookie" not in frame.headers
    policy = frame.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "connect-src" not in policy


@pytest.mark.parametrize("lang", SWEPT)
@pytest.mark.parametrize("kind", ["trend", "ranking", "map", "world", "distribution"])
async def test_the_frame_says_what_the_chart_says(
    site: httpx.AsyncClient, embedded: Settings, kind: str, lang: str
) -> None:
    spec = (await site.get(f"/api/v1/charts/{kind}.json?{VIEW}&lang={lang}")).json()["usermeta"]
    text = (await site.get(f"/embed/{lang}/{kind}/?{VIEW}")).text
    seen = _Seen(text)
    assert (seen.of("html")[0]["lang"], seen.of("html")[0]["dir"]) == (lang, LANGUAGES[lang].dir)
    assert spec["title"] in unescape(text)
    assert seen.of("img")[0]["alt"] == spec["sentence"]
    said = unescape(text)
    assert f"<p>{spec['caption']}</p>" in said
    fold = f"<summary>{t('ui.chart.reading', lang)}</summary>"
    assert (fold in said) is bool(spec["reading"])
    assert (f'{fold}<p class="quiet">{spec["reading"]}</p>' in said) is bool(spec["reading"])
    options = build.build_chart(ask_chart(open_context(lang), kind, "wgi_cc", ("AZE", "GEO"))).options
    for words in (options.source_line, options.as_of, spec["subtitle"]):
        assert words in unescape(text)
    assert len(seen.of("tr")) == spec["rows"] + 1
    for image in [seen.of("img")[0]["src"], *(source["srcset"] for source in seen.of("source"))]:
        drawn = await site.get(str(image))
        assert (drawn.status_code, drawn.headers["content-type"]) == (200, "image/svg+xml")
        assert "immutable" in drawn.headers["cache-control"]


async def test_medians_of_groups_have_their_names_in_the_frame(site: httpx.AsyncClient, embedded: Settings) -> None:
    reply = await site.get("/embed/en/beside/?indicator=wgi_cc&country=UGA")
    assert reply.status_code == 200
    assert '<th scope="row"></th>' not in reply.text


async def test_a_frame_is_live_or_pinned(site: httpx.AsyncClient, handmade: Settings) -> None:
    view = "indicator=internet_users&country=AZE"
    live = unescape((await site.get(f"/embed/en/trend/?{view}")).text)
    first = unescape((await site.get(f"/embed/en/trend/?{view}&as_of=2026-03-01")).text)
    assert ("91" in live, "90.4" in live) == (True, False)
    assert ("90.4" in first, "1 March 2026" in first) == (True, True)
    assert re.search(r'href="/en/indicators/internet_users/\?[^"]*as_of=2026-03-01', first)
    assert not re.search(r'href="/en/indicators/internet_users/\?[^"]*as_of', live)


async def test_a_frame_is_pinned_to_a_dataset_version(site: httpx.AsyncClient, handmade: Settings) -> None:
    view = "indicator=internet_users&country=AZE"
    newest = (await site.get("/api/v1/meta")).json()["dataset"]
    for version, figure, day in (("1-2026-03-01-0123abcd", "90.4", "2026-03-01"), (newest, "91", "2026-03-02")):
        reply = await site.get(f"/embed/en/trend/?{view}&dataset={version}")
        assert reply.status_code == 200
        text = unescape(reply.text)
        assert figure in text
        assert f"as_of={day}" in text
        seen = _Seen(text)
        drawn = await site.get(str(seen.of("img")[0]["src"]))
        assert (drawn.status_code, f"dataset={version}" in str(seen.of("img")[0]["src"])) == (200, True)
        (rows,) = [str(link["href"]) for link in seen.of("a") if ".csv" in str(link["href"])]
        assert figure in (await site.get(rows)).text


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_a_version_that_is_not_kept_is_said_to_be_gone_with_a_way_on(
    site: httpx.AsyncClient, handmade: Settings, lang: str
) -> None:
    view, gone = "indicator=internet_users&country=AZE", "7-2025-01-01-0123abcd"
    frame = await site.get(f"/embed/{lang}/trend/?{view}&dataset={gone}")
    assert frame.status_code == 410
    assert t("reuse.embed.gone", lang) in unescape(frame.text)
    (way,) = [str(link["href"]) for link in _Seen(frame.text).of("a")]
    assert way == f"/{lang}/indicators/internet_users/?country=AZE&tab=trend"
    for path in (f"/api/v1/charts/trend.json?{view}", f"/embed/{lang}/trend/drawing.svg?{view}"):
        problem = await site.get(f"{path}&dataset={gone}")
        assert (problem.status_code, problem.headers["content-type"]) == (410, "application/problem+json")
        assert gone in problem.json()["detail"]
        assert (await site.get(f"{path}&dataset=newest")).status_code == 422
        assert (await site.get(f"{path}&as_of=2026-03-01&dataset={gone}")).status_code == 422


async def test_colours_are_the_readers_or_fixed(site: httpx.AsyncClient, embedded: Settings) -> None:
    auto, dark = [
        _Seen((await site.get(f"/embed/en/trend/?{VIEW}&theme={colours}")).text) for colours in ("auto", "dark")
    ]
    assert any("prefers-color-scheme" in str(source["media"]) for source in auto.of("source"))
    assert dark.of("html")[0]["class"] == "dark"
    assert all_of("theme=dark" in str(image["src"]) for image in dark.of("img"))


async def test_a_fault_is_said_in_the_frame(site: httpx.AsyncClient, embedded: Settings) -> None:
    missing = await site.get("/embed/ar/trend/?indicator=wgi_c%3Cc%3E")
    assert missing.status_code == 404
    assert 'lang="ar"' in missing.text
    assert "<c>" not in missing.text
    assert "frame-ancestors *" in missing.headers["content-security-policy"]
    refused = await site.get("/embed/en/trend/?indicator=wgi_cc&country=AZE,GEO,UGA,UZB,KAZ,IDN,PAK")
    assert refused.status_code == 422


async def test_an_unchanged_frame_is_not_sent_again(site: httpx.AsyncClient, embedded: Settings) -> None:
    frame = await site.get(f"/embed/en/trend/?{VIEW}")
    again = await site.get(f"/embed/en/trend/?{VIEW}", headers={"If-None-Match": frame.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = await site.head(f"/embed/en/trend/?{VIEW}")
    assert (head.status_code, head.content) == (200, b"")
