"""Fetching what is due: each address once for each time that it is due, by however many servers.

Whoever fetches holds a lease, looks again whether it is still due, and puts the next time down when all is kept. A
server that was killed in between leaves it due: the next one fetches it again, and bytes that are a draft already (by
their hash, the key of the submission) make no second one. Who is told is written down first, so that nobody is told
twice.
"""

import logging
import os
import secrets
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from dashboard.accounts import mail, people
from dashboard.accounts import store as accounts
from dashboard.accounts.model import Principal, Right, Role, State
from dashboard.contributions.delivery.wording import country_name
from dashboard.contributions.submissions import inbox, intake
from dashboard.contributions.submissions import store as submissions
from dashboard.contributions.submissions.keeping.quota import Full
from dashboard.contributions.submissions.model import MoveNotAllowed, ReadingBusy, Submission, SubmissionError
from dashboard.contributions.submissions.pulling import store
from dashboard.contributions.submissions.pulling.fetching import NothingFetched, PulledBody, fetch
from dashboard.contributions.submissions.pulling.model import filename_of, host_of, is_allowed, key_of
from dashboard.contributions.submissions.tables import PullRow
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.database import leases
from dashboard.evidence.database.engine import open_engine, reading, writing
from dashboard.locales import t
from dashboard.settings import Settings

log = logging.getLogger(__name__)

HELD = 1_800.0
"""Seconds after which an address that a killed server was asking is asked by another one."""

ENOUGH = 1_200.0
"""Seconds of one look after which no further address is begun: other tasks of the hour wait."""

Ask = Callable[[Settings, str, str, str], PulledBody]


def sweep(settings: Settings, now: datetime | None = None, ask: Ask = fetch, held: float = HELD) -> int:
    """Fetch what is due; gives how many drafts were made. Any number of servers may do so at once.

    Args:
        settings: where the product is.
        now: the moment; by default the clock's.
        ask: what asks an address; for tests.
        held: seconds for which an address is nobody else's.
    """
    moment, began, made = now or datetime.now(UTC), time.monotonic(), 0
    with reading(open_engine(settings)) as connection:
        due = store.due(connection, moment)
    for number in due:
        if time.monotonic() - began > ENOUGH:
            break
        try:
            made += _pull_alone(settings, number, moment, ask, held)
        except Exception:  # it stays due, and the others are not kept waiting for what is wrong with one
            log.exception("Pull %s was not done", number)
    return made


def _pull_alone(settings: Settings, number: int, now: datetime, ask: Ask, held: float) -> int:
    engine, name = open_engine(settings), f"pull {number}"
    me = f"{socket.gethostname()} {os.getpid()} {secrets.token_hex(8)}"
    if not leases.acquire_lease(engine, name, me, held):
        return 0
    try:
        with reading(engine) as connection:
            pull = store.get(connection, number)
        if pull is None or pull.due_at > now:  # another server was faster, or somebody removed it
            return 0
        return _pull(settings, pull, now, ask)
    finally:
        leases.release_lease(engine, name, me)


def _pull(settings: Settings, pull: PullRow, now: datetime, ask: Ask) -> int:
    try:
        return _fetched(settings, pull, now, ask)
    except NothingFetched as error:
        _failed(settings, pull, now, error.code)
    except Full:
        _failed(settings, pull, now, "room")
    except ReadingBusy:
        _next(settings, pull, now, due_at=now + timedelta(hours=1))
    except (MoveNotAllowed, SubmissionError) as error:
        code = getattr(error, "code", "")
        if code == "closed":  # nothing failed: the year is published, and opened again or over one day
            _next(settings, pull, now, failures=0, trouble="closed")
        else:
            log.warning("Pull %s: %s", pull.id, error)
            _failed(settings, pull, now, "other")
    return 0


def _fetched(settings: Settings, pull: PullRow, now: datetime, ask: Ask) -> int:
    by, period = _owner(settings, pull), pull.period or str(now.year - 1)
    if not is_allowed(settings, pull.address):
        raise NothingFetched("host")
    intake.may_send(settings, by, "figures", period)
    came = ask(settings, pull.address, pull.form, pull.etag if pull.came_for == period else "")
    known = came.body is None or (pull.came_for, pull.sha256) == (period, sha256(came.body).hexdigest())
    if known or came.body is None:
        _next(settings, pull, now, failures=0, trouble="", etag=came.etag)
        return 0
    made = _kept(settings, pull, by, came.body, period)
    fresh = made.id != pull.submission
    if fresh:
        _tell(settings, pull, f"pull draft {made.id}", "pulled", now, made)
    _next(
        settings, pull, now, failures=0, trouble="", etag=came.etag, sha256=made.sha256, came_for=period,
        came_at=now, submission=made.id,
    )  # fmt: skip
    return int(fresh)


def _owner(settings: Settings, pull: PullRow) -> Principal:
    """In whose name a draft arrives, with the rights of today.

    Raises:
        NothingFetched: ``owner``: they send no figures of this office any more.
    """
    account = people.find_account(settings, pull.set_by)
    if account is None or account.state is not State.ACTIVE:
        raise NothingFetched("owner")
    by = accounts.make_principal(account)
    if not by.may(Right.SUBMIT) or (by.country, by.office_number) != (pull.country, pull.office_number):
        raise NothingFetched("owner")
    return by


def _kept(settings: Settings, pull: PullRow, by: Principal, body: bytes, period: str) -> Submission:
    """The draft of these bytes, read and with its findings; the one of before where they were received before."""
    part = inbox.begin(settings)
    try:
        part.write(body)
        stored = part.finish()
    except BaseException:
        part.discard()
        raise
    made = intake.receive(
        settings, by, stored, filename=filename_of(pull), period=period, lang=by.language,
        key=f"pull {key_of(pull)} {period} {stored.sha256} after {pull.submission or 0}",
    )  # fmt: skip
    if made.state != "draft":
        return made
    try:
        return intake.check(settings, load_codebook(), by, made.id)
    except ReadingBusy:  # it is kept: its page offers to check it
        return made


def _next(settings: Settings, pull: PullRow, now: datetime, **values: object) -> None:
    """Put down what came of it, and when it is due again: at its hour of the day, after this moment."""
    step = timedelta(days=pull.days)
    due = pull.due_at + step * max(1, (now - pull.due_at) // step + 1)
    with writing(open_engine(settings)) as connection:
        store.change(connection, pull, **{"asked_at": now, "due_at": due, **values})


def _failed(settings: Settings, pull: PullRow, now: datetime, trouble: str) -> None:
    """Put down why nothing came, and ask again later and later; the first time the office is told."""
    wait = min(timedelta(hours=2 ** min(pull.failures, 12)), timedelta(days=pull.days))
    with writing(open_engine(settings)) as connection:
        kept = store.change(
            connection, pull, asked_at=now, due_at=now + wait, failures=pull.failures + 1, trouble=trouble
        )
    if kept and not pull.failures:
        since = f"{pull.came_at or pull.set_at:%Y%m%d%H%M%S}"
        _tell(settings, pull, f"pull {pull.id} failed {since} {now:%Y%m%d%H}", "pull_failed", now, trouble=trouble)


def _tell(
    settings: Settings, pull: PullRow, key: str, kind: str, now: datetime, made: Submission | None = None,
    trouble: str = "",
) -> None:  # fmt: skip
    """Tell those who send the office's figures, once."""
    if not mail.is_configured(settings):
        return
    with writing(open_engine(settings)) as connection:
        if not submissions.add_reminder(connection, key, now):
            return
    base = (settings.public_url or "").rstrip("/")
    for one in people.list_accounts(settings):
        mine = (one.country, one.office_number) == (pull.country, pull.office_number)
        if one.state is not State.ACTIVE or one.role is not Role.CONTRIBUTOR or not mine or one.waits:
            continue
        to = f"/contribute/{made.id}" if made else "/contribute/pull"
        values = {
            "host": host_of(pull.address), "period": made.period if made else "",
            "country": country_name(pull.country, one.language), "link": f"{base}{to}?lang={one.language}",
            "errors": str(made.errors) if made else "",
            "trouble": t(f"pull.trouble.{trouble}", one.language) if trouble else "",
        }  # fmt: skip
        subject = t(f"pull.mail.{kind}_subject", one.language, **values)
        text = t(f"pull.mail.{kind}_text", one.language, **values)
        try:
            mail.send(settings, mail.compose_message(settings, one.email, subject, text))
        except mail.Undelivered:
            log.warning("Account %s was not told of pull %s", one.id, pull.id)
