"""An office's year: how far each thing it sends has come, what waits for a person, and the one act that is first.

``list_years``: the strips, of one office or, for a coordinator, of all; ``sort_waiting``: what has to be corrected or
submitted, the worst first; ``choose_act``: the one thing to do now.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple, TypeVar

from dashboard.accounts.model import Principal, Right
from dashboard.contributions.submissions import workflow
from dashboard.contributions.submissions.deadlines import Due
from dashboard.contributions.submissions.kinds.registry import KINDS
from dashboard.contributions.submissions.model import NOT_SUBMITTED, Submission
from dashboard.interfaces.desk.contribute.sending import UPLOADS, UploadPage, address_of, list_pages
from dashboard.locales import choose_public, has, t
from dashboard.locales import format_day as day_in_words

CELLS, MONTHS = 6, 12
"""Years and months that a strip shows; what is due, overdue or lies with the office is always shown."""

Row = TypeVar("Row", Due, Submission)
Shown = Literal["due", "overdue", "received", "in_review", "returned", "published", "not_reported", "none"]

SHOWN: Mapping[str, Shown] = {
    "draft": "received", "checked": "received", "submitted": "in_review", "approved": "in_review",
    "returned": "returned", "published": "published", "not_reported": "not_reported", "due": "due",
    "overdue": "overdue",
}  # fmt: skip
"""How a year stands (``deadlines.Due.standing``) → how its office sees it."""

WITH_OFFICE = ("due", "overdue", "received", "returned")
"""What the office still has to do something about."""

GONE = ("withdrawn", "superseded", "rolled_back")


@dataclass(frozen=True, slots=True)
class YearCell:
    """A year (month) of a dataset: how it stands in words, when it is due, and the address that leads on."""

    period: str
    name: str
    shown: Shown
    words: str
    beside: str = ""  # how another file of the same year stands: a correction, or what lies there of an overdue one
    due: date | None = None
    day: str = ""
    to: str = ""
    waits: bool = False  # for something that the office does


@dataclass(frozen=True, slots=True)
class Strip:
    """The years (months) of one dataset, oldest first; none where nothing was sent."""

    page: UploadPage
    cells: Sequence[YearCell]


@dataclass(frozen=True, slots=True)
class OfficeYear:
    """The strips of one office; ``office`` is "" where its country has no other."""

    office: str
    strips: Sequence[Strip]


class Act(NamedTuple):
    """The one thing to do now: its words (``submissions.act.<key>``), where it is done, and what it is about."""

    key: str
    to: str
    submission: Submission | None = None
    due: Due | None = None


def list_years(
    by: Principal, dues: Sequence[Due], submissions: Sequence[Submission], names: Mapping[tuple[str, int], str],
    lang: str, today: date,
) -> list[OfficeYear]:  # fmt: skip
    """The year of each office whose figures this person sees.

    Args:
        by: the person.
        dues: of all datasets, of these offices.
        submissions: of these offices, newest first.
        names: of the country's offices, as of ``deadlines.office_names``.
        lang: the language of the words.
        today: the day it is.
    """
    pages = [upload for upload in UPLOADS if upload.kind.may_send(by.country)]
    may_send = bool(list_pages(by))
    numbers = sorted({number for country, number in names if country == by.country}) or [by.office_number]
    if not by.may(Right.COORDINATE):
        numbers = [by.office_number]
    return [
        OfficeYear(
            names.get((by.country, number), ""),
            [
                Strip(
                    upload,
                    _cells(
                        upload.dataset,
                        _select(dues, upload.dataset, number),
                        _select(submissions, upload.dataset, number),
                        may_send, lang, today,
                    ),
                )
                for upload in pages
            ],
        )
        for number in numbers
    ]  # fmt: skip


def _select(rows: Sequence[Row], dataset: str, office_number: int) -> list[Row]:
    return [row for row in rows if (row.dataset, row.office_number) == (dataset, office_number)]


def _cells(
    dataset: str, dues: Iterable[Due], submissions: Sequence[Submission], may_send: bool, lang: str, today: date
) -> list[YearCell]:
    """The cells of one strip, oldest first."""
    # due without a day: nothing is, unless it was taken back
    by_period = {due.period: due for due in dues if due.due or due.standing != "due" or due.reopened}
    periods = set(by_period)
    kind = KINDS[dataset]
    if kind.is_due_yearly:
        periods.add(str(today.year - 1))
    elif kind.is_monthly and by_period:
        periods |= {*kind.offer_periods(today)[:MONTHS]}
    cells = [
        _cell(
            dataset,
            period,
            by_period.get(period),
            [submission for submission in submissions if submission.period == period],
            may_send,
            lang,
        )
        for period in sorted(periods, reverse=True)
    ]
    most = MONTHS if kind.is_monthly else CELLS
    return [cell for at, cell in enumerate(cells) if at < most or cell.waits][::-1]


def _cell(
    dataset: str, period: str, due: Due | None, sent: Sequence[Submission], may_send: bool, lang: str
) -> YearCell:  # fmt: skip
    shown: Shown = SHOWN[due.standing] if due else "none"
    living = [submission for submission in sent if submission.state not in GONE]
    newest = living[0] if living else None
    is_open_again = bool(due and due.reopened)
    beside = t("submissions.year.reopened", lang) if is_open_again else ""
    if newest and SHOWN.get(newest.state, shown) != shown:
        beside = _words(SHOWN[newest.state], lang)
        if shown == "published":
            beside = t("submissions.year.correction", lang, state=beside)
    to = f"/contribute/{newest.id}" if newest else ""
    if may_send and (not newest or is_open_again):
        to = address_of(dataset, period)
    until = due.due.date() if due and due.due and shown in WITH_OFFICE else None
    name = KINDS[dataset].format_period(period, lang)
    return YearCell(
        period,
        name,
        shown,
        _words(shown, lang),
        beside,
        until,
        day_in_words(until, lang) if until else "",
        to,
        shown in WITH_OFFICE or is_open_again,
    )


def _words(shown: Shown, lang: str) -> str:
    key = f"submissions.standing.{shown}"
    return t(key if has(key) else f"submissions.state.{shown}", lang)


def sort_waiting(submissions: Iterable[Submission]) -> list[Submission]:
    """What has to be corrected or submitted: returned ones, those with errors, those that are ready, unread ones."""
    waiting = [submission for submission in submissions if submission.state in NOT_SUBMITTED]
    return sorted(
        waiting,
        key=lambda submission: (submission.state != "returned", not submission.errors, submission.state == "draft"),
    )


def list_to_approve(by: Principal, submissions: Sequence[Submission]) -> list[Submission]:
    """What waits for this person's approval, oldest first."""
    return [submission for submission in reversed(submissions) if "approve" in workflow.allowed(by, submission)]


def choose_act(
    by: Principal, dues: Sequence[Due], submissions: Sequence[Submission], *, conflicts: bool, chosen: bool, lang: str
) -> Act:
    """The one thing this person does next; ``chosen``: whether the office has said which indicators it sends."""
    if by.may(Right.COORDINATE):
        if conflicts:
            return Act("decide", "/offices/#conflicts")
        return Act("offices", "/offices/") if any(due.due for due in dues) else Act("deadline", "/offices/#deadlines")
    if by.may(Right.APPROVE):
        waiting = list_to_approve(by, submissions)
        if waiting:
            return Act("approve", f"/contribute/{waiting[0].id}", waiting[0])
        return Act("look", f"/{choose_public(lang)}/sending/")
    for submission in sort_waiting(submissions):
        key = {"returned": "correct", "draft": "check"}.get(submission.state) or (
            "mend" if submission.errors else "submit"
        )
        return Act(key, f"/contribute/{submission.id}", submission)
    pages = list_pages(by)
    again = min((due for due in dues if due.reopened), key=lambda due: due.period, default=None)
    if again:
        return Act("reopened", address_of(again.dataset, again.period), due=again)
    for standing in ("overdue", "due"):
        late = sorted((due for due in dues if due.due and due.standing == standing), key=lambda due: due.period)
        if late:
            return Act(standing, address_of(late[0].dataset, late[0].period), due=late[0])
    if any(upload.kind.is_typed for upload in pages) and not (chosen or submissions):
        return Act("choose", "/contribute/indicators")
    return Act("send", pages[0].path) if pages else Act("look", f"/{choose_public(lang)}/sending/")
