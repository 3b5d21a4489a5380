"""Changes too large to publish without a person: found here, kept as proposals, approved or rejected by command."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import polars as pl

from dashboard.evidence.codebook.editions import is_older
from dashboard.evidence.codebook.model import Codebook
from dashboard.evidence.database import proposals, runs, vintages
from dashboard.evidence.database.engine import open_engine
from dashboard.evidence.dataset.layout import Version
from dashboard.evidence.dataset.publication import open_publication
from dashboard.evidence.gathering.schedule.lease import hold_lease
from dashboard.evidence.gathering.series import SeriesVerdict
from dashboard.settings import ReviewSettings, Settings
from data_sources.national_submission.made import SUBMITTED

CODE = "review.share"
"""Finding of a change that waits."""

REJECTED = "review.rejected"
"""Finding of a change that a person has rejected before."""

_NAMED = 5

GoneBack = tuple[frozenset[str], frozenset[str]]
"""Ids of figures that a rollback put out of force, and of those that it put back."""

FEWEST_COUNTRIES = 4
"""Fewest published countries of a series of which a share is taken. Ours."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Series of one source whose changes should wait for a person together, and why."""

    verdicts: tuple[SeriesVerdict, ...]
    reason: str


def find_doubts(
    verdicts: Sequence[SeriesVerdict],
    limits: ReviewSettings,
    gone_back: GoneBack = (frozenset(), frozenset()),
    never_gathered: Collection[tuple[str, str, str]] = (),
) -> list[Doubt]:
    """Return what of a source's changes should wait for a person.

    All of it, when too large a share of the source's figures would vanish or be revised; else each series of an edition
    older than the published one, each that too large a share of its countries would leave, and each that would change
    what a person has gone back to.

    Args:
        verdicts: the series of one source that were judged, without those a person has accepted beforehand.
        limits: the shares that are too much, and the fewest figures of which a share is taken.
        gone_back: see ``vintages.gone_back``.
        never_gathered: source, series and indicator of what came with the product and was never received here. The
            publisher's own answer in another and no older edition replaces our copy, whatever it revises.
    """
    if reason := _suspicion(verdicts, limits, never_gathered):
        return [Doubt(tuple(verdicts), reason)]
    reasons = (
        (verdict, _age(verdict) or _desertion(verdict, limits) or _repetition(verdict, gone_back))
        for verdict in verdicts
    )
    return [Doubt((entry,), reason) for entry, reason in reasons if reason]


def _repetition(verdict: SeriesVerdict, gone_back: GoneBack) -> str:
    """Return why a series should wait that touches figures of a rollback; "" when it need not."""
    gone, back = gone_back
    if verdict.state not in ("new", "changed") or not gone | back:
        return ""
    count = max(len(gone.intersection(verdict.added["id"])), len(back.intersection(verdict.superseded)))
    if not count:
        return ""
    figures = "a figure" if count == 1 else f"{count} figures"
    return f"{verdict.planned.metric.id} would change {figures} of which a vintage was taken back"


def _age(verdict: SeriesVerdict) -> str:
    """Explain why a series should wait whose publisher now gives an older edition; "" otherwise."""
    difference = verdict.difference
    if difference is None or verdict.state != "changed":
        return ""
    before, after = difference.edition_before, difference.edition_after
    if not is_older(after, before):
        return ""
    return f"{verdict.planned.metric.id} would go back from edition “{before}” to “{after}”, which is older"


def _desertion(verdict: SeriesVerdict, limits: ReviewSettings) -> str:
    """Return why a series should wait that many of its countries would leave at once; "" when it need not."""
    difference = verdict.difference
    if difference is None or difference.countries < FEWEST_COUNTRIES:
        return ""
    gone = difference.countries_gone
    share = len(gone) / difference.countries
    if limits.countries == 1 or share < limits.countries or not gone:
        return ""
    more = f" and {len(gone) - _NAMED} more" if len(gone) > _NAMED else ""
    return (
        f"{len(gone)} of {difference.countries} countries ({share:.0%}) would vanish from {verdict.planned.metric.id}, "
        f"{limits.countries:.0%} or more: {', '.join(gone[:_NAMED])}{more}"
    )


def _replaces_copy(verdict: SeriesVerdict, never_gathered: Collection[tuple[str, str, str]]) -> bool:
    """Whether the publisher answers for the first time, in another and no older edition than our copy has."""
    planned, difference = verdict.planned, verdict.difference
    assert difference is not None
    before, after = difference.edition_before, difference.edition_after
    if not never_gathered:
        return False
    unseen = (planned.link.source, planned.link.series, planned.metric.id) in never_gathered
    return unseen and before != after and not is_older(after, before)


def _suspicion(
    verdicts: Sequence[SeriesVerdict], limits: ReviewSettings, never_gathered: Collection[tuple[str, str, str]] = ()
) -> str:
    """Return why a whole source's changes should wait for a person; "" when they need not."""
    compared = [verdict for verdict in verdicts if verdict.difference is not None]
    before = sum(_published(verdict) for verdict in compared)
    vanished = sum(verdict.counts["vanished"] for verdict in compared)
    revised = sum(verdict.counts["changed"] for verdict in compared if not _replaces_copy(verdict, never_gathered))
    if before < limits.least or vanished + revised <= limits.share * before:
        return ""
    worst = max(compared, key=lambda verdict: verdict.counts["vanished"] + verdict.counts["changed"])
    gone = worst.counts["vanished"] + worst.counts["changed"]
    return (
        f"{vanished + revised} of {before} published figures ({(vanished + revised) / before:.0%}) would vanish "
        f"({vanished}) or be revised ({revised}), more than {limits.share:.0%}; most in {worst.planned.metric.id} "
        f"({gone} of {_published(worst)})"
    )


def _published(verdict: SeriesVerdict) -> int:
    counts = verdict.counts
    return counts["changed"] + counts["unchanged"] + counts["vanished"]


def approve(settings: Settings, book: Codebook, number: int) -> Version:
    """Write a waiting change as the next vintage and publish it.

    Raises:
        LookupError: nothing of this number waits.
        Conflict: the record has moved on since: gather again.
        Busy: a gathering is under way.
        Unpublished: the disk has no room; the change waits as before.
    """
    with hold_lease(settings) as lease:
        lease.still_ours()
        moment = choose_moment(settings)
        with open_publication(open_engine(settings), settings.dataset_dir, book.version) as step:
            proposals.approve_on(step.connection, number, moment)
    assert step.version is not None
    return step.version


def reject(settings: Settings, number: int) -> str:
    """Turn a waiting change down; gives what it was.

    Raises:
        LookupError: nothing of this number waits.
    """
    return proposals.reject(open_engine(settings), number).note


def rollback(settings: Settings, book: Codebook, to: int) -> Version:
    """Publish again what an older vintage held, as a new vintage of now; a run records it, and nothing is deleted.

    What offices have published since stays in force: a reviewer rolls back a publication of theirs.

    Raises:
        LookupError: there is no such vintage before the newest, or what is published is the same.
        Busy: a gathering is under way.
        Unpublished: the disk has no room; nothing has changed.
    """
    record = open_engine(settings)
    with hold_lease(settings) as lease:
        issued = vintages.list_vintages(record)
        chosen = next((vintage for vintage in issued[:-1] if vintage.number == to), None)
        if chosen is None:
            older = [vintage.number for vintage in issued[:-1]]
            there = (
                f"there are {older[0]} to {older[-1]}"
                if len(older) > 1
                else f"there is {older[0] if older else 'none'}"
            )
            raise LookupError(f"There is no older vintage {to} to go back to; {there}")
        changed = {indicator for vintage in issued if vintage.number > to for indicator in vintage.changes}
        rows = vintages.read_rows(record, sorted(changed))
        now = rows.filter(pl.col("superseded").is_null())
        then = rows.filter(pl.col("vintage") <= to, pl.col("superseded").is_null() | (pl.col("superseded") > to))
        same, both = ["id", "primary"], then.join(now, on="id", how="semi")["id"].to_list()
        # what offices have published since stays, a reviewer rolls that back; whether it is shown follows
        of_publishers = (pl.col("source") != SUBMITTED) | pl.col("id").is_in(both)
        added = then.join(now, on=same, how="anti").filter(of_publishers)
        gone = now.join(then, on=same, how="anti").filter(of_publishers)
        if added.is_empty() and gone.is_empty():
            raise LookupError(f"What is published is what vintage {to} held: there is nothing to go back to")
        lease.still_ours()
        moment = choose_moment(settings)
        with open_publication(record, settings.dataset_dir, book.version) as step:
            run = runs.start_run_on(step.connection, trigger="rollback", plan={"to": to, "from": issued[-1].number})
            vintages.lock_vintages_on(step.connection)
            parts, ids = vintages.adjust_primary_on(step.connection, [added], gone["id"])
            vintages.write_vintage_on(
                step.connection,
                created_at=moment,
                note=f"Back to vintage {to} of {chosen.created_at:%Y-%m-%d}",
                run_id=run,
                added=parts,
                superseded=ids,
                records=(),
            )
            counts = {"to": to, "added": added.height, "superseded": gone.height}
            runs.finish_run_on(step.connection, run, "succeeded", counts)
    assert step.version is not None
    return step.version


def choose_moment(settings: Settings) -> datetime:
    """Return now, or just after the newest vintage: vintages only go forward."""
    last, now = vintages.find_latest(open_engine(settings)), datetime.now(UTC)
    return last.created_at + timedelta(seconds=1) if last is not None and now <= last.created_at else now
