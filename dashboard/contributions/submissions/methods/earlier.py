"""What an office said of how its figures were made when it last did: proposed, and never taken for said."""

from dashboard.contributions.submissions import store
from dashboard.contributions.submissions.model import METHOD_FIELDS, Finding, Submission
from dashboard.evidence.database.engine import open_engine, reading
from dashboard.settings import Settings

ANEW = ("period_of_work", "sample_size")
"""Fields that no other year's answer to can be true: they are asked anew."""


def find_earlier(settings: Settings, submission: Submission) -> Submission | None:
    """Return the office's last submission before this one that says how its figures were made; None where none does."""
    with reading(open_engine(settings)) as connection:
        return find_earlier_on(connection, submission)


def find_earlier_on(connection: store.Connection, submission: Submission) -> Submission | None:
    """``find_earlier`` within a transaction under way."""
    earlier = store.listing(
        connection, country=submission.country, dataset=submission.dataset, office=submission.office_number
    )
    return next((one for one in reversed(earlier) if one.id < submission.id and one.method), None)


def find_repeated(submission: Submission, earlier: Submission | None) -> list[Finding]:
    """Return a warning where a file says word for word, with the time of the work, what it said for another year."""
    if earlier is None or earlier.period == submission.period or submission.stated.get("period_of_work"):
        return []
    now, then = ({name: said.method.get(name, "") for name in METHOD_FIELDS} for said in (submission, earlier))
    if now != then or not now["period_of_work"]:
        return []
    told = {"number": str(earlier.id), "period": earlier.period}
    return [Finding("method_as_before", "warning", read=now["period_of_work"][:200], values=told)]
