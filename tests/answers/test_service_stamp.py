"""The stamp of an answer: whatever its bytes are made by changes it, so that nobody keeps what is no longer said."""

from pathlib import Path
from typing import Any

import pytest

from dashboard.answers.base.context import open_context
from dashboard.answers.base.stamp import stamp
from dashboard.runtime import release
from dashboard.settings import Settings

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "name",
    [
        "data_sources/cpi/source.toml", "data_sources/registry.py", "dashboard/contributions/delivery/drawings.py",
        "dashboard/locales/en/ui.toml", "assets/world.json", "dashboard/answers/base/rows.py",
    ],
)  # fmt: skip
def test_other_words_licences_or_code_are_another_version(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before, read = release.code_version(), Path.read_bytes
    changed = ROOT / name
    assert changed.is_file()
    monkeypatch.setattr(Path, "read_bytes", lambda path: read(path) + (b" " if path == changed else b""))
    assert release.code_version.__wrapped__() != before


@pytest.mark.usefixtures("embedded")
def test_other_sites_of_a_publisher_are_another_stamp(monkeypatch: pytest.MonkeyPatch) -> None:
    ctx = open_context("en")
    before = stamp(ctx)
    sites: Any = {"open_sdg": {"sites": [{"id": "kaz", "title": "Another title"}]}}
    made = Settings(_env_file=None, sources=sites)
    monkeypatch.setattr("dashboard.answers.base.stamp.settings", lambda: made)
    assert stamp(ctx) != before
