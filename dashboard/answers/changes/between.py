"""What changed between two days: the answer in a sentence, by kind, by name, as a picture and as files."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

import polars as pl

from dashboard.analysis.reports.csv_text import write_csv_file
from dashboard.answers.adoption.counting import list_adopters
from dashboard.answers.base.cache import cached, kept
from dashboard.answers.base.context import Context
from dashboard.answers.base.views import Choice, cut_page, make_choice
from dashboard.answers.base.words import join_countries, join_list, join_sentences, name_country, name_metric
from dashboard.answers.changes import figures, verdicts
from dashboard.answers.changes.query import (
    KINDS,
    BetweenQuery,
    ask_changes,
    find_start,
    select_countries,
    select_metrics,
)
from dashboard.answers.changes.views import ChangeCount, ChangedLine, ChangesBetween
from dashboard.answers.claims.finding import NOTHING_SENT, SentCounts
from dashboard.answers.progress.progress import list_methods
from dashboard.answers.progress.statuses import name_method
from dashboard.answers.public.changes import BetweenAnswer, BetweenRow
from dashboard.evidence.codebook.model import choose_text
from dashboard.locales import format_day, format_number, order, t

ROWS = 20
"""Lines of a page."""

COLUMNS = (
    "kind", "indicator", "indicator_name", "country", "country_name", "period", "before", "after", "difference", "note",
    "id_before", "id_after",
)  # fmt: skip
"""Of the file; the API's rows have the same names."""


@dataclass(frozen=True, eq=False)
class _Found:
    """All changes of a question, unsorted figures as a frame."""

    then: Context
    moves: pl.DataFrame
    figures: dict[str, int]  # kind of ``figures.find_moves`` → figures
    lines: dict[str, list[ChangedLine]]  # of ``status``, ``target`` and ``claim``; ``loaded``: those by loading alone
    releases: int  # states between that a publisher's or a ministry's news made

    def count(self, kind: str) -> int:
        """Return how many changes there are of one of ``KINDS``."""
        return self.figures.get(kind, 0) + len(self.lines.get(kind, ()))


@kept(16)
def _find(ctx: Context, query: BetweenQuery, sent: SentCounts) -> _Found:
    then = find_start(ctx, query.since)
    metrics, countries = select_metrics(ctx, query), select_countries(ctx, query)
    moves = figures.find_moves(then, ctx, metrics, countries)
    narrowed = query.countries or query.indicator or query.goal
    lines = {
        "status": verdicts.list_status_changes(then, ctx, query.method, metrics, countries),
        "target": verdicts.list_crossed_targets(then, ctx, metrics, countries),
        "claim": [] if narrowed else verdicts.list_changed_claims(then, ctx, sent),
    }
    by_loading, all_loaded = figures.find_moved_by_loading(moves), figures.is_loaded_alone(then, ctx)

    def is_loaded(line: ChangedLine) -> bool:
        return all_loaded or (line["indicator"], line["iso3"]) in by_loading

    by_publishers = {kind: [line for line in own if not is_loaded(line)] for kind, own in lines.items()}
    by_publishers[figures.LOADED] = [line for own in lines.values() for line in own if is_loaded(line)]
    between = {vintage["number"] for vintage in ctx.dataset.vintages()} - {
        vintage["number"] for vintage in then.dataset.vintages()
    }
    releases = len(between - ctx.dataset.loaded_vintages())
    return _Found(then, moves, figures.count_moves(moves), by_publishers, releases)


@cached
def view_changes(ctx: Context, query: BetweenQuery, page: int = 1, sent: SentCounts = NOTHING_SENT) -> ChangesBetween:
    """Return a page of changes, by default of the first kind that has any."""
    found = _find(ctx, replace(query, kind=""), sent)
    kind = query.kind or next((other for other in KINDS if found.count(other)), KINDS[0])
    revised = figures.list_revised(ctx, found.moves)
    lines = _list_lines(ctx, found, revised, kind)
    cut = cut_page(len(lines), page, ROWS)
    first, since = _find_first_day(ctx), found.then.today
    return ChangesBetween(
        since=since.isoformat(),
        until=ctx.today.isoformat(),
        asked=query.since.isoformat() if query.since < since else "",
        first=first.isoformat(),
        last=ctx.dataset.as_of(None).created_at.date().isoformat(),
        method=query.method,
        text=write_answer(ctx, query, found),
        beside=_tell_beside(ctx, query, found),
        counts=[_count(ctx, query, found, other) for other in KINDS],
        largest=figures.draw_largest(ctx, revised),
        kind=kind,
        rows=[figures.describe_revised(ctx, line) if "move" in line else line for line in lines[cut.rows]],
        total=len(lines),
        page=cut.number,
        pages=cut.pages,
        methods=[make_choice(method["id"], method["name"], query.method) for method in list_methods(ctx, query.method)],
        indicators=_list_choices(ctx, query),
        csv=_write_address(ctx, query, "csv"),
        json=_write_address(ctx, query, "json"),
    )


@cached
def tell_since(ctx: Context, since: str, sent: SentCounts = NOTHING_SENT) -> str:
    """Return a line on what changed for countries of the register since a day, for the first page.

    Raises:
        Invalid: it is no date, or one ahead.
    """
    found = _find(ctx, ask_changes(ctx, since), sent)
    day = format_day(since, ctx.lang)
    kinds = list_told(ctx, found)
    return t(f"changes.visit.{'some' if kinds else 'none'}", ctx.lang, date=day, list=kinds)


def write_answer(ctx: Context, query: BetweenQuery, found: _Found) -> str:
    """Return how many changes there are of each kind and of whom, or that nothing changed."""
    lang = ctx.lang
    kinds = list_told(ctx, found)
    names = {
        "date": format_day(found.then.today, lang), "until": format_day(ctx.today, lang),
        "who": _describe_countries(ctx, query),
    }  # fmt: skip
    text = t(f"changes.between.{'some' if kinds else 'none'}", lang, list=kinds, **names)
    what = [name_metric(ctx, query.indicator)] if query.indicator else []
    what += [t("changes.between.goal", lang, number=str(query.goal))] if query.goal else []
    return t("ui.list.colon", lang).join((*what, text))


def list_told(ctx: Context, found: _Found) -> str:
    """Return the counts by kind in words: ``2 new figures and 1 status changed``."""
    counts = {kind: count for kind in KINDS if (count := found.count(kind))}
    if counts.keys() == {figures.LOADED}:
        counts = {"none": 0, **counts}
    return join_list(ctx, (t(f"changes.between.told.{kind}", ctx.lang, count=count) for kind, count in counts.items()))


def _describe_countries(ctx: Context, query: BetweenQuery) -> str:
    if query.countries:
        return join_countries(ctx, query.countries)
    if query.group:
        return t("changes.between.world", ctx.lang)
    return t("changes.between.register", ctx.lang, count=len(list_adopters(ctx)))


def _tell_beside(ctx: Context, query: BetweenQuery, found: _Found) -> str:
    rounded, first = found.figures["rounded"], found.then.today
    days = {"asked": format_day(query.since, ctx.lang), "first": format_day(first, ctx.lang)}
    return join_sentences(
        [
            t("changes.between.early", ctx.lang, **days) if query.since < first else "",
            "" if found.releases else t("changes.between.no_release", ctx.lang),
            t("changes.between.one_release", ctx.lang) if found.releases == 1 else "",
            t("changes.between.rounded", ctx.lang, count=rounded) if rounded else "",
            t("changes.between.method", ctx.lang, method=name_method(ctx, query.method)),
        ]
    )


def _count(ctx: Context, query: BetweenQuery, found: _Found, kind: str) -> ChangeCount:
    number = found.count(kind)
    return ChangeCount(
        kind=kind,
        label=t(f"changes.between.kind.{kind}.name", ctx.lang),
        definition=t(f"changes.between.kind.{kind}.definition", ctx.lang, method=name_method(ctx, query.method)),
        count=number,
        count_text=format_number(number, ctx.lang),
    )


def _list_lines(ctx: Context, found: _Found, revised: list[dict[str, Any]], kind: str) -> list[Any]:
    """Return the lines of a kind; revised figures stay rows until they are shown."""
    if kind == "revised":
        return revised
    if kind == figures.LOADED:
        return figures.list_loaded(ctx, found.moves, found.lines[kind])
    runs = figures.list_runs(ctx, found.moves, kind) if kind in found.figures else []
    return [*runs, *found.lines.get(kind, ())]


def _list_choices(ctx: Context, query: BetweenQuery) -> list[Choice]:
    """Return the indicators of the goal asked about, by name."""
    metrics = select_metrics(ctx, replace(query, indicator=""))
    choices = [make_choice(metric.id, choose_text(metric.name, ctx.lang), query.indicator) for metric in metrics]
    return sorted(choices, key=lambda choice: order(choice["label"], ctx.lang))


def _find_first_day(ctx: Context) -> date:
    day: date = ctx.dataset.vintages()[0]["created_at"].date()
    return day


def _write_address(ctx: Context, query: BetweenQuery, form: str) -> str:
    parameters = {
        "since": query.since.isoformat(), "as_of": ctx.day, "country": ",".join(query.countries),
        "indicator": query.indicator, "goal": query.goal or "", "group": query.group, "method": query.method,
        "kind": query.kind, "lang": ctx.lang,
    }  # fmt: skip
    query_string = urlencode({name: value for name, value in parameters.items() if value}, safe=",")
    return f"/api/v1/changes/between.{form}?{query_string}"


def answer_changes(ctx: Context, query: BetweenQuery, sent: SentCounts = NOTHING_SENT) -> BetweenAnswer:
    """Return counts of all kinds, and the rows, for programs."""
    found = _find(ctx, replace(query, kind=""), sent)
    return BetweenAnswer(
        dataset=ctx.dataset.name,
        since=found.then.today.isoformat(),
        as_of=ctx.today.isoformat(),
        method=query.method,
        text=write_answer(ctx, query, found),
        counts={**{kind: found.count(kind) for kind in KINDS}, "rounded": found.figures["rounded"]},
        total=sum(found.count(kind) for kind in KINDS if not query.kind or kind == query.kind),
        rows=list(_iterate_rows(ctx, query, found)),
    )


def write_changes_csv(ctx: Context, query: BetweenQuery, sent: SentCounts = NOTHING_SENT) -> bytes:
    """Write every change as a line, figure by figure in full precision."""
    found = _find(ctx, replace(query, kind=""), sent)
    return write_csv_file(_iterate_rows(ctx, query, found), COLUMNS)


def _iterate_rows(ctx: Context, query: BetweenQuery, found: _Found) -> Iterator[BetweenRow]:
    wanted = [query.kind] if query.kind else KINDS
    for kind in wanted:
        of_kind = found.moves.filter(found.moves["kind"] == kind)
        yield from (_make_row_of_move(ctx, row) for row in of_kind.iter_rows(named=True))
        yield from (_make_row(line | {"kind": kind}) for line in found.lines.get(kind, ()))


def _make_row(line: ChangedLine) -> BetweenRow:
    return BetweenRow(
        kind=line["kind"],
        indicator=line["indicator"],
        indicator_name=line["name"],
        country=line["iso3"],
        country_name=line["country"],
        period=line["period"],
        before=line["before"],
        after=line["after"],
        difference=None,
        note=line["note"],
        id_before=line["id_before"],
        id_after=line["id_after"],
    )


def _make_row_of_move(ctx: Context, row: dict[str, Any]) -> BetweenRow:
    def tell(side: str) -> float | str | None:
        value: float | None = row[f"value_{side}"]
        text: str | None = row[f"value_text_{side}"]
        return text if value is None else value

    side = "before" if row["id_after"] is None else "after"
    return BetweenRow(
        kind=row["kind"],
        indicator=row["indicator"],
        indicator_name=choose_text(ctx.book.metrics[row["indicator"]].name, ctx.lang),
        country=row["country"],
        country_name=name_country(ctx, row["country"]),
        period=row["period"],
        before=tell("before"),
        after=tell("after"),
        difference=None if figures.is_bare(ctx, row) else row["size"],
        note=figures.title_edition(ctx, row, side),
        id_before=row["id_before"] or "",
        id_after=row["id_after"] or "",
    )
