"""Charts by address: parameters in; specification, rows, sentence and image out.

A chart is built once per question and kept, so that specification, picture and rows of the same address are one thing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, cast
from urllib.parse import urlencode

from dashboard.codebook.model import Metric, text
from dashboard.locales import date, t
from dashboard.services.atlas import atlas
from dashboard.services.citation import national_source_line, source_line
from dashboard.services.context import Context
from dashboard.services.counting import DEFAULT_RULE, adopters
from dashboard.services.csv_text import header, line
from dashboard.services.errors import Invalid, Unknown
from dashboard.services.find import find_countries, find_metric, find_national
from dashboard.services.options import default_countries
from dashboard.services.publishers import publishers, title_of
from dashboard.services.reading import latest_of, own_totals, stats_of
from dashboard.services.versions import stamp
from dashboard.services.views import ChartText
from dashboard.services.words import country_name, term

if TYPE_CHECKING:
    import polars as pl

    from dashboard.charts import Chart, ChartOptions
    from dashboard.services.reading import Row

KINDS = ("trend", "ranking", "map", "world", "distribution")
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
    series: str  # a country's own series; "" draws the indicator's
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
) -> Asked:
    """The question, checked. No countries: the default selection. ``series``: a country's own, which is drawn alone.

    Raises:
        Unknown: no such kind, indicator or country, with suggestions.
        Invalid: more than six countries, an unknown theme, an indicator whose figures are no quantities, or a national
            series that does not exist, is asked of another country, or is to be ranked or mapped.
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
    if series:
        chosen = _only_country(kind, metric, series, chosen)
    chosen = chosen or default_countries(ctx, metric.id)
    return Asked(kind, metric.id, chosen, first, last, cast(Literal["light", "dark"], theme), series, ctx)


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
    }
    return [kind for kind in ("trend", "map", "world", "ranking", "distribution") if fits[kind]]


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

    columns, rows = BUILDERS[asked.kind].columns, _chart(asked).rows
    if asked.series:
        mark = {"series": asked.series, "definition": t("national.label", asked.ctx.lang)}
        columns, rows = (*columns, *mark), [row | mark for row in rows]
    return (header(columns) + "".join(line(row, columns) for row in rows)).encode()


def filename(asked: Asked, form: str) -> str:
    """A name that still says what it is when it lies in a folder of downloads."""
    parts = [asked.metric, asked.kind, *asked.countries]
    if asked.series:
        parts.append(asked.series.replace(":", "-"))
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
        "series": asked.series or None,
        "from": asked.first,
        "to": asked.last,
        "as_of": ctx.as_of.isoformat() if ctx.as_of else None,
        "lang": ctx.lang,
        "theme": asked.theme,
        "v": stamp(ctx),
    }
    query = urlencode({name: value for name, value in said.items() if value is not None}, safe=",:")
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
        atlas=atlas() if asked.kind == "world" else None,
        breaks=metric.break_years,
        line=metric.line,
        source_line=source_line(ctx, metric),
        as_of=t("answers.image.as_of", ctx.lang, date=date(ctx.today, ctx.lang), version=ctx.dataset.version),
    )
    rows = _rows(asked, year)
    if asked.series:
        options = _national(asked, options, rows.to_dicts())
    return BUILDERS[asked.kind].build(rows, options)


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


def _rows(asked: Asked, year: int | None) -> "pl.DataFrame":
    """Primary national totals: of the chosen countries for a trend, of the group for a ranking, of all otherwise.

    Of a country's own series its totals; they count as primary in the one chart that is theirs.
    """
    import polars as pl

    if asked.series:
        own = find_national(asked.ctx.book.metrics[asked.metric], asked.series)
        rows = own_totals(asked.ctx, own).with_columns(primary=pl.lit(value=True))
    else:
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
