"""Packages are installed while the pages are compiled: once, and a failure of npm is the build's."""

import pytest
from reflex.utils import js_runtimes

from dashboard.components.chart import VEGA
from dashboard.plugins import EarlyPackages


def test_the_first_of_many_pages_installs_what_the_pages_import(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[set[str]] = []
    monkeypatch.setattr(js_runtimes, "install_frontend_packages", lambda packages, _: asked.append(packages))
    plugin = EarlyPackages()
    for _ in range(3):
        plugin.eval_page(None)
    plugin.pre_compile()
    assert asked == [set(VEGA)]


def test_a_failed_installation_ends_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise SystemExit(1)

    monkeypatch.setattr(js_runtimes, "install_frontend_packages", fail)
    plugin = EarlyPackages()
    plugin.eval_page(None)
    with pytest.raises(SystemExit):
        plugin.pre_compile()


def test_what_compiles_nothing_installs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[set[str]] = []
    monkeypatch.setattr(js_runtimes, "install_frontend_packages", lambda packages, _: asked.append(packages))
    EarlyPackages().pre_compile()
    assert asked == []
