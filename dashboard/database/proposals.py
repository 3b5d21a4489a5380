"""Changes that wait for a person: gathered, kept whole, and no part of the record until somebody approves them.

* ``propose(engine, …) -> Proposal``: keep a change; the same change is kept once
* ``waiting(engine) -> list[Proposal]``
* ``approve_on(connection, number, created_at) -> Vintage``, ``reject(engine, number)``
* ``withdraw(engine, source, indicators)``: newer replies say otherwise

A proposal becomes a vintage only when it is approved, dated then: the vintages of the record, their numbers and
``as_of`` know nothing of what waits. See ``docs/decisions/0008-waiting-vintages.md``.
"""

import hashlib
import io
from collections.abc import Collection, Iterable
from datetime import UTC, datetime

import polars as pl
from sqlalchemy import JSON, Connection, Engine, func, select, update
from sqlmodel import Field, Session, SQLModel, col

from dashboard.database.columns import Moment
from dashboard.database.engine import reading, writing
from dashboard.database.observations import Vintage
from dashboard.database.records import RawRecord, save_on
from dashboard.database.vintages import Conflict, lock_on, settle_shown_on, write_on


class Proposal(SQLModel, table=True):
    """A change of one source that is not published yet."""

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
    """Keep a change until a person has looked; waiting changes of the same indicators give way to it.

    Returns:
        The proposal, or the one that has proposed exactly this before, whatever became of it.
    """
    gone = sorted(set(superseded))
    digest = _digest(added, gone)
    indicators = sorted(indicators)
    with writing(engine) as connection:
        for known in _listing(connection, source):
            if known.digest == digest and known.state in ("waiting", "rejected"):
                return known
        _withdraw(connection, source, indicators)
        save_on(connection, records)
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
            added=_packed(added),
        )
        connection.execute(Proposal.__table__.insert(), proposal.model_dump())  # type: ignore[attr-defined]
        return proposal


def waiting(engine: Engine) -> list[Proposal]:
    """What waits for a person, oldest first."""
    with reading(engine) as connection:
        return [proposal for proposal in _listing(connection) if proposal.state == "waiting"]


def approve_on(connection: Connection, number: int, created_at: datetime) -> Vintage:
    """Write a waiting change as the next vintage, in one transaction with the word that it is approved.

    Raises:
        LookupError: nothing of this number waits.
        Conflict: the record has moved on since: gather again.
    """
    proposal = _waiting(connection, number)
    lock_on(connection)
    added, gone = settle_shown_on(connection, [pl.read_parquet(io.BytesIO(proposal.added))], proposal.superseded)
    vintage = write_on(
        connection,
        created_at=created_at,
        note=proposal.note,
        run_id=proposal.run,
        added=added,
        superseded=gone,
        records=(),
    )
    _become(connection, number, "approved", vintage.number)
    return vintage


def reject(engine: Engine, number: int) -> Proposal:
    """Turn a waiting change down; gathered again, exactly the same change is not proposed again.

    Raises:
        LookupError: nothing of this number waits.
    """
    with writing(engine) as connection:
        proposal = _waiting(connection, number)
        _become(connection, number, "rejected")
    return proposal


def withdraw(engine: Engine, source: str, indicators: Iterable[str], but: Collection[int] = ()) -> None:
    """Let go of waiting changes of a source that speak of these indicators only: newer replies have been judged.

    ``but`` are the numbers of those that these replies have proposed, for the first time or again.
    """
    with writing(engine) as connection:
        _withdraw(connection, source, indicators, but)


def _withdraw(connection: Connection, source: str, indicators: Iterable[str], but: Collection[int] = ()) -> None:
    known = set(indicators)
    for proposal in _listing(connection, source):
        if proposal.number not in but and proposal.state == "waiting" and known >= set(proposal.indicators):
            _become(connection, proposal.number, "withdrawn")


def _waiting(connection: Connection, number: int) -> Proposal:
    proposal = next((one for one in _listing(connection) if one.number == number), None)
    if proposal is None or proposal.state != "waiting":
        state = f"it is {proposal.state}" if proposal else "there is none"
        raise LookupError(f"No change number {number} waits: {state}")
    return proposal


def _become(connection: Connection, number: int, state: str, vintage: int | None = None) -> None:
    connection.execute(update(Proposal).where(col(Proposal.number) == number).values(state=state, vintage=vintage))


def _listing(connection: Connection, source: str | None = None) -> list[Proposal]:
    query = select(Proposal).order_by(col(Proposal.number))
    if source is not None:
        query = query.where(col(Proposal.source) == source)
    with Session(connection) as session:
        return list(session.scalars(query))


def _digest(added: pl.DataFrame, gone: list[str]) -> str:
    come = sorted(f"{id_}{'p' if primary else ''}" for id_, primary in added.select("id", "primary").rows())
    return hashlib.sha256("\n".join([*come, "", *gone]).encode()).hexdigest()


def _packed(rows: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    rows.write_parquet(buffer, compression="zstd")
    return buffer.getvalue()


__all__ = ["Conflict", "Proposal", "approve_on", "propose", "reject", "waiting", "withdraw"]
