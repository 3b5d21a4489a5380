"""What is built is served again only when nothing it depends on has changed, and as long as anybody serves it."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dashboard.interfaces.pages.shell import build as plugins
from dashboard.operations.cli import frontend
from dashboard.settings import Settings

PLAIN = Settings(_env_file=None)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("REFLEX_WEB_WORKDIR", raising=False)
    for name, text in (
        ("rxconfig.py", "1"),
        ("dashboard/interfaces/pages/a.py", "a"),
        ("assets/base.css", "b"),
        (".web/build/server/index.js", "render"),
        (".web/build/client/404.html", "first"),
        (".web/backend/stateful_pages.json", "[]"),
        (".web/routes.json", "[]"),
        (".web/reflex.json", "{}"),
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    frontend.keep_build(tmp_path, frontend.compute_stamp(tmp_path, PLAIN))
    return tmp_path


def built(tree: Path, configured: Settings = PLAIN) -> bool:
    return frontend.is_built(tree, frontend.compute_stamp(tree, configured))


def pages(tree: Path) -> list[str]:
    """What the builds that are there have written, the newest last."""
    kept = tree.glob(".web/builds/*/build/client/404.html")
    return [file.read_text() for file in sorted(kept, key=lambda file: file.stat().st_mtime)]


def build(tree: Path, says: str, wanted: str) -> None:
    """Build other pages under another stamp, as the builder does."""
    (tree / ".web/build/client/404.html").write_text(says)
    frontend.keep_build(tree, wanted * 64)


@contextmanager
def serving(tree: Path, wanted: str) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that serves a build."""
    code = (
        "import sys, pathlib; from dashboard.operations.cli import frontend\n"
        "with frontend.hold_build(pathlib.Path(sys.argv[1]), sys.argv[2]): print('up', flush=True); sys.stdin.read()"
    )
    server = subprocess.Popen(
        [sys.executable, "-c", code, str(tree), wanted],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=frontend.ROOT,
    )
    with server:
        assert server.stdout.readline() == b"up\n"
        yield server
        server.kill()


def test_the_same_tree_is_built(tree: Path) -> None:
    assert built(tree)
    folder = frontend.get_build_folder(tree, frontend.compute_stamp(tree, PLAIN))
    assert {path.name for path in folder.iterdir()} == {"in-use", "build", "backend", "routes.json", "reflex.json"}
    assert {path.name for path in (folder / "build").iterdir()} == {"client", "server"}


@pytest.mark.parametrize("settled", [{"port": 3001}, {"public_url": "https://monitor.example"}])
def test_another_port_or_address_is_the_same_build(tree: Path, settled: dict[str, object]) -> None:
    assert built(tree, Settings(_env_file=None, **settled))


def test_a_build_leaves_those_of_others_as_they_are(tree: Path) -> None:
    build(tree, "second", "2")
    assert pages(tree) == ["first", "second"]
    assert built(tree)


def test_old_builds_go_but_never_one_that_is_served(tree: Path) -> None:
    with serving(tree, frontend.compute_stamp(tree, PLAIN)) as server:
        for number in range(2, 9):
            build(tree, str(number), str(number))
        assert pages(tree)[0] == "first"
        assert pages(tree)[1:] == ["5", "6", "7", "8"]  # what was just built, and three that nobody uses
        server.kill()  # the system gives its lock back
        server.wait()
        build(tree, "9", "9")
    assert pages(tree) == ["6", "7", "8", "9"]


def test_a_build_used_again_is_not_the_oldest(tree: Path) -> None:
    for number in range(2, 5):
        build(tree, str(number), str(number))
    with frontend.hold_build(tree, frontend.compute_stamp(tree, PLAIN)):
        pass
    build(tree, "5", "5")
    assert pages(tree) == ["first", "3", "4", "5"]


def test_pages_are_built_anew_where_they_are_gone_or_the_tree_has_changed(tree: Path) -> None:
    asked: list[str] = []

    def started(_: list[str], settled: dict[str, str]) -> "subprocess.Popen[bytes]":
        asked.append(settled[frontend.STAMP_VARIABLE])
        return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)

    for_this = frontend.BuiltPages(tree, PLAIN, started)
    first = for_this.request_build()
    assert (asked, for_this.are_built()) == ([], True)
    (tree / "rxconfig.py").write_text("2")
    second = for_this.request_build()
    assert (asked, for_this.are_built()) == ([second], False)
    for_this.request_build()
    assert asked == [second]  # it is being built
    for_this.builders[0].kill()
    for_this.builders[0].wait()
    for_this.request_build()
    assert asked == [second, second]  # whoever built it is dead
    frontend.keep_build(tree, second)
    assert for_this.are_built()
    for number in range(10):
        build(tree, str(number), f"{number}x")
    assert frontend.is_built(tree, first)
    assert frontend.is_built(tree, second)
    for_this.let_go()
    assert for_this.builders == []


def test_pages_ask_the_origin_they_came_from(tmp_path: Path) -> None:
    at = plugins.BUILT_FOR.removeprefix("http")
    script = tmp_path / "assets/reflex-env-AbC.js"
    script.parent.mkdir()
    script.write_text(f"var e={{PING:`http{at}/ping`,EVENT:`ws{at}/_event`,TRANSPORT:`websocket`}};export{{e as t}};")
    plugins._use_own_origin(tmp_path)
    assert script.read_text() == (
        "var e={PING:location.origin+`/ping`,EVENT:location.origin.replace(/^http/,`ws`)+`/_event`,"
        "TRANSPORT:`websocket`};export{e as t};"
    )
    (tmp_path / "assets/other.js").write_text(f"fetch('http{at}/ping')")
    with pytest.raises(RuntimeError, match=r"other\.js"):
        plugins._use_own_origin(tmp_path)


@pytest.mark.parametrize(
    "name", ["dashboard/interfaces/pages/a.py", "assets/base.css", "dashboard/locales/new.toml", "rxconfig.py"]
)
def test_a_changed_or_new_file_asks_for_a_build(tree: Path, name: str) -> None:
    path = tree / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("changed")
    assert not built(tree)


def test_the_mark_of_training_asks_for_a_build_wherever_it_is_set(tree: Path) -> None:
    (tree / ".env").write_text("MONITOR_TRAINING=true")
    assert not built(tree, configured=Settings(_env_file=tree / ".env"))


def test_one_builds_at_a_time(tree: Path) -> None:
    order: list[str] = []

    def build() -> None:
        with frontend.lock_builds(tree):
            order.append("second")

    with frontend.lock_builds(tree):
        other = threading.Thread(target=build)
        other.start()
        other.join(0.1)
        order.append("first")
    other.join()
    assert order == ["first", "second"]


def test_a_build_that_was_cut_off_is_none(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copied = frontend.shutil.copytree

    def killed(source: Path, target: Path) -> None:
        if source.name == "client":
            raise KeyboardInterrupt
        copied(source, target)

    (tree / "rxconfig.py").write_text("2")
    wanted = frontend.compute_stamp(tree, PLAIN)
    with monkeypatch.context() as patched:
        patched.setattr(frontend.shutil, "copytree", killed)
        with pytest.raises(KeyboardInterrupt):
            frontend.keep_build(tree, wanted)
    assert not built(tree)
    frontend.keep_build(tree, wanted)
    assert built(tree)


def test_a_build_that_was_removed_is_none(tree: Path) -> None:
    for page in tree.glob(".web/builds/*/build/client/404.html"):
        page.unlink()
    assert not built(tree)
    frontend.keep_build(tree, frontend.compute_stamp(tree, PLAIN))
    assert built(tree)


def test_what_python_compiles_is_kept_where_it_may_be_written(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {"PYTHONDONTWRITEBYTECODE": "1"}
    frontend.keep_compiled(tree, environment)
    assert environment == {}
    monkeypatch.setattr(frontend.os, "access", lambda path, _: path != tree / "dashboard")
    frontend.keep_compiled(tree, environment)
    assert environment == {"PYTHONPYCACHEPREFIX": str(tree / ".web/compiled")}


def test_a_build_leaves_the_checkout_as_it_was(tree: Path) -> None:
    lock = tree / "reflex.lock" / "package.json"
    lock.parent.mkdir()
    committed = (frontend.ROOT / "reflex.lock/package.json").read_text(encoding="utf-8")
    lock.write_text(json.dumps(json.loads(committed), indent=2) + "\n", encoding="utf-8")  # as Bun writes it
    frontend.tidy_lockfile(tree)
    assert lock.read_text(encoding="utf-8") == committed
