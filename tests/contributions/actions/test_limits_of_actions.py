"""Every rule of decisions that has a limit: exactly at it, one below and one above."""

from datetime import UTC, date, datetime

import pytest

from dashboard.contributions.actions.model import FigureReading
from dashboard.contributions.actions.signals import LOOKED_BACK, SPANS, SignalContext, measure, signals
from dashboard.contributions.actions.views import shown_reading
from dashboard.contributions.delivery.metrics import LEAST, RECENT, YEAR, shifted
from dashboard.contributions.delivery.model import Centre, CentreReport, Told
from dashboard.contributions.voice.tables import VoiceCount

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
OCTOBER = date(2026, 10, 1)
MINUTES = 10_000


def known(
    reports: list[CentreReport], centres: dict[str, list[Centre]] | None = None,
    people: list[CentreReport] | None = None, counts: tuple[VoiceCount, ...] = (),
) -> SignalContext:  # fmt: skip
    grouped: dict[str, list[CentreReport]] = {}
    for one in reports:
        grouped.setdefault(one.centre, []).append(one)
    return SignalContext(grouped, centres or {}, counts, OCTOBER, people or [])


def up(month: date, down: int, centre: str = "a") -> CentreReport:
    return CentreReport(
        centre,
        "id",
        "web",
        month,
        {"agreed_minutes": MINUTES, "planned_down_minutes": 0, "unplanned_down_minutes": down},
    )


def kinds(of: SignalContext, kind: str) -> list[tuple[str, str]]:
    return [(one.place, one.now.month) for one in signals(of) if one.kind == kind]


def completed(month: date, done: int, of: int = 1_000) -> CentreReport:
    return CentreReport("a", "id", "counter", month, {"started": of, "completed": done})


@pytest.mark.parametrize(("fallen_since", "called"), [(RECENT, True), (YEAR, True), (YEAR + RECENT, False)])
def test_a_fall_is_seen_until_the_same_months_of_the_year_before_are_fallen_too(
    fallen_since: int, called: bool
) -> None:
    rows = [completed(shifted(OCTOBER, -back), 500 if back < fallen_since else 900) for back in range(YEAR + RECENT)]
    assert kinds(known(rows), "fell") == ([("a", "2026-10")] if called else [])


@pytest.mark.parametrize(("sent", "same"), [(YEAR, False), (YEAR + 1, True)])
def test_thirteen_months_are_compared_with_the_year_before_and_twelve_with_half_a_year(sent: int, same: bool) -> None:
    """A season: the worst months come again, and half a year before them are the best."""
    low = {8, 9, 10}
    rows = [
        completed(month, 500 if month.month in low else 900)
        for month in (shifted(OCTOBER, -back) for back in range(sent))
    ]
    assert kinds(known(rows), "fell") == ([] if same else [("a", "2026-10")])


def test_a_fall_is_put_beside_the_same_months_alone_and_says_of_how_many_years() -> None:
    usual = {2025: 900, 2024: 880, 2023: 800}
    months = [shifted(OCTOBER, -back) for back in range(RECENT + 3 * YEAR)]
    rows = [completed(one, usual.get(one.year, 400) if one.month in (8, 9, 10) else 100) for one in months]
    (found,) = [one for one in signals(known(rows)) if one.kind == "fell"]
    assert (found.before.value, found.before.years, found.before.span, found.before.n) == (86.0, 3, 3, 9_000)
    assert (found.now.value, found.now.span) == (40.0, 3)


@pytest.mark.parametrize(("n", "called"), [(LEAST - 1, False), (LEAST, True), (LEAST + 1, True)])
def test_a_fall_of_fewer_than_thirty_calls_for_nothing(n: int, called: bool) -> None:
    rows = [completed(shifted(OCTOBER, -back), 900) for back in range(RECENT, YEAR + RECENT)]
    assert kinds(known([completed(OCTOBER, 0, n), *rows]), "fell") == ([("a", "2026-10")] if called else [])


@pytest.mark.parametrize(
    ("satisfied", "n", "state"),
    [
        (1_000, 1_000, "met"),
        (990, 1_000, "cannot_tell"),
        (900, 1_000, "not_met"),
        (299, 299, "met"),
        (298, 298, "cannot_tell"),
    ],
)
def test_a_promise_is_met_missed_or_cannot_be_told(satisfied: int, n: int, state: str) -> None:
    people = [CentreReport("", "", "counter", OCTOBER, told={"satisfaction": Told(satisfied, n, frozenset("a"))})]
    of = known([up(OCTOBER, 0)], people=people)
    reading = measure(of, "target", "", "satisfaction")
    assert (reading.state, reading.n, reading.batched) == (state, n, True)
    assert (kinds(of, "target") == []) == (state == "met")


@pytest.mark.parametrize("kind", sorted(SPANS))
def test_a_reading_of_people_from_before_the_rule_is_shown_no_more(kind: str) -> None:
    kept = FigureReading("2026-10", "value", 80.0, 70.0, 90.0, 40)
    assert shown_reading(kept, "satisfaction") == FigureReading("2026-10", "withheld")
    assert shown_reading(kept, "completion") == kept
    batched = FigureReading("2026-10", "value", 80.0, 70.0, 90.0, 40, batched=True)
    assert shown_reading(batched, "satisfaction") == batched


def theme(month: date, n: int, centre: str = "a") -> VoiceCount:
    return VoiceCount(
        release="r",
        country="UGA",
        centre=centre,
        month=month,
        theme="cost",
        n=n,
        transactions=100_000,
        published_at=NOW,
    )


@pytest.mark.parametrize(("back", "called"), [(LOOKED_BACK - 2, True), (LOOKED_BACK - 1, True), (LOOKED_BACK, False)])
def test_a_theme_that_rose_calls_for_a_decision_for_half_a_year(back: int, called: bool) -> None:
    months = [shifted(OCTOBER, -at) for at in range(back + 3)]
    rose = shifted(OCTOBER, -back)
    counts = tuple(theme(month, 2_000 if month >= rose else 500) for month in months)
    assert kinds(known([], counts=counts), "rose") == ([("a", f"{rose:%Y-%m}")] if called else [])
