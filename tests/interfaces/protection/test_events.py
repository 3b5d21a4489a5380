"""Only events that exist, with arguments of their type, small: everything else is refused in a word."""

from typing import Any

import pytest
import reflex as rx
from hypothesis import given
from hypothesis import strategies as st
from reflex_base.constants.state import FIELD_MARKER
from reflex_base.registry import RegistrationContext

from dashboard.interfaces.protection.events import (
    MAX_ITEMS,
    MAX_REPORT_CHARS,
    MAX_STORED_CHARS,
    MAX_TEXT_CHARS,
    find_rejection,
)

ADD = "add_country"


class Probe(rx.State):
    """A State with the kinds of handlers that pages have."""

    said: str = ""

    @rx.event
    def add_country(self, iso3: str) -> None:
        """One text."""

    @rx.event
    def turn_to(self, page: int) -> None:
        """One whole number."""

    @rx.event
    def reset_selection(self) -> None:
        """Nothing."""

    def _go(self) -> None:
        """Not an event."""


@pytest.fixture(scope="module")
def names() -> dict[str, str]:
    """Short name of each handler of ours → its whole name."""
    found = {}
    for name in RegistrationContext.get().event_handlers:
        found.setdefault(name.rpartition(".")[2], name)
    return found


def event(name: str, **payload: Any) -> dict[str, Any]:
    return {"name": name, "payload": payload, "router_data": {"pathname": "/en/", "query": {}}}


class StoringState(rx.State):
    remembered: str = rx.LocalStorage("[]")
    plain: str = ""


STORED = f"{StoringState.get_full_name()}.remembered{FIELD_MARKER}"


@pytest.mark.parametrize("handler", ["hydrate_and_load", "update_vars_internal"])
def test_of_what_browsers_store_only_our_variables_are_taken(names: dict[str, str], handler: str) -> None:
    long = "x" * MAX_STORED_CHARS
    given = {
        STORED: long, f"{StoringState.get_full_name()}.plain": "1", "state.x": "1", "": "", ".": "", "x": "y",
        f"{StoringState.get_full_name()}.": "", f"{STORED}.{STORED}": "", "reflex___state____state.is_hydrated": "1",
    }  # fmt: skip
    sent = event(names[handler], vars=given)
    assert find_rejection(sent) == ""
    assert sent["payload"]["vars"] == {STORED: long}
    for value in (f"{long}x", 3, None, ["a"], {"a": "b"}, "\0", "\ud800"):
        sent = event(names[handler], vars={STORED: value})
        assert find_rejection(sent) == ""
        assert sent["payload"]["vars"] == {}


def test_of_more_variables_than_a_browser_stores_none_is_looked_at(names: dict[str, str]) -> None:
    many = {f"state.{number}": "" for number in range(MAX_ITEMS)}
    assert find_rejection(event(names["hydrate_and_load"], vars=dict(many))) == ""
    assert find_rejection(event(names["hydrate_and_load"], vars=many | {STORED: ""})) == "size"


def test_nothing_stored_is_taken_of_a_first_event_only(names: dict[str, str]) -> None:
    assert find_rejection(event(names["hydrate_and_load"], vars=None, hashes=None)) == ""
    for nothing in (None, "", [], 3):
        assert find_rejection(event(names["update_vars_internal"], vars=nothing)) == "type"
    assert find_rejection(event(names["update_vars_internal"])) == "arguments"


def test_what_pages_send_is_taken(names: dict[str, str]) -> None:
    assert find_rejection(event(names[ADD], iso3="AZE")) == ""
    assert find_rejection(event(names["turn_to"], page=3)) == ""
    assert find_rejection(event(names["reset_selection"])) == ""
    assert find_rejection(event(names["hydrate_and_load"], vars={"state.x": "1"}, hashes=["09088fe4327820a1"])) == ""
    assert find_rejection(event(names["hydrate_and_load"])) == ""


@pytest.mark.parametrize(
    ("payload", "word"),
    [
        ({"iso3": 3}, "type"),
        ({"iso3": None}, "type"),
        ({"iso3": ["AZE"]}, "type"),
        ({"iso3": {"a": 1}}, "type"),
        ({"iso3": "x" * (MAX_TEXT_CHARS + 1)}, "size"),
        ({"iso3": "\0"}, "size"),
        ({"iso3": "\ud800"}, "size"),
        ({}, "arguments"),
        ({"iso3": "AZE", "more": 1}, "arguments"),
    ],
)
def test_other_arguments_are_refused(names: dict[str, str], payload: dict[str, Any], word: str) -> None:
    assert find_rejection(event(names[ADD], **payload)) == word


def test_numbers_beyond_sense_are_refused(names: dict[str, str]) -> None:
    for page in (float("nan"), float("inf"), 2**70, "1", True):
        assert find_rejection(event(names["turn_to"], page=page)) in ("size", "type")


def test_no_variable_can_be_set_and_no_method_called_that_is_no_event(names: dict[str, str]) -> None:
    shell = names[ADD].rpartition(".")[0]
    for name in ("setvar", "_go", "_answer", "__init__", "reset", "set_said"):
        assert find_rejection(event(f"{shell}.{name}", var_name="said", value="x")) == "unknown"


@pytest.mark.parametrize(
    "place",
    [
        {"query": None}, {"query": []}, {"query": "a=b"}, {"query": 5}, {"query": {"a": 5}}, {"query": {"a": None}},
        {"query": {"splat": ["b", 5]}}, {"query": {"splat": [["b"]]}}, {"query": {"splat": ["b"] * MAX_ITEMS}},
        {"query": {"a": ["b"]}}, {"query": {"a": {"b": "c"}}}, {"query": {"a": "\ud800"}}, {"query": {"\0": "b"}},
        {"query": {"a": "x" * (MAX_TEXT_CHARS + 1)}}, {"query": {str(number): "" for number in range(MAX_ITEMS + 1)}},
        {"pathname": None}, {"pathname": 5}, {"pathname": ["/en/"]}, {"pathname": {"a": 1}}, {"pathname": "en/"},
        {"pathname": True}, {"pathname": ""}, {"pathname": "/" * (MAX_TEXT_CHARS + 1)},
        {"asPath": None}, {"asPath": 5}, {"asPath": 2**70}, {"asPath": ["/en/"]}, {"asPath": {}}, {"asPath": "@[x"},
        {"asPath": "//["}, {"asPath": "//a\u2100b/"}, {"asPath": ""}, {"asPath": "javascript:alert(1)"},
    ],
)  # fmt: skip
def test_where_a_reader_is_has_the_shape_that_pages_give_it(names: dict[str, str], place: dict[str, Any]) -> None:
    """Reflex takes each of these for what it should be, and fails with a traceback."""
    said = event(names["reset_selection"])
    said["router_data"] |= place
    assert find_rejection(said) == "place"


@pytest.mark.parametrize("router", [None, [], "", 5, [["pathname", "/en/"]]])
def test_where_a_reader_is_is_an_object(names: dict[str, str], router: Any) -> None:
    assert find_rejection({"name": names["reset_selection"], "payload": {}, "router_data": router}) == "place"


def test_of_where_a_reader_is_only_what_pages_say_is_kept(names: dict[str, str]) -> None:
    """Headers, address and token are the connection's to say."""
    place = {"pathname": "/en/", "asPath": "/en/?a=b#c", "query": {"a": "b"}}
    said = event(names["reset_selection"]) | {
        "router_data": {**place, "headers": None, "ip": 5, "token": [], "sid": {}}
    }
    said |= {"token": 5, "substate": {}, "traceparent": 7, "event_actions": {}}
    assert find_rejection(said) == ""
    assert said == {"name": names["reset_selection"], "payload": {}, "router_data": place}
    nowhere = event(names["reset_selection"]) | {"router_data": {**place, "query": {"splat": ["en", "nothing", ""]}}}
    assert find_rejection(nowhere) == "", "an address that no page has"
    whole = event(names["reset_selection"]) | {"router_data": place, "traceparent": "00-ab-cd-01"}
    assert find_rejection(whole) == ""
    assert whole["traceparent"] == "00-ab-cd-01"
    assert find_rejection({"name": names["reset_selection"]}) == ""


addresses = st.text(alphabet="/[]@:?#&=%a\u2100\ud800.;+ ", max_size=12).map("/".__add__)
places = st.fixed_dictionaries(
    {},
    optional={
        "pathname": addresses | st.deferred(lambda: anything),
        "asPath": addresses | st.deferred(lambda: anything),
        "query": st.dictionaries(st.text(max_size=5), st.text(max_size=5)) | st.deferred(lambda: anything),
    },
)


@given(place=places)
def test_what_is_kept_of_a_place_never_makes_reflex_fail(place: dict[str, Any]) -> None:
    from reflex.istate.data import RouterData
    from reflex_base.utils.format import format_query_params

    name = next(name for name in RegistrationContext.get().event_handlers if name.endswith(".reset_selection"))
    said = {"name": name, "router_data": place}
    if find_rejection(said) == "":
        kept = said["router_data"]
        assert isinstance(kept, dict)
        RouterData.from_router_data({**kept, "query": format_query_params(kept), "headers": {}})
        RouterData.from_router_data({**kept, "query": {}, "headers": {"origin": "http://localhost:3000"}})


def test_a_report_of_a_fault_is_cut(names: dict[str, str]) -> None:
    said = event(names["handle_frontend_exception"], info="x" * 90_000, component_stack="y" * 90_000)
    assert find_rejection(said) == ""
    assert len(said["payload"]["info"]) == MAX_REPORT_CHARS


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=50)
    | st.text(min_size=2001, max_size=2010),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=10), inner, max_size=5),
    max_leaves=12,
)


@given(data=anything)
def test_nothing_makes_it_fail(data: Any) -> None:
    assert isinstance(find_rejection(data), str)
    assert find_rejection(data) != "" or isinstance(data, dict)


@given(value=anything)
def test_a_text_argument_is_a_text(value: Any) -> None:
    name = next(name for name in RegistrationContext.get().event_handlers if name.endswith(f".{ADD}"))
    assert (find_rejection(event(name, iso3=value)) == "") <= isinstance(value, str)
