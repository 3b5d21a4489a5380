"""Which kind of nothing there is where a figure was asked for: said, so that nobody fills the gap by guessing."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Literal

from typing_extensions import TypedDict

from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import Row, find_stats, has_figure, read_primary_rows
from dashboard.answers.base.words import format_years, join_list, name_country, name_metric
from dashboard.answers.holdings.gaps import has_own_figure
from dashboard.evidence.codebook.model import Metric
from dashboard.locales import t

NothingKind = Literal["not_measured", "not_in_country", "not_for_year", "withheld", "unknown_word"]


class Nothing(TypedDict):
    """``text`` says what is missing, ``advice`` what not to do about it; ``years``: those that have a figure."""

    kind: NothingKind
    text: str
    advice: str
    years: list[int]


def list_figures(
    ctx: Context, metric: Metric, iso3: str, first: int | None, last: int | None, *, breakdowns: bool = False
) -> list[Row]:
    """Return a country's rows with a figure, newest first, the whole country before its groups."""
    rows = read_primary_rows(ctx, metric.id, [iso3], first, last, groups=None if breakdowns else False).rows(named=True)
    return sorted(
        (row for row in rows if has_figure(row)), key=lambda row: (-(row["year"] or 0), row["dimensions"] != "{}")
    )


def refuse_word(ctx: Context, message: str) -> Nothing:
    """Return the answer to a word that is neither an indicator nor a country."""
    return Nothing(kind="unknown_word", text=message, advice=t("drafts.nothing.ask_again", ctx.lang), years=[])


def describe_nothing(ctx: Context, metric: Metric, iso3: str, first: int | None, last: int | None) -> Nothing:
    """Explain why an indicator has no figure for a country in these years."""
    names = {"indicator": name_metric(ctx, metric.id), "country": name_country(ctx, iso3)}
    rows = read_primary_rows(ctx, metric.id, [iso3], groups=False).rows(named=True)
    years = sorted({year for row in rows if has_figure(row) and (year := _year(row)) is not None})
    asked = [row for row in rows if (year := _year(row)) is not None and _within(year, first, last)]
    kind: NothingKind
    if not find_stats(ctx, metric.id).countries:
        kind = "not_measured"
    elif asked and not any(has_figure(row) for row in asked):
        kind = "withheld"
    elif not years:
        kind = "not_in_country"
    else:
        kind = "not_for_year"
    text = t(
        f"drafts.nothing.{kind}",
        ctx.lang,
        **names,
        years="–".join(dict.fromkeys(str(year) for year in (first, last) if year is not None)) or "…",
        there=join_list(ctx, [format_years(begin, end, ctx.lang) for begin, end in _join_years(years)]),
    )
    if kind == "not_in_country" and has_own_figure(ctx, metric, iso3):
        text = f"{text} {t('national.also', ctx.lang)}."
    return Nothing(kind=kind, text=text, advice=t("drafts.nothing.advice", ctx.lang), years=years)


def _join_years(years: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and last year of each run of consecutive years."""
    for _, run in groupby(enumerate(years), lambda pair: pair[1] - pair[0]):
        together = [year for _, year in run]
        yield together[0], together[-1]


def _year(row: Row) -> int | None:
    return int(row["year"]) if row["year"] is not None else None


def _within(year: int, first: int | None, last: int | None) -> bool:
    return (first is None or year >= first) and (last is None or year <= last)
