"""Copies of the UN's database and newer layouts of the World Bank's files are read as they are, or refused by name."""

import pytest

from dashboard.evidence.codebook import load_codebook
from data_sources.contract import Parsed, SeriesRef
from data_sources.errors import Changed, Rejected
from data_sources.registry import find_file_parser
from tests.data_sources.shapes import csv_file


def read(source: str, series: str, *lines: str, **said: str) -> Parsed:
    return find_file_parser(source)("file.csv", csv_file(*lines), SeriesRef(series, "x", {}, said), "e")


def told(parsed: Parsed, *columns: str) -> list[tuple[object, ...]]:
    return parsed.observations.select(columns).rows()


def test_codes_of_the_database_are_breakdowns_and_totals() -> None:
    found = read(
        "un_sdg",
        "IU_COR_BRIB",
        "Year,SeriesCode,GeoAreaName,Sex,Value",
        '2016,"IU_COR_BRIB","Azerbaijan","BOTHSEX",27.59',
        '2016,"IU_COR_BRIB","Azerbaijan","FEMALE",25',
        '2016,"OTHER","Azerbaijan","BOTHSEX",1',
        '2016,"IU_COR_BRIB","Azerbaijan","BOTHSEX",27.59',  # the last row sometimes comes twice
    )
    assert told(found, "area", "area_scheme", "period", "dimensions", "value") == [
        ("Azerbaijan", "name", "2016", "{}", 27.59),
        ("Azerbaijan", "name", "2016", '{"Sex":"FEMALE"}', 25.0),
    ]


def test_titles_and_words_are_read_and_a_breakdown_nobody_knows_is_left_out() -> None:
    title = "Births registered [16.9.1]"
    found = read(
        "un_sdg",
        "SG_REG_BRTH",
        "Year,NATURE,SDG Series,Age,COMMENT_OBS,Value",
        f"2016,C,{title},under 5 years old,DHS,2.7",
        f"2016,C,{title},under 1 year old,DHS,2.9",
        f"2016,C,{title},as the office says,DHS,9",
        "2016,C,Another,under 5 years old,DHS,50",
        area="ETH",
        rows=title,
    )
    assert told(found, "area", "dimensions", "value", "nature", "footnote") == [
        ("ETH", "{}", 2.7, "C", "DHS"),
        ("ETH", '{"Age":"<1Y"}', 2.9, "C", "DHS"),
    ]
    assert [finding.code for finding in found.findings] == ["breakdown_unread"]


def test_a_table_without_years_is_of_the_span_that_is_named() -> None:
    lines = ("GeoAreaName,Value", "Azerbaijan,99.9", "Uganda,69")
    found = read("un_sdg", "SP_PSR_OSATIS_GOV", *lines, period="2015/2025", dated="Uganda=2025", note="undated",
                 dated_note="dated by the office")  # fmt: skip
    assert told(found, "area", "period", "value", "footnote") == [
        ("Azerbaijan", "2015/2025", 99.9, "undated"),
        ("Uganda", "2025", 69.0, "dated by the office"),
    ]
    with pytest.raises(Rejected, match="no column of the year"):
        read("un_sdg", "SP_PSR_OSATIS_GOV", *lines)


def test_a_letter_stands_as_published_beside_its_meaning() -> None:
    found = read("un_sdg", "SG_NHR_IMPLN", "iso3,year,status,status_a", "AZE,2017,A,1", "AZE,2018,B,0")
    assert told(found, "period", "value", "value_text") == [("2017", 1.0, "A"), ("2018", 0.0, "B")]


def test_two_figures_that_nothing_tells_apart_are_both_left_out() -> None:
    found = read("un_sdg", "A", "iso3,series,year,value", "AZE,A,2017,1", "AZE,A,2017,2", "GEO,A,2017,3")
    assert told(found, "area", "value") == [("GEO", 3.0)]
    assert found.rejected == 2


def test_a_series_that_a_copy_does_not_hold_is_refused() -> None:
    with pytest.raises(Rejected, match="holds no series"):
        read("un_sdg", "IC_FRM_BRIB", "iso3,series,year,value", "AZE,IU_COR_BRIB,2017,1")


def test_the_mean_of_the_attributes_of_a_service_is_the_total_and_each_attribute_a_breakdown() -> None:
    found = read(
        "un_sdg",
        "SP_PSR_SATIS_GOV",
        "Year,SeriesCode,GeoAreaName,Population Group,Service Attribute,Sex,Value",
        '2022,"SP_PSR_SATIS_GOV","Cyprus","TOTAL","AVERAGE","BOTHSEX",95',
        '2022,"SP_PSR_SATIS_GOV","Cyprus","TOTAL","ACCESS","BOTHSEX",91',
        '2022,"SP_PSR_SATIS_GOV","Cyprus","TOTAL","AVERAGE","MALE",94',
        **load_codebook().metrics["sat_attributes_gov"].series[0].options,
    )
    assert told(found, "dimensions", "value") == [
        ("{}", 95.0),
        ('{"Service Attribute":"ACCESS"}', 91.0),
        ('{"Sex":"MALE"}', 94.0),
    ]
    assert found.findings == ()


def test_govtech_indices_have_editions_and_sums_of_the_file_are_left_out() -> None:
    lines = (
        "year,country_code,country_name,grp,gtmi,cgsi,psdi,dcei,gtei",
        "2020,AZE,Azerbaijan,B,0.75,0.6,0.8,0.7,0.9",
        "2025,ROM,Romania,A,0.8,0.7,0.8,0.8,0.9",
        "2025,0.75,A,80,0.4,,,,",
    )
    found = read("gtmi", "gtmi", *lines)
    assert told(found, "area", "period", "value", "footnote") == [
        ("AZE", "2020", 0.75, "Group B"),
        ("ROM", "2025", 0.8, "Group A"),
    ]
    assert [finding.code for finding in found.findings] == ["not_a_country_row"]
    assert told(read("gtmi", "psdi", *lines), "value", "footnote") == [(0.8, ""), (0.8, "")]
    with pytest.raises(Rejected, match="holds no series"):
        read("gtmi", "gtmi_portals", *lines)


def test_statistical_performance_is_read_from_data360_without_its_empty_years() -> None:
    lines = (
        "country_code,year,wb_wdi_iq_spi_ovrl,wb_wdi_iq_spi_pil1",
        "AZE,2004,,0.0",
        "AZE,2019,68.1412,80.0",
    )
    assert told(read("spi", "SPI.INDEX", *lines), "area", "period", "value") == [("AZE", "2019", 68.1412)]


def test_the_older_layouts_are_read_as_before() -> None:
    found = read("spi", "SPI.INDEX", "country,iso3c,date,SPI.INDEX", "Azerbaijan,AZE,2019,68.14125")
    assert told(found, "area", "area_name", "value") == [("AZE", "Azerbaijan", 68.14125)]
    with pytest.raises(Changed):
        read("gtmi", "gtmi_portals", "a,b", "1,2")
