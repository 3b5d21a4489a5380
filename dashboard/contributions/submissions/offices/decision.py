"""Which office's figure is published: decided by the country's coordinator, who had a hand in neither."""

import logging
from datetime import UTC, datetime

import polars as pl

from dashboard.accounts import audit
from dashboard.accounts.model import Principal, Right
from dashboard.contributions.submissions import publication, workflow
from dashboard.contributions.submissions import store as submissions
from dashboard.contributions.submissions.comparison import chosen_on, published_figures_on
from dashboard.contributions.submissions.model import MoveNotAllowed, NoRoom, SubmissionUnknown
from dashboard.contributions.submissions.offices import conflicts, store
from dashboard.contributions.submissions.rules.numbers import find_outside_parts
from dashboard.contributions.submissions.tables import OfficeConflict
from dashboard.evidence.codebook.model import Codebook
from dashboard.evidence.database import vintages
from dashboard.evidence.database.engine import open_engine
from dashboard.evidence.dataset.publication import Unpublished, open_publication
from dashboard.settings import Settings

log = logging.getLogger(__name__)


def decide(
    settings: Settings, book: Codebook, by: Principal, number: int, office: int, reason: str, address: str = ""
) -> OfficeConflict:
    """Decide a conflict; where the figure that waits is chosen, it is published at once.

    Args:
        settings: where things are.
        book: the codebook.
        by: the coordinator.
        number: the conflict.
        office: number of the office whose figure is to be published.
        reason: why, for both offices and the audit trail.
        address: where the request came from.

    Raises:
        SubmissionUnknown: no such conflict for this person.
        MoveNotAllowed: not a coordinator, one who had a hand in either figure, decided already, none of the two
            offices, or no reason.
        NoRoom: the disk has no room; nothing has changed.
    """
    words = workflow.read_reason(reason, needed=True)
    now = datetime.now(UTC)
    try:
        with open_publication(open_engine(settings), settings.dataset_dir, book.version) as step:
            connection = step.connection
            vintages.lock_vintages_on(connection)
            found = store.get_conflict(connection, number)
            if found is None or not by.covers(found.country):
                raise SubmissionUnknown(f"There is no conflict {number} that you may see.")
            if not by.may(Right.COORDINATE, found.country):
                raise MoveNotAllowed("right", "Only a country's coordinator decides between its offices.")
            if office not in (found.office_number, found.holder_office):
                raise MoveNotAllowed("office", "Choose one of the two offices that send the figure.")
            sides = [one for one in (submissions.get(connection, it) for it in found.sides) if one is not None]
            for one in sides:
                workflow.demand_apart(connection, by, one, "decide", now)
            vintage = _publish(settings, connection, book, found, now) if office == found.office_number else None
            _demand_within_parts(connection, book, found)
            decided = {"decided_by": by.id, "decided_office": by.office, "decided_at": now, "chosen": office}
            if not store.decide(connection, number, **decided, reason=words, vintage=vintage):
                raise MoveNotAllowed("state", f"Conflict {number} is decided already.")
            conflicts.close_on(connection, found)
            for one in sides:
                submissions.note(connection, one, "decide", (by.id, by.office), now, reason=words)
            told = {"indicator": found.indicator, "period": found.period, "group": found.dimensions}
            audit.record(
                connection, action="submission.conflict_decided", subject=f"submission {found.submission}", by=by,
                address=address, before=told | {"value": found.value, "held": found.held, "holder": found.holder},
                after={"office": office, "vintage": vintage}, reason=words,
            )  # fmt: skip
            after = store.get_conflict(connection, number)
    except vintages.Conflict as error:
        raise MoveNotAllowed("state", "The record has moved on meanwhile. Look at it again.") from error
    except Unpublished as error:
        log.error("conflict %s was not decided: %s", number, error)
        raise NoRoom(str(error)) from error
    assert after is not None
    return after


def _demand_within_parts(connection: store.Connection, book: Codebook, found: OfficeConflict) -> None:
    """Make sure that the total and its parts agree as they stand now, but for figures that are not decided yet.

    Raises:
        MoveNotAllowed: ``outside_parts``.
    """
    waiting = [
        it.dimensions
        for it in store.conflicts(connection, found.country)
        if it.state == "open" and it.id != found.id and (it.indicator, it.period) == (found.indicator, found.period)
    ]
    published = published_figures_on(connection, [found.indicator], found.country).filter(
        pl.col("period") == found.period, ~pl.col("dimensions").is_in(waiting)
    )
    figures = published.select("indicator", "period", "dimensions", "value", denominator=pl.lit(None, pl.Float64))
    for row in find_outside_parts(figures, book).to_dicts():
        raise MoveNotAllowed(
            "outside_parts",
            f"The total would be {row['value']:g}, its parts from {row['least']:g} to {row['most']:g}. Choose the "
            "other figure, or have an office send total and parts together.",
        )


def _publish(
    settings: Settings, connection: store.Connection, book: Codebook, found: OfficeConflict, now: datetime
) -> int:
    """Write the figure that waits into a vintage of its own, in the place of the one in force; gives its number."""
    submission = submissions.get(connection, found.submission)
    assert submission is not None
    added, superseded = chosen_on(connection, book, submission, found.indicator, found.period, found.dimensions)
    said = f"Submission {submission.id}: {found.indicator} {found.period} of {submission.country}"
    records = [publication.record_of(settings, submission)]
    return publication.issue(connection, f"{said}, decided between offices", added, superseded, records, now)
