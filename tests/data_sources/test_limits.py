"""Every limit of reading publishers exactly at, one below and one above; orders, natures, last pages."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_sources.contract import Reply, Request
from data_sources.errors import Changed, Rejected, Retriable
from data_sources.fetching.conditional import CLOCK_TOLERANCE, ask_if_changed, confirm_reply, is_dated_ahead
from data_sources.fetching.failures import explain_status, parse_http_date, retry_after
from data_sources.fetching.http import HttpClient, HttpLimits
from data_sources.fetching.paging import ReplyPage, list_missing_pages, read_count
from data_sources.figures import read_figure, read_number
from data_sources.observations import Noticed, Row, build_frame, canonicalise, drop_duplicates, finish_parsing
from data_sources.sites import Site, read_sites
from data_sources.un_sdg.codes import NATURES, find_wholes, rank_nature
from data_sources.un_sdg.rows import drop_repeated_rows, read_area_code
from data_sources.world_bank.codes import find_current_code, list_companions, split_batches, split_governance_code
from tests.data_sources.server import Publisher, Scripted, json_reply

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def reply(**given: Any) -> Reply:
    held: dict[str, Any] = {
        "request": Request("http://x.test/data", {"area": "31"}), "url": "http://x.test/data", "status": 200,
        "headers": {}, "body": b"{}", "sha256": "0" * 64, "retrieved_at": NOW,
    }  # fmt: skip
    return Reply(**held | given)


# Pages of one answer


def page(number: int, pages: int, *, asked: int | None = None, state: tuple[str, ...] = ("10", "v1")) -> ReplyPage:
    params = {"area": "31"} | ({} if number == 1 else {"page": str(asked or number)})
    return ReplyPage(reply(request=Request("http://x.test/data", params)), number, pages, state)


@pytest.mark.parametrize("pages", [0, 1, 2, 3, 999, 1000])
def test_every_page_from_the_second_to_the_last_is_asked_for(pages: int) -> None:
    asked = list_missing_pages([page(1, pages)])
    assert [one.params for one in asked] == [{"area": "31", "page": str(n)} for n in range(2, pages + 1)]


def test_pages_that_are_here_are_not_asked_for_again() -> None:
    assert [one.params["page"] for one in list_missing_pages([page(1, 5), page(5, 5), page(3, 5)])] == ["2", "4"]
    assert list_missing_pages([page(1, 2), page(2, 2)]) == []


def test_more_than_a_thousand_pages_are_no_answer() -> None:
    with pytest.raises(Changed, match="1001 pages are more than 1000") as refused:
        list_missing_pages([page(1, 1001)])
    assert refused.value.code == "too_many_pages"


@pytest.mark.parametrize(
    ("further", "code", "words"),
    [
        (
            page(2, 3, state=("11", "v1")),
            "totals_changed",
            "page 1 speaks of 10 / v1 in 3 pages, page 2 of 11 / v1 in 3",
        ),
        (page(2, 3, state=("10", "v2")), "totals_changed", "page 2 of 10 / v2 in 3"),
        (page(3, 4), "totals_changed", "in 3 pages, page 3 of 10 / v1 in 4"),
        (page(2, 3, asked=3), "wrong_page", "page 3 was asked, page 2 came"),
    ],
)
def test_pages_of_other_states_or_numbers_are_not_mixed(further: ReplyPage, code: str, words: str) -> None:
    with pytest.raises(Changed, match=words) as refused:
        list_missing_pages([page(1, 3), further])
    assert refused.value.code == code


@pytest.mark.parametrize(("text", "count"), [("0", 0), ("7", 7), ("0012", 12)])
def test_a_count_is_a_whole_number(text: str, count: int) -> None:
    assert read_count(text, "total", reply()) == count


@pytest.mark.parametrize("text", ["", "-1", "1.0", " 1", "١", "²", None, 3, True])
def test_whatever_else_is_no_count(text: object) -> None:
    with pytest.raises(Changed, match=r"total is .*, not a number"):
        read_count(text, "total", reply())


# How much and how often


OPEN = HttpLimits(max_bytes=1000, attempts=1, backoff=0.01, max_retry_after=120.0)


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize(("size", "well"), [(999, True), (1000, True), (1001, False)])
async def test_a_reply_may_be_as_large_as_the_limit(publisher: Publisher, size: int, well: bool, told: bool) -> None:
    body = b"x" * size if told else b"y" * size
    publisher.on("/data", json_reply(body))
    async with HttpClient(OPEN, {publisher.host: 4}) as client:
        if well:
            assert (await client.get(Request(f"{publisher.url}/data"))).body == body
        else:
            with pytest.raises(Changed, match="the reply is larger than 1000 bytes"):
                await client.get(Request(f"{publisher.url}/data"))


@pytest.mark.parametrize(("hops", "well"), [(0, True), (4, True), (5, True), (6, False)])
async def test_so_many_redirects_are_followed(publisher: Publisher, hops: int, well: bool) -> None:
    for n in range(hops):
        publisher.on(f"/hop{n}", Scripted(status=302, headers={"Location": f"/hop{n + 1}"}))
    publisher.on(f"/hop{hops}", json_reply(b"{}"))
    async with HttpClient(OPEN, {publisher.host: 4}) as client:
        if well:
            assert (await client.get(Request(f"{publisher.url}/hop0"))).url == f"{publisher.url}/hop{hops}"
        else:
            with pytest.raises(Rejected, match="more than 5 redirects"):
                await client.get(Request(f"{publisher.url}/hop0"))


@pytest.mark.parametrize("attempts", [1, 2, 3])
async def test_it_is_tried_so_many_times_in_all(publisher: Publisher, attempts: int) -> None:
    publisher.on("/data", *[Scripted(status=503)] * attempts, json_reply(b"{}"))
    async with HttpClient(replace(OPEN, attempts=attempts), {publisher.host: 4}) as client:
        with pytest.raises(Retriable):
            await client.get(Request(f"{publisher.url}/data"))
    assert len(publisher.asked) == attempts


@pytest.mark.parametrize(
    ("status", "kind"),
    [(201, Changed), (204, Changed), (301, Changed), (399, Changed), (400, Rejected), (404, Rejected), (407, Rejected),
     (408, Retriable), (409, Rejected), (428, Rejected), (429, Retriable), (430, Rejected), (499, Rejected),
     (500, Retriable), (503, Retriable), (599, Retriable)],
)  # fmt: skip
def test_what_a_status_means(status: int, kind: type[Exception]) -> None:
    answer = httpx.Response(status, request=httpx.Request("GET", "http://x.test/"))
    error = explain_status(answer, 120.0)
    assert (type(error), getattr(error, "code", "")) == (kind, f"http_{status}")
    assert explain_status(httpx.Response(200, request=answer.request), 120.0) is None


@pytest.mark.parametrize(("wait", "long"), [(119, False), (120, False), (121, True)])
def test_a_wait_that_is_longer_than_ours_is_said(wait: int, long: bool) -> None:
    asked = httpx.Request("GET", "http://x.test/")
    error = explain_status(httpx.Response(503, headers={"Retry-After": str(wait)}, request=asked), 120.0)
    assert isinstance(error, Retriable)
    assert error.retry_after == wait
    assert (f"asks to wait {wait} s, longer than the 120 s we wait" in str(error)) is long


@pytest.mark.parametrize(
    ("header", "seconds"), [(None, None), ("0", 0), ("7", 7), (" 7 ", 7), ("-7", None), ("1.5", None), ("soon", None)]
)
def test_seconds_to_wait(header: str | None, seconds: float | None) -> None:
    assert retry_after(header) == seconds


def test_a_date_to_wait_for_is_in_hours_and_minutes_from_now() -> None:
    later = datetime.now(UTC) + timedelta(hours=2)
    assert retry_after(format_datetime(later, usegmt=True)) == pytest.approx(7200, abs=30)
    assert retry_after(format_datetime(later - timedelta(days=1), usegmt=True)) == 0
    assert parse_http_date("Thu, 26 Nov 2026 12:00:00 GMT") == NOW
    assert parse_http_date("Thu, 26 Nov 2026 14:00:00 +0200") == NOW
    assert parse_http_date("Thu, 26 Nov 2026 12:00:00 -0000") == NOW
    assert parse_http_date("yesterday") is None


# Only what has changed


@pytest.mark.parametrize(
    ("ahead", "used"),
    [(-SECOND, True), (CLOCK_TOLERANCE, True), (CLOCK_TOLERANCE + SECOND, False), (timedelta(0), True)],
)
def test_a_date_may_be_ahead_of_our_clock_by_a_minute(ahead: timedelta, used: bool) -> None:
    modified = format_datetime(NOW + ahead, usegmt=True)
    held = reply(headers={"last-modified": modified, "etag": '"a"'})
    assert timedelta(minutes=1) == CLOCK_TOLERANCE
    assert is_dated_ahead(held) is not used
    assert ask_if_changed(held) == {"If-None-Match": '"a"'} | ({"If-Modified-Since": modified} if used else {})


def test_what_is_confirmed_keeps_its_marks_but_for_those_that_are_new() -> None:
    held = reply(headers={"etag": '"a"', "last-modified": "then", "x": "y"})
    again = confirm_reply(held, {"etag": '"b"', "last-modified": "", "other": "z"})
    assert again.headers == {"etag": '"b"', "last-modified": "then", "x": "y"}
    assert (again.status, again.body, again.sha256) == (304, b"", held.sha256)
    assert again.retrieved_at > held.retrieved_at or datetime.now(UTC) < held.retrieved_at
    assert ask_if_changed(None) == ask_if_changed(reply()) == {}


# One printed figure


MISSING = ("missing", None, None, None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, MISSING), ("", MISSING), (" ", MISSING), ("..", MISSING), ("x", ("not_applicable", None, None, None)),
        ("0", ("normal", 0.0, None, None)), ("-1.5", ("normal", -1.5, None, None)),
        (" 7 ", ("normal", 7.0, None, None)), ("<5", ("censored", None, None, 5.0)),
        ("<= 5", ("censored", None, None, 5.0)), ("≤5", ("censored", None, None, 5.0)),
        (">95", ("censored", None, 95.0, None)), (">=95", ("censored", None, 95.0, None)),
        ("≥ 95", ("censored", None, 95.0, None)),
        ("1,5", None), ("<", None), ("<<5", None), ("5>", None), ("about 5", None), ("nan", None), ("1e999", None),
    ],
)  # fmt: skip
def test_a_figure_is_a_number_a_bound_or_a_mark(text: str | None, said: tuple[Any, ...] | None) -> None:
    figure = read_figure(text, {"..": "missing", "x": "not_applicable"})
    assert (figure and (figure.status, figure.value, figure.lower, figure.upper)) == said
    if figure is not None:
        assert (figure.text, figure.columns()["value_text"]) == (text or "", figure.text)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9))
def test_any_plain_number_is_read_as_printed(number: Any) -> None:
    read = read_number(f"{number}")
    assert read == float(number)
    assert str(read) != "-0.0"


# Rows


def row(period: str = "2020", value: float | None = 5.0, **given: Any) -> Row:
    return Row("S", "031", "m49", "Land", period, value=value, value_text=str(value), **given)


@pytest.mark.parametrize("many", [1, 4, 5, 6, 9])
def test_five_findings_of_a_kind_are_spelled_out_and_the_others_counted(many: int) -> None:
    noticed = Noticed("S")
    for n in range(many):
        noticed.reject("odd", f"row {n}", rows=2)
        noticed.add("odd", "info", f"said {n}")
    found = [one for one in noticed.findings() if one.severity == "warning"]
    assert [one.message for one in found[:5]] == [f"row {n}" for n in range(min(many, 5))]
    assert [(one.message, one.count) for one in found[5:]] == (
        [(f"{many - 5} more of the same kind", many - 5)] if many > 5 else []
    )
    assert noticed.rejected == 2 * many


@pytest.mark.parametrize(("kept", "rejected", "error"), [(2, 1, False), (2, 2, False), (2, 3, True), (0, 1, True)])
def test_more_rows_left_out_than_kept_are_another_form(kept: int, rejected: int, error: bool) -> None:
    noticed = Noticed("S")
    noticed.reject("odd", "cannot be read", rows=rejected)
    found = finish_parsing([row(str(2000 + n)) for n in range(kept)], "ed", noticed)
    assert (found.rejected, found.edition, found.observations.height) == (rejected, "ed", kept)
    said = [(one.severity, one.message, one.count) for one in found.findings if one.code == "mostly_unreadable"]
    words = f"{rejected} rows cannot be read and {kept} can: the publisher may have changed the form"
    assert said == ([("error", words, rejected)] if error else [])


def test_one_figure_twice_is_one_and_two_figures_are_none() -> None:
    noticed = Noticed("S")
    rows = [
        row("2020", 7.0), row("2021", 1.0), row("2020", 7.0), row("2021", 2.0), row("2022", 3.0),
        row("2022", 3.0, dimensions='{"Sex":"F"}'), row("2023", 4.0, lower=1.0), row("2023", 4.0, lower=2.0),
        row("2024", None), row("2024", None),
    ]  # fmt: skip
    left = drop_duplicates(rows, noticed)
    assert [(one.period, one.value, one.dimensions) for one in left] == [
        ("2020", 7.0, "{}"), ("2022", 3.0, "{}"), ("2022", 3.0, '{"Sex":"F"}'), ("2024", None, "{}"),
    ]  # fmt: skip
    assert noticed.rejected == 4
    said = [one.message for one in noticed.findings()]
    assert "Land 2020 came 2 times with one figure: kept once" in said
    assert "Land 2021 has '1.0' and '2.0': none is used" in said


@given(st.dictionaries(st.text(max_size=4), st.text(max_size=4), max_size=4), st.randoms())
def test_a_breakdown_is_written_in_one_way_whatever_its_order(dimensions: dict[str, str], dice: random.Random) -> None:
    names = list(dimensions)
    dice.shuffle(names)
    assert canonicalise({name: dimensions[name] for name in names}) == canonicalise(dimensions)
    assert (canonicalise(dimensions) == "{}") is (dimensions == {})


def test_a_frame_has_the_columns_of_its_rows() -> None:
    one = row("2020", 7.0, lower=6.0, upper=8.0, unit="percent", nature="E", edition="1")
    (said,) = build_frame([one]).rows(named=True)
    assert {name: said[name] for name in ("series", "area", "area_scheme", "area_name", "period")} == {
        "series": "S", "area": "031", "area_scheme": "m49", "area_name": "Land", "period": "2020",
    }  # fmt: skip
    assert (said["lower"], said["value"], said["upper"], said["unit"], said["nature"]) == (
        6.0,
        7.0,
        8.0,
        "percent",
        "E",
    )
    assert build_frame([]).height == 0


# Natures and codes of publishers


def test_country_data_come_before_estimates_and_facts_stay_in_their_order() -> None:
    assert NATURES == ("C", "CA", "E", "M", "G", "N")
    assert sorted(["X", *reversed(NATURES)], key=rank_nature) == [*NATURES, "X"]
    noticed = Noticed("S")
    rows = [row("2021", float(n), nature=nature) for n, nature in enumerate(["X", "N", "G", "M", "E", "CA", "C"])]
    rows += [row("2020", 9.0, nature="G"), row("2020", 8.0, nature="C"), row("2020", 8.0, nature="C")]
    left = drop_repeated_rows(rows, noticed)
    assert [(one.period, one.nature) for one in left] == [
        *(("2021", nature) for nature in (*NATURES, "X")), ("2020", "C"), ("2020", "G"),
    ]  # fmt: skip
    said = {one.code: (one.message, one.count) for one in noticed.findings()}
    assert said["several_figures"] == ("7 figures stand beside another of the same area, year and breakdown", 7)
    assert said["duplicate_row"][0] == "M49 031 2020 {} came 2 times: kept once"


@pytest.mark.parametrize("apart", ["nature", "source_detail", "unit", "footnote"])
def test_figures_told_apart_by_any_of_these_are_both_kept(apart: str) -> None:
    noticed = Noticed("S")
    assert len(drop_repeated_rows([row("2020", 1.0, **{apart: "C"}), row("2020", 2.0, **{apart: "E"})], noticed)) == 2
    assert drop_repeated_rows([row("2020", 1.0, **{apart: "C"}), row("2020", 2.0, **{apart: "C"})], noticed) == []
    assert noticed.rejected == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [("4", "004"), ("31", "031"), (" 268 ", "268"), ("1000", None), ("", None), ("٣", None), ("A", None)],
)
def test_an_area_is_three_digits(text: str, code: str | None) -> None:
    assert read_area_code(text) == code


def test_what_stands_for_the_whole_is_of_the_series_or_named() -> None:
    assert find_wholes("SG_REG_BRTH", {}) == {"Age": "<5Y"}
    assert find_wholes("SG_REG_BRTH", {"Age": "X", "Sex": "F", "release": "1", "note": "n"}) == {"Age": "X", "Sex": "F"}
    assert find_wholes("OTHER", {}) == {}


def test_codes_of_governance_have_their_companions() -> None:
    assert [find_current_code(code) for code in ("CC.EST", "CC.STD.ERR", "VA.NO.SRC", "CC.PER.RNK", "SP.POP")] == [
        "GOV_WGI_CC.EST", "GOV_WGI_CC.SE", "GOV_WGI_VA.SR", "CC.PER.RNK", "SP.POP",
    ]  # fmt: skip
    assert split_governance_code("CC.EST") == split_governance_code("GOV_WGI_CC.EST") == ("CC", "EST")
    assert [split_governance_code(code) for code in ("SP.POP", "GOV_WGI_CC", "XX.EST")] == [None, None, None]
    assert list_companions("RL.EST") == {"std_error": "GOV_WGI_RL.SE", "sources": "GOV_WGI_RL.SR"}
    assert list_companions("GOV_WGI_RL.SC") == {
        "lower": "GOV_WGI_RL.SC_LB", "upper": "GOV_WGI_RL.SC_UB", "sources": "GOV_WGI_RL.SR",
    }  # fmt: skip
    assert list_companions("SP.POP") == {}


@pytest.mark.parametrize(
    ("codes", "sizes"),
    [
        ([], []), (["x"] * 60, [60]), (["x"] * 61, [60, 1]), (["x"] * 121, [60, 60, 1]),
        (["x" * 749, "y" * 750], [2]), (["x" * 750, "y" * 750], [1, 1]), (["x" * 2000], [1]),
    ],
)  # fmt: skip
def test_one_request_asks_for_so_many_codes(codes: list[str], sizes: list[int]) -> None:
    found = list(split_batches(codes))
    assert [len(one) for one in found] == sizes
    assert [code for one in found for code in one] == codes
    assert all(len(";".join(one)) <= 1500 for one in found if len(one) > 1)


def test_a_site_that_is_known_keeps_what_is_not_named_anew() -> None:
    known = [Site(id="kaz", title="T", country="KAZ", areas=("KZ",), base_url="https://a.test", language="kk")]
    (site,) = read_sites("room", [{"id": "kaz", "base_url": "https://b.test/"}], known)
    assert site == replace(known[0], base_url="https://b.test")
    assert [site.stands_for_country(code) for code in ("KAZ", "KZ", "K", "")] == [True, True, False, False]
    both = read_sites("room", [{"id": "uga", "repository_url": "https://c.test", "areas": ["UG"]}], known)
    assert [one.id for one in both] == ["kaz", "uga"]
    assert (both[1].areas, both[1].redistribution) == (("UG",), "no")
