"""Which indicators an office sends: chosen once, and its templates hold these rows alone."""

from collections.abc import Collection

from dashboard.accounts import audit
from dashboard.accounts.model import Principal, Right
from dashboard.contributions.submissions.model import MoveNotAllowed
from dashboard.contributions.submissions.offices import store
from dashboard.contributions.submissions.rules.ground import list_accepted
from dashboard.evidence.codebook.model import Codebook, Metric
from dashboard.evidence.database.engine import open_engine, reading, writing
from dashboard.settings import Settings


def list_offered(settings: Settings, book: Codebook, by: Principal) -> list[Metric]:
    """Return the indicators that this person's office may send, by theme: not those that another one has to itself."""
    with reading(open_engine(settings)) as connection:
        assigned = store.assignments(connection, by.country)
    return [one for one in list_accepted(book) if assigned.get(one.id, by.office_number) == by.office_number]


def list_chosen(settings: Settings, book: Codebook, by: Principal) -> list[str]:
    """Return ids of the indicators this person's office has chosen, as far as it may still send them."""
    with reading(open_engine(settings)) as connection:
        chosen = store.find_choice(connection, by.country, by.office_number)
    return [one.id for one in list_offered(settings, book, by) if one.id in chosen]


def choose(settings: Settings, book: Codebook, by: Principal, indicators: Collection[str], address: str = "") -> None:
    """Keep which indicators this person's office sends, instead of those before.

    Raises:
        MoveNotAllowed: not a contributor of a country, none was chosen, or one that this office does not send.
    """
    if not (by.country and by.may(Right.SUBMIT)):
        raise MoveNotAllowed("right", "Only contributors of a country choose what it sends.")
    if not indicators:
        raise MoveNotAllowed("nothing_chosen", "Tick at least one indicator.")
    if others := sorted(set(indicators) - {one.id for one in list_offered(settings, book, by)}):
        raise MoveNotAllowed("indicator", f"Your office sends no indicator “{others[0][:80]}”.")
    chosen = sorted(indicators)
    with writing(open_engine(settings)) as connection:
        before = store.find_choice(connection, by.country, by.office_number)
        store.set_choice(connection, by.country, by.office_number, chosen)
        audit.record(
            connection, action="submission.indicators_chosen", subject=f"figures {by.country}", by=by, address=address,
            before={"indicators": before}, after={"indicators": chosen},
        )  # fmt: skip
