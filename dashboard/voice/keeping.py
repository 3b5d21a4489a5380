"""What becomes of stored words in time: redacted again when the rules are newer, gone after some months.

``redact_again(engine, …) -> how many changed`` and ``expire_words(engine, months, now) -> how many went``, both in the
audit trail. The opinion itself stays, and stays in the counts.
"""

from collections import Counter
from collections.abc import Container
from datetime import datetime
from typing import TYPE_CHECKING

from dashboard.accounts import audit
from dashboard.database import clock
from dashboard.database.engine import reading, writing
from dashboard.voice import store
from dashboard.voice.inbox import Keyring
from dashboard.voice.moderation.opinions import pass_on
from dashboard.voice.moderation.reports import PASSED_BACK
from dashboard.voice.redaction.redact import find_rules_version, redact
from dashboard.voice.wordlists import languages_read, listed

if TYPE_CHECKING:
    from dashboard.voice.store import Engine


def redact_again(engine: "Engine", most: int, country: str | None = None) -> int:
    """Redact stored words by today's rules where older ones did; those that everybody reads come first.

    Args:
        engine: of the database.
        most: opinions looked at in one call.
        country: ISO3, for its released words alone; None for all that are stored.

    Returns:
        How many changed. What an older rule took out stays out.
    """
    version = find_rules_version()
    changed: Counter[str] = Counter()
    for one in store.redacted_before(engine, version, most, country):
        found = redact(one.text, one.country, languages_read(one.language, one.country))
        counts = dict(Counter(one.redactions) + Counter(found.counts))
        if store.keep_redacted(engine, one, found.text, counts, version) and found.text != one.text:
            changed[one.country] += 1
    if changed:
        with writing(engine) as connection:
            for code, n in sorted(changed.items()):
                audit.record(
                    connection, action="voice.redacted_again", subject=f"opinions {code}",
                    after={"opinions": n, "rules": version},
                )  # fmt: skip
    return changed.total()


def pass_hints_on(engine: "Engine", keys: Keyring, officers: Container[str], most: int) -> int:
    """Hand to the officer what waits since older lists and today's take for a hint at a bribe; how many there were.

    What a person has sorted, or an officer passed back, stays where it is. Ask before ``redact_again``: both look at
    each opinion once for every change of the lists.

    Args:
        engine: of the database.
        keys: seal the words.
        officers: countries with a named integrity officer; elsewhere nobody else could read it.
        most: opinions looked at in one call.
    """
    waiting = [one for one in store.redacted_before(engine, find_rules_version(), most) if one.country in officers]
    sorted_ = store.labels(engine, {one.country for one in waiting})
    passed = 0
    for one in waiting:
        if one.id in sorted_ or not listed(one.text, languages_read(one.language, one.country)).integrity:
            continue
        if any(entry.action == PASSED_BACK for entry in audit.listing(engine, subject=f"opinion {one.id}")[0]):
            continue
        pass_on(engine, keys, one.id)
        passed += 1
    return passed


def expire_words(engine: "Engine", months: int, now: datetime) -> int:
    """Empty opinions that came more than some months ago, as far as the clock is believed; how many there were."""
    with reading(engine) as connection:
        today = clock.find_counted_on(connection, now)
    month = today.year * 12 + today.month - 1 - months
    until = today.replace(year=month // 12, month=month % 12 + 1, day=min(today.day, 28))
    with writing(engine) as connection:
        gone = store.empty_old(connection, until)
        for country, n in sorted(gone.items()):
            audit.record(
                connection, action="voice.words_expired", subject=f"opinions {country}",
                after={"opinions": n, "until": until.date().isoformat()},
            )  # fmt: skip
    return sum(gone.values())
