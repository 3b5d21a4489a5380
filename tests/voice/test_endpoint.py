"""A language model that proposes themes: a real server on this machine, good, slow, lying, huge, down, elsewhere."""

import json
import logging
import socket
import time
from collections.abc import Callable

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from dashboard.settings import EndpointSettings
from dashboard.voice.inbox import Keyring
from dashboard.voice.model import THEMES
from dashboard.voice.proposals.asking import ask
from dashboard.voice.proposals.endpoint import MOST_BYTES, Endpoint, Reply, Unusable
from tests.voice.conftest import NOW
from tests.voice.model import Handler, Serve, body, drip, drip_heads, endpoint, good, hang, huge, packed, saying
from tests.voice.test_review import said


def test_a_theme_is_answered_and_the_request_holds_what_it_should(serve: Serve) -> None:
    model = serve(good)
    assert endpoint(model.url, key="s3cret").theme("növbə: the queue") == Reply("waiting")
    asked = json.loads(model.asked[0])
    assert (asked["model"], asked["temperature"], asked["stream"]) == ("small", 0, False)
    assert set(THEMES) <= set(asked["messages"][0]["content"].replace(";", " ").replace(":", " ").split())
    assert model.heads[0]["authorization"] == "Bearer s3cret"
    assert endpoint(model.url).theme("nothing of the kind") == Reply("", "no_theme")


@pytest.mark.parametrize(
    ("says", "trouble"),
    [
        (hang, "slow"),
        (drip, "slow"),
        (drip_heads, "slow"),
        (huge, "huge"),
        (packed, "nonsense"),
        (body(b"<html>Log in</html>"), "nonsense"),
        (body(b'{"choices": []}'), "nonsense"),
        (body(b'{"choices": [{"message": {"content": {"theme": "waiting"}}}]}'), "nonsense"),
        (body(b"[" * 60_000), "nonsense"),
        (body(b"\xff\xfe"), "nonsense"),
        (body(b"no", 500), "status"),
        (body(b"no", 401), "status"),
        (saying("queues"), "no_theme"),
        (saying("waiting, because the queue was long"), "no_theme"),
        (saying("Waiting"), "no_theme"),
        (saying(""), "no_theme"),
    ],
    ids=lambda one: getattr(one, "__name__", one),
)
def test_what_is_no_theme_is_no_answer_and_is_over_in_time(
    serve: Serve, says: Callable[[Handler, str], None], trouble: str
) -> None:
    model = serve(says)
    began = time.monotonic()
    assert endpoint(model.url, seconds=0.6 if trouble == "slow" else 30).theme("the queue") == Reply("", trouble)
    assert time.monotonic() - began < 20  # far less than a server that never ends, on a busy machine too


def test_no_more_than_the_bound_is_read(serve: Serve) -> None:
    fits = json.dumps({"choices": [{"message": {"content": "waiting"}}]}).encode()
    assert endpoint(serve(body(fits.ljust(MOST_BYTES))).url).theme("x") == Reply("waiting")
    assert endpoint(serve(body(fits.ljust(MOST_BYTES + 1))).url).theme("x") == Reply("", "huge")


def test_a_redirect_is_not_followed_and_nobody_listening_is_said(serve: Serve) -> None:
    other = serve(good)
    for status in (301, 307, 308):
        away = serve(lambda handler, _, to=status: handler.answer(b"", to, Location=f"{other.url}/chat/completions"))
        assert endpoint(away.url).theme("queue") == Reply("", "redirected")
    assert other.asked == []
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert endpoint(f"http://127.0.0.1:{port}/v1").theme("queue") == Reply("", "unreachable")


def test_no_proxy_of_the_environment_hears_it(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy, model = serve(good), serve(good)
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy.url.removesuffix("/v1"))
    assert endpoint(model.url).theme("queue") == Reply("waiting")
    assert proxy.asked == []


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "It is optional"),
        ("http://192.0.2.1/v1", "neither this machine nor in MONITOR_VOICE__ENDPOINT__HOSTS"),
        ("https://api.example.com/v1", "neither this machine nor in"),
        ("http://127.0.0.1.example.com/v1", "neither this machine nor in"),
        ("http://127.0.0.1@example.com/v1", "without a user"),
        ("http://localhost@192.0.2.1/v1", "without a user"),
        ("file:///etc/passwd", "write it like"),
        ("http://[::1/v1", "is no address"),
        ("http://127.0.0.1:x/v1", "is no address"),
        ("http://gpu.office.test/v1", "must begin with https://"),
        ("http://127.0.0.1/v1?x=1", "without a user"),
    ],
)
def test_only_this_machine_and_allowed_hosts_are_asked(url: str, words: str) -> None:
    with pytest.raises(Unusable, match=words.replace("?", r"\?")):
        endpoint(url, hosts=("gpu.office.test",))


def test_allowed_addresses_are_taken_and_a_model_must_be_named() -> None:
    for url in ("http://localhost:11434/v1", "http://[::1]:8000/v1/", "https://GPU.office.test/v1"):
        endpoint(url, hosts=("gpu.office.test",))
    with pytest.raises(Unusable, match="ENDPOINT__MODEL"):
        Endpoint(EndpointSettings(url="http://localhost/v1"))
    with pytest.raises(Unusable, match="ENDPOINT__KEY"):
        endpoint("http://localhost/v1", key="se\ncret")
    same = {endpoint("http://localhost/v1").version, endpoint("http://localhost/v1/").version}
    assert len(same) == 1
    assert endpoint("http://localhost:1/v1").version not in same


def test_the_key_is_in_no_log_and_no_word(
    serve: Serve, inbox: Engine, keys: Keyring, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    said(inbox, keys, ["the queue", "the clerk"])
    asked = endpoint(serve(body(b"", 500)).url, key="s3cretive")
    kept = ask(inbox, asked, 10, NOW)
    assert "s3cretive" not in caplog.text + repr(asked) + repr(vars(asked)["model"]) + kept.model_dump_json()
    assert "s3cretive" not in repr(EndpointSettings(key=SecretStr("s3cretive")))
