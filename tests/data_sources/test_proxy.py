"""Behind a proxy and with a certificate authority of one's own, as the environment says."""

import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from data_sources.contract import Request
from data_sources.errors import Rejected, Retriable
from data_sources.fetching.http import HttpClient, HttpLimits
from tests.data_sources.server import Publisher, json_reply

QUICK = HttpLimits(connect_timeout=5, read_timeout=10, total_timeout=20, attempts=1)
needs_openssl = pytest.mark.needs("openssl")


class Proxy:
    """A CONNECT proxy on localhost that leads every host to one port, and records what it was asked."""

    def __init__(self, port: int, refuse: bool = False) -> None:
        self.asked: list[str] = []
        self._to, self._refuse = port, refuse
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with client:
                head = b""
                while not head.endswith(b"\r\n\r\n"):
                    head += client.recv(1024)
                self.asked.append(head.split(b"\r\n", 1)[0].decode())
                if self._refuse:
                    client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
                    continue
                client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                with socket.create_connection(("127.0.0.1", self._to)) as server:
                    _join(client, server)


def _join(one: socket.socket, other: socket.socket) -> None:
    def carry(source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    back = threading.Thread(target=carry, args=(other, one), daemon=True)
    back.start()
    carry(one, other)
    back.join()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate of ``publisher.invalid`` signed by nobody but itself, and its key."""
    folder = tmp_path_factory.mktemp("authority")
    certificate, key = folder / "ca.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=publisher.invalid", "-addext", "subjectAltName=DNS:publisher.invalid",
         "-keyout", str(key), "-out", str(certificate)],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return certificate, key


@pytest.fixture
def secure(publisher: Publisher, authority: tuple[Path, Path]) -> Publisher:
    """The publisher on localhost, speaking TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority)
    server = publisher._server
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    publisher.on("/data", json_reply(b"{}"))
    return publisher


@pytest.fixture
def proxy(secure: Publisher, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    opened = Proxy(int(secure.host.rpartition(":")[2]))
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", opened.url)
    yield opened
    opened.stop()


@needs_openssl
async def test_a_publisher_is_reached_through_the_proxy_with_ones_own_authority(
    proxy: Proxy, secure: Publisher, authority: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority[0]))
    async with HttpClient(QUICK, {"publisher.invalid": 1}) as client:
        reply = await client.get(Request("https://publisher.invalid/data"))
    assert reply.body == b"{}"
    assert proxy.asked == ["CONNECT publisher.invalid:443 HTTP/1.1"]
    assert secure.paths() == ["/data"]


@needs_openssl
async def test_an_authority_nobody_named_is_not_trusted(
    proxy: Proxy, secure: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    async with HttpClient(QUICK, {"publisher.invalid": 1}) as client:
        with pytest.raises(Rejected, match="SSL_CERT_FILE names your own CA") as raised:
            await client.get(Request("https://publisher.invalid/data"))
    assert raised.value.code == "tls_failure"
    assert secure.paths() == []


async def test_a_proxy_that_refuses_is_named(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = Proxy(1, refuse=True)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    async with HttpClient(QUICK, {"publisher.invalid": 1}) as client:
        with pytest.raises(Retriable, match="the proxy refuses") as raised:
            await client.get(Request("https://publisher.invalid/data"))
    proxy.stop()
    assert raised.value.code == "proxy_failure"


async def test_hosts_may_be_left_out(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    publisher.on("/data", json_reply(b"{}"))
    async with HttpClient(QUICK, {publisher.host: 1}) as client:
        assert (await client.get(Request(f"{publisher.url}/data"))).body == b"{}"
