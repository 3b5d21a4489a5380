"""Numbers, units, dates and years as each language writes them."""

import datetime
import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.evidence.codebook.tables import UNITS
from dashboard.locales import LANGUAGES, format_day, format_number, format_quantity, format_unit, format_year

LRI, PDI = "\u2066", "\u2069"
FINITE = st.floats(-1e12, 1e12)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (2.5, 0, "3"), (62.45, 1, "62.5"), (-2.5, 0, "−3"), (0.125, 2, "0.13"), (1234567.0, 1, "1,234,567.0"),
        (-0.04, 1, "0.0"), (-0.0, None, "0"), (18, None, "18"), (18.0, None, "18"), (0.1234, None, "0.1234"),
        (1e-7, None, "0.0000001"), (Decimal("0.950"), None, "0.950"), (Decimal("1E+3"), None, "1,000"),
        (1e16, 0, "10,000,000,000,000,000"),
    ],
)  # fmt: skip
def test_numbers_are_rounded_half_away_from_zero(value: float, decimals: int | None, text: str) -> None:
    assert format_number(value, "en", decimals) == text


def test_arabic_has_latin_digits_and_the_sign_stays_left_of_its_number() -> None:
    assert format_number(1234.5, "ar", 1) == "1,234.5"
    assert format_number(-1234.5, "ar", 1) == f"{LRI}−1,234.5{PDI}"
    assert format_number(0.3, "ar", 1, signed=True) == f"{LRI}+0.3{PDI}"


def test_a_signed_zero_has_no_sign() -> None:
    assert [format_number(v, "en", 1, signed=True) for v in (0.04, -0.04, 1, -1)] == ["0.0", "0.0", "+1.0", "−1.0"]


@pytest.mark.parametrize("value", [None, math.nan, math.inf, Decimal("NaN")])
def test_a_missing_figure_is_never_written(value: float) -> None:
    for write in (lambda: format_number(value, "en"), lambda: format_quantity(value, "percent", "en", 1)):
        with pytest.raises(ValueError, match=r"missing|reason"):
            write()


@given(FINITE, st.integers(0, 6))
def test_what_is_written_is_the_nearest_number_of_so_many_decimals(value: float, decimals: int) -> None:
    read = Decimal(format_number(value, "en", decimals).replace(",", "").replace("−", "-"))
    assert abs(read - Decimal(repr(value))) <= Decimal(1).scaleb(-decimals) / 2


@given(FINITE, st.integers(0, 6), st.sampled_from(sorted(LANGUAGES)))
def test_negating_changes_the_sign_alone(value: float, decimals: int, lang: str) -> None:
    bare = [format_number(v, lang, decimals).strip(LRI + "−" + PDI) for v in (value, -value)]
    assert bare[0] == bare[1]


@given(FINITE, FINITE, st.integers(0, 4))
def test_rounding_keeps_the_order(a: float, b: float, decimals: int) -> None:
    read = [float(format_number(v, "en", decimals).replace(",", "").replace("−", "-")) for v in sorted((a, b))]
    assert read[0] <= read[1]


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "english", "arabic"),
    [
        (12.45, "percent", 1, "12.5 %", f"{LRI}12.5%{PDI}"),
        (1, "days", 0, "1 day", "1 يوم"),
        (3.0, "days", 0, "3 days", "3 أيام"),
        (1.04, "days", 1, "1.0 days", "1.0 يوم"),
        (0.0, "minutes", 0, "0 minutes", "0 دقيقة"),
        (12, "minutes", 0, "12 minutes", "12 دقيقة"),
        (1, "points", 0, "1 point", "1 نقطة"),
        (-2.345, "percentage_points", 1, "−2.3 percentage points", f"{LRI}−2.3{PDI} نقطة مئوية"),
        (101.5, "per_100", 1, "101.5 per 100 people", "101.5 لكل 100 نسمة"),
        (3.2, "per_10000", 1, "3.2 per 10,000", "3.2 لكل 10,000"),
        (-3.5, "percent", 1, "−3.5 %", f"{LRI}−3.5%{PDI}"),
        (-0.954, "score", 2, "−0.95", f"{LRI}−0.95{PDI}"),
        (0.86945, "index", 4, "0.8695", "0.8695"),
        (1.004, "ratio", 2, "1.00", "1.00"),
        (1200, "count", 0, "1,200", "1,200"),
        (7154.4, "usd", 0, "US$ 7,154", "7,154 بالدولار الأمريكي"),
        (4.5, "ppp_usd", 2, "4.50 international dollars", "4.50 دولار دولي"),
        (1, "people", 0, "1 person", "1 نسمة"),
        (10_141_756, "people", 0, "10,141,756 people", "10,141,756 نسمة"),
        (1.0, "yes_no", 0, "Yes", "نعم"),
        (0, "yes_no", 0, "No", "لا"),
    ],
)  # fmt: skip
def test_quantities_carry_their_unit(value: float, unit: str, decimals: int, english: str, arabic: str) -> None:
    assert format_quantity(value, unit, "en", decimals).replace("\N{NO-BREAK SPACE}", " ") == english
    assert format_quantity(value, unit, "ar", decimals).replace("\N{NO-BREAK SPACE}", " ") == arabic


def test_a_figure_and_its_percent_sign_are_never_parted_by_a_line_break() -> None:
    assert format_quantity(12.5, "percent", "en", 1) == "12.5\N{NO-BREAK SPACE}%"


def test_a_change_can_be_signed() -> None:
    assert format_quantity(2.5, "percentage_points", "en", 1, signed=True) == "+2.5 percentage points"


@pytest.mark.parametrize("lang", sorted(LANGUAGES))
@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_of_the_codebook_has_a_label(unit: str, lang: str) -> None:
    assert format_unit(unit, lang)
    assert format_quantity(0.5, unit, lang, 1)


def test_an_unknown_unit_is_named() -> None:
    with pytest.raises(KeyError, match="furlongs"):
        format_quantity(1, "furlongs", "en")


@pytest.mark.parametrize(
    ("value", "precision", "english", "arabic"),
    [
        ("2024-11-02", None, "2 November 2024", "2 نوفمبر 2024"),
        ("2024-11", None, "November 2024", "نوفمبر 2024"),
        ("2024", None, "2024", "2024"),
        ("2024-11-02", "month", "November 2024", "نوفمبر 2024"),
        ("2024-11-02", "year", "2024", "2024"),
        ("", None, "date not known", "التاريخ غير معروف"),
        ("", "unknown", "date not known", "التاريخ غير معروف"),
        ("2024-11-02T23:30:00Z", None, "2 November 2024", "2 نوفمبر 2024"),
        (datetime.date(2024, 11, 2), None, "2 November 2024", "2 نوفمبر 2024"),
        (datetime.datetime(2024, 11, 2, 23, 30), "day", "2 November 2024", "2 نوفمبر 2024"),
    ],
)
def test_dates_are_no_more_precise_than_known(
    value: str | datetime.date, precision: str | None, english: str, arabic: str
) -> None:
    assert (format_day(value, "en", precision), format_day(value, "ar", precision)) == (english, arabic)


@pytest.mark.parametrize(
    ("value", "precision", "message"),
    [("2024", "day", "not known to the day"), ("2024-13", None, "ISO date"), ("last year", None, "ISO date"),
     ("2024-11-02", "hour", "none of day, month, year")],
)  # fmt: skip
def test_a_date_is_never_completed_by_guess(value: str, precision: str | None, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        format_day(value, "en", precision)


@pytest.mark.parametrize("lang", sorted(LANGUAGES))
def test_a_year_is_not_grouped(lang: str) -> None:
    assert format_year(2024, lang) == "2024"
