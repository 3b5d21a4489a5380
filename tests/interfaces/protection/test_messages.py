"""Messages of Socket.IO: what no page sends ends the connection or is refused, and nothing makes the server fail."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reflex_base.registry import RegistrationContext

from dashboard.interfaces.protection.connections import OpenWebsocket, current_websocket
from dashboard.interfaces.protection.rates import MAX_REPORTS
from dashboard.interfaces.protection.sockets import check_events, create_server, limit_reports
from dashboard.settings import settings


@pytest.fixture
def names() -> dict[str, str]:
    """Short name of each handler that there is → its whole name."""
    return {name.rpartition(".")[2]: name for name in RegistrationContext.get().event_handlers}


async def said(message: Any, *, greeted: bool = True) -> tuple[Any, OpenWebsocket, list[Any]]:
    """What becomes of a message of Socket.IO: the server, its connection, and the events that a handler was given.

    ``greeted``: whether the client has entered the namespace.
    """
    product, taken = create_server(), []

    async def internal(_: Any, to: str, __: str, data: Any, *_more: Any) -> None:
        taken.append(data)

    if greeted:
        product.manager.sid_from_eio_sid = lambda *_: "sid"
        product.manager.is_connected = lambda *_: True
    product.environ["one"] = {}
    product._handle_event_internal = internal
    connection = OpenWebsocket("10.0.0.1")
    marked = current_websocket.set(connection)
    await product._handle_eio_message("one", message)
    current_websocket.reset(marked)
    return product, connection, taken


@pytest.mark.parametrize("announced", ['5999999999-/_event,["event",{}]', "٥1-/_event,[]", "5/_event,[]", "51-[]"])
async def test_attachments_are_not_gathered(announced: str) -> None:
    """An event of Socket.IO may announce a billion of them."""
    product, connection, _ = await said(announced)
    assert product._binary_packet == {}
    assert connection.why in ("binary", "unreadable")


@pytest.mark.parametrize(
    "message",
    [
        '2/_event,["event",', "2/_event,{bad", "x", "9", "3/_event,1[]", "4/_event,{}", "2" + "[" * 100_000,
        {"a": 1}, [2], 7, "2/_event," + "9" * 5000 + "[]", "2/_event," + "1" * 90 + "x",
    ],
)  # fmt: skip
async def test_what_cannot_be_read_ends_the_connection(message: Any) -> None:
    _, connection, taken = await said(message)
    assert (connection.why, taken) == ("unreadable", [])


@pytest.mark.parametrize(
    "data",
    [
        ["connect", {"QUERY_STRING": "token=of-somebody-else"}], ["disconnect"], ["ping", 1], ["event", {}, {}], [5],
        [["event"]], [], {}, "event", None, ["trigger_event", "connect"],
    ],
)  # fmt: skip
async def test_an_event_that_no_page_sends_is_refused(data: Any) -> None:
    """Socket.IO would call whatever method of Reflex's namespace a client names, ``on_connect`` too."""
    _, connection, taken = await said("2/_event," + json.dumps(data))
    assert (connection.refused, taken) == (1, [])


@pytest.mark.parametrize("data", [["event", {}], ["event"], ["ping"], ["client_error", {}]])
async def test_what_pages_send_is_given_on(data: Any) -> None:
    _, connection, taken = await said("2/_event," + json.dumps(data))
    assert (connection.refused, connection.why, taken) == (0, "", [data])


async def test_what_makes_us_fail_ends_the_connection(caplog: pytest.LogCaptureFixture) -> None:
    """Engine.IO would write down how, once for each message, and read on."""

    async def failing(*_: Any) -> None:
        raise AttributeError("'NoneType' object has no attribute 'items'")

    product = create_server()
    product._handle_event = failing
    connection = OpenWebsocket("10.0.0.1")
    marked = current_websocket.set(connection)
    await product._handle_eio_message("one", '2/_event,["event",{}]')
    current_websocket.reset(marked)
    assert connection.why == "fault"
    assert [record.name for record in caplog.records] == ["dashboard.interfaces.protection.sockets"]


@pytest.mark.parametrize("message", ["0", "0/", "0/other,", "0/_eventx,{}", "0/_event,{}", "0/_event"])
async def test_a_namespace_is_entered_once_and_no_other(message: str) -> None:
    """Each time makes a reader that Socket.IO keeps until the end."""
    product, connection, _ = await said(message)
    assert connection.refused == 1
    assert product.manager.rooms == {}


async def test_the_namespace_of_events_is_entered() -> None:
    product, connection, _ = await said("0/_event,", greeted=False)
    assert connection.refused == 0
    assert product.manager.rooms == {}  # there is no handler here: it would have asked it


async def test_so_many_reports_of_faults_are_taken_of_an_address(names: dict[str, str]) -> None:
    """Exactly as many as the limit says, of an event and of a message of Socket.IO alike; others report theirs."""
    settings.cache_clear()  # other settings, a count of its own
    taken: list[Any] = []

    class Namespace:
        namespace, sid_to_token = "/_event", {"sid": "token"}
        rooms: Any = None

        async def on_event(self, _sid: str, data: Any) -> None:
            taken.append(data["name"])

        async def on_client_error(self, _sid: str, data: Any) -> None:
            taken.append(data)

    space: Any = Namespace()
    take, report = check_events(space, space.on_event), limit_reports(space.on_client_error)
    for address in ("10.0.0.1", "10.0.0.2"):
        marked = current_websocket.set(OpenWebsocket(address))
        for turn in range(MAX_REPORTS + 2):
            said = {"name": names["handle_frontend_exception"], "payload": {"info": "x", "component_stack": "y"}}
            await (take("sid", said) if turn % 2 else report("sid", {"message": "x"}))
        current_websocket.reset(marked)
    assert len(taken) == 2 * MAX_REPORTS
    settings.cache_clear()


@given(
    st.text(max_size=40) | st.builds("".join, st.lists(st.sampled_from('0123456789-/_event,["]{}:9x٥'), max_size=30))
)
def test_no_message_makes_it_fail(message: str) -> None:
    _, _, taken = asyncio.run(said(message, greeted=False))
    assert taken == []
