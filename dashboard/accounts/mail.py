"""Mail by the operator's SMTP server: invitations and new passwords, in the person's language, as plain text."""

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

from dashboard.accounts.model import Account, AccountError, Impossible
from dashboard.locales import t
from dashboard.settings import Settings

log = logging.getLogger(__name__)


_EMAIL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9-]{2,63}")


def read_address(text: str) -> str:
    """An e-mail address as it is kept.

    Raises:
        Impossible: it is none.
    """
    email = text.strip().lower()
    if len(email) > 254 or not _EMAIL.fullmatch(email):
        raise Impossible(f"“{text.strip()[:80]}” is no e-mail address", "email", email=text.strip()[:80])
    return email


class Undelivered(AccountError):
    """The mail server did not take a message; the message says what it said."""


def configured(settings: Settings) -> bool:
    """Whether there is a server to send by."""
    return bool(settings.mail.host)


def letter(settings: Settings, account: Account, kind: str, link: str, hours: int) -> EmailMessage:
    """The message of a kind (``invitation`` or ``reset``) with its link."""
    values = {"link": link, "hours": str(hours), "office": account.office or t("ui.product.name", account.language)}
    return _of_kind(settings, account, kind, values)


def notice(
    settings: Settings, to: Account, kind: str, about: Account, values: Mapping[str, str] | None = None
) -> EmailMessage:
    """The message of a kind (``waits`` or ``held``) to a reviewer about an account."""
    base, until = (settings.public_url or "").rstrip("/"), about.held_until
    told = {
        "person": f"{about.name} <{about.email}>" if about.name else about.email,
        "role": t(f"accounts.roles.{about.role}", to.language),
        "office": about.office or t("ui.product.name", to.language),
        "until": f"{until:%Y-%m-%d %H:%M} UTC" if until else "–",
        "link": f"{base}/account/colleagues?lang={to.language}",
    }
    return _of_kind(settings, to, kind, told | dict(values or {}))


def message(settings: Settings, to: str, subject: str, words: str) -> EmailMessage:
    """A message of the product to an address: who sends it, when, and that no answer is read."""
    made = EmailMessage()
    site = urlsplit(settings.public_url or "").hostname or "localhost"
    made["From"] = settings.mail.sender or f"no-reply@{site}"
    made["To"] = to
    made["Subject"] = subject
    made["Date"] = formatdate()
    made["Message-ID"] = make_msgid(domain=site)
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(words)
    return made


def _of_kind(settings: Settings, to: Account, kind: str, values: Mapping[str, str]) -> EmailMessage:
    subject = t(f"accounts.mail.{kind}_subject", to.language)
    return message(settings, to.email, subject, t(f"accounts.mail.{kind}_text", to.language, **values))


def send(settings: Settings, message: EmailMessage) -> None:
    """Hand a message to the server; for threads, not for the event loop.

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
            _remember(settings, reason)
        log.error("Mail by %s:%s was not taken: %s", mail.host, mail.port, reason)
        raise Undelivered(f"The mail server {mail.host}:{mail.port} did not take the message: {reason}") from error
    _remember(settings, "")


def concerns_letter(error: Undelivered) -> bool:
    """Whether the server refused this very letter or whom it goes to, rather than mail at all."""
    import aiosmtplib

    cause = error.__cause__
    too_large = isinstance(cause, aiosmtplib.SMTPSenderRefused) and cause.code == 552  # of its size it is told first
    return too_large or isinstance(cause, aiosmtplib.SMTPRecipientsRefused | aiosmtplib.SMTPDataError)


def trouble(settings: Settings) -> tuple[datetime, str] | None:
    """Since when the server takes no mail, and what it said last; None while it does."""
    try:
        since, _, reason = _note(settings).read_text(encoding="utf-8").partition(" ")
        return datetime.fromisoformat(since), reason.strip()
    except (OSError, ValueError):
        return None


def _remember(settings: Settings, reason: str) -> None:
    """Note that mail is not taken, or is again: for every process of this installation, and after a restart."""
    with contextlib.suppress(OSError):
        if not reason:
            _note(settings).unlink(missing_ok=True)
            return
        known = trouble(settings)
        since = known[0] if known else datetime.now(UTC)
        _note(settings).write_text(f"{since.isoformat()} {reason}\n", encoding="utf-8")
        _note(settings).chmod(0o600)


def _note(settings: Settings) -> Path:
    return settings.data_dir / "mail-not-taken.txt"
