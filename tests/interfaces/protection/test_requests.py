"""Nothing the product raises reaches the server below: a fault is one line and a plain 500, who has left is none."""

import logging
from typing import Any

import pytest
from starlette.requests import ClientDisconnect

from dashboard.interfaces.protection.requests import MAX_PATH_CHARS, client_address, contain_errors, log_once

SCOPE = {"type": "http", "method": "POST", "path": "/x" * 500, "client": ("10.0.0.1", 5), "headers": []}


async def asked(app: Any, **more: Any) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    await contain_errors(app)({**SCOPE, **more}, receive, send)
    return sent


async def test_a_fault_is_told_once_and_answered(caplog: pytest.LogCaptureFixture) -> None:
    async def app(*_: Any) -> None:
        assert client_address.get() == "10.0.0.1"
        raise KeyError("so and so")

    start, body = await asked(app)
    assert (start["status"], body["body"]) == (500, b"Internal Server Error")
    assert client_address.get() == ""
    (line,) = caplog.records
    assert line.levelno == logging.ERROR
    assert line.exc_info is not None
    assert line.getMessage() == f"POST {'/x' * (MAX_PATH_CHARS // 2)} failed"
    assert MAX_PATH_CHARS == 200


async def test_what_is_answered_or_told_already_is_not_again(caplog: pytest.LogCaptureFixture) -> None:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 500, "headers": []})
        error = KeyError("so and so")
        log_once(error, "this")
        raise error

    assert len(await asked(app)) == 1
    assert [line.getMessage() for line in caplog.records] == ["this failed"]


async def test_who_leaves_before_all_is_said_is_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    async def app(*_: Any) -> None:
        raise ClientDisconnect

    assert await asked(app) == []
    assert caplog.records == []


async def test_a_websocket_that_fails_is_closed(caplog: pytest.LogCaptureFixture) -> None:
    async def app(*_: Any) -> None:
        raise KeyError("so and so")

    assert await asked(app, type="websocket") == [{"type": "websocket.close", "code": 1011}]
    assert len(caplog.records) == 1


async def test_an_aborted_form_is_no_error_of_the_api(caplog: pytest.LogCaptureFixture) -> None:
    """It was two tracebacks: ours, and the server's."""
    from dashboard.interfaces.desk.site import build

    api = build()

    async def form(request: Any) -> None:
        await request.form()

    api.add_route("/form", form, methods=["POST"])
    head = [(b"content-type", b"application/x-www-form-urlencoded"), (b"content-length", b"100")]
    sent = await asked(api, path="/form", headers=head, query_string=b"", server=("localhost", 80), scheme="http")
    assert sent[0]["status"] == 400
    assert caplog.records == []
