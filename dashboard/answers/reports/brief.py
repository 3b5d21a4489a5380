"""The two-page brief of a country: where it stands among its peers, satisfaction, adoption, two courses; then figures.

It says what fits on two pages and counts what it leaves to the country's page; the full report is ``country``.
"""

from collections.abc import Sequence
from dataclasses import replace

from dashboard.analysis.reports.content import Cell, Facts, Grid, Part, Pictures, Report, Section, Words
from dashboard.answers.adoption.views import RegisterRow
from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import find_latest, has_figure
from dashboard.answers.base.words import join_sentences
from dashboard.answers.charts.query import ask_chart
from dashboard.answers.countries.country import view_country
from dashboard.answers.countries.standing import is_second_scale
from dashboard.answers.countries.views import CountryView, Lane
from dashboard.answers.progress.progress import assess_country
from dashboard.answers.progress.views import ProgressVerdict
from dashboard.answers.reports import figures
from dashboard.answers.reports.frame import (
    build_columns,
    build_section,
    describe_method,
    draw_picture,
    frame_report,
    translate_word,
)
from dashboard.answers.reports.query import ReportQuery
from dashboard.locales import t

DRAWN = ("wgi_cc", "wgi_ge")
"""What is drawn, as far as the country has figures: control of corruption, government effectiveness."""

ABOUT = ("about.view", "about.cite", "about.independence")
"""Of what a report says of itself, what two pages have room for."""

MAX_EVENTS = 4
"""Most events of adoption told; the newest."""

MAX_CHARACTERS = 220
"""Most characters of a text that others have written, before it is cut."""


def write_short_brief(query: ReportQuery) -> Report:
    """Write the brief on two pages."""
    ctx = query.ctx
    view = view_country(ctx, query.iso3)
    verdicts = {verdict["indicator"]: verdict for verdict in assess_country(ctx, query.iso3, query.method)["verdicts"]}
    first = [_standing(ctx, view), _satisfaction(ctx, view), _adoption(ctx, view), _courses(ctx, view)]
    gaps = Section(translate_word(ctx, "missing.title"), [Words(view["missing_text"])])
    second = [_figures(query, view, verdicts), gaps]
    whole = frame_report(query, view["name"], view["text"], first)
    titles = {translate_word(ctx, name) for name in ABOUT}
    return replace(
        whole,
        sections=[*whole.sections, *second],
        second=len(whole.sections),
        more=translate_word(ctx, "brief.more", count="{count}"),
        about=[pair for pair in whole.about if pair[0] in titles],
    )


def _standing(ctx: Context, view: CountryView) -> Section:
    standing = view["standing"]
    blocks: list[Words | Grid] = [Words(join_sentences([standing["text"], standing["caution"]]), "lead")]
    if standing["rows"]:
        columns = build_columns(ctx, {
            "indicator": 2.6, "value": 0.7, "year": 0.6, "brief.place": 2, "brief.peers": 4.4,
        })  # fmt: skip
        rows: list[Sequence[Cell]] = [
            (
                Cell(row["name"]),
                Cell(row["figure"], strong=True),
                Cell(row["year"]),
                Cell(row["place_text"], strong=row["place"] in ("better", "worse")),
                Cell(row["text"]),
            )
            for row in standing["rows"]
        ]
        grid = Grid(translate_word(ctx, "brief.sheet"), "", "", columns, [Part("", "", rows)])
        blocks.append(grid)
    note = join_sentences([standing["where"], standing["peers"]])
    return build_section(translate_word(ctx, "brief.standing"), [*blocks, Words(note, "note") if note else None])


def _satisfaction(ctx: Context, view: CountryView) -> Section:
    return Section(
        t("country.voice.title", ctx.lang), [Facts([(lane["label"], _lane(lane)) for lane in view["summary"]["lanes"]])]
    )


def _lane(lane: Lane) -> str:
    """Return the newest figure and report of a lane, or why there is none."""
    parts = [
        f"{entry['name']}: {entry['figure']['quantity']} ({entry['figure']['caution'] or entry['figure']['period']})"
        for entry in lane["figures"][:2]
    ]
    parts += [
        f"{report['metric_text']}: {report['value_text']} ({report['date_text']})" for report in lane["reports"][:1]
    ]
    return "; ".join(parts) or lane["empty"]


def _adoption(ctx: Context, view: CountryView) -> Section:
    adoption = view["adoption"]
    status = adoption["status_text"]
    if adoption["opened_text"]:
        status = translate_word(ctx, "adoption.opened", status=status, opened=adoption["opened_text"])
    support = adoption["support_text"]
    blocks: list[Words | Grid] = [Words(f"{status} ({support})" if support else status)]
    if adoption["events"]:
        columns = build_columns(ctx, {"date": 1.2, "event": 3, "source": 4})
        part = Part("", "", [_event(event) for event in adoption["events"][-MAX_EVENTS:]])
        blocks.append(Grid(translate_word(ctx, "adoption.sheet"), "", "", columns, [part]))
    return Section(translate_word(ctx, "adoption.title"), blocks)


def _event(event: RegisterRow) -> Sequence[Cell]:
    return (
        Cell(event["date_text"]),
        Cell(event["type_text"], shorten(event["local_name"]), strong=True),
        Cell(shorten(event["source"])),
    )


def shorten(text: str, most: int = MAX_CHARACTERS) -> str:
    """Cut a text of others at a word, with a sign that it was."""
    return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0]} …"


def _courses(ctx: Context, view: CountryView) -> Section:
    chosen = [name for name in DRAWN if has_figure(find_latest(ctx, name).get(view["iso3"]))]
    pictures = [draw_picture(ctx, ask_chart(ctx, "trend", metric, (view["iso3"],))) for metric in chosen]
    return Section(translate_word(ctx, "charts.title"), [Pictures(pictures)] if pictures else [])


def _figures(query: ReportQuery, view: CountryView, verdicts: dict[str, ProgressVerdict]) -> Section:
    """Return satisfaction, integrity and direct links: value, year, source, status."""
    ctx = query.ctx
    columns = build_columns(ctx, {
        "indicator": 3, "value": (1.6, "number"), "year": (0.7, "whole"), "source": 2.8, "brief.status": 2.2,
    })  # fmt: skip
    shown = [row for theme in view["themes"] for row in theme["rows"] if row["brief"]]
    indicators = {row["indicator"] for row in shown}
    rows = [
        (
            Cell(row["name"]),
            figures.build_value_cell(row["figure"]),
            figures.build_year_cell(row["figure"]),
            Cell(f"{row['figure']['source_text']}, {row['figure']['edition']}"),
            Cell(_status(verdicts.get(row["indicator"]))),
        )
        for row in shown
        if not is_second_scale(row["indicator"], indicators)
    ]
    if not rows:
        return Section(translate_word(ctx, "figures.title"), [Words(view["text"])])
    grid = Grid(translate_word(ctx, "figures.sheet"), "", "", columns, [Part("", "", rows)])
    return Section(translate_word(ctx, "figures.title"), [describe_method(ctx, query.method), grid])


def _status(verdict: ProgressVerdict | None) -> str:
    return verdict["status_text"] if verdict and verdict["tone"] != "none" else "–"
