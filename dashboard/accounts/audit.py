"""The audit trail: who did what, on what, when, from where, what changed and why; only ever added to.

* ``record(connection, action=…, subject=…) -> row``: within the caller's transaction, so that a change and its entry
  stand or fall together
* ``verify(engine) -> Verdict``: whether every entry still is what was written, in order
* ``listing(engine, …)``, ``export(engine) -> Iterator[str]``: for the administrator

Each entry's digest covers the entry and the digest before it. Triggers refuse changes and deletions; who gets past them
breaks the chain at that row, and cutting off its end shows against what was published of it (``publish_head``).
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from dashboard.accounts import store
from dashboard.accounts.model import Principal
from dashboard.accounts.store import Connection, Engine
from dashboard.accounts.tables import AuditHeadRow, AuditRow
from dashboard.database.engine import reading, writing

PAGE = 25


@dataclass(frozen=True)
class TrailVerdict:
    """How the trail was found: ``broken`` is the first entry that is not what was written, 0 when all are.

    ``head`` is the digest of the last entry: note it elsewhere, and a later trail must still hold it.
    """

    entries: int
    head: str
    broken: int
    fault: str


def record(
    connection: Connection,
    *,
    action: str,
    subject: str,
    by: Principal | None = None,
    address: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> AuditRow:
    """Add an entry within the transaction of ``connection`` (``engine.writing``).

    Args:
        connection: in the transaction that makes the change.
        action: what was done, as ``<room>.<past tense>``, e.g. ``submission.approved``.
        subject: on what, e.g. ``submission 12``.
        by: who did it; None for the operator at the command line, or the product itself. Done by a personal token,
            the entry says by which.
        address: the network address it came from.
        before: the values before, of what changed; plain ones that JSON can hold, never a secret.
        after: the values after.
        reason: why, in the actor's words.
    """
    last = store.last_entry(connection, lock=True)
    values: dict[str, Any] = {
        "number": last["number"] + 1 if last else 1,
        "moment": datetime.now(UTC),
        "actor": by.id if by else None,
        "office": ", ".join(part for part in (by.role, by.office) if part) if by else "",
        "action": action,
        "subject": subject,
        "address": address,
        "before": dict(before or {}),
        "after": dict(after or {}) | ({"by_token": by.token} if by and by.token is not None else {}),
        "reason": reason,
        "previous": last["digest"] if last else "",
    }
    values["digest"] = _digest(values)
    store.add_entry(connection, values)
    return AuditRow(**values)


def publish_head(engine: Engine, today: date) -> AuditHeadRow | None:
    """Note the trail's end for readers of the public feed, once a day; gives what is noted for the day, None of none.

    Number and digest tell nothing of what was done, and nobody can make another trail with that digest.
    """
    with writing(engine) as connection:
        if noted := store.heads(connection, day=today):
            return AuditHeadRow(**noted[0])
        last = store.last_entry(connection)
        if last is None:
            return None
        head = {"day": today, "number": last["number"], "digest": last["digest"]}
        store.add_head(connection, head)
        return AuditHeadRow(**head)


def heads(engine: Engine, most: int | None = None) -> list[AuditHeadRow]:
    """What was published of the trail's end, newest first."""
    with reading(engine) as connection:
        return [AuditHeadRow(**row) for row in store.heads(connection, most)]


def verify(engine: Engine, head: str = "") -> TrailVerdict:
    """Compute the chain anew and compare, also with every end that was published.

    Args:
        engine: the database.
        head: a digest noted earlier, which the trail must still hold; empty for none.
    """
    count, previous, seen = 0, "", not head
    published = {one.number: one for one in heads(engine)}
    for entry in _entries(engine):
        count += 1
        if entry["number"] != count:
            return TrailVerdict(count, previous, count, f"entry {count} is missing")
        if entry["previous"] != previous or _digest(entry) != entry["digest"]:
            return TrailVerdict(count, previous, count, f"entry {count} is not what was written")
        previous = entry["digest"]
        seen = seen or previous == head
        if count in published and published.pop(count).digest != previous:
            return TrailVerdict(count, previous, count, f"entry {count} is not the one that was published")
    if published:
        last = published[max(published)]
        told = f"entry {last.number} was published on {last.day}: the end of the trail is missing"
        return TrailVerdict(count, previous, count + 1, told)
    if not seen:
        return TrailVerdict(
            count, previous, count + 1, f"no entry has the digest {head}: the end of the trail is missing"
        )
    return TrailVerdict(count, previous, 0, "")


def newest(engine: Engine) -> datetime | None:
    """The moment of the last entry; None where there is none."""
    with reading(engine) as connection:
        last = store.last_entry(connection)
    return last["moment"] if last else None


def listing(engine: Engine, page: int = 1, subject: str = "") -> tuple[list[AuditRow], int]:
    """A page of entries, newest first, and how many there are in all; ``subject`` narrows."""
    with reading(engine) as connection:
        rows, total = store.page_of_entries(connection, PAGE, page, subject)
    return [AuditRow(**row) for row in rows], total


def export(engine: Engine) -> Iterator[str]:
    """The whole trail as JSON, one entry a line, oldest first; its digests can be computed anew by anyone."""
    for entry in _entries(engine):
        yield json.dumps({**entry, "moment": _moment(entry["moment"])}, ensure_ascii=False) + "\n"


def _entries(engine: Engine) -> Iterator[dict[str, Any]]:
    with reading(engine) as connection:
        yield from store.entries(connection)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _digest(values: Mapping[str, Any]) -> str:
    """sha256 of the entry as JSON: sorted keys, no spaces, UTC with microseconds, without its own digest."""
    fields = {name: value for name, value in values.items() if name != "digest"} | {"moment": _moment(values["moment"])}
    written = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
