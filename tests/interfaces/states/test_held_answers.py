"""What one reader has asked is handed to the next without a thread, and is the same."""

from collections.abc import Callable
from typing import Any

import pytest
import reflex as rx

from dashboard.answers.base.cache import forget_older
from dashboard.answers.base.context import open_context
from dashboard.interfaces.pages.countries.state import CountriesState, CountryState
from dashboard.interfaces.pages.goals.state import GoalsState
from dashboard.interfaces.pages.indicator.state import IndicatorState
from dashboard.interfaces.pages.indicators.state import IndicatorsState
from dashboard.interfaces.pages.overview.page import OverviewState
from dashboard.interfaces.pages.shell.state import Shell
from tests.interfaces.states.arrival import arrived

pytestmark = pytest.mark.usefixtures("embedded")


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows with each question that is asked in a thread; nothing is kept before the first."""
    asked: list[str] = []
    real = rx.run_in_thread

    async def counted(question: Callable[[], Any]) -> Any:
        asked.append("asked")
        return await real(question)

    monkeypatch.setattr(rx, "run_in_thread", counted)
    forget_older("")
    forget_older(open_context().dataset.version)
    return asked


@pytest.mark.parametrize(
    ("kind", "path", "handler"),
    [
        (OverviewState, "/en/", "load"),
        (CountriesState, "/en/countries/", "load"),
        (CountryState, "/en/countries/AZE/", "load"),
        (GoalsState, "/en/goals/", "load"),
        (GoalsState, "/en/goals/16/", "load_goal"),
        (GoalsState, "/en/targets/16.5/", "load_target"),
        (IndicatorsState, "/en/indicators/", "load"),
    ],
)
def test_the_second_reader_needs_no_thread(kind: type[Shell], path: str, handler: str, threads: list[str]) -> None:
    first = arrived(kind, path, handler)
    assert (first.phase, len(threads)) == ("ready", 1)
    assert (arrived(kind, path, handler).dict(), len(threads)) == (first.dict(), 1)


def test_what_may_be_long_is_asked_in_a_thread(threads: list[str]) -> None:
    """The figures of an earlier day, what the record has to say, and what is not there."""
    day = {"as_of": open_context().today.isoformat()}
    asked: list[tuple[type[Shell], str, dict[str, str]]] = [
        (CountryState, "/en/countries/AZE/", day),
        (IndicatorState, "/en/indicators/wgi_cc/", {}),
        (CountryState, "/en/countries/ZZZ/", {}),
    ]
    for times, (kind, path, said) in enumerate([*asked, *asked], 1):
        arrived(kind, path, **said)
        assert len(threads) == times, path
