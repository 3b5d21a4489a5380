"""Letters of a subscription, as plain text: one to confirm it, then what changed; each can be stopped in one click.

``List-Unsubscribe`` with ``List-Unsubscribe-Post`` (RFC 8058) names an address that a mail program posts to; who opens
it, as scanners do, only sees a page with a button. A mailbox takes a letter for one with a button of its own where the
office's mail server signs both headers (DKIM, ``h=``).
"""

from email.message import EmailMessage
from hashlib import sha256
from urllib.parse import urlsplit

from dashboard.accounts import mail
from dashboard.locales import t
from dashboard.services.base.context import Context
from dashboard.settings import Settings
from dashboard.subscriptions.digest import Digest
from dashboard.subscriptions.model import SealedContent, Subscription


def write_request(settings: Settings, ctx: Context, one: Subscription, content: SealedContent) -> EmailMessage:
    """The letter that asks whether its receiver wants this."""
    values = {
        "name": one.subject.name(ctx), "site": t("ui.product.name", one.lang),
        "often": t(f"follow.days.{one.days}", one.lang),
        "link": f"{settings.origin}/follow/confirm/{content.confirm}?lang={one.lang}",
    }  # fmt: skip
    made = mail.message(
        settings, content.to, t("follow.letter.confirm_subject", one.lang, **values),
        t("follow.letter.confirm_text", one.lang, **values),
    )  # fmt: skip
    return _identified(settings, made, message_id(one))


def write_digest(
    settings: Settings, one: Subscription, content: SealedContent, digest: Digest, brief: tuple[str, bytes] | None
) -> EmailMessage:
    """The letter that says what changed; ``brief`` is the name and the bytes of what is attached."""
    lang, base = one.lang, settings.origin
    stop = f"{base}/follow/stop/{content.stop}"
    parts = [t("follow.letter.lead", lang, name=digest.name, span=digest.span, counts=digest.counts)]
    for group in digest.groups:
        lines = "\n".join(f"- {line}" for line in group.lines)
        parts.append(f"{group.name}\n{base}{group.page}\n{lines}")
    if digest.more:
        parts.append(t("follow.letter.more", lang, count=digest.more, link=base + digest.json))
    parts.append(t("follow.letter.page", lang, link=base + digest.page))
    parts.append(t("follow.letter.stop", lang, link=f"{stop}?lang={lang}"))
    subject = t("follow.letter.subject", lang, name=digest.name)
    made = _identified(
        settings, mail.message(settings, content.to, subject, "\n\n".join(parts) + "\n"), message_id(one)
    )
    made["List-Unsubscribe"] = f"<{stop}>"
    if base.startswith("https://"):
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if brief is not None:
        made.add_attachment(brief[1], maintype="application", subtype="pdf", filename=brief[0])
    return made


def message_id(one: Subscription) -> str:
    """What names a message for ever: of a subscription, from where to where it tells. No full stop is in it."""
    return (
        "msg_"
        + sha256(f"{one.stop_hash} {one.confirmed_at is None} {one.told} {one.pending}".encode()).hexdigest()[:32]
    )


def _identified(settings: Settings, made: EmailMessage, name: str) -> EmailMessage:
    """A letter sent again after a crash is the same letter: mailboxes show one of two with the same id."""
    del made["Message-ID"]
    made["Message-ID"] = f"<{name}@{urlsplit(settings.origin).hostname}>"
    return made
