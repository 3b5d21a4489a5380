"""A publisher's rows become rows of our indicators, without a figure changed and without a row lost unsaid."""

from collections.abc import Callable
from types import SimpleNamespace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.evidence.gathering.harmonise.harmonise import HARMONISED, NATURES, Harmonised
from data_sources.contract import STATUSES

Read = Callable[..., Harmonised]


def codes(read: Harmonised) -> dict[str, str]:
    return {finding.code: finding.severity for finding in read.findings}


def test_a_country_row_keeps_its_figure_and_gains_our_words(read: Read, make: SimpleNamespace) -> None:
    row = read({"value": 77.123456789, "value_text": "77.123456789"}).rows.row(0, named=True)
    assert (row["indicator"], row["country"], row["year"], row["unit"]) == ("internet_users", "AZE", 2015, "percent")
    assert (row["value"], row["value_text"]) == (77.123456789, "77.123456789")
    assert (row["source"], row["edition"], row["retrieved_at"]) == ("un_sdg", "2026.Q2.G.02", make.retrieved)
    assert row["primary"]


def test_the_columns_are_those_of_the_dataset(read: Read) -> None:
    assert read({}).rows.schema == HARMONISED
    assert read().rows.schema == HARMONISED


@pytest.mark.parametrize(
    ("scheme", "area", "source", "country"),
    [
        ("m49", "031", "un_sdg", "AZE"),
        ("m49", "31", "un_sdg", "AZE"),
        ("m49", "412", "un_sdg", "XKX"),
        ("iso3", "aze", "world_bank", "AZE"),
        ("wb", "AZ", "world_bank", "AZE"),
        ("iso3", "KSV", "wgi", "XKX"),
        ("name", "Georgia (Country)", "egdi", "GEO"),
        ("name", " azerbaijan  ", "egdi", "AZE"),
        ("name", "Côte d'Ivoire", "egdi", "CIV"),
    ],
)
def test_areas_are_found_in_every_scheme(
    read: Read, make: SimpleNamespace, scheme: str, area: str, source: str, country: str
) -> None:
    result = read({"area_scheme": scheme, "area": area}, link=make.link(source))
    assert result.rows["country"].to_list() == [country]


@pytest.mark.parametrize(("scheme", "area"), [("m49", "001"), ("m49", "513"), ("wb", "XD"), ("iso3", "AFE")])
def test_regions_are_left_out_and_counted(read: Read, scheme: str, area: str) -> None:
    result = read({}, {"area_scheme": scheme, "area": area, "value": 50.0})
    assert (result.rows.height, result.regions, result.unknown) == (1, 1, 0)
    assert result.findings == ()


def test_an_area_nobody_knows_is_named_to_a_person(read: Read) -> None:
    result = read(
        {}, {"area": "999", "area_name": "Atlantis"}, {"area": "999", "area_name": "Atlantis", "period": "2016"}
    )
    assert (result.rows.height, result.unknown) == (1, 2)
    (finding,) = result.findings
    assert (finding.code, finding.severity, finding.count) == ("area.unknown", "warning", 2)
    assert "999 Atlantis" in finding.message


@pytest.mark.parametrize(("areas", "named"), [(5, "994"), (6, "994 and 1 more")])
def test_the_first_five_areas_that_nobody_knows_are_named_and_the_rest_counted(
    read: Read, areas: int, named: str
) -> None:
    (finding,) = read({}, *[{"area": str(990 + n), "area_name": ""} for n in range(areas)]).findings
    assert f"990, 991, 992, 993, {named}" in " ".join(finding.message.split())
    assert ("more" in finding.message) == (areas > 5)


def test_a_period_that_is_no_year_stops_the_series(read: Read) -> None:
    assert codes(read({}, {"period": "2015-2017"})) == {"period.unread": "error"}


@pytest.mark.parametrize(
    ("published", "ours", "expected"),
    [
        ("PERCENT", "percent", {}),
        ("", "percent", {}),
        ("%", "percent", {}),
        ("PER_100_POP", "per_100", {}),
        ("NUMBER", "yes_no", {}),
        ("NUMBER", "percent", {"unit.conflict": "error"}),
        ("CU_USD", "usd", {}),
        ("CON_USD", "usd", {"unit.conflict": "error"}),  # of constant prices: another figure for every base year
        ("CON_USD", "ppp_usd", {"unit.conflict": "error"}),
        ("furlongs", "percent", {"unit.unknown": "error"}),
        ("× 10^3", "percent", {"unit.unknown": "error"}),
        ("index × 10^3", "score", {"unit.unknown": "error"}),
        ("Percentage of adults", "percent", {}),
        ("Percent of users × 10^-2", "percent", {"unit.unknown": "error"}),
        ("Units of a standard normal", "score", {"unit.label": "warning"}),
    ],
)
def test_units_are_understood_or_said(
    read: Read, make: SimpleNamespace, published: str, ours: str, expected: dict[str, str]
) -> None:
    assert codes(read({"unit": published}, metric=make.metric(ours))) == expected


def test_the_interval_of_a_published_standard_error_is_ninety_per_cent(read: Read, make: SimpleNamespace) -> None:
    row = read({"value": -0.95, "std_error": 0.2}, link=make.link(interval="se_90")).rows.row(0, named=True)
    assert row["lower"] == pytest.approx(-0.95 - 1.645 * 0.2)
    assert row["upper"] == pytest.approx(-0.95 + 1.645 * 0.2)
    assert (row["interval_level"], row["value"]) == (90.0, -0.95)


def test_a_published_interval_is_never_replaced(read: Read, make: SimpleNamespace) -> None:
    given = {"std_error": 2.0, "lower": 70.0, "upper": 80.0, "interval_level": 95.0}
    row = read(given, link=make.link(interval="se_90")).rows.row(0, named=True)
    assert (row["lower"], row["upper"], row["interval_level"]) == (70.0, 80.0, 95.0)


def test_a_censored_figure_keeps_its_bound_and_has_no_value(read: Read, make: SimpleNamespace) -> None:
    censored = {"value": None, "value_text": "<2.5", "upper": 2.5, "status": "censored"}
    row = read(censored, link=make.link(interval="se_90")).rows.row(0, named=True)
    assert (row["value"], row["lower"], row["upper"], row["interval_level"]) == (None, None, 2.5, None)


def test_a_missing_figure_stays_as_a_missing_row(read: Read) -> None:
    row = read({"value": None, "value_text": "NaN", "status": "missing"}).rows.row(0, named=True)
    assert (row["value"], row["status"], row["primary"]) == (None, "missing", True)


def test_country_data_is_shown_before_estimates(read: Read) -> None:
    rows = read({"nature": "M", "value": 3.0}, {"nature": "E", "value": 2.0}, {"nature": "C", "value": 1.0}).rows
    assert (rows.filter("primary")["value"].to_list(), rows.height) == ([1.0], 3)


def test_an_estimate_is_shown_before_the_word_missing(read: Read) -> None:
    rows = read({"nature": "C", "value": None, "status": "missing"}, {"nature": "E", "value": 2.0}).rows
    assert rows.filter("primary")["nature"].to_list() == ["E"]


def test_breakdowns_are_shown_beside_the_total(read: Read) -> None:
    rows = read({}, {"dimensions": '{"Sex":"FEMALE"}'}, {"dimensions": '{"Sex":"MALE"}'}).rows
    assert rows.filter("primary").height == 3


def test_a_secondary_series_is_kept_but_never_shown(read: Read, make: SimpleNamespace) -> None:
    assert read({}, link=make.link("world_bank", role="secondary")).rows["primary"].to_list() == [False]


def test_a_row_given_twice_word_for_word_counts_once(read: Read) -> None:
    result = read({}, {"raw_sha256": "cd" * 32})
    assert (result.rows.height, result.repeated, codes(result)) == (1, 1, {"rows.repeated": "info"})


def test_two_figures_from_different_studies_are_both_kept(read: Read) -> None:
    result = read({"source_detail": "DHS 2015", "value": 60.0}, {"source_detail": "MICS 2015", "value": 61.0})
    assert result.rows.filter("primary")["source_detail"].to_list() == ["DHS 2015"]
    assert codes(result) == {"rows.several": "warning"}


def test_two_figures_that_nothing_tells_apart_stop_the_series(read: Read) -> None:
    result = read({"value": 60.0, "value_text": "60"}, {"value": 61.0, "value_text": "61"})
    assert codes(result) == {"rows.contradict": "error"}
    assert "AZE 2015" in result.findings[0].message


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"lower": 1.0}, {"lower": 2.0}, {}),  # one figure, printed twice with other detail
        ({"value": 60.0, "nature": "C"}, {"value": 61.0, "nature": "E"}, {}),
        ({"value": 60.0, "dimensions": '{"Sex":"MALE"}'}, {"value": 61.0}, {}), ({"value": 60.0},
        {"value": 61.0, "period": "2016"}, {}),
        ({"value": None, "status": "missing", "footnote": "a"}, {"value": 61.0}, {}),
        ({"value_text": "77.0"}, {"value_text": "77"}, {"rows.contradict": "error"}),
        ({"value": 60.0, "footnote": "a"}, {"value": 61.0, "footnote": "b"}, {"rows.several": "warning"}),
    ],
)  # fmt: skip
def test_only_figures_of_equal_standing_for_one_fact_contradict(
    read: Read, first: dict[str, object], second: dict[str, object], expected: dict[str, str]
) -> None:
    result = read(first, second)
    assert codes(result) == expected
    assert result.rows.height == 2


def test_of_three_figures_two_that_nothing_tells_apart_are_a_contradiction(read: Read) -> None:
    rows = [
        {"value": value, "value_text": str(value), "footnote": note}
        for value, note in ((1.0, "a"), (2.0, "a"), (3.0, "b"))
    ]
    assert codes(read(*rows)) == {"rows.contradict": "error"}
    (finding,) = read(*rows, *[row | {"dimensions": '{"Sex":"MALE"}'} for row in rows], *rows[:1]).findings[1:]
    assert (finding.count, 'AZE 2015 {"Sex":"MALE"}, AZE 2015.' in finding.message) == (2, True)


ROW = st.fixed_dictionaries(
    {
        "area": st.sampled_from(["031", "268", "001", "999"]),
        "period": st.sampled_from(["2014", "2015"]),
        "dimensions": st.sampled_from(["{}", '{"Sex":"FEMALE"}']),
        "value": st.none() | st.floats(0, 100),
        "nature": st.sampled_from([*NATURES, "Z"]),
        "status": st.sampled_from(STATUSES),
        "source_detail": st.sampled_from(["", "a", "b"]),
    }
)


@given(st.lists(ROW, max_size=12))
def test_every_row_is_accounted_for_and_one_per_fact_is_shown(read: Read, rows: list[dict[str, object]]) -> None:
    result = read(*rows)
    assert result.rows.height + result.regions + result.unknown + result.repeated == len(rows)
    shown = result.rows.filter("primary").group_by("country", "period", "dimensions").len()
    assert shown.height == result.rows.unique(["country", "period", "dimensions"]).height
    assert (shown["len"] == 1).all()
    known = [row["value"] for row in rows if row["area"] in ("031", "268")]
    assert set(result.rows["value"].to_list()) == set(known)


def test_a_nature_that_nobody_knows_stands_behind_every_known_one(read: Read) -> None:
    rows = read({"nature": "Z", "value": 3.0}, {"nature": NATURES[-1], "value": 2.0}).rows
    assert rows.filter("primary")["nature"].to_list() == [NATURES[-1]]


@given(st.permutations([{"nature": nature, "value": float(i)} for i, nature in enumerate(NATURES)]))
def test_the_order_of_a_reply_does_not_choose_the_nature(read: Read, rows: list[dict[str, object]]) -> None:
    assert read(*rows).rows.filter(pl.col("primary"))["nature"].to_list() == ["C"]
