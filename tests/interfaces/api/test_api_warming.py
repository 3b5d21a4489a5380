"""After the start, what first visitors would wait for is done; without a dataset it waits and harms nobody."""

import asyncio

import pytest

from dashboard.analysis.charts.registry import select_kinds
from dashboard.answers.base.context import open_context
from dashboard.answers.base.errors import NotReady
from dashboard.answers.charts.query import ChartQuery, list_kinds
from dashboard.interfaces.api import warming
from dashboard.locales import LANGUAGES
from tests.checks import all_of
from tests.given import raising


@pytest.mark.usefixtures("embedded")
async def test_every_piece_of_the_first_language_can_be_done() -> None:
    done = 0
    for piece in warming.list_pieces(open_context()):
        piece()
        done += 1
        if done > 12:
            break
    assert done > 12


@pytest.mark.usefixtures("embedded")
async def test_every_kind_is_drawn_in_every_language_of_numbers_and_where_there_are_of_yes_and_no(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A kind that needs a second indicator is not drawn by itself; none is drawn twice; readers come in between."""
    drawn: list[tuple[str, str, bool]] = []
    told: list[str] = []
    slept: list[float] = []

    def drawing(query: ChartQuery) -> None:
        drawn.append((query.ctx.lang, query.kind, open_context().book.metrics[query.metric].unit == "yes_no"))

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    pictures: list[ChartQuery] = []
    monkeypatch.setattr(warming.build, "compile_drawing", drawing)
    monkeypatch.setattr(warming.build, "draw_svg", pictures.append)
    monkeypatch.setattr(warming.search, "warm", lambda ctx: told.append(ctx.lang))
    monkeypatch.setattr(warming, "view_overview", lambda ctx: told.append(ctx.lang))
    monkeypatch.setattr(warming, "list_goals", lambda ctx: told.append(ctx.lang))
    estimates: list[str] = []
    monkeypatch.setattr(warming, "list_default_results", lambda ctx: estimates.append(ctx.lang))
    monkeypatch.setattr(warming.asyncio, "sleep", sleep)
    await warming.warm()
    ctx = open_context()
    tabs = {(kind, it.unit == "yes_no") for it in ctx.book.metrics.values() for kind in list_kinds(ctx, it)}
    further = {(kind.id, False) for kind in select_kinds("series").values() if not kind.tab and not kind.needs_second}
    assert further
    assert sorted(drawn) == sorted((lang, *shape) for lang in LANGUAGES for shape in tabs | further)
    assert {lang: told.count(lang) for lang in LANGUAGES} == dict.fromkeys(LANGUAGES, 3)
    assert [picture.kind for picture in pictures] == ["trend"]
    assert len(estimates) == 1
    assert len(slept) == len(drawn) + 2 * len(LANGUAGES) + 4, "a pause before every piece"
    assert all_of(0 < pause < 0.5 for pause in slept), "all of it is done within a minute or two"


@pytest.mark.usefixtures("unpublished")
async def test_it_looks_for_the_first_dataset_every_second_and_begins_when_there_is_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun, slept = [], []
    found = iter([NotReady("no"), NotReady("no"), "figures"])

    def context_() -> object:
        if isinstance(one := next(found), NotReady):
            raise one
        return one

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(warming, "open_context", context_)
    monkeypatch.setattr(warming, "list_pieces", lambda ctx: begun.append(ctx) or [])
    monkeypatch.setattr(warming.asyncio, "sleep", sleep)
    await warming.warm()
    assert (begun, slept) == (["figures"], [1, 1])


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
    monkeypatch.setattr(warming, "view_overview", raising(RuntimeError("no")))
    await warming.warm()
    assert "warming up was given up" in caplog.text
