"""Webhooks: signed as the standard says, to public addresses alone, bounded, and told again until they take it."""

import base64
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import httpx
import pytest

from dashboard.accounts.model import Impossible
from dashboard.interfaces.subscriptions import signup, webhook
from dashboard.interfaces.subscriptions.webhook import MAX_BODY_BYTES, RETRY_WAITS, PostOutcome, post, sign, write_body
from dashboard.runtime import outbound
from tests.interfaces.subscriptions.conftest import NOW, Place, days, wgi
from tests.interfaces.subscriptions.test_following import rows

URL = "https://hooks.example.org/asan?key=1"


def test_the_signature_is_that_of_the_standard() -> None:
    """The example of the standard's own libraries."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    signed = sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert len(base64.b64decode(webhook.generate_secret().removeprefix("whsec_"))) == 32


def test_a_program_is_told_of_each_publication(place: Place) -> None:
    secret = place.follow(channel="webhook", to=URL)
    assert place.sweep() == 0
    place.publish(wgi("UGA", -0.98, "WGI 2026 edition"))
    assert place.sweep(NOW + timedelta(minutes=6)) == 1
    url, signed_with, name, body = place.told[-1]
    told = json.loads(body)
    assert (url, signed_with, told["type"]) == (URL, secret, "figures.changed")
    assert "." not in name
    kinds = ("revised", "new", "period", "loaded", "withdrawn", "status", "target", "claim")
    assert told["data"]["counts"] == {**dict.fromkeys(kinds, 0), "revised": 1}
    assert told["data"]["changes"][0]["after"] == "−0.98"
    assert "WGI 2026 edition" in told["data"]["changes"][0]["note"]
    assert place.sweep(NOW + timedelta(hours=1)) == 0
    signup.stop(place.settings, told["data"]["stop"].rpartition("/")[2])
    assert rows(place) == []


def test_a_program_that_fails_is_told_later_and_later_with_the_same_id_then_no_more(place: Place) -> None:
    place.follow(channel="webhook", to=URL)
    place.publish(wgi("UGA", -0.98))
    place.outcome = PostOutcome("failed", why="500")
    moment, waits = NOW + timedelta(minutes=6), []
    while rows(place):
        count = len(place.told)
        place.sweep(moment)
        if len(place.told) > count and waits is not None:
            waits.append(moment)
        moment += timedelta(minutes=5)
    assert len({name for _, _, name, _ in place.told}) == 1
    assert len({body for _, _, _, body in place.told if b"figures.changed" in body}) >= 1
    assert [later - earlier for earlier, later in pairwise(waits)] == list(RETRY_WAITS[:7])


def test_a_receiver_that_is_gone_is_forgotten_and_one_that_asks_to_wait_is_heard(place: Place) -> None:
    place.follow(channel="webhook", to=URL)
    place.publish(wgi("UGA", -0.98))
    place.outcome = PostOutcome("failed", timedelta(hours=3), "429")
    place.sweep(NOW + timedelta(minutes=6))
    assert place.sweep(NOW + timedelta(hours=3)) == 0
    place.outcome = PostOutcome("gone")
    assert place.sweep(NOW + timedelta(hours=3, minutes=7)) == 0
    assert rows(place) == []


@pytest.mark.parametrize(
    "typed",
    [
        "http://hooks.example.org/", "https://127.0.0.1/", "https://localhost/", "https://10.1.2.3/", "https://[::1]/",
        "https://169.254.169.254/latest/meta-data", "https://u:p@hooks.example.org/", "https://hooks.example.org:22/",
        "https://2130706433/", "https://0x7f.1/", "https://intranet/", "https://hooks.example.org/#x", "ftp://a.org/",
        "https://hooks.example.org/\r\nHost: x", f"https://hooks.example.org/{'a' * 1000}", "", "https://é.example.org/",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_refused(place: Place, typed: str) -> None:
    with pytest.raises(Impossible):
        place.ask(channel="webhook", to=typed)
    assert rows(place) == []


def test_one_host_gets_three_messages_to_confirm_whatever_the_path(place: Place) -> None:
    for at in range(9):
        place.ask(channel="webhook", to=f"https://hooks.example.org/{at}")
    assert place.sweep() == signup.MAX_REQUESTS


@pytest.mark.parametrize("answers", [["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["169.254.169.254"], ["fd00::1"]])
def test_a_name_that_leads_inside_is_not_told(monkeypatch: pytest.MonkeyPatch, answers: list[str]) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (one, 443)) for one in answers])
    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", lambda *_: pytest.fail("it was told"))
    assert outbound.ask(job()) == {"trouble": "not_public"}


def test_the_connection_goes_to_the_address_that_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    answers, asked = iter(["93.184.216.34", "127.0.0.1"]), []

    def carried(_: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        asked.append((request.method, request.url.host, request.headers["host"], request.read()))
        return httpx.Response(204, stream=httpx.ByteStream(b""))

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (next(answers), 443))])
    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", carried)
    assert outbound.ask(job())["status"] == 204
    assert asked == [("POST", "93.184.216.34", "hooks.example.org", b"{}")]


def job() -> dict[str, object]:
    return {"address": URL, "most": 100, "seconds": 5, "private": [], "content": b"{}", "headers": {"webhook-id": "m"}}


def answering(*parts: bytes) -> Callable[[socket.socket], None]:
    return lambda link: [link.sendall(part) for part in parts] and None


def trickling(link: socket.socket) -> None:
    link.sendall(b"HTTP/1.1 200 OK\r\n")
    for at in range(10**6):
        link.sendall(f"X-{at}: y\r\n".encode())
        threading.Event().wait(0.2)


def endless(link: socket.socket) -> None:
    link.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
    while True:
        link.sendall(b"x" * 65536)


@pytest.fixture
def receiver() -> Iterator[Callable[[Callable[[socket.socket], None]], tuple[str, list[bytes]]]]:
    """A server that reads one request whole and answers as it is told; gives its place and what it read."""
    listeners = []

    def started(answer: Callable[[socket.socket], None]) -> tuple[str, list[bytes]]:
        listener, read = socket.create_server(("127.0.0.1", 0)), []
        listeners.append(listener)

        def serve() -> None:
            with suppress(OSError):
                link, _ = listener.accept()
                with link, suppress(OSError):
                    whole = b""
                    while b"\r\n\r\n" not in whole or b'"end"' not in whole:
                        whole += link.recv(65536)
                    read.append(whole)
                    answer(link)

        threading.Thread(target=serve, daemon=True).start()
        return f"127.0.0.1:{listener.getsockname()[1]}", read

    yield started
    for listener in listeners:
        listener.close()


BODY = b'{"data": "end"}'


def test_what_is_sent_is_what_was_signed(receiver: Callable[..., tuple[str, list[bytes]]]) -> None:
    where, read = receiver(answering(b"HTTP/1.1 204 No Content\r\n\r\n"))
    secret = webhook.generate_secret()
    assert post(f"http://{where}/x", secret, "msg_1", BODY, NOW, [where]) == PostOutcome("taken")
    head, _, body = read[0].partition(b"\r\n\r\n")
    lines = {name.lower(): value for name, _, value in (line.partition(": ") for line in head.decode().split("\r\n"))}
    stamp = lines["webhook-timestamp"]
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.new(key, f"msg_1.{stamp}.".encode() + body, hashlib.sha256).digest()
    assert lines["webhook-signature"] == "v1," + base64.b64encode(mac).decode()
    assert (stamp, lines["webhook-id"], body) == (str(int(NOW.timestamp())), "msg_1", BODY)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (answering(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n"),
         PostOutcome("failed", why="302")),
        (answering(b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n"), PostOutcome("failed", why="500")),
        (answering(b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"), PostOutcome("gone", why="410")),
        (answering(b"HTTP/1.1 429 Slow\r\nRetry-After: 7200\r\nContent-Length: 0\r\n\r\n"),
         PostOutcome("failed", timedelta(hours=2), "429")),
        (answering(b"HTTP/1.1 503 Away\r\nRetry-After: 99999999\r\nContent-Length: 0\r\n\r\n"),
         PostOutcome("failed", timedelta(days=1), "503")),
        (answering(b"HTTP/1.1 503 Away\r\nRetry-After: soon\r\nContent-Length: 0\r\n\r\n"),
         PostOutcome("failed", why="503")),
        (endless, PostOutcome("failed", why="too_large")),
        (lambda link: link.close(), PostOutcome("failed", why="unreachable")),
    ],
)  # fmt: skip
def test_a_hostile_receiver_is_bounded_and_no_redirect_is_followed(
    receiver: Callable[..., tuple[str, list[bytes]]], answer: Callable[[socket.socket], None], outcome: PostOutcome
) -> None:
    where, _ = receiver(answer)
    assert post(f"http://{where}/x", webhook.generate_secret(), "msg_1", BODY, NOW, [where]) == outcome


def test_a_slow_reader_is_cut(
    receiver: Callable[..., tuple[str, list[bytes]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "TIMEOUT_S", 2)
    where, _ = receiver(trickling)
    began = datetime.now(UTC)
    assert post(f"http://{where}/x", webhook.generate_secret(), "msg_1", BODY, NOW, [where]).kind == "failed"
    assert datetime.now(UTC) - began < timedelta(seconds=20)


def test_an_address_that_is_not_https_is_not_told() -> None:
    assert post("http://hooks.example.org/", webhook.generate_secret(), "msg_1", BODY, NOW) == PostOutcome(
        "failed", why="not_public"
    )


def test_a_long_message_is_cut_to_size_and_stays_json() -> None:
    changes = [{"indicator": "x" * 100, "at": at} for at in range(1000)]
    body = write_body("figures.changed", NOW, {"follows": "x", "changes": changes})
    assert len(body) <= MAX_BODY_BYTES
    told = json.loads(body)
    assert 0 < len(told["data"]["changes"]) < 1000
    assert told["timestamp"] == "2026-03-04T09:00:00Z"


def test_an_unconfirmed_webhook_gets_one_message_with_the_way_to_confirm(place: Place) -> None:
    place.ask(channel="webhook", to=URL)
    place.sweep()
    place.publish(wgi("UGA", -0.98))
    place.sweep(NOW + days(1))
    assert [json.loads(body)["type"] for *_, body in place.told] == ["subscription.requested"]
