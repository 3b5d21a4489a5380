"""Each publisher's file, in its documented layout, gives its figures unmodified."""

import polars as pl
import pytest

from dashboard.answers.wording.editions import DERIVED
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.gathering.harmonise.areas import add_countries
from data_sources.contract import Parsed, SeriesRef
from data_sources.errors import Changed, Rejected
from data_sources.registry import find_file_parser
from tests.data_sources.shapes import codes, csv_file, workbook

WGI = [
    ["codeindyr", "code", "countryname", "year", "indicator", "estimate", "stddev", "nsource", "pctrank",
     "pctranklower", "pctrankupper"],
    ["ATAcc1996", "ATA", "Antarctica", 1996, "cc", -1.2917047739028931, 0.34050697088241577, 2, 4.3, 1.5, 12.25],
    ["ATAge1996", "ATA", "Antarctica", 1996, "ge", 0.5, 0.25, 3, 4.3],
    ["ADOcc1996", "ADO", "Andorra", 1996, "cc", "..", "..", "..", ".."],
    ["BVTcc1996", "BVT", "Bouvet Island", 1996, "cc", "#VALUE!", 0.25, 1, ".."],
    ["ATAcc1998", "ATA", "Antarctica", 1998, "cc", 0, "?", 1, ".."],
]  # fmt: skip
CPI_HEADER = "Country / Territory,ISO3,Year,Region,CPI score,Rank,Standard error,Number of sources,Lower CI,Upper CI"
EGDI_OLD = (
    "Survey Year,Country Name,E-Government Rank,E-Government Index,E-Participation Index,Online Service Index,"
    "Human Capital Index,Telecommunication Infrastructure Index"
)
EGDI_NEW = "Survey Year,Country,Rank,E_Index,E_Participation,Online_Service,Human_Capital,Tele_Infra,Region"
DDF = "age,geo_area,nature,sex,units,year,sg_reg_brth"


def read(source: str, body: bytes, code: str, name: str = "file", **options: str) -> Parsed:
    return find_file_parser(source)(name, body, SeriesRef(code, "an_indicator", options=options), "an edition")


def test_wgi_workbook() -> None:
    parsed = read("world_bank", workbook(Sheet1=WGI), "GOV_WGI_CC.EST", "wgi.xlsx")
    columns = ("area", "area_scheme", "period", "value", "value_text", "std_error", "source_detail", "status")
    assert parsed.observations.select(columns).rows() == [
        ("ATA", "wb", "1996", -1.2917047739028931, "-1.291704773902893", 0.34050697088241577, "Number of sources: 2",
         "normal"),
        ("ADO", "wb", "1996", None, "..", None, "", "missing"),
        ("ATA", "wb", "1998", 0.0, "0", None, "Number of sources: 1", "normal"),
    ]  # fmt: skip
    assert (codes(parsed), parsed.rejected) == (["unreadable_value", "unreadable_companion"], 1)
    assert parsed.findings[0].message == (
        "wgi.xlsx#0, row 5, column 'estimate': '#VALUE!' is not a figure; the row is left out"
    )
    assert parsed.edition == parsed.observations["edition"][0] == "an edition"


def test_wgi_ranks_have_their_own_bounds_and_no_standard_error() -> None:
    parsed = read("world_bank", workbook(Sheet1=WGI), "CC.PER.RNK", "wgi.xlsx")
    columns = ("area", "period", "value", "lower", "upper", "interval_level", "std_error", "status")
    assert parsed.observations.select(columns).rows() == [
        ("ATA", "1996", 4.3, 1.5, 12.25, 90.0, None, "normal"),
        ("ADO", "1996", None, None, None, None, None, "missing"),
        ("BVT", "1996", None, None, None, None, None, "missing"),
        ("ATA", "1998", None, None, None, None, None, "missing"),
    ]


LONG_WGI = [
    ["ID variable (economy code/ gov. dimension/ year)", "Economy (name)", "Economy (code)", "Year",
     "Governance dimension", "Region", "Number of sources", "Governance estimate (approx. -2.5 to +2.5)",
     "Standard error of the estimate", "Governance score (0-100)", "Governance score, lower bound (90 % interval)",
     "Governance score, upper bound (90 % interval)", "ADB mean", "EIU mean"],
    ["ATAcc2024", "Antarctica", "ATA", 2024, "cc", "Poles", 6, -1.2003, 0.1855, 22.5, 15.1, 30.2, 0.25, None],
    ["ATAcc2023", "Antarctica", "ATA", 2023, "cc", "Poles", 5, -0.8801, 0.2, 29, 21.5, None, None, 0.5],
    ["ADOcc2024", "Andorra", "ADO", 2024, "cc", "Poles", "..", "..", "..", "..", "..", "..", None, None],
]  # fmt: skip


def wgi_of_2025(rows: list[list[object]]) -> bytes:
    """The workbook wgidataset_with_sourcedata-2025.xlsx: a sheet per dimension."""
    return workbook(**{sheet: rows if sheet == "cc" else rows[:1] for sheet in ("va", "pv", "ge", "rq", "rl", "cc")})


@pytest.mark.parametrize(
    ("code", "rows"),
    [
        ("GOV_WGI_CC.EST", [
            ("ATA", "2024", -1.2003, 0.1855, None, None, None, "Number of sources: 6", "normal"),
            ("ATA", "2023", -0.8801, 0.2, None, None, None, "Number of sources: 5", "normal"),
            ("ADO", "2024", None, None, None, None, None, "", "missing"),
        ]),
        ("GOV_WGI_CC.SC", [
            ("ATA", "2024", 22.5, None, 15.1, 30.2, 90.0, "Number of sources: 6", "normal"),
            ("ATA", "2023", 29.0, None, None, None, None, "Number of sources: 5", "normal"),  # one bound is none
            ("ADO", "2024", None, None, None, None, None, "", "missing"),
        ]),
    ],
)  # fmt: skip
def test_wgi_workbook_of_2025_has_errors_with_estimates_and_bounds_with_scores(
    code: str, rows: list[tuple[object, ...]]
) -> None:
    parsed = read("world_bank", wgi_of_2025(LONG_WGI), code, "wgidataset_with_sourcedata-2025.xlsx")
    columns = ("area", "period", "value", "std_error", "lower", "upper", "interval_level", "source_detail", "status")
    assert parsed.observations.select(columns).rows() == rows
    assert set(parsed.observations["area_scheme"]) == {"wb"}
    assert codes(parsed) == []
    assert read("world_bank", wgi_of_2025(LONG_WGI), code.replace("CC", "GE")).observations.is_empty()


def test_wgi_workbook_of_2026_is_read_as_that_of_2025_whatever_its_economies_are_called() -> None:
    rows = [LONG_WGI[0], ["NRUcc2025", "Republic of Naoero", "NRU", 2025, "cc", "", 1, -0.11, 0.4, 46, 33, 59, "", ""],
            ["XKXcc2025", "Kosovo", "XKX", 2025, "cc", "", 7, -0.2, 0.19, 44.0, 38.0, 50.0, "", ""]]  # fmt: skip
    parsed = read("world_bank", wgi_of_2025(rows), "GOV_WGI_CC.EST", "wgidataset_with_sourcedata-2026.xlsx")
    assert parsed.observations.select("area", "value", "std_error").rows() == [("NRU", -0.11, 0.4), ("XKX", -0.2, 0.19)]
    found = add_countries(parsed.observations, load_codebook(), "world_bank")
    assert found["country"].to_list() == ["NRU", "XKX"]
    named = parsed.observations.with_columns(
        area=pl.Series(["Republic of Naoero", "Kosovo"]), area_scheme=pl.lit("name")
    )
    assert add_countries(named, load_codebook(), "world_bank")["country"].to_list() == ["NRU", "XKX"]


PRINTED = b"""iso3,year,dimension,number_of_sources,estimate,std_error,estimate_lower90,estimate_upper90
AZE,2025,cc,8,-0.7781234,0.1951234,-1.0981258,-0.458121
AZE,2025,ge,7,0.1271111,0.2311111,-0.2519111,0.5061333
"""
INTERVALS = b"""iso3,year,score,score_lower90,score_upper90,estimate_derived,std_error_derived,how
AZE,2012,24.442,17.31,31.574,-1.17,0.2156,printed
"""


def test_a_transcript_of_an_edition_has_errors_and_says_what_was_derived() -> None:
    columns = ("area", "period", "value", "std_error", "lower", "upper", "interval_level", "source_detail")
    printed = read("world_bank", PRINTED, "GOV_WGI_CC.EST").observations
    assert printed.select(columns).rows() == [
        ("AZE", "2025", -0.7781234, 0.1951234, None, None, None, "Number of sources: 8"),
    ]
    assert printed["footnote"].to_list() == [""]
    (score,) = read("world_bank", INTERVALS, "GOV_WGI_CC.SC").observations.select(columns).rows()
    assert score == ("AZE", "2012", 24.442, None, 17.31, 31.574, 90.0, "")
    derived = read("world_bank", INTERVALS, "GOV_WGI_CC.EST").observations
    assert derived.select(columns).rows() == [("AZE", "2012", -1.17, 0.2156, None, None, None, "")]
    assert derived["footnote"][0].startswith(DERIVED)
    for body, code in ((PRINTED, "GOV_WGI_CC.SC"), (INTERVALS, "GOV_WGI_GE.EST")):
        with pytest.raises(Rejected, match="holds no series"):
            read("world_bank", body, code)


def test_wgi_workbook_of_2025_says_what_it_lacks() -> None:
    bare = [[row[n] for n in (1, 2, 3, 7, 9)] for row in LONG_WGI]
    parsed = read("world_bank", wgi_of_2025(bare), "GOV_WGI_CC.EST")
    assert parsed.observations["value"].to_list() == [-1.2003, -0.8801, None]
    assert codes(parsed) == ["companion_missing", "companion_missing"]
    with pytest.raises(Changed, match="no column governance score") as raised:
        read("world_bank", wgi_of_2025([row[:4] for row in bare]), "GOV_WGI_CC.SC")
    assert raised.value.code == "changed_columns"
    with pytest.raises(Rejected, match=r"GOV_WGI_VA\.SC"):
        read("world_bank", wgi_of_2025(LONG_WGI), "CC.PER.RNK")


def test_wdi_pull() -> None:
    body = csv_file(
        "indicator_code,iso3,country_name,year,value", "IT.NET.USER.ZS,ATA,Antarctica,2024,90.43979645",
        "IT.NET.USER.ZS,,Bouvet Island,2024,", "OTHER,ATA,Antarctica,2024,1", bom=True,
    )  # fmt: skip
    parsed = read("world_bank", body, "IT.NET.USER.ZS")
    assert parsed.observations.select("area", "area_scheme", "value", "value_text", "status").rows() == [
        ("ATA", "iso3", 90.43979645, "90.43979645", "normal"), ("Bouvet Island", "name", None, "", "missing"),
    ]  # fmt: skip


def test_wdi_pull_with_the_columns_of_another_client() -> None:
    body = csv_file(
        '"ind_id","ind_nm","cty_id","cty_nm","cty_iso","date","value","unit","obs_sttus","decimal"',
        '"SP.POP.TOTL","Population, total","AQ","Antarctica","ATA","2022",10141756,"","",0',
        '"SP.POP.TOTL","Population, total","BV","Bouvet Island","","2021",12,"","P",0',
        '"SP.POP.TOTL","Population, total","AQ","Antarctica","ATA","2021",,"","E",0',
        '"SP.POP.TOTL","Population, total","AQ","Antarctica","ATA","2020",7,"","?",0',
        '"OTHER","Another","AQ","Antarctica","ATA","2022",1,"","",0', bom=True,
    )  # fmt: skip
    parsed = read("world_bank", body, "SP.POP.TOTL")
    assert parsed.observations.select("area", "area_scheme", "period", "value", "status", "footnote").rows() == [
        ("ATA", "iso3", "2022", 10141756, "normal", ""),
        ("Bouvet Island", "name", "2021", 12, "provisional", "obs_status: P"),
        ("ATA", "iso3", "2021", None, "missing", "obs_status: E"),
        ("ATA", "iso3", "2020", 7, "normal", "obs_status: ?"),
    ]
    assert [finding.code for finding in parsed.findings] == ["unknown_status"]


@pytest.mark.parametrize("form", ["csv", "workbook"])
def test_cpi_sheet_as_csv_and_as_workbook(form: str) -> None:
    if form == "csv":
        body = csv_file(
            "Corruption Perceptions Index 2025: Historical Results", "EMBARGOED", "", CPI_HEADER,
            "Antarctica,ATA,2025,AP,30,130,6.55301,7,19.25306,40.74694", "Bouvet Island,BVT,2025,AP,#N/A,,,,",
            newline="\r\n",
        )  # fmt: skip
    else:
        header = CPI_HEADER.split(",")
        row = ["Antarctica", "ATA", 2025, "AP", 30, 130, 6.55301, 7, 19.25306, 40.74694]
        body = workbook(
            CPI2025=[["x"]], CPI_Historical=[["A title"], [], [], header, row, ["Bouvet Island", "BVT", 2025]]
        )
    parsed = read("cpi", body, "CPI score")
    columns = ("area", "value", "value_text", "lower", "upper", "interval_level", "std_error", "source_detail")
    rows = parsed.observations.select(columns).rows()
    assert rows[0] == ("ATA", 30.0, "30", 19.25306, 40.74694, 90.0, 6.55301, "Number of sources: 7")
    assert (rows[1][:2], rows[1][3:]) == (("BVT", None), (None, None, None, None, ""))
    assert parsed.observations["status"].to_list() == ["normal", "missing"]


@pytest.mark.parametrize(
    ("header", "tail", "year"), [(EGDI_OLD, "", "2003"), (EGDI_NEW, ",Asia", "2024")], ids=["to 2022", "2024"]
)
def test_egdi_layouts(header: str, tail: str, year: str) -> None:
    body = csv_file(
        header, f'{year},"Antarctica ",20,0.91377,0.91780,0.87678,0.90460,0.95987{tail}',
        f"{year},Bouvet Island,,0.00000,0.00000,0.00000,0.00000,0.00000{tail}",
        f"{year},Heard Island,191,0.00000,0.1,0.1,0.1,0.1{tail}",
    )  # fmt: skip
    parsed = read("egdi", body, "Online Service Index")
    assert parsed.observations.select("area", "area_scheme", "period", "value", "value_text", "status").rows() == [
        ("Antarctica", "name", year, 0.87678, "0.87678", "normal"),
        ("Bouvet Island", "name", year, None, "0.00000", "not_applicable"),
        ("Heard Island", "name", year, 0.1, "0.1", "normal"),
    ]
    assert codes(parsed) == ["not_surveyed"]
    index = read("egdi", body, "E-Government Index")
    assert index.observations["value"].to_list() == [0.91377, None, 0.0]
    assert codes(index) == ["not_surveyed", "zero_printed"]


def test_gtmi_components() -> None:
    body = csv_file(
        '"cc_iso3c","ref_year","variable","value"', '"ATA",2022,"gtmi_portals",7.75', '"ATA",2022,"o",1', bom=True
    )
    parsed = read("gtmi", body, "gtmi_portals")
    assert parsed.observations.select("area", "period", "value").rows() == [("ATA", "2022", 7.75)]


def test_spi_indices() -> None:
    body = csv_file(
        "country,iso3c,date,SPI.INDEX,SPI.INDEX.PIL1,income",
        "Antarctica,ATA,2019,68.14125,50,",
        "Antarctica,ATA,2004,,,",
    )
    parsed = read("spi", body, "SPI.INDEX")
    assert parsed.observations.select("area", "period", "value", "status").rows() == [
        ("ATA", "2019", 68.14125, "normal"), ("ATA", "2004", None, "missing"),
    ]  # fmt: skip
    assert parsed.findings == ()


def test_un_series_in_ddf_form() -> None:
    body = csv_file(
        DDF, "lt5y,4,c,bothsex,percent,2016,2.7", "lt1y,4,c,bothsex,percent,2016,3", "15_24,4,c,female,percent,2016,4",
        "46,4,e,x,percent,2016,5", "lt_45y,10,notspec,notspec,percent,2016,N", "lt5y,1,c,bothsex,percent,2016,<2.5",
    )  # fmt: skip
    parsed = read("un_sdg", body, "SG_REG_BRTH", Age="<5Y")
    columns = ("area", "dimensions", "value", "upper", "unit", "nature", "status")
    assert parsed.observations.select(columns).rows() == [
        ("004", "{}", 2.7, None, "PERCENT", "C", "normal"),
        ("004", '{"Age":"<1Y"}', 3.0, None, "PERCENT", "C", "normal"),
        ("004", '{"Age":"15-24","Sex":"FEMALE"}', 4.0, None, "PERCENT", "C", "normal"),
        ("004", '{"Age":"46+","Sex":"_X"}', 5.0, None, "PERCENT", "E", "normal"),
        ("010", '{"Age":"<=45Y"}', None, None, "PERCENT", "", "missing"),
        ("001", "{}", None, 2.5, "PERCENT", "C", "censored"),
    ]
    assert parsed.findings == ()


@pytest.mark.parametrize(
    ("column", "total", "other", "dimensions"),
    [
        ("location", "allarea", "urban", '{"Location":"URBAN"}'),
        ("type_of_speed", "anys", "2mt10mbps", '{"Type of speed":"2MT10MBPS"}'),
        ("grounds_of_discrimination", "all", "sexo", '{"Grounds of discrimination":"SEXO"}'),
        ("disability_status", "t", "pwd", '{"Disability status":"PWD"}'),
    ],
)
def test_un_breakdowns_have_the_apis_codes(column: str, total: str, other: str, dimensions: str) -> None:
    body = csv_file(
        f"geo_area,{column},nature,units,year,x_y", f"4,{total},c,percent,2016,1", f"4,{other},c,percent,2016,2"
    )
    assert read("un_sdg", body, "X_Y").observations["dimensions"].to_list() == ["{}", dimensions]


def test_un_codes_nobody_knows_are_said() -> None:
    body = csv_file(
        "geo_area,nature,units,year,new,x_y", "4,zz,percent,2016,1,2", "1000,c,percent,2016,1,2", "8,c,percent,16,1,2"
    )
    parsed = read("un_sdg", body, "X_Y")
    assert sorted(codes(parsed)) == [
        "mostly_unreadable", "unknown_column", "unknown_nature", "unreadable_area", "unreadable_period",
    ]  # fmt: skip


@pytest.mark.parametrize("source", ["world_bank", "un_sdg", "cpi", "egdi", "gtmi", "spi"])
def test_a_changed_layout_stops_the_file(source: str) -> None:
    with pytest.raises((Changed, Rejected)) as raised:
        read(source, csv_file("a,b", "1,2"), {"cpi": "CPI score", "egdi": "E-Government Index"}.get(source, "X"))
    assert raised.value.code == "changed_columns"


@pytest.mark.parametrize(
    ("source", "body"),
    [
        ("world_bank", workbook(Sheet1=WGI)),
        ("world_bank", csv_file("indicator_code,iso3,country_name,year,value", "OTHER,ATA,Antarctica,2024,1")),
        ("un_sdg", csv_file(DDF, "lt5y,4,c,bothsex,percent,2016,2.7")),
        ("cpi", csv_file(CPI_HEADER)),
        ("egdi", csv_file(EGDI_OLD)),
        ("gtmi", csv_file("cc_iso3c,ref_year,variable,value", "ATA,2022,gtmi_portals,7.75")),
        ("spi", csv_file("country,iso3c,date,SPI.INDEX", "Antarctica,ATA,2019,68")),
    ],
)
def test_a_series_the_file_does_not_hold_is_said(source: str, body: bytes) -> None:
    with pytest.raises(Rejected, match="holds no series 'NOT_THERE'; it holds: ") as raised:
        read(source, body, "NOT_THERE")
    assert raised.value.code == "series_not_in_file"


# Global Corruption Barometer

DOCUMENTS = [
    ("Have you tried to get an identity document?", None, None),
    ("Country", "Never", "Paid a bribe"),
    ("Morocco", 0.81, 0.18),
    ("Sudan", 0.79, 0.2),
    ("Guinea", 0.42, 0.57),
    ("Palestine", 0.91, "-"),
    ("Regional avg", 0.83, 0.16),
    ("Have you used wasta?", None, None),
    ("Country", "Never", "Used wasta"),
    ("Jordan", 0.87, 0.13),
]


def barometer(*rows: tuple[object, ...], sheet: str = "IDs", edition: str = "GCB 2019, Africa") -> Parsed:
    return find_file_parser("gcb")(
        "gcb.xlsx", workbook(Schools=[("Country",)], IDs=rows), SeriesRef(sheet, "x"), edition
    )


def test_bribes_paid_for_documents_are_per_cent_as_printed_of_the_edition_s_year() -> None:
    parsed = barometer(*DOCUMENTS)
    columns = ("area", "area_scheme", "period", "value", "value_text", "unit", "status", "edition")
    kept = ("Percent", "normal", "GCB 2019, Africa")
    assert parsed.observations.select(columns).rows() == [
        ("Morocco", "name", "2019", 18.0, "18", *kept),
        ("Sudan", "name", "2019", 20.0, "20", *kept),
        ("Guinea", "name", "2019", 57.0, "57", *kept),
        ("Palestine", "name", "2019", None, "-", "Percent", "missing", "GCB 2019, Africa"),
        ("Regional avg", "name", "2019", 16.0, "16", *kept),
    ]
    assert (parsed.rejected, parsed.edition) == (0, "GCB 2019, Africa")


def test_the_barometer_s_african_heading_is_known_and_others_are_a_new_layout() -> None:
    assert barometer(("Country", "Paid a bribe (IDs)"), ("Uganda", 0.18)).observations["value"].to_list() == [18.0]
    for header in (("Country", "Bribe"), ("Country", "Paid a bribe", "Paid a bribe (IDs)")):
        with pytest.raises(Changed, match="Paid a bribe"):
            barometer(header, ("Uganda", 0.18, 0.2))


@pytest.mark.parametrize(
    ("sheet", "edition", "code"),
    [("IDs", "GCB", "edition_without_year"), ("Schools", "GCB 2019", "series_not_in_file")],
)
def test_a_barometer_without_a_year_or_of_another_question_is_refused(sheet: str, edition: str, code: str) -> None:
    with pytest.raises(Rejected) as refused:
        barometer(*DOCUMENTS, sheet=sheet, edition=edition)
    assert refused.value.code == code
