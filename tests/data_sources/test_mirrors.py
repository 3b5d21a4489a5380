"""When a publisher's address is down its other one is asked, for the whole series, and that is said."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from data_sources.contract import SeriesRef
from data_sources.errors import SourceError
from data_sources.fetching.fetch import Collected, collect
from data_sources.fetching.http import HttpClient, HttpLimits
from data_sources.fetching.raw import RawStore
from data_sources.info import Address
from data_sources.registry import build_sources, list_hosts
from data_sources.un_sdg.source import UnSdg
from tests.data_sources.server import Publisher, json_reply, status
from tests.data_sources.shapes import un_body, un_releases, un_row

Have = Callable[[], Awaitable[Collected]]
QUICK = HttpLimits(connect_timeout=5, read_timeout=10, total_timeout=20, attempts=2, backoff=0.01, max_bytes=1_000_000)


@pytest.fixture
def room(publisher: Publisher) -> UnSdg:
    address = Address(f"{publisher.url}/one", mirrors=(f"{publisher.url}/two/",))
    source = build_sources({"un_sdg": address})["un_sdg"]
    assert isinstance(source, UnSdg)
    publisher.on("/two/Series/Data", json_reply(un_body(un_row(), totalElements=2, totalPages=2)))
    second = un_body(un_row(year=2021.0), totalElements=2, totalPages=2, pageNumber=2)
    publisher.on("/two/Series/Data", json_reply(second), page="2")
    publisher.on("/two/Indicator/List", json_reply(un_releases(release="2026.Q3.G.01")))
    return source


@pytest.fixture
async def have(room: UnSdg, store: RawStore) -> AsyncIterator[Have]:
    """Has the series whole, again and again in one run."""
    (task,) = room.plan([SeriesRef("IU_COR_BRIB", "bribery_persons")])
    async with HttpClient(QUICK, list_hosts([room])) as client:
        yield lambda: collect(client, room, task, store)


def notes(collected: Collected) -> list[str]:
    return [finding.message for finding in collected.parsed.findings if finding.code == "mirror_answered"]


@pytest.mark.parametrize("fault", [status(503), status(404), json_reply(b"<html></html>")])
async def test_the_second_address_is_asked_for_the_whole_series(
    publisher: Publisher, have: Have, fault: object
) -> None:
    publisher.on("/one/Series/Data", fault)  # type: ignore[arg-type]
    collected = await have()
    assert collected.parsed.observations.select("period", "edition").rows() == [
        ("2020", "2026.Q3.G.01"), ("2021", "2026.Q3.G.01"),
    ]  # fmt: skip
    (note,) = notes(collected)
    assert note.startswith(f"{publisher.url}/two answered instead of {publisher.url}/one: ")
    assert [path for path in publisher.paths() if path.startswith("/two")] == [
        "/two/Series/Data", "/two/Series/Data", "/two/Indicator/List",
    ]  # fmt: skip


async def test_pages_of_two_addresses_are_not_mixed(publisher: Publisher, have: Have) -> None:
    publisher.on("/one/Series/Data", json_reply(un_body(un_row(value="99"), totalElements=2, totalPages=2)))
    publisher.on("/one/Series/Data", status(500), page="2")
    assert (await have()).parsed.observations["value"].to_list() == [12.5, 12.5]


async def test_an_address_that_is_down_is_tried_once_in_a_run(publisher: Publisher, have: Have) -> None:
    publisher.on("/one/Series/Data", status(503))
    for _ in range(3):
        assert len(notes(await have())) == 1
    assert publisher.paths().count("/one/Series/Data") == QUICK.attempts


async def test_a_series_that_one_address_lacks_does_not_make_it_down(publisher: Publisher, have: Have) -> None:
    publisher.on("/one/Series/Data", status(404), json_reply(un_body(un_row(), release="2026.Q3.G.01")))
    assert len(notes(await have())) == 1
    assert notes(await have()) == []


async def test_when_all_are_down_the_first_is_named(publisher: Publisher, have: Have) -> None:
    publisher.on("/one/Series/Data", status(503))
    publisher.on("/two/Series/Data", status(502))
    with pytest.raises(SourceError, match="/one/Series/Data") as raised:
        await have()
    assert raised.value.code == "http_503"


@pytest.mark.parametrize("fault", [status(400), json_reply(b'{"rows": []}')])
async def test_a_refusal_or_another_shape_is_not_taken_elsewhere(
    publisher: Publisher, have: Have, fault: object
) -> None:
    publisher.on("/one/Series/Data", fault)  # type: ignore[arg-type]
    with pytest.raises(SourceError):
        await have()
    assert publisher.paths() == ["/one/Series/Data"]


def test_an_address_of_ones_own_has_no_declared_mirror() -> None:
    assert len(build_sources({})["un_sdg"].info.mirrors) == 1
    declared = build_sources({})["un_sdg"].info.base_url
    assert len(build_sources({"un_sdg": f"{declared}/"})["un_sdg"].info.mirrors) == 1
    assert build_sources({"un_sdg": "http://127.0.0.1:8123"})["un_sdg"].info.mirrors == ()
