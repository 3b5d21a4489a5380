"""A task is had whole, from one state of the publisher, or not at all."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from data_sources.contract import SeriesRef, Source, Task
from data_sources.errors import SourceError
from data_sources.fetching import replies
from data_sources.fetching.fetch import Collected, collect
from data_sources.fetching.http import HttpClient, HttpLimits
from data_sources.fetching.raw import RawStore
from data_sources.registry import build_sources, list_hosts
from tests.data_sources.server import Publisher, Scripted, bad_gateway, json_reply, status
from tests.data_sources.shapes import un_body, un_releases, un_row, wb_body, wb_message, wb_row

INTERNET = "/v2/country/all/indicator/IT.NET.USER.ZS"
BRIBERY = "/sdg/Series/Data"
Have = Callable[..., Awaitable[Collected]]
QUICK = HttpLimits(connect_timeout=5, read_timeout=10, total_timeout=20, attempts=2, backoff=0.01, max_bytes=1_000_000)


@pytest.fixture
def rooms(publisher: Publisher) -> dict[str, Source]:
    return build_sources({"world_bank": f"{publisher.url}/v2", "un_sdg": f"{publisher.url}/sdg"})


@pytest.fixture
async def have(rooms: dict[str, Source], store: RawStore) -> AsyncIterator[Have]:
    """Has tasks whole, all in one run."""
    async with HttpClient(QUICK, list_hosts(rooms.values())) as client:
        yield lambda task, **more: collect(client, rooms[task.source], task, store, **more)


@pytest.fixture
def internet(rooms: dict[str, Source]) -> Task:
    return rooms["world_bank"].plan([SeriesRef("IT.NET.USER.ZS", "internet_users")])[0]


@pytest.fixture
def bribery(rooms: dict[str, Source]) -> Task:
    return rooms["un_sdg"].plan([SeriesRef("IU_COR_BRIB", "bribery_persons")])[0]


async def test_all_pages_are_read(publisher: Publisher, have: Have, internet: Task, store: RawStore) -> None:
    publisher.on(INTERNET, json_reply(wb_body(wb_row(date="2020"), wb_row(date="2021"), pages=3, total=5)))
    publisher.on(
        INTERNET, json_reply(wb_body(wb_row(date="2022"), wb_row(date="2023"), page=2, pages=3, total=5)), page="2"
    )
    publisher.on(INTERNET, json_reply(wb_body(wb_row(date="2024"), page=3, pages=3, total=5)), page="3")
    collected = await have(internet)
    assert collected.parsed.observations["period"].to_list() == ["2020", "2021", "2022", "2023", "2024"]
    assert collected.parsed.findings == ()
    assert [store.get(reply.sha256) for reply in collected.replies] == [reply.body for reply in collected.replies]


async def test_totals_that_change_between_pages_start_the_task_again(
    publisher: Publisher, have: Have, internet: Task
) -> None:
    first = [json_reply(wb_body(wb_row(date=date), pages=2, total=total)) for date, total in (("2020", 2), ("2019", 3))]
    second = [json_reply(wb_body(wb_row(date="2021"), page=2, pages=2, total=3))]
    publisher.on(INTERNET, *first)
    publisher.on(INTERNET, *second, page="2")
    assert (await have(internet)).parsed.observations["period"].to_list() == ["2019", "2021"]
    assert len(publisher.asked) == 4


@pytest.mark.parametrize("moving", ["total", "lastupdated"])
async def test_totals_that_never_settle_end_the_task(
    publisher: Publisher, have: Have, internet: Task, moving: str
) -> None:
    changed = {"total": 9} if moving == "total" else {"total": 2, "lastupdated": "2026-07-02"}
    publisher.on(INTERNET, json_reply(wb_body(wb_row(), pages=2, total=2)))
    publisher.on(INTERNET, json_reply(wb_body(wb_row(date="2021"), page=2, pages=2, **changed)), page="2")
    with pytest.raises(SourceError) as raised:
        await have(internet)
    assert raised.value.code == "totals_changed"
    assert len(publisher.asked) == 8  # the first start and three more


async def test_a_run_that_was_cut_short_goes_on(publisher: Publisher, have: Have, internet: Task) -> None:
    publisher.on(INTERNET, json_reply(wb_body(wb_row())))
    started = datetime.now(UTC)
    once = await have(internet, fresh_since=started)
    assert (await have(internet, fresh_since=started)).parsed.observations.equals(once.parsed.observations)
    assert len(publisher.asked) == 1
    await have(internet, fresh_since=datetime.now(UTC) + timedelta(seconds=1))
    await have(internet)
    assert len(publisher.asked) == 3


async def test_a_reply_that_failed_is_not_used_by_the_next_run(
    publisher: Publisher, have: Have, internet: Task
) -> None:
    publisher.on(INTERNET, json_reply(wb_message("120", "not valid")), json_reply(wb_body(wb_row())))
    started = datetime.now(UTC)
    with pytest.raises(SourceError):
        await have(internet, fresh_since=started)
    assert (await have(internet, fresh_since=started)).parsed.observations.height == 1


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (json_reply(b""), "empty_body"),
        (json_reply(b'[{"page": 1, "pages": 1'), "truncated_json"),
        (json_reply(b'{"data": [1, 2, "thr'), "truncated_json"),
        (json_reply(b'{"data": [{"value": 1}'), "truncated_json"),
        (json_reply(b"<html><body>Maintenance</body></html>"), "html_instead_of_json"),
        (json_reply(b'<?xml version="1.0"?><error/>'), "xml_instead_of_json"),
        (json_reply(b'[{"page": "\xff"}]'), "invalid_utf8"),
        (json_reply(b"{'page': 1}"), "invalid_json"),
        (json_reply(b"[" * 5000 + b"]" * 5000), "invalid_json"),
        (bad_gateway(), "http_502"),
        (status(429, b'{"message": "Too many requests"}', Retry_After="900"), "http_429"),
        (json_reply(b'"words"'), "unexpected_shape"),
        (json_reply(b"{}"), "unexpected_shape"),
    ],
)
@pytest.mark.parametrize("room", ["world_bank", "un_sdg"])
async def test_what_is_no_answer_is_named(
    publisher: Publisher, have: Have, room: str, reply: Scripted,
    code: str, internet: Task, bribery: Task,
) -> None:  # fmt: skip
    publisher.on(INTERNET, reply)
    publisher.on(BRIBERY, reply)
    with pytest.raises(SourceError) as raised:
        await have(internet if room == "world_bank" else bribery)
    assert raised.value.code == code
    assert publisher.url in str(raised.value)


async def test_the_release_is_asked_once_for_all_series(publisher: Publisher, have: Have, bribery: Task) -> None:
    publisher.on(BRIBERY, json_reply(un_body(un_row())))
    publisher.on("/sdg/Indicator/List", json_reply(un_releases()))
    for _ in range(3):
        assert (await have(bribery)).parsed.edition == "2026.Q2.G.02"
    assert publisher.paths().count("/sdg/Indicator/List") == 1


async def test_a_reply_is_decoded_once_for_all_who_look_at_it(
    publisher: Publisher, have: Have, bribery: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[bytes] = []
    decode = replies.parse_json
    monkeypatch.setattr(replies, "parse_json", lambda body, url: decoded.append(body) or decode(body, url))
    data, listed = un_body(un_row(), page=1), un_releases()
    publisher.on(BRIBERY, json_reply(data))
    publisher.on("/sdg/Indicator/List", json_reply(listed))
    collected = [await have(bribery) for _ in range(2)]
    assert [one.parsed.observations.height for one in collected] == [1, 1]
    assert sorted(decoded) == sorted([data, data, listed])  # the list of releases is asked once in a run
    assert [reply.body for reply in collected[0].replies] == [data, listed]


async def test_a_series_can_do_without_a_release(publisher: Publisher, have: Have, bribery: Task) -> None:
    publisher.on(BRIBERY, json_reply(un_body(un_row())))
    collected = await have(bribery)
    assert collected.parsed.edition == "release not stated"
    assert {finding.code for finding in collected.parsed.findings} == {"http_404", "release_unknown"}
    assert collected.parsed.observations.height == 1


ESTIMATE, BESIDE = (f"/v2/country/all/indicator/{codes}" for codes in ("GOV_WGI_CC.EST", "GOV_WGI_CC.SR;GOV_WGI_CC.SE"))


@pytest.fixture
def corruption(publisher: Publisher, rooms: dict[str, Source]) -> Task:
    """Control of corruption, whose estimate is there."""
    publisher.on(ESTIMATE, json_reply(wb_body(wb_row(code="GOV_WGI_CC.EST"))))
    return rooms["world_bank"].plan([SeriesRef("GOV_WGI_CC.EST", "wgi_cc")])[0]


@pytest.mark.parametrize("refusal", [status(404), json_reply(wb_message("175", "The indicator was not found."))])
async def test_companions_refused_together_are_had_one_by_one(
    publisher: Publisher, have: Have, corruption: Task,
    refusal: Scripted,
) -> None:  # fmt: skip
    publisher.on(BESIDE, refusal)
    publisher.on(ESTIMATE.replace("EST", "SE"), json_reply(wb_body(wb_row(code="GOV_WGI_CC.SE", value=0.2))))
    collected = await have(corruption)
    assert collected.parsed.observations["std_error"].to_list() == [0.2]
    assert "companion_missing" in {finding.code for finding in collected.parsed.findings}  # the number of sources
    assert len(publisher.asked) == 4


async def test_a_standard_error_that_fails_ends_the_task(publisher: Publisher, have: Have, corruption: Task) -> None:
    publisher.on(BESIDE, status(503))
    with pytest.raises(SourceError) as raised:
        await have(corruption)
    assert raised.value.code == "http_503"
