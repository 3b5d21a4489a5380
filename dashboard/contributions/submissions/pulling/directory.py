"""Setting, changing and removing the addresses of an office: by those who send its figures."""

from collections.abc import Mapping
from datetime import UTC, datetime

from dashboard.accounts import audit
from dashboard.accounts.model import Principal, Right
from dashboard.contributions.submissions.kinds.base import parse_year
from dashboard.contributions.submissions.kinds.registry import KINDS
from dashboard.contributions.submissions.model import MoveNotAllowed
from dashboard.contributions.submissions.pulling import store
from dashboard.contributions.submissions.pulling.model import (
    DAYS,
    FORMS,
    MOST_PULLS,
    OF_ONE_INDICATOR,
    PullUnknown,
    read_address,
)
from dashboard.contributions.submissions.rules.ground import accepts
from dashboard.contributions.submissions.tables import PullRow
from dashboard.evidence.codebook.model import Codebook
from dashboard.evidence.database.engine import open_engine, reading, writing
from dashboard.settings import Settings


def list_pulls(settings: Settings, by: Principal) -> list[PullRow]:
    """Return the addresses of somebody's office."""
    with reading(open_engine(settings)) as connection:
        return store.of_office(connection, by.country, by.office_number)


def set_pull(
    settings: Settings, book: Codebook, by: Principal, number: int, fields: Mapping[str, str], address: str = ""
) -> int:
    """Keep an address, or change one; it is asked at the next hour. Gives its number.

    Args:
        settings: with the hosts that the operator allows.
        book: the codebook.
        by: whose drafts it makes.
        number: of one that is changed; 0 for a new one.
        fields: ``address``, ``form``, ``indicator``, ``period`` ("" for the last whole year), ``days``.
        address: where the request came from.

    Raises:
        MoveNotAllowed: not this person, or a field that cannot be; the code says which.
    """
    _demand(by)
    kept = {
        "address": read_address(settings, fields.get("address", "")),
        "form": fields.get("form", ""),
        "indicator": fields.get("indicator", ""),
        "period": fields.get("period", "").strip(),
        "days": next((one for one in DAYS if str(one) == fields.get("days", "")), 0),
    }
    if kept["form"] not in FORMS or not kept["days"]:
        raise MoveNotAllowed("pull_form", "Choose what the address answers with, and how often it is asked.")
    indicator = str(kept["indicator"])
    if indicator and (indicator not in book.metrics or not accepts(book.metrics[indicator])):
        raise MoveNotAllowed("indicator", f"{indicator[:80]} is no indicator that countries send.")
    if kept["form"] in OF_ONE_INDICATOR and not indicator:
        raise MoveNotAllowed("pull_indicator", "Say which indicator it is: what this form answers does not.")
    if kept["period"]:
        parse_year(str(kept["period"]))
    now = datetime.now(UTC)
    fresh = {
        **kept, "set_by": by.id, "set_office": by.office, "set_at": now, "due_at": now, "etag": "", "failures": 0,
        "trouble": "",
    }  # fmt: skip
    with writing(open_engine(settings)) as connection:
        before = _own(connection, by, number) if number else None
        if before:
            same = all(getattr(before, name) == kept[name] for name in ("address", "form", "indicator"))
            values = fresh if same else fresh | {"sha256": "", "came_for": ""}
            store.change(connection, before, **values)
        else:
            if len(store.of_office(connection, by.country, by.office_number)) >= MOST_PULLS:
                raise MoveNotAllowed("pull_most", f"An office has at most {MOST_PULLS} addresses: remove one first.")
            number = store.add(connection, fresh | {"country": by.country, "office_number": by.office_number})
        audit.record(
            connection, action="pull.changed" if before else "pull.set", subject=_subject(by), by=by, address=address,
            before=_told(before) if before else {}, after={"pull": number, **kept},
        )  # fmt: skip
    return number


def remove_pull(settings: Settings, by: Principal, number: int, address: str = "") -> None:
    """Ask an address no more; what came from it stays.

    Raises:
        PullUnknown: there is none of this number for this person's office.
        MoveNotAllowed: not this person.
    """
    _demand(by)
    with writing(open_engine(settings)) as connection:
        before = _own(connection, by, number)
        store.remove(connection, number)
        audit.record(
            connection, action="pull.removed", subject=_subject(by), by=by, address=address, before=_told(before)
        )


def _demand(by: Principal) -> None:
    if not by.may(Right.SUBMIT) or not by.country or not KINDS["figures"].may_send(by.country):
        raise MoveNotAllowed("right", "Only contributors of a country say where its figures are fetched from.")


def _own(connection: store.Connection, by: Principal, number: int) -> PullRow:
    found = store.get(connection, number)
    if found is None or (found.country, found.office_number) != (by.country, by.office_number):
        raise PullUnknown
    return found


def _subject(by: Principal) -> str:
    return f"office {by.country} {by.office_number}"


def _told(pull: PullRow) -> dict[str, object]:
    names = ("address", "form", "indicator", "period", "days")
    return {"pull": pull.id} | {name: getattr(pull, name) for name in names}
