"""The edges of pages: the first and the last page of every list, each filter by itself, orders and hints in numbers."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from dashboard.answers.base.context import open_context
from dashboard.answers.countries.country import view_country
from dashboard.answers.progress.results import list_results
from dashboard.answers.search.views import SearchGroup
from dashboard.evidence.codebook import load_codebook
from dashboard.interfaces.pages.adoption.state import ROWS as EVENTS
from dashboard.interfaces.pages.adoption.state import RegisterState
from dashboard.interfaces.pages.availability.state import AvailabilityState
from dashboard.interfaces.pages.compare.state import CompareState
from dashboard.interfaces.pages.countries.state import PAGE_ROWS as MISSING
from dashboard.interfaces.pages.countries.state import CountriesState, CountryState
from dashboard.interfaces.pages.evidence.state import COLUMNS, DEFAULT, KEYS, EvidenceState
from dashboard.interfaces.pages.goals.state import read_number
from dashboard.interfaces.pages.indicator.state import PART_ROWS, TABLE_ROWS, IndicatorState, choose_part
from dashboard.interfaces.pages.indicators.state import IndicatorsState
from dashboard.interfaces.pages.progress.state import FRAME_ROWS as FRAMED
from dashboard.interfaces.pages.progress.state import (
    ProgressState,
    read_question,
    write_frame_url,
    write_projection_url,
)
from dashboard.interfaces.pages.search.state import _describe_group
from dashboard.interfaces.pages.shell.address import INDICATOR_TABS, PageAddress
from dashboard.interfaces.pages.shell.state import Shell
from tests.interfaces.states.arrival import arrived

pytestmark = pytest.mark.usefixtures("embedded")

Rows = Callable[[Any], list[Any]]

LISTS: dict[str, tuple[type[Shell], str, dict[str, str], Rows, int]] = {
    "register": (RegisterState, "/en/adoption/", {"tab": "events"}, lambda it: it.table["rows"], EVENTS),
    "missing": (CountryState, "/en/countries/AZE/", {"tab": "gaps"}, lambda it: it.view["missing"], MISSING),
    "frame": (ProgressState, "/en/progress/", {"theme": "digital"}, lambda it: it.rows, FRAMED),
    "table": (IndicatorState, "/en/indicators/egdi/", {"tab": "table"}, lambda it: it.table["rows"], TABLE_ROWS),
    "below": (IndicatorState, "/en/indicators/ti_cpi/", {"part": "figures"}, lambda it: it.table["rows"], PART_ROWS),
    "compared": (CompareState, "/en/compare/", {"country": "ETH,KEN", "view": "rows"}, lambda it: it.rows["rows"], 25),
    "indicators": (IndicatorsState, "/en/indicators/", {"sort": "name"}, lambda it: it.index["rows"], 0),
    "countries": (CountriesState, "/en/countries/", {"q": "a"}, lambda it: it.index["cards"], 0),
}


TOTALS: dict[str, Callable[[Any], int]] = {
    "register": lambda it: it.table["shown"],
    "missing": lambda it: len(view_country(open_context("en"), "AZE")["missing"]),
    "frame": lambda it: len(
        list_results(open_context("en"), read_question(open_context("en"), PageAddress(theme="digital")))["rows"]
    ),
    "table": lambda it: it.table["total"],
    "below": lambda it: it.table["total"],
    "compared": lambda it: it.rows["total"],
    "indicators": lambda it: it.index["total"],
    "countries": lambda it: it.index["total"],
}
"""How many rows there are, told by something else than the pages."""


def shown(name: str, page: int) -> tuple[Shell, list[Any]]:
    kind, path, asked, rows, _ = LISTS[name]
    state = arrived(kind, path, **{**asked, **({"page": str(page)} if page != 1 else {})})
    return state, rows(state)


def address(name: str, page: int) -> str:
    _, path, asked, _, _ = LISTS[name]
    said = [f"{key}={value}" for key, value in asked.items()] + ([f"page={page}"] if page > 1 else [])
    return f"{path}?{'&'.join(said)}"


def same(one: str, other: str) -> bool:
    return (urlsplit(one).path, parse_qs(urlsplit(one).query)) == (
        urlsplit(other).path,
        parse_qs(urlsplit(other).query),
    )


@pytest.mark.parametrize("name", LISTS)
def test_the_first_the_last_and_a_page_beyond_it(name: str) -> None:
    """A row between two pages would be in none; a page beyond the last would be empty."""
    first, rows = shown(name, 1)
    size = LISTS[name][4] or len(rows)
    assert len(rows) == size
    count = next(n for n in range(1, 99) if same(shown(name, n)[0].around[1], address(name, n)))  # type: ignore[attr-defined]
    last, rest = shown(name, count)
    assert (count - 1) * size + len(rest) == TOTALS[name](first), "every row is on some page"
    beyond, again = shown(name, 99)
    assert 0 < len(rest) <= size
    assert again == rest != rows
    for state, before, after in ((first, 1, 2), (last, count - 1, count), (beyond, count - 1, count)):
        before_it, after_it = state.around  # type: ignore[attr-defined]
        assert same(before_it, address(name, before)), before_it
        assert same(after_it, address(name, after)), after_it


# Filters: each by itself is taken away, and what is no filter stays


CLEARED: dict[str, tuple[type[Shell], str, dict[str, str], set[str]]] = {
    "indicators": (
        IndicatorsState, "/en/indicators/", {"theme": "digital", "goal": "9", "principle": "integrity", "q": "a"},
        {"sort"},
    ),
    "countries": (CountriesState, "/en/countries/", {"q": "a", "status": "operating", "group": "africa"}, set()),
    "register": (
        RegisterState, "/en/adoption/",
        {"event": "mou", "source": "press", "evidence": "E3", "disputed": "no", "q": "a", "sort": "country"},
        {"rule", "as_of"},
    ),
    "availability": (
        AvailabilityState, "/en/availability/",
        {"theme": "digital", "goal": "9", "source": "un_sdg", "group": "africa", "gap": "no_figures"}, {"as_of"},
    ),
    "progress": (
        ProgressState, "/en/progress/",
        {"country": "KAZ", "method": "eurostat", "theme": "digital", "goal": "9", "rule": "operating"}, set(),
    ),
}  # fmt: skip

KEPT = {"sort": "name", "rule": "operating", "as_of": ""}


@pytest.mark.parametrize(("name", "filter_"), [(name, one) for name, it in CLEARED.items() for one in it[2]])
def test_clearing_takes_each_filter_away(name: str, filter_: str) -> None:
    kind, path, filters, kept = CLEARED[name]
    stays = {key: KEPT[key] for key in kept if KEPT[key]}
    state = arrived(kind, path, **{filter_: filters[filter_]}, **stays)
    cleared = {key: value for key, (value,) in parse_qs(urlsplit(state.cleared).query).items()}
    assert filter_ not in cleared
    assert stays.items() <= cleared.items()
    assert cleared.keys() - stays.keys() <= {"tab"}


@pytest.mark.parametrize("filter_", ["method", "rule", "theme", "goal", "status", "sort", "as_of", "country"])
def test_the_file_of_a_frame_is_of_each_of_its_filters(filter_: str) -> None:
    asked = {
        "method": "eurostat", "rule": "operating", "theme": "digital", "goal": 9, "status": "on_track",
        "sort": "name", "as_of": "2026-03-01",
    }  # fmt: skip
    given = {"countries": ("KAZ", "AZE")} if filter_ == "country" else {filter_: asked[filter_]}
    said = parse_qs(urlsplit(write_frame_url(PageAddress(**given), "fr", "csv")).query)
    assert said == {filter_: ["KAZ" if filter_ == "country" else str(asked[filter_])], "lang": ["fr"]}
    assert urlsplit(write_frame_url(PageAddress(), "fr", "xlsx")).path == "/api/v1/progress/results.xlsx"


def test_a_projection_is_of_one_country_and_of_a_quantity() -> None:
    book = load_codebook()
    drawn = write_projection_url(PageAddress(countries=("KAZ", "AZE"), indicator="egdi", as_of="2026-03-01"), "fr")
    assert parse_qs(urlsplit(drawn).query) == {"country": ["KAZ"], "lang": ["fr"], "as_of": ["2026-03-01"]} | {
        key: value for key, value in parse_qs(urlsplit(drawn).query).items() if key == "indicator"
    }
    assert write_projection_url(PageAddress(countries=("KAZ",)), "fr") == ""
    assert write_projection_url(PageAddress(indicator="egdi"), "fr") == ""
    word = next(metric.id for metric in book.metrics.values() if not metric.quantity)
    assert write_projection_url(PageAddress(countries=("KAZ",), indicator=word), "fr") == ""


# Orders


@pytest.mark.parametrize("key", KEYS)
def test_principles_stand_from_the_weakest_or_oldest_on_and_equals_in_their_own_order(key: str) -> None:
    own = arrived(EvidenceState, "/en/principles/", "load_principles", sort="order").lines
    place = {line["id"]: number for number, line in enumerate(own)}
    field = {"order": "", "evidence": "place", "figures": "with_figures", "coverage": "covered", "latest": "latest"}[
        key
    ]
    state = arrived(EvidenceState, "/en/principles/", "load_principles", **({} if key == DEFAULT else {"sort": key}))
    expected = sorted(place, key=lambda id_: (own[place[id_]]["evidence"][field] if field else 0, place[id_]))  # type: ignore[literal-required]
    assert [line["id"] for line in state.lines] == expected
    assert [one["id"] for one in state.columns] == list(COLUMNS)
    assert set(COLUMNS) == set(KEYS)
    for one in state.columns:
        assert same(one["to"], "/en/principles/" + ("" if one["id"] == DEFAULT else f"?sort={one['id']}"))


# What is left out is told in numbers


@pytest.mark.parametrize(("hits", "total", "said"), [(0, 0, ""), (3, 3, ""), (3, 4, "3 of 4"), (10, 137, "10 of 137")])
def test_how_many_hits_are_not_shown(hits: int, total: int, said: str) -> None:
    group = SearchGroup(id="indicator", label="Indicators", hits=[{}] * hits, total=total)  # type: ignore[list-item]
    found = _describe_group(group, "en")
    assert (found["id"], found["label"], len(found["hits"])) == ("indicator", "Indicators", hits)
    assert (said in found["more"].replace("first ", "")) if said else found["more"] == ""


@pytest.mark.parametrize(
    ("name", "number"),
    [("0", 0), ("1", 1), ("17", 17), ("99", 99), ("100", 0), ("-1", 0), ("1.5", 0), ("", 0), ("x", 0)],
)
def test_a_goal_in_an_address_has_two_digits_at_most(name: str, number: int) -> None:
    assert read_number(name) == number


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ({}, INDICATOR_TABS[0]), ({"since": "2026-01-01"}, "revisions"), ({"part": "figures"}, "figures"),
        ({"part": "figures", "since": "2026-01-01"}, "figures"),
    ],
)  # fmt: skip
def test_the_part_below_a_chart(asked: dict[str, str], part: str) -> None:
    assert choose_part(PageAddress(**asked)) == part  # type: ignore[arg-type]
    assert {"part", "since"} <= {field.name for field in fields(PageAddress)}
