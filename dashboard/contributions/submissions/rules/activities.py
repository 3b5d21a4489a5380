"""What must hold of a row of activities under the agreement: every fault at once, each with what to do."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import urlsplit

from dashboard.contributions.submissions.rules.check import Checks, FindingPlace, SentCells
from dashboard.evidence.codebook.register.sent import ACTIVITY_KINDS, AgreementActivity

NEEDED = ("kind", "title", "date")
"""Columns that must be there."""

COLUMNS = (*NEEDED, "countries", "participants", "women", "link")
LONGEST_TITLE = 200
LONGEST_LINK = 500
_COUNT = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True)
class SentActivity(SentCells):
    """An activity as its row says it, the year of the file, the day of the one who asks."""

    period: str
    today: date
    countries: frozenset[str]

    @cached_property
    def places(self) -> tuple[str, ...]:
        """Codes of countries, as they are written."""
        return tuple(dict.fromkeys(part.upper() for part in re.split(r"[;,\s]+", self.cell("countries")) if part))

    def count(self, column: str) -> int | None:
        """A number of people; None where there is none, or it cannot be read."""
        return int(self.cell(column)) if _COUNT.fullmatch(self.cell(column)) else None

    @property
    def activity(self) -> AgreementActivity:
        """The activity of a row without error."""
        return AgreementActivity(
            self.cell("kind").lower(), self.cell("title"), self.cell("date"), self.places, self.count("participants"),
            self.count("women"), self.cell("link"),
        )  # fmt: skip


ACTIVITY_CHECKS: Checks[SentActivity] = Checks()
"""Everything that an activity is held against."""


@ACTIVITY_CHECKS.check("activity_kind", "error")
def activity_kind(row: SentActivity) -> Iterator[FindingPlace]:
    """A kind that is none of the list."""
    if row.cell("kind").lower() not in ACTIVITY_KINDS:
        yield FindingPlace(column="kind", values={"kinds": ", ".join(ACTIVITY_KINDS)})


@ACTIVITY_CHECKS.check("activity_title", "error")
def activity_title(row: SentActivity) -> Iterator[FindingPlace]:
    """No title, or one too long."""
    if not 0 < len(row.cell("title")) <= LONGEST_TITLE:
        yield FindingPlace(column="title", values={"most": str(LONGEST_TITLE)})


@ACTIVITY_CHECKS.check("activity_date", "error")
def activity_date(row: SentActivity) -> Iterator[FindingPlace]:
    """No day of the year, or one that is still to come."""
    day = row.day("date")
    if day is None or f"{day.year}" != row.period or day > row.today:
        yield FindingPlace(column="date", values={"period": row.period})


@ACTIVITY_CHECKS.check("activity_country", "error")
def activity_country(row: SentActivity) -> Iterator[FindingPlace]:
    """A code that is no country's."""
    if strange := [one for one in row.places if one not in row.countries]:
        yield FindingPlace(column="countries", values={"code": strange[0][:20]})


@ACTIVITY_CHECKS.check("activity_count", "error")
def activity_count(row: SentActivity) -> Iterator[FindingPlace]:
    """A number of people that is no whole number from 0 on."""
    for column in ("participants", "women"):
        if row.cell(column) and row.count(column) is None:
            yield FindingPlace(column=column)


@ACTIVITY_CHECKS.check("activity_women", "error")
def activity_women(row: SentActivity) -> Iterator[FindingPlace]:
    """More women than participants, or women of nobody knows how many."""
    women, everybody = row.count("women"), row.count("participants")
    if women is not None and (women > everybody if everybody is not None else not row.cell("participants")):
        yield FindingPlace(column="women", values={"count": row.cell("participants") or "–"})


@ACTIVITY_CHECKS.check("activity_link", "error")
def activity_link(row: SentActivity) -> Iterator[FindingPlace]:
    """A link that is no public address."""
    link = row.cell("link")
    if link and not _is_address(link):
        yield FindingPlace(column="link")


@ACTIVITY_CHECKS.check("activity_column", "warning")
def activity_column(row: SentActivity) -> Iterator[FindingPlace]:
    """A column that there is not, with something in it."""
    for name in sorted(set(row.cells) - set(COLUMNS)):
        if row.cells[name]:
            yield FindingPlace(column=name)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return len(text) <= LONGEST_LINK and parts.scheme in ("http", "https") and "." in (parts.hostname or "")
