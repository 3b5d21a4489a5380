"""Every rule of service counts that has a limit: exactly at it, one below and one above."""

from datetime import UTC, date, datetime, timedelta

import pytest

from dashboard.analysis.measures.counts.histogram import Histogram
from dashboard.analysis.measures.counts.uptime import MIN_FAILED_PROBES, UptimeProbe, find_outages
from dashboard.contributions.delivery.metrics import (
    APART,
    LEAST,
    RECENT,
    YEAR,
    figure,
    metrics,
    placed,
    satisfaction,
    shifted,
    within,
)
from dashboard.contributions.delivery.model import BINS, Centre, CentreReport, RowRefused, at, minutes_of
from dashboard.contributions.submissions.counts.rows import (
    MOST_ROWS,
    NotATable,
    checked_centre,
    checked_report,
    read_centres,
)
from dashboard.contributions.submissions.rules.counts import AGAIN_CHECKS, FALLEN, SentAgain, faults_of

OCTOBER = date(2026, 10, 1)
TODAY = date(2026, 11, 26)
DAY = timedelta(days=1)
AROUND = ((LEAST - 1, "too_few"), (LEAST, "value"), (LEAST + 1, "value"))


def report(centre: str = "a", month: date = OCTOBER, **counts: int) -> CentreReport:
    return CentreReport(centre, "id", "counter", month, counts)


@pytest.mark.parametrize(("n", "kind"), AROUND)
@pytest.mark.parametrize(
    ("metric", "columns"),
    [
        ("completion", ("completed", "started")),
        ("complaints", ("complaints_received", "completed")),
        ("no_show", ("booked_used", "booked")),
        ("availability_reported", ("planned_down_minutes", "unplanned_down_minutes", "agreed_minutes")),
        ("female_staff", ("female_staff", "staff")),
    ],
)
def test_no_rate_of_fewer_than_thirty(metric: str, columns: tuple[str, ...], n: int, kind: str) -> None:
    *parts, whole = columns
    found = figure(metrics()[metric], [report(**{**dict.fromkeys(parts, 3), whole: n})])
    assert (found.kind, found.n) == (kind, n)
    assert (found.value is None) == (kind == "too_few")


@pytest.mark.parametrize(("n", "kind"), AROUND)
def test_no_median_and_no_cost_of_fewer_than_thirty(n: int, kind: str) -> None:
    bins = (n, *[0] * (len(BINS["waiting"]) - 1))
    waited = CentreReport(
        "a", "id", "counter", OCTOBER, {}, {"waiting": Histogram(tuple(map(float, BINS["waiting"])), bins)}
    )
    assert figure(metrics()["waiting_p50"], [waited]).kind == kind
    paid = CentreReport("a", "id", "counter", OCTOBER, {"cost_transactions": n}, cost=300.0, currency="AZN")
    found = figure(metrics()["cost"], [paid])
    assert (found.kind, found.value) == (kind, None if kind == "too_few" else 300 / n)


@pytest.mark.parametrize(("n", "kind"), AROUND)
def test_bribery_the_promise_and_the_funnel_want_thirty_too(n: int, kind: str) -> None:
    whole = kind == "value"
    assert figure(metrics()["bribery"], [report(bribe_asked=1, bribe_paid=1, bribe_valid=n)]).kind == kind
    levels = {"satisfied_1": 1, "satisfied_2": 0, "satisfied_3": 0, "satisfied_4": n - 1}
    assert (satisfaction([report(**levels)]).tested is not None) == whole
    codes, _ = placed(
        metrics()["completion"], [report("a", completed=20, started=n), report("b", completed=50, started=90)]
    )
    assert codes == (("a", "b") if whole else ("b",))


@pytest.mark.parametrize("months", [1, RECENT, YEAR])
def test_so_many_months_up_to_the_last(months: int) -> None:
    rows = [report(month=shifted(OCTOBER, -back)) for back in range(-1, 2 * YEAR)]
    found = [one.month for one in within(rows, OCTOBER, months)]
    assert (len(found), max(found), min(found)) == (months, OCTOBER, shifted(OCTOBER, 1 - months))


@pytest.mark.parametrize(
    ("month", "by", "found"),
    [(OCTOBER, 3, date(2027, 1, 1)), (OCTOBER, 2, date(2026, 12, 1)), (date(2026, 1, 1), -1, date(2025, 12, 1)),
     (OCTOBER, -APART, date(2026, 4, 1)), (OCTOBER, 0, OCTOBER), (OCTOBER, 1 - YEAR, date(2025, 11, 1))],
)  # fmt: skip
def test_months_go_over_the_end_of_a_year(month: date, by: int, found: date) -> None:
    assert shifted(month, by) == found


@pytest.mark.parametrize(
    ("down", "lasting"), [(MIN_FAILED_PROBES - 1, 0), (MIN_FAILED_PROBES, 1), (MIN_FAILED_PROBES + 1, 1)]
)
def test_two_failures_in_a_row_are_an_outage(down: int, lasting: int) -> None:
    began = datetime(2026, 11, 1, tzinfo=UTC)
    steps = [True, *[False] * down, True]
    found = find_outages([UptimeProbe(began + timedelta(minutes=5 * place), up) for place, up in enumerate(steps)])
    assert len(found) == lasting
    if found:
        assert found[0].failed == down if hasattr(found[0], "failed") else True


@pytest.mark.parametrize(("apart", "rows"), [(10, 1), (10.1, 0)])
def test_failures_with_more_than_two_steps_between_are_no_row(apart: float, rows: int) -> None:
    began = datetime(2026, 11, 1, tzinfo=UTC)
    assert len(find_outages([UptimeProbe(began, False), UptimeProbe(began + timedelta(minutes=apart), False)])) == rows


CENTRES = {"a": [Centre("a", "AZE", "A", date(2020, 1, 1), opened=date(2026, 3, 15), closed=date(2026, 9, 15))]}


@pytest.mark.parametrize(
    ("month", "rule"),
    [("2026-02", "report.opened"), ("2026-03", ""), ("2026-04", ""), ("2026-08", ""), ("2026-09", ""),
     ("2026-10", "report.closed")],
)  # fmt: skip
def test_a_centre_has_counts_from_the_month_it_opens_to_the_month_it_closes(month: str, rule: str) -> None:
    row = {"centre": "a", "service": "id", "channel": "counter", "month": month, "started": "1"}
    assert faults(row) == ([rule] if rule else [])


@pytest.mark.parametrize(("closed", "rule"), [("2026-09-30", "report.closed"), ("2026-10-01", ""), ("2026-10-02", "")])
def test_the_closing_day_is_a_day_of_service(closed: str, rule: str) -> None:
    held = {"a": [Centre("a", "AZE", "A", date(2020, 1, 1), closed=date.fromisoformat(closed))]}
    row = {"centre": "a", "service": "id", "channel": "counter", "month": "2026-10", "started": "1"}
    assert faults(row, held) == ([rule] if rule else [])


def faults(row: dict[str, str], held: dict[str, list[Centre]] | None = None) -> list[str]:
    try:
        checked_report(row, held or CENTRES, TODAY)
    except RowRefused as refused:
        return [one.rule for one in refused.faults]
    return []


@pytest.mark.parametrize(
    ("month", "rule"),
    [("2026-11", ""), ("2026-12", "report.ahead"), ("2000-01", ""), ("1999-12", "report.month"),
     ("2026-13", "report.month"), ("2026-00", "report.month")],
)  # fmt: skip
def test_a_month_is_one_that_has_begun(month: str, rule: str) -> None:
    held = {"a": [Centre("a", "AZE", "A", date(1990, 1, 1))]}
    row = {"centre": "a", "service": "id", "channel": "counter", "month": month, "started": "1"}
    assert faults(row, held) == ([rule] if rule else [])


@pytest.mark.parametrize(("over", "rule"), [(-1, ""), (0, ""), (1, "report.minutes")])
@pytest.mark.parametrize("month", [date(2026, 2, 1), date(2024, 2, 1), OCTOBER])
def test_agreed_minutes_fit_their_month(month: date, over: int, rule: str) -> None:
    held = {"a": [Centre("a", "AZE", "A", date(2020, 1, 1))]}
    minutes = minutes_of(month) + over
    row = {"centre": "a", "service": "id", "channel": "web", "month": f"{month:%Y-%m}", "agreed_minutes": str(minutes)}
    assert faults(row, held) == ([rule] if rule else [])
    assert minutes_of(month) == {2: 28 + (month.year == 2024), 10: 31}[month.month] * 24 * 60


@pytest.mark.parametrize(("now", "told"), [(50, False), (49, True), (51, False)])
def test_a_count_that_falls_by_more_than_half_is_told(now: int, told: bool) -> None:
    assert FALLEN == 0.5
    found = faults_of(AGAIN_CHECKS, SentAgain(report(completed=100), report(completed=now)))
    assert [one.rule for one in found] == (["report.fallen"] if told else [])
    if told:
        assert found[0].message.startswith(f"completed was 100 and is now {now}")


@pytest.mark.parametrize(
    ("latitude", "longitude", "fits"),
    [("90", "180", True), ("-90", "-180", True), ("90.01", "0", False), ("-90.01", "0", False), ("0", "180.01", False),
     ("0", "-180.01", False), ("120", "0", False)],
)  # fmt: skip
def test_degrees_have_ends(latitude: str, longitude: str, fits: bool) -> None:
    row = {
        "code": "a",
        "country": "AZE",
        "name": "A",
        "since": "2020-01-01",
        "latitude": latitude,
        "longitude": longitude,
    }
    if fits:
        assert checked_centre(row).latitude == float(latitude)
        return
    with pytest.raises(RowRefused):
        checked_centre(row)


@pytest.mark.parametrize(
    ("opened", "closed", "fits"), [("2026-01-02", "2026-01-01", False), ("2026-01-01", "2026-01-01", True)]
)
def test_a_centre_may_close_on_the_day_it_opened(opened: str, closed: str, fits: bool) -> None:
    row = {"code": "a", "country": "AZE", "name": "A", "since": "2020-01-01", "opened": opened, "closed": closed}
    if fits:
        assert checked_centre(row).closed == date(2026, 1, 1)
        return
    with pytest.raises(RowRefused):
        checked_centre(row)


@pytest.mark.parametrize(
    ("day", "region"),
    [(date(2026, 5, 1) - DAY, "North"), (date(2026, 5, 1), "South"), (date(2026, 5, 1) + DAY, "South"),
     (date(2019, 1, 1), "North")],
)  # fmt: skip
def test_a_row_holds_from_its_day_on(day: date, region: str) -> None:
    rows = [
        Centre("a", "AZE", "A", since, region=name)
        for since, name in ((date(2026, 5, 1), "South"), (date(2020, 1, 1), "North"))
    ]
    assert at(rows, day).region == region


@pytest.mark.parametrize(("rows", "read"), [(MOST_ROWS, True), (MOST_ROWS + 1, False)])
def test_a_file_has_so_many_rows(rows: int, read: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    few = 5
    monkeypatch.setattr("dashboard.contributions.submissions.counts.rows.MOST_ROWS", few)
    text = "code,country,name,since\n" + "".join(f"c{n},AZE,C,2020-01-01\n" for n in range(rows - MOST_ROWS + few))
    if read:
        assert len(read_centres(text)[0]) == few
        return
    with pytest.raises(NotATable, match=f"More than {few}"):
        read_centres(text)
