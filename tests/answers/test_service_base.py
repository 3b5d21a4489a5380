"""What every answer stands on, mostly without a dataset: cache, look-ups, lines for the eye, cells of files, words."""

import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from threading import Event
from typing import Any, cast

import pytest
from fastapi import Request
from hypothesis import given
from hypothesis import strategies as st

from dashboard.analysis.charts.registry import KINDS
from dashboard.analysis.charts.sparkline import NONE, draw_count_bars, draw_sparkline
from dashboard.analysis.reports.csv_text import write_header, write_line
from dashboard.answers.base.cache import BytesCache, cached, find_cached, forget_older, kept
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Invalid, Unknown
from dashboard.answers.base.lookup import find_countries, find_country, find_goal, find_metric, find_target
from dashboard.answers.base.spelling import allow_slips, fold_spelling, split_words
from dashboard.answers.base.words import format_years
from dashboard.answers.charts.query import MAX_COUNTRIES_APART, ask_chart
from dashboard.answers.charts.url import parse_url, write_url
from dashboard.answers.files.compare_file import check_question
from dashboard.answers.files.extract import extract_chart, extract_observations
from dashboard.answers.holdings.observations import Selection
from dashboard.answers.wording.changes import change_text, describe_change_since_base, format_difference
from dashboard.evidence.codebook import load_codebook
from dashboard.interfaces.api.answers import FOREVER, LIVE, encode_json, is_unchanged, may_compress
from dashboard.runtime.templates import moment
from tests.answers.published import ask_nothing_held

MANY = tuple(sorted(load_codebook().countries))


def asking(lang: str = "en") -> Context:
    """A context of which only codebook and language are looked at."""
    return ask_nothing_held(lang)


# The cache


def test_bytes_used_least_recently_make_room() -> None:
    cache = BytesCache(88)
    for key in "abcdefgh":
        cache.put(key, b"0123456789")  # eight times eleven is just what there is room for
    assert cache.get("a") == b"0123456789"
    cache.put("i", b"1")
    assert [key for key in "abcdefghi" if cache.get(key) is None] == ["b"]


def test_what_takes_more_than_an_eighth_is_not_kept() -> None:
    cache = BytesCache(88)
    cache.put("j", b"0123456789")
    cache.put("m", b"01234567890")
    assert (cache.get("j"), cache.get("m")) == (b"0123456789", None)


def test_a_key_counts_too() -> None:
    """An address of 60 kB with an answer of one would be kept two thousand times."""
    cache = BytesCache(88)
    cache.put(("x" * 50, 1), b"1")
    assert cache.get(("x" * 50, 1)) is None
    for at in range(30):
        cache.put(("xxxxxxxx", at), b"1")
    assert sum(cache.get(("xxxxxxxx", at)) is not None for at in range(30)) == 9


def test_bytes_put_again_count_once() -> None:
    cache = BytesCache(88)
    for _ in range(20):
        cache.put("s", b"0123456789")
    for key in "abcdefg":
        cache.put(key, b"0123456789")
    assert cache.get("s") is not None
    cache.put("h", b"0123456789")
    assert cache.get("a") is None


def test_an_answer_is_kept_by_every_part_of_its_question_and_given_as_a_copy() -> None:
    asked: list[tuple[object, ...]] = []

    @cached
    def question(one: str, two: int = 2, *, three: bool = False) -> list[object]:
        asked.append((one, two, three))
        return [one, two]

    @cached
    def other(one: str, two: int = 2) -> list[object]:
        return ["other", one, two]

    question("a").append("changed by a reader")
    assert question("a") == question("a", 2) == question(one="a", two=2) == ["a", 2]
    assert question("b") == ["b", 2]
    assert question("a", 3) == ["a", 3]
    assert other("a") == ["other", "a", 2]
    assert asked == [("a", 2, False), ("b", 2, False), ("a", 3, False)]


# Look-ups


def test_a_country_is_found_by_its_code_alone_and_others_are_named() -> None:
    ctx = asking()
    assert find_country(ctx, " aze ").iso3 == "AZE"
    assert find_countries(ctx, ["GEO", "aze", "geo"]) == ("GEO", "AZE")
    two, number = "alpha-2 code; use the", "M49 code; use the ISO"
    for asked, kind in (("AZ", two), ("az", two), ("31", number), ("031", number)):
        with pytest.raises(Invalid, match=f"{kind} alpha-3 code AZE"):
            find_country(ctx, asked)


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("Azerbaijan", ("AZE",)),
        ("Azerbajan", ("AZE",)),
        ("AZR", ("AZE",)),
        *((code, ()) for code in ("XXX", "XX", "XYZ", "ZZZ")),
        ("AZ3Z", ("AZE",)),
        ("Q", ()),
        ("Zi", ()),
        ("Zim", ("ZWE",)),
    ],
)
def test_an_unknown_country_is_answered_with_those_near_in_spelling(asked: str, near: tuple[str, ...]) -> None:
    with pytest.raises(Unknown) as unknown:
        find_country(asking(), asked)
    assert tuple(unknown.value.suggestions) == near


def test_an_unknown_indicator_goal_or_target_is_answered_with_three_at_most() -> None:
    with pytest.raises(Unknown) as unknown:
        find_metric(asking(), "wgi_c")
    assert unknown.value.suggestions[0] == "wgi_cc"
    assert len(unknown.value.suggestions) == 3
    with pytest.raises(Unknown) as unknown:
        find_metric(asking("fr"), "Indice de maturité GovTech")
    assert unknown.value.suggestions[0] == "gtmi_overall"
    with pytest.raises(Unknown) as unknown:
        find_goal(asking(), 18)
    assert tuple(unknown.value.suggestions) == ("1–17",)
    assert find_goal(asking(), 17).number == 17
    assert find_target(asking(), " 16.B ").code == "16.b"


# A line for the eye


def test_a_line_fills_its_drawing_from_the_first_year_to_the_last() -> None:
    drawn = draw_sparkline([(2010, 1.0), (2015, 3.0), (2020, 2.0)])
    assert drawn == {"path": "M3 25L60 3L117 14", "x": 117.0, "y": 14.0, "first": "2010", "last": "2020"}
    assert draw_sparkline([(2010, 1.0), (2020, 2.0)], stepped=True)["path"] == "M3 25H117V3"


def test_one_point_is_no_line_and_a_still_one_lies_at_the_bottom() -> None:
    assert draw_sparkline([(2010, 1.0)]) == NONE
    assert draw_sparkline([(2010, 5.0), (2020, 5.0)])["path"] == "M3 25L117 25"
    assert draw_sparkline([(2010, 1.0), (2010, 2.0)])["path"] == "M3 25L3 3"


def test_no_line_runs_over_what_is_not_known() -> None:
    drawn = draw_sparkline([(2005, 3.0)], [(2015, 1.0), (2025, 2.0)])
    assert drawn == {
        "path": "M2 3a1 1 0 1 0 2 0a1 1 0 1 0-2 0M60 25L117 14",
        "x": 117.0,
        "y": 14.0,
        "first": "2005",
        "last": "2025",
    }


# Spelling and cells


def test_letters_of_all_languages_agree_in_plain_spelling() -> None:
    assert fold_spelling("Şəki") == fold_spelling("seki") == "seki"
    assert split_words("16.6.2 الخدمات") == ("16.6.2", "خدمات")
    assert [allow_slips(length) for length in (3, 4, 7, 8)] == [0, 1, 1, 2]


def test_a_cell_is_a_figure_or_harmless() -> None:
    assert write_header(["a", "b"]) == "a,b\r\n"
    row = {"a": None, "b": True, "c": False, "d": -0.95, "e": "=1+1", "f": "-0.95", "g": "\u200b+x", "h": 3}
    assert write_line(row, list(row)) == ",true,false,-0.95,'=1+1,-0.95,'\u200b+x,3\r\n"


# What changed


def figure(year: int | None, value: float | None, error: float | None = None, **other: Any) -> dict[str, Any]:
    """A row of one series, as far as a change looks at it."""
    same = {"indicator": "wgi_cc", "country": "AZE", "dimensions": "{}", "source": "s", "series": "x"}
    return same | {"unit": "score", "edition": "e", "status": "normal", "year": year, "value": value,
                   "std_error": error} | other  # fmt: skip


def changed(metric: str, *rows: dict[str, Any]) -> tuple[str, str]:
    told = describe_change_since_base(asking(), load_codebook().metrics[metric], cast(Sequence[Any], rows))
    return told.kind, told.text.replace("\xa0", " ")


def test_a_difference_has_its_sign_and_shares_differ_in_percentage_points() -> None:
    def told(metric: str, difference: float) -> str:
        return format_difference(asking(), load_codebook().metrics[metric], difference).replace("\xa0", " ")

    assert told("internet_users", 1.5) == "+1.5 percentage points"
    assert told("internet_users", -1.5) == "−1.5 percentage points"
    assert told("nhri_status_a", 1) == "+1"


@pytest.mark.parametrize(("metric", "year"), [("wgi_cc", 2012), ("wgi_ge", 2015)])
def test_a_change_is_said_from_its_base_year_on_and_only_outside_its_error(metric: str, year: int) -> None:
    """Control of corruption from the year of the first centre, every other indicator from 2015."""
    before, base, last = figure(year - 1, -2.0, 0.1), figure(year, -0.9, 0.1), figure(2023, -0.4, 0.1)
    kind, text = changed(metric, before, base, last)
    assert kind == "rise"
    assert "0.50" in text
    assert str(year) in text
    assert str(year - 1) not in text
    assert changed(metric, base | {"value": -0.4}, last | {"value": -0.9})[0] == "fall"
    assert changed(metric, base, last | {"value": -0.8})[0] == "unclear"
    assert changed(metric, base, last | {"std_error": None})[0] == "error_unknown"
    assert changed(metric, before, base) == changed(metric, base) == ("", "")
    assert changed(metric, base, figure(2020, None), figure(None, 1.0)) == ("", "")


def test_a_yes_or_no_is_gained_lost_or_the_same_and_points_have_no_change() -> None:
    answers, points = (load_codebook().metrics[name] for name in ("nhri_status_a", "egdi"))
    assert (answers.unit, answers.line, points.unit, points.line) == ("yes_no", False, "index", False)
    no, yes = figure(2015, 0.0), figure(2020, 1.0)

    def kind(earlier: dict[str, Any], later: dict[str, Any]) -> str:
        return change_text(asking(), answers, cast(Any, earlier), cast(Any, later)).kind

    assert (kind(no, yes), kind(yes | {"year": 2015}, no | {"year": 2020})) == ("rise", "fall")
    assert kind(no, no | {"year": 2020}) == "same"
    told = change_text(asking(), points, cast(Any, no), cast(Any, yes))
    assert (told.kind, told.text != "") == ("", True)


# How much may be asked


def test_as_many_countries_and_indicators_as_are_allowed_and_not_one_more() -> None:
    four = ("wgi_cc", "wgi_ge", "wgi_rl", "wgi_rq")
    question = (four, MANY[:MAX_COUNTRIES_APART], 2010, 2020)
    assert check_question(asking(), question) == question
    with pytest.raises(Invalid, match=f"At most {MAX_COUNTRIES_APART}"):
        check_question(asking(), (four, MANY[: MAX_COUNTRIES_APART + 1], None, None))
    for some in ((), (*four, "wgi_va")):
        with pytest.raises(Invalid, match="One to four"):
            check_question(asking(), (some, MANY[:2], None, None))


@pytest.mark.parametrize("kind", ["trend", "ranking"])
def test_a_chart_tells_so_many_countries_apart_and_not_one_more(kind: str) -> None:
    most = KINDS[kind].most
    assert ask_chart(asking(), kind, "wgi_cc", MANY[:most]).countries == MANY[:most]
    with pytest.raises(Invalid, match=f"tells {most} countries apart; {most + 1} were"):
        ask_chart(asking(), kind, "wgi_cc", MANY[: most + 1])


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [(2012, 2023, "2012 to 2023"), (2012, 2012, "2012"), (None, 2023, ""), (2012, None, ""), (None, None, "")],
)
def test_a_span_of_years_has_both_its_ends(first: int | None, last: int | None, words: str) -> None:
    assert format_years(first, last, "en") == words


def test_from_is_the_first_year_and_to_the_last_and_what_is_no_year_is_neither() -> None:
    given = {"indicator": "wgi_cc", "country": "AZE,GEO", "from": "2010", "to": "2020"}
    asked = parse_url(asking(), write_url("trend", given))
    assert (asked.first, asked.last, asked.countries) == (2010, 2020, ("AZE", "GEO"))
    asked = parse_url(asking(), write_url("trend", given | {"from": "20100", "to": "now"}))
    assert (asked.first, asked.last) == (None, None)


@pytest.mark.usefixtures("handmade")
@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (None, None, [2015, 2015, 2023, 2023, 2023]), (2016, None, [2023, 2023, 2023]), (None, 2022, [2015, 2015]),
        (2023, 2023, [2023, 2023, 2023]), (2015, 2015, [2015, 2015]), (2016, 2022, []),
    ],
)  # fmt: skip
def test_a_period_holds_from_its_first_year_to_its_last_in_rows_and_in_files(
    first: int | None, last: int | None, expected: list[int]
) -> None:
    chosen = Selection(("wgi_cc",), ("AZE", "GEO", "ROU"), first, last)
    file = extract_observations(open_context(), chosen)
    assert sorted(int(row["period"]) for row in file.rows) == expected
    assert file.total == len(expected)
    if expected:
        drawn = extract_chart(ask_chart(open_context(), "trend", "wgi_cc", ("AZE", "GEO", "ROU"), first, last))
        assert sorted(int(row["period"]) for row in drawn.rows if row["value"] is not None) == expected
        told = {name: value for name, value in file.filters.items() if name in ("from", "to")}
        assert told == {name: str(year) for name, year in (("from", first), ("to", last)) if year}


# How an answer leaves


def request(**headers: str) -> Request:
    """A request with these headers."""
    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "headers": sent, "query_string": b""})


@pytest.mark.parametrize(
    ("accepts", "takes"),
    [
        ("gzip", True), ("br, gzip;q=0.1", True), ("gzip;q=0", False), ("*", True), ("br", False), ("gzip;q=x", False),
        ("", False), ("br, gzip", True), ("br, GZIP;q=0", False), ("gzip; q=0.001", True), ("gzip;q=0.0, *", False),
        ("br;q=1", False),
    ],
)  # fmt: skip
def test_gzip_is_given_to_those_who_take_it(accepts: str, takes: bool) -> None:
    assert may_compress(request(accept_encoding=accepts)) is takes


@pytest.mark.parametrize(
    ("has", "same"), [('"a"', True), ('W/"a"', True), ('"b", "a"', True), ("*", True), ('"b"', False), ("", False)]
)
def test_bytes_that_are_there_are_not_sent_again(has: str, same: bool) -> None:
    assert is_unchanged(request(if_none_match=has), '"a"') is same


def test_an_answer_is_compact_and_never_says_nan() -> None:
    assert encode_json({"a": [1, "é"]}) == '{"a":[1,"é"]}'.encode()
    for no_number in ("nan", "inf", "-inf"):
        with pytest.raises(ValueError, match="not JSON compliant"):
            encode_json({"a": ["NaN", float(no_number)]})
    text = {"said": ["NaN", "-Infinity", '\u2028 "quoted" \\ \x01 😀'], "n": [None, True, 7, -0.0]}
    assert json.loads(encode_json(text)) == text
    assert "must-revalidate" in LIVE
    assert "immutable" in FOREVER


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_read_as_it_was_written(value: float) -> None:
    assert json.loads(encode_json(value)) == value


def test_what_was_made_of_a_dataset_is_forgotten_with_it() -> None:
    made: list[str] = []

    @kept(2)
    def note(version: str) -> str:
        made.append(version)
        return version

    @cached
    def answer(version: str) -> list[str]:
        return [note(version)]

    for version in ("1", "1", "2", "2"):
        forget_older(version)
        assert answer(version) == [note(version)] == [version]
    assert made == ["1", "2"]
    forget_older("1")
    assert answer("1") == ["1"]
    assert made == ["1", "2", "1"]


def test_what_is_held_is_handed_out_and_nothing_is_made() -> None:
    made: list[str] = []

    @cached
    def large(name: str) -> str:
        made.append(name)
        return name.upper()

    assert find_cached(lambda: large("a")) is None
    assert made == []
    assert large("a") == "A", "what is asked otherwise is made"
    assert find_cached(lambda: large("a")) == "A"
    assert find_cached(lambda: (large("a"), large("b"))) is None
    assert made == ["a"]
    with pytest.raises(ZeroDivisionError):
        find_cached(lambda: 1 / 0)
    assert large("b") == "B", "after a fault, too"


@pytest.mark.parametrize("keep", [kept(8), cached])
def test_what_many_ask_for_at_once_is_made_once(keep: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    made: list[str] = []
    asked = Event()

    @keep
    def slow(name: str) -> str:
        made.append(name)
        assert asked.wait(10)
        if made == ["wrong"]:
            raise ValueError(name)
        return name.upper()

    def ask(name: str) -> str:
        try:
            return str(slow(name))
        except ValueError as error:
            return f"no {error}"

    for name, answer in (("wrong", "no wrong"), ("right", "RIGHT")):
        asked.clear()
        with ThreadPoolExecutor(8) as pool:
            answers = [pool.submit(ask, name) for _ in range(8)]
            time.sleep(0.2)  # by then all have asked
            asked.set()
            assert {one.result(10) for one in answers} == {answer}
        assert made.count(name) == 1
    assert ask("wrong") == "WRONG", "what failed is tried again"


def test_a_moment_is_said_in_utc_and_to_the_minute() -> None:
    there = datetime(2026, 3, 31, 1, 30, 59, tzinfo=timezone(timedelta(hours=4)))
    assert [moment(one).strip("\u2066\u2069") for one in (there, there.astimezone(UTC), None)] == [
        "2026-03-30 21:30 UTC", "2026-03-30 21:30 UTC", "",
    ]  # fmt: skip


def test_counts_are_bars_from_the_ground_on_one_height() -> None:
    drawn = draw_count_bars([(2010, 14), (2012, 7)], 14)
    assert (drawn["first"], drawn["last"]) == ("2010", "2012")
    assert drawn["path"] == "M3.0 25v-22.0h13.3v22.0zM79.0 25v-11.0h13.3v11.0z"  # 2011 has none: a gap
    assert draw_count_bars([(2010, 20)], 14)["path"] == "M3.0 25v-22.0h13.3v22.0z"  # never above the frame, no span
    assert draw_count_bars([], 14) == draw_count_bars([(2010, 1)], 0) == NONE
