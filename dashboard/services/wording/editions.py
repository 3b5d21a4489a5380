"""The one rule on editions: a value is the newest edition's, a verdict is made within one edition that has its errors.

Whether figures changed, which place a country has and whether two differ can be told only by their errors, and only
among figures of one edition, since history is estimated anew with each. Where the newest edition held comes without
errors, the last one held with them is judged in, and named beside the verdict with the year it ends.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import polars as pl

from dashboard.codebook.model import Metric
from dashboard.locales import format_number, t
from dashboard.measures.intervals import read_std_errors
from dashboard.services.base.cache import kept
from dashboard.services.base.context import Context
from dashboard.services.base.rows import Row, select_shown
from dashboard.services.base.words import name_country
from dashboard.services.wording.citation import summarise_editions
from dashboard.services.wording.figures import format_value

MOST_REVISED = 3
"""Countries whose revisions are told one by one; of more the largest."""


@dataclass(frozen=True, eq=False)
class JudgedEdition:
    """An earlier edition in which an indicator is judged: as it stood, its figures with errors, its names, its end."""

    ctx: Context
    rows: pl.DataFrame  # primary national totals with an error, by country and year
    names: tuple[str, ...]
    until: int

    def list_pair(self, country: str, first: int, last: int) -> tuple[Row, Row] | None:
        """The country's first and last figure from one year to another; None where there are not two."""
        own = self.rows.filter(pl.col("country") == country, pl.col("year").is_between(first, last))
        return (own.row(0, named=True), own.row(-1, named=True)) if own.height > 1 else None


def find_judged_edition(ctx: Context, indicator: str) -> JudgedEdition | None:
    """The edition in which verdicts on an indicator are made; None where it is the newest, or none ever had errors."""
    return _judged(ctx.timeless, indicator)


def find_context_with_errors(ctx: Context, indicator: str) -> Context:
    """The context of the newest vintage, up to its own, in which figures of the indicator have an error.

    ``ctx`` itself where its own have one, and where none ever had.
    """
    number = _vintages_with_errors(ctx.timeless).get(indicator, ctx.dataset.vintage)
    return ctx if number == ctx.dataset.vintage else replace(ctx, dataset=ctx.dataset.as_of(number))


def name_edition(ctx: Context, judged: JudgedEdition) -> str:
    """``WGI 2024 edition``."""
    return summarise_editions(ctx, judged.names)


def explain_judged(ctx: Context, indicator: str) -> str:
    """``judged in the WGI 2024 edition, to 2023``; "" where verdicts are made in the newest edition."""
    judged = find_judged_edition(ctx, indicator)
    if judged is None:
        return ""
    return t("answers.judged.in", ctx.lang, edition=name_edition(ctx, judged), until=str(judged.until))


def add_judged(ctx: Context, indicator: str, verdict: str) -> str:
    """A verdict with the edition it was made in, where that is not the newest."""
    where = explain_judged(ctx, indicator)
    return t("answers.judged.verdict", ctx.lang, verdict=verdict, where=where) if where and verdict else verdict


def explain_revisions(ctx: Context, metric: Metric, countries: Collection[str], first: int, last: int) -> str:
    """What an earlier edition had for the latest year that a newer one revised beyond rounding, of each country.

    Of more than ``MOST_REVISED`` countries the largest revisions are told, and the countries counted.

    Args:
        ctx: dataset, language and day.
        metric: the indicator.
        countries: ISO3 codes, in the order they are told.
        first: the first year drawn.
        last: the last year drawn.
    """
    revised = _revised(ctx.timeless, metric.id)
    told: list[tuple[float, str]] = []
    for iso3 in countries:
        own = revised.filter(pl.col("country") == iso3, pl.col("year").is_between(first, last)).sort("year")
        for row in reversed(own.to_dicts()):
            before, now = (format_value(ctx, metric, row[name]) for name in ("before", "value"))
            if before != now:
                values = {"country": name_country(ctx, iso3), "year": str(row["year"]), "before": before, "now": now}
                edition = summarise_editions(ctx, (row["edition"],))
                text = t("answers.judged.revised", ctx.lang, edition=edition, **values)
                told.append((abs(row["value"] - row["before"]), text))
                break
    count = len(told)
    if count > MOST_REVISED:
        told = sorted(told, key=lambda one: -one[0])[:MOST_REVISED]
    listed = t("ui.list.semicolon", ctx.lang).join(text for _, text in told)
    if count > MOST_REVISED:
        return t("answers.judged.largest", ctx.lang, n=format_number(count, ctx.lang), list=listed)
    return t("answers.judged.history", ctx.lang, list=listed) if told else ""


@kept(4)
def _vintages_with_errors(ctx: Context) -> Mapping[str, int]:
    """Indicator → the last vintage, up to the one shown, in which any of its figures had an error."""
    shown = ctx.dataset.vintage
    rows = (
        ctx.dataset.ever()
        .filter(
            pl.col("primary"),
            pl.col("dimensions") == "{}",
            pl.col("vintage") <= shown,
            read_std_errors().is_not_null(),
        )
        .group_by("indicator")
        .agg((pl.col("superseded").fill_null(shown + 1) - 1).clip(upper_bound=shown).max().alias("last"))
        .collect()
    )
    return MappingProxyType(dict(rows.iter_rows()))


@kept(16)
def _judged(ctx: Context, indicator: str) -> JudgedEdition | None:
    judged = find_context_with_errors(ctx, indicator)
    if judged is ctx:
        return None
    rows = (
        select_shown(judged, (indicator,))
        .filter(read_std_errors().is_not_null(), pl.col("value").is_not_null(), pl.col("year").is_not_null())
        .sort("country", "year")
        .collect()
    )
    return JudgedEdition(judged, rows, tuple(rows["edition"].unique().sort()), rows["year"].max())  # type: ignore[arg-type]


@kept(64)
def _revised(ctx: Context, indicator: str) -> pl.DataFrame:
    """Figures in force that the edition before had otherwise by more than rounding: country, year, value, what it was
    (``before``) and in which ``edition``; by country and year.

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
