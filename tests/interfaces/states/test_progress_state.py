"""The page on progress: one frame, its pages, and the arithmetic that is opened beside it."""

from typing import Any

import pytest

from dashboard.interfaces.pages.progress.state import FRAME_ROWS, ProgressState
from tests.checks import all_of
from tests.interfaces.states.arrival import arrived

pytestmark = pytest.mark.usefixtures("embedded")


def progress(**asked: str) -> ProgressState:
    return arrived(ProgressState, "/en/progress/", **asked)


def current(links: Any) -> list[str]:
    return [one["id"] for one in links if one["current"]]


@pytest.mark.parametrize(
    ("tab", "shown", "filled"),
    [
        ("", "results", set()),
        ("pie", "results", set()),
        ("pipeline", "pipeline", {"rungs"}),
        ("promise", "promise", {"promised"}),
        ("unsaid", "unsaid", {"gaps"}),
    ],
)
def test_a_part_sends_what_it_shows(tab: str, shown: str, filled: set[str]) -> None:
    """A part would open empty, or every reader load what nobody looks at."""
    state = progress(country="KAZ", **({"tab": tab} if tab else {}))
    assert (state.open, current(state.tabs)) == (shown, [shown])
    assert [one["to"] for one in state.tabs][:2] == [
        "/en/progress/?country=KAZ", "/en/progress/?country=KAZ&tab=pipeline",
    ]  # fmt: skip
    assert {name for name in ("rungs", "promised", "gaps") if getattr(state, name)} == filled
    assert state.rungs_chart == "/api/v1/charts/pipeline.json?rule=signed&lang=en"
    assert state.unsaid_link == "/en/progress/?country=KAZ&tab=unsaid"


def test_the_pages_of_the_frame_hold_every_indicator_once() -> None:
    whole = progress()
    pages = [progress(page=str(n)) for n in range(1, whole.pages + 1)]
    found = [row["indicator"] for one in pages for row in one.rows]
    assert len(found) == len(set(found))
    assert [len(one.rows) for one in pages[:-1]] == [FRAME_ROWS] * (len(pages) - 1)
    assert 0 < len(pages[-1].rows) <= FRAME_ROWS
    assert [one.number for one in pages] == list(range(1, len(pages) + 1))
    assert progress(page="99").rows == pages[-1].rows
    assert pages[1].around == ["/en/progress/", "/en/progress/?page=3"]
    assert (pages[0].around[0], pages[-1].around[1]) == ("/en/progress/", f"/en/progress/?page={whole.pages}")
    assert set(pages[0].bullets) <= {row["indicator"] for row in pages[0].rows}
    for bar in pages[0].bullets.values():  # who does not see the bar is told of every part of it
        assert all_of(f"{part['text']}: {part['count']}" in bar["text"] for part in bar["shares"])


def test_arithmetic_of_all_methods_is_opened_beside_a_country() -> None:
    state = progress(country="KAZ", indicator="internet_users")
    assert (state.opened, state.by_method, state.country) == (True, True, "KAZ")
    assert (state.why_name, bool(state.why_text)) == ("Internet users · Kazakhstan", True)
    assert len(state.verdicts) == len(state.method_links)
    assert state.why_chart == "/api/v1/charts/projection.json?indicator=internet_users&country=KAZ&lang=en"
    two = progress(country="KAZ,UZB", indicator="internet_users")
    assert (two.country, two.why_chart, two.csv) == ("KAZ", state.why_chart, state.csv), "one country at a time"
    closed = progress(country="KAZ")
    assert (closed.opened, closed.why_name, closed.why_chart, closed.verdicts) == (False, "", "", [])
    assert closed.why_links["basic_water"] == "/en/progress/?country=KAZ&indicator=basic_water"


def test_arithmetic_of_one_method_is_opened_for_the_programme() -> None:
    state = progress(indicator="internet_users", page="2")
    assert (state.opened, state.by_method, state.why_name, state.why_chart) == (True, False, "Internet users", "")
    assert state.country_links["AFG"] == "/en/progress/?country=AFG&indicator=internet_users"
    assert state.without == "/en/progress/?page=2"


def test_a_cell_opens_the_indicators_of_its_goal() -> None:
    state = progress(cell="KAZ-16")
    assert (state.opened, state.by_method, state.cell, state.why_chart) == (True, False, "KAZ-16", "")
    assert state.why_name == "Kazakhstan · 16 Peace, justice and strong institutions"
    assert state.why_text
    assert state.verdicts
    assert state.cell_links["AZE-1"] == "/en/progress/?cell=AZE-1"


def test_the_origin_is_named_so_and_the_chosen_country_is_marked() -> None:
    state = progress(country="KAZ")
    named = {one["id"]: one["note"] for one in state.matrix["countries"]}
    assert {iso3 for iso3, note in named.items() if note} == {"AZE"}
    assert [one["id"] for one in state.matrix["countries"] if one["chosen"]] == ["KAZ"]
    assert [one["id"] for one in state.members if one["label"].endswith(f" · {named['AZE']}")] == ["AZE"]
    assert [one["id"] for one in progress(country="AFG").members if one["chosen"]] == ["AFG"]


def test_filters_are_shown_sent_to_the_files_and_cleared() -> None:
    asked = {"country": "KAZ", "method": "eurostat", "theme": "digital", "goal": "9", "rule": "operating"}
    state = progress(**asked)
    assert (state.method, state.theme, state.goal_number, state.rule) == ("eurostat", "digital", "9", "operating")
    said = "country=KAZ&method=eurostat&rule=operating&theme=digital&goal=9&lang=en"
    assert (state.csv, state.xlsx) == tuple(f"/api/v1/progress/results.{form}?{said}" for form in ("csv", "xlsx"))
    assert state.cleared == "/en/progress/"
    plain = progress()
    assert (plain.country, plain.method, plain.goal_number, plain.rule) == ("", "unsd_2026", "", "signed")
    assert plain.matrix_turned == "/en/progress/?view=table"
    assert progress(view="table").matrix_turned == "/en/progress/"


def test_a_second_method_stands_beside_the_first_by_one_act_and_goes_by_another() -> None:
    alone = progress(country="UGA")
    assert (alone.beside, alone.beside_statuses) == ("", {})
    assert {one["beside_text"] for one in alone.answers} == {""}
    assert alone.beside_links["eurostat"] == "/en/progress/?country=UGA&beside=eurostat"
    both = progress(country="UGA", beside="eurostat")
    assert (both.beside, both.second["id"]) == ("eurostat", "eurostat")
    assert all_of(one["beside_text"] for one in both.answers)
    assert {row["indicator"] for row in both.rows} <= both.beside_statuses.keys()
    assert both.beside_links["eurostat"] == "/en/progress/?country=UGA"
    assert sum(one["count"] for one in both.second["shares"]) == sum(one["count"] for one in both.summary["shares"])
    for same in ("unsd_2026", "nothing"):
        assert progress(country="UGA", beside=same).beside == "", "a method beside itself, or none"
    assert progress().answers == [], "the programme has no goals in words"
