"""An approved submission becomes an ordinary vintage, in one transaction with the word that it is published.

The steps are those of opinions (``voice.publication.release``): collect, withhold, write, say so (``note`` within the
transaction, mail by ``notices.tell`` after it), receipt.

So provenance, ``as_of`` and revisions work as for every publisher. Killed at any moment, or without room on the disk,
the submission is approved and nothing of it is in the record, or it is published with its whole vintage, which readers
are served (``dataset.publication``). Monthly counts of services are no figures of the dataset: they come into force as
reports, in the same transaction.

``roll_back`` takes a publication back in the same steps: the figures before it, as a new vintage. Nothing is deleted.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import polars as pl

from dashboard.accounts import audit
from dashboard.accounts.model import Principal
from dashboard.contributions.submissions import removal, store
from dashboard.contributions.submissions.comparison import (
    FACT,
    PublicationComparison,
    closed_revised_on,
    comparison_on,
    leave_word,
    published_on,
)
from dashboard.contributions.submissions.comparison import history as history
from dashboard.contributions.submissions.comparison import preview as preview
from dashboard.contributions.submissions.kinds.base import Kind
from dashboard.contributions.submissions.kinds.registry import kind_of
from dashboard.contributions.submissions.microdata import retention
from dashboard.contributions.submissions.model import (
    SOURCE,
    AllowedMove,
    FigureChange,
    MoveNotAllowed,
    NoRoom,
    State,
    Submission,
    Withdrawal,
)
from dashboard.contributions.submissions.offices import conflicts
from dashboard.contributions.submissions.offices import store as offices
from dashboard.contributions.submissions.workflow import done, is_closed, open_period, seen_on, step_for
from dashboard.evidence.codebook.model import Codebook
from dashboard.evidence.database import vintages
from dashboard.evidence.database.engine import open_engine, reading
from dashboard.evidence.database.records import RawRecord
from dashboard.evidence.dataset.publication import Unpublished, open_publication, open_record_transaction
from dashboard.settings import Settings

log = logging.getLogger(__name__)


def publish(settings: Settings, book: Codebook, by: Principal, number: int, address: str = "") -> Submission:
    """Publish an approved submission.

    Raises:
        SubmissionUnknown: no such submission for this person.
        MoveNotAllowed: not this person, not from this state; its year, or another whose figures it changes, is closed;
            it removes figures that nobody has answered for (``removal.Removes``).
        NoRoom: the disk has no room; nothing has changed.
    """
    with reading(open_engine(settings)) as connection:
        kind = kind_of(seen_on(connection, by, number))
    with _transaction(settings, book, number, kind) as connection:
        now = datetime.now(UTC)
        found = collect(connection, book, by, number)
        withhold(connection, book, found)
        vintage = write(settings, connection, found, now)
        note(connection, by, found, vintage, address, now)
        after = seen_on(connection, by, number)
    if kind.is_sealed:
        try:
            retention.sweep(settings)
        except Exception:  # it is published: the server destroys the file within the hour
            log.exception("the file of survey %s could not be destroyed yet", number)
    return after


@contextmanager
def _transaction(settings: Settings, book: Codebook, number: int, kind: Kind) -> Iterator[store.Connection]:
    """Open a transaction, with the dataset that follows from it where the kind writes a vintage.

    Raises:
        MoveNotAllowed: another reviewer was faster, or the clock runs behind.
        NoRoom: the disk has no room; nothing has changed.
    """
    try:
        if kind.writes_vintage:
            with open_publication(open_engine(settings), settings.dataset_dir, book.version) as step:
                # another machine may be publishing the same figure of another office
                vintages.lock_vintages_on(step.connection)
                yield step.connection
        else:
            with open_record_transaction(open_engine(settings)) as connection:
                yield connection
    except vintages.Conflict as error:
        raise MoveNotAllowed("state", f"Submission {number} has moved on meanwhile. Look at it again.") from error
    except Unpublished as error:
        log.error("submission %s was not published: %s", number, error)
        raise NoRoom(str(error)) from error


@dataclass(frozen=True, slots=True)
class CollectedSubmission:
    """What a publication is made of: the submission, the move, the one in force; of figures how they compare."""

    submission: Submission
    step: AllowedMove
    in_force: Submission | None
    comparison: PublicationComparison | None
    withdrawn: tuple[Withdrawal, ...] = ()  # what readers are told that is taken back


def collect(connection: store.Connection, book: Codebook, by: Principal, number: int) -> CollectedSubmission:
    """Gather what is to be published, as record and workflow stand in this transaction.

    Raises:
        SubmissionUnknown: no such submission for this person.
        MoveNotAllowed: not this person, not from this state, or its year is closed.
    """
    submission = seen_on(connection, by, number)
    step = step_for(connection, by, submission, "publish")
    open_period(connection, submission.country, submission.dataset, submission.period, submission.office_number)
    kind = kind_of(submission)
    comparison = comparison_on(connection, book, submission) if kind.writes_vintage else None
    withdrawn = comparison.taken if comparison else kind.withdrawals_on(connection, book, submission)
    return CollectedSubmission(submission, step, published_on(connection, submission), comparison, tuple(withdrawn))


def withhold(connection: store.Connection, book: Codebook, found: CollectedSubmission) -> None:
    """Keep back what may not be published: all of a submission, never a part of it.

    Raises:
        MoveNotAllowed: it removes figures that nobody has answered for (``removal.Removes``), a survey tells too much
            of few people, an indicator is another office's by now, counts are, or it changes figures of a year that
            is closed.
    """
    submission, comparison, kind = found.submission, found.comparison, kind_of(found.submission)
    removed = comparison.removed if comparison else removal.removed_on(connection, book, submission)
    removal.require(submission, removed)
    kind.require_safe(connection, submission)
    kind.require_own(connection, submission, comparison)
    if comparison is None:
        return
    years = {change.period for change in comparison.changes if change.fate != "unchanged"} - {submission.period}
    if closed := [
        year
        for year in sorted(years)
        if is_closed(connection, submission.country, submission.dataset, year, submission.office_number)
    ]:
        raise MoveNotAllowed(
            "closed_since", f"{closed[0]} is published and closed since: return the file, or open that year."
        )
    if revised := closed_revised_on(connection, submission, comparison):
        change, other = revised[0]
        raise MoveNotAllowed(
            "closed_since",
            f"{change.indicator} of {change.period} is published with submission {other.id}, which is closed: return "
            "the file, or open that one again.",
        )


def write(settings: Settings, connection: store.Connection, found: CollectedSubmission, now: datetime) -> int | None:
    """Put counts in force, or write the vintage of figures; gives its number, None of counts or where nothing changes.

    Raises:
        MoveNotAllowed: a centre's code has come to be that of another country meanwhile.
    """
    submission, comparison = found.submission, found.comparison
    kind_of(submission).put_in_force(connection, submission, now)
    if comparison is None:
        return None  # activities are in force by being published
    if not comparison.added.height and not comparison.superseded:
        return None
    said = f"Submission {submission.id}: {submission.country} {submission.period}, {submission.submitted_office}"
    return issue(connection, said, comparison.added, comparison.superseded, [record_of(settings, submission)], now)


def issue(
    connection: store.Connection,
    said: str,
    added: pl.DataFrame,
    superseded: Sequence[str],
    records: Sequence[RawRecord],
    now: datetime,
) -> int:
    """Write the next vintage; gives its number."""
    issued = vintages.list_vintages_on(connection)
    return vintages.write_vintage_on(
        connection,
        created_at=max(now, issued[-1].created_at + timedelta(seconds=1)) if issued else now,
        note=said,
        run_id=None,
        added=added,
        superseded=superseded,
        records=records,
    ).number


def note(
    connection: store.Connection,
    by: Principal,
    found: CollectedSubmission,
    vintage: int | None,
    address: str,
    now: datetime,
) -> None:
    """Say so where it is kept: history and audit of the submission, and of what it puts out of force."""
    submission, step, old = found.submission, found.step, found.in_force
    for other in (*([old] if old else ()), *_statements(connection, submission)):
        gone = AllowedMove((other.state,), "superseded", step.right)
        done(connection, by, other, gone, "supersede", _superseded_by(submission.id), address, now)
    supersedes = old.id if old else None
    withdrawn = [one.as_json() for one in found.withdrawn]
    done(connection, by, submission, step, "publish", "", address, now,
         published_at=now, vintage=vintage, supersedes=supersedes, withdrawn=withdrawn)  # fmt: skip
    if withdrawn:
        audit.record(
            connection, action="submission.figures_withdrawn", subject=f"submission {submission.id}", by=by,
            address=address, after={"intent": submission.intent, "withdrawn": withdrawn},
        )  # fmt: skip
    if found.comparison:
        conflicts.open_on(connection, by, submission, found.comparison, address, now)
    store.set_period(
        connection, submission.country, submission.dataset, submission.period, submission.office_number,
        closed=kind_of(submission).closes_period(submission, now), reason="",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rollback:
    """What taking a publication back does: each figure as it is now and as it will be, and the rows that do it.

    ``revised``: figures that a later publication has revised, with its edition; where there are any it is refused.
    """

    submission: Submission
    restored: Submission | None  # in force again
    changes: tuple[FigureChange, ...]
    revised: tuple[FigureChange, ...]
    added: pl.DataFrame
    superseded: tuple[str, ...]


def plan_rollback(settings: Settings, book: Codebook, by: Principal, number: int) -> Rollback:
    """Return what taking a publication back would do; see ``roll_back``."""
    with reading(open_engine(settings)) as connection:
        submission = seen_on(connection, by, number)
        step_for(connection, by, submission, "roll_back")
        return plan_rollback_on(connection, book, submission, "")


def plan_rollback_on(connection: store.Connection, book: Codebook, submission: Submission, reason: str) -> Rollback:
    """``plan_rollback`` within a transaction under way; readers are told the reason.

    Raises:
        MoveNotAllowed: ``counts_stay``: of counts of services no former state is kept to go back to; ``contested``.
    """
    if not kind_of(submission).can_roll_back:
        raise MoveNotAllowed("counts_stay", "Counts are corrected by a new file: open their month again.")
    _demand_uncontested(connection, submission)
    restored = store.get(connection, submission.supersedes) if submission.supersedes else None
    issued = {one.number: one for one in vintages.list_vintages_on(connection)} if submission.vintage else {}
    if submission.vintage is None or submission.vintage not in issued:  # it has changed no figure
        return Rollback(submission, restored, (), (), pl.DataFrame(), ())
    names = sorted(issued[submission.vintage].changes)
    rows = vintages.read_rows_on(connection, names).filter(pl.col("country") == submission.country).collect()
    current = rows.filter(pl.col("superseded").is_null())
    mine = current.filter(pl.col("source") == SOURCE)
    came = rows.filter(pl.col("vintage") == submission.vintage, pl.col("source") == SOURCE)
    went = rows.filter(pl.col("superseded") == submission.vintage, pl.col("source") == SOURCE)
    words = f"Publication of submission {submission.id} rolled back: {reason}"
    left = came.filter(pl.col("value").is_not_null()).join(went, on=FACT, how="anti")
    others = current.filter(pl.col("primary"), pl.col("source") != SOURCE)["indicator"].unique().to_list()
    back = pl.concat([went, leave_word(left, words)], how="diagonal").with_columns(
        (pl.col("primary") | vintages.is_showable()) & ~pl.col("indicator").is_in(others)
    )
    facts = pl.concat([came, went]).select(FACT).unique()
    stand = mine.join(facts, on=FACT, how="semi")
    revised = stand.join(came, on="id", how="anti")
    missing = came.join(stand, on="id", how="anti").join(revised, on=FACT, how="anti")  # nothing stands there any more
    return Rollback(
        submission,
        restored,
        _as_changes(came.join(back, on=FACT, how="left", suffix="_after")),
        _as_changes(pl.concat([revised, missing]).with_columns(pl.col("value").alias("value_after"))),
        back.drop("vintage", "superseded"),
        tuple(came["id"].to_list()),
    )


def _demand_uncontested(connection: store.Connection, submission: Submission) -> None:
    """Make sure that no figure of a publication waits for the coordinator, or is in force by their decision.

    Raises:
        MoveNotAllowed: ``contested``.
    """
    for one in offices.conflicts(connection, submission.country, submission.id):
        mine = one.submission == submission.id
        if one.state == "open" or (mine and one.chosen == submission.office_number):
            raise MoveNotAllowed(
                "contested",
                f"{one.indicator} of {one.period} is sent by two offices: their coordinator decides, and a file "
                "corrects it.",
            )


def _as_changes(rows: pl.DataFrame) -> tuple[FigureChange, ...]:
    """Return rows as published beside their value afterwards (``value_after``), as people are told of them."""
    return tuple(
        FigureChange(
            it["indicator"], it["period"], it["dimensions"],
            "withdrawn" if it["value_after"] is None else "new" if it["value"] is None else "revised",
            it["value"], it["value_after"], it["edition"],
        )
        for it in rows.sort(FACT).iter_rows(named=True)
    )  # fmt: skip


def roll_back(
    settings: Settings, book: Codebook, by: Principal, number: int, reason: str, address: str = ""
) -> Submission:
    """Take a publication back: what it put out of force is in force again, as a new vintage, and its year is open.

    A figure that was published with it for the first time leaves a word. What others published since stays.

    Raises:
        SubmissionUnknown: no such submission for this person.
        MoveNotAllowed: not this person, not from this state, without a reason, counts of services, or a later
            publication has revised one of its figures.
        NoRoom: the disk has no room; nothing has changed.
    """
    with reading(open_engine(settings)) as connection:
        kind = kind_of(seen_on(connection, by, number))
    with _transaction(settings, book, number, kind) as connection:
        now, words = datetime.now(UTC), reason.strip()
        submission = seen_on(connection, by, number)
        step = step_for(connection, by, submission, "roll_back", reason)
        plan = plan_rollback_on(connection, book, submission, words)
        if plan.revised:
            one = plan.revised[0]
            raise MoveNotAllowed(
                "revised_since",
                f"{one.indicator} of {one.period} was published anew with {one.edition}: roll that one back first.",
            )
        vintage = None
        if plan.superseded:
            said = f"Submission {number} rolled back: {submission.country} {submission.period}, {by.office}"
            vintage = issue(connection, said, plan.added, plan.superseded, (), now)
        done(connection, by, submission, step, "roll_back", words, address, now, reason=words)
        if plan.restored and plan.restored.state == "superseded":  # after it: one is published at a time
            again = AllowedMove(("superseded",), "published", step.right, told="restored")
            done(connection, by, plan.restored, again, "restore", f"Submission {number} was rolled back", address, now)
        for statement in _statements(connection, submission, "superseded"):
            moves = [(it.move, it.reason) for it in store.moves_of(connection, statement.id)]
            if ("supersede", _superseded_by(number)) in moves:
                again = AllowedMove(("superseded",), "not_reported", step.right, told="restored")
                done(connection, by, statement, again, "restore", f"Submission {number} was rolled back", address, now)
        audit.record(
            connection, action="submission.figures_rolled_back", subject=f"submission {number}", by=by,
            address=address, reason=words,
            after={"vintage": vintage, "figures": [
                {"indicator": it.indicator, "period": it.period, "group": it.dimensions, "from": it.before,
                 "to": it.after}
                for it in plan.changes
            ]},
        )  # fmt: skip
        store.set_period(
            connection, submission.country, submission.dataset, submission.period, submission.office_number,
            closed=False, reason=words,
        )  # fmt: skip
        return seen_on(connection, by, number)


def _statements(
    connection: store.Connection, submission: Submission, state: State = "not_reported"
) -> list[Submission]:
    """Return statements that nothing is reported for the year, which figures put out of force; they have no file."""
    return [one for one in store.list_same(connection, submission, state) if not one.sha256]


def _superseded_by(number: int) -> str:
    return f"Superseded by submission {number}"


def record_of(settings: Settings, submission: Submission) -> RawRecord:
    """Return what the figures were read from: the ministry's file, by its hash; the office stands for the people."""
    base = (settings.public_url or "").rstrip("/")
    return RawRecord(
        sha256=submission.sha256,
        source=SOURCE,
        url=f"{base}/api/v1/submissions/{submission.id}/receipt.json",
        status=200,
        media_type="application/octet-stream",
        retrieved_at=submission.created_at,
        size=submission.size,
        edition=submission.edition,
        publisher=submission.submitted_office,
        licence="As the submitting office states",
        origin=f"Submitted by {submission.submitted_office}, approved by {submission.approved_office}",
    )
