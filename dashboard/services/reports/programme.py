"""The report of the programme: who counts by which rule, what is known of them, status by a method, the register."""

from dashboard.codebook.register.tables import LEVELS
from dashboard.locales import t
from dashboard.reports.content import Cell, Column, Grid, Part, Pictures, Report, Section, Words
from dashboard.services.adoption.counting import adopters, checked_rule, origins
from dashboard.services.base.context import Context
from dashboard.services.base.rows import has_figure, holdings
from dashboard.services.base.words import by_name, country_name, listed, sentence, term
from dashboard.services.charts.query import ask, kinds_of
from dashboard.services.countries.countries import adoption_of, with_data
from dashboard.services.progress.progress import programme_progress
from dashboard.services.progress.statuses import definition
from dashboard.services.progress.views import ProgrammeProgress
from dashboard.services.reports.country import defined
from dashboard.services.reports.frame import framed, method_words, picture, section, sources, word
from dashboard.services.reports.query import ReportQuery
from dashboard.services.site.availability import availability_text
from dashboard.services.site.change import INDICATOR
from dashboard.services.site.overview import overview
from dashboard.services.site.views import OverviewView


def programme(query: ReportQuery) -> Report:
    """The report: what the first page and the pages of progress say of all countries counted."""
    ctx = query.ctx
    view, progress = overview(ctx, query.rule), programme_progress(ctx, query.method, query.rule)
    counted = by_name(ctx, adopters(ctx, checked_rule(query.rule)))
    rows = [row for metric in holdings(ctx).latest.values() for iso3, row in metric.items() if iso3 in counted]
    sections = [
        _short(ctx, view),
        _counting(ctx, view),
        _members(ctx, counted),
        _coverage(ctx, view, query.rule),
        _charts(ctx),
        _progress(query, progress),
        _statuses(ctx, progress),
        _register(ctx, counted),
        sources(ctx, [row for row in rows if has_figure(row)]),
    ]
    title = word(ctx, "programme.title", rule=term(ctx, "counting_rule", query.rule))
    return framed(query, title, view["counting"]["text"], [one for one in sections if one.blocks])


def _short(ctx: Context, view: OverviewView) -> Section:
    headline = view["headline"]
    return section(
        word(ctx, "short"),
        [
            Words(headline["text"], "lead"),
            Words(sentence([headline["uncertainty"], headline["gap"]])),
            Words(headline["how"], "note"),
        ],
    )


def _counting(ctx: Context, view: OverviewView) -> Section:
    counting = view["counting"]
    rules = Grid(
        word(ctx, "counting.sheet"),
        "",
        "",
        (
            Column(word(ctx, "head.rule"), 2),
            Column(word(ctx, "head.countries"), 0.9, "whole"),
            Column(word(ctx, "head.disputed"), 0.9, "whole"),
            Column(word(ctx, "head.definition"), 4.5),
        ),
        [
            Part(
                "",
                "",
                [
                    (
                        Cell(one["label"], word(ctx, "counting.chosen") if one["chosen"] else "", strong=one["chosen"]),
                        Cell(str(one["count"]), value=one["count"]),
                        Cell(str(one["disputed"]), value=one["disputed"]),
                        Cell(one["definition"]),
                    )
                    for one in counting["rules"]
                ],
            )
        ],
    )
    claims = Grid(
        word(ctx, "claims.sheet"),
        word(ctx, "claims.note"),
        "",
        (
            Column(word(ctx, "head.date"), 1.2),
            Column(word(ctx, "head.claim"), 3.2),
            Column(word(ctx, "head.number"), 1.1),
            Column(word(ctx, "head.counts"), 2.2),
            Column(word(ctx, "head.source"), 2.4),
        ),
        [
            Part(
                "",
                "",
                [
                    (
                        Cell(one["when"]),
                        Cell(one["claim"], one["note"]),
                        Cell(one["count_text"]),
                        Cell(one["counts"]),
                        Cell(one["source"]),
                    )
                    for one in counting["claims"]
                ],
            )
        ],
    )
    count = Words(sentence([counting["text"] + ".", counting["disputed_text"], counting["note"]]))
    return section(word(ctx, "counting.title"), [count, rules, claims if counting["claims"] else None])


def _coverage(ctx: Context, view: OverviewView, rule: str) -> Section:
    columns = (
        Column(word(ctx, "head.theme"), 2),
        Column(word(ctx, "head.coverage"), 4),
        Column(word(ctx, "head.age"), 3),
        Column(word(ctx, "head.covered"), 0, "whole"),
        Column(word(ctx, "head.of"), 0, "whole"),
    )
    rows = [
        (
            Cell(one["label"], strong=True),
            Cell(one["text"]),
            Cell(one["age_text"]),
            Cell("", value=one["covered"]),
            Cell("", value=one["of"]),
        )
        for one in view["coverage"]
    ]
    grid = Grid(word(ctx, "coverage.sheet"), "", "", columns, [Part("", "", rows)])
    return section(word(ctx, "coverage.title"), [Words(availability_text(ctx, checked_rule(rule))), grid])


def _charts(ctx: Context) -> Section:
    """The indicator of the headline: of all countries as a map of squares, of the adopters in order."""
    kinds = kinds_of(ctx, ctx.book.metrics[INDICATOR])
    pictures = [
        picture(ctx, ask(ctx, kind, INDICATOR, origins(ctx)), wide=True) for kind in ("map", "ranking") if kind in kinds
    ]
    return Section(word(ctx, "programme.charts"), [Pictures(pictures)] if pictures else [])


def _progress(query: ReportQuery, view: ProgrammeProgress) -> Section:
    ctx = query.ctx
    columns = (
        Column(word(ctx, "head.indicator"), 2.4),
        Column(word(ctx, "head.status", method=method_of(view)), 5),
        Column(word(ctx, "head.judged"), 1, "whole"),
        Column(word(ctx, "head.refused"), 1, "whole"),
        Column(word(ctx, "head.of"), 0, "whole"),
        Column(word(ctx, "head.id"), 0),
    )
    rows = []
    for one in view["rows"]:
        assessed = sum(status["count"] for status in one["counts"])
        lines = [
            word(
                ctx,
                "programme.status",
                status=status["text"],
                count=str(status["count"]),
                countries=listed(ctx, (country_name(ctx, iso3) for iso3 in status["countries"])),
            )
            for status in one["counts"]
        ]
        rows.append(
            (
                Cell(one["name"]),
                Cell(t("ui.list.semicolon", ctx.lang).join(lines) or word(ctx, "no_status")),
                Cell(str(assessed), value=assessed),
                Cell(str(one["refused"]), value=one["refused"]),
                Cell("", value=one["of"]),
                Cell(one["indicator"]),
            )
        )
    grid = Grid(word(ctx, "progress.sheet"), word(ctx, "progress.note"), "", columns, [Part("", "", rows)])
    return section(word(ctx, "progress.title"), [method_words(ctx, query.method), grid], wide=True)


def method_of(view: ProgrammeProgress) -> str:
    """The name of the method chosen."""
    return next(one["name"] for one in view["methods"] if one["chosen"])


def _statuses(ctx: Context, view: ProgrammeProgress) -> Section:
    statuses = {status["text"]: status["status"] for row in view["rows"] for status in row["counts"]}
    return defined(ctx, {text: definition(ctx, it, text) for text, it in statuses.items()})


def _members(ctx: Context, counted: list[str]) -> Section:
    having = with_data(ctx)
    columns = (
        Column(word(ctx, "head.country"), 2),
        Column(word(ctx, "head.state"), 2),
        Column(word(ctx, "head.opened"), 1.4),
        Column(word(ctx, "head.support"), 2),
        Column(word(ctx, "head.events"), 1.1, "whole"),
        Column(word(ctx, "head.with_data"), 1.3, "whole"),
        Column(word(ctx, "head.code"), 0),
    )
    rows = []
    for iso3 in counted:
        it = adoption_of(ctx, iso3)
        rows.append(
            (
                Cell(it["name"], strong=True),
                Cell(it["status_text"], term(ctx, "adoption_status", "disputed") if it["disputed"] else ""),
                Cell(it["opened_text"] or word(ctx, "not_known")),
                Cell(it["support_text"]),
                Cell(str(len(it["events"])), value=len(it["events"])),
                Cell(str(having.get(iso3, 0)), value=having.get(iso3, 0)),
                Cell(iso3),
            )
        )
    grid = Grid(word(ctx, "members.sheet"), "", "", columns, [Part("", "", rows)])
    return Section(word(ctx, "members.title"), [grid])


def _register(ctx: Context, counted: list[str]) -> Section:
    """Every event of the countries counted, with its source."""
    columns = (
        Column(word(ctx, "head.date"), 1.2),
        Column(word(ctx, "head.event"), 3.2),
        Column(word(ctx, "head.source"), 3),
        Column(word(ctx, "head.evidence"), 0.9),
        Column(word(ctx, "head.stance"), 1.8),
        Column(word(ctx, "head.note"), 0),
    )
    parts = []
    for iso3 in counted:
        rows = []
        for event in adoption_of(ctx, iso3)["events"]:
            details = t("ui.list.semicolon", ctx.lang).join(filter(None, (event["local_name"], event["scope"])))
            disputed = word(ctx, "adoption.disputed") if event["disputed"] else ""
            rows.append(
                (
                    Cell(event["date_text"]),
                    Cell(event["type_text"], details),
                    Cell(event["source"], event["source_ref"]),
                    Cell(event["evidence"]),
                    Cell(event["stance_text"], disputed),
                    Cell(event["note"]),
                )
            )
        if rows:
            parts.append(Part(country_name(ctx, iso3), "", rows))
    levels = [word(ctx, "title", kind=it, title=term(ctx, "register_level", it, "definition")) for it in LEVELS]
    caption = sentence([word(ctx, "adoption.note"), *levels])
    grid = Grid(word(ctx, "adoption.sheet"), caption, word(ctx, "head.country"), columns, parts)
    return Section(word(ctx, "register.title"), [grid] if parts else [])
