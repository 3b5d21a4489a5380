"""What a cell means: numbers and years in the ways and scripts people write them, and never a guess."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.contributions.submissions.reading.cells import Number, number, style_of, year
from dashboard.contributions.submissions.reading.sheet import index_of, letters

ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


@given(st.integers(-(10**9), 10**9), st.integers(1, 99), st.sampled_from(["", "\u00a0", "\u202f", "'"]))
def test_a_number_with_comma_decimals_is_read_as_it_was_written(whole: int, cents: int, separator: str) -> None:
    value = abs(whole) + cents / 100
    text = f"{abs(whole):,}".replace(",", separator) + f",{cents:02d}"
    for script in ({}, ARABIC, PERSIAN):
        assert number(text.translate(script), "comma") == Number(value)
        assert number(f"{text.translate(script)} %", "comma") == Number(value, percent=True)
    assert style_of([text]) == "comma"


@given(st.integers(1, 999), st.integers(0, 999))
def test_one_group_of_three_is_ambiguous_until_its_column_settles_it(left: int, right: int) -> None:
    for sign, other in ((",", "dot"), (".", "comma")):
        text = f"{left}{sign}{right:03d}"
        assert number(text).problem == "ambiguous"
        assert number(text, "mixed").problem == "ambiguous"
        same = "comma" if sign == "," else "dot"
        assert number(text, same).value == float(f"{left}.{right:03d}")  # type: ignore[arg-type]
        assert number(text, other).value == left * 1000 + right  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "value"),
    [("1 234 567", 1_234_567.0), ("- 5", -5.0), ("1٬234٫5", 1234.5), ("'12", 12.0), ("+1'234.5", 1234.5)],
)
def test_spaces_set_off_thousands_and_signs(text: str, value: float) -> None:
    assert number(text) == Number(value)


@pytest.mark.parametrize("text", ["n/a", "…", "...", "-", "–", "*", "", "  ", "\u00a0", "yoxdur", "غير متاح"])
def test_marks_of_nothing_are_nothing(text: str) -> None:
    assert number(text) == Number(None, missing=True)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("=cmd|' /C calc'!A0", "formula"), ("@SUM(A1)", "formula"), ("+cmd", "formula"), ("-cmd", "formula"),
        ("#REF!", "error_value"), ("#DIV/0!", "error_value"), ("about 5", "unread"), ("1,2,3", "unread"),
        ("12.5.7", "unread"), ("1e999", "unread"), ("nan", "unread"), ("inf", "unread"), ("5 of 7", "unread"),
        ("12 15", "unread"), ("12\n15", "unread"), ("123\n456", "unread"), ("5'30", "unread"), ("12٬5", "unread"),
        ("61,5 123", "unread"), ("1 234 5", "unread"),
    ],
)  # fmt: skip
def test_what_is_no_number_is_said(text: str, problem: str) -> None:
    assert number(text) == Number(None, problem=problem)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2025", "2025"), ("2025.0", "2025"), ("٢٠٢٥", "2025"), ("45658", None), ("2025-01-01 00:00:00", "2025"),
        ("31.12.2025", "2025"), ("2025-03", "2025-03"), ("2025Q1", "2025-Q1"), ("45700", None),
        ("20255", None), ("last year", None), ("2025/26", None), ("31.02.2025", None),
    ],
)  # fmt: skip
def test_years(text: str, said: str | None) -> None:
    assert year(text) == said


@given(st.integers(0, 16_383))
def test_letters_of_columns(index: int) -> None:
    assert index_of(letters(index)) == index
