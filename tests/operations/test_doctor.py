"""What stands in the way is named with what helps."""

import re
from pathlib import Path

import pytest

from dashboard.operations.doctor import examine
from dashboard.settings import Settings, find_unknown_variables
from tests.checks import all_of

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("redis_url", "marks"),
    [("", []), ("redis://127.0.0.1:1", [("bad", "Check MONITOR_REDIS_URL and that it runs")])],
)
def test_a_redis_that_is_gone_is_named(redis_url: str, marks: list[tuple[str, str]], tmp_path: Path) -> None:
    found = examine(Settings(_env_file=None, data_dir=tmp_path, redis_url=redis_url))
    assert [(one.mark, one.do.partition(":")[0]) for one in found if one.part == "redis"] == marks
    assert all_of("could not be looked at" not in one.words for one in found)


def test_a_variable_that_is_no_setting_is_named_with_the_nearest_that_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("MONITOR_BACKUPKEY=word\n")
    monkeypatch.setenv("MONITOR_VOICE__KEYZ", "a")
    found = examine(Settings(_env_file=None, data_dir=tmp_path))
    said = {one.words: (one.mark, one.do) for one in found if "is no setting" in one.words}
    assert said == {
        "MONITOR_BACKUPKEY is no setting and does nothing": (
            "look",
            "Did you mean MONITOR_BACKUP_KEY? See docs/operator.md.",
        ),
        "MONITOR_VOICE__KEYZ is no setting and does nothing": (
            "look",
            "Did you mean MONITOR_VOICE__KEYS? See docs/operator.md.",
        ),
    }


def test_every_variable_of_the_manual_is_known_and_what_is_not_has_a_neighbour() -> None:
    manual = (ROOT / "docs" / "operator.md").read_text(encoding="utf-8")
    names = set(re.findall(r"\bMONITOR_[A-Z0-9_]*[A-Z0-9]\b(?!_|<|…)", manual))
    assert len(names) > 60
    assert find_unknown_variables(names) == {}
    known = ("MONITOR_SOURCES__EGDI__FILES__2024", "MONITOR_SOURCES__X__SITES", "monitor_port", "MONITOR_HTTP", "HOME")
    assert find_unknown_variables(known) == {}
    assert find_unknown_variables(("MONITOR_SOURCES__EGDI__BASEURL", "MONITOR_PORT__X", "MONITOR_QQQQQQQQQQQQ")) == {
        "MONITOR_PORT__X": "MONITOR_PORT",
        "MONITOR_QQQQQQQQQQQQ": "",
        "MONITOR_SOURCES__EGDI__BASEURL": "MONITOR_SOURCES__EGDI__BASE_URL",
    }


def test_a_dataset_that_is_there_and_cannot_be_read_is_not_said_to_come_by_itself(tmp_path: Path) -> None:
    current = tmp_path / "dataset" / "CURRENT"

    def said() -> list[tuple[str, str]]:
        found = examine(Settings(_env_file=None, data_dir=tmp_path))
        return [(one.mark, one.words + one.do) for one in found if one.part == "dataset"]

    assert [(mark, "The first start publishes one." in words) for mark, words in said()] == [("look", True)]
    current.mkdir(parents=True)
    words = f"{current} cannot be read (Is a directory): it must be a file that the account of the monitor may read."
    assert said() == [("bad", words)]
    current.rmdir()
    current.write_text("neither name nor hash")
    assert [(mark, "dataset publish" in words, "first start" in words) for mark, words in said()] == [
        ("bad", True, False)
    ]


def test_a_database_that_is_not_there_is_not_said_to_be_well(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    def said(folder: Path) -> list[tuple[str, str]]:
        found = examine(Settings(_env_file=None, data_dir=folder))
        return [(one.part, one.mark) for one in found if one.part in ("folder", "database")]

    assert said(tmp_path) == [("folder", "ok"), ("database", "look")]
    assert said(tmp_path / "file") == [("folder", "bad")]
