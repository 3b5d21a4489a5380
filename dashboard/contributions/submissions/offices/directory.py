"""The offices of a country and whose its indicators are: kept by an administrator or the country's coordinator."""

from dashboard.accounts import audit
from dashboard.accounts import store as accounts
from dashboard.accounts.model import ORGANISATIONS, Principal, Right, Role, State
from dashboard.accounts.tables import OfficeRow
from dashboard.contributions.submissions.model import MoveNotAllowed
from dashboard.contributions.submissions.offices import store
from dashboard.contributions.submissions.rules.ground import accepts
from dashboard.evidence.codebook.model import Codebook
from dashboard.evidence.database.engine import open_engine, reading, writing
from dashboard.settings import Settings

LONGEST_NAME = 120
MOST_OFFICES = 50
"""Offices of one country. Ours."""


def may_keep(by: Principal, country: str) -> bool:
    """Return True if somebody may make offices of a country and name them."""
    return by.may(Right.ADMINISTER) or by.may(Right.COORDINATE, country)


def list_offices(settings: Settings, country: str) -> list[OfficeRow]:
    """Return the offices of a country, by number."""
    with reading(open_engine(settings)) as connection:
        return accounts.list_offices(connection, country)


def list_coordinators(settings: Settings) -> dict[str, list[str]]:
    """Country → offices of its coordinators at work, as readers are told them; {} where nobody can log in."""
    if not settings.accounts.enabled:
        return {}
    with reading(open_engine(settings)) as connection:
        everybody = accounts.list_accounts(connection)
    found: dict[str, set[str]] = {}
    for one in everybody:
        if one.role is Role.COORDINATOR and one.state is State.ACTIVE and not one.waits and one.office:
            found.setdefault(one.country, set()).add(one.office)
    return {country: sorted(offices) for country, offices in sorted(found.items())}


def add_office(settings: Settings, book: Codebook, by: Principal, country: str, name: str, address: str = "") -> int:
    """Make a further office of a country; gives its number.

    Raises:
        MoveNotAllowed: not this person, no such country, no name, one that is taken, or too many offices.
    """
    if not may_keep(by, country):
        raise MoveNotAllowed("right", "Only administrators and a country's coordinator make its offices.")
    if country not in book.countries and country not in ORGANISATIONS:
        raise MoveNotAllowed("country", f"There is no country {country[:10]}.")
    with writing(open_engine(settings)) as connection:
        known = accounts.list_offices(connection, country)
        plain = _name(name, [one.name for one in known])
        if len(known) >= MOST_OFFICES:
            raise MoveNotAllowed("offices", f"A country has at most {MOST_OFFICES} offices.")
        number = max((one.number for one in known), default=0) + 1
        _keep(connection, by, country, number, "", plain, address)
    return number


def rename_office(settings: Settings, by: Principal, country: str, number: int, name: str, address: str = "") -> None:
    """Give an office another name.

    Raises:
        MoveNotAllowed: not this person, no such office, no name, or one that is taken.
    """
    if not may_keep(by, country):
        raise MoveNotAllowed("right", "Only administrators and a country's coordinator name its offices.")
    with writing(open_engine(settings)) as connection:
        known = {one.number: one.name for one in accounts.list_offices(connection, country)}
        if number not in known:
            raise MoveNotAllowed("office", f"{country} has no office {number}.")
        plain = _name(name, [it for at, it in known.items() if at != number])
        _keep(connection, by, country, number, known[number], plain, address)


def list_assigned(settings: Settings, country: str) -> dict[str, int]:
    """Return indicators of a country that one office alone sends → its number."""
    with reading(open_engine(settings)) as connection:
        return store.assignments(connection, country)


def assign(
    settings: Settings, book: Codebook, by: Principal, country: str, indicator: str, office: int, address: str = ""
) -> None:
    """Give an indicator to one office alone; 0: to any of them.

    Raises:
        MoveNotAllowed: not the country's coordinator, no such indicator, or no such office.
    """
    if not by.may(Right.COORDINATE, country):
        raise MoveNotAllowed("right", "Only a country's coordinator assigns its indicators.")
    if indicator not in book.metrics or not accepts(book.metrics[indicator]):
        raise MoveNotAllowed("indicator", f"{indicator[:80]} is no indicator that countries send.")
    with writing(open_engine(settings)) as connection:
        if office and office not in {one.number for one in accounts.list_offices(connection, country)}:
            raise MoveNotAllowed("office", f"{country} has no office {office}.")
        before = store.assignments(connection, country).get(indicator, 0)
        store.assign(connection, country, indicator, office)
        audit.record(
            connection, action="office.indicator_assigned", subject=f"offices {country}", by=by, address=address,
            before={"indicator": indicator, "office": before}, after={"indicator": indicator, "office": office},
        )  # fmt: skip


def _name(name: str, taken: list[str]) -> str:
    plain = " ".join("".join(sign for sign in name if sign.isprintable() or sign.isspace()).split())
    if not 2 <= len(plain) <= LONGEST_NAME:
        raise MoveNotAllowed("office_name", f"An office has a name of 2 to {LONGEST_NAME} letters.")
    if plain.casefold() in {one.casefold() for one in taken}:
        raise MoveNotAllowed("office_taken", "Another office of the country has this name.")
    return plain


def _keep(
    connection: store.Connection, by: Principal, country: str, number: int, before: str, name: str, address: str
) -> None:
    accounts.name_office(connection, country, number, name)
    audit.record(
        connection, action="office.named", subject=f"offices {country}", by=by, address=address,
        before={"office": number, "name": before}, after={"office": number, "name": name},
    )  # fmt: skip
