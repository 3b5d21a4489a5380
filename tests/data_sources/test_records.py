"""Records become rows: a figure as printed, the whole told from its parts, nothing unknown swallowed."""

import pytest

from data_sources.components import recognise
from data_sources.contract import Parsed, SeriesRef
from data_sources.errors import Changed, Rejected
from data_sources.observations import Noticed
from data_sources.records import Origin, Record, read_records
from data_sources.sites import Site
from tests.data_sources.shapes import codes

COUNTRY = Site(id="ata", country="ATA", areas=("AQ",))
WORLD = Site(id="world")


def read(*rows: dict[str, str], site: Site = WORLD, **options: str) -> Parsed:
    plain = {"REF_AREA": "ATA", "TIME_PERIOD": "2020", "OBS_VALUE": "1.50"}
    records = [Record(f"row {n}", {**plain, **row}) for n, row in enumerate(rows, 2)]
    columns = list(dict.fromkeys(column for record in records for column in record.cells))
    ref = SeriesRef("X", "an_indicator", options=options)
    return read_records(records, recognise(columns, options), Origin(ref, site, "0" * 64), Noticed("X"))


@pytest.mark.parametrize(
    ("printed", "value", "lower", "upper", "status"),
    [
        ("71.50", 71.5, None, None, "normal"), ("0", 0.0, None, None, "normal"), ("1e2", 100.0, None, None, "normal"),
        ("<2.5", None, None, 2.5, "censored"), (">=95", None, 95.0, None, "censored"),
        ("", None, None, None, "missing"), ("NaN", None, None, None, "missing"), ("NA", None, None, None, "missing"),
        ("N", None, None, None, "missing"), ("NV", None, None, None, "missing"), ("..", None, None, None, "missing"),
    ],
)  # fmt: skip
def test_a_figure_is_kept_as_printed(
    printed: str, value: float | None, lower: float | None, upper: float | None, status: str
) -> None:
    parsed = read({"OBS_VALUE": printed})
    columns = ("value_text", "value", "lower", "upper", "status")
    assert parsed.observations.select(columns).rows() == [(printed, value, lower, upper, status)]
    assert parsed.findings == ()


@pytest.mark.parametrize("printed", ["34,2", "about 5", "1 234", "Infinity"])
def test_what_is_no_figure_is_left_out_and_said_with_its_row(printed: str) -> None:
    parsed = read({"OBS_VALUE": printed}, {"TIME_PERIOD": "2021"}, {"TIME_PERIOD": "2022"})
    assert (parsed.observations.height, parsed.rejected, codes(parsed)) == (2, 1, ["unreadable_value"])
    assert parsed.findings[0].message == f"row 2: {printed!r} is not a figure; the row is left out"


@pytest.mark.parametrize(
    ("column", "other", "code"),
    [("OBS_VALUE", "Value", "unreadable_value"), ("TIME_PERIOD", "Year", "unreadable_period")],
)
def test_two_columns_of_one_meaning_must_not_differ(column: str, other: str, code: str) -> None:
    rows = [
        {column: "2019", other: "2020"},
        {"SEX": "F", column: "2019", other: " 2019.0"},
        {"SEX": "M", column: "", other: "2020"},
    ]
    parsed = read(*rows)
    assert parsed.observations["dimensions"].to_list() == ['{"Sex":"F"}', '{"Sex":"M"}']
    read_as = "period" if code == "unreadable_period" else "value"
    assert [float(value) for value in parsed.observations[read_as]] == [2019.0, 2020.0]
    assert [one.message for one in parsed.findings if one.code == code] == [
        f"row 2 has {column} '2019' and {other} '2020': of the one that does not count say role.<column>=unread"
    ]
    assert read(*rows[:1], **{f"role.{other}": "unread"}).rejected == 0


def test_years_are_years() -> None:
    parsed = read({"TIME_PERIOD": "2015.0"}, {"TIME_PERIOD": "2016"})
    assert parsed.observations["period"].to_list() == ["2015", "2016"]
    odd = read(*({"TIME_PERIOD": text} for text in ("2015-06", "2015-Q1", "15", "2015.5", "")))
    assert (odd.observations.height, odd.rejected) == (0, 5)
    assert "mostly_unreadable" in codes(odd)


def test_blank_total_and_not_applicable_are_the_whole() -> None:
    parsed = read({"SEX": "", "AGE": "_T"}, {"SEX": "_Z", "TIME_PERIOD": "2021"}, {"SEX": "F"})
    assert parsed.observations["dimensions"].to_list() == ["{}", "{}", '{"Sex":"F"}']


@pytest.mark.parametrize("name", ["SEX", "Sex"])
def test_an_option_names_another_whole_by_id_or_title(name: str) -> None:
    parsed = read({"SEX": "F"}, {"SEX": "_T"}, {"SEX": "_Z", "TIME_PERIOD": "2021"}, **{name: "F"})
    assert parsed.observations["dimensions"].to_list() == ["{}", '{"Sex":"_T"}', "{}"]


def test_an_unknown_column_is_kept_as_a_breakdown_and_said_once() -> None:
    parsed = read({"HARBOUR": "A"}, {"HARBOUR": "B"}, {"HARBOUR": ""})
    assert parsed.observations["dimensions"].to_list() == ['{"HARBOUR":"A"}', '{"HARBOUR":"B"}', "{}"]
    (finding,) = parsed.findings
    assert (finding.code, finding.severity) == ("unknown_column", "warning")
    assert "'HARBOUR' is not known and is kept as a breakdown (A, B)" in finding.message


def test_a_part_of_the_population_under_an_unknown_column_never_passes_for_the_whole() -> None:
    parsed = read({"GENDER": "F"})
    assert parsed.observations["dimensions"].to_list() == ['{"GENDER":"F"}']
    assert codes(parsed) == ["unknown_column", "no_total"]


def test_a_new_code_of_a_known_breakdown_is_kept_and_said() -> None:
    parsed = read({"SEX": "X9"}, {"SEX": "_T"}, {"URBANISATION": "P", "TIME_PERIOD": "2021"})
    assert parsed.observations["dimensions"].to_list() == ['{"Sex":"X9"}', "{}", '{"Location":"P"}']
    assert [(finding.code, finding.severity) for finding in parsed.findings] == [("unknown_code", "warning")] * 2


def test_a_multiplier_is_never_applied_and_never_lost() -> None:
    parsed = read({"UNIT_MEASURE": "USD", "UNIT_MULT": "6"}, {"UNIT_MEASURE": "USD", "UNIT_MULT": "6",
                  "TIME_PERIOD": "2021"})  # fmt: skip
    assert parsed.observations.select("value", "value_text", "unit").row(0) == (1.5, "1.50", "USD × 10^6")
    assert codes(parsed) == ["unit_multiplier"]
    assert read({"UNIT_MEASURE": "PT", "UNIT_MULT": "0"}).observations["unit"].to_list() == ["PT"]


def test_several_units_are_a_breakdown_until_one_is_named() -> None:
    rows = {"Units": "Percent"}, {"Units": "Persons", "OBS_VALUE": "9"}
    unsaid = read(*rows)
    assert unsaid.observations["dimensions"].to_list() == ['{"Units":"Percent"}', '{"Units":"Persons"}']
    assert codes(unsaid) == ["several_units", "no_total"]
    named = read(*rows, Units="Percent")
    assert named.observations.select("dimensions", "unit").rows() == [
        ("{}", "Percent"),
        ('{"Units":"Persons"}', "Persons"),
    ]
    assert named.findings == ()


@pytest.mark.parametrize(
    ("code", "area", "scheme"),
    [
        ("31", "031", "m49"), ("398", "398", "m49"), ("KAZ", "KAZ", "iso3"), ("KZ", "KZ", "wb"),
        ("UNICEF_EAP", "UNICEF_EAP", "name"),
    ],
)  # fmt: skip
def test_areas_of_the_world_keep_their_scheme(code: str, area: str, scheme: str) -> None:
    assert read({"REF_AREA": code}).observations.select("area", "area_scheme").rows() == [(area, scheme)]


def test_a_district_is_never_taken_for_a_country() -> None:
    parsed = read({"REF_AREA": "AQ"}, {"REF_AREA": "31"}, {"REF_AREA": ""}, site=COUNTRY, **{"Reporting Type": "N"})
    assert set(parsed.observations["area"]) == {"ATA"}
    assert parsed.observations["dimensions"].to_list() == ["{}", '{"Reference area":"31"}']
    assert codes(parsed) == ["duplicate_row"]


def test_national_figures_without_a_country_are_refused() -> None:
    with pytest.raises(Rejected, match="country=RWA, areas=RW") as raised:
        read({"REF_AREA": "31", "REPORTING_TYPE": "N"})
    assert raised.value.code == "country_missing"


def test_national_figures_are_marked_unless_the_indicator_is_national() -> None:
    mark = '{"Reporting Type":"N"}'
    assert read({}, site=COUNTRY).observations["dimensions"].to_list() == [mark]
    assert read({"REPORTING_TYPE": "N"}, site=COUNTRY).observations["dimensions"].to_list() == [mark]
    named = {"Reporting Type": "N"}
    assert read({}, site=COUNTRY, **named).observations["dimensions"].to_list() == ["{}"]
    assert read({"REPORTING_TYPE": "N"}, site=COUNTRY, **named).observations["dimensions"].to_list() == ["{}"]
    assert read({"REPORTING_TYPE": "G"}).observations["dimensions"].to_list() == ["{}"]


def test_status_nature_source_and_notes_are_kept() -> None:
    row = {
        "OBS_STATUS": "E", "NATURE": "CA", "SOURCE_DETAIL": "a survey", "COMMENT_OBS": "new question",
        "LOWER_BOUND": "1", "UPPER_BOUND": "2", "TIME_DETAIL": "2019-2020", "FREQ": "A",
    }  # fmt: skip
    columns = ("status", "nature", "source_detail", "footnote", "lower", "upper", "interval_level")
    assert read(row).observations.select(columns).rows() == [
        ("estimated", "CA", "a survey", "new question; Time detail: 2019-2020", 1.0, 2.0, None)
    ]
    marked = read({"OBS_STATUS": "B", "NATURE": "_X"}).observations
    assert marked.select("status", "nature", "footnote").rows() == [
        ("normal", "", "Observation status: B (time series break)")
    ]


@pytest.mark.parametrize(("mark", "status"), [("Q", "missing"), ("M", "not_applicable"), ("O", "missing")])
def test_a_figure_marked_missing_is_no_figure(mark: str, status: str) -> None:
    parsed = read({"OBS_STATUS": mark, "OBS_VALUE": "0"}, {"OBS_STATUS": mark, "OBS_VALUE": "", "TIME_PERIOD": "2021"})
    assert parsed.observations.select("value", "value_text", "status").rows() == [
        (None, "0", status), (None, "", status),
    ]  # fmt: skip
    assert codes(parsed) == ["figure_marked_missing"]


def test_unknown_marks_are_said_once() -> None:
    row = {"OBS_STATUS": "AVAILABLE", "NATURE": "ZZ", "LOWER_BOUND": "low"}
    parsed = read(row, {**row, "TIME_PERIOD": "2021"})
    assert sorted(codes(parsed)) == ["unknown_nature", "unknown_status", "unreadable_companion", "unreadable_companion"]
    assert parsed.observations.select("status", "footnote").row(0) == ("normal", "Observation status: AVAILABLE")


def test_a_figure_that_is_only_written_otherwise_is_repeated_and_no_contradiction() -> None:
    parsed = read({"OBS_VALUE": "7"}, {"OBS_VALUE": "7.0"}, {"OBS_VALUE": "70e-1"})
    assert parsed.observations.select("value", "value_text").rows() == [(7.0, "7")]
    assert (parsed.rejected, codes(parsed)) == (0, ["duplicate_row"])
    bounds = read({"OBS_VALUE": "<7"}, {"OBS_VALUE": "<7.5"})
    assert (bounds.observations.height, bounds.rejected) == (0, 2)


def test_repeated_rows_come_once_and_contradictions_not_at_all() -> None:
    parsed = read({}, {}, {"TIME_PERIOD": "2021"}, {"TIME_PERIOD": "2021", "OBS_VALUE": "2"}, {"TIME_PERIOD": "2022"},
                  {"TIME_PERIOD": "2022", "OBS_VALUE": "3", "SOURCE_DETAIL": "another study"})  # fmt: skip
    assert parsed.observations.select("period", "value").rows() == [("2020", 1.5), ("2022", 1.5), ("2022", 3.0)]
    assert (parsed.rejected, codes(parsed)) == (2, ["duplicate_row", "conflicting_rows"])


def test_the_edition_follows_the_figures_and_nothing_else() -> None:
    first, second = read({}), read({"COMMENT_OBS": "said later"})
    assert first.edition == second.edition == first.observations["edition"][0]
    assert first.edition.startswith("content ")
    assert read({"OBS_VALUE": "1.5"}).edition != first.edition


def test_a_missing_column_is_named_with_what_there_is() -> None:
    with pytest.raises(Changed, match=r"f\.csv: no column OBS_VALUE or Value; columns: Year, Wert\.") as raised:
        recognise(["Year", "Wert"], {}).need("f.csv", "year", "value")
    assert raised.value.code == "column_missing"
    recognise(["Year", "Wert"], {"role.Wert": "value"}).need("f.csv", "year", "value")
    with pytest.raises(Rejected, match="roles are year, value"):
        recognise(["Year"], {"role.Year": "when"})


def test_a_component_of_another_name_is_known_by_its_concept() -> None:
    found = recognise(
        ["GEO", "ODD", "SEX", "KIND"], {}, concepts={"GEO": "REF_AREA", "KIND": "KIND"}, attributes=["ODD"],
        codes={"SEX": frozenset({"1", "2"})},
    )  # fmt: skip
    assert [(component.role, component.known) for component in found.all] == [
        ("area", True), ("unread", True), ("breakdown", True), ("breakdown", True),
    ]  # fmt: skip
    assert found.all[2].codes == {"1", "2"}


SPLIT = ("2017/18", "2020-2021", "2020/2021", "2015-17", "1999/00", "2014\u201315")


@pytest.mark.parametrize(
    ("rule", "periods"),
    [
        ("start", ["2017", "2020", "2020", "2015", "1999", "2014"]),
        ("end", ["2018", "2021", "2021", "2017", "2000", "2015"]),
        ("period", ["2017/2018", "2020/2021", "2020/2021", "2015/2017", "1999/2000", "2014/2015"]),
    ],
)
def test_split_years_follow_the_rule_of_their_site_and_keep_their_label(rule: str, periods: list[str]) -> None:
    rows = [{"TIME_PERIOD": label, "REF_AREA": f"A{n}"} for n, label in enumerate(SPLIT)]
    for parsed in (read(*rows, years=rule), read(*rows, site=Site(id="world", options={"years": rule}))):
        assert parsed.observations["period"].to_list() == periods
        assert parsed.observations["footnote"].to_list() == [f"Period: {label}" for label in SPLIT]
    assert read({"TIME_PERIOD": "2017"}, years=rule).observations.select("period", "footnote").row(0) == ("2017", "")


def test_split_years_without_a_rule_are_refused_with_the_option_that_says_one() -> None:
    rows = [{"TIME_PERIOD": label} for label in ("2016/17", "2017/18", "2018/19", "2016/17")]
    parsed = read(*rows, *({"TIME_PERIOD": str(year)} for year in range(2020, 2024)))
    assert (parsed.observations.height, codes(parsed), parsed.rejected) == (4, ["unreadable_period"], 4)
    (finding,) = parsed.findings
    assert finding.count == 4
    assert finding.message.startswith(
        "4 of 8 rows print two years (2016/17, 2017/18, 2018/19) and are left out: say in the option years which "
        'counts. {"years": "period"} of site world reads them all, each as the span it is'
    )
    several = read(*rows, {"TIME_PERIOD": "2019/20"}, site=Site(id="gbr")).findings[0].message
    assert several.startswith("5 of 5 rows print two years (2016/17, 2017/18, 2018/19 …) and are left out")
    assert '{"years": "period"} of site gbr reads' in several
    with pytest.raises(Rejected, match="years=middle; there are start, end, period"):
        read({"TIME_PERIOD": "2017/18"}, years="middle")


@pytest.mark.parametrize("label", ["2015-06", "2018/17", "2015/2040", "2017/2017", "2017/8"])
def test_what_is_no_split_year_stays_unread(label: str) -> None:
    parsed = read({"TIME_PERIOD": label}, {}, years="end")
    assert (parsed.observations["period"].to_list(), parsed.rejected) == (["2020"], 1)


def test_an_option_states_the_unit_and_what_was_printed_stays() -> None:
    stated = read({"UNIT_MEASURE": "Percent"}, {"TIME_PERIOD": "2021", "UNIT_MEASURE": ""}, unit="ratio")
    assert stated.observations.select("unit", "footnote").rows() == [("ratio", "Unit printed: Percent"), ("ratio", "")]
    assert read({"UNIT_MEASURE": "Percent", "UNIT_MULT": "Units"}).observations["unit"].to_list() == ["Percent"]


def test_letter_case_makes_no_other_code() -> None:
    parsed = read({"SEX": "male"}, {"SEX": "FEMALE"}, {"SEX": ""}, {"SEX": "m", "TIME_PERIOD": "2021"})
    assert parsed.observations["dimensions"].to_list() == ['{"Sex":"Male"}', '{"Sex":"Female"}', "{}", '{"Sex":"M"}']
    assert parsed.findings == ()


def test_a_series_of_breakdowns_says_so() -> None:
    (finding,) = read({"SEX": "F"}, {"SEX": "M"}).findings
    assert (finding.code, finding.message) == ("no_total", "X has breakdowns only: no figure stands for the whole")


@pytest.mark.parametrize("column", ["OBS_CONF", "CONF_STATUS", "Confidentiality status"])
def test_a_figure_marked_confidential_is_withheld_whatever_else_is_said_of_it(column: str) -> None:
    marked = {column: "C", "OBS_STATUS": "A", "LOWER_BOUND": "1", "UPPER_BOUND": "2"}
    free = ({column: "F", "TIME_PERIOD": "2021"}, {column: "", "TIME_PERIOD": "2022"},
            {column: "Free (free for publication)", "TIME_PERIOD": "2023"},
            {column: "_X", "TIME_PERIOD": "2024"})  # fmt: skip
    parsed = read(marked, *free)
    assert parsed.observations.select("value", "value_text", "lower", "upper", "status", "footnote").rows() == [
        (None, "", None, None, "missing", "Confidentiality: C"), *[(1.5, "1.50", None, None, "normal", "")] * 4,
    ]  # fmt: skip
    assert [(one.code, one.severity, one.message) for one in parsed.findings] == [
        ("confidential", "warning", "row 2: the figure is marked confidential (C) and withheld")
    ]


@pytest.mark.parametrize(
    ("said", "status", "footnote"),
    [
        ("Missing value; holiday or weekend", "missing", "Observation status: Missing value; holiday or weekend"),
        ("missing value; data cannot exist", "not_applicable", "Observation status: missing value; data cannot exist"),
        ("Missing value; for a reason of our own", "missing",
         "Observation status: Missing value; for a reason of our own"),
        ("Data included in another category", "missing", "Observation status: Data included in another category"),
        ("o", "missing", ""),
    ],
)  # fmt: skip
def test_a_zero_that_is_said_to_be_missing_is_no_figure(said: str, status: str, footnote: str) -> None:
    parsed = read({"OBS_VALUE": "0", "OBS_STATUS": said})
    assert parsed.observations.select("value", "status", "footnote").row(0) == (None, status, footnote)
    assert codes(parsed) == ["figure_marked_missing"]


@pytest.mark.parametrize(
    ("power", "unit"),
    [
        ("Thousands", "USD × 10^3"), ("millions", "USD × 10^6"), ("3.0", "USD × 10^3"), ("-2", "USD × 10^-2"),
        ("Units", "USD"), ("0.0", "USD"), ("Lakhs", "USD × Lakhs"),
    ],
)  # fmt: skip
def test_a_multiplier_in_words_is_its_power_of_ten_and_stays_with_a_stated_unit(power: str, unit: str) -> None:
    parsed = read({"UNIT_MEASURE": "USD", "Unit multiplier": power})
    assert parsed.observations.select("value", "unit").row(0) == (1.5, unit)
    assert codes(parsed) == (["unit_multiplier"] if unit != "USD" else [])
    stated = read({"UNIT_MEASURE": "money", "Unit multiplier": power}, unit="USD")
    assert stated.observations["unit"].to_list() == [unit]


def test_months_are_not_taken_for_split_years() -> None:
    def periods(*labels: str) -> list[str]:
        return read(*({"TIME_PERIOD": label} for label in labels), years="end").observations["period"].to_list()

    assert periods("2011-12") == ["2012"]
    assert periods("2009-10", "2010-11", "2011-12", "2012-13", "2015-17") == ["2010", "2011", "2012", "2013", "2017"]
    assert periods("2011-10", "2011-11", "2011-12") == periods("2010-12", "2011-12") == []
    assert periods("2011-12", "2012-01", "2013/14") == ["2014"]
    parsed = read({"TIME_PERIOD": "2011-12"}, {"TIME_PERIOD": "2011-11"}, {"TIME_PERIOD": "2010"}, years="end")
    assert parsed.findings[0].message == ("row 2: '2011-12' is a month, as those beside it show; the row is left out")
