"""The events of the register as a table: filtered, sorted and searched, the same rows on the page and in the file."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import get_args
from urllib.parse import quote, urlencode

from dashboard.analysis.reports.csv_text import write_csv_file
from dashboard.answers.adoption.counting import list_origins
from dashboard.answers.adoption.events import describe_event
from dashboard.answers.adoption.views import RegisterRow, RegisterTable
from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import NoOption, quote_given
from dashboard.answers.base.lookup import find_countries
from dashboard.answers.base.references import split_reference
from dashboard.answers.base.words import join_sentences, name_country, translate_term
from dashboard.evidence.codebook.model import AdoptionEvent, EventType, choose_text
from dashboard.evidence.codebook.register.adoption import RUNGS, is_counted
from dashboard.evidence.codebook.register.tables import LEVELS, WITNESSES
from dashboard.locales import format_day, order, t

TYPES: tuple[str, ...] = get_args(EventType)
SORTS = ("newest", "oldest", "country", "type", "evidence")
ANSWERS = ("yes", "no")
COLUMNS = (
    "id", "country", "name", "type", "type_text", "date", "precision", "reported", "local_name", "scope", "source",
    "source_ref", "source_type", "evidence", "evidence_text", "stance", "stance_text", "disputed", "review_state",
    "counts", "counts_text", "note",
)  # fmt: skip
"""Columns of the file: codes and words of the page."""


@dataclass(frozen=True, slots=True)
class RegisterQuery:
    """Which events; "" and () mean all. ``disputed``: yes or no."""

    countries: tuple[str, ...] = ()
    first: int | None = None
    last: int | None = None
    event: str = ""
    source: str = ""
    evidence: str = ""
    disputed: str = ""
    search: str = ""
    sort: str = ""


def check_query(ctx: Context, query: RegisterQuery) -> RegisterQuery:
    """Check a question about the register's events.

    Raises:
        Unknown: no such country, with suggestions.
        Invalid: a filter or an order that there is not; the message lists those there are.
    """
    _require_among("event", query.event, TYPES)
    _require_among("source", query.source, WITNESSES)
    _require_among("evidence", query.evidence, LEVELS)
    _require_among("disputed", query.disputed, ANSWERS)
    _require_among("sort", query.sort, SORTS)
    countries = find_countries(ctx, query.countries)
    return replace(query, countries=countries, search=query.search.strip(), sort=query.sort or SORTS[0])


def _require_among(parameter: str, value: str, known: Collection[str]) -> None:
    if value and value not in known:
        words = f"There is no {quote_given(value)} for {parameter}: there are {', '.join(known)}."
        raise NoOption(parameter, value, known, words)


@cached
def view_table(ctx: Context, query: RegisterQuery) -> RegisterTable:
    """Return the events asked for, how many there are in all, and the address of their file."""
    matches = list_rows(ctx, query)
    total, undated = len(ctx.book.events), _count_undated(ctx, query)
    sentences = [t("register.table.total", ctx.lang, shown=str(len(matches)), count=total)]
    if undated:
        sentences.append(t("register.table.undated", ctx.lang, count=undated))
    return RegisterTable(
        rows=matches,
        total_text=join_sentences(sentences),
        shown=len(matches),
        total=total,
        csv=write_file_address(ctx, query),
        json=f"/api/v1/adoption?lang={ctx.lang}" + (f"&as_of={ctx.day}" if ctx.day else ""),
        csv_text=t("ui.buttons.download_csv", ctx.lang, count=len(matches)),
    )


def list_rows(ctx: Context, query: RegisterQuery) -> list[RegisterRow]:
    """Return the events asked for in their order; those without any date come last."""
    events = [(event, view_event(ctx, event)) for event in ctx.book.events if _match(event, query)]
    wanted = query.search.casefold()
    matches = [(event, row) for event, row in events if not wanted or wanted in _join_searched_text(row)]
    return [row for _, row in _sort_events(matches, query.sort, ctx.lang)]


def write_csv(ctx: Context, query: RegisterQuery) -> bytes:
    """Write the events as CSV, in the order of the page."""
    matches = list_rows(ctx, query)
    return write_csv_file(matches, COLUMNS)


def write_file_address(ctx: Context, query: RegisterQuery) -> str:
    """Return the address of the file of a question."""
    parameters = {
        "country": ",".join(query.countries), "from": query.first, "to": query.last, "event": query.event,
        "source": query.source, "evidence": query.evidence, "disputed": query.disputed, "q": query.search,
        "sort": "" if query.sort == SORTS[0] else query.sort,
        "as_of": ctx.day, "lang": ctx.lang,
    }  # fmt: skip
    given = {name: value for name, value in parameters.items() if value not in ("", None)}
    return f"/api/v1/adoption.csv?{urlencode(given, safe=',', quote_via=quote)}"


def _sort_events(
    matches: list[tuple[AdoptionEvent, RegisterRow]], sort: str, lang: str
) -> list[tuple[AdoptionEvent, RegisterRow]]:
    by_id = sorted(matches, key=lambda match: match[0].id)
    if sort == "oldest":
        return sorted(by_id, key=lambda match: (not match[0].date_or_report, match[0].date_or_report))
    newest = sorted(by_id, key=lambda match: match[0].date_or_report, reverse=True)
    if sort == "country":
        return sorted(by_id, key=lambda match: order(match[1]["name"], lang))
    if sort == "type":
        return sorted(newest, key=lambda match: TYPES.index(match[0].type))
    if sort == "evidence":
        return sorted(newest, key=lambda match: match[0].evidence_level)
    return newest


def _match(event: AdoptionEvent, query: RegisterQuery) -> bool:
    return (
        _match_besides_years(event, query)
        and (query.first is None or query.first <= int(event.date_or_report[:4] or 0))
        and (query.last is None or 0 < int(event.date_or_report[:4] or 0) <= query.last)
    )


def _match_besides_years(event: AdoptionEvent, query: RegisterQuery) -> bool:
    return (
        (not query.countries or event.iso3 in query.countries)
        and query.event in ("", event.type)
        and query.source in ("", event.source_type)
        and query.evidence in ("", event.evidence_level)
        and query.disputed in ("", ANSWERS[not event.disputed])
    )


def _count_undated(ctx: Context, query: RegisterQuery) -> int:
    """Count the events that only the years leave out, because they have none."""
    if query.first is None and query.last is None:
        return 0
    return sum(not event.date_or_report and _match_besides_years(event, query) for event in ctx.book.events)


def _join_searched_text(row: RegisterRow) -> str:
    parts = (
        row["id"], row["name"], row["type_text"], row["local_name"], row["scope"], row["source"], row["source_ref"],
        row["note"],
    )  # fmt: skip
    return " ".join(parts).casefold()


def view_event(ctx: Context, event: AdoptionEvent) -> RegisterRow:
    """Return an event in words."""
    lang = ctx.lang
    return RegisterRow(
        id=event.id,
        country=event.iso3,
        name=name_country(ctx, event.iso3),
        type=event.type,
        type_text=translate_term(ctx, "event_type", event.type, ""),
        date=event.date,
        date_text=format_day(event.date, lang, event.precision),
        precision=event.precision,
        reported=event.reported,
        reported_text=t("register.table.reported", lang, date=format_day(event.reported, lang))
        if event.reported
        else "",
        local_name=event.local_name,
        scope=choose_text(event.scopes, lang) or event.scope,
        source=event.source_title,
        source_ref=event.source_ref,
        source_parts=split_reference(event.source_ref),
        source_type=event.source_type,
        source_type_text=translate_term(ctx, "event_source", event.source_type, ""),
        evidence=event.evidence_level,
        evidence_text=translate_term(ctx, "register_level", event.evidence_level, "definition"),
        stance=event.stance,
        stance_text=translate_term(ctx, "stance", event.stance, ""),
        disputed=event.disputed,
        review_state=event.review_state,
        review_text=translate_term(ctx, "review_state", event.review_state),
        counts=is_counted(event) and event.iso3 not in list_origins(ctx),
        counts_text=explain_counting(ctx, event),
        note=describe_event(ctx, event),
    )


def explain_counting(ctx: Context, event: AdoptionEvent) -> str:
    """Return whether an event moves its country's status, and why."""
    if event.iso3 in list_origins(ctx):
        return t("register.counts.origin", ctx.lang)
    if not is_counted(event):
        reason = "draft" if event.review_state == "draft" else event.stance
        return t(f"register.counts.{'no_source' if reason == 'supports' else reason}", ctx.lang)
    rung = translate_term(ctx, "adoption_status", RUNGS.get(event.type, "closed"))
    return t(f"register.counts.{'disputed' if event.disputed else 'yes'}", ctx.lang, status=rung)


def list_years(ctx: Context) -> list[int]:
    """Return the years of the events, oldest first."""
    return sorted({int(event.date_or_report[:4]) for event in ctx.book.events if event.date_or_report})
