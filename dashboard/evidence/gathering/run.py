"""A gathering: plan, fetch, harmonise, check, compare, one vintage, publish.

Every series succeeds or fails by itself. What looks suspicious of a source waits for a person (``review``). What is
written is published in one step (``dataset.publication``); killed at any moment, the record and the published dataset
are the old ones or the new ones, and the next run goes on from the replies that were kept.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

import polars as pl

from dashboard.evidence.codebook.model import Codebook
from dashboard.evidence.database import proposals, runs, vintages
from dashboard.evidence.database.engine import is_disk_full, open_engine
from dashboard.evidence.dataset.publication import Unpublished, open_publication
from dashboard.evidence.gathering.embedded import TRIGGER as EMBEDDED
from dashboard.evidence.gathering.plan import GatheringChoice, Planned, find_own_country, list_publishers, plan
from dashboard.evidence.gathering.review import disagreement, review
from dashboard.evidence.gathering.schedule.due import find_next_due, group_by_series, select_due
from dashboard.evidence.gathering.schedule.lease import HeldLease, hold_lease
from dashboard.evidence.gathering.series import Scope, SeriesVerdict, ask
from dashboard.settings import Settings
from data_sources.fetching.http import HttpClient, HttpLimits
from data_sources.fetching.raw import RawStore
from data_sources.registry import list_hosts

log = logging.getLogger(__name__)

AT_ONCE = 4
"""Series of one publisher under way at a time: no more replies in memory than these, and a slow publisher keeps back
no other. Ours."""

RESUMABLE = timedelta(hours=6)
"""Replies of a run that was cut short are used by the next one when the first of them are not older. Ours."""

DISK_FULL = "disk_full"
"""Finding of a gathering that found no room for its vintage, or for the dataset made of it."""

NOT_PUBLISHED = "not_published"
"""Finding of a gathering whose dataset the disk refused for another reason."""

EVERYTHING = GatheringChoice()


class DiskFull(Exception):
    """``disk_full``, ``not_published``: the new vintage could not be written or published; all is as before."""


@dataclass(frozen=True)
class Summary:
    """What became of a gathering."""

    verdicts: tuple[SeriesVerdict, ...] = ()
    run: int | None = None  # None in a dry run
    resumed: bool = False  # replies of an interrupted run were used where kept
    interrupted: tuple[int, ...] = ()  # runs found cut short
    vintage: int | None = None  # written now
    version: str = ""  # published now
    findings: dict[str, int] = field(default_factory=dict)  # finding id → how often
    waiting: tuple[tuple[int, str], ...] = ()  # number and reason of each change that waits for a person
    unaddressed: tuple[Planned, ...] = ()  # series of which no address is configured
    disagreements: tuple[str, ...] = ()  # between the sources of one indicator, as the record now stands
    next_due: datetime | None = None  # when anything is due, in a run of what is due that found nothing

    @property
    def failed(self) -> list[SeriesVerdict]:
        """Series that could not be had or used."""
        return [verdict for verdict in self.verdicts if verdict.state == "failed"]

    @property
    def state(self) -> runs.RunState:
        """In one word."""
        if not self.failed:
            return "succeeded"
        return "partly" if len(self.failed) < len(self.verdicts) else "failed"

    def as_record(self) -> dict[str, Any]:
        """For the record of the run."""
        states = [verdict.state for verdict in self.verdicts]
        return {
            "series": {state: states.count(state) for state in sorted(set(states))},
            "resumed": self.resumed,
            "vintage": self.vintage,
            "waiting": [number for number, _ in self.waiting],
            "findings": self.findings,
        }


async def gather(
    settings: Settings,
    book: Codebook,
    choice: GatheringChoice = EVERYTHING,
    *,
    accept: Sequence[str] = (),
    dry_run: bool = False,
    trigger: str = "command",
    planned: Callable[[int], object] = lambda count: None,
    done: Callable[[SeriesVerdict], object] = lambda verdict: None,
) -> Summary:
    """Gather the chosen series, write what changed as one vintage, publish it.

    The database must be migrated (``startup.ensure_ready``).

    Args:
        accept: indicators to publish although a check of plausibility objects: a person has looked.
        dry_run: write nothing but the raw replies.
        trigger: what started the run, for its record.
        planned: told how many series there are.
        done: told of each series when it is judged.

    Raises:
        NothingToGather: the choice matches no series.
        Busy: another gathering is under way.
        Lost: the lease ran out; nothing was written.
    """
    whole = plan(book, list_publishers(settings), choice)
    chosen = [planned for planned in whole if planned.source.info.askable]
    left = tuple(planned for planned in whole if not planned.source.info.askable)
    if choice.due:
        chosen, next_ = _due(settings, chosen)
        left = ()
        if not chosen:
            return Summary(next_due=next_)
    planned(len(chosen))
    if dry_run or not chosen:
        verdicts = await _fetch_all(settings, book, chosen, choice, accept, None, done)
        doubts = _doubts(settings, verdicts, accept)
        return Summary(
            verdicts, findings=_count(verdicts), unaddressed=left, waiting=tuple((0, doubt) for doubt in doubts)
        )
    with hold_lease(settings) as lease:
        summary = await _run(settings, book, chosen, choice, accept, trigger, lease, done)
    return replace(summary, unaddressed=left)


def _due(settings: Settings, chosen: list[Planned]) -> tuple[list[Planned], datetime | None]:
    """Return the series that are due, and when the first of them is."""
    record = open_engine(settings)
    standing, issued = group_by_series(runs.read_last_outcomes(record)), vintages.list_vintages(record)
    began = issued[0].created_at if issued else datetime.min.replace(tzinfo=UTC)
    first = min((find_next_due(planned, standing, began) for planned in chosen), default=None)
    return select_due(chosen, standing, began, datetime.now(UTC)), first


async def _run(
    settings: Settings,
    book: Codebook,
    chosen: list[Planned],
    choice: GatheringChoice,
    accept: Sequence[str],
    trigger: str,
    lease: HeldLease,
    done: Callable[[SeriesVerdict], object],
) -> Summary:
    record = open_engine(settings)
    interrupted = tuple(runs.mark_interrupted(record))
    fresh_since = _resume(settings)
    started = datetime.now(UTC)
    run = runs.start_run(
        record,
        trigger=trigger,
        plan=asdict(choice)
        | {"accept": list(accept), "series": len(chosen), "fresh_since": (fresh_since or started).isoformat()},
    )
    try:
        verdicts = [*await _fetch_all(settings, book, chosen, choice, accept, fresh_since, done)]
        begun = Summary(run=run, resumed=fresh_since is not None, interrupted=interrupted)
        summary = await asyncio.to_thread(_write, settings, book, begun, verdicts, accept, lease)
    except BaseException as error:
        full = is_disk_full(error) or (isinstance(error, Unpublished) and error.full)
        code = DISK_FULL if full else NOT_PUBLISHED if isinstance(error, Unpublished) else ""
        try:
            runs.finish_run(record, run, "interrupted", {"findings": {code: 1}} if code else {})
        except Exception:  # no room for this either: the next run finds it cut short
            log.exception("Run %s cannot be ended", run)
        if full:
            raise DiskFull(
                f"{DISK_FULL}: there is no room for the new vintage; nothing has changed. Make room and gather again: "
                "the replies received are kept"
            ) from error
        if code:
            raise DiskFull(f"{code}: {error} The replies received are kept") from error
        raise
    return replace(summary, disagreements=disagreement.describe_disagreements(settings, chosen))


async def _fetch_all(
    settings: Settings,
    book: Codebook,
    chosen: list[Planned],
    choice: GatheringChoice,
    accept: Sequence[str],
    fresh_since: datetime | None,
    done: Callable[[SeriesVerdict], object],
) -> tuple[SeriesVerdict, ...]:
    store, record = RawStore(settings.raw_dir), open_engine(settings)
    scope = Scope(choice.countries, choice.since)
    slots = {planned.link.source: asyncio.Semaphore(AT_ONCE) for planned in chosen}

    def current(indicator: str, source: str) -> pl.DataFrame:
        return vintages.read_current_rows(record, indicator, source)

    async def fetch_one(planned: Planned, client: HttpClient) -> SeriesVerdict:
        accepted = planned.metric.id in accept
        whole = find_own_country(planned) != ""  # the plan holds the countries chosen: their own series are taken whole
        async with slots[planned.link.source]:
            verdict = await ask(
                planned,
                client,
                store,
                book,
                current,
                fresh_since=fresh_since,
                accepted=accepted,
                scope=replace(scope, countries=()) if whole else scope,
            )
        done(verdict)
        return verdict

    allowed = list_hosts({planned.link.source: planned.source for planned in chosen}.values())
    async with HttpClient(HttpLimits(**settings.http.model_dump()), allowed) as client, asyncio.TaskGroup() as group:
        jobs = [group.create_task(fetch_one(planned, client)) for planned in chosen]
    return tuple(job.result() for job in jobs)


def _resume(settings: Settings) -> datetime | None:
    """From when on kept replies may be used: the start of the run before, if it was cut short not long ago."""
    last = runs.find_latest(open_engine(settings))
    if last is None or last.state != "interrupted" or "fresh_since" not in last.plan:
        return None
    since = datetime.fromisoformat(last.plan["fresh_since"])
    return since if datetime.now(UTC) - since < RESUMABLE else None


def _write(
    settings: Settings,
    book: Codebook,
    begun: Summary,
    verdicts: list[SeriesVerdict],
    accept: Sequence[str],
    lease: HeldLease,
) -> Summary:
    """Write all that changed as one vintage, publish it, and end the run.

    What looks suspicious of a source is put aside for a person. ``verdicts`` is emptied: publishing need not have their
    rows beside it.
    """
    lease.still_ours()
    run = begun.run
    assert run is not None
    gone_back = vintages.find_rolled_back_ids(open_engine(settings))
    never_gathered = runs.find_never_gathered(open_engine(settings), EMBEDDED)
    waiting: list[tuple[int, str]] = []
    assessed: list[SeriesVerdict] = []
    for source, group in groupby(verdicts, key=lambda verdict: verdict.planned.link.source):
        facts = list(group)
        open_ = [verdict for verdict in facts if verdict.planned.metric.id not in accept]
        current: dict[int, SeriesVerdict] = {}
        numbers: set[int] = set()
        for doubt in review.find_doubts(open_, settings.review, gone_back, never_gathered):
            becomes, number = _propose(settings, run, source, doubt)
            current |= becomes
            if number:
                numbers.add(number)
                waiting.append((number, f"{source}: {doubt.reason}"))
        received = {fact.planned.metric.id for fact in facts if fact.state != "failed"}
        proposals.withdraw(open_engine(settings), source, received, but=numbers)
        assessed += [current.get(id(verdict), verdict) for verdict in facts]
    changed = [verdict for verdict in assessed if verdict.state in ("new", "changed")]
    judged = tuple(verdict.without_rows for verdict in assessed)
    summary = replace(begun, verdicts=judged, waiting=tuple(waiting), findings=_count(judged))
    moment = review.choose_moment(settings)
    added = [verdict.added for verdict in changed]
    gone = [id_ for verdict in changed for id_ in verdict.superseded]
    with open_publication(open_engine(settings), settings.dataset_dir, book.version) as step:
        if changed:
            vintages.lock_vintages_on(step.connection)
            added, gone = vintages.adjust_primary_on(step.connection, added, gone)
            vintage = vintages.write_vintage_on(
                step.connection,
                created_at=moment,
                note=_note(changed),
                run_id=run,
                added=added,
                superseded=gone,
                records=[record for verdict in changed for record in verdict.records],
            )
            summary = replace(summary, vintage=vintage.number)
        for rows in (verdicts, assessed, facts, open_, current, changed, added):
            rows.clear()
        runs.record_outcomes_on(step.connection, [_outcome(run, verdict) for verdict in judged])
        runs.finish_run_on(step.connection, run, summary.state, summary.as_record())
    return replace(summary, version=step.version.name if step.version else "")


def _propose(
    settings: Settings, run: int, source: str, doubt: review.Doubt
) -> tuple[dict[int, SeriesVerdict], int | None]:
    """Put changes of a source aside; gives what its verdicts become, and the number under which they wait.

    What a person has rejected before stays rejected and has no number.
    """
    changed = [verdict for verdict in doubt.verdicts if verdict.state in ("new", "changed")]
    proposal = proposals.propose(
        open_engine(settings),
        source=source,
        indicators={verdict.planned.metric.id for verdict in changed},
        run_id=run,
        note=_note(changed),
        reason=doubt.reason,
        added=pl.concat([verdict.added for verdict in changed]),
        superseded=[id_ for verdict in changed for id_ in verdict.superseded],
        records=[record for verdict in changed for record in verdict.records],
    )
    if proposal.state == "rejected":
        message = f"change {proposal.number} was rejected: what is published stays"
        return {
            id(row): replace(row, state="unchanged", code=review.REJECTED, message=message) for row in changed
        }, None
    message = f"waits for a person as change {proposal.number}: {doubt.reason}"
    return {
        id(row): replace(row, state="waiting", code=review.CODE, message=message) for row in changed
    }, proposal.number


def _doubts(settings: Settings, verdicts: Sequence[SeriesVerdict], accept: Sequence[str]) -> list[str]:
    """Return what would wait, of a dry run."""
    doubts = []
    gone_back = vintages.find_rolled_back_ids(open_engine(settings))
    never_gathered = runs.find_never_gathered(open_engine(settings), EMBEDDED)
    for source, group in groupby(verdicts, key=lambda verdict: verdict.planned.link.source):
        open_ = [verdict for verdict in group if verdict.planned.metric.id not in accept]
        doubts += [
            f"{source}: {doubt.reason}"
            for doubt in review.find_doubts(open_, settings.review, gone_back, never_gathered)
        ]
    return doubts


def _note(changed: Sequence[SeriesVerdict]) -> str:
    return f"Gathered {', '.join(sorted({verdict.planned.source.info.title for verdict in changed}))}"


def _count(verdicts: Sequence[SeriesVerdict]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for verdict in verdicts:
        for finding in verdict.findings:
            counted[finding.code] = counted.get(finding.code, 0) + finding.count
        if verdict.state == "failed" and all(finding.code != verdict.code for finding in verdict.findings):
            counted[verdict.code] = counted.get(verdict.code, 0) + 1
    return dict(sorted(counted.items()))


def _outcome(run: int, verdict: SeriesVerdict) -> runs.SeriesOutcome:
    return runs.SeriesOutcome(
        run=run,
        source=verdict.planned.link.source,
        series=verdict.planned.link.series,
        indicator=verdict.planned.metric.id,
        state=verdict.state,
        code=verdict.code,
        message=verdict.message,
        retrieved_at=verdict.retrieved_at,
        **verdict.counts,
    )
