"""What the machine lacks is skipped where a person tests, and fails on CI; a Redis database is one test's alone."""

import pytest
import redis

from tests import needs


class Item:
    """A test that needs a program which no machine has."""

    def iter_markers(self, name: str) -> list[pytest.Mark]:
        assert name == "needs"
        return [pytest.mark.needs("python3", "no-such-program").mark]


@pytest.mark.parametrize(("setting", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)])
def test_a_missing_program_skips_and_fails_on_ci(
    setting: str, outcome: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", setting)
    with pytest.raises(outcome, match="no no-such-program"):
        needs.pytest_runtest_setup(Item())  # type: ignore[arg-type]


def test_two_tests_at_once_have_two_databases(redis_url: str) -> None:
    with redis.Redis.from_url(needs.REDIS) as server:
        lock, number = needs._taken(server)
        lock.release()
    assert number in needs.DATABASES
    assert not redis_url.endswith(f"/{number}")
