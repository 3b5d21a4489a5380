"""Did it work: each verdict on hard examples, judged from what readers are told alone."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest

from dashboard.analysis.measures.counts.surveillance import (
    CHANGE_ALPHA,
    Differences,
    Scatter,
    compute_tail,
    judge_difference,
)
from dashboard.contributions.actions import store, workflow
from dashboard.contributions.actions.courses import same_months
from dashboard.contributions.actions.judging import Judgement, first_month, judge
from dashboard.contributions.actions.model import ActionError, FigureReading
from dashboard.contributions.actions.signals import SignalContext, known, signals
from dashboard.contributions.actions.tables import Decision
from dashboard.contributions.actions.views import decisions
from dashboard.contributions.delivery import store as delivery
from dashboard.contributions.delivery.metrics import shifted
from dashboard.contributions.delivery.model import Centre, CentreReport
from dashboard.evidence.database.engine import open_engine
from dashboard.locales import t
from dashboard.settings import Settings
from tests.accounts.conftest import Browser, browser, hasher, place, with_codes
from tests.contributions.actions.test_decisions import NOW, api, by
from tests.contributions.actions.test_limits import decision, kept
from tests.contributions.actions.test_limits_of_actions import theme, up

__all__ = ["api", "browser", "hasher", "place", "with_codes"]

RAISED = date(2026, 10, 1)
MAY = date(2027, 5, 1)


def completed(month: date, done: float, centre: str = "a", of: int = 1000) -> CentreReport:
    return CentreReport(centre, "id", "counter", month, {"started": of, "completed": round(done * of)})


def context(rows: Iterable[CentreReport], newest: date = MAY, counts: Any = ()) -> SignalContext:
    grouped: dict[str, list[CentreReport]] = {}
    for one in rows:
        grouped.setdefault(one.centre, []).append(one)
    return SignalContext(grouped, {}, tuple(counts), newest)


def course(later: float, fallen: float = 0.7, season: float = 0.0) -> list[CentreReport]:
    """90 per cent in 2024 to July 2026, ``fallen`` from then on, ``later`` from 2027 on; worse every spring."""
    rows = []
    for back in range(36):
        month = shifted(MAY, -back)
        share = later if month.year == 2027 else fallen if month >= date(2026, 8, 1) else 0.9
        rows.append(completed(month, share - (season if month.month in (3, 4, 5) else 0)))
    return rows


def fell(**given: Any) -> Decision:
    figure = FigureReading("2026-10", "value", 70, 69, 71, 3000).stored()
    held = {"kind": "fell", "metric": "completion", "month": "2026-10", "state": "taken_up", "shows": "2027-05"}
    held |= {"figure": figure}  # type: ignore[dict-item]
    return decision("a", **held | given)


@pytest.mark.parametrize(
    ("later", "verdict"),
    [(0.9, "worked"), (0.8, "worked"), (0.71, "no_change"), (0.7, "no_change"), (0.69, "no_change"), (0.6, "worse")],
)
@pytest.mark.parametrize("season", [0.0, 0.04])
def test_a_figure_that_fell_is_judged_in_its_season(later: float, verdict: str, season: float) -> None:
    """Improved by a point is within chance; in a season 4 points below autumn's the same verdicts stand."""
    found = judge(context(course(later, season=season)), fell())
    assert (found.verdict, found.reason, found.month) == (verdict, "", "2027-05")


def test_what_all_centres_gained_is_no_merit_of_one() -> None:
    rows = [
        replace(one, centre=code) for code in "abcdefghijkl" for one in course(0.8, fallen=0.7)
    ]  # fmt: skip
    assert judge(context(rows), fell()).verdict == "no_change"


@pytest.mark.parametrize(("beyond", "judged"), [(-1e-9, "unclear"), (0.0, "better"), (1e-9, "better")])
def test_a_limit_that_is_met_exactly_is_met(beyond: float, judged: str) -> None:
    from scipy.stats import t

    scatter = Scatter(0.0, 30)
    limit = float(t.isf(CHANGE_ALPHA, 10)) + beyond
    of = Differences(np.array([limit]), np.ones(1), np.ones(1))
    if not beyond:
        limit = next(
            one
            for one in np.linspace(limit, limit + 1e-9, 100)
            if compute_tail(np.array([-one]), scatter)[0] <= CHANGE_ALPHA
        )
        of = Differences(np.array([limit]), np.ones(1), np.ones(1))
    assert judge_difference(of, 0, scatter, higher_is_better=True) == judged
    assert judge_difference(of, 0, scatter, higher_is_better=False) == {"better": "worse"}.get(judged, judged)


def test_a_corrected_month_flips_the_verdict(place: Settings) -> None:
    database = open_engine(place)
    delivery.save_centres(database, [Centre("a", "AZE", "A", date(2020, 1, 1))])
    delivery.save_reports(database, "AZE", course(0.9), NOW)
    kept(place, fell(state="done", words="Two desks more", measure="Two desks"))
    june = datetime(2027, 6, 10, tzinfo=UTC)

    def told() -> tuple[str, bool]:
        (one,) = decisions(place, "AZE", "en", june)["decisions"]
        return one["verdict"], bool(one["against"])

    assert told() == ("worked", False)
    spring = [completed(date(2027, month, 1), 0.7) for month in (3, 4, 5)]
    delivery.save_reports(database, "AZE", spring, june)
    assert told() == ("no_change", True), "it was closed as done, and says that the figure does not show it"


async def test_programs_calendars_and_feeds_read_the_verdict(place: Settings, browser: Browser) -> None:
    delivery.save_centres(open_engine(place), [Centre("a", "AZE", "A", date(2020, 1, 1))])
    delivery.save_reports(open_engine(place), "AZE", [one for one in course(0.9) if one.month < date(2026, 11, 1)], NOW)
    kept(place, fell(measure="Two desks", shows="2029-05"))
    answer = (await browser.get("/api/v1/actions.json", params={"country": "aze"})).json()
    (one,) = answer["decisions"]
    assert (answer["country"], one["measure"], one["shows_month"]) == ("AZE", "Two desks", "2029-05")
    assert (one["verdict"], one["verdict_why"]) == (
        "cannot_tell",
        t("actions.verdict_why.not_yet", "en", month="May 2029"),
    )
    calendar = (await browser.get("/api/v1/actions.ics", params={"country": "AZE"})).text
    assert "DTSTART;VALUE=DATE:20290531" in calendar, "the last day of the month it should show in"
    assert one["verdict_why"] in (await browser.get("/api/v1/actions.atom", params={"country": "AZE"})).text
    page = (await browser.get("/actions/AZE/", params={"lang": "ar"})).text
    assert t("actions.verdict.cannot_tell", "ar") in page


def test_the_month_named_is_waited_for_and_then_judged_once(place: Settings) -> None:
    rows = [one for one in course(0.9) if one.month < MAY]
    assert judge(context(rows, date(2027, 4, 1)), fell()) == Judgement("cannot_tell", "not_yet", "2027-05")
    later = [*course(0.9), completed(date(2027, 6, 1), 0.1)]
    assert judge(context(later, date(2027, 6, 1)), fell()).verdict == "worked", "June is another month"


def test_a_decision_that_names_no_month_is_judged_from_the_first_without_a_month_of_what_raised_it() -> None:
    assert {first_month(kind, "2026-10") for kind in ("fell", "slower", "differs", "target")} == {"2027-01"}
    assert {first_month(kind, "2026-10") for kind in ("down", "silent", "rose")} == {"2026-11"}
    assert judge(context(course(0.9)), fell(shows="")).month == "2027-01"


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([one for one in course(0.9) if not date(2027, 3, 1) <= one.month], "not_reported"),
        ([completed(one.month, 0.9, of=9 if one.month.year == 2027 else 1000) for one in course(0.9)], "too_few"),
        ([one for one in course(0.9) if one.month >= date(2026, 8, 1)], "no_scatter"),
    ],
)
def test_nobody_can_tell_and_why(rows: list[CentreReport], reason: str) -> None:
    assert (found := judge(context([*rows, completed(MAY, 0.9, "b")]), fell())).verdict == "cannot_tell"
    assert found.reason == reason


def surveyed(month: date, satisfied: int, n: int) -> CentreReport:
    counts = {"satisfied_1": 0, "satisfied_2": n - satisfied, "satisfied_3": 0, "satisfied_4": satisfied, "answered": n}
    return CentreReport("a", "id", "counter", month, {"started": 500, "completed": 450, **counts})


def send(place: Settings, unhappy: dict[date, int]) -> SignalContext:
    """A centre of 100 answers a month; those not satisfied as given, else 30."""
    database = open_engine(place)
    delivery.save_centres(database, [Centre("a", "AZE", "A", date(2020, 1, 1))])
    for back in reversed(range(36)):
        month = shifted(MAY, -back)
        bad = unhappy.get(month, 30)
        now = datetime.combine(shifted(month, 1), datetime.min.time(), UTC)
        delivery.save_reports(database, "AZE", [surveyed(month, 100 - bad, 100)], now)
    return known(database, "AZE", date(2027, 6, 10))


SPRING = (date(2027, 3, 1), date(2027, 4, 1), date(2027, 5, 1))


def test_months_withheld_for_small_cells_cannot_be_told_and_give_nothing_away(place: Settings) -> None:
    """Three in each month are told with none of them: whoever they were, the page is the same to the letter."""
    shown = []
    row = fell(metric="satisfaction", figure=FigureReading("2026-10", "value", 70, 65, 75, 300, batched=True).stored())
    found = judge(send(place, dict.fromkeys(SPRING, 3)), row)
    assert (found.verdict, found.reason) == ("cannot_tell", "withheld")
    kept(place, row)
    june = datetime(2027, 6, 10, tzinfo=UTC)
    for few in ((3, 3, 3), (1, 2, 0), (0, 0, 9)):
        of = send(place, dict(zip(SPRING, few, strict=True)))
        assert judge(of, row) == found
        view = decisions(place, "AZE", "en", june)
        shown.append((view["decisions"], view["waiting"], [one.key for one in signals(of)]))
    assert shown[0] == shown[1] == shown[2]


def test_people_are_judged_once_ten_are_told(place: Settings) -> None:
    found = judge(send(place, dict.fromkeys(SPRING, 10)), fell(metric="satisfaction"))
    assert (found.verdict, found.reading and found.reading.batched) == ("worked", True)


@pytest.mark.parametrize(("down", "verdict"), [(100, "worked"), (101, "no_change"), (500, "no_change"), (501, "worse")])
def test_an_outage_is_over_at_exactly_99_per_cent(down: int, verdict: str) -> None:
    raised = FigureReading("2026-10", "value", 95.0).stored()
    row = decision("a", kind="down", metric="availability_reported", month="2026-10", shows="2027-05", figure=raised)
    assert judge(context([up(MAY, down)]), row).verdict == verdict
    assert judge(context([completed(MAY, 0.9)]), row).reason == "not_reported"


@pytest.mark.parametrize(("sent", "verdict"), [(True, "worked"), (False, "no_change")])
def test_a_silent_centre_has_sent_or_not(sent: bool, verdict: str) -> None:
    rows = [completed(MAY, 0.9, "b"), *([completed(MAY, 0.9)] if sent else [])]
    assert judge(context(rows), decision("a", shows="2027-05")).verdict == verdict


@pytest.mark.parametrize(
    ("n", "verdict"),
    [(500, "worked"), (1_900, "no_change"), (2_000, "no_change"), (3_000, "worse"), (None, "withheld")],
)
def test_a_theme_is_judged_by_the_ratio_of_both_months(n: int | None, verdict: str) -> None:
    counts = [theme(RAISED, 2_000), theme(MAY, n)]  # type: ignore[arg-type]
    row = decision("a", kind="rose", metric="cost", month="2026-10", shows="2027-05")
    found = judge(context([], MAY, counts), row)
    assert (found.reason or found.verdict) == verdict


@pytest.mark.parametrize(
    ("standing", "verdict"),
    [("overdue", "no_change"), ("published", "worked"), ("not_reported", "worked"), ("submitted", "cannot_tell")],
)
def test_a_year_is_sent_or_still_overdue(standing: str, verdict: str) -> None:
    assert judge(context([]), decision("", kind="overdue", month="2025"), standing).verdict == verdict


def test_a_year_below_the_others_is_judged_by_the_months_since() -> None:
    for later, verdict in ((0.9, "worked"), (0.6, "no_change"), (0.3, "worse")):
        rows = [replace(one, counts=one.counts | {"completed": 600}) for one in course(0.0) if one.month.year < 2027]
        rows += [completed(date(2027, month, 1), later) for month in range(1, 6)]
        assert judge(context(rows), fell(kind="differs")).verdict == verdict


def test_the_month_that_is_over_is_not_put_off_and_must_be_free_of_what_raised_it(place: Settings) -> None:
    (number,) = kept(place, fell(state="taken_up", shows="2027-02", measure="x"))

    def plan(shows: str, now: datetime) -> None:
        workflow.move(place, by(), number, "plan", {"measure": "y", "shows": shows}, now)

    plan("2027-03", datetime(2027, 2, 28, tzinfo=UTC))
    for shows, now, code in (
        ("2027-04", datetime(2027, 4, 1, tzinfo=UTC), "judged"), ("2026-12", NOW, "shows"), ("2030-01", NOW, "shows"),
        ("", NOW, "shows"),
    ):  # fmt: skip
        with pytest.raises(ActionError) as refused:
            plan(shows, now)
        assert refused.value.code == code
    plan("2029-12", NOW)


def test_no_month_is_named_whose_figure_may_be_known(place: Settings) -> None:
    """But for one that was named before it was over: that is kept when the measure is written anew."""
    (number,) = kept(place, fell(state="open", shows=""))

    def move(name: str, shows: str, now: datetime) -> None:
        fields = {"measure": "y", "shows": shows, "words": "Done"}
        workflow.move(place, by(), number, name, fields, now)

    for name in ("take_up", "close"):
        with pytest.raises(ActionError, match="a month from 2027-04 to 2029-12"):
            move(name, "2027-03", datetime(2027, 4, 1, tzinfo=UTC))
    move("take_up", "2027-04", datetime(2027, 4, 30, 23, 59, tzinfo=UTC))
    move("plan", "2027-04", datetime(2027, 6, 1, tzinfo=UTC))
    row = store.decision_of(open_engine(place), number)
    assert row.shows == "2027-04"
    assert workflow.months_to_show(row, datetime(2027, 6, 1, tzinfo=UTC))[:2] == ["2027-04", "2027-06"]
    assert workflow.months_to_show(fell(shows=""), datetime(2031, 1, 1, tzinfo=UTC)) == ["2031-01"]


def test_a_signal_comes_back_once_the_month_it_should_show_in_is_over(place: Settings) -> None:
    row = fell(state="done", moved_at=datetime(2026, 12, 1, tzinfo=UTC), shows="2027-05")
    of = context(course(0.5))
    (signal,) = [one for one in signals(of) if one.kind == "fell"]
    assert not workflow.covers(row, signal)
    assert workflow.covers(row, replace(signal, now=replace(signal.now, month="2027-04")))


def test_a_chance_of_exactly_the_limit_is_a_change(monkeypatch: pytest.MonkeyPatch) -> None:
    scatter, of = Scatter(0.0, 30), Differences(np.array([2.5]), np.ones(1), np.ones(1))
    monkeypatch.setattr(
        "dashboard.analysis.measures.counts.surveillance.CHANGE_ALPHA",
        float(compute_tail(np.array([-2.5]), scatter)[0]),
    )
    assert judge_difference(of, 0, scatter, higher_is_better=True) == "better"
    assert judge_difference(of, 0, scatter, higher_is_better=False) == "worse"


def test_months_since_a_figure_was_raised_are_no_earlier_year_of_it() -> None:
    assert same_months(40, 30) == [(38, [26, 14, 2]), (39, [27, 15, 3]), (40, [28, 16, 4])]
    assert same_months(40, 28)[2] == (40, [16, 4])
