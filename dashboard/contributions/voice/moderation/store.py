"""Files of opinions that wait for a second person, in the database (SQLite or PostgreSQL)."""

from datetime import datetime

from sqlalchemy import Connection, Engine, delete, exists, select, update
from sqlmodel import Session, col

from dashboard.contributions.voice.tables import VoiceBatch, VoiceOpinion, VoiceSealed
from dashboard.evidence.database.engine import reading, writing


def add_batch(engine: Engine, batch: VoiceBatch) -> int:
    """Begin a batch; its number."""
    new = VoiceBatch.__table__.insert().returning(col(VoiceBatch.id))  # type: ignore[attr-defined]
    with writing(engine) as connection:
        return int(connection.execute(new, batch.model_dump(exclude={"id"})).scalar_one())


def waiting_batches(connection: Connection, country: str) -> list[VoiceBatch]:
    """Return batches of a country that hold opinions and wait for a second person, oldest first."""
    held = exists().where(col(VoiceOpinion.batch) == col(VoiceBatch.id))
    query = select(VoiceBatch).where(col(VoiceBatch.country) == country, col(VoiceBatch.state) == "waiting", held)
    with Session(connection) as session:
        return list(session.scalars(query.order_by(col(VoiceBatch.id))))


def list_batches_of(engine: Engine, sender: int, most: int) -> list[VoiceBatch]:
    """Return the batches that an account sent, newest first: those that hold opinions, or on which somebody decided."""
    held = exists().where(col(VoiceOpinion.batch) == col(VoiceBatch.id))
    query = select(VoiceBatch).where(col(VoiceBatch.sender) == sender, held | (col(VoiceBatch.state) != "waiting"))
    with reading(engine) as connection, Session(connection) as session:
        return list(session.scalars(query.order_by(col(VoiceBatch.id).desc()).limit(most)))


def opinions_in_batch(connection: Connection, number: int) -> list[VoiceOpinion]:
    """Return what a batch holds, without integrity reports."""
    query = select(VoiceOpinion).where(col(VoiceOpinion.batch) == number, ~col(VoiceOpinion.integrity))
    with Session(connection) as session:
        return list(session.scalars(query.order_by(col(VoiceOpinion.id))))


def decide_batch(connection: Connection, number: int, state: str, by: int, now: datetime) -> bool:
    """Approve a batch, whose opinions then join the others now, or refuse it and destroy them; False where decided."""
    waiting = (col(VoiceBatch.id) == number) & (col(VoiceBatch.state) == "waiting")
    values = {"state": state, "decided_by": by, "decided_at": now}
    if connection.execute(update(VoiceBatch).where(waiting).values(**values)).rowcount != 1:
        return False
    inside = col(VoiceOpinion.batch) == number
    if state == "approved":  # counted as what came now: months that were released before stay as they are
        connection.execute(update(VoiceOpinion).where(inside).values(received_at=now))
    else:
        sealed_ = col(VoiceSealed.opinion).in_(select(col(VoiceOpinion.id)).where(inside))
        connection.execute(delete(VoiceSealed).where(sealed_))
        connection.execute(delete(VoiceOpinion).where(inside))
    return True
