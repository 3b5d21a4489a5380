"""What every report has around its content: title, foot of the page, sources, and how it is cited."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from dashboard.analysis.charts import render
from dashboard.analysis.reports.content import Block, Cell, Column, Grid, Part, Picture, Report, Section, Words
from dashboard.analysis.reports.workbook import Kind
from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import Row, find_received
from dashboard.answers.base.words import isolate_written, join_countries, translate_term
from dashboard.answers.charts import build
from dashboard.answers.charts.query import ChartQuery
from dashboard.answers.progress.assessment import DEFAULT_METHOD
from dashboard.answers.progress.statuses import name_method
from dashboard.answers.reports.query import ReportQuery
from dashboard.answers.wording.publishers import describe_licence, find_publisher, title_publisher
from dashboard.locales import format_day, format_number, t
from dashboard.locales.notice import notice

HALF, WHOLE, HEIGHT = 440, 900, 180
"""Pixels of a drawing that takes half or all of the page's width: letters come out at seven to eight points, and three
drawings fit below one another on a page."""


def translate_word(ctx: Context, name: str, **values: str | int) -> str:
    """Return a word of the catalogue of reports."""
    return t(f"reports.{name}", ctx.lang, **values)


def build_columns(ctx: Context, shares: Mapping[str, float | tuple[float, Kind]], **values: str) -> tuple[Column, ...]:
    """Return columns headed by words of ``reports.head``, each with its share of the width.

    A kind stands beside the share where the column is no text; ``values`` fill the words.
    """
    columns = []
    for name, share in shares.items():
        label = translate_word(ctx, name if "." in name else f"head.{name}", **values)
        columns.append(Column(label, *share) if isinstance(share, tuple) else Column(label, share))
    return tuple(columns)


def frame_report(query: ReportQuery, title: str, description: str, sections: Sequence[Section]) -> Report:
    """Return the whole report, without sections that have no content."""
    ctx = query.ctx
    kind = t("brief.kind", ctx.lang) if query.kind == "own" else translate_word(ctx, f"{query.kind}.kind")
    product, day = t("ui.product.name", ctx.lang), format_day(ctx.today, ctx.lang)
    version = isolate_written(ctx, ctx.dataset.name)
    moment = ctx.dataset.created_at
    view = isolate_written(ctx, query.base + query.path)
    named = translate_word(ctx, "title", kind=kind, title=title)
    filters = describe_filters(query)
    cited = translate_word(ctx, "cite.text", product=product, title=named, version=version, day=day, address=view)

    def file_of(form: str) -> str:
        return isolate_written(ctx, query.base + query.file(form))

    return Report(
        kind=kind,
        title=title,
        named=named,
        subtitle=translate_word(ctx, "subtitle", day=day, version=version),
        lang=ctx.lang,
        author=product,
        description=description,
        keywords=("SDG", "ASAN", *((query.iso3,) if query.iso3 else ())),
        moment=moment,
        foot=(
            *((notice(ctx.lang),) if notice(ctx.lang) else ()),
            translate_word(ctx, "foot.what", product=product, title=named),
            translate_word(ctx, "foot.state", day=day, version=version, filters=filters),
            translate_word(ctx, "foot.view", address=view),
        ),
        page_of=t("reports.foot.page", ctx.lang, page="{page}", pages="{pages}"),
        about=(
            *(((product, notice(ctx.lang)),) if notice(ctx.lang) else ()),
            (translate_word(ctx, "about.as_of"), day),
            (translate_word(ctx, "about.dataset"), version),
            (translate_word(ctx, "about.published"), isolate_written(ctx, moment.strftime("%Y-%m-%dT%H:%M:%SZ"))),
            (translate_word(ctx, "about.codebook"), isolate_written(ctx, ctx.book.version)),
            (translate_word(ctx, "about.filters"), filters),
            (translate_word(ctx, "about.view"), view),
            (translate_word(ctx, "about.file"), file_of("pdf")),
            (translate_word(ctx, "about.workbook"), file_of("xlsx")),
            *(((t("brief.slides", ctx.lang), file_of("pptx")),) if query.kind == "own" else ()),
            (translate_word(ctx, "about.cite"), cited),
            (translate_word(ctx, "about.independence"), t("ui.product.independence", ctx.lang)),
            (translate_word(ctx, "about.same_bytes"), translate_word(ctx, "about.same_bytes_text")),
        ),
        about_title=translate_word(ctx, "about.title"),
        sections=[section for section in sections if section.blocks],
    )


def describe_filters(query: ReportQuery) -> str:
    """Say what the reader chose: the method, and for the programme the counting rule."""
    ctx = query.ctx
    if query.kind == "statement":
        return t("statement.page.short", ctx.lang)
    if query.kind == "own":
        countries = join_countries(ctx, query.countries)
        return t("brief.filters", ctx.lang, countries=countries, count=len(query.indicators))
    method = translate_word(ctx, "filter.method", method=name_method(ctx, query.method))
    if query.kind != "programme":
        return method
    rule = translate_word(ctx, "filter.rule", rule=translate_term(ctx, "counting_rule", query.rule))
    return t("ui.list.semicolon", ctx.lang).join((rule, method))


def describe_method(ctx: Context, method: str) -> Words:
    """Name the method of the statuses and what it asks; another than the default says so."""
    words = translate_word(
        ctx, "method", method=name_method(ctx, method), asks=t(f"progress.method.{method}.asks", ctx.lang)
    )
    return Words(words if method == DEFAULT_METHOD else f"{words} {translate_word(ctx, 'method_other')}", "note")


def draw_picture(ctx: Context, query: ChartQuery, *, wide: bool = False) -> Picture:
    """Draw a chart of the site for a report, with its words."""
    chart = build.build_chart(query)
    low = replace(chart, options=replace(chart.options, height=None if wide else HEIGHT))
    return Picture(
        title=chart.title,
        subtitle=chart.subtitle,
        svg=render.plot(low, WHOLE if wide else HALF),
        sentence=chart.sentence,
        source=t("charts.image.source", ctx.lang, source=chart.options.source_line)
        if chart.options.source_line
        else "",
        wide=wide,
    )


def list_sources(ctx: Context, rows: Iterable[Row]) -> Section:
    """List who made these figures: edition, licence and day received, each work once."""
    rows_by_source: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        rows_by_source.setdefault(
            (row["source"], title_publisher(row["source"], row["series"]), row["edition"]), []
        ).append(row)
    lines = []
    for (source, title, edition), of_work in sorted(
        rows_by_source.items(), key=lambda pair: (pair[0][1].casefold(), pair[0][2])
    ):
        info = find_publisher(source, of_work[0]["series"])
        received = max(find_received(ctx, row) for row in of_work)
        restricted = (
            translate_term(ctx, "redistribution", info.redistribution) if info and info.redistribution != "yes" else ""
        )
        lines.append(
            (
                Cell(info.publisher if info else source),
                Cell(title, edition),
                Cell(describe_licence(ctx, info) if info else "", restricted),
                Cell(format_day(received, ctx.lang)),
                Cell(format_number(len(of_work), ctx.lang), value=len(of_work)),
                Cell(info.licence_url if info else ""),
                Cell(info.homepage if info else ""),
            )
        )
    columns = build_columns(ctx, {
        "publisher": 2.2, "work": 3.2, "licence": 2.2, "received": 1.4, "figures": (0.9, "whole"), "licence_text": 0,
        "homepage": 0,
    })  # fmt: skip
    grid = Grid(
        translate_word(ctx, "sources.sheet"), translate_word(ctx, "sources.note"), "", columns, [Part("", "", lines)]
    )
    return Section(translate_word(ctx, "sources.title"), [grid])


def build_section(title: str, blocks: Iterable[Block | None], *, wide: bool = False) -> Section:
    """Return a section of the blocks that are not None."""
    return Section(title, [block for block in blocks if block is not None], wide)
