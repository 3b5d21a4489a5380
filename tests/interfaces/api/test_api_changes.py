"""The changes of the dataset as programs and feed readers get them."""

import re
from xml.etree import ElementTree

import httpx
import pytest

from dashboard.answers.base.context import open_context
from dashboard.answers.revisions import news
from dashboard.interfaces.api.contract.feed import describe_counts
from dashboard.locales import LANGUAGES, t
from tests.checks import all_of

pytestmark = pytest.mark.usefixtures("handmade")
A = "{http://www.w3.org/2005/Atom}"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


async def rows(client: httpx.AsyncClient, query: str) -> list[dict[str, object]]:
    reply = await client.get(f"/api/v1/changes?{query}")
    assert reply.status_code == 200, reply.text
    return list(reply.json()["rows"])


async def test_a_revision_tells_old_and_new_value_size_vintage_and_reason(client: httpx.AsyncClient) -> None:
    (row,) = await rows(client, "since=2026-03-01")
    told = {name: row[name] for name in ("kind", "reason", "indicator", "country", "period", "before", "after")}
    assert told == {
        "kind": "revised", "reason": "same_edition", "indicator": "internet_users", "country": "AZE", "period": "2023",
        "before": 90.4, "after": 91.0,
    }  # fmt: skip
    assert (row["size"], row["vintage"]) == (pytest.approx(0.6), 2)
    old, new = [(await client.get(f"/api/v1/provenance/{row[side]}")).json() for side in ("id_before", "id_after")]
    assert old["superseded_by"] == new["observation"]["id"]
    assert [one["value"] for one in new["history"]] == [90.4, 91.0]


async def test_filters_narrow_and_nothing_is_lost_between_pages(client: httpx.AsyncClient) -> None:
    everything = await rows(client, "")
    assert len(everything) == 13
    assert [row["vintage"] for row in everything] == [2, *[1] * 12], "newest first"
    assert {row["country"] for row in await rows(client, "country=geo")} == {"GEO"}
    assert {row["indicator"] for row in await rows(client, "indicator=wgi_cc")} == {"wgi_cc"}
    assert {row["source"] for row in await rows(client, "source=world_bank")} == {"world_bank"}
    assert {row["kind"] for row in await rows(client, "kind=revised")} == {"revised"}
    assert await rows(client, "until=1") == await rows(client, "as_of=2026-03-01")
    walked, cursor = [], ""
    while cursor is not None:
        reply = (await client.get("/api/v1/changes", params={"limit": 5, "cursor": cursor})).json()
        walked += reply["rows"]
        cursor = reply["next"]
    assert walked == everything


@pytest.mark.parametrize(
    "query",
    ["since=x", "since=9", "since=2&until=1", "kind=more", "steps=net", "source=no", "contry=AZE", "until=2026-02-01"],
)
async def test_what_cannot_be_asked_is_a_problem_in_words(client: httpx.AsyncClient, query: str) -> None:
    for route in ("changes", "changes.atom"):
        reply = await client.get(f"/api/v1/{route}?{query}")
        assert reply.status_code in (404, 422)
        assert reply.headers["content-type"] == "application/problem+json"
        assert reply.json()["detail"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("query", ["", "indicator=internet_users", "country=AZE&source=world_bank", "since=2"])
async def test_the_feed_is_valid_atom(client: httpx.AsyncClient, lang: str, query: str) -> None:
    """RFC 4287, 4.1.1 and 4.1.2: what feed and entries must have, once each; dates by RFC 3339; absolute links."""
    address = f"/api/v1/changes.atom?lang={lang}&{query}"
    reply = await client.get(address)
    assert reply.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(reply.content)
    assert (feed.tag, feed.get("{http://www.w3.org/XML/1998/namespace}lang")) == (f"{A}feed", lang)
    entries = feed.findall(f"{A}entry")
    ids = [one.findtext(f"{A}id") for one in entries]
    assert len(ids) == len(set(ids))
    assert feed.findtext(f"{A}author/{A}name")
    for one in (feed, *entries):
        for name in ("id", "title", "updated"):
            (element,) = one.findall(f"{A}{name}")
            assert element.text
        assert MOMENT.fullmatch(one.findtext(f"{A}updated") or "")
        assert (one.findtext(f"{A}id") or "").startswith("urn:")
        assert len([link for link in one.findall(f"{A}link") if link.get("rel") == "alternate"]) == 1
        assert all_of((link.get("href") or "").startswith("http://test/") for link in one.findall(f"{A}link"))
    (own,) = [link.get("href") for link in feed.findall(f"{A}link") if link.get("rel") == "self"]
    assert own == f"http://test{address}"
    assert all(one.findtext(f"{A}content") for one in entries)
    moments = [one.findtext(f"{A}updated") or "" for one in entries]
    assert moments == sorted(moments, reverse=True)
    assert len(entries) == {"": 2, "since=2": 0}.get(query, 2)


async def test_an_entry_says_what_the_vintage_brought_and_leads_to_it(client: httpx.AsyncClient) -> None:
    feed = ElementTree.fromstring((await client.get("/api/v1/changes.atom")).content)
    newest = feed.findall(f"{A}entry")[0]
    assert newest.findtext(f"{A}title") == "Vintage 2, 2 March 2026"
    words = newest.findtext(f"{A}content") or ""
    assert "revised: 1" in words
    assert "Azerbaijan, 2023: 90.4\u00a0% → 91.0\u00a0%" in words
    (related,) = [one.get("href") for one in newest.findall(f"{A}link") if one.get("rel") == "related"]
    told = (await client.get(str(related).removeprefix("http://test"))).json()
    assert [row["kind"] for row in told["rows"]] == ["revised"]


def _links(element: ElementTree.Element, rel: str) -> list[str]:
    return [(one.get("href") or "") for one in element.findall(f"{A}link") if one.get("rel") == rel]


@pytest.mark.parametrize(
    ("query", "page", "day", "filters"),
    [
        ("", "/en/", "?as_of={}", ""),
        ("indicator=internet_users&country=AZE", "/en/indicators/internet_users/?part=revisions", "&as_of={}",
         "&indicator=internet_users&country=AZE"),
        ("indicator=internet_users,wgi_cc", "/en/", "?as_of={}", "&indicator=internet_users,wgi_cc"),
        ("source=world_bank", "/en/", "?as_of={}", "&source=world_bank"),
    ],
)  # fmt: skip
async def test_feed_and_entries_lead_to_the_page_that_shows_the_same_and_to_the_rows(
    client: httpx.AsyncClient, query: str, page: str, day: str, filters: str
) -> None:
    feed = ElementTree.fromstring((await client.get(f"/api/v1/changes.atom?{query}")).content)
    (own,) = _links(feed, "alternate")
    assert own.partition("#")[0] == f"http://test{page}"
    entries = feed.findall(f"{A}entry")
    assert [entry.findtext(f"{A}updated", "")[:10] for entry in entries] == ["2026-03-02", "2026-03-01"]
    for number, entry in zip((2, 1), entries, strict=True):
        moment = entry.findtext(f"{A}updated") or ""
        (shown,), (rows,) = _links(entry, "alternate"), _links(entry, "related")
        assert shown.partition("#")[0] == f"http://test{page}{day.format(moment[:10])}"
        assert shown.partition("#")[2] == ("revisions" if "part=revisions" in page else "")
        assert rows == f"http://test/api/v1/changes?since={number - 1}&until={number}{filters}"
        assert (await client.get(rows.removeprefix("http://test"))).status_code == 200
        assert f":{number}:" in (entry.findtext(f"{A}id") or "")


async def test_an_entry_tells_sources_with_editions_the_first_vintage_and_the_largest_revisions(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest, first = ElementTree.fromstring((await client.get("/api/v1/changes.atom")).content).findall(f"{A}entry")
    assert [(one.get("term"), one.get("label")) for one in newest.findall(f"{A}category")] == [
        ("world_bank", "World Development Indicators and Worldwide Governance Indicators")
    ]
    lines = {one: (one.findtext(f"{A}content") or "").split("\n") for one in (newest, first)}
    begins = t("changes.feed.first", "en")
    assert (begins in lines[newest], lines[first][0]) == (False, begins)
    counted = describe_counts(open_context(), {"new": 12, "revised": 0, "vanished": 0, "reissued": 0})
    assert t("changes.feed.total", "en", counts=counted) in lines[first]
    heading = t("changes.feed.largest", "en")
    assert heading not in lines[first], "nothing was revised by the first"
    revised = "Internet users, Azerbaijan, 2023: 90.4\u00a0% → 91.0\u00a0%"
    assert lines[newest][lines[newest].index(heading) + 1 :] == [revised]
    one = list(news.find_largest(open_context(), news.NewsSelection(1, 2), 1))
    asked: list[tuple[int, int, int]] = []

    def largest(_: object, step: news.NewsSelection, most: int) -> list[object]:
        asked.append((step.after, step.until, most))
        return one * most

    monkeypatch.setattr(news, "find_largest", largest)
    reply = ElementTree.fromstring(
        (await client.get("/api/v1/changes.atom?country=AZE&source=un_sdg,world_bank")).content
    )
    words = reply.findall(f"{A}entry")[0].findtext(f"{A}content") or ""
    assert words.count("90.4\u00a0% → 91.0\u00a0%") == 5
    assert asked == [(1, 2, 5), (0, 1, 5)]


@pytest.mark.parametrize("counts", [(0, 0, 0, 0), (1, 0, 0, 0), (0, 0, 0, 3), (2, 1, 4, 0)])
def test_kinds_of_changes_without_any_are_left_out(counts: tuple[int, ...]) -> None:
    kinds = ("new", "revised", "vanished", "reissued")
    said = describe_counts(open_context(), dict(zip(kinds, counts, strict=True)))
    parts = [t(f"changes.counts.{kind}", "en", count=n) for kind, n in zip(kinds, counts, strict=True) if n]
    assert said == ("; ".join(parts) or t("changes.counts.none", "en"))


async def test_an_entry_keeps_its_id_when_the_next_vintage_comes(client: httpx.AsyncClient) -> None:
    async def ids(query: str) -> set[str | None]:
        feed = ElementTree.fromstring((await client.get(f"/api/v1/changes.atom{query}")).content)
        return {one.findtext(f"{A}id") for one in feed.findall(f"{A}entry")}

    assert await ids("?as_of=2026-03-01") < await ids("")


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_a_vintage_s_note_is_in_english_feeds_only(client: httpx.AsyncClient, lang: str) -> None:
    ctx = open_context(lang)
    notes = [one["note"] for one in ctx.dataset.vintages() if one["note"]]
    feed = ElementTree.fromstring((await client.get(f"/api/v1/changes.atom?lang={lang}")).content)
    lines = "\n".join(one.findtext(f"{A}content") or "" for one in feed.findall(f"{A}entry")).split("\n")
    assert notes
    assert {note in lines for note in notes} == {lang == "en"}


async def test_a_feed_has_the_newest_twenty(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    told = news.list_vintages(open_context(), news.NewsSelection(0, 2))
    monkeypatch.setattr(news, "list_vintages", lambda *_: told[:1] * 25)
    feed = ElementTree.fromstring((await client.get("/api/v1/changes.atom?country=AZE,GEO,KAZ")).content)
    assert len(feed.findall(f"{A}entry")) == 20


async def test_what_changed_between_two_days_as_answer_and_file(client: httpx.AsyncClient) -> None:
    asked = "/api/v1/changes/between"
    answer = (await client.get(f"{asked}.json?since=2026-03-01")).json()
    (row,) = answer["rows"]
    assert (row["kind"], row["before"], row["after"], row["difference"]) == ("revised", 90.4, 91.0, 0.6)
    assert (answer["since"], answer["as_of"], answer["total"]) == ("2026-03-01", "2026-03-02", 1)
    file = await client.get(f"{asked}.csv?since=2026-03-01")
    assert file.headers["content-disposition"] == 'attachment; filename="changes_2026-03-01_2026-03-02.csv"'
    assert len(file.text.splitlines()) == 2
    assert (await client.get(f"{asked}.json?since=2026-03-01&as_of=2026-03-01")).json()["rows"] == []
    assert len((await client.get(f"{asked}.csv?since=2026-03-01&limit=1")).text.splitlines()) == 2
    for wrong in ("since=2026-03-03", "since=1", "kind=rounded", "method=mine", "country=XXX", "limit=0"):
        assert (await client.get(f"{asked}.json?{wrong}")).status_code in (400, 404, 422), wrong


async def test_where_publishers_disagree_as_answer_and_file(client: httpx.AsyncClient) -> None:
    answer = (await client.get("/api/v1/disagreements.json")).json()
    told = {(row["kind"], row["country"], row["value"], row["other_value"]) for row in answer["rows"]}
    assert ("publisher", "AZE", 91.0, 89.9) in told
    file = await client.get("/api/v1/disagreements.csv?kind=publisher")
    assert len(file.text.splitlines()) == 1 + answer["counts"]["publisher"]
    assert (await client.get("/api/v1/disagreements.json?kind=mine")).status_code in (400, 422)
    assert (await client.get("/api/v1/disagreements.json?country=GEO")).json()["rows"] == []
