"""Charts by address: parameters in; specification, rows, sentence and image out.

A chart is built once per question and kept, so that specification, picture and rows of the same address are one thing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, cast
from urllib.parse import urlencode

from dashboard.codebook.model import Metric, text
from dashboard.locales import date, t
from dashboard.services.citation import source_line
from dashboard.services.context import Context
from dashboard.services.counting import DEFAULT_RULE, adopters
from dashboard.services.csv_text import header, line
from dashboard.services.errors import Invalid, Unknown
from dashboard.services.find import find_countries, find_metric
from dashboard.services.options import default_countries
from dashboard.services.publishers import publishers
from dashboard.services.reading import latest_of, stats_of
from dashboard.services.versions import stamp
from dashboard.services.views import ChartText
from dashboard.services.words import term

if TYPE_CHECKING:
    import polars as pl

    from dashboard.charts import Chart

KINDS = ("trend", "ranking", "map", "distribution")
MOST = 6
"""Most countries a chart can tell apart."""

FEWEST_RANKED = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """A chart asked for, normalised: equal questions are equal."""

    kind: str
    metric: str
    countries: tuple[str, ...]
    first: int | None
    last: int | None
    theme: Literal["light", "dark"]
    ctx: Context = field(repr=False)


def ask(
    ctx: Context,
    kind: str,
    indicator: str,
    countries: tuple[str, ...] = (),
    first: int | None = None,
    last: int | None = None,
    theme: str = "light",
) -> Asked:
    """The question, checked. No countries: the default selection.

    Raises:
        Unknown: no such kind, indicator or country, with suggestions.
        Invalid: more than six countries, an unknown theme, or an indicator whose figures are no quantities.
    """
    if kind not in KINDS:
        raise Unknown("chart", kind, KINDS)
    metric = find_metric(ctx, indicator)
    chosen = find_countries(ctx, countries)
    if len(chosen) > MOST:
        raise Invalid("country", f"A chart tells {MOST} countries apart; {len(chosen)} were asked for.")
    if theme not in ("light", "dark"):
        raise Invalid("theme", "There are the themes light and dark.")
    if not metric.quantity:
        raise Invalid(
            "indicator", f"The figures of {metric.id} are codes or years, not quantities: they are not drawn."
        )
    chosen = chosen or default_countries(ctx, metric.id)
    return Asked(kind, metric.id, chosen, first, last, cast(Literal["light", "dark"], theme), ctx)


def kinds_of(ctx: Context, metric: Metric) -> list[str]:
    """The kinds of chart that say something: a trend needs two years, a ranking a direction and figures."""
    stats = stats_of(ctx, metric.id)
    if not metric.quantity or not stats.countries:
        return []
    fits = {
        "trend": len(stats.years) > 1,
        "ranking": metric.direction != "none" and metric.unit != "yes_no" and stats.countries >= FEWEST_RANKED,
        "map": True,
        "distribution": metric.unit != "yes_no" and stats.countries >= FEWEST_RANKED,
    }
    return [kind for kind in ("trend", "map", "ranking", "distribution") if fits[kind]]


def specification(asked: Asked) -> dict[str, Any]:
    """Vega-Lite with named datasets; ``usermeta`` holds the words a page shows around it: one request is enough."""
    chart = _chart(asked)
    return {
        **chart.spec,
        "usermeta": {
            "title": chart.title,
            "subtitle": chart.subtitle,
            "sentence": chart.sentence,
            "rows": len(chart.rows),
            "dataset": asked.ctx.dataset.version,
        },
    }


def svg(asked: Asked) -> bytes:
    """The picture with title, sentence, source and date inside."""
    from dashboard.charts import render

    return render.svg(_chart(asked)).encode()


def png(asked: Asked) -> bytes:
    """The same picture as PNG."""
    from dashboard.charts import render

    return render.png(_chart(asked))


def csv(asked: Asked) -> bytes:
    """The rows drawn, no more and no fewer; the dataset they are of is in the file's name."""
    from dashboard.charts import KINDS as BUILDERS

    columns = BUILDERS[asked.kind].columns
    return (header(columns) + "".join(line(row, columns) for row in _chart(asked).rows)).encode()


def filename(asked: Asked, form: str) -> str:
    """A name that still says what it is when it lies in a folder of downloads."""
    parts = [asked.metric, asked.kind, *asked.countries]
    if asked.first or asked.last:
        parts.append(f"{asked.first or ''}-{asked.last or ''}")
    parts.append(asked.ctx.today.isoformat())
    return f"{'_'.join(parts)}.{form}"


def chart_text(
    ctx: Context,
    kind: str,
    indicator: str,
    countries: tuple[str, ...] = (),
    first: int | None = None,
    last: int | None = None,
    theme: str = "light",
) -> ChartText:
    """Title, sentence, row count and addresses of a chart, without fetching it.

    Raises:
        Unknown, Invalid: as ``ask``.
    """
    asked = ask(ctx, kind, indicator, countries, first, last, theme)
    chart = _chart(asked)
    return ChartText(
        title=chart.title,
        subtitle=chart.subtitle,
        sentence=chart.sentence,
        rows=len(chart.rows),
        rows_text=t("ui.buttons.download_csv", ctx.lang, count=len(chart.rows)),
        json_url=chart_url(asked, "json"),
        svg_url=chart_url(asked, "svg"),
        png_url=chart_url(asked, "png"),
        csv_url=chart_url(asked, "csv"),
    )


def chart_url(asked: Asked, form: str) -> str:
    """The address of a chart that never changes: it names the dataset, codebook and code by their stamp."""
    ctx = asked.ctx
    said = {
        "indicator": asked.metric,
        "country": ",".join(asked.countries),
        "from": asked.first,
        "to": asked.last,
        "as_of": ctx.as_of.isoformat() if ctx.as_of else None,
        "lang": ctx.lang,
        "theme": asked.theme,
        "v": stamp(ctx),
    }
    query = urlencode({name: value for name, value in said.items() if value is not None}, safe=",")
    return f"/api/v1/charts/{asked.kind}.{form}?{query}"


@lru_cache(maxsize=24)
def _chart(asked: Asked) -> "Chart":
    from dashboard.charts import KINDS as BUILDERS
    from dashboard.charts import ChartOptions

    ctx = asked.ctx
    metric = ctx.book.metrics[asked.metric]
    year = asked.first if asked.first is not None and asked.first == asked.last and asked.kind != "trend" else None
    options = ChartOptions(
        lang=ctx.lang,
        theme=asked.theme,
        title=text(metric.name, ctx.lang),
        unit=metric.unit,
        decimals=metric.decimals,
        direction=metric.direction,
        centre=metric.centre,
        names=_names(ctx),
        sources=_titles(),
        highlighted=asked.countries,
        group=_group(asked),
        group_label=_group_label(asked),
        year=year,
        tiles=_tiles(ctx.timeless()),
        breaks=metric.break_years,
        line=metric.line,
        source_line=source_line(ctx, metric),
        as_of=t("answers.image.as_of", ctx.lang, date=date(ctx.today, ctx.lang), version=ctx.dataset.version),
    )
    return BUILDERS[asked.kind].build(_rows(asked, year), options)


def _rows(asked: Asked, year: int | None) -> "pl.DataFrame":
    """Primary national totals: of the chosen countries for a trend, of the group for a ranking, of all otherwise."""
    import polars as pl

    rows = asked.ctx.dataset.rows(asked.metric).filter(pl.col("primary"), pl.col("dimensions") == "{}")
    if asked.kind == "trend":
        rows = rows.filter(pl.col("country").is_in(list(asked.countries)))
    elif asked.kind == "ranking":
        rows = rows.filter(pl.col("country").is_in(list(_group(asked))))
    if year is None:
        if asked.first is not None:
            rows = rows.filter(pl.col("year") >= asked.first)
        if asked.last is not None:
            rows = rows.filter(pl.col("year") <= asked.last)
    return rows.collect()


def _group(asked: Asked) -> tuple[str, ...]:
    """The countries a chart is about: those chosen, in a ranking with the adopters, else all there are."""
    if asked.kind == "trend":
        return asked.countries
    if asked.kind == "ranking":
        return tuple(dict.fromkeys([*asked.countries, *adopters(asked.ctx)]))
    return _everyone(asked.ctx.timeless(), asked.metric)


@lru_cache(maxsize=64)
def _everyone(ctx: Context, metric: str) -> tuple[str, ...]:
    """Every country or area with a square on the tile map, and those the publisher lists besides."""
    told = latest_of(ctx, metric)
    return tuple(iso3 for iso3, country in ctx.book.countries.items() if country.tile is not None or iso3 in told)


def _group_label(asked: Asked) -> str:
    if asked.kind != "ranking":
        return ""
    return t("answers.image.group", asked.ctx.lang, rule=term(asked.ctx, "counting_rule", DEFAULT_RULE))


@lru_cache(maxsize=16)
def _names_of(lang: str, ctx: Context) -> Mapping[str, str]:
    return MappingProxyType({iso3: text(country.name, lang) for iso3, country in ctx.book.countries.items()})


def _names(ctx: Context) -> Mapping[str, str]:
    return _names_of(ctx.lang, ctx.timeless())


def _titles() -> Mapping[str, str]:
    return {source: info.title for source, info in publishers().items()}


@lru_cache(maxsize=4)
def _tiles(ctx: Context) -> Mapping[str, tuple[int, int]]:
    return MappingProxyType({iso3: it.tile for iso3, it in ctx.book.countries.items() if it.tile is not None})
