"""The life of a submission: the only functions that make the moves it may make (``model.MOVES``).

Each move is one transaction: the state, its line in the history, the audit entry, and whatever else changes with it.
"""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from dashboard.accounts import audit, standing
from dashboard.accounts import store as accounts
from dashboard.accounts.model import FIRST_OFFICE, AccessRefused, Principal, Right
from dashboard.contributions.submissions import removal, store
from dashboard.contributions.submissions.kinds.base import parse_year
from dashboard.contributions.submissions.kinds.registry import KINDS, kind_of
from dashboard.contributions.submissions.microdata import retention
from dashboard.contributions.submissions.model import (
    ASKED,
    HANDS,
    MADE,
    MISSING_REASONS,
    MOVES,
    UNHELD,
    AllowedMove,
    Finding,
    MoveNotAllowed,
    Submission,
    SubmissionUnknown,
)
from dashboard.contributions.submissions.tables import SubmissionMoveRow
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import Codebook
from dashboard.evidence.database.engine import open_engine, reading, writing
from dashboard.settings import Settings

LONGEST_REASON = 2_000
READERS = (Right.SUBMIT, Right.APPROVE, Right.COORDINATE, Right.REVIEW, Right.ADMINISTER)
"""Rights with which submissions are read: who reads citizens' words has none of them."""


def allowed(by: Principal, submission: Submission, *, closed: bool = False, asked: bool = False) -> list[str]:
    """Return the moves this person may make now, in the order of ``MOVES``.

    Args:
        by: the person.
        submission: the submission.
        closed: whether its year is closed.
        asked: whether an office waits for an answer to whether it is opened again (``find_asked``).
    """
    moves = []
    for name in MOVES:
        try:
            step = _step(by, submission, name)
        except MoveNotAllowed:
            continue
        if step.closed and not closed:
            continue
        if name != ("ask_reopen" if asked else "decline_reopen"):  # it is asked once, and answered where it was asked
            moves.append(name)
    return moves


def find_asked(settings: Settings, submissions: Collection[Submission]) -> dict[int, SubmissionMoveRow]:
    """Number of each published submission whose year an office asks to have opened again → who asked, when and why."""
    with reading(open_engine(settings)) as connection:
        last = store.last_answers(connection, [one.id for one in submissions if one.state == "published"], ASKED)
        asked = (one for one in submissions if one.id in last and last[one.id].move == "ask_reopen")
        return {one.id: last[one.id] for one in asked if is_closed(connection, *_year_of(one))}


def see(settings: Settings, by: Principal, number: int) -> Submission:
    """Return a submission that this person may see.

    Raises:
        SubmissionUnknown: there is none, or it is another country's or office's: all say the same.
    """
    with reading(open_engine(settings)) as connection:
        return seen_on(connection, by, number)


def seen_on(connection: store.Connection, by: Principal, number: int) -> Submission:
    """``see`` within a transaction under way."""
    submission = store.get(connection, number)
    seen = submission is not None and by.works_for(submission.country, submission.office_number)
    if submission is None or not seen or not any(by.has(right) for right in READERS):
        raise SubmissionUnknown(f"There is no submission {number} that you may see.")
    return submission


def detail(settings: Settings, by: Principal, number: int) -> tuple[Submission, list[Finding], list[SubmissionMoveRow]]:
    """Return a submission with its findings and its history.

    Raises:
        SubmissionUnknown: see ``see``.
    """
    with reading(open_engine(settings)) as connection:
        submission = seen_on(connection, by, number)
        return submission, store.findings_of(connection, number), store.moves_of(connection, number)


def make(
    settings: Settings, by: Principal, number: int, move: str, *, reason: str = "", address: str = ""
) -> Submission:
    """Make a move other than ``publish``, ``roll_back`` and ``reopen``, which have functions of their own.

    Raises:
        SubmissionUnknown: no such submission for this person.
        MoveNotAllowed: not this person, not from this state, without the reason it needs, or it removes published
            figures that nobody has answered for; the code says which.
    """
    if move in ("publish", "roll_back", "reopen"):
        raise ValueError(f"publication or workflow has a function of its own for {move}")
    with writing(open_engine(settings)) as connection:
        before = seen_on(connection, by, number)
        step = _step(by, before, move, reason)
        now = datetime.now(UTC)
        demand_apart(connection, by, before, move, now)
        if step.closed:
            _demand_closed(connection, before, move)
        values: dict[str, Any] = {"reason": reason.strip()} if step.reason and step.after != before.state else {}
        if move in ("submit", "approve"):
            kind_of(before).require_safe(connection, before)
            removal.require(before, removal.removed_on(connection, load_codebook(), before))
        if move == "submit":
            open_period(connection, before.country, before.dataset, before.period, before.office_number)
            values |= {"submitted_by": by.id, "submitted_office": by.office, "submitted_at": now, "reason": ""}
            _withdraw_others(connection, by, before, now)
        elif move == "approve":
            values |= {"approved_by": by.id, "approved_office": by.office, "approved_at": now}
        elif move in ("return", "take_back"):
            values |= {"approved_by": None, "approved_office": "", "approved_at": None}
        done(connection, by, before, step, move, reason.strip(), address, now, **values)
        after = seen_on(connection, by, number)
    if kind_of(after).is_sealed:
        retention.sweep(settings)
    return after


def release(
    settings: Settings, book: Codebook, by: Principal | None, number: int, count: int, address: str = ""
) -> Submission:
    """Answer for what a submission removes, by the number of figures.

    Args:
        settings: where things are.
        book: the codebook.
        by: who sends the submission's country's figures; None for the operator at the command line.
        number: the submission.
        count: how many figures it removes.
        address: where the request came from.

    Raises:
        SubmissionUnknown: no such submission for this person.
        MoveNotAllowed: not this person, not in this state, it removes nothing, or another number of figures.
    """
    with writing(open_engine(settings)) as connection:
        found = store.get(connection, number) if by is None else seen_on(connection, by, number)
        assert found is not None, "the command has looked"
        if by is not None and not by.may(Right.SUBMIT, found.country):
            raise MoveNotAllowed("right", "Only contributors of a country release what its figures remove.")
        if found.state not in removal.RELEASED_IN:
            raise MoveNotAllowed("state", f"Submission {number} is {found.state}: nothing of it is released.")
        figures = removal.removed_on(connection, book, found)
        if not figures:
            raise MoveNotAllowed("removes_nothing", f"Submission {number} removes no published figure.")
        if count != len(figures):
            raise MoveNotAllowed(
                "removal_number",
                f"Submission {number} does not remove {count} published figures. Look at the list, and type how many.",
            )
        moment = datetime.now(UTC)
        who = (by.id, by.office) if by else (0, removal.OPERATOR)
        released = {
            "figures": removal.digest(figures), "count": count, "by": by.id if by else None, "office": who[1],
            "at": moment.isoformat(timespec="seconds"),
        }  # fmt: skip
        kept = [one for one in store.findings_of(connection, number) if one.rule != removal.RULE]
        if not store.set_released(
            connection, number, removal.RELEASED_IN, released, [*kept, *removal.findings(figures, released)]
        ):
            raise MoveNotAllowed("state", f"Submission {number} has moved on meanwhile. Look at it again.")
        store.note(connection, found, "release", who, moment, reason=str(count))
        audit.record(
            connection, action="submission.released", subject=f"submission {number}", by=by, address=address,
            after={"removes": [one.as_json() for one in figures], "count": count},
        )  # fmt: skip
        again = store.get(connection, number)
    assert again is not None
    return again


def comment(settings: Settings, by: Principal, number: int, words: str, address: str = "") -> Submission:
    """Add a comment to a submission's history; gives the submission.

    Raises:
        SubmissionUnknown: see ``see``.
        MoveNotAllowed: without words, or too many.
    """
    words = read_reason(words, needed=True)
    with writing(open_engine(settings)) as connection:
        submission = seen_on(connection, by, number)
        store.note(connection, submission, "comment", (by.id, by.office), datetime.now(UTC), reason=words)
        audit.record(
            connection,
            action="submission.commented",
            subject=f"submission {number}",
            by=by,
            address=address,
            reason=words,
        )
    return submission


def not_reported(
    settings: Settings, by: Principal, dataset: str, period: str, reason: str, words: str, address: str = ""
) -> int:
    """State that a country reports nothing for a year, and why; gives the statement's number.

    Raises:
        MoveNotAllowed: not this person, no year, a year to come, no reason of the list, too many words, or the year is
            closed.
    """
    if not by.may(Right.SUBMIT):
        raise MoveNotAllowed("right", "Only contributors of a country can say that nothing is reported.")
    parse_year(period)
    if reason not in MISSING_REASONS or (reason == "other" and not words.strip()):
        raise MoveNotAllowed("reason", "Choose a reason; “Another reason” needs words.")
    told, now = read_reason(words, needed=False), datetime.now(UTC)
    with writing(open_engine(settings)) as connection:
        open_period(connection, by.country, dataset, period, by.office_number)
        for other in store.listing(
            connection, country=by.country, dataset=dataset, period=period, states=("not_reported",),
            office=by.office_number,
        ):  # fmt: skip
            store.move(connection, other.id, ("not_reported",), "superseded")
        text = reason + (f": {told}" if told else "")
        number = store.add(
            connection,
            {
                "country": by.country, "office_number": by.office_number, "dataset": dataset, "period": period,
                "state": "not_reported", "lang": by.language, "filename": "", "sha256": "", "size": 0,
                "created_by": by.id, "created_office": by.office, "created_at": now, "reason": text,
            },
        )  # fmt: skip
        submission = seen_on(connection, by, number)
        store.note(connection, submission, "not_reported", (by.id, by.office), now, reason=text)
        audit.record(
            connection, action="submission.not_reported", subject=f"submission {number}", by=by, address=address,
            after={"country": by.country, "period": period}, reason=text,
        )  # fmt: skip
    return number


def reopen(
    settings: Settings, by: Principal, country: str, dataset: str, period: str, reason: str, address: str = "",
    office: int = FIRST_OFFICE,
) -> None:  # fmt: skip
    """Open a published year of an office again, for a correction.

    Raises:
        MoveNotAllowed: not a reviewer, no reason, or the year is not closed.
    """
    if not by.may(Right.REVIEW):
        raise MoveNotAllowed("right", "Only reviewers can open a closed year.")
    words = read_reason(reason, needed=True)
    with writing(open_engine(settings)) as connection:
        if not is_closed(connection, country, dataset, period, office):
            raise MoveNotAllowed("state", f"{period} of {country} is not closed.")
        store.set_period(connection, country, dataset, period, office, closed=False, reason=words)
        published = store.listing(
            connection, country=country, dataset=dataset, period=period, states=("published",), office=office
        )
        for one in published:
            store.note(connection, one, "reopen", (by.id, by.office), datetime.now(UTC), reason=words)
        audit.record(
            connection, action="submission.reopened", subject=f"{dataset} {country} {period}", by=by, address=address,
            before={"closed": True}, after={"closed": False}, reason=words,
        )  # fmt: skip


def is_year_closed(settings: Settings, submission: Submission) -> bool:
    """Return True if the year of a submission is closed."""
    with reading(open_engine(settings)) as connection:
        return is_closed(connection, *_year_of(submission))


def _year_of(one: Submission) -> tuple[str, str, str, int]:
    return one.country, one.dataset, one.period, one.office_number


def is_closed(connection: store.Connection, country: str, dataset: str, period: str, office: int) -> bool:
    """Return True if a year of an office is closed."""
    here = (dataset, period)
    return any((it.dataset, it.period) == here and it.closed for it in store.periods(connection, country, office))


def open_period(connection: store.Connection, country: str, dataset: str, period: str, office: int) -> None:
    """Make sure that this is theirs to send, and that a year (of counts a month) is one, and open to the office.

    Raises:
        MoveNotAllowed: ``sender``, ``period``, ``month``, ``closed``.
    """
    kind = KINDS[dataset]
    if not kind.may_send(country):
        raise MoveNotAllowed("sender", f"{country} does not send {dataset}: only those whom it concerns do.")
    kind.require_period(period)
    if is_closed(connection, country, dataset, period, office):
        published = store.listing(
            connection, country=country, dataset=dataset, period=period, states=("published",), office=office
        )
        raise MoveNotAllowed(
            "closed",
            f"{period} is published and closed. Ask a reviewer to open it again, saying what is to be corrected.",
            **({"number": str(published[-1].id)} if published else {}),  # on whose page it is asked
        )


def done(
    connection: store.Connection,
    by: Principal,
    before: Submission,
    step: AllowedMove,
    move: str,
    reason: str,
    address: str,
    moment: datetime,
    /,
    **values: Any,
) -> None:
    """Make a step in the database: state, history, audit.

    Raises:
        MoveNotAllowed: ``state``: somebody else was faster.
    """
    if not store.move(connection, before.id, step.before, step.after, **values):
        raise MoveNotAllowed("state", f"Submission {before.id} has moved on meanwhile. Look at it again.")
    store.note(connection, before, move, (by.id, by.office), moment, after=step.after, reason=reason)
    audit.record(
        connection, action=f"submission.{step.told or step.after}", subject=f"submission {before.id}", by=by,
        address=address, before={"state": before.state}, after={"state": step.after}, reason=reason,
    )  # fmt: skip


def step_for(
    connection: store.Connection, by: Principal, submission: Submission, move: str, reason: str | None = None
) -> AllowedMove:
    """Return the step a move is for this person, now, held against all who had a hand in the submission.

    Raises:
        MoveNotAllowed: see ``make``.
    """
    step = _step(by, submission, move, reason)
    demand_apart(connection, by, submission, move, datetime.now(UTC))
    return step


def demand_apart(connection: store.Connection, by: Principal, submission: Submission, move: str, now: datetime) -> None:
    """Two people: nobody approves, publishes or chooses what they, or somebody of their line, had a hand in.

    Raises:
        MoveNotAllowed: ``four_eyes``, ``chained``, ``held`` or ``waits``.
    """
    if move not in HANDS:
        return
    hands = {it.account for it in store.moves_of(connection, submission.id) if it.move in HANDS[move]}
    hands |= accounts.list_actors(connection, f"submission {submission.id}", MADE)
    try:
        standing.require_separation(connection, by, hands, now)
    except AccessRefused as error:
        raise MoveNotAllowed(error.key, str(error)) from error


def _demand_closed(connection: store.Connection, submission: Submission, move: str) -> None:
    """Make sure that a year is closed, and that what is asked about it is asked once and answered once.

    Raises:
        MoveNotAllowed: ``state`` or ``asked``.
    """
    if not is_closed(connection, *_year_of(submission)):
        raise MoveNotAllowed("state", f"{submission.period} of {submission.country} is not closed.")
    asked = [it.move for it in store.last_answers(connection, [submission.id], ASKED).values()] == ["ask_reopen"]
    if move == "ask_reopen" and asked:
        raise MoveNotAllowed("asked", "This has been asked already: a reviewer answers.")
    if move == "decline_reopen" and not asked:
        raise MoveNotAllowed("state", f"Nobody asks to have submission {submission.id} opened again.")


def _step(by: Principal, submission: Submission, move: str, reason: str | None = None) -> AllowedMove:
    steps = [step for step in MOVES.get(move, ()) if by.may(step.right, submission.country)]
    if not steps:
        raise MoveNotAllowed("right", f"Your account may not {move} submissions of {submission.country}.")
    step = next((step for step in steps if submission.state in step.before), None)
    if step is None:
        raise MoveNotAllowed(
            "state", f"Submission {submission.id} is {submission.state}: it cannot be made {steps[0].after}."
        )
    if move == "submit" and submission.errors:
        raise MoveNotAllowed("errors", "Errors must be corrected first. Upload the corrected file.")
    if move == "take_back" and by.id != submission.approved_by:
        raise MoveNotAllowed("approver", "An approval is taken back by whoever gave it.")
    if move in HANDS and by.id in (submission.submitted_by, submission.created_by, submission.approved_by):
        raise MoveNotAllowed("four_eyes", "You had a hand in this yourself: another person has to do it.")
    if move in UNHELD and standing.is_held(by, datetime.now(UTC)):
        raise MoveNotAllowed(
            "held", "Another person reset this account: it approves and publishes nothing for 72 hours."
        )
    if step.reason and reason is not None:
        read_reason(reason, needed=True)
    return step


def read_reason(words: str, *, needed: bool) -> str:
    """Return a reason as it is kept.

    Raises:
        MoveNotAllowed: there is none where one is needed, or it is too long.
    """
    plain = words.strip()
    if needed and not plain:
        raise MoveNotAllowed("reason", "Say why, in words: the other side and the audit trail need it.")
    if len(plain) > LONGEST_REASON:
        raise MoveNotAllowed("reason", f"At most {LONGEST_REASON} letters.")
    return plain


def _withdraw_others(connection: store.Connection, by: Principal, current: Submission, now: datetime) -> None:
    """What else of the office lies there for the same year gives way to what is submitted."""
    step = AllowedMove(("draft", "checked", "returned"), "withdrawn", Right.SUBMIT)
    for other in store.list_same(connection, current, *step.before):
        if other.id != current.id:
            done(connection, by, other, step, "withdraw", f"Replaced by submission {current.id}", "", now)
    if busy := store.list_same(connection, current, "submitted", "approved"):
        raise MoveNotAllowed(
            "busy", f"Submission {busy[0].id} of {current.period} is being decided on. Withdraw it first, or wait."
        )
