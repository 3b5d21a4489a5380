"""What changed in a followed subject between two vintages, in words.

For two given vintages it is always the same: a message that was cut short is sent again unchanged.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from dashboard.answers.base.context import Context
from dashboard.answers.base.words import join_list
from dashboard.answers.changes import figures, verdicts
from dashboard.answers.changes.query import KINDS
from dashboard.answers.changes.views import ChangedLine
from dashboard.answers.claims.finding import NOTHING_SENT
from dashboard.answers.progress.assessment import DEFAULT_METHOD
from dashboard.evidence.codebook.model import Metric
from dashboard.interfaces.subscriptions.model import FollowedSubject
from dashboard.locales import format_day, t

MAX_LINES = 60
"""Changes listed one by one; the rest is only counted, with a link."""


@dataclass(frozen=True, slots=True)
class DigestGroup:
    """The changes of an indicator or claim: its name, its page, and a line for each change."""

    name: str
    page: str
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Digest:
    """The changes in the reader's language. Addresses are relative to the site."""

    name: str  # of what is followed
    span: str  # "Between 3 March 2026 and 5 March 2026"
    counts: str  # "12 new figures and 1 status changed"
    groups: Sequence[DigestGroup]
    more: int  # changes that are not told by name
    page: str
    json: str
    changes: Sequence[ChangedLine] = field(repr=False)
    numbers: dict[str, int] = field(default_factory=dict)


def compose(ctx: Context, subject: FollowedSubject, after: int, until: int) -> Digest | None:
    """Describe what changed of a subject between two vintages; None where nothing did.

    Args:
        ctx: for the dataset and the language.
        subject: the followed countries, indicators or claim.
        after: the vintage that was told last.
        until: the vintage to tell up to.
    """
    subject = subject.find_kept(ctx)
    if not subject:
        return None
    then, now = (replace(ctx, dataset=ctx.dataset.as_of(number)) for number in (after, until))
    found = {
        kind: list(lines) for kind, lines in (_list_claims if subject.claim else _list_changes)(then, now, subject)
    }
    numbers = {kind: len(found.get(kind, ())) for kind in KINDS}
    if not any(numbers.values()):
        return None
    lines = [line for kind in KINDS for line in found.get(kind, ())]
    counts = [t(f"changes.between.told.{kind}", ctx.lang, count=number) for kind, number in numbers.items() if number]
    return Digest(
        name=subject.name(ctx),
        span=t(
            "follow.letter.span", ctx.lang, first=_format_vintage_day(ctx, after), last=_format_vintage_day(ctx, until)
        ),
        counts=join_list(ctx, counts),
        groups=_group(ctx, lines[:MAX_LINES]),
        more=max(0, len(lines) - MAX_LINES),
        page=subject.page(ctx.lang),
        json=f"/api/v1/changes?since={after}&until={until}&steps=net" + ("" if subject.claim else f"&{subject.query}"),
        changes=lines[:MAX_LINES],
        numbers=numbers,
    )


def _list_changes(then: Context, now: Context, subject: FollowedSubject) -> Iterator[tuple[str, list[ChangedLine]]]:
    """Yield the changes of the followed figures by kind, in words."""
    metrics: Collection[Metric] = [
        metric for metric in now.book.metrics.values() if metric.id in (subject.indicators or (metric.id,))
    ]
    countries = subject.countries or tuple(now.book.countries)
    moves = figures.find_moves(then, now, metrics, countries)
    yield "revised", [figures.describe_revised(now, row) for row in figures.list_revised(now, moves)]
    for kind in ("period", "new", "withdrawn"):
        yield kind, figures.list_runs(now, moves, kind)
    loaded = figures.find_moved_by_loading(moves)
    for kind, lines in (
        ("status", verdicts.list_status_changes(then, now, DEFAULT_METHOD, metrics, countries)),
        ("target", verdicts.list_crossed_targets(then, now, metrics, countries)),
    ):
        yield kind, [line for line in lines if (line["indicator"], line["iso3"]) not in loaded]


def _list_claims(then: Context, now: Context, subject: FollowedSubject) -> Iterator[tuple[str, list[ChangedLine]]]:
    """Yield the changed answer to the followed claim."""
    lines = verdicts.list_changed_claims(then, now, NOTHING_SENT)
    yield "claim", [line for line in lines if line["to"].endswith(f"/{subject.claim}/")]


def _format_vintage_day(ctx: Context, number: int) -> str:
    """Return the day of a vintage in words."""
    dates = {vintage["number"]: vintage["created_at"].date() for vintage in ctx.dataset.as_of(None).vintages()}
    return format_day(dates[max(vintage for vintage in dates if vintage <= number)], ctx.lang)


def _group(ctx: Context, lines: Sequence[ChangedLine]) -> list[DigestGroup]:
    """Group lines by indicator, in order of first appearance."""
    order = list(dict.fromkeys(line["name"] for line in lines))
    grouped = groupby(sorted(lines, key=lambda line: order.index(line["name"])), key=lambda line: line["name"])
    return [
        DigestGroup(name, group[0]["to"].partition("?")[0], [_write_line(ctx, line) for line in group])
        for name, group in ((name, list(rows)) for name, rows in grouped)
    ]


def _write_line(ctx: Context, line: ChangedLine) -> str:
    """Describe a change: country, period, values before and after, and the note."""
    comma = t("ui.list.comma", ctx.lang)
    label = comma.join(part for part in (line["country"], line["period"]) if part)
    kind = {"period": "new", "new": "new", "withdrawn": "withdrawn"}.get(line["kind"], "changed")
    text = t(f"follow.letter.{kind}", ctx.lang, before=line["before"], after=line["after"])
    text = t("ui.list.colon", ctx.lang).join(part for part in (label, text) if part)
    return t("follow.letter.noted", ctx.lang, said=text, note=line["note"]) if line["note"] else text
