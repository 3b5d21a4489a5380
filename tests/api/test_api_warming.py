"""After the start, what first visitors would wait for is done; without a dataset it waits and harms nobody."""

import asyncio

import pytest

from dashboard.api import warming
from dashboard.services.base.context import context


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
