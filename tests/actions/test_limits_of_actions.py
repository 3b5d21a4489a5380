"""Every rule of decisions that has a limit: exactly at it, one below and one above."""

from datetime import UTC, date, datetime, timedelta

import pytest

from dashboard.actions.model import FigureReading
from dashboard.actions.signals import LEAST_UP, LOOKED_BACK, SPANS, SignalContext, measure, signals
from dashboard.actions.views import shown_reading
from dashboard.delivery.metrics import APART, LEAST, RECENT, shifted
from dashboard.delivery.model import Centre, CentreReport, Told
from dashboard.voice.tables import VoiceCount

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


@pytest.mark.parametrize(("over", "called"), [(-1, False), (0, False), (1, True)])
def test_an_outage_is_less_than_99_per_cent_of_a_month(over: int, called: bool) -> None:
    assert LEAST_UP == 99.0
    limit = round(MINUTES * (100 - LEAST_UP) / 100)
    assert kinds(known([up(OCTOBER, limit + over)]), "down") == ([("a", "2026-10")] if called else [])


@pytest.mark.parametrize(("back", "called"), [(LOOKED_BACK - 2, True), (LOOKED_BACK - 1, True), (LOOKED_BACK, False)])
def test_an_outage_calls_for_a_decision_for_half_a_year(back: int, called: bool) -> None:
    month = shifted(OCTOBER, -back)
    found = kinds(known([up(OCTOBER, 0), up(month, 900)]), "down")
    assert found == ([("a", f"{month:%Y-%m}")] if called else [])


@pytest.mark.parametrize(
    ("opened", "closed", "called"),
    [
        (None, None, True),
        (OCTOBER, None, True),
        (OCTOBER + timedelta(days=1), None, False),  # it has not been open for the whole month
        (None, OCTOBER, False),
        (None, OCTOBER + timedelta(days=1), True),
        (None, OCTOBER - timedelta(days=1), False),
    ],
)
def test_a_working_centre_that_sent_nothing_is_silent(opened: date | None, closed: date | None, called: bool) -> None:
    centre = Centre("s", "UGA", "S", date(2020, 1, 1), opened=opened, closed=closed)
    found = kinds(known([up(OCTOBER, 0)], {"s": [centre], "a": [Centre("a", "UGA", "A", date(2020, 1, 1))]}), "silent")
    assert found == ([("s", "2026-10")] if called else [])


def completed(month: date, done: int, of: int = 1_000) -> CentreReport:
    return CentreReport("a", "id", "counter", month, {"started": of, "completed": done})


@pytest.mark.parametrize(("fallen_since", "called"), [(RECENT, True), (RECENT + APART, False)])
def test_a_fall_is_seen_between_three_months_and_three_half_a_year_before(fallen_since: int, called: bool) -> None:
    rows = [
        completed(shifted(OCTOBER, -back), 500 if back < fallen_since else 900) for back in range(RECENT + YEAR_ + 1)
    ]
    found = kinds(known(rows), "fell")
    assert found == ([("a", "2026-10")] if called else [])


YEAR_ = 12


@pytest.mark.parametrize(("n", "called"), [(LEAST - 1, False), (LEAST, True), (LEAST + 1, True)])
def test_a_fall_of_fewer_than_thirty_calls_for_nothing(n: int, called: bool) -> None:
    rows = [completed(OCTOBER, 0, n), completed(shifted(OCTOBER, -APART), 1_000)]
    assert kinds(known(rows), "fell") == ([("a", "2026-10")] if called else [])


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
    assert reading is not None
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
    found = kinds(known([], counts=counts), "rose")
    assert found == ([("a", f"{rose:%Y-%m}")] if called else [])
