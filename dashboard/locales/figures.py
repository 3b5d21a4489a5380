"""Numbers, units, dates and years in the writing of a language.

Figures are rounded half away from zero in decimal arithmetic, so that 62.45 is 62.5 and not the 62.4 of binary floats.
Digits are Latin in every language (docs/decisions/0004-languages.md).
"""

import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal

from dashboard.locales.catalogue import DESK_LANGUAGES, has, t

DAYS = {"uz": "d-MMMM, y"}
"""How a language writes a day, where it is not ``2 November 2026``."""

MINUS = "−"  # U+2212: as wide as a plus, never broken from its number, read aloud as "minus"
_LEFT_TO_RIGHT_ISOLATE = "\u2066"
_POP_ISOLATE = "\u2069"

Figure = int | float | Decimal


def _decimal(value: Figure, decimals: int | None) -> Decimal:
    """Round a value half away from zero, or keep it as it is; -0 becomes 0.

    Raises:
        ValueError: the value is null, NaN or infinite: a missing figure has a reason, and that is what is shown.
    """
    if value is None:
        raise ValueError("a missing figure cannot be written as a number: show its reason")
    exact = value if isinstance(value, Decimal) else Decimal(repr(value) if isinstance(value, float) else int(value))
    if not exact.is_finite():
        raise ValueError(f"{value!r} is not a figure: show why it is missing")
    if decimals is not None:
        exact = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    elif isinstance(value, float) and exact == exact.to_integral_value():
        exact = exact.to_integral_value()
    return abs(exact) if exact == 0 else exact


def format_number(value: Figure, lang: str, decimals: int | None = None, signed: bool = False) -> str:
    """Format a number with the language's separators: ``1,234.5``; ``signed`` adds ``+``.

    Without ``decimals`` every digit of the value is shown. In right-to-left languages a number with a sign is isolated
    (``isolate_ltr``): the sign stays on its left, and numbers after it keep their own place in the sentence.

    Raises:
        ValueError: the value is null, NaN or infinite.
    """
    exact = _decimal(value, decimals)
    places = max(0, -int(exact.as_tuple().exponent))
    digits = _digits(abs(exact), places, lang)
    sign = MINUS if exact < 0 else "+" if signed and exact > 0 else ""
    return isolate_ltr(f"{sign}{digits}") if sign and DESK_LANGUAGES[lang].dir == "rtl" else f"{sign}{digits}"


@lru_cache(maxsize=16_384)
def _digits(exact: Decimal, places: int, lang: str) -> str:
    """Kept, since the figures of a chart are written again with each country that joins them."""
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return format_decimal(exact, format=pattern, locale=lang, numbering_system="latn")


def format_quantity(value: Figure, unit: str, lang: str, decimals: int | None = None, signed: bool = False) -> str:
    """Format a number with its unit: ``12.5 %``, ``3 days``, ``0.61`` for units without a sign.

    ``unit`` is a unit code of the codebook. The value 1 or 0 of ``yes_no`` is a word.

    Raises:
        KeyError: the unit is unknown.
        ValueError: the value is null, NaN or infinite.
    """
    exact = _decimal(value, decimals)
    if unit == "yes_no" and exact in (0, 1):
        return t(f"units.yes_no.{'yes' if exact else 'no'}", lang)
    format_unit(unit, lang)  # an unknown unit is an error even where its figures carry no sign
    digits = format_number(exact, lang, signed=signed)
    if not has(f"units.{unit}.value"):
        return digits
    text = t(f"units.{unit}.value", lang, count=abs(exact), number=digits)
    return text.replace(f"{_POP_ISOLATE}%", f"%{_POP_ISOLATE}")  # the sign of per cent stays with an isolated number


def format_unit(unit: str, lang: str) -> str:
    """Return the unit as it stands in a column header or on an axis: ``%``, ``minutes``, ``score``.

    Raises:
        KeyError: the unit is unknown.
    """
    return t(f"units.{unit}.label", lang)


@lru_cache(maxsize=1024)
def format_year(value: int, lang: str) -> str:
    """Return a year: four digits, never grouped."""
    return format_decimal(value, format="0", locale=lang, numbering_system="latn")


def format_period(value: str, lang: str) -> str:
    """Format a period as published: ``2023``, or a span with a dash: ``2015–2025``."""
    first, _, last = value.partition("/")
    if not last.isdigit() or not first.isdigit():
        return value
    ends = f"{format_year(int(first), lang)}–{format_year(int(last), lang)}"
    return isolate_ltr(ends) if lang == "ar" else ends


@lru_cache(maxsize=4096)
def format_day(value: str | datetime.date, lang: str, precision: str | None = None) -> str:
    """Return a date no more precise than it is known: ``2 November 2024``, ``November 2024``, ``2024``.

    Args:
        value: an ISO date, whole or cut after month or year (``2024-11``); "" when unknown; or a date object.
        lang: the language.
        precision: ``day``, ``month``, ``year`` or ``unknown``; by default as precise as the value is written.

    Raises:
        ValueError: the value is no ISO date, or less precise than ``precision`` says.
    """
    text = value.isoformat()[:10] if isinstance(value, datetime.date) else value
    if not text or precision == "unknown":
        return t("ui.date.unknown", lang)
    parts = text[:10].split("-")
    kinds = ("year", "month", "day")
    wanted = precision or kinds[min(len(parts), 3) - 1]
    if wanted not in kinds:
        raise ValueError(f"precision {wanted!r} is none of day, month, year, unknown")
    length = kinds.index(wanted) + 1
    if len(parts) < length:
        raise ValueError(f"date {text!r} is not known to the {wanted}")
    try:
        date = datetime.date(*(int(part) for part in [*parts[:length], "1", "1"][:3]))
    except ValueError as error:
        raise ValueError(f"date {text!r} is not an ISO date: {error}") from error
    if wanted == "year":
        return format_year(date.year, lang)
    if wanted == "month":
        return format_skeleton("yMMMM", date, locale=lang)
    return format_date(date, DAYS.get(lang, "d MMMM y"), locale=lang)


def isolate_ltr(text: str) -> str:
    """Isolate text as left-to-right (U+2066 … U+2069), for codes inside right-to-left sentences."""
    return f"{_LEFT_TO_RIGHT_ISOLATE}{text}{_POP_ISOLATE}"
