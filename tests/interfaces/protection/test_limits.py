"""Every limit of a client, exactly at it, one below and one above, from the rules' own constants."""

import asyncio
from collections.abc import Callable
from typing import Any, get_args

import pytest
import reflex as rx
from reflex_base.registry import RegistrationContext

from dashboard.answers.base.errors import Busy
from dashboard.interfaces.protection import events, rates
from dashboard.interfaces.protection.admission import WorkPlaces
from dashboard.interfaces.protection.connections import (
    BURST_S,
    MAX_REFUSED_EVENTS,
    PROBES,
    OpenWebsocket,
    limit_connections,
)
from dashboard.interfaces.protection.events import (
    MAX_DEPTH,
    MAX_ITEMS,
    MAX_NAME_CHARS,
    MAX_NUMBER,
    MAX_REPORT_CHARS,
    MAX_TEXT_CHARS,
    find_rejection,
)
from dashboard.settings import LimitSettings, Settings
from tests.interfaces.protection.test_around import request_from, scope

LIMITS = LimitSettings(readers=4, renders=3, jobs=2, waiting=4, events=10, answers=3, all_answers=5)


class Anything(rx.State):
    """A State that takes whatever is small."""

    @rx.event
    def take_anything(self, value: Any) -> None:
        """One value of any type."""


@pytest.fixture(autouse=True)
def limits(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Settings(_env_file=None, limits=LIMITS)
    for module in ("connections", "rates", "admission"):
        monkeypatch.setattr(f"dashboard.interfaces.protection.{module}.settings", lambda: made)


def said(value: Any) -> str:
    name = next(name for name in RegistrationContext.get().event_handlers if name.endswith(".take_anything"))
    return find_rejection({"name": name, "payload": {"value": value}, "router_data": {}})


def nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


SIZES: dict[str, tuple[int, Callable[[int], Any]]] = {
    "characters of a text": (MAX_TEXT_CHARS, lambda size: "x" * size),
    "characters of a key": (MAX_TEXT_CHARS, lambda size: {"x" * size: 1}),
    "elements of a list": (MAX_ITEMS, lambda size: [0] * size),
    "elements of an object": (MAX_ITEMS, lambda size: {str(at): 0 for at in range(size)}),
    "levels": (MAX_DEPTH, nested),
    "a number": (MAX_NUMBER, lambda size: size),
    "a number below nought": (MAX_NUMBER, lambda size: -size),
    "a number with a point": (MAX_NUMBER, float),
}


@pytest.mark.parametrize("what", SIZES)
def test_a_value_has_the_size_that_is_allowed_and_none_above(what: str) -> None:
    most, made = SIZES[what]
    above = most + 2 if what == "a number with a point" else most + 1  # the next that a float can be
    assert [said(made(size)) for size in (most - 1, most, above)] == ["", "", "size"]


def test_a_name_has_so_many_characters() -> None:
    """A longer one is not even looked up."""
    reasons = [
        find_rejection({"name": "x" * size}) for size in (MAX_NAME_CHARS - 1, MAX_NAME_CHARS, MAX_NAME_CHARS + 1)
    ]
    assert reasons == ["unknown", "unknown", "shape"]


@pytest.mark.parametrize("name", ["pathname", "asPath"])
def test_an_address_has_so_many_characters(name: str) -> None:
    handler = next(name for name in RegistrationContext.get().event_handlers if name.endswith(".hydrate"))
    for size, reason in ((MAX_TEXT_CHARS - 1, ""), (MAX_TEXT_CHARS, ""), (MAX_TEXT_CHARS + 1, "place")):
        assert find_rejection({"name": handler, "router_data": {name: "/" + "x" * (size - 1)}}) == reason


def test_a_query_has_so_many_parts_of_so_many_characters() -> None:
    handler = next(name for name in RegistrationContext.get().event_handlers if name.endswith(".hydrate"))
    for size, reason in ((MAX_ITEMS - 1, ""), (MAX_ITEMS, ""), (MAX_ITEMS + 1, "place")):
        query = {str(at): "" for at in range(size)}
        assert find_rejection({"name": handler, "router_data": {"query": query}}) == reason
    for size, reason in ((MAX_TEXT_CHARS - 1, ""), (MAX_TEXT_CHARS, ""), (MAX_TEXT_CHARS + 1, "place")):
        assert find_rejection({"name": handler, "router_data": {"query": {"a": "x" * size}}}) == reason


def test_a_report_has_so_many_characters_and_is_cut_beyond() -> None:
    handler = next(n for n in RegistrationContext.get().event_handlers if n.endswith(".handle_frontend_exception"))
    for size in (MAX_REPORT_CHARS - 1, MAX_REPORT_CHARS, MAX_REPORT_CHARS + 1):
        event = {"name": handler, "payload": {"info": "x" * size, "component_stack": ""}}
        assert find_rejection(event) == ""
        assert len(event["payload"]["info"]) == min(size, MAX_REPORT_CHARS)


def test_so_many_refused_events_end_a_connection() -> None:
    connection = OpenWebsocket("10.0.0.1")
    for refused in range(1, MAX_REFUSED_EVENTS + 1):
        connection.refuse()
        assert connection.over.is_set() == (refused == MAX_REFUSED_EVENTS)


def test_so_many_events_come_at_once_and_the_next_waits() -> None:
    connection = OpenWebsocket("10.0.0.1")
    waits = [connection.wait() for _ in range(int(LIMITS.events * BURST_S) + 1)]
    assert set(waits[:-1]) == {0.0}
    assert 0 < waits[-1] <= 1 / LIMITS.events


ALLOWED = {
    "readers": LIMITS.readers, "renders": LIMITS.renders, "jobs": LIMITS.jobs, "faults": rates.MAX_FAULTS,
    "reports": rates.MAX_REPORTS, "cuts": rates.MAX_CUTS, "follows": rates.MAX_FOLLOWS,
}  # fmt: skip


def test_every_thing_that_is_counted_is_in_this_table() -> None:
    assert set(ALLOWED) == set(get_args(rates.Action))


@pytest.mark.parametrize("thing", ALLOWED)
async def test_an_address_has_its_share_and_no_more_and_takes_nobody_elses(thing: Any) -> None:
    for address in ("10.0.0.1", "10.0.0.2"):
        for number in range(ALLOWED[thing] + 2):
            assert await rates.is_exhausted(thing, address) == (number >= ALLOWED[thing])
            assert await rates.count_action(thing, address) == (number < ALLOWED[thing])
    for other in set(ALLOWED) - {thing}:
        assert not await rates.is_exhausted(other, "10.0.0.1")  # type: ignore[arg-type]


async def test_so_many_pictures_of_an_address_are_made_in_a_minute() -> None:
    admission = WorkPlaces(1, counted=True)
    for number in range(LIMITS.renders + 1):
        making = admission.run(request_from("10.0.0.1"), lambda: None, lambda: b"x")
        if number < LIMITS.renders:
            assert await making == b"x"
        else:
            with pytest.raises(Busy, match="Your address"):
                await making
    assert await admission.run(request_from("10.0.0.2"), lambda: None, lambda: b"x") == b"x"


def test_the_table_of_sizes_is_of_the_rules_own() -> None:
    assert {MAX_TEXT_CHARS, MAX_ITEMS, MAX_DEPTH, MAX_NUMBER} == {most for most, _ in SIZES.values()}
    assert events.MAX_STORED_CHARS > MAX_TEXT_CHARS


async def test_so_many_long_answers_are_under_way_for_an_address_and_for_all_and_no_more() -> None:
    """Downloads and streams of any kind: one that ends makes room for another, a broken one too."""
    going: list[asyncio.Event] = []

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        over, is_first = asyncio.Event(), not going
        going.append(over)
        await over.wait()
        if is_first:
            raise OSError("the client has left")

    async def asked(client: str, path: str = "/api/v1/dataset.zip") -> tuple[int, "asyncio.Task[None]"]:
        begun = asyncio.get_running_loop().create_future()

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                begun.set_result(message["status"])

        task = asyncio.create_task(limit_connections(app)(scope(client=client) | {"path": path}, None, send))  # type: ignore[arg-type]
        return await asyncio.wait_for(begun, 5), task

    async def statuses(client: str, many: int, **where: str) -> list[int]:
        answers = [await asked(client, **where) for _ in range(many)]
        tasks.extend(task for _, task in answers)
        return [status for status, _ in answers]

    tasks: list[asyncio.Task[None]] = []
    assert await statuses("10.0.0.1", LIMITS.answers + 1) == [*[200] * LIMITS.answers, 429]
    left = LIMITS.all_answers - LIMITS.answers
    assert await statuses("10.0.0.2", left + 1) == [*[200] * left, 503]
    for path in PROBES:
        assert await statuses("10.0.0.3", 1, path=path) == [200]
    going[0].set()
    with pytest.raises(OSError, match="left"):
        await tasks[0]
    assert await statuses("10.0.0.1", 2) == [200, 429]
    for over in going:
        over.set()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert await statuses("10.0.0.1", 1) == [200]
    going[-1].set()
