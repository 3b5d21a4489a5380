"""One series from the publisher to a verdict: fetch, harmonise, check, compare. Nothing is written here."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal

import polars as pl

from dashboard.evidence.codebook.model import Codebook
from dashboard.evidence.database.records import RawRecord
from dashboard.evidence.dataset.identity import add_ids
from dashboard.evidence.gathering.harmonise.harmonise import harmonise
from dashboard.evidence.gathering.plan import Planned
from dashboard.evidence.gathering.review.check import ACCEPTABLE, check, check_unread, select_errors
from dashboard.evidence.gathering.review.diff import Difference, compare
from data_sources.contract import Reply, SourceFinding
from data_sources.errors import Rejected, SourceError
from data_sources.fetching.fetch import Collected, collect
from data_sources.fetching.http import HttpClient
from data_sources.fetching.raw import RawStore, describe_reply

log = logging.getLogger(__name__)

State = Literal["new", "changed", "unchanged", "waiting", "failed"]
"""``waiting``: it would change, but a person has to approve it first."""

Current = Callable[[str, str], pl.DataFrame]
"""Indicator and source → its published rows in force, in ``ROWS``."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What of a series may change: these countries (empty: all) from this year on (None: any)."""

    countries: tuple[str, ...] = ()
    since: int | None = None

    def of(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return the rows within."""
        if self.countries:
            rows = rows.filter(pl.col("country").is_in(self.countries))
        return rows if self.since is None else rows.filter(pl.col("year") >= self.since)


EVERYWHERE = Scope()


@dataclass(frozen=True)
class SeriesVerdict:
    """What a series would change in the record, or why it cannot be used."""

    planned: Planned
    state: State
    code: str = ""  # finding id of a failure, or of why nothing changed
    message: str = ""
    difference: Difference | None = None
    rejected: int = 0  # rows that could not be read
    regions: int = 0  # rows of regions, left out
    findings: tuple[SourceFinding, ...] = ()
    retrieved_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    added: pl.DataFrame = field(default_factory=pl.DataFrame)  # rows that would come into force, with ids
    superseded: tuple[str, ...] = ()  # ids that would go out of force
    records: tuple[RawRecord, ...] = ()  # what the added rows were read from

    @property
    def without_rows(self) -> "SeriesVerdict":
        """The verdict without its rows, once they are written or put aside: they need not stay in memory."""
        return replace(self, added=self.added.clear(), superseded=(), records=())

    @property
    def counts(self) -> dict[str, int]:
        """Facts new, changed, unchanged, vanished and missing, and rows rejected."""
        none = dict.fromkeys(("new", "changed", "unchanged", "vanished", "missing"), 0)
        return (self.difference.counts() if self.difference else none) | {"rejected": self.rejected}


async def ask(
    planned: Planned,
    client: HttpClient,
    store: RawStore,
    book: Codebook,
    current: Current,
    *,
    fresh_since: datetime | None = None,
    accepted: bool = False,
    scope: Scope = EVERYWHERE,
) -> SeriesVerdict:
    """Fetch one series and judge it. Whatever goes wrong stays with this series.

    Args:
        fresh_since: replies kept at or after this moment are used instead of asking again.
        accepted: a person has looked and wants it published although a check of plausibility objects.
        scope: what of the series may change.
    """
    try:
        collected = await _answer(planned, client, store, fresh_since)
        return await asyncio.to_thread(judge, planned, collected, book, current, accepted=accepted, scope=scope)
    except SourceError as error:
        return SeriesVerdict(planned, "failed", error.code, str(error))
    except Exception as error:
        log.exception("%s from %s", planned.metric.id, planned.link.source)
        return SeriesVerdict(
            planned, "failed", "unexpected", f"{type(error).__name__}: {error} (the log has the detail)"
        )


async def _answer(planned: Planned, client: HttpClient, store: RawStore, fresh_since: datetime | None) -> Collected:
    """Return the publisher's answer for the series' code, else for one of its former codes."""
    first: Collected | Rejected | None = None
    for code in planned.link.codes:
        (task,) = planned.source.plan([replace(planned.ref, code=code)])
        try:
            collected = await collect(client, planned.source, task, store, fresh_since=fresh_since)
        except Rejected as refusal:
            first = first or refusal
            continue
        if collected.parsed.observations.height or collected.parsed.rejected:
            return collected if code == planned.link.series else _renamed(collected, planned, code)
        first = first or collected
    if isinstance(first, Collected):
        return first
    assert first is not None, "a series has a code"
    raise first


def _renamed(collected: Collected, planned: Planned, code: str) -> Collected:
    message = (
        f"{planned.link.series} has nothing; the publisher answered to {code}, its code before: series_aliases.csv"
    )
    finding = SourceFinding("series.former_code", "warning", message, planned.link.series, planned.link.source)
    parsed = replace(collected.parsed, findings=(*collected.parsed.findings, finding))
    return replace(collected, parsed=parsed)


def judge(
    planned: Planned,
    collected: Collected,
    book: Codebook,
    current: Current,
    *,
    accepted: bool = False,
    scope: Scope = EVERYWHERE,
) -> SeriesVerdict:
    """Harmonise, check and compare what a publisher sent with what is published.

    The whole series is checked, whatever the scope; a new edition is only taken whole.
    """
    link, metric, parsed = planned.link, planned.metric, collected.parsed
    retrieved_at = max(reply.retrieved_at for reply in collected.replies)
    published = _own(current(metric.id, link.source), planned)
    harmonised = harmonise(parsed.observations, link, metric, book, retrieved_at)
    rows = add_ids(harmonised.rows)
    findings = (
        *parsed.findings,
        *check_unread(parsed, link),
        *harmonised.findings,
        *check(rows, link, metric, planned.source.info.assertions, published),
    )
    seen = SeriesVerdict(
        planned,
        "unchanged",
        rejected=parsed.rejected,
        regions=harmonised.regions,
        findings=findings,
        retrieved_at=retrieved_at,
    )
    fatal = [finding for finding in select_errors(findings) if not (accepted and finding.code in ACCEPTABLE)]
    if fatal:
        more = f" (and {len(fatal) - 1} more)" if len(fatal) > 1 else ""
        return replace(seen, state="failed", code=fatal[0].code, message=fatal[0].message + more)
    if scope != EVERYWHERE:
        if published.height and rows.height and set(rows["edition"]) != set(published["edition"]):
            return replace(seen, state="failed", code="scope.edition", message=_other_edition(rows, published))
        rows, published = scope.of(rows), scope.of(published)
    difference = compare(rows, published)
    if rows.is_empty() and published.is_empty():
        why = findings[-1] if findings else SourceFinding("scope.empty", "info", "there is nothing within the scope")
        return replace(seen, code=why.code, message=why.message, difference=difference)
    if not difference.supersedes:
        return replace(seen, difference=difference)
    same = ["id", "primary"]
    return replace(
        seen,
        state="changed" if published.height else "new",
        difference=difference,
        added=rows.join(published, on=same, how="anti"),
        superseded=tuple(published.join(rows, on=same, how="anti")["id"]),
        records=tuple(_record(reply, planned, difference.edition_after) for reply in collected.replies),
    )


def _own(published: pl.DataFrame, planned: Planned) -> pl.DataFrame:
    """Drop the rows of the source's other series for the same indicator, such as countries' own."""
    link = planned.link
    links = (*planned.metric.series, *(own.link for own in planned.metric.national))
    others = {entry.series for entry in links if entry.source == link.source} - {link.series}
    return published.filter(~pl.col("series").is_in(others)) if others else published


def _other_edition(rows: pl.DataFrame, published: pl.DataFrame) -> str:
    before, after = (", ".join(frame["edition"].unique().sort()) for frame in (published, rows))
    return (
        f"the publisher has a new edition (“{after}”, published is “{before}”), and editions are not mixed in a "
        "series: gather it without --country and --since"
    )


def _record(reply: Reply, planned: Planned, edition: str) -> RawRecord:
    info, received = planned.source.info.of_site(planned.link.series), describe_reply(reply)
    return RawRecord(
        sha256=reply.sha256,
        source=info.id,
        url=received["url"],
        params=received["params"],
        status=reply.status,
        media_type=received["media_type"],
        etag=received["etag"],
        last_modified=received["last_modified"],
        retrieved_at=reply.retrieved_at,
        size=received["bytes"],
        edition=edition,
        publisher=info.publisher,
        licence=info.licence,
    )
