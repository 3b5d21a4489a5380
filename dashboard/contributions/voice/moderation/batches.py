"""Files of opinions that wait for a second person: a moderator of another line of invitation lets them in, or not."""

from dataclasses import dataclass
from datetime import date, datetime

from dashboard.accounts import audit, standing
from dashboard.accounts.model import AccessRefused, Principal
from dashboard.contributions.voice.model import VoiceError
from dashboard.contributions.voice.moderation import store
from dashboard.contributions.voice.moderation.opinions import reviewer
from dashboard.contributions.voice.review import NotAllowed
from dashboard.contributions.voice.store import Engine
from dashboard.contributions.voice.tables import VoiceBatch
from dashboard.evidence.database.engine import reading, writing

DECISIONS = {"approve": "approved", "refuse": "refused"}
MOST_SHOWN = 20
"""Opinions of a batch whose words are shown to whoever decides on it."""


class NotApart(VoiceError):
    """The moderator may not approve what this sender sent; ``code`` as ``standing.require_separation`` gives it."""

    def __init__(self, refused: AccessRefused) -> None:
        super().__init__(str(refused))
        self.code = refused.key


@dataclass(frozen=True, slots=True)
class WaitingBatch:
    """What a moderator decides on: who sent it, how much of what, and the first redacted words."""

    batch: VoiceBatch
    opinions: int
    centres: tuple[str, ...]
    first: date
    last: date
    words: tuple[str, ...]


def list_waiting(engine: Engine, by: Principal) -> list[WaitingBatch]:
    """Return the batches that wait in the moderator's country, oldest first. Integrity reports in them stay closed."""
    found = []
    with reading(engine) as connection:
        for country in sorted(reviewer(by).countries):
            for batch in store.waiting_batches(connection, country):
                held = store.opinions_in_batch(connection, batch.id or 0)
                days = [one.said_on for one in held] or [batch.sent_at.date()]
                centres = tuple(sorted({one.centre for one in held}))
                words = tuple(one.text for one in held if one.text)[:MOST_SHOWN]
                found.append(WaitingBatch(batch, len(held), centres, min(days), max(days), words))
    return found


def decide(engine: Engine, by: Principal, number: int, what: str, now: datetime, address: str = "") -> None:
    """Approve a batch, so that it is sorted and counted with the others, or refuse it, which destroys it.

    Args:
        engine: of the database.
        by: the moderator.
        number: of the batch.
        what: one of ``DECISIONS``.
        now: the moment.
        address: the network address it came from.

    Raises:
        NotAllowed: no batch that waits in this moderator's country.
        NotApart: whoever sent it belongs to the moderator's line of invitation.
    """
    with writing(engine) as connection:
        waiting = {
            one.id: one for country in reviewer(by).countries for one in store.waiting_batches(connection, country)
        }
        batch = waiting.get(number)
        if batch is None or what not in DECISIONS:
            raise NotAllowed("There is no file of this number among those you may decide on.")
        if what == "approve":
            try:
                standing.require_separation(connection, by, {batch.sender}, now)
            except AccessRefused as refused:
                raise NotApart(refused) from refused
        store.decide_batch(connection, number, DECISIONS[what], by.id, now)
        audit.record(
            connection, action=f"voice.batch_{DECISIONS[what]}", subject=f"opinions {batch.country}", by=by,
            address=address, after={"batch": number, "sender": batch.sender},
        )  # fmt: skip
