"""World Bank replies: every documented trap, and never a wrong figure."""

from collections.abc import Sequence

import pytest

from data_sources.contract import Parsed, Request, SeriesRef, Source, Task
from data_sources.errors import Changed, Rejected
from data_sources.registry import build_sources
from tests.data_sources.shapes import codes, reply, wb_body, wb_message, wb_row

CODE = "IT.NET.USER.ZS"
WGI = "GOV_WGI_CC.EST"


@pytest.fixture
def room() -> Source:
    return build_sources({})["world_bank"]


def task(room: Source, code: str = CODE) -> Task:
    return room.plan([SeriesRef(code, "an_indicator")])[0]


def read(room: Source, *bodies: bytes, code: str = CODE) -> Parsed:
    planned = task(room, code)
    return room.parse(planned, [reply(r, b) for r, b in zip(planned.requests, bodies, strict=False)])


def test_a_plain_series_is_one_request(room: Source) -> None:
    (request,) = task(room).requests
    assert request.url == "https://api.worldbank.org/v2/country/all/indicator/IT.NET.USER.ZS"
    assert request.params == {"format": "json", "per_page": "20000"}


@pytest.mark.parametrize("code", ["GOV_WGI_CC.EST", "CC.EST"])
def test_an_estimate_is_asked_by_its_new_code_with_all_that_belongs_to_it(room: Source, code: str) -> None:
    value, beside = task(room, code).requests
    assert value.url.endswith("/country/all/indicator/GOV_WGI_CC.EST")
    assert beside.url.endswith("/country/all/indicator/GOV_WGI_CC.SR;GOV_WGI_CC.SE")
    assert value.params["source"] == beside.params["source"] == "3"
    assert (value.optional, beside.optional) == (False, True)


def test_a_score_is_asked_with_its_own_bounds(room: Source) -> None:
    _, beside = task(room, "GOV_WGI_RL.SC").requests
    assert beside.url.endswith("/GOV_WGI_RL.SC_LB;GOV_WGI_RL.SR;GOV_WGI_RL.SC_UB")


@pytest.mark.parametrize(
    ("code", "companion"),
    [
        (CODE, {"lower": "X"}),
        (WGI, {"lower": "GOV_WGI_CC.SC_LB"}),
        (WGI, {"std_error": "GOV_WGI_RL.SE"}),
        ("GOV_WGI_CC.SC", {"std_error": "GOV_WGI_CC.SE"}),
    ],
)
def test_a_companion_of_another_series_is_refused_before_asking(
    room: Source, code: str, companion: dict[str, str]
) -> None:
    with pytest.raises(Rejected, match="does not belong to it") as raised:
        room.plan([SeriesRef(code, "an_indicator", companions=companion)])
    assert raised.value.code == "unknown_companion"


def test_standard_errors_and_sources_join_their_estimate(room: Source) -> None:
    planned = task(room, WGI)
    anguilla = {"iso3": "", "name": "Anguilla"}
    bodies = (
        wb_body(wb_row(value=-1.5195275, code=WGI), wb_row(value=None, code=WGI, **anguilla)),
        wb_body(
            wb_row(value=0.1855, code="GOV_WGI_CC.SE"), wb_row(value=0.3, code="GOV_WGI_CC.SE", **anguilla),
            wb_row(value=6, code="GOV_WGI_CC.SR"),
        ),
    )  # fmt: skip
    parsed = room.parse(planned, [reply(r, b) for r, b in zip(planned.requests, bodies, strict=True)])
    rows = parsed.observations.select("area", "value", "std_error", "lower", "source_detail").rows()
    assert rows == [("ATA", -1.5195275, 0.1855, None, "Number of sources: 6"), ("Anguilla", None, None, None, "")]
    assert (parsed.edition, parsed.findings) == ("lastupdated 2026-07-01", ())


def test_bounds_join_their_score_as_its_90_percent_interval(room: Source) -> None:
    score = "GOV_WGI_CC.SC"
    planned = task(room, score)
    bodies = (
        wb_body(wb_row(value=22.5, code=score), wb_row(date="2021", value=23, code=score)),
        wb_body(
            wb_row(value=15.1, code="GOV_WGI_CC.SC_LB"), wb_row(value=30.2, code="GOV_WGI_CC.SC_UB"),
            wb_row(date="2021", value=16, code="GOV_WGI_CC.SC_LB"),
        ),
    )  # fmt: skip
    parsed = room.parse(planned, [reply(r, b) for r, b in zip(planned.requests, bodies, strict=True)])
    rows = parsed.observations.select("value", "lower", "upper", "interval_level", "std_error").rows()
    assert rows == [(22.5, 15.1, 30.2, 90.0, None), (23.0, 16.0, None, None, None)]
    assert codes(parsed) == ["companion_missing"]
    assert "GOV_WGI_CC.SR" in parsed.findings[0].message


def test_companions_that_are_refused_together_are_asked_one_by_one(room: Source) -> None:
    planned = task(room, WGI)
    value, beside = planned.requests
    replies = [reply(value, wb_body(wb_row(code=WGI))), reply(beside, wb_message("120", "not valid"))]
    singles = room.follow(planned, replies)
    assert [(request.key, request.url.rsplit("/", 1)[1], request.optional) for request in singles] == [
        ("sources", "GOV_WGI_CC.SR", True), ("std_error", "GOV_WGI_CC.SE", True),
    ]  # fmt: skip
    assert room.follow(planned, replies[:1]) == singles  # refused by HTTP: no reply at all
    replies += [reply(singles[0], wb_message("175", "gone")), reply(singles[1], wb_body(wb_row(value=0.2, code="")))]
    parsed = room.parse(planned, replies)
    assert parsed.observations.select("std_error", "source_detail").row(0) == (0.2, "")
    assert codes(parsed) == ["companion_missing"]


@pytest.mark.parametrize(("number", "words"), [("120", "The provided parameter value is not valid"), ("175", "Gone")])
def test_an_error_message_is_passed_on_in_the_publishers_words(room: Source, number: str, words: str) -> None:
    with pytest.raises(Rejected, match=words) as raised:
        read(room, wb_message(number, words))
    assert raised.value.code == f"message_{number}"
    assert ("source=3" in str(raised.value)) == (number == "175")


@pytest.mark.parametrize("body", [b'[{"page":0,"pages":0,"total":0,"lastupdated":"x"}, []]',
                                  b'[{"page":1,"pages":1,"total":0,"lastupdated":"x"}, null]',
                                  b'[{"page":1,"pages":1,"per_page":"50","total":"0","lastupdated":"x"}]'])  # fmt: skip
def test_no_rows_come_in_three_forms(room: Source, body: bytes) -> None:
    planned = task(room)
    replies = [reply(planned.requests[0], body)]
    assert room.follow(planned, replies) == []
    assert room.parse(planned, replies).observations.is_empty()


def test_values_are_read_as_printed(room: Source) -> None:
    body = wb_body(
        wb_row(date="2020", value="89.0"), wb_row(date="2021", value=""), wb_row(date="2022", value=None),
        wb_row(date="2023", value=0), wb_row(date="2024", value=0), per_page="20000", total="5",
    ).replace(b'"date": "2024", "value": 0', b'"date": "2024", "value": 85.999989540000000')  # fmt: skip
    rows = read(room, body).observations.select("period", "value", "value_text", "status").rows()
    assert rows == [
        ("2020", 89.0, "89.0", "normal"), ("2021", None, "", "missing"), ("2022", None, "", "missing"),
        ("2023", 0.0, "0", "normal"), ("2024", 85.99998954, "85.999989540000000", "normal"),
    ]  # fmt: skip


def test_territories_and_aggregates_keep_what_they_have(room: Source) -> None:
    body = wb_body(
        wb_row(iso3="", name="Anguilla "), wb_row(iso3="WLD", name="World"), wb_row(), wb_row(iso3="", name=""), total=4
    )
    parsed = read(room, body)
    rows = parsed.observations.select("area", "area_scheme", "area_name").rows()
    assert rows == [
        ("Anguilla", "name", "Anguilla"), ("WLD", "iso3", "World"), ("ATA", "iso3", "Antarctica"),
    ]  # fmt: skip
    assert codes(parsed) == ["unreadable_area"]
    assert parsed.rejected == 1


def test_a_repeated_row_is_kept_once_and_a_contradicted_one_not_at_all(room: Source) -> None:
    twice = read(room, wb_body(wb_row(), wb_row(), wb_row(date="2021")))
    assert twice.observations["period"].to_list() == ["2020", "2021"]
    assert codes(twice) == ["duplicate_row"]
    against = read(room, wb_body(wb_row(value=1), wb_row(value=2), wb_row(date="2021"), wb_row(date="2022")))
    assert against.observations["period"].to_list() == ["2021", "2022"]
    assert (codes(against), against.rejected) == (["conflicting_rows"], 2)
    assert "'1' and '2'" in against.findings[0].message


@pytest.mark.parametrize("value", ["12,5", "n/a", True, {"v": 1}])
def test_a_value_that_cannot_be_read_is_left_out_and_said(room: Source, value: object) -> None:
    parsed = read(room, wb_body(wb_row(value=value), wb_row(date="2021")))
    assert parsed.observations["period"].to_list() == ["2021"]
    assert (codes(parsed), parsed.rejected) == (["unreadable_value"], 1)
    assert "Antarctica 2020" in parsed.findings[0].message


def test_a_series_that_is_mostly_unreadable_is_withheld(room: Source) -> None:
    parsed = read(room, wb_body(*(wb_row(date=str(year), value="1,5") for year in range(2000, 2020))))
    last = parsed.findings[-1]
    assert (last.code, last.severity, last.count) == ("mostly_unreadable", "error", 20)
    assert len(parsed.findings) == 7  # five spelled out, the rest counted
    assert sum(finding.count for finding in parsed.findings[:-1]) == 20


def test_a_month_is_not_a_year(room: Source) -> None:
    parsed = read(room, wb_body(wb_row(date="2013M08"), wb_row()))
    assert (parsed.observations.height, codes(parsed)) == (1, ["unreadable_period"])


def test_status_marks_are_kept(room: Source) -> None:
    parsed = read(
        room, wb_body(wb_row(obs_status="E"), wb_row(date="2021", obs_status="?"), wb_row(date="2022", new=1))
    )
    assert parsed.observations.select("status", "footnote").rows() == [
        ("estimated", "obs_status: E"), ("normal", "obs_status: ?"), ("normal", ""),
    ]  # fmt: skip
    assert codes(parsed) == ["unknown_status", "unknown_column"]


def test_a_forecast_is_an_estimate_and_what_is_marked_missing_no_figure(room: Source) -> None:
    marks = (wb_row(obs_status="F"), wb_row(date="2021", obs_status="O", value=0), wb_row(date="2022", value=0))
    parsed = read(room, wb_body(*marks))
    assert parsed.observations.select("value", "status").rows() == [
        (12.5, "estimated"), (None, "missing"), (0.0, "normal"),
    ]  # fmt: skip
    assert codes(parsed) == ["figure_marked_missing"]


def test_a_scale_stands_in_the_unit(room: Source) -> None:
    rows = (wb_row(scale="Millions", unit="US$"), wb_row(date="2021", scale="Units"), wb_row(date="2022", scale=None))
    assert read(room, wb_body(*rows)).observations["unit"].to_list() == ["US$ × 10^6", "", ""]


def test_rows_that_do_not_add_up_are_said(room: Source) -> None:
    assert codes(read(room, wb_body(wb_row(), total=216))) == ["rows_differ_from_total"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (wb_body(wb_row(code="OTHER")), "wrong_series"),
        (b'[{"page":1,"pages":1,"total":1}, [{"id":"COL","name":"Colombia"}]]', "unexpected_shape"),
        (b'[{"page":1,"pages":"many","total":1}, []]', "unexpected_shape"),
        (b'[{"page":1,"pages":1,"total":1}, {"rows": []}]', "unexpected_shape"),
        (b"[]", "unexpected_shape"),
    ],
)
def test_another_shape_is_a_change(room: Source, body: bytes, code: str) -> None:
    with pytest.raises(Changed) as raised:
        read(room, body)
    assert raised.value.code == code


def pages(room: Source, *bodies: bytes, code: str = CODE) -> Sequence[Request]:
    planned = task(room, code)
    first = planned.requests[0]
    asked = [first, *(Request(first.url, {**first.params, "page": str(n)}) for n in range(2, len(bodies) + 1))]
    return room.follow(planned, [reply(r, b) for r, b in zip(asked, bodies, strict=True)])


def test_all_further_pages_are_asked_at_once(room: Source) -> None:
    assert [request.params["page"] for request in pages(room, wb_body(wb_row(), pages=3, total=5))] == ["2", "3"]


def test_estimates_and_standard_errors_of_two_editions_are_not_mixed(room: Source) -> None:
    planned = task(room, WGI)
    bodies = wb_body(wb_row(code=WGI)), wb_body(wb_row(code="GOV_WGI_CC.SE"), lastupdated="2025-01-01")
    with pytest.raises(Changed) as raised:
        room.follow(planned, [reply(r, b) for r, b in zip(planned.requests, bodies, strict=True)])
    assert raised.value.code == "totals_changed"
