"""Changes that wait for a person's approval; an approved one is written as a vintage of that day.

See ``docs/decisions/0008-waiting-vintages.md``.
"""

import hashlib
import io
from collections.abc import Collection, Iterable
from datetime import UTC, datetime

import polars as pl
from sqlalchemy import JSON, Connection, Engine, func, select, update
from sqlmodel import Field, Session, SQLModel, col

from dashboard.evidence.database.columns import Moment
from dashboard.evidence.database.engine import reading, writing
from dashboard.evidence.database.observations import Vintage
from dashboard.evidence.database.records import RawRecord, save_records_on
from dashboard.evidence.database.vintages import adjust_primary_on, lock_vintages_on, write_vintage_on


class Proposal(SQLModel, table=True):
    """A change of a source that is not published yet."""

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    created_at: datetime = Field(sa_type=Moment)
    run: int | None = Field(default=None, foreign_key="gather_run.id")
    source: str = Field(index=True)
    indicators: list[str] = Field(default_factory=list, sa_type=JSON)
    note: str = Field(default="", description="The note its vintage would have.")
    reason: str = Field(default="", description="Why it waits.")
    state: str = Field(default="waiting", description="waiting, approved, rejected, or withdrawn for a later one")
    digest: str = Field(description="sha256 of what it would bring and take.")
    vintage: int | None = Field(default=None, foreign_key="vintage.number", description="What it became.")
    rows: int = Field(default=0, description="Observations it would add.")
    superseded: list[str] = Field(default_factory=list, sa_type=JSON, description="Ids it would put out of force.")
    added: bytes = Field(description="The rows it would add, as Parquet.")


def propose(
    engine: Engine,
    *,
    source: str,
    indicators: Iterable[str],
    run_id: int | None,
    note: str,
    reason: str,
    added: pl.DataFrame,
    superseded: Iterable[str],
    records: Iterable[RawRecord],
) -> Proposal:
    """Store a change for review, replacing waiting changes of the same indicators.

    Returns:
        The proposal, or the earlier waiting or rejected one with the same content.
    """
    gone = sorted(set(superseded))
    digest = _hash_change(added, gone)
    indicators = sorted(indicators)
    with writing(engine) as connection:
        for earlier in _list_proposals(connection, source):
            if earlier.digest == digest and earlier.state in ("waiting", "rejected"):
                return earlier
        _withdraw(connection, source, indicators)
        save_records_on(connection, records)
        proposal = Proposal(
            number=(connection.execute(select(func.max(col(Proposal.number)))).scalar() or 0) + 1,
            created_at=datetime.now(UTC),
            run=run_id,
            source=source,
            indicators=indicators,
            note=note,
            reason=reason,
            digest=digest,
            rows=added.height,
            superseded=gone,
            added=_pack_rows(added),
        )
        connection.execute(Proposal.__table__.insert(), proposal.model_dump())  # type: ignore[attr-defined]
        return proposal


def list_waiting(engine: Engine) -> list[Proposal]:
    """Return the changes that wait for approval, oldest first."""
    with reading(engine) as connection:
        return [proposal for proposal in _list_proposals(connection) if proposal.state == "waiting"]


def approve_on(connection: Connection, number: int, created_at: datetime) -> Vintage:
    """Write a waiting change as the next vintage, in the same transaction as its approval.

    Raises:
        LookupError: no such change is waiting.
        Conflict: the record has changed since: gather again.
    """
    proposal = _find_waiting(connection, number)
    lock_vintages_on(connection)
    added, gone = adjust_primary_on(connection, [pl.read_parquet(io.BytesIO(proposal.added))], proposal.superseded)
    vintage = write_vintage_on(
        connection,
        created_at=created_at,
        note=proposal.note,
        run_id=proposal.run,
        added=added,
        superseded=gone,
        records=(),
    )
    _set_state(connection, number, "approved", vintage.number)
    return vintage


def reject(engine: Engine, number: int) -> Proposal:
    """Reject a waiting change, or raise LookupError; the same change is not proposed again."""
    with writing(engine) as connection:
        proposal = _find_waiting(connection, number)
        _set_state(connection, number, "rejected")
    return proposal


def withdraw(engine: Engine, source: str, indicators: Iterable[str], but: Collection[int] = ()) -> None:
    """Withdraw a source's waiting changes of only these indicators, except the numbers in ``but``."""
    with writing(engine) as connection:
        _withdraw(connection, source, indicators, but)


def _withdraw(connection: Connection, source: str, indicators: Iterable[str], but: Collection[int] = ()) -> None:
    judged = set(indicators)
    for proposal in _list_proposals(connection, source):
        if proposal.number not in but and proposal.state == "waiting" and judged >= set(proposal.indicators):
            _set_state(connection, proposal.number, "withdrawn")


def _find_waiting(connection: Connection, number: int) -> Proposal:
    proposal = next((proposal for proposal in _list_proposals(connection) if proposal.number == number), None)
    if proposal is None or proposal.state != "waiting":
        state = f"it is {proposal.state}" if proposal else "there is none"
        raise LookupError(f"No change number {number} waits: {state}")
    return proposal


def _set_state(connection: Connection, number: int, state: str, vintage: int | None = None) -> None:
    connection.execute(update(Proposal).where(col(Proposal.number) == number).values(state=state, vintage=vintage))


def _list_proposals(connection: Connection, source: str | None = None) -> list[Proposal]:
    query = select(Proposal).order_by(col(Proposal.number))
    if source is not None:
        query = query.where(col(Proposal.source) == source)
    with Session(connection) as session:
        return list(session.scalars(query))


def _hash_change(added: pl.DataFrame, gone: list[str]) -> str:
    come = sorted(f"{id_}{'p' if primary else ''}" for id_, primary in added.select("id", "primary").rows())
    return hashlib.sha256("\n".join([*come, "", *gone]).encode()).hexdigest()


def _pack_rows(rows: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    rows.write_parquet(buffer, compression="zstd")
    return buffer.getvalue()
