"""A second run asks only for what has changed, and says what has not."""

import errno
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from data_sources.contract import Request, SeriesRef, Source
from data_sources.errors import Changed, Retriable, SourceError
from data_sources.fetching.fetch import Collected, collect
from data_sources.fetching.http import HttpClient, HttpLimits
from data_sources.fetching.raw import RawStore
from data_sources.registry import build_sources, list_hosts
from tests.data_sources.server import Publisher, Scripted, json_reply, status
from tests.data_sources.shapes import csv_file, un_body, un_releases, un_row, wb_body, wb_message, wb_row
from tests.given import raising

QUICK = HttpLimits(connect_timeout=5, read_timeout=10, total_timeout=20, attempts=1, backoff=0.01, max_bytes=1_000_000)
INTERNET = "/v2/country/all/indicator/IT.NET.USER.ZS"


@pytest.fixture
def room(publisher: Publisher) -> Source:
    return build_sources({"world_bank": f"{publisher.url}/v2"})["world_bank"]


async def run(
    source: Source, store: RawStore, *codes: str, since: datetime | None = None, limits: HttpLimits = QUICK
) -> list[Collected]:
    """One run: a client of its own, the series one after another."""
    async with HttpClient(limits, list_hosts([source])) as client:
        return [
            await collect(client, source, task, store, fresh_since=since)
            for task in source.plan([SeriesRef(code, "an_indicator") for code in codes or ("IT.NET.USER.ZS",)])
        ]


def marked(body: bytes, **marks: str) -> Scripted:
    return json_reply(body, headers={name.replace("_", "-"): value for name, value in marks.items()})


@pytest.mark.parametrize("marks", [{"ETag": 'W/"1"'}, {"Last_Modified": "Mon, 02 Nov 2026 08:00:00 GMT"}])
async def test_what_has_not_changed_is_not_sent_again(
    publisher: Publisher, room: Source, store: RawStore, marks: dict[str, str]
) -> None:
    publisher.on(INTERNET, marked(wb_body(wb_row(), pages=2, total=2), **marks))
    publisher.on(INTERNET, marked(wb_body(wb_row(date="2021"), page=2, pages=2, total=2), **marks), page="2")
    (first,) = await run(room, store)
    sent = publisher.bytes_sent
    (again,) = await run(room, store)
    assert (publisher.statuses, publisher.bytes_sent - sent) == ([200, 200, 304, 304], 0)
    assert (first.unchanged, again.unchanged) == (False, True)
    assert again.parsed.observations.equals(first.parsed.observations)
    assert [(reply.status, reply.body) for reply in again.replies] == [(200, reply.body) for reply in first.replies]
    assert again.replies[0].retrieved_at > first.replies[0].retrieved_at
    stored = store.find(again.replies[0].request)
    assert (
        stored.retrieved_at == again.replies[0].retrieved_at
    )  # confirmed is as good as sent, for a run that is cut short


async def test_what_has_changed_is_read_anew(publisher: Publisher, room: Source, store: RawStore) -> None:
    publisher.on(INTERNET, marked(wb_body(wb_row(value=1)), ETag='"1"'), marked(wb_body(wb_row(value=2)), ETag='"2"'))
    collected = [(await run(room, store))[0] for _ in range(3)]
    assert [one.parsed.observations["value"].to_list() for one in collected] == [[1.0], [2.0], [2.0]]
    assert [one.unchanged for one in collected] == [False, False, True]
    assert [headers.get("if-none-match") for headers in publisher.headers] == [None, '"1"', '"2"']


async def test_the_same_bytes_without_a_mark_are_recognised(
    publisher: Publisher, room: Source, store: RawStore
) -> None:
    publisher.on(INTERNET, json_reply(wb_body(wb_row())))
    assert [(await run(room, store))[0].unchanged for _ in range(2)] == [False, True]


@pytest.mark.parametrize(("ahead", "finding"), [(timedelta(days=2), ["clock_skew"]), (timedelta(seconds=20), [])])
async def test_a_date_in_the_future_is_not_used(
    publisher: Publisher, room: Source, store: RawStore, ahead: timedelta, finding: list[str]
) -> None:
    when = format_datetime(datetime.now(UTC).replace(microsecond=0) + ahead, usegmt=True)
    publisher.on(INTERNET, marked(wb_body(wb_row()), Last_Modified=when))
    first, again = [(await run(room, store))[0] for _ in range(2)]
    for collected in (first, again):
        assert [(found.code, found.severity) for found in collected.parsed.findings] == [
            (code, "info") for code in finding
        ]
    assert publisher.headers[1].get("if-modified-since") == (None if finding else when)
    assert again.unchanged


async def test_an_odd_date_is_no_condition(publisher: Publisher, room: Source, store: RawStore) -> None:
    publisher.on(INTERNET, marked(wb_body(wb_row()), Last_Modified="yesterday"))
    await run(room, store)
    assert (await run(room, store))[0].parsed.findings == ()
    assert "if-modified-since" not in publisher.headers[1]


async def test_damaged_bytes_are_asked_for_again(publisher: Publisher, room: Source, store: RawStore) -> None:
    publisher.on(INTERNET, marked(wb_body(wb_row()), ETag='"1"'))
    (first,) = await run(room, store)
    path = store.put(first.replies[0])
    path.write_bytes(path.read_bytes()[:-5])
    (again,) = await run(room, store)
    assert publisher.statuses == [200, 304, 200]
    assert again.parsed.observations.equals(first.parsed.observations)
    assert store.get(first.replies[0].sha256) == first.replies[0].body  # and mended


async def test_a_series_that_failed_is_asked_for_whole(publisher: Publisher, room: Source, store: RawStore) -> None:
    publisher.on(INTERNET, marked(wb_message("120", "not valid"), ETag='"1"'))
    with pytest.raises(SourceError):
        await run(room, store)
    publisher.on(INTERNET, marked(wb_body(wb_row()), ETag='"1"'))
    (collected,) = await run(room, store)
    assert (collected.parsed.observations.height, collected.unchanged) == (1, False)
    assert "if-none-match" not in publisher.headers[1]


async def test_a_publisher_that_is_down_does_not_cost_what_was_kept(
    publisher: Publisher, room: Source, store: RawStore
) -> None:
    publisher.on(INTERNET, marked(wb_body(wb_row()), ETag='"1"'), status(503), marked(wb_body(wb_row()), ETag='"1"'))
    await run(room, store)
    with pytest.raises(Retriable):
        await run(room, store)
    assert (await run(room, store))[0].unchanged
    assert publisher.statuses == [200, 503, 304]


async def test_not_modified_without_a_condition_is_a_change(publisher: Publisher, room: Source) -> None:
    publisher.on("/data", status(304))
    async with HttpClient(QUICK, list_hosts([room])) as client:
        with pytest.raises(Changed) as raised:
            await client.get(Request(f"{publisher.url}/data"))
    assert raised.value.code == "http_304"


async def test_a_run_that_goes_on_does_not_claim_that_nothing_changed(
    publisher: Publisher, room: Source, store: RawStore
) -> None:
    publisher.on(INTERNET, marked(wb_body(wb_row(value=1)), ETag='"1"'), marked(wb_body(wb_row(value=2)), ETag='"2"'))
    await run(room, store)
    started = datetime.now(UTC)
    await run(room, store)  # received the new state, and was killed before it was published
    (collected,) = await run(room, store, since=started)
    assert (collected.parsed.observations["value"].to_list(), collected.unchanged) == ([2.0], False)
    assert len(publisher.asked) == 2


async def test_a_file_that_changed_has_changed_for_every_series_in_it(publisher: Publisher, store: RawStore) -> None:
    source = build_sources({"gtmi": f"{publisher.url}/f.csv"})["gtmi"]
    bodies = [
        csv_file("cc_iso3c,ref_year,variable,value", f"ATA,2022,gtmi_portals,{n}", f"ATA,2022,gtmi_policy,{n}")
        for n in (1, 2)
    ]
    publisher.on("/f.csv", *(marked(body, ETag=f'"{n}"') for n, body in enumerate(bodies)))
    runs = [await run(source, store, "gtmi_portals", "gtmi_policy") for _ in range(3)]
    assert [[series.unchanged for series in one] for one in runs] == [[False, False], [False, False], [True, True]]
    assert publisher.statuses == [200, 200, 304]  # once a run


async def test_one_question_of_two_series_has_one_answer_in_a_run(
    publisher: Publisher, room: Source, store: RawStore
) -> None:
    publisher.on(INTERNET, marked(wb_body(wb_row(value=1)), ETag='"1"'), marked(wb_body(wb_row(value=2)), ETag='"2"'))
    await run(room, store)
    both = await run(room, store, "IT.NET.USER.ZS", "IT.NET.USER.ZS")
    assert [series.unchanged for series in both] == [False, False]
    assert publisher.statuses == [200, 200, 304]


async def test_a_companion_that_is_gone_is_a_change(publisher: Publisher, store: RawStore) -> None:
    source = build_sources({"un_sdg": publisher.url})["un_sdg"]
    publisher.on("/Series/Data", marked(un_body(un_row()), ETag='"1"'))
    publisher.on("/Indicator/List", marked(un_releases(), ETag='"1"'), status(404))
    editions = [(await run(source, store, "IU_COR_BRIB"))[0] for _ in range(2)]
    assert [(one.unchanged, one.parsed.edition) for one in editions] == [
        (False, "2026.Q2.G.02"), (False, "release not stated"),
    ]  # fmt: skip


@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, "disk_full"), (errno.EROFS, "not_kept")])
async def test_what_cannot_be_kept_is_not_used(
    publisher: Publisher, room: Source, store: RawStore, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    publisher.on(INTERNET, json_reply(wb_body(wb_row())))
    monkeypatch.setattr("data_sources.fetching.raw.os.fsync", raising(OSError(number, os.strerror(number))))
    with pytest.raises(Retriable, match="make room") as raised:
        await run(room, store)
    assert raised.value.code == code
    assert len(publisher.asked) == 1


async def test_the_record_of_a_reply_says_when_it_was_confirmed(
    publisher: Publisher, room: Source, store: RawStore, stories: Callable[[], list[dict[str, str]]]
) -> None:
    publisher.on(INTERNET, marked(wb_body(wb_row()), ETag='"1"'))
    (first,) = await run(room, store)
    (again,) = await run(room, store)
    (story,) = stories()
    assert (
        story["retrieved_at"] == again.replies[0].retrieved_at.isoformat() > first.replies[0].retrieved_at.isoformat()
    )
    assert (story["etag"], story["status"]) == ('"1"', 200)


@pytest.fixture
def stories(tmp_path: Path) -> Callable[[], list[dict[str, str]]]:
    """What the store keeps of the latest reply to each question."""
    return lambda: [json.loads(path.read_bytes()) for path in (tmp_path / "raw" / "requests").glob("*.json")]
