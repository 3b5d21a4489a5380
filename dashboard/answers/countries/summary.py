"""The first screen of a country: satisfaction in three lanes, integrity and services with their course, goals."""

from collections.abc import Mapping, Sequence

from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import Row
from dashboard.answers.countries.heart import draw_course
from dashboard.answers.countries.views import (
    CountryRow,
    GoalStrip,
    Lane,
    LaneFigure,
    SummaryRow,
    SummaryView,
    Voice,
)
from dashboard.answers.countries.weakest import find_extremes
from dashboard.answers.indicators.views import NationalView
from dashboard.answers.wording.views import Figure
from dashboard.locales import t

MAX_ROWS_BY_THEME = {"integrity": 3, "service": 2}
"""Theme → lines at most, in this order: neither theme takes the place of the other."""
PEERS = "region"
"""The peer group that is chosen: one instead of four columns of medians. The others are on the tab of indicators."""

LANES = ("household", "users", "agency")


def summarise_country(
    ctx: Context,
    iso3: str,
    rows: Sequence[CountryRow],
    history: Mapping[str, Sequence[Row]],
    voices: Sequence[Voice],
    national: Sequence[NationalView],
    strip: Sequence[GoalStrip],
) -> SummaryView:
    """Return the first screen of a country, made of what the other parts of its page say.

    Args:
        rows: its indicators with figures, medians and change.
        history: indicator → its primary totals by year.
        voices: the three ways to know satisfaction.
    """
    by_id = {voice["id"]: voice for voice in voices}
    strongest, weakest = find_extremes(ctx, iso3)
    shown = _select_rows(ctx, rows)
    peers = next((median for row in shown for median in row["medians"] if median["group"] == PEERS), None)
    unmeasured = [goal for goal in strip if not goal["with_data"]]
    return SummaryView(
        lanes=[_view_lane(ctx, by_id[lane], national) for lane in LANES],
        rows=[_view_row(ctx, row, history.get(row["indicator"], ())) for row in shown],
        peers_label=peers["label"] if peers else "",
        goals=[goal for goal in strip if goal["with_data"]],
        unmeasured=_describe_unmeasured(ctx, unmeasured),
        strongest=strongest,
        weakest=weakest,
    )


def _has_course(ctx: Context, row: CountryRow) -> bool:
    """Return True if a figure is a quantity on a line; yes or no has no course."""
    metric = ctx.book.metrics[row["indicator"]]
    return row["figure"]["value"] is not None and metric.quantity and metric.unit != "yes_no"


def _select_rows(ctx: Context, rows: Sequence[CountryRow]) -> list[CountryRow]:
    """Return the indicators linked to a target by theme, direct links first."""
    order = list(ctx.book.metrics)

    def weight(row: CountryRow) -> tuple[bool, int]:
        metric = ctx.book.metrics[row["indicator"]]
        return not metric.direct, order.index(metric.id)

    found: list[CountryRow] = []
    for theme, most in MAX_ROWS_BY_THEME.items():
        own = [row for row in rows if ctx.book.metrics[row["indicator"]].theme == theme and _has_course(ctx, row)]
        linked = [row for row in own if ctx.book.metrics[row["indicator"]].links]
        found += sorted(linked, key=weight)[:most]
    return found


def _view_lane(ctx: Context, voice: Voice, national: Sequence[NationalView]) -> Lane:
    """Return the figures of a lane, and what is reported with who says it."""
    figures = [
        _place_on_scale(
            ctx,
            figure["name"],
            figure["figure"],
            f"/{ctx.lang}/indicators/{figure['indicator']}/",
            "" if figure["figure"]["year"] else t("period.no_year", ctx.lang),
        )
        for figure in voice["figures"]
    ]
    if voice["id"] == "household":
        own = [series for series in national if ctx.book.metrics[series["indicator"]].theme == "satisfaction"]
        figures += [
            _place_on_scale(
                ctx,
                series["name"],
                series["figure"],
                f"?indicator={series['indicator']}&tab=national",
                t("country.summary.national", ctx.lang),
            )
            for series in own
            if series["figure"]["value"] is not None
        ]
    return Lane(
        id=voice["id"],
        label=voice["label"],
        definition=voice["definition"],
        figures=figures,
        reports=voice["reports"],
        empty="" if figures or voice["reports"] else voice["empty"],
    )


def _place_on_scale(ctx: Context, name: str, figure: Figure, to: str, badge: str = "") -> LaneFigure:
    """Place a percentage between 0 and 100; any other figure stands in words alone."""
    value = figure["value"]
    inside = value is not None and 0 <= value <= 100 and "%" in figure["quantity"]
    low, high = figure["lower"], figure["upper"]
    ends = (low, high - low) if inside and low is not None and high is not None else None
    return LaneFigure(
        name=name,
        figure=figure,
        badge=badge,
        at=f"{value:g}%" if inside else "",
        start=f"{ends[0]:g}%" if ends else "",
        width=f"{ends[1]:g}%" if ends else "",
        to=to if to.startswith("/") else f"/{ctx.lang}/{to}",
    )


def _view_row(ctx: Context, row: CountryRow, past: Sequence[Row]) -> SummaryRow:
    peers = next(
        (median for median in row["medians"] if median["group"] == PEERS and median["value"] is not None), None
    )
    value = row["figure"]["value"]
    at = peers_at = ""
    if peers and value is not None and peers["value"] is not None:
        ends = (value, peers["value"])
        seen = [*ends, *(median["value"] for median in row["medians"] if median["value"] is not None)]
        room = (max(seen) - min(seen)) or 1.0  # as much again on both sides, where the scale has no ends of its own
        low = row["limit_low"] if row["limit_low"] is not None else min(seen) - room
        high = row["limit_high"] if row["limit_high"] is not None else max(seen) + room
        at, peers_at = (f"{100 * (end - low) / (high - low):.1f}%" for end in ends)
    return SummaryRow(
        indicator=row["indicator"],
        name=row["name"],
        to=f"/{ctx.lang}/indicators/{row['indicator']}/",
        figure=row["figure"],
        spark=draw_course(ctx.book.metrics[row["indicator"]], past),
        change=row["change"],
        change_text=row["change_text"],
        at=at,
        peers_at=peers_at,
        peers_text=peers["text"] if peers else row["compare_note"],
    )


def _describe_unmeasured(ctx: Context, goals: Sequence[GoalStrip]) -> str:
    if not goals:
        return ""
    numbers = t("ui.list.comma", ctx.lang).join(str(goal["number"]) for goal in goals)
    return t("country.summary.unmeasured", ctx.lang, goals=numbers)
