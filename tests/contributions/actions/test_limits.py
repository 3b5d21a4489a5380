"""Every limit of decisions exactly at, one below and one above; orders, last entries and numbers in words."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest

from dashboard.accounts import audit
from dashboard.contributions.actions import store, workflow
from dashboard.contributions.actions.feed import ATOM, MOST, REMIND_DAYS, atom, calendar
from dashboard.contributions.actions.model import (
    ENDED,
    FURTHEST_DAYS,
    KINDS,
    LONGEST,
    LONGEST_OFFICE,
    MOVES,
    ActionError,
    FigureReading,
    Signal,
)
from dashboard.contributions.actions.signals import (
    LEAST_UP,
    LOOKED_BACK,
    SignalContext,
    known,
    measure,
    shifted,
    signals,
)
from dashboard.contributions.actions.tables import Decision
from dashboard.contributions.actions.views import DecisionsView, countries, decisions
from dashboard.contributions.delivery import store as delivery
from dashboard.contributions.delivery.model import Centre
from dashboard.evidence.database.engine import open_engine, writing
from dashboard.settings import Settings
from tests.accounts.conftest import place
from tests.contributions.actions.test_decisions import NOW, OCTOBER, by, months, planted, report

__all__ = ["place", "planted"]

TODAY = NOW.date()
DAY = timedelta(days=1)
OPENED = date(2020, 1, 1)


def kept(place: Settings, *rows: Decision) -> list[int]:
    with writing(open_engine(place)) as connection:
        return [store.add(connection, row) or 0 for row in rows]


def decision(of: str = "a", **given: Any) -> Decision:
    held: dict[str, Any] = {
        "country": "AZE", "kind": "silent", "place": of, "metric": "", "month": "2026-10",
        "figure": FigureReading("2026-10", "missing").stored(), "before": {}, "owner": "Office", "due": TODAY,
        "state": "open", "language": "en", "office": "Ministry", "opened_at": NOW, "moved_at": NOW,
    }  # fmt: skip
    return Decision(**held | given)


# What an approver may write


@pytest.mark.parametrize(
    ("due", "well"),
    [(TODAY - DAY, False), (TODAY, True), (TODAY + DAY, True), (TODAY + FURTHEST_DAYS * DAY, True),
     (TODAY + (FURTHEST_DAYS + 1) * DAY, False)],
)  # fmt: skip
@pytest.mark.parametrize("assigned", [False, True])
def test_a_decision_is_due_from_today_on_within_five_years(
    place: Settings, planted: Settings, due: date, well: bool, assigned: bool
) -> None:
    def ask() -> None:
        if assigned:
            (number,) = kept(place, decision())
            workflow.move(place, by(), number, "assign", {"owner": "Office", "due": due.isoformat()}, NOW)
        else:
            workflow.open_(place, by(), "silent|d||2026-10", "Office", due.isoformat(), "en", NOW)

    if well:
        ask()
        assert [row.due for row in store.listing(open_engine(place))] == [due]
    else:
        with pytest.raises(ActionError, match="a day from today on, within five years") as refused:
            ask()
        assert refused.value.code == "due"
    assert FURTHEST_DAYS == 5 * 366


@pytest.mark.parametrize(
    ("length", "well"), [(1, False), (2, True), (LONGEST_OFFICE, True), (LONGEST_OFFICE + 1, False)]
)
def test_an_office_has_two_letters_and_not_too_many(planted: Settings, length: int, well: bool) -> None:
    given = ("silent|d||2026-10", f" {'x' * length}\t", TODAY.isoformat(), "fr", NOW)
    if well:
        workflow.open_(planted, by(), *given)
        (row,) = store.listing(open_engine(planted))
        assert (row.owner, row.language, row.office, row.state) == ("x" * length, "fr", "Ministry", "open")
        assert (row.opened_at, row.moved_at, row.country, row.place, row.month) == (NOW, NOW, "AZE", "d", "2026-10")
    else:
        with pytest.raises(ActionError, match=f"in 2 to {LONGEST_OFFICE} characters"):
            workflow.open_(planted, by(), *given)


@pytest.mark.parametrize("move", ["close", "decline"])
@pytest.mark.parametrize(("length", "well"), [(0, False), (1, True), (LONGEST, True), (LONGEST + 1, False)])
def test_an_outcome_is_said_and_not_too_long(place: Settings, move: str, length: int, well: bool) -> None:
    (number,) = kept(place, decision())
    if well:
        workflow.move(place, by(), number, move, {"words": "x" * length, "shows": "2026-12"}, NOW)
        (row,) = store.listing(open_engine(place))
        assert (row.words, row.state) == ("x" * length, MOVES[move][1])  # type: ignore[index]
    else:
        with pytest.raises(ActionError, match="in 1 to 1,000 characters"):
            workflow.move(place, by(), number, move, {"words": "x" * length, "shows": "2026-12"}, NOW)


def test_lines_of_an_outcome_stay_lines_and_what_nobody_sees_goes(place: Settings) -> None:
    (number,) = kept(place, decision())
    workflow.move(place, by(), number, "close", {"words": "one \u202e two\n\n \nthree\x07", "shows": "2026-12"}, NOW)
    assert store.listing(open_engine(place))[0].words == "one two\nthree"


@pytest.mark.parametrize("state", ["open", "taken_up", "done", "declined"])
@pytest.mark.parametrize("move", MOVES)
def test_every_move_from_every_state(place: Settings, state: str, move: str) -> None:
    """Told from what a person may do: what has ended stays as it is, and is taken up once; so do all others."""
    _, number, _ = kept(place, decision("before"), decision(state=state), decision("after"))
    others = [row for row in store.listing(open_engine(place)) if row.id != number]
    fields = {
        "owner": "Other", "due": (TODAY + DAY).isoformat(), "words": "Done", "measure": "Call", "shows": "2026-12",
    }  # fmt: skip
    later = NOW + timedelta(hours=1)
    well = state not in ENDED and (move, state) not in {("take_up", "taken_up"), ("plan", "open")}
    if not well:
        with pytest.raises(ActionError, match=f"Decision {number} is {state}"):
            workflow.move(place, by(), number, move, fields, later)
        _, row, _ = store.listing(open_engine(place))
        assert (row.state, row.moved_at, row.owner, row.words) == (state, NOW, "Office", "")
        assert audit.list_entries(open_engine(place), subject=f"decision {number}")[0] == []
        return
    workflow.move(place, by(), number, move, fields, later, "192.0.2.9")
    last, row, first = store.listing(open_engine(place))
    assert [last, first] == others
    expected = {"assign": state, "take_up": "taken_up", "close": "done", "decline": "declined", "plan": state}[move]
    assert (row.state, row.moved_at) == (expected, later)
    assert (row.owner, row.due) == (("Other", TODAY + DAY) if move == "assign" else ("Office", TODAY))
    assert row.words == ("Done" if move in ("close", "decline") else "")
    (entry,) = audit.list_entries(open_engine(place), subject=f"decision {number}")[0]
    past = {"assign": "assigned", "take_up": "taken_up", "close": "closed", "decline": "declined", "plan": "planned"}[
        move
    ]
    assert (entry.action, entry.address) == (f"action.{past}", "192.0.2.9")
    assert (row.measure, row.shows) == {
        "take_up": ("Call", "2026-12"), "plan": ("Call", "2026-12"), "close": ("Done", "2026-12"),
    }.get(move, ("", ""))  # fmt: skip
    planned = {"measure", "shows"}
    changed = {
        "assign": {"owner", "due"}, "take_up": {"state", *planned}, "plan": planned,
        "close": {"state", "words", *planned},
    }.get(move, {"state", "words"})  # fmt: skip
    assert entry.before.keys() == entry.after.keys() == changed


# What calls for a decision


@pytest.mark.parametrize(("down", "called"), [(199, False), (200, False), (201, True)])
def test_an_outage_is_less_than_what_was_agreed(place: Settings, down: int, called: bool) -> None:
    assert LEAST_UP == 100 * (20_000 - 200) / 20_000
    delivery.save_centres(open_engine(place), [Centre("a", "AZE", "A", OPENED)])
    delivery.save_reports(open_engine(place), "AZE", [report("a", OCTOBER, down=down)], NOW)
    found = [one for one in signals(known(open_engine(place), "AZE", TODAY)) if one.kind == "down"]
    assert bool(found) is called


@pytest.mark.parametrize("back", range(LOOKED_BACK + 2))
def test_an_outage_calls_for_a_decision_for_so_many_months(place: Settings, back: int) -> None:
    delivery.save_centres(open_engine(place), [Centre("a", "AZE", "A", OPENED)])
    rows = [report("a", month, down=9_000 if number == back else 0) for number, month in enumerate(months(OCTOBER, 9))]
    delivery.save_reports(open_engine(place), "AZE", rows, NOW)
    found = [one for one in signals(known(open_engine(place), "AZE", TODAY)) if one.kind == "down"]
    expected = [shifted(OCTOBER, -back).isoformat()[:7]] if back < LOOKED_BACK else []
    assert [one.now.month for one in found] == expected
    assert [(one.place, one.metric, round(one.now.value or 0, 1)) for one in found] == [
        ("a", "availability_reported", 55.0)
    ] * len(found)


@pytest.mark.parametrize(
    ("centre", "silent"),
    [
        ({"opened": OCTOBER}, True), ({"opened": OCTOBER + DAY}, False), ({"opened": OCTOBER - DAY}, True),
        ({"closed": OCTOBER}, False), ({"closed": OCTOBER + DAY}, True), ({"closed": OCTOBER - DAY}, False),
        ({"since": OCTOBER}, True), ({"since": OCTOBER + DAY}, False),
        ({"since": OCTOBER + DAY, "opened": OPENED}, True), ({}, True),
    ],
)  # fmt: skip
def test_a_centre_is_silent_on_days_on_which_it_is_open(place: Settings, centre: dict[str, date], silent: bool) -> None:
    given = {"since": OPENED, **centre}
    delivery.save_centres(
        open_engine(place), [Centre("a", "AZE", "A", OPENED), Centre("b", "AZE", "B", given.pop("since"), **given)]
    )
    delivery.save_reports(open_engine(place), "AZE", [report("a", OCTOBER)], NOW)
    found = [one.key for one in signals(known(open_engine(place), "AZE", TODAY)) if one.kind == "silent"]
    assert found == (["silent|b||2026-10"] if silent else [])


@pytest.mark.parametrize("day", [date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 30), date(2026, 12, 1)])
def test_a_month_counts_when_it_is_over(place: Settings, day: date) -> None:
    rows = [report("a", month) for month in (date(2026, 11, 1), *months(OCTOBER, 16))]
    delivery.save_reports(open_engine(place), "AZE", rows, NOW)
    of = known(open_engine(place), "AZE", day)
    over = [row.month for row in rows if row.month < day.replace(day=1)]
    assert of.newest == max(over)
    assert {row.month for row in of.reports["a"]} == set(over)


def test_a_figure_is_pooled_over_the_months_of_its_kind() -> None:
    rows = [report("a", month, satisfied=90 if number < 3 else 100) for number, month in enumerate(months(OCTOBER, 15))]
    other = [report("b", month, satisfied=0) for month in months(OCTOBER, 15)]
    of = SignalContext({"a": rows, "b": other}, {}, (), OCTOBER)
    recent, year = measure(of, "fell", "a", "satisfaction"), measure(of, "differs", "a", "satisfaction")
    everybody = measure(of, "target", "", "satisfaction")
    assert recent is not None and year is not None and everybody is not None  # noqa: PT018
    assert (recent.value, recent.n, recent.month) == (pytest.approx(90.0), 300, "2026-10")
    assert (year.value, year.n) == (pytest.approx(100 * (3 * 90 + 9 * 100) / 1200), 1200)
    assert (everybody.value, everybody.n, everybody.state) == (pytest.approx(100 * 1170 / 2400), 2400, "not_met")
    assert measure(of, "silent", "a", "") == FigureReading("2026-10", "received")
    assert measure(of, "silent", "c", "") == FigureReading("2026-10", "missing")
    assert measure(of, "overdue", "", "") is None
    assert measure(SignalContext({}, {}, (), None), "fell", "a", "satisfaction") is None


def test_a_centre_far_below_the_others_differs_and_one_far_above_does_not() -> None:
    share = {"a": 80, "b": 80, "c": 60, "d": 99, "e": 81, "f": 79, "g": 80, "h": 82}
    rows = {
        code: [report(code, month, satisfied=many) for month in months(OCTOBER, 12)] for code, many in share.items()
    }
    found = [one for one in signals(SignalContext(rows, {}, (), OCTOBER)) if one.kind == "differs"]
    assert [(one.place, one.metric, one.now.n) for one in found] == [("c", "satisfaction", 1200)]
    even = {code: [report(code, month, satisfied=80) for month in months(OCTOBER, 12)] for code in share}
    assert [one for one in signals(SignalContext(even, {}, (), OCTOBER)) if one.kind == "differs"] == []


def test_late_years_come_first_even_where_nothing_was_counted() -> None:
    found = signals(SignalContext({}, {}, (), None), ["2024", "2025"])
    assert [one.key for one in found] == ["overdue|||2024", "overdue|||2025"]
    assert [one.now for one in found] == [FigureReading("2024", "overdue"), FigureReading("2025", "overdue")]


# Lists


def test_decisions_stand_by_whether_they_ended_then_by_their_day_then_as_they_came(place: Settings) -> None:
    rows = [
        decision("a", due=TODAY + 2 * DAY), decision("b", state="done", due=TODAY - 9 * DAY), decision("c"),
        decision("d", due=TODAY - DAY), decision("e"), decision("f", state="declined", due=TODAY - 10 * DAY),
        decision("g", state="taken_up", due=TODAY + DAY),
    ]  # fmt: skip
    numbers = dict(zip("abcdefg", kept(place, *rows), strict=True))
    shown = decisions(place, "AZE", "en", NOW)["decisions"]
    assert [one["number"] for one in shown] == [numbers[code] for code in "dcegafb"]
    assert {one["number"]: (one["late"], one["ended"]) for one in shown} == {
        numbers[code]: (code == "d", code in "bf") for code in "abcdefg"
    }
    assert shown[0]["due_day"] == (TODAY - DAY).isoformat()
    before = decisions(place, "AZE", "en", NOW - timedelta(minutes=1))["decisions"]
    assert not any(one["late"] for one in before), "yesterday has not ended everywhere"
    assert countries(place, "en") == [{"iso3": "AZE", "name": "Azerbaijan", "count": "7 decisions"}]


def test_what_waits_stands_in_the_order_of_kinds(planted: Settings) -> None:
    found = [one["key"].split("|")[0] for one in decisions(planted, "AZE", "en", NOW)["waiting"]]
    assert found == ["silent", "down", "slower"]
    assert KINDS == ("overdue", "silent", "down", "slower", "fell", "differs", "target", "rose")


def test_another_kind_place_metric_or_country_is_another_case(planted: Settings) -> None:
    before = [one.key for one in workflow.waiting(planted, "AZE", NOW)]
    for beside in ({"kind": "down"}, {"place": "c"}, {"metric": "trust"}, {"country": "UGA"}):
        kept(planted, decision("d", **beside))
    assert [one.key for one in workflow.waiting(planted, "AZE", NOW)] == before
    kept(planted, decision("d", month="2026-08"))
    assert [one.key for one in workflow.waiting(planted, "AZE", NOW)] == [
        key for key in before if not key.startswith("silent")
    ]


@pytest.mark.parametrize(
    ("state", "moved", "covered"),
    [
        ("open", NOW - 900 * DAY, True), ("taken_up", NOW - 900 * DAY, True),
        ("done", datetime(2026, 10, 31, 23, tzinfo=UTC), False), ("done", datetime(2026, 11, 1, tzinfo=UTC), True),
        ("declined", datetime(2025, 10, 31, tzinfo=UTC), False), ("declined", datetime(2025, 11, 1, tzinfo=UTC), True),
    ],
)  # fmt: skip
def test_an_open_case_does_not_come_back_and_one_that_ended_may(
    planted: Settings, state: str, moved: datetime, covered: bool
) -> None:
    kept(planted, decision("d", month="2024-05", state=state, moved_at=moved))
    assert ("silent|d||2026-10" in {one.key for one in workflow.waiting(planted, "AZE", NOW)}) is not covered


def test_median_and_p90_of_waiting_are_one_case(planted: Settings) -> None:
    kept(planted, decision("b", kind="slower", metric="waiting_p90", month="2026-09"))
    assert "slower" not in {one.kind for one in workflow.waiting(planted, "AZE", NOW)}


def test_every_year_is_due_by_itself() -> None:
    late = Signal("overdue", "", "", FigureReading("2025", "overdue"))
    assert not workflow.covers(decision("", kind="overdue", month="2024"), late)
    assert workflow.covers(decision("", kind="overdue", month="2025", state="done"), late)


def test_readings_lie_on_one_scale_in_the_order_of_time(place: Settings) -> None:
    before = FigureReading("2026-04", "value", 80.0, 70.0, 90.0, 300, batched=True).stored()
    now = FigureReading("2026-10", "value", 50.0, 40.0, 60.0, 300, batched=True).stored()
    given = {"kind": "fell", "metric": "satisfaction", "figure": now}
    kept(place, decision("a", **given, before=before), decision("b", **given))
    first, second = decisions(place, "AZE", "en", NOW)["decisions"]
    room = 0.06 * (90 - 40)
    scale = 90 - 40 + 2 * room

    def at(value: float) -> str:
        return f"{100 * (value - 40 + room) / scale:.1f}%"

    assert [(one["name"], one["at"], one["start"], one["width"]) for one in first["readings"]] == [
        ("before", at(80), at(70), f"{100 * 20 / scale:.1f}%"),
        ("figure", at(50), at(40), f"{100 * 20 / scale:.1f}%"),
    ]
    assert [(one["name"], one["at"], one["start"]) for one in second["readings"]] == [("figure", "", "")]
    text = first["figure"].replace("\u00a0", " ")
    assert text.startswith("3 months to October 2026: 50.0")
    assert "40.0" in text
    assert "60.0" in text
    assert first["before"].replace("\u00a0", " ").startswith("3 months to April 2026: 80.0")


# The calendar and the feed


def view(place: Settings) -> DecisionsView:
    return decisions(place, "AZE", "en", NOW)


def test_the_calendar_reminds_of_what_has_not_ended(place: Settings) -> None:
    first, second, *_ = kept(
        place, decision("a", due=TODAY + DAY), decision("b", state="taken_up"), decision("c", state="done"),
        decision("d", state="declined"), decision("x", country="UGA"),
    )  # fmt: skip
    text = calendar(place, view(place), "https://x.example", "en").decode().replace("\r\n ", "")
    assert [line for line in text.split("\r\n") if line.startswith(("UID", "DTSTART", "DTEND", "TRIGGER"))] == [
        f"UID:decision-{second}@asan-sdg-monitor", "DTSTART;VALUE=DATE:20261126", "DTEND;VALUE=DATE:20261127",
        f"TRIGGER:-P{REMIND_DAYS}D",
        f"UID:decision-{first}@asan-sdg-monitor", "DTSTART;VALUE=DATE:20261127", "DTEND;VALUE=DATE:20261128",
        f"TRIGGER:-P{REMIND_DAYS}D",
    ]  # fmt: skip
    assert REMIND_DAYS == 7
    assert "DTSTAMP:20261126T120000Z" in text
    assert f"URL:https://x.example/actions/AZE/?lang=en#d{first}" in text
    assert "Who acts: Office" in text


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_the_feed_has_the_last_moved_first_and_drops_the_oldest(place: Settings, more: int) -> None:
    many = MOST + more
    moved = [NOW + timedelta(minutes=(number * 7) % many) for number in range(many)]
    numbers = kept(place, *[decision(f"c{number}", moved_at=at) for number, at in enumerate(moved)])
    feed = ElementTree.fromstring(atom(place, view(place), "https://x.example", "en"))
    tags = {name: f"{{{ATOM}}}{name}" for name in ("entry", "id", "updated", "published", "link", "title", "content")}
    entries = feed.findall(tags["entry"])
    expected = sorted(zip(moved, numbers, strict=True), reverse=True)[:MOST]
    assert [entry.findtext(tags["id"]) for entry in entries] == [
        f"urn:asan-sdg-monitor:decision:{number}" for _, number in expected
    ]
    assert [entry.findtext(tags["updated"]) for entry in entries] == [f"{at:%Y-%m-%dT%H:%M:%SZ}" for at, _ in expected]
    assert {entry.findtext(tags["published"]) for entry in entries} == {"2026-11-26T12:00:00Z"}
    assert feed.findtext(tags["updated"]) == f"{max(moved):%Y-%m-%dT%H:%M:%SZ}"
    links = {link.get("rel"): link.get("href") for link in feed.findall(tags["link"])}
    assert links == {
        "self": "https://x.example/api/v1/actions.atom?country=AZE&lang=en",
        "alternate": "https://x.example/actions/AZE/?lang=en",
    }
    first = entries[0]
    assert first.find(tags["link"]).get("href") == f"https://x.example/actions/AZE/?lang=en#d{expected[0][1]}"  # type: ignore[union-attr]
    assert first.findtext(tags["title"], "").endswith(": Open")
    assert "Office" in first.findtext(tags["content"], "")


def test_an_empty_feed_has_a_date(place: Settings) -> None:
    feed = ElementTree.fromstring(atom(place, view(place), "https://x.example", "en"))
    assert feed.findtext(f"{{{ATOM}}}updated") == "2026-01-01T00:00:00Z"
    assert feed.findtext(f"{{{ATOM}}}title") == "Azerbaijan: decisions"
