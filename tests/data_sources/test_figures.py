"""A printed figure is read exactly or not at all."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_sources.figures import read_figure, read_number

MARKS = {"N": "missing", "NaN": "missing", "..": "missing"}


@pytest.mark.parametrize("text", ["-0", "-0.00", "-0e5"])
def test_a_zero_has_no_sign(text: str) -> None:
    number = read_number(text)
    assert number == 0
    assert math.copysign(1, number) == 1


@pytest.mark.parametrize(
    ("text", "value", "lower", "upper", "status"),
    [
        ("12.5", 12.5, None, None, "normal"),
        ("0", 0.0, None, None, "normal"),
        ("-1.040907382965088", -1.040907382965088, None, None, "normal"),
        ("<2.5", None, None, 2.5, "censored"),
        ("<=45", None, None, 45.0, "censored"),
        ("> 95", None, 95.0, None, "censored"),
        (">=80", None, 80.0, None, "censored"),
        ("≥80", None, 80.0, None, "censored"),
        ("", None, None, None, "missing"),
        (None, None, None, None, "missing"),
        ("NaN", None, None, None, "missing"),
        (" N ", None, None, None, "missing"),
    ],
)
def test_each_kind_of_cell_is_understood(
    text: str | None, value: float | None, lower: float | None, upper: float | None, status: str
) -> None:
    figure = read_figure(text, MARKS)
    assert (figure.value, figure.lower, figure.upper, figure.status) == (value, lower, upper, status)
    assert figure.text == (text or "")


@pytest.mark.parametrize(
    "text",
    ["1,234", "12,5", "1 234", "1_000", "12%", "inf", "nan", "1e999", "٤٢", "<", "<N", "a", "--1", "0x10", "< >5"],
)
def test_what_is_no_figure_is_never_a_number(text: str) -> None:
    assert read_figure(text, {}) is None


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_read_exactly(number: float) -> None:
    assert read_number(repr(number)) == number
    censored = read_figure(f"<{number!r}", {})
    assert (censored.value, censored.upper) == (None, number)


@given(st.text() | st.from_regex(r"[<>=≤≥ ]{0,3}[-+0-9.,eE_ ]{0,8}", fullmatch=True))
def test_any_text_gives_exactly_its_number_or_none(text: str) -> None:
    figure = read_figure(text, MARKS)
    if figure is None or figure.value is None:
        return
    assert figure.value == float(text)
    assert math.isfinite(figure.value)
    assert figure.status == "normal"


@given(st.text())
def test_a_figure_has_a_value_exactly_when_it_is_plain(text: str) -> None:
    figure = read_figure(text, MARKS)
    if figure is not None:
        assert (figure.value is not None) == (figure.status == "normal")
        assert ((figure.lower is None) != (figure.upper is None)) == (figure.status == "censored")
