"""The process that renders pages: slow, killed, busy and idle."""

import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from dashboard.runtime import renderer as renderer_module
from dashboard.runtime.renderer import SCRIPT, START_TIMEOUT_S, Renderer, RenderError

ROUTER = """
exports.createRequestHandler = (build) => async (request) => {
  const { pathname, search } = new URL(request.url);
  const state = globalThis.pageState;
  if (pathname === "/slow") await new Promise((done) => setTimeout(done, 1500));
  if (pathname === "/dies") process.exit(3);
  if (pathname === "/half") { require("fs").writeSync(1, '{"number": 1, "html": "<ma'); process.exit(3); }
  return new Response(`${pathname}${search} ${state.page?.name ?? ""} ${build.ssr}`);
};
"""
STATE = {"page": {"name": "Ouzbékistan\u2028</script>"}}
LARGE = {"page": {"name": "x" * 200_000}}
"""More than a pipe holds: one who writes it waits for the process."""


def write_build(tmp_path: Path) -> Path:
    """Write a server build with a router that answers with the address and its state; return what is run."""
    folder = tmp_path / "node_modules/react-router"
    folder.mkdir(parents=True)
    (folder / "index.js").write_text(ROUTER, encoding="utf-8")
    (folder / "package.json").write_text('{"name": "react-router", "main": "index.js"}', encoding="utf-8")
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (tmp_path / "index.js").write_text("export const ssr = false;", encoding="utf-8")
    return tmp_path / "index.js"


@pytest.fixture
def server(tmp_path: Path) -> Path:
    """A server build."""
    return write_build(tmp_path)


@pytest.fixture
def renderer(server: Path) -> Iterator[Renderer]:
    """A renderer that answers."""
    found = Renderer(server)
    found.render("/", {}, START_TIMEOUT_S)
    yield found
    found.close()


def list_processes() -> list[psutil.Process]:
    """Return the Node processes that this one has started and that live."""
    living = [child for child in psutil.Process().children() if child.status() != "zombie"]
    return [child for child in living if str(SCRIPT) in child.cmdline()]


def test_a_page_has_its_address_and_state_and_no_other_s(renderer: Renderer) -> None:
    assert renderer.render("/en/?a=b%20c", STATE) == f"/en/?a=b%20c {STATE['page']['name']} true"
    assert renderer.render("/fr/", {}) == "/fr/  true"
    assert not Renderer.has_failed


def test_pages_asked_for_at_once_are_not_mistaken(renderer: Renderer) -> None:
    pages: dict[int, str] = {}

    def ask(number: int) -> None:
        pages[number] = renderer.render(f"/{number}", {"page": {"name": f"<{number}>"}}, START_TIMEOUT_S)

    readers = [threading.Thread(target=ask, args=(number,)) for number in range(20)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert pages == {number: f"/{number} <{number}> true" for number in range(20)}
    assert len(list_processes()) == 1


def test_a_slow_page_is_given_up_and_the_next_one_is_its_own(renderer: Renderer) -> None:
    with pytest.raises(RenderError, match="/slow"):
        renderer.render("/slow", {}, 0.2)
    assert not Renderer.has_failed, "it is slow"
    (process,) = list_processes()
    assert renderer.render("/next", {}, START_TIMEOUT_S) == "/next  true"
    assert list_processes() == [process], "it is slow, not dead"


def test_one_that_was_killed_or_ends_is_replaced(renderer: Renderer) -> None:
    (process,) = list_processes()
    process.kill()
    process.wait(10)
    assert renderer.render("/after", {}, START_TIMEOUT_S) == "/after  true"
    with pytest.raises(RenderError):
        renderer.render("/dies", {}, START_TIMEOUT_S)
    assert Renderer.has_failed
    assert renderer.render("/again", {}, START_TIMEOUT_S) == "/again  true"


def test_one_whose_death_is_not_yet_known_fails_no_page(renderer: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    """``poll`` says that a process runs while another thread waits for its end."""
    (process,) = list_processes()
    alive = [None]
    known = subprocess.Popen.poll
    monkeypatch.setattr(subprocess.Popen, "poll", lambda self: alive.pop() if alive else known(self))
    process.kill()
    process.wait(10)
    assert renderer.render("/after", {}, START_TIMEOUT_S) == "/after  true"
    assert alive == []
    assert not Renderer.has_failed


def test_one_that_ends_within_a_page_has_answered_nobody(renderer: Renderer) -> None:
    began = time.monotonic()
    with pytest.raises(RenderError, match="ended"):
        renderer.render("/half", {}, START_TIMEOUT_S)
    assert time.monotonic() - began < START_TIMEOUT_S / 2
    assert renderer.render("/whole", {}, START_TIMEOUT_S) == "/whole  true"


def test_readers_meet_no_other_error_while_it_is_killed_again_and_again(renderer: Renderer) -> None:
    ended = threading.Event()

    def ask() -> int:
        pages = 0
        while not ended.is_set():
            with suppress(RenderError):
                pages += renderer.render("/page", LARGE, START_TIMEOUT_S).startswith("/page xxx")
        return pages

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(ask) for _ in range(4)]
        for _ in range(15):
            time.sleep(0.15)
            for process in list_processes():
                process.kill()
        ended.set()
        assert sum(reader.result() for reader in readers) > 4


def test_one_that_answers_nobody_is_replaced(renderer: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    (process,) = list_processes()
    process.suspend()
    monkeypatch.setattr(renderer_module, "START_TIMEOUT_S", 0.3)
    time.sleep(0.3)
    with pytest.raises(RenderError):
        renderer.render("/held", LARGE, 0.2)
    assert renderer.render("/fresh", {}, START_TIMEOUT_S) == "/fresh  true"


def test_no_more_wait_than_may(renderer: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renderer_module, "MAX_WAITING", 1)
    slow = threading.Thread(target=lambda: renderer.render("/slow", {}, START_TIMEOUT_S))
    slow.start()
    time.sleep(0.3)
    with pytest.raises(RenderError, match="waiting"):
        renderer.render("/next", {}, START_TIMEOUT_S)
    slow.join()
    assert renderer.render("/next", {}, START_TIMEOUT_S) == "/next  true"


def test_an_idle_one_ends_and_comes_back(server: Path) -> None:
    renderer = Renderer(server, idle_s=2.0)
    assert renderer.render("/one", {}, START_TIMEOUT_S) == "/one  true"
    until = time.monotonic() + 10
    while list_processes() and time.monotonic() < until:
        time.sleep(0.05)
    assert list_processes() == []
    assert renderer.render("/two", {}, START_TIMEOUT_S) == "/two  true"
    renderer.close()
