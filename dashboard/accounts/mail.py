"""Send mail through the operator's SMTP server: invitations, resets and notices, as plain text."""

import asyncio
import contextlib
import logging
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from urllib.parse import urlsplit

from dashboard.accounts.model import AccountError, Impossible
from dashboard.accounts.tables import Account
from dashboard.locales import t
from dashboard.settings import Settings

log = logging.getLogger(__name__)


_EMAIL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9-]{2,63}")


def read_address(text: str) -> str:
    """Return a normalised e-mail address.

    Raises:
        Impossible: the text is not an e-mail address.
    """
    email = text.strip().lower()
    if len(email) > 254 or not _EMAIL.fullmatch(email):
        raise Impossible(f"“{text.strip()[:80]}” is no e-mail address", "email", email=text.strip()[:80])
    return email


class Undelivered(AccountError):
    """The mail server did not accept a message; the text quotes its reply."""


def is_configured(settings: Settings) -> bool:
    """Return True if a mail server is set."""
    return bool(settings.mail.host)


def compose_letter(settings: Settings, account: Account, kind: str, link: str, hours: int) -> EmailMessage:
    """Compose a message of a kind (``invitation`` or ``reset``) with its link."""
    values = {"link": link, "hours": str(hours), "office": account.office or t("ui.product.name", account.language)}
    return _compose(settings, account, kind, values)


def compose_notice(
    settings: Settings, to: Account, kind: str, about: Account, values: Mapping[str, str] | None = None
) -> EmailMessage:
    """Compose a message of a kind (``waits`` or ``held``) to a reviewer about an account."""
    base, until = (settings.public_url or "").rstrip("/"), about.held_until
    fields = {
        "person": f"{about.name} <{about.email}>" if about.name else about.email,
        "role": t(f"accounts.roles.{about.role}", to.language),
        "office": about.office or t("ui.product.name", to.language),
        "until": f"{until:%Y-%m-%d %H:%M} UTC" if until else "–",
        "link": f"{base}/account/colleagues?lang={to.language}",
    }
    return _compose(settings, to, kind, fields | dict(values or {}))


def compose_message(settings: Settings, to: str, subject: str, words: str) -> EmailMessage:
    """Compose an automatic message to an address, with sender, date and identifier."""
    message = EmailMessage()
    site = urlsplit(settings.public_url or "").hostname or "localhost"
    message["From"] = settings.mail.sender or f"no-reply@{site}"
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=site)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(words)
    return message


def _compose(settings: Settings, to: Account, kind: str, values: Mapping[str, str]) -> EmailMessage:
    subject = t(f"accounts.mail.{kind}_subject", to.language)
    return compose_message(settings, to.email, subject, t(f"accounts.mail.{kind}_text", to.language, **values))


def send(settings: Settings, message: EmailMessage) -> None:
    """Deliver a message to the mail server; blocks, so call it from a thread.

    Raises:
        Undelivered: the server could not be reached, or refused.
    """
    import aiosmtplib

    mail = settings.mail
    try:
        asyncio.run(
            aiosmtplib.send(
                message,
                hostname=mail.host,
                port=mail.port,
                username=mail.user or None,
                password=mail.password.get_secret_value() if mail.password else None,
                use_tls=mail.encryption == "tls",
                start_tls=mail.encryption == "starttls",
                timeout=mail.timeout,
            )
        )
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        reason = " ".join(str(error).replace(str(message["To"]), "…").split())[:200]  # no log names who is written to
        if not isinstance(error, aiosmtplib.SMTPRecipientsRefused):  # one address, not the server
            _note_failure(settings, reason)
        log.error("Mail by %s:%s was not taken: %s", mail.host, mail.port, reason)
        raise Undelivered(f"The mail server {mail.host}:{mail.port} did not take the message: {reason}") from error
    _note_failure(settings, "")


def is_message_refused(error: Undelivered) -> bool:
    """Return True if the server refused this message or its recipient, rather than mail in general."""
    import aiosmtplib

    cause = error.__cause__
    too_large = isinstance(cause, aiosmtplib.SMTPSenderRefused) and cause.code == 552  # of its size it is told first
    return too_large or isinstance(cause, aiosmtplib.SMTPRecipientsRefused | aiosmtplib.SMTPDataError)


def read_failure(settings: Settings) -> tuple[datetime, str] | None:
    """Return since when the server accepts no mail and its last reply; None while it does."""
    try:
        since, _, reason = _get_failure_path(settings).read_text(encoding="utf-8").partition(" ")
        return datetime.fromisoformat(since), reason.strip()
    except (OSError, ValueError):
        return None


def _note_failure(settings: Settings, reason: str) -> None:
    """Store the failure of the mail server for every process, or clear it when the reason is empty."""
    with contextlib.suppress(OSError):
        if not reason:
            _get_failure_path(settings).unlink(missing_ok=True)
            return
        failure = read_failure(settings)
        since = failure[0] if failure else datetime.now(UTC)
        _get_failure_path(settings).write_text(f"{since.isoformat()} {reason}\n", encoding="utf-8")
        _get_failure_path(settings).chmod(0o600)


def _get_failure_path(settings: Settings) -> Path:
    return settings.data_dir / "mail-not-taken.txt"
