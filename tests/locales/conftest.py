"""Catalogues of the tests' own, in place of the product's."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dashboard.locales import catalogue

CACHED = (catalogue.list_areas, catalogue.load_messages, catalogue._find)


def _forget() -> None:
    for function in CACHED:
        function.cache_clear()


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], None]]:
    """Writes a catalogue into a folder that stands in for the product's: ``write("en/ui.toml", 'a = "A"')``."""
    monkeypatch.setattr(catalogue, "FOLDER", tmp_path)
    _forget()

    def _write(name: str, text: str) -> None:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
        _forget()

    yield _write
    _forget()
