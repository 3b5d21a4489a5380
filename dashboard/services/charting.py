"""Charts by address: parameters in; specification, rows, sentence and image out.

A chart is built once per question and kept, so that specification, picture and rows of the same address are one thing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal, cast
from urllib.parse import urlencode

from dashboard.codebook.model import Metric, text
from dashboard.locales import date, t
from dashboard.services.atlas import atlas
from dashboard.services.charting_compared import (
    OF_A_YEAR,
    PLAIN,
    Compared,
    check,
    compared_options,
    most_of,
)
from dashboard.services.citation import citation_of_indicator, national_source_line, source_line
from dashboard.services.context import Context
from dashboard.services.csv_text import BOM, header, line
from dashboard.services.dimensions import checked_dimension, dimensions_of, people
from dashboard.services.drawn import categories_of, group_label, group_of, names, rows_of, tiles, titles
from dashboard.services.errors import Invalid, Unknown
from dashboard.services.find import find_countries, find_metric, find_national
from dashboard.services.medians import besides
from dashboard.services.options import default_countries
from dashboard.services.projecting import projection_options
from dashboard.services.publishers import title_of, unmodified_only
from dashboard.services.reading import latest_of, stats_of
from dashboard.services.versions import stamp
from dashboard.services.words import country_name, dimension_words, rows_words

if TYPE_CHECKING:
    from dashboard.charts import Chart, ChartOptions
    from dashboard.services.reading import Row

KINDS = (
    "trend", "ranking", "map", "world", "distribution", "breakdown", "multiples", "slope", "dumbbell", "scatter",
    "aligned", "beside", "projection",
)  # fmt: skip
OF_ONE = ("beside", "projection")
"""Kinds that are about one country: the first of those chosen."""

FEWEST_RANKED = 5

SORTS = ("gap", "name")


@dataclass(frozen=True, slots=True)
class Asked:
    """A chart asked for, normalised: equal questions are equal."""

    kind: str
    metric: str
    countries: tuple[str, ...]
    first: int | None
    last: int | None
    theme: Literal["light", "dark"]
    series: str  # a country's own series; "" draws the indicator's
    dimension: str  # of a breakdown: the publisher's name of it; "" in all other kinds
    sort: str  # of a breakdown: gap or name
    compared: Compared
    ctx: Context = field(repr=False)


def ask(
    ctx: Context,
    kind: str,
    indicator: str,
    countries: tuple[str, ...] = (),
    first: int | None = None,
    last: int | None = None,
    theme: str = "light",
    series: str = "",
    dimension: str = "",
    sort: str = "",
    compared: Compared = PLAIN,
) -> Asked:
    """The question, checked. No countries: the default selection. ``series``: a country's own, which is drawn alone.

    ``dimension`` and ``sort`` are of a breakdown: the first there is, by gap. ``compared``: what comparisons ask.

    Raises:
        Unknown: no such kind, indicator, country or breakdown, with suggestions.
        Invalid: a breakdown asked of another kind, more than six countries (twelve, where each has its own panel or
            row), a scatter without a second indicator, an event years cannot be counted from, an unknown theme, an
            indicator whose figures are no quantities, or a national series that does not exist, is asked of another
            country, or is to be ranked or mapped.
    """
    if kind not in KINDS:
        raise Unknown("chart", kind, KINDS)
    metric = find_metric(ctx, indicator)
    chosen = find_countries(ctx, countries)
    most = most_of(kind)
    if len(chosen) > most:
        raise Invalid("country", f"A chart of this kind tells {most} countries apart; {len(chosen)} were asked for.")
    if theme not in ("light", "dark"):
        raise Invalid("theme", "There are the themes light and dark.")
    if not metric.quantity:
        raise Invalid(
            "indicator", f"The figures of {metric.id} are codes or years, not quantities: they are not drawn."
        )
    compared = check(ctx, kind, compared)
    if series:
        chosen = _only_country(kind, metric, series, chosen)
    if kind == "breakdown":
        dimension, sort = checked_dimension(ctx, metric, dimension), sort or "gap"
        if sort not in SORTS:
            raise Invalid("sort", f"Countries are in the order of {' or '.join(SORTS)}.")
    elif dimension or sort:
        raise Invalid("dimension", "Only the kind breakdown takes a dimension and an order.")
    chosen = chosen or default_countries(ctx, metric.id)
    if kind == "beside" and metric.unit == "yes_no":
        raise Invalid("indicator", f"{metric.id} is yes or no: there is no median to stand beside it.")
    if kind in OF_ONE:
        chosen = chosen[:1]
    look = cast(Literal["light", "dark"], theme)
    return Asked(kind, metric.id, chosen, first, last, look, series, dimension, sort, compared, ctx)


def _only_country(kind: str, metric: Metric, series: str, chosen: tuple[str, ...]) -> tuple[str, ...]:
    """The country whose own series is asked for: its definition is its own, so nothing stands beside it."""
    own = find_national(metric, series)
    if kind != "trend":
        raise Invalid("series", "A national series is only drawn as a trend: it is never ranked, mapped or compared.")
    if chosen not in ((), (own.country,)):
        raise Invalid("country", f"The series {series} is {own.country}'s own: no other country is drawn with it.")
    return (own.country,)


def kinds_of(ctx: Context, metric: Metric) -> list[str]:
    """The kinds of chart that say something: a trend needs two years, a ranking a direction and figures."""
    stats = stats_of(ctx, metric.id)
    if not metric.quantity or not stats.countries:
        return []
    fits = {
        "trend": len(stats.years) > 1,
        "ranking": metric.direction != "none" and metric.unit != "yes_no" and stats.countries >= FEWEST_RANKED,
        "map": True,
        "world": True,
        "distribution": metric.unit != "yes_no" and stats.countries >= FEWEST_RANKED,
        "breakdown": metric.unit != "yes_no" and bool(dimensions_of(ctx, metric.id)),
    }
    return [kind for kind in ("trend", "map", "world", "ranking", "distribution", "breakdown") if fits[kind]]


def specification(asked: Asked) -> dict[str, Any]:
    """Vega-Lite with named datasets; ``usermeta`` holds the words a page shows around it: one request is enough."""
    chart = chart_of(asked)
    return {
        **chart.spec,
        "usermeta": {
            "title": chart.title,
            "subtitle": chart.subtitle,
            "sentence": chart.sentence,
            "note": chart.note,
            "rows": len(chart.rows),
            **rows_words(asked.ctx, len(chart.rows)),
            "dataset": asked.ctx.dataset.version,
            "as_of": asked.ctx.today.isoformat(),
            "as_of_text": date(asked.ctx.today, asked.ctx.lang),
            "citation": "" if asked.series else citation_of_indicator(asked.ctx, asked.ctx.book.metrics[asked.metric]),
        },
    }


def drawing(asked: Asked) -> dict[str, Any]:
    """The same compiled to Vega, as the pages draw it."""
    from dashboard.charts.compiled import compiled

    return compiled(specification(asked))


def svg(asked: Asked) -> bytes:
    """The picture with title, sentence, source and date inside."""
    from dashboard.charts import render

    return render.svg(chart_of(asked)).encode()


def png(asked: Asked) -> bytes:
    """The same picture as PNG."""
    from dashboard.charts import render

    return render.png(chart_of(asked))


def plot(asked: Asked, width: int) -> bytes:
    """The drawing alone, as SVG: for the embedded page, which says the words beside it."""
    from dashboard.charts import render

    return render.plot(chart_of(asked), width).encode()


def picture(asked: Asked, width: int) -> bytes:
    """The drawing as the pages show it, as SVG of their width, before they have drawn it themselves."""
    from dashboard.charts import render

    return render.picture(chart_of(asked), width).encode()


def rows_drawn(asked: Asked) -> "Sequence[Row]":
    """The rows of the chart, with the columns of its kind; readers must not change them."""
    return chart_of(asked).rows


def columns_and_rows(asked: Asked) -> "tuple[tuple[str, ...], list[Row]]":
    """Columns and rows of what is drawn, no more and no fewer; a country's own series says so in every row."""
    from dashboard.charts import KINDS as BUILDERS

    columns, rows = BUILDERS[asked.kind].columns, chart_of(asked).rows
    if asked.series:
        mark = {"series": asked.series, "definition": t("national.label", asked.ctx.lang)}
        columns, rows = (*columns, *mark), [row | mark for row in rows]
    return columns, rows


def csv(asked: Asked, *, bom: bool = False) -> bytes:
    """The same rows as CSV; the dataset they are of is in the file's name."""
    columns, rows = columns_and_rows(asked)
    return (BOM if bom else b"") + (header(columns) + "".join(line(row, columns) for row in rows)).encode()


def filename(asked: Asked, form: str) -> str:
    """A name that still says what it is when it lies in a folder of downloads."""
    parts = [asked.metric, asked.kind, asked.compared.other, asked.compared.event, *asked.countries]
    parts = [part for part in parts if part]
    if asked.series:
        parts.append(asked.series.replace(":", "-"))
    if asked.dimension:
        parts.append(asked.dimension.lower().replace(" ", "-"))
    if asked.first or asked.last:
        parts.append(f"{asked.first or ''}-{asked.last or ''}")
    parts.append(asked.ctx.today.isoformat())
    return f"{'_'.join(parts)}.{form}"


def chart_url(asked: Asked, form: str) -> str:
    """The address of a chart that never changes: it names the dataset, codebook and code by their stamp."""
    ctx = asked.ctx
    said = {
        "indicator": asked.metric,
        "country": ",".join(asked.countries),
        "series": asked.series or None,
        "dimension": asked.dimension or None,
        "sort": asked.sort or None,
        "with": asked.compared.other or None,
        "event": asked.compared.event or None,
        "unequal": "1" if asked.compared.unequal else None,
        "from": asked.first,
        "to": asked.last,
        "as_of": ctx.as_of.isoformat() if ctx.as_of else None,
        "dataset": ctx.pinned or None,
        "lang": ctx.lang,
        "theme": asked.theme,
        "v": stamp(ctx),
    }
    query = urlencode({name: value for name, value in said.items() if value is not None}, safe=",:")
    return f"/api/v1/charts/{asked.kind}.{form}?{query}"


@lru_cache(maxsize=24)
def chart_of(asked: Asked) -> "Chart":
    """The chart itself, kept for the next form that is asked for."""
    from dashboard.charts import KINDS as BUILDERS
    from dashboard.charts import ChartOptions
    from dashboard.charts.colours import places

    ctx = asked.ctx
    metric = ctx.book.metrics[asked.metric]
    year = asked.first if asked.first is not None and asked.first == asked.last and asked.kind in OF_A_YEAR else None
    options = ChartOptions(
        lang=ctx.lang,
        theme=asked.theme,
        title=text(metric.name, ctx.lang),
        unit=metric.unit,
        decimals=metric.decimals,
        direction=metric.direction,
        centre=metric.centre,
        names=names(ctx),
        sources=titles(),
        highlighted=asked.countries,
        colours=places(
            asked.countries, list(dict.fromkeys(chain(*ctx.book.country_sets.values(), ctx.book.countries)))
        ),
        group=group_of(asked),
        group_label=group_label(asked),
        **_groups(asked),
        year=year,
        tiles=tiles(ctx.timeless()),
        atlas=atlas() if asked.kind == "world" else None,
        dimension=asked.dimension,
        dimension_name=dimension_words(ctx, asked.dimension) if asked.dimension else "",
        categories=categories_of(asked, dimension_words),
        people=categories_of(asked, people),
        sort="name" if asked.sort == "name" else "gap",
        breaks=metric.break_years,
        line=metric.line,
        source_line=source_line(ctx, metric),
        as_of=t("answers.image.as_of", ctx.lang, date=date(ctx.today, ctx.lang), version=ctx.dataset.version),
    )
    options = replace(
        options, **compared_options(ctx, asked.kind, asked.metric, asked.compared, (asked.first, asked.last))
    )
    if asked.kind == "projection":
        options = replace(options, **projection_options(ctx, metric, asked.countries[0]))
    rows = rows_of(asked, year)
    if asked.series:
        options = _national(asked, options, rows.to_dicts())
    return BUILDERS[asked.kind].build(rows, options)


def _groups(asked: Asked) -> dict[str, Any]:
    """Groups, limits and the reason for no groups, where the chart stands a country beside others."""
    if asked.kind != "beside":
        return {}
    metric = asked.ctx.book.metrics[asked.metric]
    own = latest_of(asked.ctx, metric.id).get(asked.countries[0])
    ends = (metric.limit_low, metric.limit_high)
    limits = cast(tuple[float, float], ends) if None not in ends else None
    if own is not None and unmodified_only(own["source"]):
        note = t("answers.medians.licence", asked.ctx.lang, source=title_of(own["source"]))
        return {"limits": limits, "note": note}
    return {"limits": limits, "groups": besides(asked.ctx, asked.countries[0])}


def _national(asked: Asked, options: "ChartOptions", rows: "Sequence[Row]") -> "ChartOptions":
    """Title, source and tooltip of a country's own series; the sentence begins with the title, so it says so too."""
    ctx = asked.ctx
    metric = ctx.book.metrics[asked.metric]
    own = find_national(metric, asked.series)
    title = t(
        "national.chart.title",
        ctx.lang,
        indicator=text(metric.name, ctx.lang),
        country=country_name(ctx, own.country),
    )
    return replace(
        options,
        title=title,
        sources={own.source: title_of(own.source, own.series)},
        source_line=national_source_line(ctx, rows),
    )
