"""The address is the state: what a reader sets is what the address says, and the other way round."""

from dataclasses import replace
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.answers.changes.query import KINDS as CHANGE_KINDS
from dashboard.answers.wording.evidence import STRENGTHS
from dashboard.interfaces.pages.shell.address import (
    KINDS,
    MAX_COUNTRIES,
    RULES,
    TABS,
    PageAddress,
    add_country,
    add_selection,
    parse_address,
    remove_country,
    set_period,
    write_chart_url,
    write_query,
)

CODES = ("AZE", "GEO", "IDN", "KAZ", "PAK", "SEN", "UGA", "UZB")
NAMES = (
    "country", "from", "to", "rule", "as_of", "tab", "page", "goal", "q", "indicator", "theme", "principle", "since",
    "strength", "kind", "source", "group", "gap", "sort",
)  # fmt: skip
years = st.none() | st.integers(1900, 2100)
words = st.sampled_from(("", "wgi_cc", "integrity", "ti_cpi"))


@st.composite
def addresses(draw: st.DrawFn) -> PageAddress:
    address = PageAddress(
        countries=tuple(draw(st.lists(st.sampled_from(CODES), unique=True, max_size=MAX_COUNTRIES))),
        rule=draw(st.sampled_from(("", *RULES))), as_of=draw(st.sampled_from(("", "2026-11-24"))),
        tab=draw(st.sampled_from(("", *TABS))), indicator=draw(words), theme=draw(words), goal=draw(st.integers(0, 17)),
        principle=draw(words), since=draw(st.sampled_from(("", "2026-03-01"))),
        strength=draw(st.sampled_from(("", *STRENGTHS))),
        source=draw(words), group=draw(words), gap=draw(words), sort=draw(words),
        search=draw(st.text(max_size=30)).strip(), kind=draw(st.sampled_from(("", *KINDS, *CHANGE_KINDS))),
    )  # fmt: skip
    return replace(set_period(address, draw(years), draw(years)), page=draw(st.integers(1, 50)))


def read(text: str) -> PageAddress:
    return parse_address(dict(parse_qsl(text)), CODES)


@given(addresses())
def test_reload_restores_every_control(address: PageAddress) -> None:
    assert read(write_query(address)) == address


@given(st.dictionaries(st.sampled_from(NAMES), st.text() | st.integers().map(str)))
def test_any_query_is_read_and_what_is_written_back_says_the_same(asked: dict[str, str]) -> None:
    address = parse_address(asked, CODES)
    assert read(write_query(address)) == replace(address, ignored=())


def test_what_cannot_be_used_is_named_not_guessed() -> None:
    address = parse_address(
        {"country": "aze,XXX", "from": "20x5", "rule": "all", "tab": "pie", "as_of": "yesterday"}, CODES
    )
    assert address.countries == ("AZE",)
    assert set(address.ignored) == {"country=XXX", "rule=all", "as_of=yesterday", "tab=pie", "from=20x5"}


@pytest.mark.parametrize("tab", ["summary", "results", "timeline", "trend"])
def test_the_tab_that_a_page_opens_with_may_be_asked_for(tab: str) -> None:
    assert parse_address({"tab": tab}, CODES) == PageAddress(tab=tab)


def test_codes_are_read_in_either_case() -> None:
    address = parse_address({"country": "Aze,uga", "indicator": "WGI_CC,ti_CPI"}, CODES)
    assert (address.countries, address.indicator, address.metrics) == (("AZE", "UGA"), "wgi_cc", ("ti_cpi",))
    assert not address.ignored


def test_at_most_six_countries() -> None:
    address = parse_address({"country": ",".join(CODES)}, CODES)
    assert (address.countries, address.ignored) == (CODES[:6], ("country=UGA", "country=UZB"))
    assert add_country(address, "UGA") is address


def test_years_the_wrong_way_round_are_turned() -> None:
    assert write_query(read("from=2020&to=2010")) == "from=2010&to=2020"


def test_a_change_of_countries_or_period_goes_back_to_the_first_page() -> None:
    address = read("country=AZE&page=3")
    assert write_query(add_country(address, "GEO")) == "country=AZE,GEO"
    assert write_query(remove_country(address, "AZE")) == ""
    assert write_query(set_period(address, 2000, None)) == "country=AZE&from=2000"


def test_chart_address_says_language_and_date() -> None:
    address = read("country=AZE,GEO&from=2000&as_of=2026-11-24&tab=map")
    assert write_chart_url("trend", "wgi_cc", address, "ar") == (
        "/api/v1/charts/trend.json?indicator=wgi_cc&country=AZE,GEO&from=2000&lang=ar&as_of=2026-11-24"
    )


def test_the_selection_goes_to_another_page_but_for_what_its_address_says_itself() -> None:
    address = read("country=AZE&from=2010&rule=signed&as_of=2026-11-24&tab=map&q=x")
    kept = "from=2010&rule=signed&as_of=2026-11-24"
    assert add_selection("/en/method/#wgi", address) == f"/en/method/?country=AZE&{kept}#wgi"
    assert add_selection("/en/adoption/?country=GEO", address) == f"/en/adoption/?country=GEO&{kept}"
    assert add_selection("/en/adoption/", read("")) == "/en/adoption/"
    every = "/en/adoption/?country=&from=&rule=signed&as_of=2026-11-24&q=AZE-01&to=#AZE-01"
    assert add_selection("/en/adoption/?q=AZE-01&country=&from=&to=#AZE-01", address) == every
