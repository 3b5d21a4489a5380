"""What every description of the dataset says of it: its columns, licences, span and publishers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import load_holdings
from dashboard.answers.base.words import join_list
from dashboard.answers.freshness.dataset_status import count_rows_in_force
from dashboard.answers.wording.publishers import find_publisher, title_publisher
from dashboard.evidence.dataset.schema import ROWS
from dashboard.locales import t

_KINDS = {"String": "string", "Int32": "integer", "Float64": "number", "Boolean": "boolean", "Datetime": "datetime"}


class ColumnAbout(TypedDict):
    """A column as Table Schema names it: ``type`` is one of string, integer, number, boolean, datetime."""

    name: str
    type: str
    title: str
    description: str


class LicenceRow(TypedDict):
    """A series in force, whose it is and under which licence."""

    source: str
    series: str
    title: str
    publisher: str
    homepage: str
    licence: str
    licence_url: str
    redistribution: str  # yes, unmodified, no
    attribution: str


def list_columns() -> tuple[str, ...]:
    """Return the columns of the files, in their order."""
    return tuple(name for name in ROWS.names() if name != "superseded")


def describe_column(name: str) -> ColumnAbout:
    """Describe a column in English, for programs and catalogues."""
    return ColumnAbout(
        name=name,
        type=_KINDS[type(ROWS[name]).__name__],
        title=t(f"reuse.column.{name}.name", "en"),
        description=t(f"reuse.column.{name}.definition", "en"),
    )


@cached
def list_licences(ctx: Context) -> tuple[LicenceRow, ...]:
    """Return every series in force with its publisher and licence, by source and code."""
    pairs = ctx.dataset.scan().select("source", "series").unique().collect().iter_rows()
    return tuple(_describe_licence(source, series) for source, series in sorted(pairs))


def _describe_licence(source: str, series: str) -> LicenceRow:
    info = find_publisher(source, series)
    return LicenceRow(
        source=source,
        series=series,
        title=title_publisher(source, series),
        publisher=info.publisher if info else source,
        homepage=info.homepage if info else "",
        licence=info.licence if info else "",
        licence_url=info.licence_url if info else "",
        redistribution=info.redistribution if info else "yes",
        attribution=info.attribution if info else "",
    )


def find_span(ctx: Context) -> tuple[int, int] | None:
    """Return the first and last year of the figures; None where there are none."""
    all_stats = load_holdings(ctx).stats.values()
    firsts = [stats.first_year for stats in all_stats if stats.first_year is not None]
    lasts = [stats.last_year for stats in all_stats if stats.last_year is not None]
    return (min(firsts), max(lasts)) if firsts and lasts else None


@dataclass(frozen=True, slots=True)
class Amount:
    """How much a file holds: rows, indicators, and its first and last year (None where there are none)."""

    rows: int
    indicators: int
    span: tuple[int, int] | None


def measure_whole(ctx: Context) -> Amount:
    """Return how much the whole dataset holds."""
    indicators = sum(1 for stats in load_holdings(ctx).stats.values() if stats.countries)
    return Amount(count_rows_in_force(ctx), indicators, find_span(ctx))


def summarise(ctx: Context, withheld: Sequence[str] = (), amount: Amount | None = None) -> str:
    """Describe the dataset in a few sentences: contents, amount, years, terms, and what was left out.

    Args:
        withheld: series that are left out.
        amount: how much of it; None for the whole.
    """
    amount = amount or measure_whole(ctx)
    span = amount.span
    text = t(
        "bulk.summary",
        ctx.lang,
        purpose=t("ui.product.purpose", ctx.lang),
        rows=amount.rows,
        indicators=amount.indicators,
        first=span[0] if span else "–",
        last=span[1] if span else "–",
        dataset=ctx.dataset.name,
        licence=t("bulk.licence", ctx.lang),
    )
    return f"{text} {t('bulk.withheld', ctx.lang, series=join_list(ctx, withheld))}" if withheld else text
