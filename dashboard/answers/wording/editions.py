"""The one rule on editions: a verdict is made in the edition whose values are shown, or it is not made.

A publisher estimates history anew with each edition, so the errors of one say nothing of the values of another. Where
the edition shown has none, the answer is *cannot tell*, with its name. What the last edition with errors said is
history: ``describe_earlier_edition`` tells it with that edition's own values.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import polars as pl

from dashboard.analysis.measures.change import measure_change
from dashboard.analysis.measures.intervals import read_std_errors
from dashboard.analysis.measures.latest import ShownEditions, find_editions
from dashboard.answers.base.cache import kept
from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import Row, select_shown
from dashboard.answers.base.words import join_countries, join_sentences, name_country
from dashboard.answers.wording.citation import summarise_editions
from dashboard.answers.wording.figures import format_value
from dashboard.evidence.codebook.model import Metric
from dashboard.locales import format_day, format_number, t

DERIVED = "Derived from"
"""Beginning of the footnote of a figure that was derived from what its publisher prints."""

MAX_REVISED = 3
"""Countries whose revisions are told one by one; of more the largest."""


def explain_no_error(ctx: Context, editions: Collection[str]) -> str:
    """Return ``cannot tell: no margin of error published with the WGI 2025 edition``."""
    return t("answers.editions.no_error", ctx.lang, edition=summarise_editions(ctx, sorted(set(editions))))


def describe_earlier_edition(ctx: Context, metric: Metric, rows_by_country: Mapping[str, Sequence[Row]]) -> list[str]:
    """Say what the last edition with errors found, for countries whose shown figures have none.

    Values, years and verdict are all of that edition, which is named with the day of the dataset that holds it, so
    that a reader can compute it again. For a fold: it is history, and no verdict on the figures shown.

    Args:
        rows_by_country: ISO3 → its figures shown, by year: the years that are looked at.
    """
    number = _vintages_with_errors(ctx.timeless).get(metric.id)
    if not metric.has_published_errors or number in (None, ctx.dataset.vintage):
        return []
    earlier = replace(ctx, dataset=ctx.dataset.as_of(number))
    sentences = []
    for iso3, rows in rows_by_country.items():
        years = [row["year"] for row in rows if row["value"] is not None and row["year"] is not None]
        own = _figures_with_errors(earlier.timeless, metric.id).filter(pl.col("country") == iso3)
        own = own.filter(pl.col("year").is_between(min(years), max(years))) if years else own.clear()
        if own.height < 2:
            continue
        first, last = own.row(0, named=True), own.row(-1, named=True)
        step = measure_change(first, last, breaks=metric.break_years)
        if step.detectable is None:
            continue
        sentences.append(
            t(
                f"answers.editions.{'beyond' if step.detectable else 'within'}",
                ctx.lang,
                edition=summarise_editions(ctx, (last["edition"],)),
                day=format_day(earlier.dataset.created_at.date().isoformat(), ctx.lang),
                country=name_country(ctx, iso3),
                first=format_value(ctx, metric, first["value"]),
                first_year=str(first["year"]),
                last=format_value(ctx, metric, last["value"]),
                last_year=str(last["year"]),
            )
        )
    return sentences


def explain_editions(ctx: Context, metric: Metric, rows_by_country: Mapping[str, Sequence[Row]]) -> str:
    """Say that the latest figure is of another edition than the line, or derived; "" where not."""
    if not metric.line:
        return ""
    apart: dict[ShownEditions, list[str]] = {}
    for iso3, rows in rows_by_country.items():
        dated = [row for row in rows if row["value"] is not None and row["year"] is not None]
        if dated and (editions := find_editions(dated)).latest != editions.line:
            apart.setdefault(editions, []).append(iso3)
    texts = [
        t(
            "answers.editions.apart",
            ctx.lang,
            countries=join_countries(ctx, countries),
            latest=summarise_editions(ctx, (editions.latest,)),
            line=summarise_editions(ctx, (editions.line,)),
        )
        for editions, countries in apart.items()
    ]
    if any(row["footnote"].startswith(DERIVED) for rows in rows_by_country.values() for row in rows):
        texts.append(t("answers.editions.derived", ctx.lang))
    return join_sentences(texts)


def explain_revisions(ctx: Context, metric: Metric, countries: Collection[str], first: int, last: int) -> str:
    """Say what an earlier edition had for the latest year that a newer one revised, by country.

    Of more than ``MAX_REVISED`` countries the largest revisions are told, and the countries counted.

    Args:
        countries: ISO3 codes, in the order they are told.
    """
    revised = _revised(ctx.timeless, metric.id)
    revisions: list[tuple[float, str]] = []
    for iso3 in countries:
        own = revised.filter(pl.col("country") == iso3, pl.col("year").is_between(first, last)).sort("year")
        for row in reversed(own.to_dicts()):
            before, now = (format_value(ctx, metric, row[name]) for name in ("before", "value"))
            if before != now:
                values = {"country": name_country(ctx, iso3), "year": str(row["year"]), "before": before, "now": now}
                edition = summarise_editions(ctx, (row["edition"],))
                text = t("answers.editions.revised", ctx.lang, edition=edition, **values)
                revisions.append((abs(row["value"] - row["before"]), text))
                break
    count = len(revisions)
    if count > MAX_REVISED:
        revisions = sorted(revisions, key=lambda pair: -pair[0])[:MAX_REVISED]
    listed = t("ui.list.semicolon", ctx.lang).join(text for _, text in revisions)
    if count > MAX_REVISED:
        return t("answers.editions.largest", ctx.lang, n=format_number(count, ctx.lang), list=listed)
    return t("answers.editions.history", ctx.lang, list=listed) if revisions else ""


@kept(4)
def _vintages_with_errors(ctx: Context) -> Mapping[str, int]:
    """Map each indicator to the last vintage of an edition with errors in more than one year."""
    shown = ctx.dataset.vintage
    last = (pl.col("superseded").fill_null(shown + 1) - 1).clip(upper_bound=shown).max().alias("last")
    rows = (
        ctx.dataset.ever()
        .filter(
            pl.col("primary"), pl.col("dimensions") == "{}", pl.col("vintage") <= shown, read_std_errors().is_not_null()
        )
        .group_by("indicator", "edition")
        .agg(last, pl.col("year").n_unique().alias("years"))
        .filter(pl.col("years") > 1)
        .group_by("indicator")
        .agg(pl.col("last").max())
        .collect()
    )
    return MappingProxyType(dict(rows.iter_rows()))


@kept(16)
def _figures_with_errors(ctx: Context, indicator: str) -> pl.DataFrame:
    """Return primary national totals with an error, by country and year."""
    return (
        select_shown(ctx, (indicator,))
        .filter(read_std_errors().is_not_null(), pl.col("value").is_not_null(), pl.col("year").is_not_null())
        .sort("country", "year")
        .collect()
    )


@kept(64)
def _revised(ctx: Context, indicator: str) -> pl.DataFrame:
    """Return figures in force that the edition before had otherwise by more than rounding.

    Columns: country, year, value, what it was (``before``) and in which ``edition``; by country and year.

    What half a step of the shown decimals separates may be rounding, of the publisher's or of ours.
    """
    metric = ctx.book.metrics[indicator]
    key = ("country", "period", "dimensions", "source", "series", "unit")
    step = 10.0**-metric.decimals
    dated = pl.col("primary"), pl.col("dimensions") == "{}", pl.col("value").is_not_null(), pl.col("year").is_not_null()
    earlier = (
        ctx.dataset.history(indicator)
        .filter(*dated, pl.col("superseded") <= ctx.dataset.vintage)
        .sort("superseded")
        .group_by(key)
        .agg(pl.col("value").last().alias("before"), pl.col("edition").last().alias("edition"))
    )
    return (
        select_shown(ctx, (indicator,))
        .filter(*dated)
        .rename({"edition": "edition_now"})
        .join(earlier, on=key)
        .filter(
            pl.col("edition") != pl.col("edition_now"),
            (pl.col("value") - pl.col("before")).abs() > step / 2 * (1 + 1e-9),
        )
        .select("country", "year", "value", "before", "edition")
        .sort("country", "year")
        .collect()
    )
