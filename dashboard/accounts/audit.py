"""The audit trail: who changed what, when and why; entries are only ever added.

Each entry's digest covers the entry and the digest before it. Triggers refuse changes and deletions; whoever gets past
them breaks the chain at that entry, and a removed end contradicts the published heads (``publish_head``).
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
from dashboard.evidence.database.engine import reading, writing

PAGE_ENTRIES = 25


@dataclass(frozen=True)
class TrailVerdict:
    """The result of verifying the trail: number of the first broken entry (0 for none) and the fault.

    ``head`` is the digest of the last entry: note it elsewhere, and a later trail must still contain it.
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
    """Add an entry within the transaction of ``connection`` that makes the change.

    Args:
        connection: in the transaction that makes the change.
        action: ``<area>.<past tense>``, e.g. ``submission.approved``.
        subject: e.g. ``submission 12``.
        by: who did it; None for the operator at the command line, or the product itself.
        address: the network address of the request.
        before: the changed values before, as JSON types, never a secret.
        after: the values after.
        reason: why, in the actor's words.
    """
    last = store.find_last_entry(connection, lock=True)
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
    values["digest"] = _compute_digest(values)
    store.add_entry(connection, values)
    return AuditRow(**values)


def publish_head(engine: Engine, today: date) -> AuditHeadRow | None:
    """Store the end of the trail for the public feed once a day; return the day's head, if any."""
    with writing(engine) as connection:
        if noted := store.list_heads(connection, day=today):
            return AuditHeadRow(**noted[0])
        last = store.find_last_entry(connection)
        if last is None:
            return None
        head = {"day": today, "number": last["number"], "digest": last["digest"]}
        store.add_head(connection, head)
        return AuditHeadRow(**head)


def list_heads(engine: Engine, most: int | None = None) -> list[AuditHeadRow]:
    """Return the published heads of the trail, newest first."""
    with reading(engine) as connection:
        return [AuditHeadRow(**row) for row in store.list_heads(connection, most)]


def verify(engine: Engine, head: str = "") -> TrailVerdict:
    """Recompute the chain and compare it with the stored digests and the published heads.

    Args:
        engine: the database.
        head: a digest noted earlier that the trail must still contain; empty for none.
    """
    count, previous, seen = 0, "", not head
    published = {row.number: row for row in list_heads(engine)}
    for entry in _read_entries(engine):
        count += 1
        if entry["number"] != count:
            return TrailVerdict(count, previous, count, f"entry {count} is missing")
        if entry["previous"] != previous or _compute_digest(entry) != entry["digest"]:
            return TrailVerdict(count, previous, count, f"entry {count} is not what was written")
        previous = entry["digest"]
        seen = seen or previous == head
        if count in published and published.pop(count).digest != previous:
            return TrailVerdict(count, previous, count, f"entry {count} is not the one that was published")
    if published:
        last = published[max(published)]
        fault = f"entry {last.number} was published on {last.day}: the end of the trail is missing"
        return TrailVerdict(count, previous, count + 1, fault)
    if not seen:
        return TrailVerdict(
            count, previous, count + 1, f"no entry has the digest {head}: the end of the trail is missing"
        )
    return TrailVerdict(count, previous, 0, "")


def find_last_moment(engine: Engine) -> datetime | None:
    """Return the moment of the last entry, or None."""
    with reading(engine) as connection:
        last = store.find_last_entry(connection)
    return last["moment"] if last else None


def find_newest_values(engine: Engine, action: str, field: str) -> dict[str, Any]:
    """Return by subject the value of a field in the newest entry of an action."""
    with reading(engine) as connection:
        return {row["subject"]: row["after"][field] for row in store.list_action_entries(connection, action)}


def list_entries(engine: Engine, page: int = 1, subject: str = "") -> tuple[list[AuditRow], int]:
    """Return a page of entries, newest first, and the total; ``subject`` narrows both."""
    with reading(engine) as connection:
        rows, total = store.read_entries_page(connection, PAGE_ENTRIES, page, subject)
    return [AuditRow(**row) for row in rows], total


def export(engine: Engine) -> Iterator[str]:
    """Yield the whole trail as JSON, one entry a line, oldest first; anyone can recompute its digests."""
    for entry in _read_entries(engine):
        yield json.dumps({**entry, "moment": _format_moment(entry["moment"])}, ensure_ascii=False) + "\n"


def _read_entries(engine: Engine) -> Iterator[dict[str, Any]]:
    with reading(engine) as connection:
        yield from store.read_entries(connection)


def _format_moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _compute_digest(values: Mapping[str, Any]) -> str:
    """Return the sha256 of an entry as canonical JSON (sorted keys, UTC) without its own digest."""
    fields = {name: value for name, value in values.items() if name != "digest"} | {
        "moment": _format_moment(values["moment"])
    }
    document = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(document.encode()).hexdigest()
