"""Figures that two offices of a country send: told to both, kept, and left as they are until they are decided."""

from collections.abc import Iterator
from datetime import datetime

from dashboard.accounts import audit
from dashboard.accounts import store as accounts
from dashboard.accounts.model import Principal
from dashboard.contributions.submissions import store as submissions
from dashboard.contributions.submissions.comparison import PublicationComparison
from dashboard.contributions.submissions.model import (
    WITHDRAWN,
    ContestedFigure,
    FigureChange,
    Finding,
    MoveNotAllowed,
    Severity,
    Submission,
)
from dashboard.contributions.submissions.offices import store
from dashboard.contributions.submissions.tables import OfficeConflict

RULE = "figure_contested"
Told = tuple[str, Severity, FigureChange | ContestedFigure, dict[str, str]]
"""Rule, severity, the figure it is about, what fills its words."""


def told_on(connection: store.Connection, submission: Submission, comparison: PublicationComparison) -> Iterator[Told]:
    """Yield what is to be said of a submission's figures for the sake of other offices.

    A figure that another one holds is a conflict for the coordinator; taking it back, or a figure of an indicator that
    is another's alone, is an error.
    """
    names = office_names_on(connection, submission.country)
    for it in comparison.contested:
        office = names.get(it.holder_office, "–")
        if it.value is not None:
            held = "–" if it.held is None else f"{it.held:.12g}"
            yield RULE, "warning", it, _of(it) | {"figure": f"{it.value:.12g}", "held": held, "office": office}
        elif it.held is not None:
            grave: Severity = "error" if it.reason == WITHDRAWN else "suggestion"
            yield "figure_of_office", grave, it, _of(it) | {"figure": f"{it.held:.12g}", "office": office}
    for sent, number in _of_others(connection, submission, comparison):
        yield "indicator_assigned", "error", sent, {"indicator": sent.indicator, "office": names.get(number, "–")}


def require_own(connection: store.Connection, submission: Submission, comparison: PublicationComparison) -> None:
    """Make sure that no indicator was given to another office since the file was checked.

    Raises:
        MoveNotAllowed: ``assigned_since``.
    """
    for sent, number in _of_others(connection, submission, comparison):
        office = office_names_on(connection, submission.country).get(number, "–")
        raise MoveNotAllowed(
            "assigned_since", f"{sent.indicator} is sent by another office now: {office}. Return the file."
        )


def open_on(
    connection: store.Connection,
    by: Principal,
    submission: Submission,
    comparison: PublicationComparison,
    address: str,
    now: datetime,
) -> None:
    """Keep each conflict of a submission that is being published, and tell both sides by a finding."""
    contested = [it for it in comparison.contested if it.value is not None]
    told = {id(it): values for rule, _, it, values in told_on(connection, submission, comparison) if rule == RULE}
    mine = [Finding(RULE, "warning", read=it.indicator, values=told[id(it)]) for it in contested]
    placed = submissions.findings_of(connection, submission.id)
    submissions.set_findings(
        connection, submission.id,
        [*(one for one in placed if one.rule != RULE), *(_placed(one, placed) for one in mine)],
    )  # fmt: skip
    for it in contested:
        store.add_conflict(
            connection,
            {"country": submission.country, "indicator": it.indicator, "period": it.period,
             "dimensions": it.dimensions, "submission": submission.id, "office_number": submission.office_number,
             "value": it.value, "holder": it.holder, "holder_office": it.holder_office, "held": it.held,
             "opened_at": now},
        )  # fmt: skip
    office = office_names_on(connection, submission.country).get(submission.office_number, "–")
    for holder in sorted({it.holder for it in contested}):
        theirs = [
            Finding(RULE, "warning", read=it.indicator, values=_of(it) | {
                "figure": "–" if it.held is None else f"{it.held:.12g}", "held": f"{it.value:.12g}", "office": office,
            })
            for it in contested
            if it.holder == holder
        ]  # fmt: skip
        known = submissions.findings_of(connection, holder)
        submissions.set_findings(connection, holder, [*known, *(one for one in theirs if one not in known)])
    if contested:
        audit.record(
            connection, action="submission.figures_contested", subject=f"submission {submission.id}", by=by,
            address=address, after={"contested": [_of(it) | {"value": it.value, "held": it.held, "holder": it.holder}
                                                  for it in contested]},
        )  # fmt: skip


def close_on(connection: store.Connection, decided: OfficeConflict) -> None:
    """Take the finding about a figure from both sides: it is decided, which their history tells."""
    fact = {"indicator": decided.indicator, "period": decided.period, "group": decided.dimensions}
    for number in decided.sides:
        found = submissions.findings_of(connection, number)
        kept = [one for one in found if one.rule != RULE or not fact.items() <= dict(one.values).items()]
        submissions.set_findings(connection, number, kept)


def office_names_on(connection: store.Connection, country: str) -> dict[int, str]:
    """Return names of a country's offices by their numbers."""
    return {one.number: one.name for one in accounts.list_offices(connection, country)}


def _of(it: ContestedFigure) -> dict[str, str]:
    return {"indicator": it.indicator, "period": it.period, "group": it.dimensions}


def _placed(one: Finding, before: list[Finding]) -> Finding:
    """Return the finding with the place that it had when the file was checked."""
    fact = ("indicator", "period", "group")
    same = (
        it for it in before if it.rule == RULE and all(it.values.get(name) == one.values[name] for name in fact)
    )  # fmt: skip
    place = next(same, one)
    return Finding(RULE, "warning", place.sheet, place.row, place.column, one.read, one.values)


def _of_others(
    connection: store.Connection, submission: Submission, comparison: PublicationComparison
) -> Iterator[tuple[FigureChange | ContestedFigure, int]]:
    """Yield figures of indicators that another office alone sends, with its number."""
    assigned = store.assignments(connection, submission.country)
    sent: list[FigureChange | ContestedFigure] = [it for it in comparison.changes if it.after is not None]
    sent += [it for it in comparison.contested if it.value is not None]
    for it in sent:
        number = assigned.get(it.indicator, submission.office_number)
        if number != submission.office_number:
            yield it, number
