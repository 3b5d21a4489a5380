"""UN replies: texts for values, totals by dimension, natures in order, and never a bound for a figure."""

from typing import Any

import pytest

from data_sources.contract import Parsed, SeriesRef, Source, Task
from data_sources.errors import Changed
from data_sources.registry import build_sources
from tests.data_sources.shapes import AGE, REPORTING, codes, reply, un_body, un_releases, un_row, wb_message

CODE = "IU_COR_BRIB"


@pytest.fixture
def room() -> Source:
    return build_sources({})["un_sdg"]


def task(room: Source, code: str = CODE, **options: str) -> Task:
    return room.plan([SeriesRef(code, "an_indicator", options=options)])[0]


def read(room: Source, *rows: dict[str, object], code: str = CODE, options: dict[str, str] | None = None,
         **head: Any) -> Parsed:  # fmt: skip
    planned = task(room, code, **(options or {}))
    return room.parse(planned, [reply(planned.requests[0], un_body(*rows, **{"release": "2026.Q2.G.02", **head}))])


def test_a_series_is_asked_whole(room: Source) -> None:
    (request,) = task(room).requests
    assert request.url == "https://unstats.un.org/sdgapi/v1/sdg/Series/Data"
    assert request.params == {"seriesCode": CODE, "pageSize": "10000", "page": "1"}


@pytest.mark.parametrize(
    ("printed", "value", "lower", "upper", "status"),
    [
        ("12.5", 12.5, None, None, "normal"), ("0", 0.0, None, None, "normal"),
        ("<2.5", None, None, 2.5, "censored"), ("> 95", None, 95.0, None, "censored"),
        (">=80", None, 80.0, None, "censored"), ("NA", None, None, None, "missing"),
        ("N", None, None, None, "missing"), ("NV", None, None, None, "missing"),
        ("NaN", None, None, None, "missing"), ("", None, None, None, "missing"),
        (None, None, None, None, "missing"), (7.25, 7.25, None, None, "normal"),
    ],
)  # fmt: skip
def test_values_are_texts(
    room: Source, printed: object, value: float | None, lower: float | None, upper: float | None, status: str
) -> None:
    parsed = read(room, un_row(value=printed))
    (row,) = parsed.observations.select("value", "lower", "upper", "interval_level", "status", "value_text").rows()
    assert row == (value, lower, upper, None, status, "" if printed is None else str(printed))


def test_areas_are_padded_and_years_are_years(room: Source) -> None:
    parsed = read(room, un_row(area="4", year=2015.0), un_row(area="031", year="2016"), un_row(area="145", year=2017))
    assert parsed.observations.select("area", "area_scheme", "period").rows() == [
        ("004", "m49", "2015"), ("031", "m49", "2016"), ("145", "m49", "2017"),
    ]  # fmt: skip
    odd = read(
        room, un_row(area="x"), un_row(year=2015.5), un_row(year=None), un_row(), un_row(area="4"), un_row(area="8")
    )
    assert (odd.observations.height, odd.rejected) == (3, 3)
    assert codes(odd) == ["unreadable_area", "unreadable_period", "unreadable_period"]


def test_the_total_is_what_the_replys_own_table_says(room: Source) -> None:
    both, women = {"Sex": "BOTHSEX"}, {"Sex": "FEMALE"}
    parsed = read(room, un_row(dimensions=both), un_row(dimensions=women), un_row(year=2016.0))
    assert parsed.observations["dimensions"].to_list() == ["{}", '{"Sex":"FEMALE"}', "{}"]
    other_codes = {"id": "Sex", "codes": [{"code": "ALL_OF_THEM", "sdmx": "_T"}, {"code": "BOTHSEX", "sdmx": "X"}]}
    renamed = read(room, un_row(dimensions={"Sex": "ALL_OF_THEM"}), un_row(dimensions=both), tables=[other_codes])
    assert renamed.observations["dimensions"].to_list() == ["{}", '{"Sex":"BOTHSEX"}']


def test_the_usual_codes_hold_where_the_reply_brings_no_table(room: Source) -> None:
    rows = un_row(dimensions={"Sex": "BOTHSEX", "Activity": "TOTAL"}), un_row(year=2016.0, dimensions={"Sex": "MALE"})
    assert read(room, *rows, tables=[]).observations["dimensions"].to_list() == ["{}", '{"Sex":"MALE"}']


def test_a_series_about_a_part_of_the_population_names_its_whole(room: Source) -> None:
    ages = [un_row(series="SG_REG_BRTH", dimensions={"Age": age}) for age in ("<5Y", "<1Y", "ALLAGE")]
    by_definition = read(room, *ages, code="SG_REG_BRTH").observations["dimensions"].to_list()
    assert by_definition == ["{}", '{"Age":"<1Y"}', '{"Age":"ALLAGE"}']
    by_option = read(room, *ages, code="SG_REG_BRTH", options={"Age": "<1Y"}).observations["dimensions"].to_list()
    assert by_option == ['{"Age":"<5Y"}', "{}", '{"Age":"ALLAGE"}']


def test_a_countrys_own_reporting_never_passes_for_the_comparable_figure(room: Source) -> None:
    parsed = read(room, un_row(value="40"), un_row(value="99", dimensions={"Reporting Type": "N"}))
    assert parsed.observations.select("dimensions", "value").rows() == [("{}", 40.0), ('{"Reporting Type":"N"}', 99.0)]
    assert codes(parsed) == ["national_reporting"]


def test_figures_of_several_sources_are_all_kept_country_data_first(room: Source) -> None:
    parsed = read(
        room, un_row(nature="E", value="39.5", source="B"), un_row(nature="C", value="40.1", source="A"),
        un_row(nature="C", value="40.1", source="A"), un_row(nature="C", value="41", source="C"),
        un_row(year=2014.0, nature="M", value="3"),
    )  # fmt: skip
    assert parsed.observations.select("period", "nature", "value", "source_detail").rows() == [
        ("2020", "C", 40.1, "A"), ("2020", "C", 41.0, "C"), ("2020", "E", 39.5, "B"),
        ("2014", "M", 3.0, "invented survey"),
    ]  # fmt: skip
    assert codes(parsed) == ["duplicate_row", "several_figures"]


def test_two_figures_that_nothing_tells_apart_are_not_used(room: Source) -> None:
    parsed = read(room, un_row(value="1"), un_row(value="2"), un_row(year=2014.0), un_row(year=2013.0))
    assert (parsed.observations.height, parsed.rejected, codes(parsed)) == (2, 2, ["conflicting_rows"])


def test_a_figure_that_came_twice_with_other_zeros_is_one(room: Source) -> None:
    """Both were left out: the country had no figure, and two rows counted as unreadable."""
    parsed = read(room, un_row(value="7"), un_row(value="7.0"))
    assert parsed.observations.select("period", "value_text").rows() == [("2020", "7")]
    assert (parsed.rejected, codes(parsed)) == (0, ["duplicate_row"])


def test_figures_that_differ_in_their_bounds_alone_are_not_one(room: Source) -> None:
    parsed = read(
        room, un_row(value="40", lowerBound="38"), un_row(value="40", lowerBound="30"), un_row(year=2014.0),
        un_row(year=2013.0),
    )  # fmt: skip
    assert (parsed.observations.height, parsed.rejected, codes(parsed)) == (2, 2, ["conflicting_rows"])


def test_everything_that_says_where_a_figure_is_from_is_kept(room: Source) -> None:
    row = un_row(
        value="40", nature="CA", source=" ITU estimates ", footnotes=["Break in series", "", None], lowerBound="38.5",
        upperBound=41, time_detail="2019-2020", attributes={"Observation Status": "I"},
    )  # fmt: skip
    parsed = read(room, row)
    columns = (
        "area_name",
        "unit",
        "nature",
        "status",
        "source_detail",
        "footnote",
        "lower",
        "upper",
        "interval_level",
        "edition",
    )
    assert parsed.observations.select(columns).row(0) == (
        "Antarctica", "PERCENT", "CA", "estimated", "ITU estimates", "Break in series; Time detail: 2019-2020",
        38.5, 41.0, None, "2026.Q2.G.02",
    )  # fmt: skip


def test_what_is_unknown_is_said(room: Source) -> None:
    row = un_row(
        dimensions={"Sex": "OTHER"}, nature="ZZ", lowerBound="low", newColumn=1,
        attributes={"Observation Status": "?", "New attribute": "1"},
    )  # fmt: skip
    parsed = read(room, row)
    assert sorted(codes(parsed)) == [
        "unknown_code", "unknown_column", "unknown_column", "unknown_nature", "unknown_status", "unreadable_companion",
    ]  # fmt: skip
    assert {finding.severity for finding in parsed.findings} == {"warning"}
    assert parsed.observations.select("dimensions", "value", "lower").row(0) == ('{"Sex":"OTHER"}', 12.5, None)


@pytest.mark.parametrize(
    ("mark", "value", "status", "footnote"),
    [
        ("M", None, "not_applicable", "Observation status: M (data cannot exist)"), ("O", None, "missing", ""),
        ("F", 0.0, "estimated", ""), ("B", 0.0, "normal", "Observation status: B (time series break)"),
    ],
)  # fmt: skip
def test_what_the_un_marks_as_missing_is_no_figure_though_a_zero_is_printed(
    room: Source, mark: str, value: float | None, status: str, footnote: str
) -> None:
    parsed = read(room, un_row(value="0", attributes={"Observation Status": mark}))
    assert parsed.observations.select("value", "status", "footnote").row(0) == (value, status, footnote)
    assert codes(parsed) == ([] if value is not None else ["figure_marked_missing"])


@pytest.mark.parametrize(("name", "power"), [("Unit multiplier", "6"), ("UnitMultiplier", "Millions")])
def test_a_multiplier_of_the_un_stands_in_the_unit(room: Source, name: str, power: str) -> None:
    parsed = read(room, un_row(attributes={name: power}), un_row(year=2021.0, attributes={name: "0"}))
    assert parsed.observations["unit"].to_list() == ["PERCENT × 10^6", "PERCENT"]
    assert parsed.findings == ()


def test_only_the_fields_that_may_be_relied_on_are_needed(room: Source) -> None:
    planned = task(room)
    row = b'{"geoAreaCode":"31","timePeriodStart":2017.0,"value":"79"}'
    body = b'{"totalElements":1,"totalPages":1,"pageNumber":1,"data":[' + row + b"]}"
    parsed = room.parse(planned, [reply(planned.requests[0], body)])
    assert parsed.observations.select("area", "period", "value", "unit", "nature").row(0) == (
        "031",
        "2017",
        79.0,
        "",
        "",
    )
    assert codes(parsed) == ["release_unknown"]


def test_an_area_without_rows_is_no_fault(room: Source) -> None:
    planned = task(room)
    replies = [reply(planned.requests[0], un_body(totalPages=0))]
    assert [request.key for request in room.follow(planned, replies)] == ["release"]
    assert room.parse(planned, replies).observations.is_empty()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (wb_message("120", "not valid"), "unexpected_shape"),
        (b'{"message": "Too many requests"}', "unexpected_shape"),
        (un_body({"series": CODE}), "unexpected_shape"),
        (un_body(un_row(), totalElements="some"), "unexpected_shape"),
        (un_body(un_row(series="OTHER")), "wrong_series"),
    ],
)
def test_another_shape_is_a_change(room: Source, body: bytes, code: str) -> None:
    planned = task(room)
    with pytest.raises(Changed) as raised:
        room.parse(planned, [reply(planned.requests[0], body)])
    assert raised.value.code == code


def test_pages_come_first_then_the_release(room: Source) -> None:
    planned = room.plan([SeriesRef(CODE, "an_indicator")])[0]
    first = reply(planned.requests[0], un_body(un_row(), totalElements=2, totalPages=2))
    (second,) = room.follow(planned, [first])
    assert second.params["page"] == "2"
    replies = [first, reply(second, un_body(un_row(year=2021.0), totalElements=2, totalPages=2, pageNumber=2))]
    (release,) = room.follow(planned, replies)
    assert release.url == "https://unstats.un.org/sdgapi/v1/sdg/Indicator/List"
    assert release.optional
    replies.append(reply(release, un_releases()))
    assert room.follow(planned, replies) == []
    parsed = room.parse(planned, replies)
    assert (parsed.edition, parsed.observations["period"].to_list()) == ("2026.Q2.G.02", ["2020", "2021"])


def test_a_release_the_reply_states_itself_is_used(room: Source) -> None:
    planned = room.plan([SeriesRef(CODE, "an_indicator")])[0]
    replies = [reply(planned.requests[0], un_body(un_row(), release="2026.Q3.G.01"))]
    assert room.follow(planned, replies) == []
    assert room.parse(planned, replies).edition == "2026.Q3.G.01"


@pytest.mark.parametrize("listed", ["2026.Q2.G.02", "2026.Q3.G.01", ""])
def test_a_pinned_release_is_the_only_one_taken(room: Source, listed: str) -> None:
    planned = task(room, release="2026.Q2.G.02")
    replies = [reply(planned.requests[0], un_body(un_row()))]
    (asked,) = room.follow(planned, replies)
    replies += [reply(asked, un_releases(release=listed))] if listed else []
    if listed == "2026.Q3.G.01":
        with pytest.raises(Changed, match="pinned to release") as raised:
            room.parse(planned, replies)
        assert raised.value.code == "release_moved"
        return
    parsed = room.parse(planned, replies)
    assert parsed.edition == "2026.Q2.G.02"
    assert codes(parsed) == ([] if listed else ["release_unknown"])


def test_tables_of_other_shapes_do_no_harm(room: Source) -> None:
    parsed = read(
        room, un_row(dimensions={"Sex": "FEMALE"}), tables=["odd", {"id": "Sex", "codes": None}, AGE, REPORTING]
    )
    assert parsed.observations["dimensions"].to_list() == ['{"Sex":"FEMALE"}']
