"""Figures of a country for UNDP's yearly data call on SDG 16, and what is missing for it.

What is known of the call: UNDP's Global Policy Centre for Governance asks focal points from November to January for
16.3.3, 16.6.2, 16.7.1 (b, c) and 16.7.2, by its own platform. Its columns were not found: the layout is ours, and so is
what is looked for, after the metadata of the indicators.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from dashboard.contributions.submissions import store
from dashboard.contributions.submissions.comparison import published_figures_on, rows_of
from dashboard.contributions.submissions.kinds.registry import kind_of
from dashboard.contributions.submissions.model import Submission
from dashboard.contributions.submissions.rules.ground import accepts
from dashboard.evidence.codebook.model import Codebook
from dashboard.evidence.database.engine import open_engine, reading
from dashboard.settings import Settings


@dataclass(frozen=True, slots=True)
class AskedIndicator:
    """An indicator of the call: how often it is wanted, by which groups, and by which kinds of method."""

    code: str
    years: int
    groups: tuple[str, ...]
    kinds: tuple[str, ...] = ()  # () of any


_PEOPLE = ("Sex", "Age", "Disability status")
ASKED: tuple[AskedIndicator, ...] = (
    AskedIndicator("16.3.3", 4, _PEOPLE, ("household_survey",)),
    AskedIndicator("16.6.2", 2, ("Quantile", "Sex", "Location", "Region", *_PEOPLE[1:]), ("household_survey",)),
    AskedIndicator("16.7.1", 2, _PEOPLE, ("registers",)),
    AskedIndicator("16.7.2", 2, _PEOPLE, ("household_survey",)),
)
"""In the order of their numbers; the years between two reports and the groups are those of the indicators' metadata."""

METHOD = ("who", "population", "period_of_work", "sample_size", "question", "scale", "mode", "address")
"""What of a survey's method the custodian has to know."""

OF_REGISTERS = ("who", "population", "period_of_work", "legal_basis")

EDITION = re.compile(r"submission ([0-9]+)", re.ASCII)
_SAMPLE = re.compile(r"n = ([0-9]+)")


@dataclass(frozen=True, slots=True)
class CallFigure:
    """A figure that an office has sent: published, or approved and not yet published."""

    code: str
    indicator: str
    period: str
    dimensions: str
    value: float
    lower: float | None
    upper: float | None
    unit: str
    answers: int | None
    note: str
    state: str
    submission: int


@dataclass(frozen=True, slots=True)
class MissingPart:
    """Something the call wants that is not there; ``kind`` is a key of ``custodian.missing``."""

    code: str
    indicator: str  # "" of all of it
    kind: str
    what: str = ""  # a group, a field of the method, or a year


@dataclass(frozen=True, slots=True)
class DataCall:
    """What a country has for the call, and what it has not."""

    country: str
    figures: tuple[CallFigure, ...]
    methods: Mapping[tuple[int, str], Mapping[str, str]]  # by submission and indicator
    offices: Mapping[int, str]
    missing: tuple[MissingPart, ...]


def list_metrics(book: Codebook, code: str) -> list[str]:
    """Return indicators of the codebook that are a part of an SDG indicator and that countries send."""
    return [
        metric.id
        for metric in book.metrics.values()
        if accepts(metric) and any(it.sdg_indicator == code and it.strength == "direct" for it in metric.links)
    ]


def collect(settings: Settings, book: Codebook, country: str, today: date) -> DataCall:
    """What a country has sent that belongs to the call: of each indicator its newest year, and what that year lacks."""
    codes = {metric: one.code for one in ASKED for metric in list_metrics(book, one.code)}
    with reading(open_engine(settings)) as connection:
        sent = {one.id: one for one in store.listing(connection, country=country)}
        published = _figures(published_figures_on(connection, list(codes), country), codes, "published")
        approved: list[CallFigure] = []
        for one in sent.values():
            if one.state == "approved" and (rows := _approved_rows(connection, book, one, codes)) is not None:
                approved += _figures(rows, codes, "approved")
    figures = _newest([*published, *approved])
    named = {one.submission for one in figures}
    methods = {
        (one.submission, one.indicator): sent[one.submission].method_of(one.indicator)
        for one in figures
        if one.submission in sent
    }
    offices = {number: sent[number].submitted_office for number in named if number in sent}
    missing = [part for one in ASKED for part in _missing(one, list_metrics(book, one.code), figures, methods, today)]
    return DataCall(country, tuple(figures), methods, offices, tuple(missing))


def _approved_rows(
    connection: store.Connection, book: Codebook, submission: Submission, codes: Mapping[str, str]
) -> pl.DataFrame | None:
    figures = store.figures_of(connection, submission.id)
    if figures is None or "indicator" not in figures.columns or not kind_of(submission).writes_vintage:
        return None
    ours = figures.filter(pl.col("indicator").is_in(list(codes)), pl.col("dimensions").is_not_null())
    units = {name: book.metrics[name].unit for name in codes}
    return rows_of(submission, ours, units, dict.fromkeys(codes, False))


def _figures(rows: pl.DataFrame, codes: Mapping[str, str], state: str) -> list[CallFigure]:
    made = []
    for row in rows.filter(pl.col("value").is_not_null()).iter_rows(named=True):
        edition, sample = EDITION.fullmatch(row["edition"]), _SAMPLE.match(row["footnote"])
        made.append(
            CallFigure(
                codes[row["indicator"]], row["indicator"], row["period"], row["dimensions"], row["value"], row["lower"],
                row["upper"], row["unit"], int(sample[1]) if sample else None, row["footnote"], state,
                int(edition[1]) if edition else 0,
            )
        )  # fmt: skip
    return made


def _newest(figures: Sequence[CallFigure]) -> list[CallFigure]:
    """Of each indicator the figures of its newest year; what is approved stands behind what is published."""
    last: dict[str, str] = {}
    for one in figures:
        last[one.indicator] = max(last.get(one.indicator, ""), one.period)
    kept = [one for one in figures if one.period == last[one.indicator]]
    return sorted(kept, key=lambda one: (one.code, one.indicator, one.dimensions != "{}", one.dimensions, one.state))


def _missing(
    asked: AskedIndicator,
    metrics: Sequence[str],
    figures: Sequence[CallFigure],
    methods: Mapping[tuple[int, str], Mapping[str, str]],
    today: date,
) -> Iterator[MissingPart]:
    if not metrics:
        yield MissingPart(asked.code, "", "not_here")
        return
    for metric in metrics:
        own = [one for one in figures if one.indicator == metric]
        if not own:
            yield MissingPart(asked.code, metric, "figure")
            continue
        yield from _missing_of_figures(asked, metric, own, today)
        yield from _missing_of_method(asked, metric, [methods.get((one.submission, metric), {}) for one in own])


def _missing_of_figures(
    asked: AskedIndicator, metric: str, own: Sequence[CallFigure], today: date
) -> Iterator[MissingPart]:
    period = own[0].period
    if int(period[:4]) < today.year - asked.years:
        yield MissingPart(asked.code, metric, "old", period)
    groups = {name for one in own for name in _groups(one.dimensions)}
    for group in asked.groups:
        if group not in groups:
            yield MissingPart(asked.code, metric, "group", group)
    if all(one.dimensions != "{}" for one in own):
        yield MissingPart(asked.code, metric, "total")
    if asked.kinds == ("household_survey",):
        if any(one.lower is None or one.upper is None for one in own):
            yield MissingPart(asked.code, metric, "interval")
        if any(one.answers is None for one in own):
            yield MissingPart(asked.code, metric, "answers")
    if any(one.state == "approved" for one in own):
        yield MissingPart(asked.code, metric, "approved")


def _missing_of_method(
    asked: AskedIndicator, metric: str, methods: Sequence[Mapping[str, str]]
) -> Iterator[MissingPart]:
    if asked.kinds and any(one.get("method", "") not in asked.kinds for one in methods):
        yield MissingPart(asked.code, metric, "kind", asked.kinds[0])
    for field in OF_REGISTERS if asked.kinds == ("registers",) else METHOD:
        if any(not one.get(field, "").strip() for one in methods):
            yield MissingPart(asked.code, metric, "method", field)


def _groups(dimensions: str) -> list[str]:
    read: Any = json.loads(dimensions)
    return list(read) if isinstance(read, dict) else []
