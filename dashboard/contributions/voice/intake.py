"""Taking opinions in: checked, its language told, redacted, offered a theme by lists, sealed, and only then stored.

``take(engine, keys, country, intakes, now) -> Receipts``: any number, in one transaction. ``take_rows`` for files:
every fault with its row, and what is right is taken. Sent again, nothing counts twice.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dashboard.contributions.delivery import store as delivery
from dashboard.contributions.voice import store
from dashboard.contributions.voice.form.words import OTHER
from dashboard.contributions.voice.inbox import RETENTION, Keyring
from dashboard.contributions.voice.language import identify
from dashboard.contributions.voice.model import ATTRIBUTES, INTEGRITY, FieldFault, Intake, OpinionRefused, checked
from dashboard.contributions.voice.redaction.redact import find_rules_version, redact
from dashboard.contributions.voice.tables import VoiceOpinion, VoiceSealed
from dashboard.contributions.voice.wordlists import languages_read, listed, wordlist

Origin = Literal["form", "file"]

AT_ONCE = 1_000
"""Rows of a file that are kept in one transaction."""

BEYOND = "cells beyond the head"
"""Under this name a row of a file holds what has no column."""

MOVED = FieldFault(
    "row", "cells_moved", "More cells than the head has: a comma has moved them. Put quotation marks around the words."
)


@dataclass(frozen=True, slots=True)
class Receipts:
    """How many were new, and how many had been taken before."""

    fresh: int
    known: int


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row of a file that was not taken, counted from 1 below the head, and why."""

    row: int
    fault: FieldFault


def take(
    engine: store.Engine, keys: Keyring, country: str, intakes: Sequence[Intake], now: datetime, *,
    origin: Origin = "form", batch: int | None = None,
) -> Receipts:  # fmt: skip
    """Keep opinions of one country.

    Args:
        engine: of the database.
        keys: seal the raw words; without one nothing can be taken.
        country: ISO3, of the centre.
        intakes: as ``model.checked`` gives them.
        now: the moment they came.
        origin: how they came; released counts tell it apart.
        batch: that has to be approved before anybody reads or counts them; None where they need not wait.
    """
    offered = services_of(engine, {one.centre for one in intakes if one.service})
    rows = [prepared(keys, country, one, now, offered.get(one.centre, frozenset())) for one in intakes]
    for opinion, _ in rows:
        opinion.origin, opinion.batch = origin, batch
    fresh = store.add(engine, rows)
    return Receipts(sum(fresh), len(fresh) - sum(fresh))


def services_of(engine: store.Engine, centres: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return codes of services that each of some centres offers or has offered."""
    dated = {code: delivery.centre(engine, code) for code in centres}
    return {code: frozenset(service for row in rows for service, _ in row.services) for code, rows in dated.items()}


def prepared(
    keys: Keyring, country: str, one: Intake, now: datetime, services: Container[str] = ()
) -> tuple[VoiceOpinion, tuple[VoiceSealed, ...]]:
    """An opinion as it is stored: redacted, its raw words sealed. An integrity report keeps no words in the open.

    What is given as service and is none of ``services`` are words of the sender's own: they are sealed with the others.
    """
    raw = one.text
    if one.service not in services and one.service not in ("", OTHER):
        raw = _with(one.text, one.service)
    language = identify(one.text, one.language, country)
    spoken = (language.code,) if wordlist(language.code) else ()
    languages = languages_read(language.code, country)
    redacted = redact(one.text, country, languages)
    offered = listed(one.text, spoken or languages)
    integrity = _is_report(one, languages)  # before redaction, which may take such a word for a name
    row = VoiceOpinion(
        id=one.id,
        country=country,
        centre=one.centre,
        service=one.service if raw == one.text else "",
        channel=one.channel,
        said_on=one.said_on,
        received_at=now,
        language=language.code,
        language_by=language.how,
        kind=one.kind or offered.kind or ("opinion" if one.text else ""),
        rating=one.rating,
        attributes=one.attributes,
        outcome=one.outcome,
        days_to_answer=one.days_to_answer,
        text="" if integrity else redacted.text,
        redactions=redacted.counts,
        listed_theme=INTEGRITY if integrity else offered.theme,
        integrity=integrity,
        synthetic=one.synthetic,
        rules=find_rules_version(),
    )
    if not raw:
        return row, ()
    parts = [_sealed(keys, one, country, "raw", raw, now + RETENTION)]
    if integrity:
        parts.append(_sealed(keys, one, country, "words", redact(raw, country, languages).text, None))
    return row, tuple(parts)


def speaks_of_integrity(one: Intake, country: str) -> bool:
    """Whether an opinion is an integrity report: marked so, or with an integrity word in any language of the country.

    Whatever language the rest is in, a person then reads it; looked for before redaction, which may take such a word
    for a name.
    """
    return _is_report(one, languages_read(identify(one.text, one.language, country).code, country))


def _is_report(one: Intake, languages: tuple[str, ...]) -> bool:
    return one.integrity or listed(_with(one.text, one.service), languages).integrity


def _with(text: str, service: str) -> str:
    return "\n".join(filter(None, (text, service)))


def seal_services(engine: store.Engine, keys: Keyring, now: datetime) -> int:
    """Seal what older opinions hold as service and is none of their centre's; how many had such words.

    They join the sealed words of the opinion, of a report the redacted ones too, and leave the open.

    Raises:
        NoKey: a key that sealed some of it is not set.
    """
    named = [pair for pair in store.services_named(engine) if pair[1] != OTHER]
    offered = services_of(engine, {centre for centre, _ in named})
    free = [one for pair in named if pair[1] not in offered[pair[0]] for one in store.of_service(engine, *pair)]
    for one in free:
        parts: list[VoiceSealed] = []
        languages = languages_read(one.language, one.country)
        until = one.received_at + RETENTION
        redacted = redact(one.service, one.country, languages).text
        for part, words, end in (("raw", one.service, until), *((("words", redacted, None),) if one.integrity else ())):
            if end is not None and end <= now:
                continue
            box = store.sealed(engine, one.id, part)
            whole = _with(keys.open(box, one.id, one.country), words) if box is not None else words
            new = keys.seal(whole, one.id, one.country)
            row = VoiceSealed(opinion=one.id, part=part, key=new.key, nonce=new.nonce, data=new.data, expires_at=end)
            parts.append(row)
        store.seal_service(engine, one.id, parts)
    return len(free)


def take_rows(
    engine: store.Engine,
    keys: Keyring,
    centres: Mapping[str, str],
    rows: Iterable[Mapping[str, object]],
    now: datetime,
    told: Callable[[int], None] = lambda _: None,
    refused: Callable[[Intake, str], FieldFault | None] = lambda _one, _country: None,
    *,
    origin: Origin = "file",
    batch: int | None = None,
) -> tuple[Receipts, tuple[RefusedRow, ...]]:
    """Take the rows of a file.

    Args:
        engine: of the database.
        keys: seal the raw words.
        centres: country of each centre's code.
        rows: names and values; a row without ``id`` gets one of its content, so that the file can be sent again.
        now: the moment it came.
        told: called with the number of rows seen, for progress.
        refused: why an opinion of a country is not taken although it is well formed; None where it is.
        origin: see ``take``.
        batch: see ``take``.

    Returns:
        What was taken, and every fault of what was not.
    """
    faults: list[RefusedRow] = []
    alike: Counter[str] = Counter()
    waiting: dict[str, list[Intake]] = {}
    fresh = known = seen = 0

    def flush() -> None:
        nonlocal fresh, known
        for country, intakes in waiting.items():
            done = take(engine, keys, country, intakes, now, origin=origin, batch=batch)
            fresh, known = fresh + done.fresh, known + done.known
        waiting.clear()

    for seen, given in enumerate(rows, start=1):
        row = dict(given)
        row["id"] = row.get("id") or _id_of_content(row, alike)
        centre = str(row.get("centre", ""))
        try:
            if row.pop(BEYOND, None):
                raise OpinionRefused((MOVED,))
            one = checked(typed(row), now.date())
            if centre not in centres:
                raise OpinionRefused((unknown_centre(centre),))
            if (fault := refused(one, centres[centre])) is not None:
                raise OpinionRefused((fault,))
            waiting.setdefault(centres[centre], []).append(one)
        except OpinionRefused as error:
            faults += [RefusedRow(seen, fault) for fault in error.faults]
        if seen % AT_ONCE == 0:
            flush()
            told(seen)
    flush()
    told(seen)
    return Receipts(fresh, known), tuple(faults)


COLUMNS = (
    "id", "text", "language", "channel", "centre", "service", "said_on", "kind", "rating", "outcome", "days_to_answer",
    "integrity", *ATTRIBUTES,
)  # fmt: skip
"""What a sender may say of an opinion; everything else is not read."""

_YES, _NO = ("1", "true", "yes"), ("0", "false", "no")


def as_given(row: Mapping[str, object], sender: str) -> dict[str, object]:
    """Return a row of a file or of JSON as ``checked`` takes it: attributes together, ids apart from other senders'.

    Args:
        row: names and values; those that are no column are left out.
        sender: whose ids these are, such as a country; two senders may use the same.
    """
    taken = typed({name: row[name] for name in COLUMNS if row.get(name) not in (None, "")})
    if "id" in taken:
        taken["id"] = hashlib.sha256(f"{sender}\x1f{taken['id']}".encode()).hexdigest()
    return taken


def typed(row: Mapping[str, object]) -> dict[str, object]:
    """A row whose cells are text with yes and no told apart, and attributes together; one that is so stays as it is."""
    taken = dict(row)
    said: dict[str, object] = {}
    for name in ATTRIBUTES:
        if (value := taken.pop(name, None)) not in (None, ""):
            word = str(value).strip().lower()
            said[name] = True if word in _YES else False if word in _NO else value
    if said:
        taken["attributes"] = said
    if "integrity" in taken:
        # anything but a no is a report: better read by the officer alone than by too many
        taken["integrity"] = str(taken["integrity"] or "").strip().lower() not in (*_NO, "")
    if isinstance(rating := taken.get("rating"), str) and re.fullmatch(r"[0-9]\.0", rating):  # as workbooks hold it
        taken["rating"] = rating[0]
    return taken


def unknown_centre(code: str) -> FieldFault:
    """Return what is said of a centre that is not on the list of centres."""
    return FieldFault(
        "centre",
        "unknown_centre",
        f"centre: there is no centre “{code[:40]}”. Send the list of centres first, or correct it.",
    )


def _id_of_content(row: Mapping[str, object], alike: Counter[str]) -> str:
    """Return an id of what a row says; the second row that says the same is another opinion, on every sending alike."""
    said = "\x1f".join(f"{name}={row[name]}" for name in sorted(row) if name != "id")
    digest = hashlib.sha256(said.encode()).hexdigest()[:32]
    alike[digest] += 1
    return f"{digest}-{alike[digest]}"


def _sealed(keys: Keyring, one: Intake, country: str, part: str, text: str, until: datetime | None) -> VoiceSealed:
    box = keys.seal(text, one.id, country)
    return VoiceSealed(opinion=one.id, part=part, key=box.key, nonce=box.nonce, data=box.data, expires_at=until)
