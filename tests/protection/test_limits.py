"""Every limit of a client, exactly at it, one below and one above, from the rules' own constants."""

from collections.abc import Callable
from typing import Any, get_args

import pytest
import reflex as rx
from reflex_base.registry import RegistrationContext

from dashboard.protection import events, rates
from dashboard.protection.admission import WorkPlaces
from dashboard.protection.connections import BURST, MOST_REFUSED, OpenWebsocket
from dashboard.protection.events import DEEPEST, LARGEST, LONGEST, LONGEST_NAME, MOST, REPORT, acceptable
from dashboard.services.base.errors import Busy
from dashboard.settings import LimitSettings, Settings
from tests.protection.test_around import request_from

LIMITS = LimitSettings(readers=4, renders=3, jobs=2, waiting=4, events=10)


class Anything(rx.State):
    """A State that takes whatever is small."""

    @rx.event
    def take_anything(self, value: Any) -> None:
        """One value of any type."""


@pytest.fixture(autouse=True)
def limits(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Settings(_env_file=None, limits=LIMITS)
    for module in ("connections", "rates", "admission"):
        monkeypatch.setattr(f"dashboard.protection.{module}.settings", lambda: made)


def said(value: Any) -> str:
    name = next(name for name in RegistrationContext.get().event_handlers if name.endswith(".take_anything"))
    return acceptable({"name": name, "payload": {"value": value}, "router_data": {}})


def nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


SIZES: dict[str, tuple[int, Callable[[int], Any]]] = {
    "characters of a text": (LONGEST, lambda size: "x" * size),
    "characters of a key": (LONGEST, lambda size: {"x" * size: 1}),
    "elements of a list": (MOST, lambda size: [0] * size),
    "elements of an object": (MOST, lambda size: {str(at): 0 for at in range(size)}),
    "levels": (DEEPEST, nested),
    "a number": (LARGEST, lambda size: size),
    "a number below nought": (LARGEST, lambda size: -size),
    "a number with a point": (LARGEST, float),
}


@pytest.mark.parametrize("what", SIZES)
def test_a_value_has_the_size_that_is_allowed_and_none_above(what: str) -> None:
    most, made = SIZES[what]
    above = most + 2 if what == "a number with a point" else most + 1  # the next that a float can be
    assert [said(made(size)) for size in (most - 1, most, above)] == ["", "", "size"]


def test_a_name_has_so_many_characters() -> None:
    """A longer one is not even looked up."""
    reasons = [acceptable({"name": "x" * size}) for size in (LONGEST_NAME - 1, LONGEST_NAME, LONGEST_NAME + 1)]
    assert reasons == ["unknown", "unknown", "shape"]


@pytest.mark.parametrize("name", ["pathname", "asPath"])
def test_an_address_has_so_many_characters(name: str) -> None:
    handler = next(name for name in RegistrationContext.get().event_handlers if name.endswith(".hydrate"))
    for size, reason in ((LONGEST - 1, ""), (LONGEST, ""), (LONGEST + 1, "place")):
        assert acceptable({"name": handler, "router_data": {name: "/" + "x" * (size - 1)}}) == reason


def test_a_query_has_so_many_parts_of_so_many_characters() -> None:
    handler = next(name for name in RegistrationContext.get().event_handlers if name.endswith(".hydrate"))
    for size, reason in ((MOST - 1, ""), (MOST, ""), (MOST + 1, "place")):
        query = {str(at): "" for at in range(size)}
        assert acceptable({"name": handler, "router_data": {"query": query}}) == reason
    for size, reason in ((LONGEST - 1, ""), (LONGEST, ""), (LONGEST + 1, "place")):
        assert acceptable({"name": handler, "router_data": {"query": {"a": "x" * size}}}) == reason


def test_a_report_has_so_many_characters_and_is_cut_beyond() -> None:
    handler = next(n for n in RegistrationContext.get().event_handlers if n.endswith(".handle_frontend_exception"))
    for size in (REPORT - 1, REPORT, REPORT + 1):
        event = {"name": handler, "payload": {"info": "x" * size, "component_stack": ""}}
        assert acceptable(event) == ""
        assert len(event["payload"]["info"]) == min(size, REPORT)


def test_so_many_refused_events_end_a_connection() -> None:
    connection = OpenWebsocket("10.0.0.1")
    for refused in range(1, MOST_REFUSED + 1):
        connection.refuse()
        assert connection.over.is_set() == (refused == MOST_REFUSED)


def test_so_many_events_come_at_once_and_the_next_waits() -> None:
    connection = OpenWebsocket("10.0.0.1")
    waits = [connection.wait() for _ in range(int(LIMITS.events * BURST) + 1)]
    assert set(waits[:-1]) == {0.0}
    assert 0 < waits[-1] <= 1 / LIMITS.events


ALLOWED = {
    "readers": LIMITS.readers, "renders": LIMITS.renders, "jobs": LIMITS.jobs, "faults": rates.FAULTS,
    "reports": rates.REPORTS, "cuts": rates.CUTS, "follows": rates.FOLLOWS,
}  # fmt: skip


def test_every_thing_that_is_counted_is_in_this_table() -> None:
    assert set(ALLOWED) == set(get_args(rates.Thing))


@pytest.mark.parametrize("thing", ALLOWED)
async def test_an_address_has_its_share_and_no_more_and_takes_nobody_elses(thing: Any) -> None:
    for address in ("10.0.0.1", "10.0.0.2"):
        for number in range(ALLOWED[thing] + 2):
            assert await rates.exhausted(thing, address) == (number >= ALLOWED[thing])
            assert await rates.allowed(thing, address) == (number < ALLOWED[thing])
    for other in set(ALLOWED) - {thing}:
        assert not await rates.exhausted(other, "10.0.0.1")  # type: ignore[arg-type]


async def test_so_many_pictures_of_an_address_are_made_in_a_minute() -> None:
    admission = WorkPlaces(1, counted=True)
    for number in range(LIMITS.renders + 1):
        making = admission.made(request_from("10.0.0.1"), lambda: None, lambda: b"x")
        if number < LIMITS.renders:
            assert await making == b"x"
        else:
            with pytest.raises(Busy, match="Your address"):
                await making
    assert await admission.made(request_from("10.0.0.2"), lambda: None, lambda: b"x") == b"x"


def test_the_table_of_sizes_is_of_the_rules_own() -> None:
    assert {LONGEST, MOST, DEEPEST, LARGEST} == {most for most, _ in SIZES.values()}
    assert events.LONGEST_STORED > LONGEST
