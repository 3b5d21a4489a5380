"""Submissions of the invented countries in every state of the workflow, and deadlines."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from dashboard.accounts.model import Principal
from dashboard.contributions.submissions import deadlines, inbox, intake, publication, workflow
from dashboard.contributions.submissions.model import Submission
from dashboard.evidence.codebook import load_codebook
from dashboard.operations.training.countries import COUNTRIES
from dashboard.operations.training.figures import InventedFigure, make_figures
from dashboard.operations.training.files import write_workbook
from dashboard.operations.training.people import SECOND_MARK, SECOND_OFFICE
from dashboard.settings import Settings

YEARS = 6
"""Published years of each invented country."""

CONTESTED = "csat_exit_poll"
"""The indicator that two offices of a country send."""

People = Mapping[tuple[str, str], Principal]


class Desk:
    """Sends, approves and publishes as the people of the workspace."""

    def __init__(self, settings: Settings, people: People, today: date) -> None:
        self.settings, self.people = settings, people
        self.year = today.year - 1
        self.first = self.year - YEARS

    def figures(self, iso3: str, year: int, shift: float = 0.0) -> list[InventedFigure]:
        """Return the invented figures of a country and year."""
        return make_figures(iso3, year, self.first, shift=shift)

    def upload(
        self, iso3: str, year: int, figures: list[InventedFigure], *, check: bool = True, office: str = ""
    ) -> Submission:
        """Upload a file as its contributor and check it unless told otherwise; ``office`` marks a second one."""
        by = self.people["contributor", iso3 + office]
        intake.may_send(self.settings, by, "figures", str(year))
        upload = inbox.begin(self.settings)
        upload.write(write_workbook(figures))
        name = f"training_{iso3}_{year}.xlsx"
        submission = intake.receive(self.settings, by, upload.finish(), filename=name, period=str(year), lang="en")
        return intake.check(self.settings, load_codebook(), by, submission.id) if check else submission

    def move(
        self, submission: Submission, name: str, role: str = "contributor", reason: str = "", office: str = ""
    ) -> Submission:
        """Make a move of the workflow as whoever has that role."""
        by = self.people[role, submission.country + office if role in ("contributor", "approver") else ""]
        if name == "publish":
            return publication.publish(self.settings, load_codebook(), by, submission.id)
        return workflow.make(self.settings, by, submission.id, name, reason=reason)

    def publish(self, iso3: str, year: int, figures: list[InventedFigure], office: str = "") -> Submission:
        """Upload, approve and publish figures."""
        submitted = self.move(self.upload(iso3, year, figures, office=office), "submit", office=office)
        approved = self.move(submitted, "approve", "approver", office=office)
        return self.move(approved, "publish", "reviewer")


def make_submissions(settings: Settings, people: People, today: date) -> None:
    """Publish the past of every invented country, and leave work in every state."""
    desk = Desk(settings, people, today)
    year = desk.year
    for country in COUNTRIES:
        past = [figure for past_year in range(desk.first, year) for figure in desk.figures(country.iso3, past_year)]
        desk.publish(country.iso3, year - 1, past)
    _correct(desk, "XAD", year - 1)
    _contest(desk, SECOND_OFFICE[0], year - 1)
    _leave_pending(desk, year)
    _set_deadlines(desk, today)


def _correct(desk: Desk, iso3: str, year: int) -> None:
    """Reopen a closed year and publish a correction that supersedes it."""
    reviewer = desk.people["reviewer", ""]
    workflow.reopen(desk.settings, reviewer, iso3, "figures", str(year), "Two centres were counted twice (invented)")
    past = [figure for past_year in range(desk.first, year) for figure in desk.figures(iso3, past_year)]
    desk.publish(iso3, year, [*past, *desk.figures(iso3, year, shift=-2.5)])


def _contest(desk: Desk, iso3: str, year: int) -> None:
    """Publish another value from a second office, for the country's coordinator to decide."""
    ours = next(figure for figure in desk.figures(iso3, year) if figure.indicator == CONTESTED)
    own = InventedFigure("nps", "", year, 31.0, ours.sample)
    desk.publish(iso3, year, [replace(ours, value=round(ours.value - 4.2, 1)), own], SECOND_MARK)


def _leave_pending(desk: Desk, year: int) -> None:
    """Leave submissions in each state; XAB still has its year to send."""
    good = {figure.iso3: desk.figures(figure.iso3, year) for figure in COUNTRIES}
    submitted = desk.move(desk.upload("XAA", year, good["XAA"]), "submit")
    desk.move(submitted, "return", "approver", "The figure of complaints is last year’s (invented)")
    withdrawn = desk.upload("XAA", year - 8, [replace(figure, year=year - 8) for figure in good["XAA"]])
    desk.move(withdrawn, "withdraw")
    desk.move(desk.upload("XAC", year, good["XAC"]), "submit")
    desk.upload("XAD", year, make_wrong(good["XAD"]))
    desk.upload("XAD", year - 8, [replace(figure, year=year - 8) for figure in good["XAD"]], check=False)
    older = desk.upload("XAC", year - 8, [replace(figure, year=year - 8) for figure in good["XAC"]])
    desk.move(desk.move(older, "submit"), "approve", "approver")
    workflow.not_reported(
        desk.settings, desk.people["contributor", "XAB"], "figures", str(year - 8), "not_collected",
        "No survey was made (invented)",
    )  # fmt: skip


def make_wrong(figures: list[InventedFigure]) -> list[InventedFigure]:
    """Return the figures with mistakes that the rules find: a share above 100, a future year, a repeated row."""
    first, second, *rest = figures
    return [replace(first, value=161.5), replace(second, year=second.year + 9), *rest, rest[-1]]


def _set_deadlines(desk: Desk, today: date) -> None:
    """Set deadlines of the year: past for XAB, ahead for the others."""
    admin = desk.people["admin", ""]
    for country in COUNTRIES:
        day = date.fromordinal(today.toordinal() + (-20 if country.iso3 == "XAB" else 30))
        deadlines.set_due(desk.settings, admin, [country.iso3], str(desk.year), day)
