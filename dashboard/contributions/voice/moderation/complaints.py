"""Complaints with a number: given at the form, listed for the moderator, read and answered by who may read them.

``give_numbers(engine, ids, now)`` at the form; ``answer(…)`` at the desks. The words of an answer are for whoever has
the number and are published nowhere else.
"""

import base64
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from dashboard.accounts import audit
from dashboard.accounts.model import Principal
from dashboard.contributions.voice import store
from dashboard.contributions.voice.model import VoiceError, clean
from dashboard.contributions.voice.moderation.opinions import reviewer
from dashboard.contributions.voice.review import NotAllowed
from dashboard.contributions.voice.tables import VoiceCase, VoiceOpinion
from dashboard.evidence.database.engine import writing

LONGEST = 1_000
_BYTES = 10  # 80 bits: nobody finds a number by trying
_NUMBER = re.compile("[a-z2-7]{16}")


class NoAnswer(VoiceError):
    """An answer without words, or with too many."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint and what came of it so far."""

    case: VoiceCase
    opinion: VoiceOpinion


def give_numbers(engine: store.Engine, ids: Iterable[str], now: datetime) -> dict[str, str]:
    """Return numbers of complaints by opinion; the same one again for who sends the same again."""
    rows = [VoiceCase(opinion=id_, number=_new_number(), received_at=now) for id_ in ids]
    return store.open_cases(engine, rows) if rows else {}


def _new_number() -> str:
    drawn = base64.b32encode(secrets.token_bytes(_BYTES)).decode().lower()
    return "-".join(drawn[at : at + 4] for at in range(0, len(drawn), 4))


def find_by_number(engine: store.Engine, number: str) -> Complaint | None:
    """Return the complaint of a number as somebody has it, however it was typed; None where there is none."""
    bare = "".join(number.lower().split()).replace("-", "")
    if not _NUMBER.fullmatch(bare):  # nobody was given such a one: the record need not be asked
        return None
    found = store.case_of(engine, number="-".join(bare[at : at + 4] for at in range(0, len(bare), 4)))
    return Complaint(*found) if found else None


def listing(engine: store.Engine, by: Principal) -> list[Complaint]:
    """Complaints of the moderator's country, without reports: what waits for an answer first, the oldest first."""
    if by.country not in reviewer(by).countries:
        return []
    return [Complaint(*found) for found in store.cases(engine, by.country)]


def read(engine: store.Engine, by: Principal, id_: str, now: datetime) -> Complaint:
    """Return a complaint for who may read it; from now on its page says that it was read.

    Raises:
        NotAllowed: not theirs to read, or it has no number.
    """
    found = _theirs(engine, by, id_)
    store.mark_read(engine, id_, now)
    return found


def answer(
    engine: store.Engine, by: Principal, id_: str, language: str, words: str, now: datetime, address: str = ""
) -> None:
    """Answer a complaint, or put another answer in the place of the one before.

    Raises:
        NotAllowed: not theirs to answer.
        NoAnswer: no words, or more than 1,000 characters.
    """
    before = _theirs(engine, by, id_).case
    words = clean(words)
    if not words or len(words) > LONGEST:
        raise NoAnswer(f"Write an answer of at most {LONGEST:,} characters.")
    row = VoiceCase(
        opinion=id_, number=before.number, received_at=before.received_at, read_at=before.read_at or now,
        answered_at=now, office=by.office, language=language, words=words,
    )  # fmt: skip
    with writing(engine) as connection:
        store.answer_case(connection, row)
        audit.record(
            connection, action="voice.complaint_answered", subject=f"opinion {id_}", by=by, address=address,
            before={"letters": len(before.words)}, after={"letters": len(words)},
        )  # fmt: skip


def _theirs(engine: store.Engine, by: Principal, id_: str) -> Complaint:
    found, who = store.case_of(engine, opinion=id_), reviewer(by)
    if found is not None and found[1].country in (who.officer_of if found[1].integrity else who.countries):
        return Complaint(*found)
    raise NotAllowed("There is no complaint of this number among those you may read.")
