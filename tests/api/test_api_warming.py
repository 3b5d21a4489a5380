"""After the start, what first visitors would wait for is done; without a dataset it waits and harms nobody."""

import asyncio

import pytest
from starlette.types import Message, Receive, Scope, Send

from dashboard.api import warming
from dashboard.services.context import context


@pytest.mark.usefixtures("embedded")
async def test_every_piece_of_the_first_language_can_be_done() -> None:
    done = 0
    for piece in warming.pieces(context()):
        piece()
        done += 1
        if done > 12:
            break
    assert done > 12


@pytest.mark.usefixtures("unpublished")
async def test_it_waits_for_the_first_dataset_and_ends_when_cancelled() -> None:
    task = asyncio.create_task(warming.warm())
    await asyncio.sleep(0.05)
    assert not task.done()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.usefixtures("handmade")
async def test_a_failing_piece_is_logged_and_ends_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(ctx: object) -> object:
        raise RuntimeError("no")

    monkeypatch.setattr(warming, "overview", broken)
    await warming.warm()
    assert "warming up was given up" in caplog.text


@pytest.mark.usefixtures("handmade")
async def test_while_somebody_asks_nothing_is_warmed(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(warming, "pieces", lambda _: [lambda: done.append("piece")])

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()

    async def message() -> Message:
        return {"type": "websocket.receive"}

    async def nothing(message: Message) -> None:
        raise AssertionError(message)

    asked = warming.noticing(answered)
    task = asyncio.create_task(warming.warm())
    for _ in range(8):
        await asked({"type": "websocket"}, message, nothing)
        await asyncio.sleep(warming.QUIET / 4)
        assert not done
    await asyncio.wait_for(task, 4 * warming.QUIET)
    assert done == ["piece"]


@pytest.mark.usefixtures("handmade")
async def test_where_somebody_always_asks_it_is_warmed_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(warming, "pieces", lambda _: [lambda: done.append("piece")])
    monkeypatch.setattr(warming, "LONGEST", 0.2)
    monkeypatch.setattr(warming.Visits, "quiet", lambda self: False)
    await asyncio.wait_for(warming.warm(), 5)
    assert done == ["piece"]
