"""The address is the state: what a reader sets is what the address says, and the other way round."""

from hypothesis import given
from hypothesis import strategies as st

from dashboard.states.address import MOST_COUNTRIES, RULES, TABS, Address, chart_url, parse

CODES = ("AZE", "GEO", "IDN", "KAZ", "PAK", "SEN", "UGA", "UZB")
years = st.none() | st.integers(1900, 2100)
words = st.sampled_from(("", "wgi_cc", "integrity", "ti_cpi"))


@st.composite
def addresses(draw: st.DrawFn) -> Address:
    address = Address(
        countries=tuple(draw(st.lists(st.sampled_from(CODES), unique=True, max_size=MOST_COUNTRIES))),
        rule=draw(st.sampled_from(("", *RULES))), as_of=draw(st.sampled_from(("", "2026-11-24"))),
        tab=draw(st.sampled_from(("", *TABS))), indicator=draw(words), theme=draw(words), goal=draw(st.integers(0, 17)),
        principle=draw(words), search=draw(st.text(max_size=30)).strip(),
    )  # fmt: skip
    address = address.with_period(draw(years), draw(years))
    page = draw(st.integers(1, 50))
    return Address(**{name: getattr(address, name) for name in Address.__slots__} | {"page": page})


def read(query: str) -> Address:
    from urllib.parse import parse_qsl

    return parse(dict(parse_qsl(query)), CODES)


@given(addresses())
def test_reload_restores_every_control(address: Address) -> None:
    assert read(address.query()) == address


@given(
    st.dictionaries(st.sampled_from(("country", "from", "to", "rule", "as_of", "tab", "page", "goal", "q")), st.text())
)
def test_any_query_is_read_and_what_is_written_back_is_clean(query: dict[str, str]) -> None:
    address = parse(query, CODES)
    assert read(address.query()) == parse(query | {"ignored": ""}, CODES).__class__(
        **{n: getattr(address, n) for n in Address.__slots__} | {"ignored": ()}
    )


def test_what_cannot_be_used_is_named_not_guessed() -> None:
    address = parse({"country": "aze,XXX", "from": "20x5", "rule": "all", "tab": "pie", "as_of": "yesterday"}, CODES)
    assert address.countries == ("AZE",)
    assert address.ignored == ("country=XXX", "rule=all", "as_of=yesterday", "tab=pie", "from=20x5")


def test_at_most_six_countries() -> None:
    address = parse({"country": ",".join(CODES)}, CODES)
    assert address.countries == CODES[:6]
    assert address.ignored == ("country=UGA", "country=UZB")
    assert address.with_country("UGA") is address


def test_years_the_wrong_way_round_are_turned() -> None:
    assert parse({"from": "2020", "to": "2010"}, CODES).query() == "from=2010&to=2020"


def test_a_change_of_countries_or_period_goes_back_to_the_first_page() -> None:
    address = read("country=AZE&page=3")
    assert address.with_country("GEO").query() == "country=AZE,GEO"
    assert address.without_country("AZE").query() == ""
    assert address.with_period(2000, None).query() == "country=AZE&from=2000"


def test_chart_address_says_language_and_date() -> None:
    address = read("country=AZE,GEO&from=2000&as_of=2026-11-24&tab=map")
    assert chart_url("trend", "wgi_cc", address, "ar") == (
        "/api/v1/charts/trend.json?indicator=wgi_cc&country=AZE,GEO&from=2000&as_of=2026-11-24&lang=ar"
    )
