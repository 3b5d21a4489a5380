"""Releases a country's counts of opinions in five steps: collect, withhold, write, tell, receipt.

``publish(settings, country, now) -> VoiceReceipt`` is called by moderators' button, the schedule (``publish_due``), the
command and the training workspace. What it writes is one transaction with its entry in the audit trail: killed at any
moment it is all there or not at all, and whoever publishes next goes on from what is there. Where nothing would be told
anew, nothing is written.
"""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dashboard.accounts import audit, mail, people
from dashboard.accounts.model import Principal, Role, State
from dashboard.contributions.delivery import store as delivery
from dashboard.contributions.voice import store
from dashboard.contributions.voice.keeping import redact_again
from dashboard.contributions.voice.moderation.opinions import dismissed
from dashboard.contributions.voice.publication.batches import Place
from dashboard.contributions.voice.publication.given import count_answers, find_question
from dashboard.contributions.voice.publication.withholding import KIND, UNSORTED, count_kinds, count_opinions, withhold
from dashboard.contributions.voice.review import agreement, sort_new
from dashboard.contributions.voice.tables import VoiceCount, VoiceModel
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.evidence.database import clock
from dashboard.evidence.database.engine import open_engine, reading
from dashboard.evidence.dataset.publication import open_record_transaction
from dashboard.locales import format_number, t
from dashboard.settings import Settings

log = logging.getLogger(__name__)

PATIENCE = 14
"""Days into a month for which the schedule waits for moderators to sort what nobody and no classifier has. Ours."""


MOST_RELEASED = 10_000
"""Released opinions of a country that a publication redacts again; the hourly upkeep does the others."""


@dataclass(frozen=True, slots=True)
class CollectedOpinions:
    """What a release is made of; ``before`` is the release in force, "" for none."""

    country: str
    before: str
    counts: Mapping[Place, int]
    given: Mapping[Place, int]
    kinds: Mapping[Place, int]
    transactions: Mapping[tuple[str, date], int]
    model: VoiceModel | None
    agreement: float | None
    earlier: Sequence[VoiceCount]

    @property
    def unsorted(self) -> int:
        """How many opinions of months that were never released nobody has sorted, and no classifier."""
        told = {row.month for row in self.earlier}
        return sum(n for (_, month, theme), n in self.counts.items() if theme == UNSORTED and month not in told)


@dataclass(frozen=True, slots=True)
class VoiceReceipt:
    """The release in force after a publication: ``release`` "" for none, ``fresh`` where this publication wrote it.

    ``trouble`` says why the classifier could not sort what is new, "" where it could or there is none.
    """

    country: str
    release: str
    cells: int
    hidden: int
    fresh: bool
    trouble: str = ""


def publish(
    settings: Settings, country: str, now: datetime, by: Principal | None = None, address: str = ""
) -> VoiceReceipt:
    """Release what may be told of a country's opinions of months that are over.

    Args:
        settings: where things are.
        country: ISO3.
        now: the moment of the release.
        by: the moderator who asks for it; None for the schedule and the operator.
        address: the network address it came from.

    Raises:
        Unpublished: the disk has no room; nothing has changed.
    """
    database = open_engine(settings)
    trouble = sort_new(database, settings.voice_dir)
    redact_again(database, MOST_RELEASED, country)  # what everybody reads follows today's rules
    while True:
        found = collect(database, country, now)
        rows = withhold(
            country,
            found.counts,
            found.transactions,
            found.model,
            now,
            found.agreement,
            found.given,
            found.earlier,
            found.kinds,
        )
        if _told(rows) == _told(found.earlier):
            return receipt(country, found.earlier, fresh=False, trouble=trouble)
        if write(database, found, rows, by, address):
            break  # else another was faster: what it told is what this one goes on from
    tell(settings, country)
    return receipt(country, rows, fresh=True, trouble=trouble)


def publish_due(settings: Settings, now: datetime) -> list[VoiceReceipt]:
    """What the schedule publishes: of each country once a month, as soon as every opinion is sorted; what was new.

    Sorted or not, from the fifteenth day of the month on. ``sort_new`` has been asked before.
    """
    database = open_engine(settings)
    done = []
    for country in store.countries(database):
        today = _believed(database, now)
        last = store.published_at(database, country)
        if last is not None and last.date() >= today.replace(day=1):
            continue
        if today.day > PATIENCE or not collect(database, country, now).unsorted:
            done.append(publish(settings, country, now))
    return [one for one in done if one.fresh]


def collect(database: store.Engine, country: str, now: datetime) -> CollectedOpinions:
    """Gather what a release is made of: opinions of months that are over, and of those that were told before.

    What a moderator dismissed is in none. A month is over by the clock as far as that is believed.
    """
    gone = dismissed(database, country)
    opinions = [one for one in store.opinions(database, [country]) if one.id not in gone]
    earlier = store.published(database, country)
    told = store.first_told(database, country)
    themes = told.get("", {})
    labels, answers = store.labels(database, [country]), store.answers(database)
    counts = count_opinions(opinions, labels, answers, themes)
    kinds = count_kinds(opinions, labels, answers, themes, told.get(KIND, {}))
    given = count_answers(opinions, told)
    month = _believed(database, now).replace(day=1)
    transactions: Counter[tuple[str, date]] = Counter()
    for report in delivery.reports(database, country):
        transactions[report.centre, report.month] += report.counts.get("completed", 0)
    return CollectedOpinions(
        country,
        earlier[0].release if earlier else "",
        {place: n for place, n in counts.items() if place[1] < month or place[1] in themes},
        {
            place: n
            for place, n in given.items()
            if place[1] < month or place[1] in told.get(find_question(place[2]), {})
        },
        {place: n for place, n in kinds.items() if place[1] < month or place[1] in themes},
        transactions,
        store.newest_model(database),
        agreement(database, frozenset({country}))[""],
        earlier,
    )


def write(
    database: store.Engine,
    found: CollectedOpinions,
    rows: Sequence[VoiceCount],
    by: Principal | None = None,
    address: str = "",
) -> bool:
    """Put a release in force and into the audit trail, both or neither; False where another came before it.

    Raises:
        Unpublished: the disk has no room; nothing has changed.
    """
    with open_record_transaction(database) as connection:
        if not store.publish(connection, found.country, found.before, rows):
            return False
        done = receipt(found.country, rows, fresh=True)
        audit.record(
            connection, action="voice.published", subject=f"opinions {found.country}", by=by, address=address,
            before={"release": found.before},
            after={"release": done.release, "cells": done.cells, "hidden": done.hidden},
        )  # fmt: skip
    return True


def tell(settings: Settings, country: str) -> int:
    """Tell moderators of a country that its counts are released, where mail is sent; gives how many were told.

    A server that does not take the message is logged and changes nothing: what is released is released.
    """
    if not settings.accounts.enabled or not mail.is_configured(settings):
        return 0
    told = 0
    link = f"{(settings.public_url or '').rstrip('/')}/voice/review/"
    named = load_codebook().countries.get(country)
    for to in people.list_accounts(settings):
        if to.state is State.ACTIVE and to.role is Role.MODERATOR and to.country == country:
            name = choose_text(named.name, to.language) if named else country
            subject, words = (
                t(f"officers.mail.released_{part}", to.language, country=name, link=f"{link}?lang={to.language}")
                for part in ("subject", "text")
            )
            try:
                mail.send(settings, mail.compose_message(settings, to.email, subject, words))
                told += 1
            except mail.Undelivered:
                log.warning("A moderator of %s was not told of the release", country)
    return told


def receipt(country: str, rows: Sequence[VoiceCount], *, fresh: bool, trouble: str = "") -> VoiceReceipt:
    """Return what a release holds, in numbers."""
    hidden = sum(row.n is None for row in rows)
    return VoiceReceipt(country, rows[0].release if rows else "", len(rows), hidden, fresh, trouble)


def describe(done: VoiceReceipt, lang: str) -> str:
    """Return a receipt in words."""
    key = "nothing" if not done.release else "released" if done.fresh else "unchanged"
    words = t(
        f"officers.release.{key}", lang, cells=format_number(done.cells, lang), hidden=format_number(done.hidden, lang)
    )
    return f"{words} {t('officers.release.no_classifier', lang)}" if done.trouble else words


def _believed(database: store.Engine, now: datetime) -> date:
    """Return the day it is: the clock's, or that before it leapt."""
    with reading(database) as connection:
        return clock.find_trusted_time(connection, now).date()


def _told(rows: Sequence[VoiceCount]) -> list[dict[str, Any]]:
    """Return what rows hold beside their release, in one order."""
    plain = [row.model_dump(exclude={"id", "release", "published_at"}) for row in rows]
    return sorted(plain, key=lambda row: (row["centre"], row["month"], row["theme"]))
