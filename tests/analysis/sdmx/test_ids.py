"""Texts as SDMX ids, and back."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.analysis.sdmx.ids import OTHERS, read_breakdown, read_id, write_breakdown, write_id
from tests.checks import all_of

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
TITLES = st.sampled_from(["Sex", "Age", "Location", "Reporting Type", "Type of speed", "Sexe", ""]) | TEXTS


@given(TEXTS)
def test_any_text_is_an_id_and_comes_back(text: str) -> None:
    written = write_id(text)
    assert re.fullmatch(r"[A-Za-z0-9_@$\-]+", written)
    assert read_id(written) == text


@given(st.dictionaries(TITLES, st.sampled_from(["_T", "F", "<5Y", "", "a@b", "10MBPS"]) | TEXTS, max_size=4))
def test_any_breakdown_comes_back(dimensions: dict[str, str]) -> None:
    codes = write_breakdown(dimensions)
    assert all_of(re.fullmatch(r"[A-Za-z0-9_@$\-]+", code) for code in codes.values())
    assert read_breakdown(codes) == dimensions


@given(st.dictionaries(TITLES, TEXTS, max_size=3), st.dictionaries(TITLES, TEXTS, max_size=3))
def test_different_breakdowns_have_different_codes(one: dict[str, str], other: dict[str, str]) -> None:
    assert (write_breakdown(one) == write_breakdown(other)) == (one == other)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("wgi_cc", "wgi_cc"),
        ("GOV_WGI_CC.EST", "GOV_WGI_CC@EST"),
        ("CPI score", "CPI$20score"),
        ("kaz:16-6-2", "kaz$3A16-6-2"),
        ("<5Y", "$3C5Y"),
        ("a@b$", "a$40b$24"),
        ("é", "$C3$A9"),
        ("", "$"),
    ],
)
def test_ids_read_as_they_are_told_in_the_guide(text: str, written: str) -> None:
    assert write_id(text) == written


def test_breakdowns_read_as_they_are_told_in_the_guide() -> None:
    codes = write_breakdown({"Sex": "FEMALE", "Type of speed": "10MBPS", "Disability status": "PD"})
    assert (codes["SEX"], codes["AGE"]) == ("FEMALE", "_T")
    assert codes[OTHERS] == "Disability$20status@PD@@Type$20of$20speed@10MBPS"
