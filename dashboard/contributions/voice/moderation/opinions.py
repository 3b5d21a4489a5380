"""The moderators' room: what waits, what it is, which words are released, what is no opinion at all."""

import hashlib
import itertools
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from dashboard.accounts import audit
from dashboard.accounts.model import Principal, Right
from dashboard.contributions.voice import review, store
from dashboard.contributions.voice.inbox import Keyring
from dashboard.contributions.voice.model import INTEGRITY, VoiceError
from dashboard.contributions.voice.redaction.redact import BY_HAND
from dashboard.contributions.voice.review import NotAllowed, Reviewer, Waiting
from dashboard.contributions.voice.store import Engine
from dashboard.contributions.voice.tables import VoiceDecision, VoiceOpinion, VoiceSealed
from dashboard.evidence.database.engine import writing

_HIDDEN = f"[{BY_HAND}]"

DECISIONS = ("released", "withdrawn", "dismissed", "restored")


class Unsuitable(VoiceError):
    """A decision that does not fit the opinion as it stands."""


class UnfitMarks(VoiceError):
    """Words that cannot be taken out: none were marked, or others stand there now."""


@dataclass(frozen=True, slots=True)
class Sorted:
    """An opinion this moderator has sorted or dismissed: its theme ("" for none) and the last decision on it."""

    opinion: VoiceOpinion
    theme: str
    decision: str


def reviewer(by: Principal) -> Reviewer:
    """Return what an account may read of citizens' voice: the opinions, or the integrity reports, of its country."""
    mine = frozenset({by.country} if by.country else ())
    return Reviewer(
        f"account {by.id}",
        mine if by.may(Right.MODERATE) else frozenset(),
        mine if by.may(Right.INTEGRITY) else frozenset(),
    )


def waiting(engine: Engine, by: Principal, most: int = 20) -> tuple[list[Waiting], int]:
    """The first opinions that wait for this moderator, least certain and newest first, and how many wait in all."""
    gone = dismissed(engine, by.country)
    found = [one for one in review.queue(engine, reviewer(by), 1_000_000) if one.opinion.id not in gone]
    return found[:most], len(found)


def dismissed(engine: Engine, country: str) -> frozenset[str]:
    """Return opinions of a country that a moderator found to be none (spam, a test): in no count and no queue."""
    return frozenset(id_ for id_, one in store.decisions(engine, country).items() if one.what == "dismissed")


def done(engine: Engine, by: Principal, most: int = 20) -> list[Sorted]:
    """What this moderator has sorted or dismissed, newest first, so that it can be released, withdrawn or restored."""
    who = reviewer(by)
    given, decided = store.labels(engine, who.countries), store.decisions(engine, by.country)
    found = []
    for one in store.opinions(engine, who.countries):
        mine = given.get(one.id, {}).get(who.id)
        last = decided.get(one.id)
        if mine is not None or last is not None:
            found.append(Sorted(one, mine.theme if mine else "", last.what if last else ""))
    return found[:most]


def sort(
    engine: Engine, keys: Keyring, by: Principal, id_: str, kind: str, theme: str, now: datetime, address: str = ""
) -> None:
    """Say what an opinion is. One that speaks of integrity leaves the open at once and goes to the officer.

    Raises:
        NotAllowed: not theirs to read.
        Unclear: no such kind or theme.
    """
    review.give_label(engine, reviewer(by), id_, kind, theme, now)
    store.mark_read(engine, id_, now)
    if theme == INTEGRITY:
        pass_on(engine, keys, id_, by, address)


def pass_on(engine: Engine, keys: Keyring, id_: str, by: Principal | None = None, address: str = "") -> None:
    """Turn an opinion that a person found to speak of integrity into a report: its words leave the open.

    Args:
        engine: of the database.
        keys: seal the words.
        id_: of the opinion.
        by: who found it; None for the operator at the command line.
        address: the network address it came from.
    """
    one = store.opinion(engine, id_)
    if one is not None and not one.integrity:
        box = keys.seal(one.text, id_, one.country)
        with writing(engine) as connection:
            words = VoiceSealed(opinion=id_, part="words", key=box.key, nonce=box.nonce, data=box.data)
            if store.conceal(connection, id_, words):  # else somebody else was faster
                audit.record(connection, action="voice.passed_on", subject=f"opinion {id_}", by=by, address=address)


def split_words(text: str) -> list[str]:
    """Return the words of an opinion as a person marks them: whatever stands between blanks."""
    return text.split()


def find_seen(text: str) -> str:
    """Return a short sign of words, by which a form tells that they are still those that were marked."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def hide_words(engine: Engine, by: Principal, id_: str, marked: Collection[int], seen: str, address: str = "") -> None:
    """Take out words that a moderator marked. What stood there is not kept, the sealed original neither.

    Args:
        engine: of the database.
        by: the moderator.
        id_: of the opinion.
        marked: places of words, from 0, as ``split_words`` gives them.
        seen: ``find_seen`` of the words that were marked.
        address: the network address it came from.

    Raises:
        NotAllowed: not theirs to read.
        UnfitMarks: nothing was marked, or the words have changed since.
    """
    one = _theirs(engine, by, id_)
    if not marked or find_seen(one.text) != seen or not all(0 <= place < len(one.text.split()) for place in marked):
        raise UnfitMarks("Mark words of this opinion as it stands now.")
    place = itertools.count()
    left = re.sub(r"\S+", lambda found: _HIDDEN if next(place) in marked else found.group(), one.text)
    left = re.sub(rf"{re.escape(_HIDDEN)}(?:\s+{re.escape(_HIDDEN)})+", _HIDDEN, left)
    _replace(engine, by, one, left, "", "voice.words_hidden", {"words": len(marked)}, address)


def delete_words(engine: Engine, by: Principal, id_: str, address: str = "") -> None:
    """Delete all words of an opinion, and the sealed original. It stays in the counts, under its theme.

    Raises:
        NotAllowed: not theirs to read.
        UnfitMarks: it has no words.
    """
    one = _theirs(engine, by, id_)
    if not one.text:
        raise UnfitMarks("This opinion has no words.")
    _replace(engine, by, one, "", "deleted", "voice.words_deleted", {}, address)


def readable(engine: Engine, by: Principal, id_: str) -> VoiceOpinion:
    """Return an opinion of the moderator's country that has words.

    Raises:
        NotAllowed: not theirs to read, or its words are gone.
    """
    one = _theirs(engine, by, id_)
    if not one.text:
        raise NotAllowed("There is no opinion of this number among those you may read.")
    return one


def _replace(
    engine: Engine, by: Principal, one: VoiceOpinion, words: str, emptied: str, action: str,
    after: Mapping[str, int], address: str,
) -> None:  # fmt: skip
    with writing(engine) as connection:
        if not store.replace_words(connection, one.id, one.text, words, emptied):
            raise UnfitMarks("The words have changed since: look at them again.")
        audit.record(connection, action=action, subject=f"opinion {one.id}", by=by, address=address, after=after)


def _theirs(engine: Engine, by: Principal, id_: str) -> VoiceOpinion:
    one = store.opinion(engine, id_)
    if one is None or one.integrity or one.country not in reviewer(by).countries:
        raise NotAllowed("There is no opinion of this number among those you may read.")
    return one


def decide(engine: Engine, by: Principal, id_: str, what: str, now: datetime, address: str = "") -> None:
    """Release an opinion's redacted words, withdraw them, dismiss it as no opinion, or restore it.

    Raises:
        NotAllowed: not theirs to read.
        Unsuitable: no such decision; or a release of what nobody has sorted yet.
    """
    who = reviewer(by)
    one = _theirs(engine, by, id_)
    if what not in DECISIONS:
        raise Unsuitable(f"A decision is one of {', '.join(DECISIONS)}.")
    if what == "released" and not store.labels(engine, who.countries).get(id_):
        raise Unsuitable("Sort the opinion first: its words are shown under a theme.")
    before = store.decisions(engine, one.country).get(id_)
    with writing(engine) as connection:
        store.keep(connection, VoiceDecision(opinion=id_, what=what, who=who.id, at=now))
        audit.record(
            connection, action=f"voice.{what}", subject=f"opinion {id_}", by=by, address=address,
            before={"decision": before.what if before else ""}, after={"decision": what},
        )  # fmt: skip
