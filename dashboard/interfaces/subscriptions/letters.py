"""Letters of a subscription, as plain text: one to confirm it, then what changed.

``List-Unsubscribe`` with ``List-Unsubscribe-Post`` (RFC 8058) names an address that a mail program posts to; opening
it, as scanners do, only shows a page with a button. Mailboxes trust it if the mail server signs both headers (DKIM).
"""

from email.message import EmailMessage
from hashlib import sha256
from urllib.parse import urlsplit

from dashboard.accounts import mail
from dashboard.answers.base.context import Context
from dashboard.interfaces.subscriptions.digest import Digest
from dashboard.interfaces.subscriptions.model import SealedContent
from dashboard.interfaces.subscriptions.tables import Subscription
from dashboard.locales import t
from dashboard.settings import Settings


def write_request(settings: Settings, ctx: Context, subscription: Subscription, content: SealedContent) -> EmailMessage:
    """Write the letter that asks its receiver to confirm the subscription."""
    values = {
        "name": subscription.subject.name(ctx), "site": t("ui.product.name", subscription.lang),
        "often": t(f"follow.days.{subscription.days}", subscription.lang),
        "link": f"{settings.origin}/follow/confirm/{content.confirm}?lang={subscription.lang}",
    }  # fmt: skip
    letter = mail.compose_message(
        settings, content.to, t("follow.letter.confirm_subject", subscription.lang, **values),
        t("follow.letter.confirm_text", subscription.lang, **values),
    )  # fmt: skip
    return _set_message_id(settings, letter, compute_message_id(subscription))


def write_digest(
    settings: Settings,
    subscription: Subscription,
    content: SealedContent,
    digest: Digest,
    brief: tuple[str, bytes] | None,
) -> EmailMessage:
    """Write the letter that says what changed; ``brief`` is the name and content of its attachment."""
    lang, base = subscription.lang, settings.origin
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
    letter = _set_message_id(
        settings,
        mail.compose_message(settings, content.to, subject, "\n\n".join(parts) + "\n"),
        compute_message_id(subscription),
    )
    letter["List-Unsubscribe"] = f"<{stop}>"
    if base.startswith("https://"):
        letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if brief is not None:
        letter.add_attachment(brief[1], maintype="application", subtype="pdf", filename=brief[0])
    return letter


def compute_message_id(subscription: Subscription) -> str:
    """Return the id of a message, the same whenever it is sent again; it holds no full stop."""
    is_request = subscription.confirmed_at is None
    text = f"{subscription.stop_hash} {is_request} {subscription.told} {subscription.pending}"
    return "msg_" + sha256(text.encode()).hexdigest()[:32]


def _set_message_id(settings: Settings, letter: EmailMessage, message_id: str) -> EmailMessage:
    """Set the id of a letter, by which mailboxes drop one that was sent twice."""
    del letter["Message-ID"]
    letter["Message-ID"] = f"<{message_id}@{urlsplit(settings.origin).hostname}>"
    return letter
