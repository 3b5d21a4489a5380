"""The report of the programme: who counts by which rule, what is known of them, status by a method, the register."""

from collections.abc import Sequence

from dashboard.analysis.reports.content import Cell, Grid, Part, Pictures, Report, Section, Words
from dashboard.answers.adoption.counting import check_rule, list_adopters, list_origins
from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import has_figure, load_holdings
from dashboard.answers.base.words import join_countries, join_sentences, name_country, sort_by_name, translate_term
from dashboard.answers.charts.query import ask_chart, list_kinds
from dashboard.answers.countries.countries import count_with_data, view_adoption
from dashboard.answers.progress.progress import assess_programme
from dashboard.answers.progress.statuses import define_status
from dashboard.answers.progress.views import ProgrammeProgress
from dashboard.answers.reports.country import write_definitions
from dashboard.answers.reports.frame import (
    build_columns,
    build_section,
    describe_method,
    draw_picture,
    frame_report,
    list_sources,
    translate_word,
)
from dashboard.answers.reports.query import ReportQuery
from dashboard.answers.site.availability import describe_availability
from dashboard.answers.site.change import INDICATOR
from dashboard.answers.site.overview import view_overview
from dashboard.answers.site.views import OverviewView
from dashboard.evidence.codebook.register.tables import LEVELS
from dashboard.locales import t


def write_programme(query: ReportQuery) -> Report:
    """Write the report: what overview and progress pages say of all countries counted."""
    ctx = query.ctx
    view, progress = view_overview(ctx, query.rule), assess_programme(ctx, query.method, query.rule)
    counted = sort_by_name(ctx, list_adopters(ctx, check_rule(query.rule)))
    rows = [row for metric in load_holdings(ctx).latest.values() for iso3, row in metric.items() if iso3 in counted]
    sections = [
        _short(ctx, view),
        _counting(ctx, view),
        write_members(ctx, counted),
        _coverage(ctx, view, query.rule),
        _charts(ctx),
        _progress(query, progress),
        _statuses(ctx, progress),
        _register(ctx, counted),
        list_sources(ctx, [row for row in rows if has_figure(row)]),
    ]
    title = translate_word(ctx, "programme.title", rule=translate_term(ctx, "counting_rule", query.rule))
    return frame_report(query, title, view["counting"]["text"], sections)


def _short(ctx: Context, view: OverviewView) -> Section:
    headline = view["headline"]
    return build_section(
        translate_word(ctx, "short"),
        [
            Words(headline["text"], "lead"),
            Words(join_sentences([headline["uncertainty"], headline["gap"]])),
            Words(headline["how"], "note"),
        ],
    )


def _counting(ctx: Context, view: OverviewView) -> Section:
    counting, chosen = view["counting"], translate_word(ctx, "counting.chosen")
    columns = build_columns(
        ctx, {"rule": 2, "countries": (0.9, "whole"), "disputed": (0.9, "whole"), "definition": 4.5}
    )
    rule_rows = [
        (
            Cell(rule["label"], chosen if rule["chosen"] else "", strong=rule["chosen"]),
            Cell(str(rule["count"]), value=rule["count"]),
            Cell(str(rule["disputed"]), value=rule["disputed"]),
            Cell(rule["definition"]),
        )
        for rule in counting["rules"]
    ]
    rules = Grid(translate_word(ctx, "counting.sheet"), "", "", columns, [Part("", "", rule_rows)])
    columns = build_columns(ctx, {"date": 1.2, "claim": 3.2, "number": 1.1, "counts": 2.2, "source": 2.4})
    published = [
        (
            Cell(claim["when"]),
            Cell(claim["claim"], claim["note"]),
            Cell(claim["count_text"]),
            Cell(claim["counts"]),
            Cell(claim["source"]),
        )
        for claim in counting["claims"]
    ]
    sheet, note = translate_word(ctx, "claims.sheet"), translate_word(ctx, "claims.note")
    claims = Grid(sheet, note, "", columns, [Part("", "", published)])
    count = Words(join_sentences([counting["text"] + ".", counting["disputed_text"], counting["note"]]))
    return build_section(translate_word(ctx, "counting.title"), [count, rules, claims if published else None])


def _coverage(ctx: Context, view: OverviewView, rule: str) -> Section:
    columns = build_columns(ctx, {"theme": 2, "coverage": 4, "age": 3, "covered": (0, "whole"), "of": (0, "whole")})
    rows = [
        (
            Cell(theme["label"], strong=True),
            Cell(theme["text"]),
            Cell(theme["age_text"]),
            Cell("", value=theme["covered"]),
            Cell("", value=theme["of"]),
        )
        for theme in view["coverage"]
    ]
    grid = Grid(translate_word(ctx, "coverage.sheet"), "", "", columns, [Part("", "", rows)])
    return build_section(
        translate_word(ctx, "coverage.title"), [Words(describe_availability(ctx, check_rule(rule))), grid]
    )


def _charts(ctx: Context) -> Section:
    """Draw the headline's indicator: a map of all countries, a ranking of the adopters."""
    kinds = list_kinds(ctx, ctx.book.metrics[INDICATOR])
    pictures = [
        draw_picture(ctx, ask_chart(ctx, kind, INDICATOR, list_origins(ctx)), wide=True)
        for kind in ("map", "ranking")
        if kind in kinds
    ]
    return Section(translate_word(ctx, "programme.charts"), [Pictures(pictures)] if pictures else [])


def _progress(query: ReportQuery, view: ProgrammeProgress) -> Section:
    ctx = query.ctx
    columns = build_columns(ctx, {
        "indicator": 2.4, "status": 5, "judged": (1, "whole"), "refused": (1, "whole"), "of": (0, "whole"), "id": 0,
    }, method=name_method(view))  # fmt: skip
    rows = []
    for row in view["rows"]:
        assessed = sum(status["count"] for status in row["counts"])
        lines = [
            translate_word(
                ctx,
                "programme.status",
                status=status["text"],
                count=str(status["count"]),
                countries=join_countries(ctx, status["countries"]),
            )
            for status in row["counts"]
        ]
        rows.append(
            (
                Cell(row["name"]),
                Cell(t("ui.list.semicolon", ctx.lang).join(lines) or translate_word(ctx, "no_status")),
                Cell(str(assessed), value=assessed),
                Cell(str(row["refused"]), value=row["refused"]),
                Cell("", value=row["of"]),
                Cell(row["indicator"]),
            )
        )
    grid = Grid(
        translate_word(ctx, "progress.sheet"), translate_word(ctx, "progress.note"), "", columns, [Part("", "", rows)]
    )
    return build_section(translate_word(ctx, "progress.title"), [describe_method(ctx, query.method), grid], wide=True)


def name_method(view: ProgrammeProgress) -> str:
    """Return the name of the chosen method."""
    return next(method["name"] for method in view["methods"] if method["chosen"])


def _statuses(ctx: Context, view: ProgrammeProgress) -> Section:
    statuses = {status["text"]: status["status"] for row in view["rows"] for status in row["counts"]}
    return write_definitions(ctx, {text: define_status(ctx, status, text) for text, status in statuses.items()})


def write_members(ctx: Context, counted: Sequence[str]) -> Section:
    """Write where adoption stands in each of these countries, since when, by how many sources."""
    having = count_with_data(ctx)
    columns = build_columns(ctx, {
        "country": 2, "state": 2, "opened": 1.4, "support": 2, "events": (1.1, "whole"), "with_data": (1.3, "whole"),
        "code": 0,
    })  # fmt: skip
    rows = []
    for iso3 in counted:
        view = view_adoption(ctx, iso3)
        rows.append(
            (
                Cell(view["name"], strong=True),
                Cell(
                    view["status_text"], translate_term(ctx, "adoption_status", "disputed") if view["disputed"] else ""
                ),
                Cell(view["opened_text"] or translate_word(ctx, "not_known")),
                Cell(view["support_text"]),
                Cell(str(len(view["events"])), value=len(view["events"])),
                Cell(str(having.get(iso3, 0)), value=having.get(iso3, 0)),
                Cell(iso3),
            )
        )
    grid = Grid(translate_word(ctx, "members.sheet"), "", "", columns, [Part("", "", rows)])
    return Section(translate_word(ctx, "members.title"), [grid])


def _register(ctx: Context, counted: list[str]) -> Section:
    """List every event of the countries counted, with its source."""
    columns = build_columns(ctx, {"date": 1.2, "event": 3.2, "source": 3, "evidence": 0.9, "stance": 1.8, "note": 0})
    parts = []
    for iso3 in counted:
        rows = []
        for event in view_adoption(ctx, iso3)["events"]:
            details = t("ui.list.semicolon", ctx.lang).join(filter(None, (event["local_name"], event["scope"])))
            disputed = translate_word(ctx, "adoption.disputed") if event["disputed"] else ""
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
            parts.append(Part(name_country(ctx, iso3), "", rows))
    levels = [
        translate_word(ctx, "title", kind=level, title=translate_term(ctx, "register_level", level, "definition"))
        for level in LEVELS
    ]
    caption = join_sentences([translate_word(ctx, "adoption.note"), *levels])
    grid = Grid(translate_word(ctx, "adoption.sheet"), caption, translate_word(ctx, "head.country"), columns, parts)
    return Section(translate_word(ctx, "register.title"), [grid] if parts else [])
