"""What is said of a view to those who use it again: the metadata of its files, and the same as sheets of a workbook."""

from collections.abc import Iterator
from typing import Any, Literal

from typing_extensions import TypedDict

from dashboard.analysis.reports.workbook import SheetColumn, WorkbookSheet, write_workbook
from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import Invalid
from dashboard.answers.base.lookup import find_national
from dashboard.answers.base.words import join_list, translate_term
from dashboard.answers.files.extract import Extract, SeriesIssue, name_units
from dashboard.answers.wording.citation import build_public_address
from dashboard.answers.wording.publishers import describe_licence, find_publisher, title_publisher
from dashboard.evidence.codebook.model import choose_text
from dashboard.locales import format_day, format_unit, has, t

MAX_WORKBOOK_ROWS = 50_000
"""Rows a workbook holds; more are taken as CSV, which is a stream."""

NUMBERS = ("value", "lower", "upper", "gap", "gap_lower", "gap_upper")
_WHOLE = ("rank_best", "rank_worst")


class ColumnEntry(TypedDict):
    """A column of the file. ``unit`` is "" where it has none or where it stands in the row."""

    id: str
    label: str
    definition: str
    unit: str


class WordEntry(TypedDict):
    """A code in a column, with what it means."""

    column: str
    code: str
    label: str
    definition: str


class SourceEntry(TypedDict):
    """One issue of a series that rows are of. ``redistribution``: ``unmodified`` and ``no`` are restrictions."""

    indicator: str
    publisher: str
    title: str
    series: str
    edition: str
    licence: str
    licence_url: str
    redistribution: Literal["yes", "unmodified", "no"]
    restriction: str  # in words; "" without one
    attribution: str
    retrieved_at: str
    raw_sha256: list[str]
    rows: int


class ViewMetadata(TypedDict):
    """A view in words, without its rows."""

    title: str
    sentence: str
    indicators: list[str]
    unit: str
    rows: int
    columns: list[ColumnEntry]
    words: list[WordEntry]
    sources: list[SourceEntry]
    citations: list[str]
    caveats: list[str]
    filters: dict[str, str]
    dataset: str
    as_of: str
    page: str  # opens the view again, as of the same day
    files: dict[str, str]


def describe_extract(extract: Extract) -> ViewMetadata:
    """Return the metadata that must not be lost when the rows leave."""
    ctx = extract.ctx
    formats = ("svg", "png") if extract.sentence else ("json",)
    return ViewMetadata(
        title=extract.title or t("ui.product.name", ctx.lang),
        sentence=extract.sentence,
        indicators=list(extract.metrics),
        unit=name_units(extract),
        rows=extract.total,
        columns=[_describe_column(extract, name) for name in extract.columns],
        words=list(_list_words(ctx)),
        sources=[_describe_source(ctx, issue) for issue in extract.held],
        citations=list(extract.citations),
        caveats=[words for _, words in _list_caveats(extract)],
        filters=dict(extract.filters),
        dataset=ctx.dataset.name,
        as_of=ctx.today.isoformat(),
        page=build_public_address(extract.page),
        files={form: extract.address_of(form) for form in ("csv", "xlsx", *formats)},
    )


def check_size(rows: int, limit: int | None = None) -> None:
    """Refuse what a workbook cannot hold, before it is read.

    Raises:
        Invalid: more rows than a workbook holds, and no limit that makes them fewer.
    """
    wanted = rows if limit is None else min(rows, limit)
    if wanted > MAX_WORKBOOK_ROWS:
        raise Invalid(
            "limit",
            f"A workbook holds {MAX_WORKBOOK_ROWS} rows and {wanted} were asked for: "
            "narrow the question, give a limit, or take the CSV.",
        )


def write_xlsx(extract: Extract) -> bytes:
    """Write the rows as a workbook with dictionary, citations, caveats and description.

    Raises:
        Invalid: more rows than a workbook holds.
    """
    ctx = extract.ctx
    check_size(len(extract.rows))
    about = describe_extract(extract)
    sheets = [
        _make_data(extract),
        _make_dictionary(ctx, about),
        _make_citations(ctx, about),
        _make_cautions(extract),
        _make_about(ctx, about),
    ]
    return write_workbook(sheets, ctx.lang, about["title"], ctx.dataset.created_at)


def _make_sheet(ctx: Context, name: str, columns: list[SheetColumn], rows: list[list[Any]]) -> WorkbookSheet:
    return WorkbookSheet(t(f"reuse.sheet.{name}", ctx.lang), columns, rows)


def _make_head(ctx: Context, name: str, kind: Literal["text", "long"] = "text") -> SheetColumn:
    return SheetColumn(t(f"reuse.head.{name}", ctx.lang), kind)


def _make_data(extract: Extract) -> WorkbookSheet:
    """Return the rows as a sheet; columns keep their names in every language, for programs."""
    book = extract.ctx.book
    decimals = max((book.metrics[name].decimals for name in extract.metrics), default=0)
    alike = len({book.metrics[name].decimals for name in extract.metrics}) == 1
    columns = [
        SheetColumn(name, "number", decimals if alike else None)
        if name in NUMBERS
        else SheetColumn(name, "whole")
        if name in _WHOLE
        else SheetColumn(name)
        for name in extract.columns
    ]
    return _make_sheet(extract.ctx, "data", columns, [[row[name] for name in extract.columns] for row in extract.rows])


def _make_dictionary(ctx: Context, about: ViewMetadata) -> WorkbookSheet:
    columns = [_make_head(ctx, name) for name in ("column", "code", "label", "unit")] + [
        _make_head(ctx, "definition", "long")
    ]
    rows: list[list[Any]] = []
    for column in about["columns"]:
        rows.append([column["id"], None, column["label"], column["unit"], column["definition"]])
        rows += [
            [word["column"], word["code"], word["label"], None, word["definition"]]
            for word in about["words"]
            if word["column"] == column["id"]
        ]
    return _make_sheet(ctx, "dictionary", columns, rows)


def _make_citations(ctx: Context, about: ViewMetadata) -> WorkbookSheet:
    names = (
        "indicator", "publisher", "title", "series", "edition", "licence", "licence_url", "restriction", "attribution",
        "retrieved_at", "raw_sha256", "rows",
    )  # fmt: skip
    rows = [
        [", ".join(value) if isinstance(value := source[name], list) else value for name in names]  # type: ignore[literal-required]
        for source in about["sources"]
    ]
    cited = [[None] * (len(names)) + [text] for text in about["citations"]]
    columns = [_make_head(ctx, name) for name in names] + [_make_head(ctx, "citation", "long")]
    return _make_sheet(ctx, "citations", columns, cited + [[*row, None] for row in rows])


def _make_cautions(extract: Extract) -> WorkbookSheet:
    ctx = extract.ctx
    columns = [_make_head(ctx, "indicator"), _make_head(ctx, "caveat", "long")]
    return _make_sheet(ctx, "caveats", columns, [[name, words] for name, words in _list_caveats(extract)])


def _make_about(ctx: Context, about: ViewMetadata) -> WorkbookSheet:
    entries: list[tuple[str, Any]] = [
        ("title", about["title"]),
        ("sentence", about["sentence"]),
        ("unit", about["unit"]),
        ("rows", about["rows"]),
        ("dataset", about["dataset"]),
        ("as_of", format_day(ctx.today, ctx.lang)),
        ("page", about["page"]),
        ("metadata", about["files"]["csv"].replace(".csv?", ".metadata.json?")),
        *((f"filter.{name}", value) for name, value in about["filters"].items()),
        ("made_by", t("ui.product.name", ctx.lang)),
    ]
    rows = [[t(f"reuse.about.{name}", ctx.lang), value] for name, value in entries if value not in ("", None)]
    return _make_sheet(ctx, "about", [_make_head(ctx, "what"), _make_head(ctx, "value", "long")], rows)


def _describe_column(extract: Extract, name: str) -> ColumnEntry:
    lang = extract.ctx.lang
    return ColumnEntry(
        id=name,
        label=t(f"reuse.column.{name}.name", lang),
        definition=t(f"reuse.column.{name}.definition", lang),
        unit=name_units(extract)
        if name in NUMBERS
        else format_unit("percent", lang)
        if name == "interval_level"
        else "",
    )


def _list_words(ctx: Context) -> Iterator[WordEntry]:
    """Yield the meaning of the codes of statuses and natures."""
    for column, area, codes in (
        (
            "status",
            "value_status",
            ("normal", "estimated", "provisional", "unreliable", "censored", "missing", "not_applicable"),
        ),
        ("nature", "nature", ("C", "CN", "CA", "E", "M", "G", "N", "NA")),
    ):
        for code in codes:
            if has(f"terms.{area}.{code}.name"):
                yield WordEntry(
                    column=column,
                    code=code,
                    label=translate_term(ctx, area, code),
                    definition=translate_term(ctx, area, code, "definition"),
                )


def _describe_source(ctx: Context, issue: SeriesIssue) -> SourceEntry:
    info = find_publisher(issue.source, issue.series)
    allowed: Any = info.redistribution if info else "yes"
    return SourceEntry(
        indicator=issue.indicator,
        publisher=info.publisher if info else issue.source,
        title=title_publisher(issue.source, issue.series),
        series=issue.series,
        edition=issue.edition,
        licence=info.licence if info else "",
        licence_url=info.licence_url if info else "",
        redistribution=allowed,
        restriction="" if allowed == "yes" else t(f"reuse.restriction.{allowed}", ctx.lang),
        attribution=info.attribution if info else "",
        retrieved_at=issue.retrieved_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        raw_sha256=list(issue.raw_sha256),
        rows=issue.rows,
    )


def _list_caveats(extract: Extract) -> list[tuple[str, str]]:
    """Return indicator and caution: of the codebook, breaks, definitions, licences and gaps."""
    ctx, lang = extract.ctx, extract.ctx.lang
    caveats: list[tuple[str, str]] = []
    for name in extract.metrics:
        metric = ctx.book.metrics[name]
        caveats += [(name, choose_text(words, lang)) for words in metric.caveats]
        if metric.break_years:
            years = join_list(ctx, [str(year) for year in metric.break_years])
            caveats.append((name, t("reuse.caveat.breaks", lang, years=years)))
        if extract.series:
            caveats.append((name, choose_text(find_national(metric, extract.series).caution, lang)))
    restricted = {(issue.source, issue.series): issue.indicator for issue in extract.held}
    for (source, series), name in restricted.items():
        info = find_publisher(source, series)
        if info and info.redistribution != "yes":
            words = t(f"reuse.restriction.{info.redistribution}", lang)
            caveats.append(
                (
                    name,
                    t(
                        "reuse.caveat.licence",
                        lang,
                        source=info.title,
                        licence=describe_licence(ctx, info),
                        words=words,
                    ),
                )
            )
    caveats.append(("", t("reuse.caveat.gaps", lang)))
    return list(dict.fromkeys(caveats))
