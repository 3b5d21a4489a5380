"""What stands in the way is named with what helps."""

from pathlib import Path

import pytest

from dashboard.operations.doctor import examine
from dashboard.settings import Settings


@pytest.mark.parametrize(
    ("redis_url", "marks"),
    [("", []), ("redis://127.0.0.1:1", [("bad", "Check MONITOR_REDIS_URL and that it runs")])],
)
def test_a_redis_that_is_gone_is_named(redis_url: str, marks: list[tuple[str, str]], tmp_path: Path) -> None:
    found = examine(Settings(_env_file=None, data_dir=tmp_path, redis_url=redis_url))
    said = [(one.mark, one.do.partition(":")[0]) for one in found if one.part == "redis"]
    assert said == marks
    assert all("could not be looked at" not in one.words for one in found)
