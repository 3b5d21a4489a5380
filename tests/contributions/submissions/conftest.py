"""A country's people, its year, and files to send; on SQLite and PostgreSQL."""

import io
import pickle
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from importlib import import_module
from typing import Any

import polars as pl
import pytest
import xlsxwriter
from sqlalchemy import Engine

from dashboard.accounts import mail
from dashboard.accounts.model import Principal, Role
from dashboard.contributions.submissions import inbox, intake
from dashboard.contributions.submissions.model import Submission
from dashboard.contributions.submissions.reading import process
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import Codebook
from dashboard.runtime.sandbox.pools import Crashed, JobLimits
from dashboard.settings import Settings
from tests.accounts.conftest import hasher

__all__ = ["hasher"]  # a password of the product takes longer to hash than most of these tests

YEAR = str(datetime.now(UTC).year - 1)
HEADS = (
    "Indicator code",
    "Group",
    "Year",
    "Value",
    "Numerator",
    "Denominator",
    "People who answered",
    "Unit",
    "Reason if missing",
    "Note",
)
METHOD = {
    "How the figures were made": "Survey of users",
    "Who collected them": "State Agency for Public Service",
    "Who was asked, or what was counted": "Visitors of all centres",
    "When (from – to)": "March to May",
    "Exact question": "How satisfied were you with your visit?",
    "Scale of answers": "Four points",
    "How people were asked (face to face, telephone, web)": "Face to face",
}
GOOD = (
    ("battery_1662_exit", "Total", int(YEAR), 61.5, None, None, 800),
    ("battery_1662_exit", "Women", int(YEAR), 63.0, None, None, 420),
    ("battery_1662_exit", "Men", int(YEAR), 60.0, None, None, 380),
    ("complaints_in_time", "Total", int(YEAR), 75, 300, 400),
)


def person(number: int, role: Role, country: str = "AZE", office: str = "") -> Principal:
    """Somebody with a role."""
    return Principal(number, role, country, "", office or f"Office {number}", f"Person {number}", "en")


@pytest.fixture(scope="session")
def book() -> Codebook:
    return load_codebook()


@pytest.fixture
def contributor() -> Principal:
    return person(1, Role.CONTRIBUTOR, office="State Agency")


def workbook(
    rows: Any = GOOD,
    heads: Any = HEADS,
    method: Mapping[str, str] | None = METHOD,
    sheet: str = "Indicators",
    more: Callable[[Any, Any], None] = lambda book, page: None,
    start: tuple[int, int] = (0, 0),
) -> bytes:
    """A workbook as a ministry may send it; ``more`` does further things to it and its first sheet."""
    held = io.BytesIO()
    file = xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False})
    page = file.add_worksheet(sheet)
    top, left = start
    for at, head in enumerate(heads):
        page.write(top, left + at, head)
    for line, row in enumerate(rows, start=1):
        for at, cell in enumerate(row):
            if cell is not None:
                page.write(top + line, left + at, cell)
    if method is not None:
        other = file.add_worksheet("Method")
        for line, pair in enumerate(method.items()):
            other.write_row(line, 0, pair)
    more(file, page)
    file.close()
    return held.getvalue()


class Desk:
    """Sends files as a contributor does; its approver and the reviewer of the programme are beside it."""

    reviewer = person(3, Role.REVIEWER, "", "Programme")

    def __init__(self, settings: Settings, book: Codebook, by: Principal, approver: Principal | None = None) -> None:
        self.settings, self.book, self.by = settings, book, by
        self.approver = approver or person(2, Role.APPROVER, office="Ministry")

    def store(self, body: bytes) -> inbox.Stored:
        """Stream a file into the inbox."""
        part = inbox.begin(self.settings)
        for at in range(0, len(body), 65_536):
            part.write(body[at : at + 65_536])
        return part.finish()

    def send(
        self, body: bytes, name: str = "figures.xlsx", *, period: str = YEAR, key: str = "", intent: str = ""
    ) -> Submission:
        """Upload and check."""
        intake.may_send(self.settings, self.by, "figures", period)
        stored = self.store(body)
        made = intake.receive(
            self.settings, self.by, stored, filename=name, period=period, lang="en", key=key, intent=intent
        )
        return intake.check(self.settings, self.book, self.by, made.id)


APART = process.SANDBOX
READ_APART = {
    "test_activities", "test_counts", "test_full_disk", "test_killed_reading", "test_kills", "test_machines",
    "test_places", "test_programs", "test_pull", "test_reading", "test_survey_page", "test_upload",
}  # fmt: skip
"""Tests of what is read of files, and of the processes that read them: they run there, as in the product.

The others are of what becomes of a file: they read it where they run, for such a process takes a second to start.
"""


class HereAtOnce:
    """Reads in the process of the test, with plain values in and out, as the processes of ``Sandbox`` do."""

    def call(self, function: str, job: Mapping[str, object], limits: JobLimits) -> Any:
        """What the function makes of the job, for as long and with as much memory as it likes."""
        module, name = function.split(":")
        try:
            return _copied(getattr(import_module(module), name)(_copied(job)))
        except Exception as error:
            raise Crashed(f"{type(error).__name__}: {error}") from error

    def trouble(self) -> bool:
        """None."""
        return False


def _copied(value: object) -> Any:
    return pickle.loads(pickle.dumps(value))


@pytest.fixture(autouse=True)
def read_here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read where the test runs, but for the tests of ``READ_APART``."""
    if request.path.stem not in READ_APART:
        monkeypatch.setattr(process, "SANDBOX", HereAtOnce())


@pytest.fixture
def read_apart(read_here: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read in processes of their own for this test."""
    monkeypatch.setattr(process, "SANDBOX", APART)


@pytest.fixture
def desk(monitor_settings: Settings, record: Engine, book: Codebook, contributor: Principal) -> Desk:
    assert record is not None
    return Desk(monitor_settings, book, contributor)


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> list[EmailMessage]:
    sent: list[EmailMessage] = []
    monkeypatch.setattr(mail, "send", lambda _, letter: sent.append(letter))
    monkeypatch.setattr(mail, "is_configured", lambda _: True)
    return sent


NO_HISTORY = pl.DataFrame(
    schema={"indicator": str, "period": str, "dimensions": str, "value": float, "unit": str, "source": str}
)
