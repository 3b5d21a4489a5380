"""What changed of what is followed, between two vintages, by name: figures revised beyond rounding, new and withdrawn,
statuses, targets crossed, answers to claims.

Once made for two vintages it is the same whenever it is made again: a message that was cut short is sent as it was.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from dashboard.codebook.model import Metric
from dashboard.locales import format_day, t
from dashboard.services.base.context import Context
from dashboard.services.base.words import join_list
from dashboard.services.changes import figures, verdicts
from dashboard.services.changes.query import KINDS
from dashboard.services.changes.views import ChangedLine
from dashboard.services.claims.finding import NOTHING_SENT
from dashboard.services.progress.assessment import DEFAULT_METHOD
from dashboard.subscriptions.model import FollowedSubject

MOST_LINES = 60
"""Changes told by name; of the rest the number and where they are."""


@dataclass(frozen=True, slots=True)
class DigestGroup:
    """What changed of one indicator or claim: its name, its page, and a line for each change."""

    name: str
    page: str
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Digest:
    """What changed, in the reader's language. Addresses are without the site."""

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
    """What a subscription is told of the vintages after one up to another; None where nothing of it changed.

    Args:
        ctx: for the dataset and the language.
        subject: what is followed.
        after: vintage that was told last.
        until: vintage to tell up to.
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
    told = [t(f"changes.between.told.{kind}", ctx.lang, count=number) for kind, number in numbers.items() if number]
    return Digest(
        name=subject.name(ctx),
        span=t("follow.letter.span", ctx.lang, first=_day(ctx, after), last=_day(ctx, until)),
        counts=join_list(ctx, told),
        groups=_group(ctx, lines[:MOST_LINES]),
        more=max(0, len(lines) - MOST_LINES),
        page=subject.page(ctx.lang),
        json=f"/api/v1/changes?since={after}&until={until}&steps=net" + ("" if subject.claim else f"&{subject.query}"),
        changes=lines[:MOST_LINES],
        numbers=numbers,
    )


def _list_changes(then: Context, now: Context, subject: FollowedSubject) -> Iterator[tuple[str, list[ChangedLine]]]:
    """Changes of the figures followed, by kind, in words."""
    metrics: Collection[Metric] = [it for it in now.book.metrics.values() if it.id in (subject.indicators or (it.id,))]
    countries = subject.countries or tuple(now.book.countries)
    moves = figures.find_moves(then, now, metrics, countries)
    yield "revised", [figures.describe_revised(now, row) for row in figures.list_revised(now, moves)]
    for kind in ("new", "withdrawn"):
        yield kind, figures.list_runs(now, moves, kind)
    yield "status", verdicts.list_status_changes(then, now, DEFAULT_METHOD, metrics, countries)
    yield "target", verdicts.list_crossed_targets(then, now, metrics, countries)


def _list_claims(then: Context, now: Context, subject: FollowedSubject) -> Iterator[tuple[str, list[ChangedLine]]]:
    """The answer to the claim followed, where it is another one."""
    lines = verdicts.list_changed_claims(then, now, NOTHING_SENT)
    yield "claim", [line for line in lines if line["to"].endswith(f"/{subject.claim}/")]


def _day(ctx: Context, number: int) -> str:
    """The day of a vintage."""
    dates = {one["number"]: one["created_at"].date() for one in ctx.dataset.as_of(None).vintages()}
    return format_day(dates[max(one for one in dates if one <= number)], ctx.lang)


def _group(ctx: Context, lines: Sequence[ChangedLine]) -> list[DigestGroup]:
    """Lines by indicator, in the order in which they come first."""
    order = list(dict.fromkeys(line["name"] for line in lines))
    grouped = groupby(sorted(lines, key=lambda line: order.index(line["name"])), key=lambda line: line["name"])
    return [
        DigestGroup(name, of_one[0]["to"].partition("?")[0], [_write_line(ctx, line) for line in of_one])
        for name, of_one in ((name, list(rows)) for name, rows in grouped)
    ]


def _write_line(ctx: Context, line: ChangedLine) -> str:
    """One change: whose, of when, what it was and is, and its edition or the reason."""
    comma = t("ui.list.comma", ctx.lang)
    what = comma.join(part for part in (line["country"], line["period"]) if part)
    kind = line["kind"] if line["kind"] in ("new", "withdrawn") else "changed"
    said = t(f"follow.letter.{kind}", ctx.lang, before=line["before"], after=line["after"])
    said = t("ui.list.colon", ctx.lang).join(part for part in (what, said) if part)
    return t("follow.letter.noted", ctx.lang, said=said, note=line["note"]) if line["note"] else said
