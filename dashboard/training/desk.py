"""Submissions of the invented countries in every state of the workflow, and deadlines, one of them overdue."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from dashboard.accounts.model import Principal
from dashboard.codebook import load_codebook
from dashboard.settings import Settings
from dashboard.submissions import deadlines, inbox, intake, publication, workflow
from dashboard.submissions.model import Submission
from dashboard.training.countries import COUNTRIES
from dashboard.training.figures import InventedFigure, invented
from dashboard.training.files import workbook
from dashboard.training.people import OTHER, SECOND

YEARS = 6
"""Published years of each invented country."""

CONTESTED = "csat_exit_poll"
"""What two offices of a country send."""

People = Mapping[tuple[str, str], Principal]


class Desk:
    """Sends, approves and publishes as the people of the workspace."""

    def __init__(self, settings: Settings, people: People, today: date) -> None:
        self.settings, self.people = settings, people
        self.year = today.year - 1
        self.first = self.year - YEARS

    def figures(self, iso3: str, year: int, shift: float = 0.0) -> list[InventedFigure]:
        """Invented figures of a country and year."""
        return invented(iso3, year, self.first, shift=shift)

    def upload(
        self, iso3: str, year: int, figures: list[InventedFigure], *, check: bool = True, office: str = ""
    ) -> Submission:
        """A file as its contributor sends it, checked unless told otherwise; ``office`` marks a second one."""
        by = self.people["contributor", iso3 + office]
        intake.may_send(self.settings, by, "figures", str(year))
        part = inbox.begin(self.settings)
        part.write(workbook(figures))
        name = f"training_{iso3}_{year}.xlsx"
        made = intake.receive(self.settings, by, part.finish(), filename=name, period=str(year), lang="en")
        return intake.check(self.settings, load_codebook(), by, made.id) if check else made

    def move(
        self, submission: Submission, name: str, role: str = "contributor", reason: str = "", office: str = ""
    ) -> Submission:
        """A move of the workflow by whoever has that role."""
        by = self.people[role, submission.country + office if role in ("contributor", "approver") else ""]
        if name == "publish":
            return publication.publish(self.settings, load_codebook(), by, submission.id)
        return workflow.make(self.settings, by, submission.id, name, reason=reason)

    def publish(self, iso3: str, year: int, figures: list[InventedFigure], office: str = "") -> Submission:
        """From a file to published figures."""
        submitted = self.move(self.upload(iso3, year, figures, office=office), "submit", office=office)
        approved = self.move(submitted, "approve", "approver", office=office)
        return self.move(approved, "publish", "reviewer")


def fill(settings: Settings, people: People, today: date) -> None:
    """Publish the past of every invented country, and leave work in every state for those who learn."""
    desk = Desk(settings, people, today)
    year = desk.year
    for it in COUNTRIES:
        past = [figure for one in range(desk.first, year) for figure in desk.figures(it.iso3, one)]
        desk.publish(it.iso3, year - 1, past)
    _correct(desk, "XAD", year - 1)
    _contest(desk, SECOND[0], year - 1)
    _waiting(desk, year)
    _due(desk, today)


def _correct(desk: Desk, iso3: str, year: int) -> None:
    """A correction: the closed year is opened again, and what is sent then supersedes."""
    reviewer = desk.people["reviewer", ""]
    workflow.reopen(desk.settings, reviewer, iso3, "figures", str(year), "Two centres were counted twice (invented)")
    past = [figure for one in range(desk.first, year) for figure in desk.figures(iso3, one)]
    desk.publish(iso3, year, [*past, *desk.figures(iso3, year, shift=-2.5)])


def _contest(desk: Desk, iso3: str, year: int) -> None:
    """A second office sends what the first has published, otherwise: the country's coordinator decides."""
    ours = next(it for it in desk.figures(iso3, year) if it.indicator == CONTESTED)
    own = InventedFigure("nps", "", year, 31.0, ours.sample)
    desk.publish(iso3, year, [replace(ours, value=round(ours.value - 4.2, 1)), own], OTHER)


def _waiting(desk: Desk, year: int) -> None:
    """What is under way: XAB has its year to send, the others have something in each state."""
    good = {it.iso3: desk.figures(it.iso3, year) for it in COUNTRIES}
    submitted = desk.move(desk.upload("XAA", year, good["XAA"]), "submit")
    desk.move(submitted, "return", "approver", "The figure of complaints is last year’s (invented)")
    withdrawn = desk.upload("XAA", year - 8, [replace(it, year=year - 8) for it in good["XAA"]])
    desk.move(withdrawn, "withdraw")
    desk.move(desk.upload("XAC", year, good["XAC"]), "submit")
    desk.upload("XAD", year, wrong(good["XAD"]))
    desk.upload("XAD", year - 8, [replace(it, year=year - 8) for it in good["XAD"]], check=False)
    older = desk.upload("XAC", year - 8, [replace(it, year=year - 8) for it in good["XAC"]])
    desk.move(desk.move(older, "submit"), "approve", "approver")
    workflow.not_reported(
        desk.settings, desk.people["contributor", "XAB"], "figures", str(year - 8), "not_collected",
        "No survey was made (invented)",
    )  # fmt: skip


def wrong(figures: list[InventedFigure]) -> list[InventedFigure]:
    """The same figures with slips that the rules find: a share above 100, a year to come, a row twice."""
    first, second, *rest = figures
    return [replace(first, value=161.5), replace(second, year=second.year + 9), *rest, rest[-1]]


def _due(desk: Desk, today: date) -> None:
    """Deadlines of the year: past for XAB, the others ahead."""
    admin = desk.people["admin", ""]
    for it in COUNTRIES:
        day = date.fromordinal(today.toordinal() + (-20 if it.iso3 == "XAB" else 30))
        deadlines.set_due(desk.settings, admin, [it.iso3], str(desk.year), day)
