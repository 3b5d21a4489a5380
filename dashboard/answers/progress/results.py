"""The results frame of a country or of the programme, and the same rows as files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from dashboard.analysis.reports.csv_text import write_csv_file
from dashboard.analysis.reports.workbook import SheetColumn, WorkbookSheet, write_workbook
from dashboard.answers.adoption.counting import DEFAULT_RULE, check_rule, describe_count, list_adopters
from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import NoOption, Unknown, quote_given
from dashboard.answers.base.lookup import find_country, find_goal
from dashboard.answers.base.rows import find_latest, has_figure
from dashboard.answers.base.views import Choice, make_choice
from dashboard.answers.base.words import join_sentences, translate_term
from dashboard.answers.freshness.dataset_status import describe_dataset
from dashboard.answers.progress.assessment import DEFAULT_METHOD, TARGET_YEAR, Row, assess_lines
from dashboard.answers.progress.progress import check_method, choose_sign, list_direct_goals, list_methods
from dashboard.answers.progress.statuses import (
    TONES,
    build_verdict,
    choose_word,
    count_statuses,
    name_method,
    name_status,
)
from dashboard.answers.progress.views import ProgressResults, ResultRow
from dashboard.answers.wording.evidence import SELF_REPORTED, grade_evidence
from dashboard.answers.wording.figures import format_share, format_value
from dashboard.evidence.codebook.model import Metric, choose_text
from dashboard.evidence.codebook.tables import THEMES
from dashboard.locales import format_day, format_number, t

SORTS = ("name", "status", "theme", "evidence")
"""Orders of the rows; in every one those without a verdict come last, but by theme and evidence."""

REFUSED = "refused"
"""The filter for rows without a verdict."""
COLUMNS = (
    "indicator", "name", "theme", "baseline", "milestones", "target", "target_source", "latest", "method", "status",
    "status_text", "detail", "evidence_level", "self_reported", "figure_edition",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ResultsQuery:
    """A frame asked for, checked: equal questions are equal."""

    iso3: str
    method: str
    rule: str
    theme: str
    goal: int
    status: str
    sort: str


def ask(
    ctx: Context,
    country: str = "",
    method: str = "",
    rule: str = "",
    theme: str = "",
    goal: int = 0,
    status: str = "",
    sort: str = "",
) -> ResultsQuery:
    """Check the question; "" and 0 are the defaults, and no country means the programme.

    Raises:
        Unknown: no such country, theme or goal.
        Invalid: no such method, rule, status or order.
    """
    iso3 = find_country(ctx, country).iso3 if country else ""
    by, checked = check_method(method or DEFAULT_METHOD), check_rule(rule or DEFAULT_RULE)
    if theme and theme not in THEMES:
        raise Unknown("theme", theme, THEMES)
    if goal:
        find_goal(ctx, goal)
    if status and status != REFUSED and status not in TONES:
        words = f"There is no status {quote_given(status)}; rows without one are {REFUSED}."
        raise NoOption("status", status, (*TONES, REFUSED), words)
    if sort and sort not in SORTS:
        raise NoOption("sort", sort, SORTS, f"There is no order {quote_given(sort)}: there are {', '.join(SORTS)}.")
    return ResultsQuery(iso3, by, checked, theme, goal, status, sort or SORTS[0])


@cached
def list_results(ctx: Context, query: ResultsQuery) -> ProgressResults:
    """Return every indicator with a figure, with its verdict or the reason why there is none."""
    members = (query.iso3,) if query.iso3 else list_adopters(ctx, check_rule(query.rule))
    by_metric: dict[str, list[Row]] = {}
    for row in assess_lines(ctx, countries=members, methods=[query.method]):
        by_metric.setdefault(row["indicator"], []).append(row)
    all_rows = [
        _of_country(ctx, ctx.book.metrics[metric], rows[0], query)
        if query.iso3
        else _of_programme(ctx, ctx.book.metrics[metric], rows, len(members), query)
        for metric, rows in by_metric.items()
    ]
    rows = _ordered([row for row in all_rows if _matches(row, query)], query.sort)
    judged = sum(1 for row in rows if _judged(row))
    return ProgressResults(
        dataset_status=describe_dataset(ctx),
        iso3=query.iso3,
        name=choose_text(ctx.book.countries[query.iso3].name, ctx.lang)
        if query.iso3
        else t("results.programme", ctx.lang),
        rule=query.rule,
        rule_text="" if query.iso3 else describe_count(ctx, check_rule(query.rule), len(members)),
        method=query.method,
        method_name=name_method(ctx, query.method),
        status_title=t("results.frame.status_by", ctx.lang, method=name_method(ctx, query.method)),
        methods=list_methods(ctx, query.method),
        statuses=_statuses(ctx, all_rows, query.status),
        rows=rows,
        text=t(
            "results.frame.text" if query.iso3 else "results.frame.programme_text",
            ctx.lang,
            rows=format_number(len(rows), ctx.lang),
            method=name_method(ctx, query.method),
            assessed=format_number(judged, ctx.lang),
            refused=format_number(len(rows) - judged, ctx.lang),
        ),
        self_reported_text=_share(ctx, rows),
        milestones_text=""
        if any(target.country in members for target in ctx.book.national_targets)
        else t("results.frame.no_milestones", ctx.lang),
    )


def write_csv(ctx: Context, query: ResultsQuery) -> bytes:
    """Write exactly the rows of the frame as CSV."""
    rows = [dict(zip(COLUMNS, cells, strict=True)) for cells in _cells(ctx, query)]
    return write_csv_file(rows, COLUMNS)


def write_xlsx(ctx: Context, query: ResultsQuery) -> bytes:
    """Write the same rows as a workbook, with a sheet that says what they are of."""
    view, lang = list_results(ctx, query), ctx.lang
    wide = ("target_source", "detail", "status_text")
    data = WorkbookSheet(
        t("results.file.data", lang),
        [
            SheetColumn(
                t(f"results.column.{name}", lang),
                "long" if name in wide else "whole" if name == "evidence_level" else "text",
            )
            for name in COLUMNS
        ],
        _cells(ctx, query),
    )
    about = [
        (t("results.file.of", lang), join_sentences([view["name"], view["rule_text"]])),
        (t("results.controls.method", lang), view["method_name"]),
        (t("results.file.content", lang), join_sentences([view["text"], view["self_reported_text"]])),
        (t("results.file.as_of", lang), format_day(ctx.today, lang)),
        (t("results.file.dataset", lang), ctx.dataset.name),
        (t("results.file.caution", lang), t("results.unsaid.no_cause", lang)),
    ]
    columns = [SheetColumn(t("results.file.field", lang)), SheetColumn(t("results.file.value", lang), "long")]
    made = datetime.combine(ctx.today, time(), UTC)
    title = t("results.page.heading", lang)
    return write_workbook([data, WorkbookSheet(t("results.file.about", lang), columns, about)], lang, title, made)


def name_file(query: ResultsQuery, ctx: Context, form: str) -> str:
    """Return a file name that still explains itself in a folder of downloads."""
    parts = ("progress", query.iso3 or f"programme-{query.rule}", query.method, ctx.today.isoformat())
    return f"{'_'.join(parts)}.{form}"


def grade_latest_figure(ctx: Context, metric: Metric, iso3: str) -> int:
    """Return the evidence level of a country's latest figure; 0 if there is none."""
    row = find_latest(ctx, metric.id).get(iso3)
    return 0 if row is None or not has_figure(row) else grade_evidence(ctx, row)


def _cells(ctx: Context, query: ResultsQuery) -> list[tuple[object, ...]]:
    view = list_results(ctx, query)
    return [
        (
            row["indicator"], row["name"], row["theme_text"], row["baseline"], row["milestones"], row["target"],
            row["target_source"], row["latest"], view["method_name"], row["status"], row["status_text"], row["detail"],
            row["level"] or None, row["self_reported"], row["figure_edition"],
        )
        for row in view["rows"]
    ]  # fmt: skip


def _judged(row: ResultRow) -> bool:
    return row["tone"] != "none" or bool(row["counts"])


def _matches(row: ResultRow, query: ResultsQuery) -> bool:
    return (
        (not query.theme or row["theme"] == query.theme)
        and (not query.goal or query.goal in row["goals"])
        and (not query.status or query.status in (_words_of(row) or {REFUSED}))
    )


def _words_of(row: ResultRow) -> set[str]:
    own = {row["status"]} if row["tone"] != "none" else set()
    return own | {count["status"] for count in row["counts"]}


def _ordered(rows: list[ResultRow], sort: str) -> list[ResultRow]:
    order = list(TONES)

    def worst(row: ResultRow) -> int:
        return max((order.index(word) for word in _words_of(row)), default=-1)

    by_name = sorted(rows, key=lambda row: (not _judged(row), row["name"].casefold()))
    if sort == "status":
        return sorted(by_name, key=lambda row: (not _judged(row), -worst(row)))
    if sort == "theme":
        return sorted(by_name, key=lambda row: row["theme_text"].casefold())
    if sort == "evidence":
        return sorted(by_name, key=lambda row: row["level"])
    return by_name


def _statuses(ctx: Context, rows: Sequence[ResultRow], chosen: str) -> list[Choice]:
    there = {word for row in rows for word in _words_of(row)}
    counts = [make_choice(word, name_status(ctx, word), chosen) for word in TONES if word in there]
    if any(not _judged(row) for row in rows):
        counts.append(make_choice(REFUSED, t("results.controls.refused", ctx.lang), chosen))
    return counts


def _share(ctx: Context, rows: Sequence[ResultRow]) -> str:
    """Say how many of the values shown are self-reported."""
    levels = [row for row in rows if row["level"]]
    if not levels:
        return ""
    own = sum(1 for row in levels if row["self_reported"])
    return t(
        "results.frame.self_reported",
        ctx.lang,
        own=format_number(own, ctx.lang),
        of=format_number(len(levels), ctx.lang),
        share=format_share(100 * own / len(levels), ctx.lang),
    )


def _shared(ctx: Context, metric: Metric, iso3: str, level: int) -> ResultRow:
    """Return what a row says whatever its verdict is."""
    target = "" if metric.target_2030 is None else format_value(ctx, metric, metric.target_2030, unit=True)
    own = [target for target in ctx.book.national_targets if target.metric == metric.id and target.country == iso3]
    aims = [
        target for target in own if (target.kind, target.year) == ("target", TARGET_YEAR)
    ]  # what a status is held against
    steps = [
        f"{format_value(ctx, metric, target.value, unit=True)} ({target.year})" for target in own if target not in aims
    ]
    return ResultRow(
        indicator=metric.id,
        name=choose_text(metric.name, ctx.lang),
        theme=metric.theme,
        theme_text=translate_term(ctx, "theme", metric.theme),
        goals=list_direct_goals(ctx, metric),
        baseline="",
        milestones=t("ui.list.semicolon", ctx.lang).join(steps),
        target=format_value(ctx, metric, aims[-1].value, unit=True) if aims else target,
        target_source=aims[-1].source_title if aims else choose_text(metric.target_source, ctx.lang) if target else "",
        latest="",
        status="",
        status_text="",
        tone="none",
        sign="",
        detail="",
        counts=[],
        level=level,
        level_text=translate_term(ctx, "evidence_level", str(level)) if level else "",
        self_reported=level in SELF_REPORTED,
        figure_edition=find_latest(ctx, metric.id)[iso3]["edition"] if iso3 else "",
    )


def _of_country(ctx: Context, metric: Metric, row: Row, query: ResultsQuery) -> ResultRow:
    judgement = build_verdict(ctx, metric, row)
    judged_ = judgement["tone"] != "none"
    shared = _shared(ctx, metric, row["country"], grade_latest_figure(ctx, metric, row["country"]))
    return {
        **shared,
        "baseline": judgement["base"]["text"],
        "latest": judgement["latest"]["text"],
        "status": judgement["status"] if judged_ else "",
        "status_text": judgement["status_text"] if judged_ else "",
        "tone": judgement["tone"],
        "sign": choose_sign(query.method, choose_word(row["status"], row["target"]), judgement["tone"])
        if judged_
        else "",
        "detail": "" if judged_ else join_sentences([judgement["reason_text"], judgement["instead"]]),
    }


def _of_programme(ctx: Context, metric: Metric, rows: Sequence[Row], of: int, query: ResultsQuery) -> ResultRow:
    """Return the programme's row: ``rows`` has a verdict per adopter, ``of`` counts all adopters."""
    counts = count_statuses(ctx, rows)
    levels = [level for row in rows if (level := grade_latest_figure(ctx, metric, row["country"]))]
    based = sum(1 for row in rows if row["base_value"] is not None)
    refused = len(rows) - sum(count["count"] for count in counts)
    return {
        **_shared(ctx, metric, "", min(levels, default=0)),
        "baseline": _of(ctx, based, of),
        "latest": _of(ctx, len(rows), of),
        "detail": t("results.frame.refused", ctx.lang, count=refused) if refused else "",
        "counts": counts,
    }


def _of(ctx: Context, count: int, of: int) -> str:
    return t("results.frame.of", ctx.lang, count=count, of=format_number(of, ctx.lang))
