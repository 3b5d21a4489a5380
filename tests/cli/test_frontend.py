"""What is built is served again only when nothing it depends on has changed."""

import json
import threading
from pathlib import Path

import pytest

from dashboard.cli import frontend
from dashboard.settings import Settings

PLAIN = Settings(_env_file=None)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("REFLEX_WEB_WORKDIR", raising=False)
    for name, text in (
        ("rxconfig.py", "1"),
        ("dashboard/pages/a.py", "a"),
        ("assets/base.css", "b"),
        (".web/build/client/404.html", ""),
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    frontend.remember(tmp_path, frontend.stamp(tmp_path, 3000, PLAIN))
    return tmp_path


def built(tree: Path, port: int = 3000, configured: Settings = PLAIN) -> bool:
    return frontend.is_built(tree, frontend.stamp(tree, port, configured))


def test_the_same_tree_and_port_are_built(tree: Path) -> None:
    assert built(tree)


def test_another_port_is_another_build(tree: Path) -> None:
    assert not built(tree, 3001)


@pytest.mark.parametrize(
    "name", ["dashboard/pages/a.py", "assets/base.css", "dashboard/locales/new.toml", "rxconfig.py"]
)
def test_a_changed_or_new_file_asks_for_a_build(tree: Path, name: str) -> None:
    path = tree / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("changed")
    assert not built(tree)


@pytest.mark.parametrize("line", ["MONITOR_PUBLIC_URL=https://monitor.example", "MONITOR_TRAINING=true"])
def test_another_address_or_mark_asks_for_a_build_wherever_it_is_set(tree: Path, line: str) -> None:
    (tree / ".env").write_text(line)
    assert not built(tree, configured=Settings(_env_file=tree / ".env"))


def test_behind_a_proxy_processes_share_a_build(tree: Path) -> None:
    public = Settings(_env_file=None, public_url="https://monitor.example")
    assert frontend.stamp(tree, 3000, public) == frontend.stamp(tree, 3001, public)


def test_one_builds_at_a_time(tree: Path) -> None:
    order: list[str] = []

    def build() -> None:
        with frontend.alone(tree):
            order.append("second")

    with frontend.alone(tree):
        other = threading.Thread(target=build)
        other.start()
        other.join(0.1)
        order.append("first")
    other.join()
    assert order == ["first", "second"]


def test_a_build_that_was_cut_off_is_none(tree: Path) -> None:
    (tree / "rxconfig.py").write_text("2")
    frontend.forget(tree)  # the builder begins, and is killed
    (tree / "rxconfig.py").write_text("1")
    assert not built(tree)


def test_a_build_that_was_removed_is_none(tree: Path) -> None:
    (tree / ".web/build/client/404.html").unlink()
    assert not built(tree)


def test_a_build_leaves_the_checkout_as_it_was(tree: Path) -> None:
    lock = tree / "reflex.lock" / "package.json"
    lock.parent.mkdir()
    committed = (frontend.ROOT / "reflex.lock/package.json").read_text(encoding="utf-8")
    lock.write_text(json.dumps(json.loads(committed), indent=2) + "\n", encoding="utf-8")  # as Bun writes it
    frontend.tidy(tree)
    assert lock.read_text(encoding="utf-8") == committed
