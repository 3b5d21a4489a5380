"""Centres, reports and probes in the database (SQLite or PostgreSQL).

``save_centres``, ``centres``, ``save_reports``, ``reports``; ``save_address``, ``addresses``, ``save_probes``,
``probes``, ``find_newest_probes``.
"""

import hashlib
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, String, cast, delete, func, select, update
from sqlalchemy import Engine as Engine
from sqlmodel import Session, col

from dashboard.analysis.measures.counts.uptime import UptimeProbe
from dashboard.contributions.delivery.model import Centre, CentreReport, ServiceMerger, histograms_of
from dashboard.contributions.delivery.tables import (
    ServiceAddress,
    ServiceCentre,
    ServiceMerged,
    ServiceProbe,
    ServiceReport,
)
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.database.engine import reading, writing
from dashboard.runtime.release import code_version

CHUNK = 500
BATCH = 2_000
"""Reports that are kept in one transaction where many are loaded."""
PAUSE_S = 0.15
"""Between two such transactions: SQLite lets who waits to write try again every 0.1 s."""
PART = 50_000
"""Reports read at a time where all are added up."""


def save_centres(engine: Engine, rows: Iterable[Centre]) -> int:
    """Keep centres; the row of a code and day that is known is put right. How many."""
    kept = list(rows)
    with writing(engine) as connection:
        save_centres_on(connection, kept)
    return len(kept)


def save_centres_on(connection: Connection, rows: Iterable[Centre]) -> None:
    """``save_centres`` within a transaction under way."""
    for row in rows:
        at = (col(ServiceCentre.code) == row.code) & (col(ServiceCentre.since) == row.since)
        connection.execute(delete(ServiceCentre).where(at))
        values = {name: getattr(row, name) for name in ServiceCentre.model_fields}
        values["services"] = [list(service) for service in row.services]
        connection.execute(ServiceCentre.__table__.insert(), values)  # type: ignore[attr-defined]


def centres(engine: Engine, country: str = "") -> dict[str, list[Centre]]:
    """Return the dated rows of every centre (of a country), by code, oldest row first."""
    query = select(ServiceCentre).order_by(col(ServiceCentre.code), col(ServiceCentre.since))
    if country:
        query = query.where(col(ServiceCentre.country) == country)
    found: dict[str, list[Centre]] = {}
    with reading(engine) as connection, Session(connection) as session:
        for row in session.scalars(query):
            found.setdefault(row.code, []).append(_centre(row))
    return found


def country_on(connection: Connection) -> dict[str, str]:
    """Return the country of every centre, by code: one code is one centre, in whatever country."""
    held = select(col(ServiceCentre.code), col(ServiceCentre.country)).distinct()
    return {row.code: row.country for row in connection.execute(held)}


def centre(engine: Engine, code: str) -> list[Centre]:
    """Return the dated rows of one centre; none where there is no such code."""
    query = select(ServiceCentre).where(col(ServiceCentre.code) == code).order_by(col(ServiceCentre.since))
    with reading(engine) as connection, Session(connection) as session:
        return [_centre(row) for row in session.scalars(query)]


def save_reports(engine: Engine, country: str, rows: Iterable[CentreReport], now: datetime) -> int:
    """Keep reports of a country's centres; equal ones are left, others supersede. How many were new or changed.

    In short transactions, so that nobody else's write waits for the whole load. Where it breaks off, the reports so
    far are kept, and the same call keeps the rest.
    """
    ordered = sorted(rows, key=lambda row: row.key)  # by centre: a batch is compared with few reports
    saved = 0
    for at in range(0, len(ordered), BATCH):
        if at:
            time.sleep(PAUSE_S)
        with writing(engine) as connection:
            saved += save_reports_on(connection, country, ordered[at : at + BATCH], now)
    return saved


def save_reports_on(connection: Connection, country: str, rows: Sequence[CentreReport], now: datetime) -> int:
    """``save_reports`` within a transaction under way."""
    since = min((row.month for row in rows), default=None)
    centres_ = {row.centre for row in rows}
    held = _current(connection, country, since, centres_ if len(centres_) <= CHUNK else ())
    known = {(row.centre, row.service, row.channel, row.month): row for row in held}
    changed = [row for row in rows if row.key not in known or _report(known[row.key]) != row]
    old = [known[row.key].id for row in changed if row.key in known]
    for at in range(0, len(old), CHUNK):
        gone = col(ServiceReport.id).in_(old[at : at + CHUNK])
        connection.execute(update(ServiceReport).where(gone).values(superseded_at=now))
    values = [row.as_json() | {"month": row.month, "country": country, "received_at": now} for row in changed]
    if values:
        connection.execute(ServiceReport.__table__.insert(), values)  # type: ignore[attr-defined]
    return len(changed)


def reports(engine: Engine, country: str, since: date | None = None, centre: str = "") -> list[CentreReport]:
    """Return the reports in force of a country (of one centre of it), by centre, service, channel and month."""
    with reading(engine) as connection:
        return reports_on(connection, country, since, centre)


def reports_on(connection: Connection, country: str, since: date | None = None, centre: str = "") -> list[CentreReport]:
    """``reports`` within a transaction under way."""
    return [_report(row) for row in _current(connection, country, since, {centre} if centre else ())]


def withdraw_reports_on(
    connection: Connection, country: str, keys: Iterable[tuple[str, str, str, date]], now: datetime
) -> None:
    """Put reports out of force that nothing takes the place of; they stay in the record."""
    for centre, service, channel, month in keys:
        held = _in_force(country) & (col(ServiceReport.centre) == centre) & (col(ServiceReport.service) == service)
        held &= (col(ServiceReport.channel) == channel) & (col(ServiceReport.month) == month)
        connection.execute(update(ServiceReport).where(held).values(superseded_at=now))


def counts_between(
    engine: Engine, country: str, since: date, until: date
) -> list[tuple[str, str, str, date, dict[str, int]]]:
    """Return centre, service, channel, month and counts of the reports in force from one month to before another."""
    at = (col(ServiceReport.centre), col(ServiceReport.service), col(ServiceReport.channel), col(ServiceReport.month))
    here = _in_force(country) & (col(ServiceReport.month) >= since) & (col(ServiceReport.month) < until)
    query = select(*at, col(ServiceReport.counts)).where(here)
    with reading(engine) as connection:
        return [(row[0], row[1], row[2], row[3], row[4]) for row in connection.execute(query)]


def counts_by_service(engine: Engine, country: str, since: date) -> list[tuple[str, str, str]]:
    """Return centre, service and JSON of the counts of each report in force from a month on."""
    query = select(col(ServiceReport.centre), col(ServiceReport.service), cast(col(ServiceReport.counts), String))
    query = query.where(_in_force(country), col(ServiceReport.month) >= since)
    with reading(engine) as connection:
        return [(row[0], row[1], row[2]) for row in connection.execute(query)]


def mergers(engine: Engine, country: str) -> dict[str, ServiceMerger]:
    """Return services of a country that another has taken over, by their code."""
    of = (col(ServiceMerged.old), col(ServiceMerged.new), col(ServiceMerged.since))
    query = select(*of).where(col(ServiceMerged.country) == country).order_by(of[0])
    with reading(engine) as connection:
        return {row[0]: ServiceMerger(*row) for row in connection.execute(query)}


def save_mergers_on(connection: Connection, country: str, month: date, answers: Mapping[str, Iterable[str]]) -> None:
    """Keep what services have taken over from a month on; what one had before of this month is no more.

    What a later month says again stands since the first.

    Args:
        connection: of the transaction under way.
        country: the country.
        month: its first day.
        answers: service → those that it has taken over; none where it is new.
    """
    of = ServiceMerged.__table__  # type: ignore[attr-defined]
    for new, olds in answers.items():
        connection.execute(delete(of).where(of.c.country == country, of.c.new == new, of.c.since == month))
        for old in olds:
            here = (of.c.country == country, of.c.old == old)
            before = connection.execute(select(of.c.since).where(*here, of.c.new == new)).scalar()
            connection.execute(delete(of).where(*here))
            since = min(before or month, month)
            connection.execute(of.insert(), {"country": country, "old": old, "new": new, "since": since})


def counted(engine: Engine, country: str) -> Iterator[Sequence[tuple[object, ...]]]:
    """Yield the reports of a country as they are held, superseded ones too, some at a time.

    Each: centre, channel, month, JSON of counts, JSON of histograms, cost, currency, when it came and was superseded.
    """
    held = [cast(col(one), String) for one in (ServiceReport.counts, ServiceReport.histograms)]
    place = (col(ServiceReport.centre), col(ServiceReport.channel), col(ServiceReport.month))
    when = (col(ServiceReport.received_at), col(ServiceReport.superseded_at))
    query = select(*place, *held, col(ServiceReport.cost), col(ServiceReport.currency), *when)
    query = query.where(col(ServiceReport.country) == country)
    with reading(engine) as connection:
        for rows in connection.execution_options(yield_per=PART).execute(query).partitions():
            yield [tuple(row) for row in rows]


def mark(engine: Engine, country: str) -> str:
    """What changes whenever counts or names of centres of a country do, or what is made of them: codebook and code."""
    sent = (func.max(col(ServiceReport.id)), func.max(col(ServiceReport.superseded_at)))  # each from an index alone
    held = (col(ServiceCentre.code), col(ServiceCentre.since), col(ServiceCentre.name))
    with reading(engine) as connection:
        of_country = col(ServiceReport.country) == country
        reports_ = [connection.execute(select(one).where(of_country)).scalar() for one in sent]
        names = select(*held).where(col(ServiceCentre.country) == country).order_by(*held[:2])
        centres_ = [tuple(row) for row in connection.execute(names)]
    merged = list(mergers(engine, country).values())
    return hashlib.sha256(
        repr((reports_, centres_, merged, load_codebook().version, code_version())).encode()
    ).hexdigest()[:16]


def newest_month(engine: Engine, country: str, before: date = date.max) -> date | None:
    """The newest month (first day before ``before``) of which a country's counts are in force; None without any."""
    query = select(func.max(col(ServiceReport.month))).where(_in_force(country), col(ServiceReport.month) < before)
    with reading(engine) as connection:
        return connection.execute(query).scalar()


def countries(engine: Engine) -> list[str]:
    """Return countries that have sent counts."""
    with reading(engine) as connection:
        return sorted(connection.execute(select(col(ServiceReport.country)).distinct()).scalars())


def save_address(
    engine: Engine, url: str, country: str, name: str, now: datetime, *, channel: str, expects: str
) -> None:  # fmt: skip
    """Ask an address from now on; of one that is known, what is told now counts.

    Where another text is expected, or it is of another channel, availability is counted from ``now`` on: earlier
    answers were judged otherwise.
    """
    with writing(engine) as connection:
        of = ServiceAddress.__table__  # type: ignore[attr-defined]
        known = connection.execute(select(of.c.channel, of.c.expects, of.c.added_at).where(of.c.url == url)).first()
        since = known.added_at if known and (known.channel, known.expects) == (channel, expects) else now
        told = ServiceAddress(url=url, country=country, name=name, channel=channel, expects=expects, added_at=since)
        if known is None:
            connection.execute(of.insert(), told.model_dump())
        else:
            connection.execute(update(of).where(of.c.url == url).values(**told.model_dump(exclude={"url"})))


def stop_asking(engine: Engine, url: str) -> bool:
    """Ask an address no more, what it answered stays in the record; whether it was asked."""
    asked = (col(ServiceAddress.url) == url) & (col(ServiceAddress.expects) != "")
    with writing(engine) as connection:
        return connection.execute(update(ServiceAddress).where(asked).values(expects="")).rowcount == 1


def addresses(engine: Engine, country: str = "") -> list[ServiceAddress]:
    """Return addresses that are asked, by country, channel and name."""
    query = (
        select(ServiceAddress)
        .where(col(ServiceAddress.expects) != "")
        .order_by(col(ServiceAddress.country), col(ServiceAddress.channel).desc(), col(ServiceAddress.name))
    )
    if country:
        query = query.where(col(ServiceAddress.country) == country)
    with reading(engine) as connection, Session(connection) as session:
        return list(session.scalars(query))


def save_probes(engine: Engine, rows: Sequence[ServiceProbe]) -> None:
    """Keep what came back; the first answer of a step stands."""
    with writing(engine) as connection:
        for row in rows:
            at = (col(ServiceProbe.url) == row.url) & (col(ServiceProbe.at) == row.at)
            if connection.execute(select(col(ServiceProbe.url)).where(at)).first() is None:
                connection.execute(ServiceProbe.__table__.insert(), row.model_dump())  # type: ignore[attr-defined]


def probes(engine: Engine, url: str, since: datetime, until: datetime) -> list[UptimeProbe]:
    """Return what an address answered in a time, oldest first."""
    query = (
        select(ServiceProbe)
        .where(col(ServiceProbe.url) == url, col(ServiceProbe.at) >= since, col(ServiceProbe.at) < until)
        .order_by(col(ServiceProbe.at))
    )
    with reading(engine) as connection, Session(connection) as session:
        return [UptimeProbe(row.at, row.up) for row in session.scalars(query)]


def find_newest_probes(engine: Engine, since: datetime) -> dict[str, ServiceProbe]:
    """Return what each address answered last, by address; those that were not asked since are left out."""
    query = select(ServiceProbe).where(col(ServiceProbe.at) >= since).order_by(col(ServiceProbe.at))
    with reading(engine) as connection, Session(connection) as session:
        return {row.url: row for row in session.scalars(query)}


def _in_force(country: str) -> ColumnElement[bool]:
    return (col(ServiceReport.country) == country) & col(ServiceReport.superseded_at).is_(None)


def _current(
    connection: Connection, country: str, since: date | None = None, centres: Collection[str] = ()
) -> list[ServiceReport]:
    query = (
        select(ServiceReport)
        .where(_in_force(country))
        .order_by(
            col(ServiceReport.centre), col(ServiceReport.service), col(ServiceReport.channel), col(ServiceReport.month)
        )
    )
    if since is not None:
        query = query.where(col(ServiceReport.month) >= since)
    if centres:
        query = query.where(col(ServiceReport.centre).in_(centres))
    with Session(connection) as session:
        return list(session.scalars(query))


def _report(row: ServiceReport) -> CentreReport:
    counts, histograms = dict(row.counts), histograms_of(row.histograms)
    return CentreReport(
        row.centre, row.service, row.channel, row.month, counts, histograms, row.cost, row.currency, row.measured_by
    )


def _centre(row: ServiceCentre) -> Centre:
    return Centre(**row.model_dump() | {"services": tuple((code, name) for code, name in row.services)})
