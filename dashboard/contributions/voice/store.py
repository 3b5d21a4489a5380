"""Opinions, labels, answers and published counts in the database (SQLite or PostgreSQL)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, distinct, exists, func, literal, select, text, update
from sqlalchemy import Engine as Engine
from sqlmodel import Session, SQLModel, col

from dashboard.accounts.tables import AuditRow
from dashboard.contributions.voice.inbox import Keyring, Sealed
from dashboard.contributions.voice.model import INTEGRITY
from dashboard.contributions.voice.tables import (
    VoiceAnswer,
    VoiceBatch,
    VoiceCase,
    VoiceCount,
    VoiceDecision,
    VoiceLabel,
    VoiceModel,
    VoiceOpinion,
    VoiceReply,
    VoiceSealed,
)
from dashboard.evidence.database import clock
from dashboard.evidence.database.engine import reading, writing

CHUNK = 500
REPORT_READ = "voice.report_read"
"""The act of opening a report; the audit trail has it first."""


def add(engine: Engine, taken: Sequence[tuple[VoiceOpinion, Sequence[VoiceSealed]]]) -> list[bool]:
    """Keep opinions with their sealed words, all or none. Which were new: an id that is known is left as it is."""
    with writing(engine) as connection:
        known: set[str] = set()
        for at in range(0, len(taken), CHUNK):
            ids = [opinion.id for opinion, _ in taken[at : at + CHUNK]]
            held = select(col(VoiceOpinion.id)).where(col(VoiceOpinion.id).in_(ids))
            known |= set(connection.execute(held).scalars())
        fresh, rows, sealed = [], [], []
        for opinion, parts in taken:
            new = opinion.id not in known
            known.add(opinion.id)
            fresh.append(new)
            if new:
                rows.append(opinion.model_dump())
                sealed += [part.model_dump() for part in parts]
        if rows:
            new_rows = _insert(connection, VoiceOpinion).on_conflict_do_nothing(index_elements=["id"])
            if 0 <= connection.execute(new_rows, rows).rowcount < len(rows):
                # another writer of the same ids was faster: it has kept their words too
                ids = [row["id"] for row in rows]
                held = select(col(VoiceSealed.opinion)).where(col(VoiceSealed.opinion).in_(ids))
                there = set(connection.execute(held).scalars())
                sealed = [part for part in sealed if part["opinion"] not in there]
        if sealed:
            connection.execute(VoiceSealed.__table__.insert(), sealed)  # type: ignore[attr-defined]
    return fresh


def _insert(connection: Connection, table: Any) -> Any:
    """Return an insertion that may do nothing where the key is there already, as either database says it."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert
    else:
        from sqlalchemy.dialects.sqlite import insert  # type: ignore[assignment]
    return insert(table)


def _is_let_in() -> Any:
    """Whether an opinion is of no batch, or of one that a second person approved: all that others may read of."""
    approved = select(col(VoiceBatch.id)).where(col(VoiceBatch.state) == "approved")
    return col(VoiceOpinion.batch).is_(None) | col(VoiceOpinion.batch).in_(approved)


def opinion(engine: Engine, id_: str) -> VoiceOpinion | None:
    """Return the opinion of this id, or None; none of a batch that waits."""
    with reading(engine) as connection, Session(connection) as session:
        return session.scalars(select(VoiceOpinion).where(col(VoiceOpinion.id) == id_, _is_let_in())).first()


def opinions(engine: Engine, countries: Iterable[str], *, integrity: bool = False) -> list[VoiceOpinion]:
    """Opinions of some countries, newest first, of no batch that waits: all but integrity reports, or these alone."""
    query = (
        select(VoiceOpinion)
        .where(col(VoiceOpinion.country).in_(sorted(countries)), col(VoiceOpinion.integrity) == integrity, _is_let_in())
        .order_by(col(VoiceOpinion.received_at).desc(), col(VoiceOpinion.id))
    )
    with reading(engine) as connection, Session(connection) as session:
        return list(session.scalars(query))


def countries(engine: Engine) -> list[str]:
    """Return countries from which opinions came."""
    with reading(engine) as connection:
        return sorted(connection.execute(select(col(VoiceOpinion.country)).distinct()).scalars())


def keep(connection: Connection, *rows: SQLModel) -> None:
    """Keep rows of one table within the caller's transaction; a number comes from the database."""
    values = [row.model_dump(exclude={"id"}) for row in rows]
    connection.execute(type(rows[0]).__table__.insert(), values)  # type: ignore[attr-defined]


def keep_labels(engine: Engine, rows: Sequence[VoiceLabel]) -> None:
    """Keep what people said opinions are, all or none."""
    with writing(engine) as connection:
        keep(connection, *rows)


def labels(engine: Engine, countries: Iterable[str] | None = None) -> dict[str, dict[str, VoiceLabel]]:
    """Return the last label of each coder, by opinion and coder."""
    query = select(VoiceLabel).order_by(col(VoiceLabel.at), col(VoiceLabel.id))
    if countries is not None:
        query = query.join(VoiceOpinion, col(VoiceOpinion.id) == col(VoiceLabel.opinion)).where(
            col(VoiceOpinion.country).in_(sorted(countries))
        )
    found: dict[str, dict[str, VoiceLabel]] = {}
    with reading(engine) as connection, Session(connection) as session:
        for row in session.scalars(query):
            found.setdefault(row.opinion, {})[row.coder] = row
    return found


def count_labelled(engine: Engine, since: datetime | None = None) -> int:
    """Return how many opinions people have sorted, or have sorted after a moment."""
    query = select(func.count(distinct(col(VoiceLabel.opinion))))
    if since is not None:
        query = query.where(col(VoiceLabel.at) > since)
    with reading(engine) as connection:
        return int(connection.execute(query).scalar_one())


def answers(engine: Engine) -> dict[str, VoiceAnswer]:
    """Return what the classifier last said, by opinion."""
    with reading(engine) as connection, Session(connection) as session:
        return {row.opinion: row for row in session.scalars(select(VoiceAnswer))}


def unanswered(engine: Engine, version: str) -> list[VoiceOpinion]:
    """Return opinions with words that a model has not answered for."""
    by_model = (col(VoiceAnswer.opinion) == col(VoiceOpinion.id)) & (col(VoiceAnswer.model) == version)
    query = select(VoiceOpinion).where(col(VoiceOpinion.text) != "", ~exists().where(by_model), _is_let_in())
    with reading(engine) as connection, Session(connection) as session:
        return list(session.scalars(query))


def keep_answers(engine: Engine, rows: Sequence[VoiceAnswer]) -> None:
    """Put the answers of a model in place of earlier ones of the same opinions."""
    with writing(engine) as connection:
        for at in range(0, len(rows), CHUNK):
            part = rows[at : at + CHUNK]
            connection.execute(delete(VoiceAnswer).where(col(VoiceAnswer.opinion).in_([row.opinion for row in part])))
            keep(connection, *part)


def keep_model(engine: Engine, row: VoiceModel) -> None:
    """Keep what a model is made of; the same version trained again is kept once, as the newest."""
    with writing(engine) as connection:
        same = col(VoiceModel.version) == row.version
        if not connection.execute(update(VoiceModel).where(same).values(trained_at=row.trained_at)).rowcount:
            keep(connection, row)


def newest_model(engine: Engine) -> VoiceModel | None:
    """Return the model trained last, or None."""
    with reading(engine) as connection, Session(connection) as session:
        return session.scalars(select(VoiceModel).order_by(col(VoiceModel.trained_at).desc())).first()


def model(engine: Engine, version: str) -> VoiceModel | None:
    """Return the model of this version, or None."""
    with reading(engine) as connection, Session(connection) as session:
        return session.get(VoiceModel, version)


def publish(connection: Connection, country: str, before: str, rows: Sequence[VoiceCount]) -> bool:
    """Keep a release of counts within the caller's transaction; earlier releases stay.

    Args:
        connection: in a write transaction.
        country: ISO3.
        before: the release it goes on from, "" for none.
        rows: all of one release.

    Returns:
        False where another release came after ``before``: nothing is written.
    """
    if connection.dialect.name == "postgresql":  # one at a time: SQLite's write transaction does the same
        connection.execute(text("LOCK TABLE voice_count IN EXCLUSIVE MODE"))
    if (connection.execute(_newest_release(country)).scalar() or "") != before:
        return False
    keep(connection, *rows)
    return True


def published_at(engine: Engine, country: str) -> datetime | None:
    """When counts of a country were last released; None where they never were."""
    with reading(engine) as connection:
        query = select(func.max(col(VoiceCount.published_at))).where(col(VoiceCount.country) == country)
        return connection.execute(query).scalar()


def _newest_release(country: str) -> Any:
    return (
        select(col(VoiceCount.release))
        .where(col(VoiceCount.country) == country)
        .order_by(col(VoiceCount.published_at).desc(), col(VoiceCount.id).desc())
        .limit(1)
    )


def first_told(engine: Engine, country: str) -> dict[str, dict[date, datetime]]:
    """When each month of a country was first released: of themes (""), kinds, and each question besides words."""
    query = (
        select(col(VoiceCount.theme), col(VoiceCount.month), func.min(col(VoiceCount.published_at)))
        .where(col(VoiceCount.country) == country)
        .group_by(col(VoiceCount.theme), col(VoiceCount.month))
    )
    found: dict[str, dict[date, datetime]] = {}
    with reading(engine) as connection:
        for theme, month, moment in connection.execute(query):
            table, colon, _ = theme.partition(":")
            of = found.setdefault(table if colon else "", {})
            of[month] = min(moment, of.get(month, moment))
    return found


def published(engine: Engine, country: str) -> list[VoiceCount]:
    """Return the counts of a country's newest release, by centre, month and theme."""
    with reading(engine) as connection, Session(connection) as session:
        release_id = session.execute(_newest_release(country)).scalar()
        query = select(VoiceCount).where(col(VoiceCount.country) == country, col(VoiceCount.release) == release_id)
        order = (col(VoiceCount.centre), col(VoiceCount.month), col(VoiceCount.theme))
        return list(session.scalars(query.order_by(*order)))


def sealed(engine: Engine, id_: str, part: str) -> Sealed | None:
    """Return sealed words of an opinion, or None where they have expired or never were."""
    with reading(engine) as connection, Session(connection) as session:
        row = session.get(VoiceSealed, (id_, part))
        return None if row is None else Sealed(row.key, row.nonce, row.data)


def release(engine: Engine, id_: str, words: str) -> None:
    """Turn what an officer found to be no integrity report into an ordinary opinion, with its redacted words.

    Labels that say otherwise go, so that it is counted and waits for those who gave them.
    """
    with writing(engine) as connection:
        values = {"integrity": False, "text": words, "listed_theme": ""}
        connection.execute(update(VoiceOpinion).where(col(VoiceOpinion.id) == id_).values(**values))
        gone = (col(VoiceSealed.opinion) == id_) & (col(VoiceSealed.part) != "raw")
        connection.execute(delete(VoiceSealed).where(gone))
        overruled = (col(VoiceLabel.opinion) == id_) & (col(VoiceLabel.theme) == INTEGRITY)
        connection.execute(delete(VoiceLabel).where(overruled))


def conceal(connection: Connection, id_: str, words: VoiceSealed) -> bool:
    """Turn an ordinary opinion into an integrity report, its words sealed for the officer; False where it is one."""
    values = {"integrity": True, "text": "", "listed_theme": INTEGRITY}
    ordinary = (col(VoiceOpinion.id) == id_) & ~col(VoiceOpinion.integrity)
    if fresh := connection.execute(update(VoiceOpinion).where(ordinary).values(**values)).rowcount == 1:
        keep(connection, words)
    return fresh


def redacted_before(engine: Engine, rules: str, most: int, country: str | None = None) -> list[VoiceOpinion]:
    """Return opinions whose words other rules have redacted, newest first; of one country only released ones."""
    query = select(VoiceOpinion).where(col(VoiceOpinion.text) != "", ~col(VoiceOpinion.rules).startswith(rules))
    if country is not None:
        query = query.where(col(VoiceOpinion.country) == country, col(VoiceOpinion.id).in_(_decided("released")))
    query = query.order_by(col(VoiceOpinion.received_at).desc(), col(VoiceOpinion.id)).limit(most)
    with reading(engine) as connection, Session(connection) as session:
        return list(session.scalars(query))


def _decided(what: str) -> Any:
    """Return ids of opinions on which this was decided last."""
    last = select(func.max(col(VoiceDecision.id))).group_by(col(VoiceDecision.opinion))
    return select(col(VoiceDecision.opinion)).where(col(VoiceDecision.id).in_(last), col(VoiceDecision.what) == what)


def unseen(engine: Engine, rules: str, seen: str, most: int) -> list[VoiceOpinion]:
    """Return opinions that some rules have redacted and that were not looked through as ``seen`` says, newest first."""
    by = col(VoiceOpinion.rules)
    query = select(VoiceOpinion).where(col(VoiceOpinion.text) != "", by.startswith(rules), by != seen)
    with reading(engine) as connection, Session(connection) as session:
        return list(session.scalars(query.order_by(col(VoiceOpinion.received_at).desc()).limit(most)))


def keep_redacted(engine: Engine, one: VoiceOpinion, words: str, counts: dict[str, int], rules: str) -> bool:
    """Put words that were redacted again in the place of those there were; False where these have changed since."""
    same = (col(VoiceOpinion.id) == one.id) & (col(VoiceOpinion.text) == one.text)
    values = {"text": words, "redactions": counts, "rules": rules}
    with writing(engine) as connection:
        return connection.execute(update(VoiceOpinion).where(same).values(**values)).rowcount == 1


def mark_seen(engine: Engine, ids: Sequence[str], rules: str) -> None:
    """Note by which rules opinions were redacted and with what they were looked through."""
    with writing(engine) as connection:
        for at in range(0, len(ids), CHUNK):
            some = col(VoiceOpinion.id).in_(ids[at : at + CHUNK])
            connection.execute(update(VoiceOpinion).where(some).values(rules=rules))


def replace_words(connection: Connection, id_: str, before: str, words: str, emptied: str = "") -> bool:
    """Put a person's choice of words in the place of those there were, and destroy the original.

    Args:
        connection: in a write transaction.
        id_: of the opinion.
        before: the words that person saw.
        words: what is left of them.
        emptied: why nothing is left, "" where something is.

    Returns:
        False where other words stand there now: nothing is written.
    """
    same = (col(VoiceOpinion.id) == id_) & (col(VoiceOpinion.text) == before) & ~col(VoiceOpinion.integrity)
    if connection.execute(update(VoiceOpinion).where(same).values(text=words, emptied=emptied)).rowcount != 1:
        return False
    connection.execute(delete(VoiceSealed).where(col(VoiceSealed.opinion) == id_))
    return True


def empty_old(connection: Connection, until: datetime) -> tuple[dict[str, int], int]:
    """Empty opinions that came, and answers given, by a moment, sealed words too; opinions by country, and answers."""
    old = (col(VoiceOpinion.received_at) <= until) & (col(VoiceOpinion.text) != "") & ~col(VoiceOpinion.integrity)
    counted = select(col(VoiceOpinion.country), func.count()).where(old).group_by(col(VoiceOpinion.country))
    if gone := {row[0]: row[1] for row in connection.execute(counted)}:
        ids = select(col(VoiceOpinion.id)).where(old)
        connection.execute(delete(VoiceSealed).where(col(VoiceSealed.opinion).in_(ids)))
        connection.execute(update(VoiceOpinion).where(old).values(text="", emptied="expired"))
    reports = select(col(VoiceOpinion.id)).where(col(VoiceOpinion.integrity))
    # an answer repeats what was said
    answered = (col(VoiceCase.answered_at) <= until) & (col(VoiceCase.words) != "")
    said = update(VoiceCase).where(answered, col(VoiceCase.opinion).not_in(reports)).values(words="")
    return gone, connection.execute(said).rowcount


def services_named(engine: Engine) -> list[tuple[str, str]]:
    """Return every centre and service that opinions hold, reports too."""
    held = (col(VoiceOpinion.centre), col(VoiceOpinion.service))
    with reading(engine) as connection:
        return [(row[0], row[1]) for row in connection.execute(select(*held).where(held[1] != "").distinct())]


def of_service(engine: Engine, centre: str, service: str) -> list[VoiceOpinion]:
    """Return opinions that hold this as their service, reports too."""
    at = (col(VoiceOpinion.centre) == centre) & (col(VoiceOpinion.service) == service)
    with reading(engine) as connection, Session(connection) as session:
        return list(session.scalars(select(VoiceOpinion).where(at)))


def seal_service(engine: Engine, id_: str, parts: Sequence[VoiceSealed]) -> None:
    """Put sealed parts of an opinion in the place of those there are, and take its service from the open."""
    with writing(engine) as connection:
        for one in parts:
            at = (col(VoiceSealed.opinion) == id_) & (col(VoiceSealed.part) == one.part)
            connection.execute(delete(VoiceSealed).where(at))
            keep(connection, one)
        connection.execute(update(VoiceOpinion).where(col(VoiceOpinion.id) == id_).values(service=""))


def parts(engine: Engine, ids: Iterable[str]) -> dict[str, list[str]]:
    """Return which sealed parts opinions have, in order of their names; the words stay sealed."""
    query = select(col(VoiceSealed.opinion), col(VoiceSealed.part)).where(col(VoiceSealed.opinion).in_(list(ids)))
    found: dict[str, list[str]] = {}
    with reading(engine) as connection:
        for opinion_, part in connection.execute(query.order_by(col(VoiceSealed.opinion), col(VoiceSealed.part))):
            found.setdefault(opinion_, []).append(part)
    return found


def decisions(engine: Engine, country: str) -> dict[str, VoiceDecision]:
    """Return the last decision on each opinion of a country that has one."""
    query = (
        select(VoiceDecision)
        .join(VoiceOpinion, col(VoiceOpinion.id) == col(VoiceDecision.opinion))
        .where(col(VoiceOpinion.country) == country)
        .order_by(col(VoiceDecision.id))
    )
    with reading(engine) as connection, Session(connection) as session:
        return {row.opinion: row for row in session.scalars(query)}


def open_cases(engine: Engine, rows: Sequence[VoiceCase]) -> dict[str, str]:
    """Give complaints a number; one that has a number keeps it, whoever else asks at the same time. By opinion."""
    ids = [row.opinion for row in rows]
    with writing(engine) as connection:
        done = _insert(connection, VoiceCase).on_conflict_do_nothing(index_elements=["opinion"])
        connection.execute(done, [row.model_dump() for row in rows])
        query = select(col(VoiceCase.opinion), col(VoiceCase.number)).where(col(VoiceCase.opinion).in_(ids))
        return {row[0]: row[1] for row in connection.execute(query)}


def case_of(engine: Engine, *, number: str = "", opinion: str = "") -> tuple[VoiceCase, VoiceOpinion] | None:
    """Return the complaint of a number, or of an opinion, with the opinion; None where there is none."""
    wanted = col(VoiceCase.number) == number if number else col(VoiceCase.opinion) == opinion
    query = select(VoiceCase, VoiceOpinion).join(VoiceOpinion, col(VoiceOpinion.id) == col(VoiceCase.opinion))
    with reading(engine) as connection, Session(connection) as session:
        found = session.execute(query.where(wanted)).first()
        return None if found is None else (found[0], found[1])


def cases(engine: Engine, country: str) -> list[tuple[VoiceCase, VoiceOpinion]]:
    """Complaints of a country, no report, none that was dismissed: without an answer first, then the oldest first."""
    query = select(VoiceCase, VoiceOpinion).join(VoiceOpinion, col(VoiceOpinion.id) == col(VoiceCase.opinion))
    query = query.where(col(VoiceOpinion.country) == country, ~col(VoiceOpinion.integrity))
    query = query.where(col(VoiceOpinion.id).not_in(_decided("dismissed")))
    order = (col(VoiceCase.answered_at).is_not(None), col(VoiceCase.received_at), col(VoiceCase.opinion))
    with reading(engine) as connection, Session(connection) as session:
        return [(row[0], row[1]) for row in session.execute(query.order_by(*order))]


def count_unanswered(engine: Engine) -> tuple[int, datetime | None]:
    """Return how many complaints have no answer and were not dismissed, and since when the oldest waits."""
    waits = (col(VoiceCase.answered_at).is_(None), col(VoiceCase.opinion).not_in(_decided("dismissed")))
    query = select(func.count(), func.min(col(VoiceCase.received_at))).where(*waits)
    with reading(engine) as connection:
        row = connection.execute(query).one()
        return row[0], row[1]


def count_unread_reports(engine: Engine) -> tuple[int, datetime | None]:
    """Return how many integrity reports nobody has opened, by the audit trail, and since when the oldest waits."""
    opened = exists().where(
        col(AuditRow.subject) == literal("opinion ") + col(VoiceOpinion.id), col(AuditRow.action) == REPORT_READ
    )
    query = select(func.count(), func.min(col(VoiceOpinion.received_at)))
    with reading(engine) as connection:
        row = connection.execute(query.where(col(VoiceOpinion.integrity), ~opened, _is_let_in())).one()
        return row[0], row[1]


def mark_read(engine: Engine, id_: str, now: datetime) -> None:
    """Note when a complaint was first read; one that has no number is let be."""
    unread = (col(VoiceCase.opinion) == id_) & col(VoiceCase.read_at).is_(None)
    with writing(engine) as connection:
        connection.execute(update(VoiceCase).where(unread).values(read_at=now))


def answer_case(connection: Connection, row: VoiceCase) -> None:
    """Put an answer to a complaint in the place of the one before."""
    values = row.model_dump(include={"read_at", "answered_at", "office", "language", "words"})
    connection.execute(update(VoiceCase).where(col(VoiceCase.opinion) == row.opinion).values(**values))
    days = (row.answered_at - row.received_at).days if row.answered_at else None
    told = {"outcome": "answered", "days_to_answer": days}
    connection.execute(update(VoiceOpinion).where(col(VoiceOpinion.id) == row.opinion).values(**told))


def replies(engine: Engine, country: str) -> list[VoiceReply]:
    """Return the answers of a country in force, newest period first: the last of each theme, period and language."""
    found: dict[tuple[str, str, str], VoiceReply] = {}
    query = select(VoiceReply).where(col(VoiceReply.country) == country).order_by(col(VoiceReply.id))
    with reading(engine) as connection, Session(connection) as session:
        for row in session.scalars(query):
            found[row.theme, row.period, row.language] = row
    return sorted((one for one in found.values() if one.did), key=lambda one: one.period, reverse=True)


def expire(engine: Engine, now: datetime) -> int:
    """Destroy sealed words whose time is over, as far as the clock is believed; how many there were."""
    with writing(engine) as connection:
        until = clock.find_trusted_time(connection, now)
        return connection.execute(delete(VoiceSealed).where(col(VoiceSealed.expires_at) <= until)).rowcount


def rotate(engine: Engine, keys: Keyring) -> int:
    """Seal with the newest key what others have sealed and return how much; afterwards the others may go.

    Raises:
        NoKey: a key that sealed some of it is not set.
        Unreadable: some of it was changed. In both cases everything stays as it was.
    """
    with writing(engine) as connection, Session(connection) as session:
        resealed = 0
        for row in session.scalars(select(VoiceSealed)).all():
            kept = session.get(VoiceOpinion, row.opinion)
            country = kept.country if kept is not None else ""
            opener, words = keys.find_key(Sealed(row.key, row.nonce, row.data), row.opinion, country)
            if opener == row.key == keys.current:
                continue
            again = keys.seal(words, row.opinion, country)
            at = (col(VoiceSealed.opinion) == row.opinion) & (col(VoiceSealed.part) == row.part)
            connection.execute(update(VoiceSealed).where(at).values(key=again.key, nonce=again.nonce, data=again.data))
            resealed += 1
        return resealed


def count_sealed(engine: Engine) -> dict[str, int]:
    """Return how many texts each key has sealed, by the name of the key."""
    query = select(col(VoiceSealed.key), func.count()).group_by(col(VoiceSealed.key))
    with reading(engine) as connection:
        return dict(iter(connection.execute(query)))
