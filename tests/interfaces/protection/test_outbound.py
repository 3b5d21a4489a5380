"""Addresses that others write down lead to the public network only, and to the very address that was looked at."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from typing import Any

import httpx
import pytest

from dashboard.contributions.delivery.probing import probe_all, step_of
from dashboard.contributions.delivery.tables import ServiceAddress
from dashboard.runtime import outbound
from dashboard.runtime.outbound import (
    MOST_ADDRESSES,
    PORTS,
    AsyncPublicTransport,
    NotPublic,
    PublicTransport,
    checked,
    fetch,
)

PUBLIC, OTHER, INSIDE = "93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "10.0.0.5"

Names = Callable[..., list[str]]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """``names(first, second, …)``: what a name server answers, each time it is asked; gives what it was asked."""

    real = socket.getaddrinfo

    def put(*answers: list[str]) -> list[str]:
        asked: list[str] = []

        def answered(host: str, port: int, *more: Any, **named: Any) -> list[Any]:
            if host[0].isdigit():  # a connection to an address
                return real(host, port, *more, **named)
            asked.append(host)
            addresses = answers[min(len(asked), len(answers)) - 1]
            if not addresses:
                raise socket.gaierror(-2, "Name or service not known")
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

        monkeypatch.setattr(outbound.socket, "getaddrinfo", answered)
        return asked

    return put


INNER = (
    "http://127.1/", "http://0x7f.1/", "http://0x7f000001/", "http://2130706433/", "http://0177.0.0.1/", "http://127.0.0.1/",
    "http://1.1/", "http://010.8.8.8/", "http://0/", "http://0.0.0.0/", "http://127.0.0.1./", "http://①②⑦.⓪.⓪.①/",
    "http://localhost/", "http://localhost./", "http://localhost.localdomain/", "http://x.localhost/", "http://intranet/",
    "http://redis.svc/", "https://db.prod.svc/", "https://DB.prod.svc./", "http://db.prod.svc.cluster.local/",
    "http://db.prod.svc.cluster/",
    "http://metadata.google.internal/", "http://METADATA.google.internal./", "http://printer.local/", "http://nas.home.arpa/",
    "http://ｌｏｃａｌｈｏｓｔ/", "http://169.254.169.254/latest/meta-data/", "http://100.64.0.1/", "http://192.0.0.8/",
    "http://224.0.0.1/", "http://255.255.255.255/", "http://240.0.0.1/", "http://198.18.0.1/", "http://10.0.0.7/",
    "http://[::]/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:a9fe:a9fe]/", "http://[::127.0.0.1]/",
    "http://[2002:7f00:1::]/", "http://[2002:a00:5::1]/", "http://[64:ff9b::7f00:1]/", "http://[64:ff9b:1::808:808]/",
    "http://[fe80::1]/", "http://[fc00::1]/", "http://[fec0::1]/", "http://[ff02::1]/", "http://[2001::1]/",
    "http://[2001:db8::1]/", "http://[fe80::1%25eth0]/",
    "https://user:word@x.example.org/", "https://user@x.example.org/", "https://127.0.0.1@x.example.org/",
    "https://x.example.org:22/", "https://x.example.org:6379/", "https://x.example.org:81/", "https://x.example.org:99999/",
    "ftp://x.example.org/", "file:///etc/passwd", "gopher://x.example.org/", "//x.example.org/", "x.example.org", "", "http://",
    "http:///x", "http://.example.org/", "http://a..example.org/", "http://x.example.org\\@10.0.0.5/", "https://xn--a.example/",
    f"http://{'a.' * 127}org/", "http://x_y.internal/", "https://x.example:abc/",
)  # fmt: skip


@pytest.mark.parametrize("url", INNER)
def test_what_leads_inside_is_refused_before_anybody_is_asked(url: str, names: Names) -> None:
    asked = names([PUBLIC])
    with pytest.raises(NotPublic):
        checked(url)
    with pytest.raises((NotPublic, httpx.HTTPError, httpx.InvalidURL)):
        fetch(url, most=10, seconds=5)
    assert asked == []


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("https://Login.Example.org/x", "login.example.org", 443),
        ("http://login.example.org.", "login.example.org", 80),
        ("https://münchen.example.org:8443/", "xn--mnchen-3ya.example.org", 8443),
        ("http://93.184.215.14:8080/", PUBLIC, 8080),
        ("https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/", OTHER, 443),
        ("https://local.example.org/", "local.example.org", 443),
        ("https://notlocalhost.org/", "notlocalhost.org", 443),
        ("https://internal-affairs.gov.example.org/", "internal-affairs.gov.example.org", 443),
    ],
)
def test_public_addresses_are_taken_as_they_are_asked(url: str, host: str, port: int) -> None:
    assert checked(url) == outbound.Destination(host, port)


def test_every_port_of_public_services_and_none_beside_it() -> None:
    for port in PORTS:
        assert checked(f"https://x.example.org:{port}/").port == port
        for beside in {port - 1, port + 1} - set(PORTS):
            with pytest.raises(NotPublic):
                checked(f"https://x.example.org:{beside}/")


@pytest.mark.parametrize(
    ("first", "last", "before", "after"),
    [
        ("10.0.0.0", "10.255.255.255", "9.255.255.255", "11.0.0.0"),
        ("100.64.0.0", "100.127.255.255", "100.63.255.255", "100.128.0.0"),
        ("127.0.0.0", "127.255.255.255", "126.255.255.255", "128.0.0.0"),
        ("169.254.0.0", "169.254.255.255", "169.253.255.255", "169.255.0.0"),
        ("172.16.0.0", "172.31.255.255", "172.15.255.255", "172.32.0.0"),
        ("192.168.0.0", "192.168.255.255", "192.167.255.255", "192.169.0.0"),
        ("224.0.0.0", "255.255.255.255", "223.255.255.255", None),
        ("64:ff9b::a00:0", "64:ff9b::aff:ffff", "64:ff9b::9ff:ffff", "64:ff9b::b00:0"),
        ("2002:a00::", "2002:aff:ffff::", "2002:9ff:ffff::", "2002:b00::"),
    ],
)
def test_networks_end_where_they_end(first: str, last: str, before: str, after: str | None) -> None:
    assert not outbound.is_public(ip_address(first))
    assert not outbound.is_public(ip_address(last))
    for public in filter(None, (before, after)):
        assert outbound.is_public(ip_address(public))


class Carried(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Notes what it is given to carry."""

    def __init__(self, *failing: str) -> None:
        self.failing, self.seen = failing, list[httpx.Request]()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        if request.url.host in self.failing:
            raise httpx.ConnectError("no")
        return httpx.Response(200, stream=httpx.ByteStream(b"{}"))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self.handle_request(request)


def test_the_connection_goes_to_what_was_looked_at_and_keeps_the_name(names: Names) -> None:
    """DNS rebinding: the name leads inside a moment later."""
    asked, carried = names([PUBLIC], [INSIDE]), Carried()
    with httpx.Client(transport=PublicTransport(inner=carried)) as client:
        assert client.post("https://login.example.org/token?x=1", data={"a": "b"}).status_code == 200
    assert asked == ["login.example.org"]
    (request,) = carried.seen
    assert (request.url.host, request.url.scheme, request.url.raw_path) == (PUBLIC, "https", b"/token?x=1")
    assert (request.headers["host"], request.extensions["sni_hostname"]) == ("login.example.org", "login.example.org")
    assert request.read() == b"a=b"


def ask(carried: Carried) -> int:
    """The status of an answer to a program that does not wait for anything else."""
    with httpx.Client(transport=PublicTransport(inner=carried)) as client:
        return client.get("https://login.example.org/").status_code


@pytest.mark.parametrize("answers", [[PUBLIC, INSIDE], [INSIDE], [PUBLIC, "::1"], ["::ffff:10.0.0.5"], ["0.0.0.0"]])
async def test_one_answer_inside_is_enough_to_refuse(names: Names, answers: list[str]) -> None:
    names(answers)
    carried = Carried()
    with pytest.raises(NotPublic):
        ask(carried)
    async with httpx.AsyncClient(transport=AsyncPublicTransport(carried)) as other:
        with pytest.raises(NotPublic):
            await other.get("https://login.example.org/")
    assert carried.seen == []


async def test_of_several_addresses_the_first_that_answers_is_asked(names: Names) -> None:
    names([OTHER, PUBLIC])
    carried = Carried(OTHER)
    assert ask(carried) == 200
    async with httpx.AsyncClient(transport=AsyncPublicTransport(carried)) as other:
        assert (await other.get("https://login.example.org/")).status_code == 200
    assert [request.url.host for request in carried.seen] == [OTHER, PUBLIC] * 2


def test_a_name_has_so_many_addresses_and_no_more(names: Names) -> None:
    for many, taken in ((MOST_ADDRESSES - 1, True), (MOST_ADDRESSES, True), (MOST_ADDRESSES + 1, False)):
        names([f"93.184.215.{at}" for at in range(many)])
        if taken:
            assert len(outbound.resolve(outbound.Destination("a.example.org", 443))) == many
        else:
            with pytest.raises(NotPublic):
                outbound.resolve(outbound.Destination("a.example.org", 443))


async def test_probes_ask_public_addresses_only_and_follow_nothing(names: Names) -> None:
    names([PUBLIC], [INSIDE], [])
    carried = Carried()
    from datetime import UTC, datetime

    at = step_of(datetime(2026, 11, 1, tzinfo=UTC))
    found = []
    address = ServiceAddress(url="https://a.example.org/", country="AZE", name="x", expects="{}", added_at=at)
    for _ in range(3):
        found += await probe_all([address], at, AsyncPublicTransport(carried))
    assert [(one.up, one.error) for one in found] == [(True, ""), (False, "not_public"), (False, "unreachable")]
    assert len(carried.seen) == 1


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A server of this machine that stands for a public one; ``server.answer`` writes its answer."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.heard.append(self.headers["Host"])
            made.answer(self)

        def log_message(self, *_: Any) -> None:
            return

    made: Any = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.heard = []
    threading.Thread(target=made.serve_forever, daemon=True).start()
    monkeypatch.setattr(outbound, "is_public", lambda _: True)
    monkeypatch.setattr(outbound, "PORTS", (made.server_port,))
    yield made
    made.shutdown()
    made.server_close()


def _plain(status: int, body: bytes, **headers: str) -> Callable[[Any], None]:
    def answer(handler: Any) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def test_a_body_has_a_size_and_redirects_are_answers(server: Any, names: Names) -> None:
    names(["127.0.0.1"])
    url = f"http://login.example.org:{server.server_port}/"
    for size, whole in ((99, True), (100, True), (101, False)):
        server.answer = _plain(200, b"x" * size)
        if whole:
            assert len(fetch(url, most=100, seconds=10).body) == size
        else:
            with pytest.raises(httpx.ReadError):
                fetch(url, most=100, seconds=10)
    server.answer = _plain(302, b"", Location="http://169.254.169.254/")
    assert fetch(url, most=100, seconds=10).status == 302
    assert set(server.heard) == {f"login.example.org:{server.server_port}"}


def test_an_answer_that_drips_is_ended(server: Any, names: Names) -> None:
    names(["127.0.0.1"])
    stop = threading.Event()

    def drip(handler: Any) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            while not stop.wait(0.05):
                handler.wfile.write(b"x")
        except OSError:
            return

    server.answer = drip
    with pytest.raises(httpx.ReadTimeout):
        fetch(f"http://login.example.org:{server.server_port}/", most=10**6, seconds=0.5)
    stop.set()


def test_what_the_operator_allows_is_asked_and_nothing_beside_it(names: Names) -> None:
    names([INSIDE])
    for private, url, taken in (
        (("login.office.local",), "http://login.office.local:9000/", True),
        (("login.office.local:9000",), "http://login.office.local:9000/", True),
        (("login.office.local:9000",), "http://login.office.local:9001/", False),
        (("login.office.local",), "http://x.login.office.local/", False),
        (("login.office.local",), "http://login.office.local@10.0.0.5/", False),
        (("10.0.0.5",), "http://10.0.0.5/", True),
        (("10.0.0.5",), "http://10.0.0.50/", False),
        ((), "http://10.0.0.5/", False),
    ):
        if taken:
            assert fetch(url, most=10, seconds=5, private=private, transport=Carried()).body == b"{}"
        else:
            with pytest.raises(NotPublic):
                fetch(url, most=10, seconds=5, private=private, transport=Carried())


def test_tls_names_the_name(names: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a certificate is held against is the name, not the number that is asked."""
    heard: list[str | None] = []

    class Stream:
        def start_tls(
            self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: Any = None
        ) -> Any:
            heard.append(server_hostname)
            raise httpx.ConnectError("enough")

        def close(self) -> None:
            return

    import httpcore

    monkeypatch.setattr(
        httpcore.SyncBackend, "connect_tcp", lambda _self, host, *_, **__: heard.append(host) or Stream()
    )
    names([PUBLIC])
    with httpx.Client(transport=PublicTransport()) as client, pytest.raises(httpx.ConnectError):
        client.get("https://login.example.org/")
    assert heard == [PUBLIC, "login.example.org"]
