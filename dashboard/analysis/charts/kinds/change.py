"""Change: a row for each country with its figures at two dates, and whether they differ beyond their errors."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import altair as alt

from dashboard.analysis.charts.chart import Chart, ChartOptions, ChartWords, Spec, Theme
from dashboard.analysis.charts.layers import scale, shape
from dashboard.analysis.charts.theme import LOOKS, choose_sides, hold_direction, is_rtl
from dashboard.analysis.charts.words import wording
from dashboard.locales import format_number, t

Verdict = Literal["rose", "unclear", "fell"]

ORDER: tuple[Verdict, ...] = ("rose", "unclear", "fell")
KEY_ORDER: tuple[Verdict, ...] = ("rose", "fell", "unclear")
"""The longest words last, where a telephone has room for them."""
SIGNS = {"rose": "▲", "unclear": "≈", "fell": "▼"}
COLUMNS = (
    "country", "name", "first_year", "first", "year", "value", "lower", "upper", "interval_level", "verdict", "unit",
    "source", "edition", "id",
)  # fmt: skip
ROW_HEIGHT = 23
NARROW = 480
NAME_LIMIT = 22


@dataclass(frozen=True, slots=True)
class ChangePair:
    """A country's primary rows at two dates, and whether the later differs by more than both errors."""

    first: dict[str, Any]
    last: dict[str, Any]
    verdict: Verdict


def build(pairs: Sequence[ChangePair], options: ChartOptions) -> Chart:
    """Return a row for each country, those that rose first, then by latest figure.

    The hollow dot is the earlier figure, the full one the latest with its published interval.
    """
    counts = {verdict: sum(pair.verdict == verdict for pair in pairs) for verdict in ORDER}
    words = _describe(pairs, counts, options)
    ordered = sorted(pairs, key=lambda pair: (ORDER.index(pair.verdict), -pair.last["value"]))
    data = partial(_build_data, ordered, options) if pairs else None
    return shape.make_chart(
        _draw_shape, data, [_make_row(pair, options) for pair in ordered], words, options.group_label, options
    )


def _build_data(ordered: Sequence[ChangePair], options: ChartOptions) -> dict[str, list[dict[str, Any]]]:
    values = [
        end[name]
        for pair in ordered
        for end, names in ((pair.first, ("value",)), (pair.last, ("value", "lower", "upper")))
        for name in names
        if end[name] is not None
    ]
    low, high = scale.round_range(values, options.unit)
    return {
        "figures": [_make_mark(pair, place, options) for place, pair in enumerate(ordered)],
        "keys": [
            {
                "slot": slot,
                "place": KEY_ORDER.index(verdict),
                "label": hold_direction(
                    f"{SIGNS[verdict]} {t(f'overview.change.{verdict}', options.lang)}", options.lang
                ),
            }
            for slot, verdict in enumerate(ORDER)
        ],
        "frame": [{"value": end, "rows": len(ordered)} for end in (low, high)],
    }


def _make_row(pair: ChangePair, options: ChartOptions) -> dict[str, Any]:
    last = pair.last
    own = {
        "country": last["country"], "name": options.name(last["country"]), "first_year": pair.first["year"],
        "first": pair.first["value"], "verdict": pair.verdict,
    }  # fmt: skip
    return {name: own.get(name, last.get(name)) for name in COLUMNS}


def _make_mark(pair: ChangePair, place: int, options: ChartOptions) -> dict[str, Any]:
    last, name = pair.last, options.name(pair.last["country"])
    arrow = " ← " if is_rtl(options.lang) else " → "
    ends = arrow.join(wording.format_bare_figure(end, options) for end in (pair.first, last))
    lower, upper = (last["value"] if last[end] is None else last[end] for end in ("lower", "upper"))
    return wording.fill_tooltip(last, options) | {
        "row": place,
        "slot": ORDER.index(pair.verdict),
        "first": shape.round_coordinate(pair.first["value"]),
        "value": shape.round_coordinate(last["value"]),
        "lower": shape.round_coordinate(lower),
        "upper": shape.round_coordinate(upper),
        "wide": hold_direction(wording.fold_name(name, NAME_LIMIT, options), options.lang),
        "narrow": hold_direction(name if len(name) <= 12 else last["country"], options.lang),
        "figures": hold_direction(ends, options.lang),
        "sign": SIGNS[pair.verdict],
    }


def _describe(pairs: Sequence[ChangePair], counts: dict[Verdict, int], options: ChartOptions) -> ChartWords:
    lang = options.lang
    if not pairs:
        return ChartWords((t("overview.change.nothing", lang),), lead=f"{options.title}.")
    first, last = min(pair.first["year"] for pair in pairs), max(pair.last["year"] for pair in pairs)
    counts_text = {verdict: format_number(counts[verdict], lang) for verdict in ORDER}
    lead = t("overview.change.lead", lang, title=options.title, first=str(first), last=str(last))
    return ChartWords((t("overview.change.sentence", lang, **counts_text),), lead=lead)


@shape.cache_shape
def _draw_shape(lang: str, theme: Theme) -> Spec:
    look = LOOKS[theme]
    mirrored = is_rtl(lang)
    far = choose_sides(lang)[1]
    start = f"(width < {NARROW} ? 92 : 150)"  # room of names
    room = f"(width < {NARROW} ? 22 : 120)"  # room of figures and sign
    along = shape.place_along(mirrored=mirrored)
    colours = [look.palette[0], look.rest, look.palette[1]]
    colour = alt.Color("slot:N", scale=alt.Scale(domain=[0, 1, 2], range=colours), legend=None)
    x_scale = shape.fit_frame("value", along(f"{start} + 10"), along(f"width - {room} - 10"))
    axis = shape.build_figure_axis(f"width < {NARROW} ? 3 : 5", orient="top")
    x = alt.X("value:Q", scale=x_scale, axis=axis)
    y = alt.Y("row:O", axis=None, scale=alt.Scale(padding=0))
    figures = shape.draw_dataset("figures")
    interval = figures.mark_rule(strokeWidth=6, opacity=0.22).encode(
        y, alt.X("lower:Q", scale=x_scale, axis=axis), x2="upper:Q", color=colour
    )
    joined = figures.mark_rule(strokeWidth=2).encode(y, x, x2="first:Q", color=colour)
    earlier = figures.mark_point(filled=False, fill=look.surface, opacity=1, size=42, strokeWidth=1.6).encode(
        y, alt.X("first:Q", scale=x_scale, axis=axis), color=colour
    )
    latest = figures.mark_point(filled=True, opacity=1, size=60).encode(y, x, color=colour)
    text: dict[str, Any] = {"baseline": "middle", "fontSize": 12}
    names = figures.mark_text(
        **text,
        align=far,
        fontWeight=600,
        color=look.text,
        **shape.write_lines(f"(width < {NARROW} ? datum.narrow : datum.wide)"),
    ).encode(y, x=shape.place_x(along(start)))
    labels = figures.mark_text(
        **text, align=far, color=look.text, opacity=alt.ExprRef(f"width < {NARROW} ? 0 : 1")
    ).encode(y, x=shape.place_x(along("width - 20")), text="figures:N")
    signs = figures.mark_text(**text, align=far, fontWeight=600).encode(
        y, x=shape.place_x(along("width")), text="sign:N", color=colour
    )
    targets = shape.draw_targets(figures, lang, 400, y, x)
    keys = (
        shape.draw_dataset("keys")
        .mark_text(baseline="top", fontSize=12, fontWeight=400, align=choose_sides(lang)[0])
        .encode(
            x=shape.place_x(along(f"(width < {NARROW} ? 0 : {start}) + datum.place * min(120, width / 4)")),
            y=shape.place_y("height + 8"), text="label:N", color=colour,
        )
    )  # fmt: skip
    frame = shape.draw_dataset("frame").mark_point(opacity=0).encode(x)
    chart = alt.layer(frame, interval, joined, earlier, latest, names, labels, signs, targets, keys)
    return shape.finish_shape(chart, lang, theme, ROW_HEIGHT, f"data('frame')[0].rows * {ROW_HEIGHT}")
