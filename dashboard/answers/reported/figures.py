"""Reported figures in words: of one country by heading, and of the origin and all adopters side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from dashboard.analysis.charts.sparkline import NONE, Sparkline, draw_sparkline
from dashboard.answers.adoption.counting import list_adopters, list_origins
from dashboard.answers.base.context import Context
from dashboard.answers.base.words import join_list, name_country, sort_by_name
from dashboard.answers.reported.views import ReportedCell, ReportedCountry, ReportedLane, ReportedOverview, ReportedView
from dashboard.evidence.codebook.register.reported import ReportedFigure as ReportedFigure
from dashboard.evidence.codebook.register.reported import load_reported_figures
from dashboard.evidence.codebook.register.tables import REPORTED_LANES as LANES
from dashboard.locales import format_day, format_number, format_quantity, has, t

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "centres": ("centres",),
    "services": ("kinds", "online"),
    "served": ("served", "served_total"),
    "complaints": ("complaints", "days"),
    "satisfaction": ("satisfaction",),
}
"""Column of the table of countries → its headings; “other” stands on the page of a country."""

OWN = "satisfaction_agency"
"""The measure of what an agency says of its users' satisfaction."""

PARTS = frozenset({"online", "men", "women"})
"""Parts of a country's figures that have a word of ours; any other part is a name."""

PAGE_OPENED = "reported.opened"
"""Entry of the audit trail that a reviewer opened the page of a figure; its subject is the id, its ``day`` the day."""

FILE_COLUMNS = (
    "id", "country", "country_text", "body", "lane", "measure", "counted", "value", "value_high", "qualifier", "unit",
    "since", "until", "counting", "scope", "speaker", "source_kind", "independent", "metric", "fit", "publisher",
    "published", "day_basis", "quote", "address", "contradicts", "page_opened_on", "note",
)  # fmt: skip
"""Columns of the file."""


def list_reported(iso3: str = "") -> tuple[ReportedFigure, ...]:
    """Return what is reported of a country, or of all, the oldest of a measure first."""
    return tuple(figure for figure in load_reported_figures() if iso3 in ("", figure.country))


def list_ids() -> frozenset[str]:
    """Return the ids of all figures."""
    return frozenset(figure.id for figure in load_reported_figures())


def view_country(ctx: Context, iso3: str, opened: Mapping[str, str]) -> list[ReportedLane]:
    """Return every heading of a country under which something is reported.

    Args:
        opened: id of a figure → the day a reviewer opened its page.
    """
    figures = list_reported(iso3)
    return [_lane(ctx, lane, figures, opened) for lane in LANES if any(figure.lane == lane for figure in figures)]


def view_overview(ctx: Context, opened: Mapping[str, str]) -> ReportedOverview:
    """Return one row for the origin and for each adopter of which something is reported."""
    members = (*list_origins(ctx), *sort_by_name(ctx, list_adopters(ctx)))
    figures = {iso3: list_reported(iso3) for iso3 in members}
    having = [iso3 for iso3 in members if figures[iso3]]
    silent = [name_country(ctx, iso3) for iso3 in members if not figures[iso3]]
    return ReportedOverview(
        columns=[t(f"reported.column.{column}", ctx.lang) for column in COLUMNS],
        countries=[
            ReportedCountry(
                iso3=iso3,
                name=name_country(ctx, iso3),
                note=t("terms.adoption_status.origin.name", ctx.lang) if iso3 in list_origins(ctx) else "",
                cells=[_cell(ctx, column, figures[iso3], opened) for column in COLUMNS],
            )
            for iso3 in having
        ],
        without=t("reported.without", ctx.lang, countries=join_list(ctx, silent)) if silent else "",
        summary=t(
            "reported.summary",
            ctx.lang,
            count=sum(map(len, figures.values())),
            countries=format_number(len(having), ctx.lang),
        ),
    )


def choose_best(figures: Sequence[ReportedFigure], lane: str) -> ReportedFigure | None:
    """Return what stands for a heading: of the whole country before a part of it, and of those the newest."""
    own = [figure for figure in figures if figure.lane == lane]
    return max(own, key=lambda figure: (figure.is_national, figure.until), default=None)


def choose_satisfaction(figures: Sequence[ReportedFigure]) -> dict[str, ReportedFigure | None]:
    """Return the best figure on satisfaction by who asked: another body, or the agency itself."""
    return {
        "others": choose_best([figure for figure in figures if figure.independent], "satisfaction"),
        "agency": choose_best([figure for figure in figures if not figure.independent], "satisfaction"),
    }


def list_centres(figures: Sequence[ReportedFigure]) -> list[ReportedFigure]:
    """Return the counts of a country's centres that form one line, by day: of one body and place.

    The whole country goes before a part, then whoever reported more often. Of two counts on a day the higher one
    stands: a text that opens a centre names the number before and after.
    """
    lines: dict[str, list[ReportedFigure]] = {}
    for reported in figures:
        if reported.measure == "centres" and reported.qualifier == "exact":
            lines.setdefault("national" if reported.is_national else reported.scope, []).append(reported)
    place = max(lines, key=lambda scope: (scope == "national", len(lines[scope])), default="")
    counts = sorted(lines.get(place, ()), key=lambda figure: (figure.until, figure.value))
    bodies = {figure.body for figure in counts}
    return list({figure.until: figure for figure in counts}.values()) if len(bodies) == 1 else []


def file_rows(ctx: Context, opened: Mapping[str, str], iso3: str = "") -> list[dict[str, Any]]:
    """Return every reported figure, as a file holds it."""
    return [
        {
            **asdict(figure),
            "country_text": name_country(ctx, figure.country),
            "contradicts": "; ".join(figure.contradicts),
            "independent": "yes" if figure.independent else "no",
            "page_opened_on": opened.get(figure.id, ""),
        }
        for figure in list_reported(iso3)
    ]


def write_value(figure: ReportedFigure, lang: str) -> str:
    """Return the value with its qualifier, and the scale or pace that it has."""

    def write(value: float) -> str:
        if figure.unit == "percent":
            return format_quantity(value, "percent", lang, figure.decimals)
        return format_number(value, lang, figure.decimals)

    if figure.value_high is not None:
        shown = t(
            "reported.range",
            lang,
            low=format_number(figure.value, lang, figure.decimals),
            high=write(figure.value_high),
        )
    else:
        shown = t(f"country.qualifier.{figure.qualifier}", lang, value=write(figure.value))
    scale = f"reported.scale.{figure.unit}"
    return t(scale, lang, value=shown) if has(scale) else shown


def write_place(figure: ReportedFigure, lang: str) -> str:
    """Return the part of a country that a figure is of, ``city (Bogotá)``; "" for the whole country."""
    if figure.scope == "national":
        return ""
    kind, found, name = figure.scope.removesuffix(")").partition(" (")
    if not found or not has(f"reported.place.{kind}"):
        return figure.scope
    return t(f"reported.place.{kind}", lang, name=t(f"reported.part.{name}", lang) if name in PARTS else name)


def write_period(figure: ReportedFigure, lang: str) -> str:
    """Return the days that a figure covers, each as precise as it is known."""
    if not figure.since or figure.since == figure.until:
        return _day(figure.until, lang)
    if figure.since[5:] == "01-01" and figure.until == f"{figure.since[:4]}-12-31":
        return _day(figure.since[:4], lang)
    return t("delivery.page.since", lang, first=_day(figure.since, lang), last=_day(figure.until, lang))


def _cell(ctx: Context, column: str, figures: Sequence[ReportedFigure], opened: Mapping[str, str]) -> ReportedCell:
    there = {figure.lane for figure in figures}
    lanes = [_lane(ctx, lane, figures, opened) for lane in COLUMNS[column] if lane in there]
    if len(COLUMNS[column]) == 1:
        lanes = [{**lane, "label": ""} for lane in lanes]
    return ReportedCell(label=t(f"reported.column.{column}", ctx.lang), lanes=lanes)


def _lane(ctx: Context, lane: str, figures: Sequence[ReportedFigure], opened: Mapping[str, str]) -> ReportedLane:
    own = sorted((figure for figure in figures if figure.lane == lane), key=lambda figure: figure.until, reverse=True)
    best = choose_best(own, lane)
    rest = [figure for figure in own if figure is not best]
    view = partial(_view, ctx, {figure.id: figure for figure in figures}, opened)
    return ReportedLane(
        id=lane,
        label=t(f"reported.lane.{lane}", ctx.lang),
        question="",
        caution="",
        first=[view(best)] if best else [],
        rest=[view(figure) for figure in rest],
        rest_text=t("reported.more", ctx.lang, count=len(rest)) if rest else "",
        spark=_spark(own) if lane == "centres" else NONE,
    )


def _spark(figures: Sequence[ReportedFigure]) -> Sparkline:
    line = list_centres(figures)
    steps = [(convert_to_decimal_year(figure.until), figure.value) for figure in line]
    return draw_sparkline(steps, stepped=True, ends=(line[0].until[:4], line[-1].until[:4])) if line else NONE


def convert_to_decimal_year(day: str) -> float:
    """Convert ``2016-09`` to 2016.67; a year alone becomes its middle."""
    year, _, rest = day.partition("-")
    month, _, of_month = rest.partition("-")
    return int(year) + ((int(month) - 1 + (int(of_month or 15) - 1) / 31) / 12 if month else 0.5)


def _view(
    ctx: Context, there: Mapping[str, ReportedFigure], opened: Mapping[str, str], reported: ReportedFigure
) -> ReportedView:
    lang = ctx.lang
    against = [there[other] for other in reported.contradicts if other in there]
    against += [other for other in there.values() if reported.id in other.contradicts and other not in against]
    events = [event for event in ctx.book.events if event.id in reported.contradicts]
    return ReportedView(
        id=reported.id,
        lane=reported.lane,
        value=write_value(reported, lang),
        unit=t(f"reported.unit.{reported.unit}", lang) if has(f"reported.unit.{reported.unit}") else "",
        counted=reported.counted,
        body=reported.body,
        place=write_place(reported, lang),
        period=write_period(reported, lang),
        counting=t(f"reported.counting.{reported.counting}", lang),
        said=say_who(reported, lang),
        day=_said_on(reported, lang),
        independent=t("reported.independent", lang) if reported.independent else "",
        quote=reported.quote,
        address=reported.address,
        publisher=reported.publisher,
        against=[
            *(_name_against(figure, lang) for figure in against),
            *(t("reported.against_event", lang, source=event.source_title or event.id) for event in events),
        ],
        opened=_opened(reported, opened, lang),
        note=reported.note,
        send=f"/contribute/figures?period={reported.until[:4]}" if reported.metric else "",
        template=_template(reported, lang),
    )


def _name_against(figure: ReportedFigure, lang: str) -> str:
    value, period = write_value(figure, lang), write_period(figure, lang)
    return t("reported.against", lang, value=value, period=period, who=figure.publisher)


def _template(figure: ReportedFigure, lang: str) -> str:
    """Return the address of the official figure's template; "" where no indicator is close."""
    if not figure.metric:
        return ""
    return f"/api/v1/templates/{figure.country}.xlsx?lang={lang}&indicator={figure.metric}&period={figure.until[:4]}"


def say_who(figure: ReportedFigure, lang: str) -> str:
    """Return who said or measured a figure, or who printed it where the sentence shows no speaker."""
    if not figure.speaker:
        return t("reported.printed", lang, publisher=figure.publisher)
    return t("reported.measured" if figure.independent else "reported.said", lang, speaker=figure.speaker)


def _said_on(figure: ReportedFigure, lang: str) -> str:
    if not figure.published:
        return t("reported.day.not_seen", lang)
    shown = _day(figure.published, lang)
    return t("reported.day.inferred", lang, day=shown) if figure.day_basis == "inferred" else shown


def _opened(figure: ReportedFigure, opened: Mapping[str, str], lang: str) -> str:
    day = opened.get(figure.id)
    return t("reported.opened", lang, day=_day(day, lang)) if day else t("reported.not_opened", lang)


def _day(day: str, lang: str) -> str:
    return format_day(day, lang, {4: "year", 7: "month"}.get(len(day), "day"))
