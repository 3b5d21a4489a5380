"""Opening a decision on a figure and moving it on; every move is in the audit trail within its own transaction.

The figure is never taken from the form: it is looked up anew among what calls for a decision.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from dashboard.accounts import audit
from dashboard.accounts.model import Principal, Right
from dashboard.contributions.actions import store
from dashboard.contributions.actions.judging import first_month
from dashboard.contributions.actions.model import (
    ENDED,
    FURTHEST_DAYS,
    LONGEST,
    LONGEST_OFFICE,
    MOVES,
    SHOWN_WITHIN,
    ActionError,
    DecisionUnknown,
    Signal,
    case_of,
)
from dashboard.contributions.actions.signals import keyed, known, signals
from dashboard.contributions.actions.tables import Decision
from dashboard.contributions.delivery.metrics import YEAR, shifted
from dashboard.contributions.submissions import deadlines
from dashboard.evidence.database.engine import open_engine, writing
from dashboard.evidence.dataset.store import Dataset, NotPublished
from dashboard.settings import Settings


def waiting(settings: Settings, country: str, now: datetime) -> list[Signal]:
    """Return what calls for a decision in a country, without what belongs to a case there is a decision on."""
    database = open_engine(settings)
    late = list(dict.fromkeys(
        one.period for one in deadlines.listing(settings, now, country) if one.standing == "overdue"
    ))  # fmt: skip
    decided = store.listing(database, country)
    called = signals(known(database, country, now.date()), late)
    return [one for one in called if not any(covers(row, one) for row in decided)]


def covers(row: Decision, signal: Signal) -> bool:
    """Return True if a signal belongs to the case of a decision, and waits for no other.

    Of a decision that has not ended all months do; of one that is done those before the month it was closed in, and
    before the one it should show in; of a declined one another year.
    """
    if case_of(row.kind, row.place, row.metric) != signal.case:
        return False
    if row.month == signal.now.month or row.kind == "overdue":  # each year is due by itself
        return row.month == signal.now.month
    ended = row.moved_at.date().replace(day=1)
    until = shifted(ended, YEAR) if row.state == "declined" else ended
    return row.state not in ENDED or signal.now.month < max(f"{until:%Y-%m}", row.shows)


def open_(
    settings: Settings, by: Principal, key: str, owner: str, due: str, language: str, now: datetime, address: str = ""
) -> int:
    """Open a decision on what calls for one; its number.

    Args:
        settings: of the installation.
        by: who opens it, for their country.
        key: of the signal.
        owner: the office that has to act.
        due: the day, as ISO date.
        language: of the office's name and of the words to come.
        now: the moment.
        address: where the request came from.

    Raises:
        ActionError: no right, nothing of this key calls for a decision, there is one already, or owner or day is wrong.
    """
    _decider(by)
    signal = keyed(waiting(settings, by.country, now)).get(key)
    if signal is None:
        raise ActionError("gone", "Nothing of this kind calls for a decision now, or there is one already.")
    row = Decision(
        country=by.country, kind=signal.kind, place=signal.place, metric=signal.metric, month=signal.now.month,
        figure=signal.now.stored(), before=signal.before.stored() if signal.before else {},
        dataset=_version(settings), owner=_office(owner), due=_day(due, now), state="open", words="",
        language=language, office=by.office, opened_at=now, moved_at=now,
    )  # fmt: skip
    with writing(open_engine(settings)) as connection:
        number = store.add(connection, row)
        if number is None:
            raise ActionError("gone", "There is a decision on this already.")
        after = row.model_dump(mode="json", include={"country", "kind", "place", "metric", "month", "owner", "due"})
        audit.record(
            connection, action="action.opened", subject=f"decision {number}", by=by, address=address, after=after
        )
    return number


def move(
    settings: Settings, by: Principal, number: int, name: str, fields: Mapping[str, str], now: datetime,
    address: str = "",
) -> Decision:  # fmt: skip
    """Assign, take up, plan anew, close or decline a decision of one's country.

    Args:
        settings: of the installation.
        by: who moves it.
        number: of the decision.
        name: one of ``MOVES``.
        fields: ``owner`` and ``due`` to assign, ``measure`` and ``shows`` to take up or plan, ``words`` to close or
            decline; ``shows`` also to close what was not taken up: then the words are the measure.
        now: the moment.
        address: where the request came from.

    Raises:
        DecisionUnknown: no such decision in this country.
        ActionError: no right, no such move from its state, or a field is wrong.
    """
    _decider(by)
    decision = store.decision_of(open_engine(settings), number)
    if decision is None or decision.country != by.country:
        raise DecisionUnknown("unknown", f"There is no decision {number} in your country.")
    if name not in MOVES:
        raise ActionError("move", f"A move is one of {', '.join(MOVES)}.")
    states, state = MOVES[name]
    if decision.state not in states:
        raise ActionError("state", f"Decision {number} is {decision.state}: this cannot be done any more.")
    values: dict[str, Any] = {"moved_at": now}
    if state is not None:
        values["state"] = state
    if name == "assign":
        values |= {"owner": _office(fields.get("owner", "")), "due": _day(fields.get("due", ""), now)}
    if name in ("take_up", "plan"):
        values |= {"measure": _words(fields.get("measure", ""), "measure"), "shows": _shows(decision, fields, now)}
    if name in ("close", "decline"):
        values["words"] = _words(fields.get("words", ""))
    if name == "close" and not decision.shows:
        values |= {"measure": decision.measure or values["words"], "shows": _shows(decision, fields, now)}
    with writing(open_engine(settings)) as connection:
        if not store.move(connection, number, states, values):
            raise ActionError("state", f"Decision {number} is {decision.state}: this cannot be done any more.")
        details = {key: str(value) for key, value in values.items() if key != "moved_at"}
        audit.record(
            connection, action=f"action.{_PAST[name]}", subject=f"decision {number}", by=by, address=address,
            before={key: str(getattr(decision, key)) for key in details}, after=details,
        )  # fmt: skip
    return decision


def months_to_show(decision: Decision, now: datetime) -> list[str]:
    """Return the months that may be named as the one in which the figure should show what was done; none of a year's.

    None that is over, but for the one named before: whoever names a month knows nothing of its figure yet.
    """
    if decision.kind == "overdue":
        return []
    first = date.fromisoformat(f"{first_month(decision.kind, decision.month)}-01")
    of_time, this = [f"{shifted(first, at):%Y-%m}" for at in range(SHOWN_WITHIN)], f"{now:%Y-%m}"
    ahead = [month for month in of_time if month >= this] or [this]
    return sorted({*ahead, decision.shows} - {""})


def _shows(decision: Decision, fields: Mapping[str, str], now: datetime) -> str:
    """Return the month named; one that is over is not put off."""
    months = months_to_show(decision, now)
    if not months:
        return ""
    if decision.shows and decision.shows < f"{now:%Y-%m}" and fields.get("shows") != decision.shows:
        raise ActionError("judged", "shows: the month named is over and the figure is judged: it is not put off.")
    if fields.get("shows") not in months:
        raise ActionError("shows", f"shows: a month from {months[0]} to {months[-1]}.")
    return fields["shows"]


_PAST = {"plan": "planned", "assign": "assigned", "take_up": "taken_up", "close": "closed", "decline": "declined"}


def _decider(by: Principal) -> None:
    if not by.may(Right.DECIDE):
        raise ActionError("right", "Decisions are those of a country's approver.")


def _office(given: str) -> str:
    office = _line(given)
    if not 2 <= len(office) <= LONGEST_OFFICE:
        raise ActionError("owner", f"owner: the office that has to act, in 2 to {LONGEST_OFFICE} characters.")
    return office


def _day(given: str, now: datetime) -> date:
    try:
        day = date.fromisoformat(given)
    except ValueError as error:
        raise ActionError("due", f"due: {given[:20]!r} is no date; write 2026-12-31.") from error
    if not now.date() <= day <= now.date() + timedelta(days=FURTHEST_DAYS):
        raise ActionError("due", "due: a day from today on, within five years.")
    return day


def _words(given: str, code: str = "words") -> str:
    words = "\n".join(filter(None, map(_line, given.splitlines())))
    if not 1 <= len(words) <= LONGEST:
        raise ActionError(code, f"{code}: say in 1 to {LONGEST:,} characters what is done, came of it, or why not.")
    return words


def _line(given: str) -> str:
    """Return one line without what nobody sees (controls, direction overrides)."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in given).split())


def _version(settings: Settings) -> str:
    """Return the dataset on which it was decided; "" where none is published yet."""
    try:
        return Dataset.current(settings.dataset_dir).version
    except NotPublished:
        return ""
