"""One origin, addresses of clients, sockets within their limits, a fair queue, scripts by their hashes."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request

from dashboard import settings as room
from dashboard.answers.base.errors import Busy
from dashboard.interfaces.api.drawn import DRAWING
from dashboard.interfaces.pages.gallery.page import list_examples
from dashboard.interfaces.protection import connections, rates
from dashboard.interfaces.protection.admission import WorkPlaces
from dashboard.interfaces.protection.connections import HOSTILE, OpenWebsocket, current_websocket, limit_connections
from dashboard.interfaces.protection.origin import enforce_origin
from dashboard.interfaces.protection.requests import get_address
from dashboard.interfaces.protection.scripts import Scripts, hash_script
from dashboard.interfaces.protection.sockets import Backlog
from dashboard.settings import LimitSettings, Settings


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Put settings in effect."""

    def put(**values: Any) -> Settings:
        made = Settings(_env_file=None, **values)
        for module in ("requests", "connections", "origin", "rates", "admission", "sockets"):
            monkeypatch.setattr(f"dashboard.interfaces.protection.{module}.settings", lambda: made)
        return made

    put()
    yield put
    room.settings.cache_clear()


def scope(kind: str = "http", client: str = "10.0.0.1", query: str = "", **headers: str) -> dict[str, Any]:
    said = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {
        "type": kind, "client": (client, 1), "headers": said, "scheme": "http" if kind == "http" else "ws", "path": "/",
        "query_string": query.encode(), "extensions": {"websocket.http.response": {}}, "method": "GET",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        ("localhost:3000", "localhost:3000"),
        ("127.0.0.1:3000", "127.0.0.1:3000"),
        ("LOCALHOST.:4000", "localhost:3000"),
        ("10.0.0.5:3000", "localhost:3000"),
        ("[::1]:3000", "[::1]:3000"),
        ("[2001:db8::1]", "localhost:3000"),
        ("", "localhost:3000"),
    ],
)
async def test_the_product_has_one_host(now: Any, given: str, seen: str) -> None:
    assert (await _host(scope(host=given, x_forwarded_host="evil.example")))[0] == seen


async def test_a_public_address_is_the_only_one(now: Any) -> None:
    now(public_url="https://monitor.example.org")
    for given in ("monitor.example.org", "Monitor.Example.org:443", "localhost:3000", "127.0.0.1:3000"):
        assert await _host(scope(host=given)) == ("monitor.example.org", "https", [])


FOREIGN = (
    "evil.example", "evil.example:3000", "localhost:3000@evil.example", "localhost:3000.evil.example", "localhost:",
    "localhost.evil.example", "monitor.example.org.evil.example", "evilmonitor.example.org", "127.0.0.1.nip.example",
    "localhost:3000/x", "0x7f.1", "127.1", "[::1", "::1", "a b", "\xe9vil",
)  # fmt: skip


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("given", FOREIGN)
async def test_a_foreign_name_that_leads_here_reaches_nothing(now: Any, kind: str, given: str) -> None:
    """DNS rebinding: a browser takes us for evil.example, whose scripts would read what this machine alone may."""
    now(public_url="https://monitor.example.org")
    asked = scope(kind)
    asked["headers"].append((b"host", given.encode("latin-1")))
    assert await _answered(asked) == 421


async def test_further_names_are_the_operators_to_allow(now: Any) -> None:
    now(public_url="https://monitor.example.org", hosts=("web",))
    assert await _host(scope(host="web:3000")) == ("monitor.example.org", "https", [])
    assert await _answered(scope(host="web.evil.example")) == 421


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "", "http://localhost:3000.evil.example", "http://localhost:3001", "https://localhost:3000"]
)  # fmt: skip
async def test_another_site_changes_nothing(now: Any, origin: str) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE", "X"):
        assert await _answered({**scope(host="localhost:3000", origin=origin), "method": method}) == 403
    assert await _answered(scope("websocket", host="localhost:3000", origin=origin)) == 403
    twice = {**scope(host="localhost:3000", origin="http://localhost:3000"), "method": "POST"}
    twice["headers"].append((b"origin", origin.encode()))
    assert await _answered(twice) == 403


async def test_our_own_pages_and_programs_change_what_they_may(now: Any) -> None:
    for origin in ("http://localhost:3000", "http://127.0.0.1:3000", "http://[::1]:3000"):
        assert await _answered({**scope(host="localhost:3000", origin=origin), "method": "POST"}) == 0
    assert await _answered({**scope(host="localhost:3000"), "method": "POST"}) == 0
    now(public_url="https://monitor.example.org")
    asked = {**scope(host="monitor.example.org", origin="https://monitor.example.org"), "method": "POST"}
    assert await _answered(asked) == 0
    assert (
        await _answered({**scope(host="monitor.example.org", origin="http://localhost:3000"), "method": "POST"}) == 403
    )


async def test_scripts_of_other_sites_read_what_is_public(now: Any) -> None:
    for method in ("GET", "HEAD", "OPTIONS"):
        assert await _answered({**scope(host="localhost:3000", origin="https://evil.example"), "method": method}) == 0


async def _refusal(app: Any, asked: dict[str, Any]) -> int:
    """The status with which an application refuses a request or a websocket; 0 when it was let in."""
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    await app(asked, receive, send)
    return next((message["status"] for message in sent if "status" in message), 0)


async def _answered(asked: dict[str, Any]) -> int:
    """The status with which a request is refused; 0 when it reached the product."""

    async def app(*_: Any) -> None:
        return None

    return await _refusal(enforce_origin(app), asked)


async def _host(asked: dict[str, Any]) -> tuple[str, str, list[bytes]]:
    found: dict[str, Any] = {}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        found.update(scope)

    await enforce_origin(app)(asked, None, None)
    headers = dict(found["headers"])
    return headers.pop(b"host").decode(), found["scheme"], [name for name in headers if b"forwarded" in name]


@pytest.mark.parametrize(
    "given", ["garbage", "https://", "http://monitor.example", "https://a/b", "https://u@a", "ftp://a"]
)
def test_garbage_is_no_public_address(given: str) -> None:
    with pytest.raises(ValueError, match="must"):
        Settings(_env_file=None, public_url=given)


def test_only_our_own_proxies_say_where_a_client_is(now: Any) -> None:
    forged = scope(x_forwarded_for="1.1.1.1, 9.9.9.9")
    assert get_address(forged) == "10.0.0.1"
    now(proxies=1)
    assert get_address(forged) == "9.9.9.9"
    now(proxies=2)
    assert get_address(forged) == "1.1.1.1"
    assert get_address(scope(x_forwarded_for="garbage")) == "10.0.0.1"
    now(proxies=0)
    one, other = (get_address(scope(client=f"2001:db8::{last}")) for last in ("1", "ffff"))
    assert one == other == "2001:db8::/64"


async def test_an_address_has_so_many_sockets_and_no_more(now: Any) -> None:
    now(limits=LimitSettings(connections=2, readers=3))
    going = asyncio.Event()
    seen = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["client"][0])
        await going.wait()

    async def ask(client: str, token: str = "0123456789") -> int:
        return await _opened(app, scope("websocket", client, f"token={token}"))

    held = [asyncio.ensure_future(ask("10.0.0.1")) for _ in range(2)]
    for _ in range(50):
        await asyncio.sleep(0)
    assert len(seen) == 2
    assert await ask("10.0.0.1") == 429  # two are open
    going.set()
    assert await asyncio.gather(*held) == [0, 0]
    assert await ask("10.0.0.1") == 0
    assert await ask("10.0.0.1") == 429  # three were opened lately
    assert await ask("10.0.0.2") == 0
    assert await ask("10.0.0.3", "'; --") == 400
    assert not connections._open


async def test_what_is_no_websocket_is_given_on_and_a_websocket_leaves_no_task_behind(now: Any) -> None:
    seen = []

    async def app(*given: Any) -> None:
        seen.append(given)

    whole = (scope(), object(), object())
    await limit_connections(app)(*whole)
    assert seen == [whole]
    before = asyncio.all_tasks()
    assert await _opened(app, scope("websocket", query="token=0123456789")) == 0
    await asyncio.sleep(0)
    assert asyncio.all_tasks() <= before


async def _opened(app: Any, asked: dict[str, Any]) -> int:
    """The status with which a websocket is refused; 0 when it was let in."""
    return await _refusal(limit_connections(app), asked)


@pytest.mark.parametrize("why", HOSTILE)
async def test_who_is_cut_again_and_again_is_refused_for_a_while(now: Any, why: str) -> None:
    """Exactly as often as the limit says; others are not, nor an address whose link is slow."""

    async def offending(_scope: Any, _receive: Any, _send: Any) -> None:
        current_websocket.get().cut(why)

    async def slow(_scope: Any, _receive: Any, _send: Any) -> None:
        current_websocket.get().cut("unread")

    for _ in range(rates.MAX_CUTS):
        assert await _opened(slow, scope("websocket", "10.0.0.3", "token=0123456789")) == 0
        assert await _opened(offending, scope("websocket", "10.0.0.1", "token=0123456789")) == 0
    for client, status in (("10.0.0.1", 429), ("10.0.0.2", 0), ("10.0.0.3", 0)):
        assert await _opened(slow, scope("websocket", client, "token=0123456789")) == status


@pytest.mark.parametrize(
    "query",
    [
        "",
        "token=",
        "token=1234567",
        f"token={'a' * 65}",
        "token=0123456789&token=9876543210",
        "token=0123456789&token=",
    ],
)
async def test_a_websocket_has_one_token(now: Any, query: str) -> None:
    """Of two, Reflex takes the first, and what looks at it before might take the last."""
    assert await _opened(None, scope("websocket", query=query)) == 400


async def test_of_a_handshake_reflex_sees_what_pages_send(now: Any) -> None:
    """A header named ``raw-headers`` makes it fail, and all others are kept as State."""
    now(proxies=1)
    found: dict[str, Any] = {}

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        found.update(scope)

    asked = scope(
        "websocket", query="EIO=3&transport=polling&sid=x&j=1&token=0123456789&x=%ff", raw_headers="x", cookie="a=b",
        authorization="Bearer x", x_forwarded_for="203.0.113.9", host="localhost:3000", origin="http://localhost:3000",
        sec_websocket_protocol="x" * 301, user_agent="x" * 300,
    )  # fmt: skip
    asked["headers"].append((b"upgrade", b"\xff\xfe"))
    assert await _opened(app, asked) == 0
    assert [name for name, _ in found["headers"]] == [b"host", b"origin", b"user-agent"]
    assert found["query_string"] == b"EIO=4&transport=websocket&token=0123456789"
    assert found["client"][0] == "203.0.113.9"


async def test_a_backlog_is_cut_and_dropped(now: Any) -> None:
    now(limits=LimitSettings(backlog=2**16))

    class Packet:
        data = "x" * 1000

    connection = OpenWebsocket("10.0.0.1")
    marked = current_websocket.set(connection)
    backlog = Backlog()
    current_websocket.reset(marked)
    for _ in range(60):
        await backlog.put(Packet())
        await backlog.get()
        backlog.task_done()
    for _ in range(60):
        backlog.put_nowait(Packet())
    assert not connection.over.is_set()
    for _ in range(500):
        backlog.put_nowait(Packet())
    assert (connection.why, backlog.qsize()) == ("backlog", 1)
    assert await backlog.get() is None
    backlog.task_done()
    await backlog.put(Packet())  # too late: nobody will send it, and nobody has to wait for it
    await asyncio.wait_for(backlog.join(), 1)
    await backlog.put(None)
    assert backlog.qsize() == 1


async def test_who_speaks_too_fast_waits(now: Any) -> None:
    connection = OpenWebsocket("10.0.0.1")
    waits = [connection.wait() for _ in range(150)]
    assert waits[:100] == [0.0] * 100
    assert 0.5 < waits[-1] < 1.1


def request_from(client: str, gone: asyncio.Event | None = None) -> Request:
    async def receive() -> dict[str, Any]:
        if gone is not None and gone.is_set():
            return {"type": "http.disconnect"}
        await asyncio.Event().wait()
        raise AssertionError

    return Request(scope(client=client), receive)


async def test_the_queue_is_short_and_fair(now: Any) -> None:
    import threading

    now(limits=LimitSettings(waiting=4))
    admission, order, gate = WorkPlaces(1), [], threading.Event()

    def work(name: str) -> Any:
        def make() -> bytes:
            gate.wait(10)
            order.append(name)
            return name.encode()

        return make

    def ask(client: str, name: str) -> "asyncio.Task[bytes]":
        return asyncio.ensure_future(admission.run(request_from(client), lambda: None, work(name)))

    tasks = [ask("10.0.0.1", f"greedy {number}") for number in range(3)]
    await asyncio.sleep(0.05)
    with pytest.raises(Busy, match="Your address"):
        await ask("10.0.0.1", "greedy 4")
    tasks += [ask("10.0.0.2", "honest"), ask("10.0.0.3", "another")]
    await asyncio.sleep(0.05)
    with pytest.raises(Busy, match="Too many"):
        await ask("10.0.0.4", "late")
    gate.set()
    await asyncio.gather(*tasks)
    assert order == ["greedy 0", "honest", "another", "greedy 1", "greedy 2"]


async def test_a_kind_of_work_may_have_a_queue_of_its_own_length(now: Any) -> None:
    now(limits=LimitSettings(waiting=1))
    admission = WorkPlaces(1, waiting=4)
    admission._take("10.0.0.9")  # all is taken
    waiting = [
        asyncio.ensure_future(admission.run(request_from(f"10.0.0.{at}"), lambda: None, lambda: b"x"))
        for at in range(4)
    ]
    await asyncio.sleep(0.05)
    with pytest.raises(Busy, match="Too many"):
        await admission.run(request_from("10.0.0.5"), lambda: None, lambda: b"x")
    admission._running -= 1
    admission._next()
    assert await asyncio.gather(*waiting) == [b"x"] * 4


async def test_work_for_who_has_left_is_not_done_and_same_work_once(now: Any) -> None:
    import threading

    admission, made, gate, gone = WorkPlaces(1), [], threading.Event(), asyncio.Event()
    shelf: dict[str, bytes] = {}

    def make() -> bytes:
        gate.wait(10)
        made.append(1)
        shelf["x"] = b"x"
        return b"x"

    first = asyncio.ensure_future(admission.run(request_from("10.0.0.1"), lambda: shelf.get("x"), make))
    second = asyncio.ensure_future(admission.run(request_from("10.0.0.2"), lambda: shelf.get("x"), make))
    left = asyncio.ensure_future(admission.run(request_from("10.0.0.3", gone), lambda: None, lambda: b"never"))
    await asyncio.sleep(0.05)
    gone.set()
    with pytest.raises(Busy):
        await left
    gate.set()
    assert await asyncio.gather(first, second) == [b"x", b"x"]
    assert made == [1]


def test_a_page_runs_the_scripts_of_its_own_file_and_of_the_fallbacks(tmp_path: Path) -> None:
    for name, text in (("en/index.html", "one()"), ("en/countries/shell.html", "two()"), ("404.html", "three()")):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(
            f'<script>{text}</script><script src="/x.js"></script><script type="application/ld+json">{{}}</script>'
        )
    scripts = Scripts(tmp_path, ["written()"])
    always = [hash_script("written()")]
    assert scripts.list_hashes("/en/").split() == [*always, hash_script("one()"), hash_script("three()")]
    assert scripts.list_hashes("/en/countries/AZE/").split() == [*always, hash_script("two()"), hash_script("three()")]
    assert scripts.list_hashes("/../../etc/passwd").split() == [*always, hash_script("three()")]
    assert hash_script("alert('Hello, world.');") == "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"


async def test_an_office_of_several_readers_may_open_the_gallery_at_once(now: Any) -> None:
    now()
    pictures = len(list_examples("en"))
    asked = [DRAWING.run(request_from("10.0.0.1"), lambda: None, lambda: b"x") for _ in range(3 * pictures)]
    assert await asyncio.gather(*asked) == [b"x"] * 3 * pictures
