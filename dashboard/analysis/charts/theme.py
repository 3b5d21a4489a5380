"""The look of charts: colours checked for contrast, hairlines, and one font on screen and in images."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from babel.numbers import get_decimal_symbol, get_group_symbol
from babel.units import get_unit_name

from dashboard.analysis.charts.chart import Theme
from dashboard.locales import LANGUAGES

Side = Literal["left", "right"]

FONT = "Monitor Sans, system-ui, sans-serif"
"""The family of ``assets/fonts/``: Latin, Cyrillic and Arabic."""


@dataclass(frozen=True, slots=True)
class Look:
    """The colours of a theme.

    ``palette`` follows Okabe and Ito (2008), adjusted until each colour is readable on ``surface`` (4.5 : 1) and any
    two differ without red or green cones. ``sequential`` is one hue in steps of lightness.
    """

    surface: str
    text: str
    muted: str
    hairline: str
    rest: str  # marks of countries that were not chosen
    palette: tuple[str, ...]
    sequential: tuple[str, ...]
    inks: tuple[str, ...]  # letters on each colour of sequential


LOOKS: dict[Theme, Look] = {
    "light": Look(
        surface="#ffffff",
        text="#1a1a1a",
        muted="#595e66",
        hairline="#e2e0db",
        rest="#868b93",
        palette=("#0072b2", "#c8500a", "#00805d", "#b04a86", "#5f4600", "#1a1a1a"),
        sequential=("#b9d6e2", "#8fbdd0", "#5f9fb9", "#2b7794", "#0a4259"),
        inks=("#1a1a1a", "#1a1a1a", "#1a1a1a", "#ffffff", "#ffffff"),
    ),
    "dark": Look(
        surface="#14161a",
        text="#e8e6e1",
        muted="#a9adb5",
        hairline="#33373e",
        rest="#7d838d",
        palette=("#56b4e9", "#f28e4b", "#35c29a", "#e29ac4", "#f2dc6b", "#e8e6e1"),
        sequential=("#366a80", "#4f8da7", "#72aec8", "#9ccfe4", "#d2edf7"),
        inks=("#ffffff", "#14161a", "#14161a", "#14161a", "#14161a"),
    ),
}

SYMBOLS = (
    "circle",
    "square",
    "diamond",
    "M-.35,-1H.35V-.35H1V.35H.35V1H-.35V.35H-1V-.35H-.35Z",  # plus
    "M0,-1.1L1.05,-.34L.65,.89L-.65,.89L-1.05,-.34Z",  # pentagon
    "M-.7,-1L0,-.3L.7,-1L1,-.7L.3,0L1,.7L.7,1L0,.3L-.7,1L-1,.7L-.3,0L-1,-.7Z",  # times
)
"""Marker of each place in the palette. No triangles: they mean provisional."""

PROVISIONAL = "triangle-up"
AT_MOST = "M-.9,-.9H.9M0,-.9V.9M-.45,.35L0,.9L.45,.35"
"""Bound of a censored figure: the value lies below the bar (``<2.5``)."""
AT_LEAST = "M-.9,.9H.9M0,.9V-.9M-.45,-.35L0,-.9L.45,-.35"
"""The value lies above the bar (``>95``)."""


@lru_cache
def build_config(lang: str, theme: Theme) -> dict[str, Any]:
    """Return the Vega-Lite configuration of a language and theme; shared, so never to be changed."""
    look = LOOKS[theme]
    axis = {
        "domainColor": look.muted,
        "domainWidth": 1,
        "gridColor": look.hairline,
        "gridWidth": 1,
        "labelColor": look.muted,
        "labelFont": FONT,
        "labelFontSize": 12,
        "labelPadding": 6,
        "tickColor": look.muted,
        "tickSize": 4,
        "titleColor": look.muted,
        "titleFont": FONT,
        "titleFontSize": 12,
        "titleFontWeight": 400,
    }
    return {
        "aria": False,  # the figure around the chart carries the sentence, the table carries the values
        "background": "transparent",
        "font": FONT,
        "axis": axis,
        "text": {"font": FONT, "fontSize": 12, "color": look.text},
        "view": {"stroke": None},
        "locale": {
            "number": {
                "decimal": get_decimal_symbol(lang, numbering_system="latn"),
                "thousands": get_group_symbol(lang, numbering_system="latn"),
                "grouping": [3],
                "currency": ["", ""],
                "minus": "−",
            }
        },
    }


def choose_sides(lang: str) -> tuple[Side, Side]:
    """Return the sides where reading starts and ends."""
    return ("right", "left") if is_rtl(lang) else ("left", "right")


def is_rtl(lang: str) -> bool:
    """Return True if the language is written from right to left."""
    return LANGUAGES[lang].dir == "rtl"


def name_year_unit(lang: str) -> str:
    """Return the unit of an axis that counts years."""
    return get_unit_name("duration-year", "long", lang) or get_unit_name("duration-year", "short", lang) or ""


def hold_direction(text: str, lang: str) -> str:
    """Return right-to-left text in an isolate (U+2067 … U+2069), so that numbers and stops fall in place."""
    return f"\u2067{text}\u2069" if text and is_rtl(lang) else text
