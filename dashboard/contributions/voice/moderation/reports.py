"""The integrity officer's room: which reports there are, reading one, noting, closing, passing back.

That a report is read is in the audit trail before its words are opened; what an officer notes is sealed like the words.
"""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime

from dashboard.accounts import audit
from dashboard.accounts.model import Principal
from dashboard.contributions.voice import review, store
from dashboard.contributions.voice.inbox import Keyring
from dashboard.contributions.voice.model import VoiceError, clean
from dashboard.contributions.voice.moderation.opinions import reviewer
from dashboard.contributions.voice.review import NotAllowed
from dashboard.contributions.voice.store import Engine
from dashboard.contributions.voice.tables import VoiceOpinion, VoiceSealed
from dashboard.evidence.database.engine import writing

LONGEST_NOTE = 2_000
PASSED_BACK = "voice.report_passed_back"
"""The act of finding that a report is an ordinary opinion."""

_NOTE, _CLOSED = "note ", "closed"


class NoWords(VoiceError):
    """A note, or the reason of closing, without words or with too many."""


@dataclass(frozen=True, slots=True)
class ListedReport:
    """A report as a list shows it: nothing of what it says."""

    opinion: VoiceOpinion
    notes: int
    closed: bool


@dataclass(frozen=True, slots=True)
class Note:
    """What an officer noted; ``closing`` for the words a report was closed with."""

    at: str
    words: str
    closing: bool


@dataclass(frozen=True, slots=True)
class IntegrityReport:
    """A report that is read: as typed (None once the 90 days are over), redacted, and the notes, oldest first."""

    opinion: VoiceOpinion
    raw: str | None
    words: str | None
    notes: tuple[Note, ...]
    closed: bool


def listing(engine: Engine, by: Principal) -> list[ListedReport]:
    """Return the reports of the officer's country: open ones first, of each the newest first."""
    found = review.integrity_queue(engine, reviewer(by))
    parts = store.parts(engine, [one.id for one in found])
    lines = [
        ListedReport(
            one, sum(part.startswith(_NOTE) for part in parts.get(one.id, ())), _CLOSED in parts.get(one.id, ())
        )
        for one in found
    ]
    return sorted(lines, key=lambda line: line.closed)


def read(engine: Engine, keys: Keyring, by: Principal, id_: str, now: datetime, address: str = "") -> IntegrityReport:
    """Open a report; the audit trail has it first.

    Raises:
        NotAllowed: not a report of a country whose officer this is.
    """
    one = _mine(engine, by, id_)
    who = reviewer(by)
    with writing(engine) as connection:
        audit.record(connection, action=store.REPORT_READ, subject=f"opinion {id_}", by=by, address=address)
    store.mark_read(engine, id_, now)
    raw = review.open_words(engine, keys, who, id_, now, "raw")
    words = review.open_words(engine, keys, who, id_, now, "words")
    notes, parts = [], store.parts(engine, [id_]).get(id_, [])
    for part in parts:
        box = store.sealed(engine, id_, part) if part.startswith(_NOTE) or part == _CLOSED else None
        if box is not None:
            said = json.loads(keys.open(box, id_, one.country))
            notes.append(Note(said["at"], said["words"], part == _CLOSED))
    return IntegrityReport(one, raw, words, tuple(sorted(notes, key=lambda note: note.at)), _CLOSED in parts)


def note(
    engine: Engine, keys: Keyring, by: Principal, id_: str, words: str, now: datetime, address: str = "",
    *, closing: bool = False,
) -> None:  # fmt: skip
    """Add a sealed note, or close a report with one.

    Raises:
        NotAllowed: not a report of a country whose officer this is.
        NoWords: nothing was written, or more than 2,000 characters; or it is closed already.
    """
    one = _mine(engine, by, id_)
    words = clean(words)
    if not words or len(words) > LONGEST_NOTE:
        raise NoWords(f"Write what was done, in at most {LONGEST_NOTE:,} characters.")
    if closing and _CLOSED in store.parts(engine, [id_]).get(id_, ()):
        raise NoWords("This report is closed already; add a note instead.")
    box = keys.seal(json.dumps({"at": now.isoformat(), "words": words}), id_, one.country)
    part = _CLOSED if closing else f"{_NOTE}{uuid.uuid4().hex}"
    done = "closed" if closing else "noted"
    with writing(engine) as connection:
        store.keep(connection, VoiceSealed(opinion=id_, part=part, key=box.key, nonce=box.nonce, data=box.data))
        audit.record(connection, action=f"voice.report_{done}", subject=f"opinion {id_}", by=by, address=address)


def pass_back(engine: Engine, keys: Keyring, by: Principal, id_: str, now: datetime, address: str = "") -> None:
    """Find that a report is an ordinary opinion: its redacted words join the others, the officer's notes are destroyed.

    Raises:
        NotAllowed: not a report of a country whose officer this is.
    """
    _mine(engine, by, id_)
    with writing(engine) as connection:
        audit.record(connection, action=PASSED_BACK, subject=f"opinion {id_}", by=by, address=address)
    review.not_integrity(engine, keys, reviewer(by), id_, now)


def _mine(engine: Engine, by: Principal, id_: str) -> VoiceOpinion:
    one = store.opinion(engine, id_)
    if one is None or not one.integrity or one.country not in reviewer(by).officer_of:
        raise NotAllowed("There is no report of this number among those you may read.")
    return one
