"""The filters of the matrix: in state, in its address and in the file's; what is no filter is said."""

import pytest

from dashboard.interfaces.pages.availability.state import AvailabilityState
from tests.interfaces.states.arrival import arrived as at

pytestmark = pytest.mark.usefixtures("handmade")


def arrived(query: dict[str, str]) -> AvailabilityState:
    return at(AvailabilityState, "/en/availability/", **query)


def test_the_address_of_the_page_is_that_of_matrix_and_file() -> None:
    state = arrived({"theme": "integrity", "goal": "16", "gap": "not_reported", "sort": "most", "rule": "operating"})
    said = "theme=integrity&goal=16&rule=operating&gap=not_reported&sort=most&lang=en"
    assert state.file == f"/api/v1/availability.csv?{said}"
    assert (state.theme, state.goal_number, state.gap, state.sort) == ("integrity", "16", "not_reported", "most")


def test_a_filter_that_there_is_not_is_said_in_words() -> None:
    state = arrived({"group": "atlantis"})
    assert state.phase == "trouble"
    assert "atlantis" in state.said
    assert "africa" in state.help


def test_clearing_takes_every_filter_away_and_keeps_selection_and_day() -> None:
    filters = {"theme": "integrity", "goal": "16", "gap": "not_reported", "sort": "most", "rule": "operating"}
    state = arrived({**filters, "country": "AZE", "from": "2010", "as_of": "2026-03-01"})
    assert state.cleared == "/en/availability/?country=AZE&from=2010&as_of=2026-03-01"
    state = arrived({"theme": "integrity", "rule": "operating", "as_of": "2026-03-01"})
    assert [one["to"] for one in state.views] == [
        "/en/availability/?rule=operating&as_of=2026-03-01&theme=integrity",
        "/en/availability/?rule=operating&as_of=2026-03-01&theme=integrity&tab=table",
    ]


def test_where_nobody_can_log_in_no_country_is_said_to_have_sent_nothing() -> None:
    assert arrived({}).standings == []


def test_the_form_that_is_shown_is_marked() -> None:
    for query, form in (({}, "matrix"), ({"tab": "table"}, "table")):
        assert [one["id"] for one in arrived(query).views if one["current"]] == [form]
