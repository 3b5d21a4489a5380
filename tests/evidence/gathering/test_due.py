"""When a series is asked for again: so many days after it was received, later where asking failed."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.database import runs, vintages
from dashboard.evidence.database.engine import open_engine
from dashboard.evidence.gathering.plan import GatheringChoice, Planned, list_publishers, plan
from dashboard.evidence.gathering.run import gather
from dashboard.evidence.gathering.schedule.due import LONGEST_WAIT, find_next_due, group_by_series, pause, select_due
from dashboard.settings import Settings

BEGAN = datetime(2026, 3, 1, tzinfo=UTC)
WAIT = timedelta(days=90)
RECEIVED = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def planned() -> Planned:
    (one,) = plan(load_codebook(), list_publishers(Settings()), GatheringChoice(("world_bank",), ("internet_users",)))
    return one


def outcome(planned: Planned, failures: int = 0, tried: datetime = RECEIVED) -> dict[tuple[str, str, str], object]:
    """What the record says of the series, as it names it."""
    key = planned.link.source, planned.link.series, planned.metric.id
    return {key: {"last_success_at": RECEIVED, "failures": failures, "retrieved_at": tried}}


def test_a_series_is_due_when_its_wait_is_over(planned: Planned) -> None:
    standing = outcome(planned)
    assert find_next_due(planned, standing, BEGAN) == RECEIVED + WAIT
    assert select_due([planned], standing, BEGAN, RECEIVED + WAIT - timedelta(seconds=1)) == []
    assert select_due([planned], standing, BEGAN, RECEIVED + WAIT) == [planned]


def test_a_series_waits_as_its_own_database_says() -> None:
    (wgi,) = plan(load_codebook(), list_publishers(Settings()), GatheringChoice(("world_bank",), ("wgi_cc",)))
    assert find_next_due(wgi, outcome(wgi), BEGAN) == RECEIVED + timedelta(days=30)


def test_a_series_never_received_counts_from_the_beginning(planned: Planned) -> None:
    assert find_next_due(planned, {}, BEGAN) == BEGAN + WAIT


def test_a_publisher_that_fails_is_left_alone_longer_and_longer(planned: Planned) -> None:
    late = RECEIVED + timedelta(days=200)
    waits = [find_next_due(planned, outcome(planned, n, late), BEGAN) - late for n in (1, 2, 3, 30)]
    assert waits == [timedelta(hours=1), timedelta(hours=2), timedelta(hours=4), LONGEST_WAIT]
    assert pause(10**6) == LONGEST_WAIT


def test_a_failure_before_the_time_brings_nothing_forward(planned: Planned) -> None:
    assert find_next_due(planned, outcome(planned, 1, RECEIVED + timedelta(days=2)), BEGAN) == RECEIVED + WAIT


@pytest.mark.long
async def test_nothing_is_due_at_a_first_start_and_nobody_is_asked(embedded_settings: Settings, tmp_path: Path) -> None:
    """The newest embedded dataset counts as received on its own date."""
    nowhere = {name: {"base_url": "http://127.0.0.1:1"} for name in ("world_bank", "un_sdg", "owid", "undata")}
    open_engine(embedded_settings).dispose()
    shutil.copytree(embedded_settings.data_dir, tmp_path, dirs_exist_ok=True)
    settings = Settings(data_dir=tmp_path, database_url=None, sources=nowhere)
    *_, newest = vintages.list_vintages(open_engine(settings))
    chosen = [
        one for one in plan(load_codebook(), list_publishers(settings), GatheringChoice()) if one.source.info.askable
    ]
    standing = group_by_series(runs.read_last_outcomes(open_engine(settings)))
    assert min(find_next_due(one, standing, newest.created_at) for one in chosen) >= newest.created_at + timedelta(
        days=1
    )
    if datetime.now(UTC) < newest.created_at + timedelta(days=1):
        summary = await gather(settings, load_codebook(), GatheringChoice(due=True))
        assert (summary.verdicts, summary.run) == ((), None)
        assert summary.next_due is not None


@pytest.mark.parametrize(("failures", "hours"), [(1, 1), (2, 2), (8, 128), (9, 168), (10, 168), (10**6, 168)])
def test_the_pause_doubles_up_to_a_week(failures: int, hours: int) -> None:
    assert pause(failures) == timedelta(hours=hours)


def test_a_series_that_has_only_failed_counts_from_the_beginning(planned: Planned) -> None:
    (key,) = outcome(planned)
    early, late = BEGAN + timedelta(days=1), BEGAN + WAIT
    for tried, due in ((early, late), (late, late + timedelta(hours=2))):
        never = {key: {"last_success_at": None, "failures": 2, "retrieved_at": tried}}
        assert find_next_due(planned, never, BEGAN) == due
