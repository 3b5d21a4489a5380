"""Up to six countries on one indicator."""

from collections.abc import Mapping, Sequence

from dashboard.codebook.model import Metric, text
from dashboard.locales import t
from dashboard.services.cards import is_empty, supplier, why_empty
from dashboard.services.changes import NOTHING, said
from dashboard.services.charting_compared import MOST
from dashboard.services.comparability import differences
from dashboard.services.context import Context
from dashboard.services.figures import figure
from dashboard.services.find import find_countries, find_metric
from dashboard.services.keeping import kept
from dashboard.services.options import default_countries
from dashboard.services.publishers import title_of, unmodified_only
from dashboard.services.reading import Row, has_figure, shown
from dashboard.services.stand import stand
from dashboard.services.table import table
from dashboard.services.views import Chip, Choice, CompareLine, CompareView
from dashboard.services.words import country_name, listed, sentence, unit_words, years


@kept
def compare(
    ctx: Context,
    indicator: str,
    countries: tuple[str, ...] = (),
    first: int | None = None,
    last: int | None = None,
    page: int = 1,
) -> CompareView:
    """Lines, comparability notes and the table. More than six countries: the first six, and ``too_many`` says so.

    Raises:
        Unknown: no such indicator or country.
        Invalid: a country is named by an alpha-2 or M49 code; a page below 1.
    """
    metric = find_metric(ctx, indicator)
    asked = find_countries(ctx, countries) or default_countries(ctx, metric.id)
    chosen = asked[:MOST]
    rows = _rows(ctx, metric, chosen, first, last)
    return CompareView(
        stand=stand(ctx),
        indicator=metric.id,
        name=text(metric.name, ctx.lang),
        unit=unit_words(ctx, metric),
        line=metric.line,
        countries=[Choice(id=iso3, label=country_name(ctx, iso3), note="", chosen=True) for iso3 in chosen],
        lines=[_line(ctx, metric, iso3, rows.get(iso3, [])) for iso3 in chosen],
        chips=_chips(ctx, metric, chosen, rows),
        table=table(ctx, metric.id, chosen, first, last, page),
        too_many=t("answers.compare.too_many", ctx.lang, most=str(MOST), names=_names(ctx, asked[MOST:]))
        if len(asked) > MOST
        else "",
        empty=is_empty(ctx, metric.id),
        why_empty=sentence([why_empty(ctx, metric), supplier(ctx, metric)]),
    )


def _rows(
    ctx: Context, metric: Metric, chosen: Sequence[str], first: int | None, last: int | None
) -> dict[str, list[Row]]:
    """ISO3 → primary national totals in the period, by year."""
    import polars as pl

    rows = shown(ctx, (metric.id,)).filter(pl.col("country").is_in(list(chosen)))
    if first is not None:
        rows = rows.filter(pl.col("year") >= first)
    if last is not None:
        rows = rows.filter(pl.col("year") <= last)
    found: dict[str, list[Row]] = {}
    for row in rows.sort("country", "year").collect().iter_rows(named=True):
        found.setdefault(row["country"], []).append(row)
    return found


def _line(ctx: Context, metric: Metric, iso3: str, rows: Sequence[Row]) -> CompareLine:
    told = [row for row in rows if has_figure(row)]
    values = [row for row in told if row["value"] is not None]
    change = said(ctx, metric, values[0], values[-1]) if len(values) > 1 else NOTHING
    newest = told[-1] if told else rows[-1] if rows else None
    return CompareLine(
        iso3=iso3,
        name=country_name(ctx, iso3),
        points=len(told),
        first_year=told[0]["year"] if told else None,
        last_year=told[-1]["year"] if told else None,
        latest=figure(ctx, metric, newest, gathered=not is_empty(ctx, metric.id)),
        change=change.kind,
        change_text=change.text,
    )


def _chips(ctx: Context, metric: Metric, chosen: Sequence[str], rows: Mapping[str, Sequence[Row]]) -> list[Chip]:
    """In what the countries' latest figures differ, who has none, and what holds for all."""
    latest = {iso3: told[-1] for iso3 in chosen if (told := [row for row in rows.get(iso3, []) if has_figure(row)])}
    chips = []

    def chip(name: str, **values: str) -> None:
        label, words = (t(f"answers.chip.{name}.{part}", ctx.lang, **values) for part in ("label", "text"))
        chips.append(Chip(id=name, label=label, text=words))

    found = sorted({row["year"] for row in latest.values()})
    if len(found) > 1:
        chip("mixed_years", years=years(found[0], found[-1], ctx.lang))
    chips += differences(ctx, [(metric, row) for row in latest.values()])
    if not metric.line:
        chip("points")
    elif metric.break_years:
        chip("breaks", years=listed(ctx, (str(year) for year in metric.break_years)))
    if latest and not any(row["lower"] is not None for row in latest.values()):
        chip("no_error")
    licensed = {row["source"] for row in latest.values() if unmodified_only(row["source"])}
    if licensed:
        chip("licence", source=listed(ctx, (title_of(source) for source in sorted(licensed))))
    without = [iso3 for iso3 in chosen if iso3 not in latest]
    if without:
        chip("without", countries=_names(ctx, without))
    return chips


def _names(ctx: Context, codes: Sequence[str]) -> str:
    return listed(ctx, (country_name(ctx, iso3) for iso3 in codes))
