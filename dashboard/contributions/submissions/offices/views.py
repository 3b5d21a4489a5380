"""Figures that two offices send, in the words of the pages of both and of their coordinator."""

from typing import TypedDict

from dashboard.contributions.submissions.offices import store
from dashboard.contributions.submissions.offices.conflicts import office_names_on
from dashboard.contributions.submissions.workbooks.words import group_text, subject_text
from dashboard.evidence.database.engine import open_engine, reading
from dashboard.locales import format_number
from dashboard.settings import Settings


class ConflictSide(TypedDict):
    """What one office says, and the submission in which it does."""

    office: int
    name: str
    value: str
    submission: int
    chosen: bool


class ConflictView(TypedDict):
    """A figure that two offices send: first whose was published, then who sends it too."""

    id: int
    indicator: str
    period: str
    group: str
    open: bool
    sides: list[ConflictSide]
    decided_by: str
    reason: str


def conflict_views(settings: Settings, country: str, lang: str, office: int = 0) -> list[ConflictView]:
    """Return conflicts of a country, open ones first; of those that an ``office`` is a side of, where it is given."""
    with reading(open_engine(settings)) as connection:
        names = office_names_on(connection, country)
        found = store.conflicts(connection, country)
    views: list[ConflictView] = []
    for one in found:
        if office and office not in (one.office_number, one.holder_office):
            continue
        sides = (one.holder_office, one.held, one.holder), (one.office_number, one.value, one.submission)
        views.append({
            "id": one.id or 0,
            "indicator": subject_text(one.indicator, lang),
            "period": one.period,
            "group": group_text(one.dimensions, lang),
            "open": one.state == "open",
            "sides": [
                {"office": number, "name": names.get(number, "–"), "submission": submission,
                 "value": "–" if value is None else format_number(value, lang),
                 "chosen": one.chosen == number}
                for number, value, submission in sides
            ],
            "decided_by": one.decided_office,
            "reason": one.reason,
        })  # fmt: skip
    return views
