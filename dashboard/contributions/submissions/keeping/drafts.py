"""The end of drafts: what nobody submits is withdrawn after a fortnight, and told of three days before.

The file of what was withdrawn is removed a day later; the submission, its findings and its history stay.
"""

import logging
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from dashboard.accounts import audit, mail, people
from dashboard.accounts.model import Principal, State
from dashboard.contributions.submissions import inbox, notices, store, workflow
from dashboard.contributions.submissions.grid import store as grids
from dashboard.contributions.submissions.microdata import retention
from dashboard.contributions.submissions.model import NOT_SUBMITTED, MoveNotAllowed, Submission
from dashboard.evidence.database import clock
from dashboard.evidence.database.engine import open_engine, reading, writing
from dashboard.settings import Settings

log = logging.getLogger(__name__)

TOLD_BEFORE = timedelta(days=3)
"""How long before its end whoever sent a draft is told."""

KEPT_AFTER = timedelta(days=1)
"""How long the file of what was withdrawn is kept."""

NO_ACTIVITY = ("remind",)
"""Moves that do not put the end of a draft off."""


def expires_at(settings: Settings, submission: Submission, active: datetime) -> datetime | None:
    """When a draft ends; None for what is none.

    Args:
        settings: how many days there are.
        submission: the draft.
        active: when somebody did something with it last.
    """
    if submission.state not in NOT_SUBMITTED:
        return None
    return active + timedelta(days=settings.submissions.draft_days)


def withdraw(settings: Settings, by: Principal, numbers: Collection[int], address: str = "") -> int:
    """Withdraw drafts of one's own in one act: all of these, or none; gives how many.

    Raises:
        SubmissionUnknown: one of them is none for this person.
        MoveNotAllowed: ``own``: one was sent by another; or one is no draft any more.
    """
    with writing(open_engine(settings)) as connection:
        now = datetime.now(UTC)
        for number in sorted(set(numbers)):
            before = workflow.seen_on(connection, by, number)
            step = workflow.step_for(connection, by, before, "withdraw")
            if before.created_by != by.id:
                raise MoveNotAllowed("own", f"Submission {number} was sent by another person.")
            if before.state not in NOT_SUBMITTED:
                raise MoveNotAllowed("state", f"Submission {number} is {before.state}: it is no draft any more.")
            workflow.done(connection, by, before, replace(step, before=NOT_SUBMITTED), "withdraw", "", address, now)
    retention.sweep(settings)
    return len(set(numbers))


def sweep(settings: Settings, now: datetime | None = None) -> int:
    """End drafts whose time is over, tell of those whose end is near, remove files; gives how many have ended.

    Any number of servers may do so at once: each ending is one transaction that only one of them can make.
    """
    moment = now or datetime.now(UTC)
    with reading(open_engine(settings)) as connection:
        until = clock.find_trusted_time(connection, moment)  # a clock that has leapt ends nothing
        open_ = store.listing(connection, states=NOT_SUBMITTED)
        active = store.last_moves(connection, [one.id for one in open_], NO_ACTIVITY)
        told = store.last_moves(connection, [one.id for one in open_], (), only="remind")
    ended = 0
    for one in open_:
        since = active.get(one.id, one.created_at)
        end = expires_at(settings, one, since)
        assert end is not None
        if end <= until:
            ended += _end(settings, one, moment)
        elif end - TOLD_BEFORE <= until and told.get(one.id, since) <= since:
            _remind(settings, one, end, moment)
    _end_grids(settings, until)
    _remove_files(settings, until)
    return ended


def _end_grids(settings: Settings, until: datetime) -> None:
    """Remove tables of the page in which nobody has written for as long as a draft is kept; their pages tell when."""
    with writing(open_engine(settings)) as connection:
        for country, office, period in grids.remove_before(
            connection, until - timedelta(days=settings.submissions.draft_days)
        ):
            audit.record(
                connection, action="submission.grid_expired", subject=f"figures {country} {period}", by=None,
                before={"office": office},
            )  # fmt: skip


def _end(settings: Settings, one: Submission, moment: datetime) -> int:
    with writing(open_engine(settings)) as connection:
        if not store.move(connection, one.id, (one.state,), "withdrawn"):
            return 0  # somebody was faster: with another server, or by submitting it
        store.note(connection, one, "expire", store.NOBODY, moment, after="withdrawn")
        audit.record(
            connection, action="submission.expired", subject=f"submission {one.id}", by=None,
            before={"state": one.state}, after={"state": "withdrawn"},
        )  # fmt: skip
    return 1


def _remind(settings: Settings, one: Submission, end: datetime, moment: datetime) -> None:
    """Tell whoever sent a draft by mail, once however many servers look; without one for mail its page alone tells it.

    Of the draft of somebody who has left all who send for the office are told. That it is told is written down before
    it is sent, as of what is due (``reminders``).
    """
    if not mail.is_configured(settings):
        return
    active = [it for it in people.list_accounts(settings) if it.state is State.ACTIVE]
    concerned = notices.find_told(active, [one.created_by], one)
    if not concerned:
        return
    key = f"draft {one.id} ends {end:%Y-%m-%d %H:%M}"
    with writing(open_engine(settings)) as connection:
        if not store.add_reminder(connection, key, moment):
            return
    taken = 0
    for account in concerned:
        try:
            mail.send(settings, notices.letter(settings, account, one, kind="expires", day=end.date()))
            taken += 1
        except mail.Undelivered:
            log.warning("Account %s was not told that submission %s ends", account.id, one.id)
    with writing(open_engine(settings)) as connection:
        if taken:
            store.note(connection, one, "remind", store.NOBODY, moment)
        else:
            store.remove_reminders(connection, [key])


def _remove_files(settings: Settings, moment: datetime) -> None:
    """Remove files of what was withdrawn that nothing else is made of; a survey's has an end of its own."""
    with reading(open_engine(settings)) as connection:
        unused = store.unused_files(connection)
    for sha256 in unused:
        inbox.remove(settings, sha256, moment - KEPT_AFTER)
