"""What becomes of stored words in time: looked through, redacted again when the rules are newer, gone after months.

``look_through(engine, …) -> hints passed on``, ``redact_again(engine, …) -> how many changed`` and
``expire_words(engine, months, now) -> how many went``, all in the audit trail. The opinion itself stays in the counts.
"""

from collections import Counter
from collections.abc import Container
from datetime import datetime
from pathlib import Path

from dashboard.accounts import audit
from dashboard.contributions.voice import store
from dashboard.contributions.voice.hints import find_hints_version
from dashboard.contributions.voice.inbox import Keyring
from dashboard.contributions.voice.moderation.opinions import pass_on
from dashboard.contributions.voice.moderation.reports import PASSED_BACK
from dashboard.contributions.voice.redaction.redact import find_rules_version, redact
from dashboard.contributions.voice.review import AT_ONCE, ask_machine
from dashboard.contributions.voice.vectors import find_weights
from dashboard.contributions.voice.wordlists import languages_read, listed
from dashboard.evidence.database import clock
from dashboard.evidence.database.engine import reading, writing


def redact_again(engine: store.Engine, most: int, country: str | None = None) -> int:
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


def look_through(
    engine: store.Engine, keys: Keyring, folder: Path, officers: Container[str], *, vectors: bool = True
) -> int:
    """Look once through what came since the last time: the machine sorts it, and hints at a bribe go to the officer.

    Hints are found by sentence vectors, where there are none by word lists. What a person has sorted, or an officer
    passed back, stays where it is. What
    ``redact_again`` has redacted anew is looked at once more.

    Args:
        engine: of the database.
        keys: seal the words.
        folder: where classifiers are kept.
        officers: countries with a named integrity officer; elsewhere nobody else could read it.
        vectors: whether sentence vectors may be used.

    Returns:
        How many were passed on.
    """
    vectors = vectors and find_weights() is not None
    rules = find_rules_version()
    seen = f"{rules} {find_hints_version() if vectors else 'lists'}"
    newest = store.newest_model(engine)
    labelled: Container[str] | None = None
    passed = 0
    while new := store.unseen(engine, rules, seen, AT_ONCE):
        said = ask_machine(engine, folder, newest, new, hints=True) if vectors else None
        found = said.hints if said is not None and said.hints is not None else None
        if found is None:
            found = [listed(one.text, languages_read(one.language, one.country)).integrity for one in new]
        for one in (one for one, hint in zip(new, found, strict=True) if hint and one.country in officers):
            if labelled is None:
                labelled = store.labels(engine)
            done = audit.list_entries(engine, subject=f"opinion {one.id}")[0]
            if one.id in labelled or any(entry.action == PASSED_BACK for entry in done):
                continue
            pass_on(engine, keys, one.id)
            passed += 1
        store.mark_seen(engine, [one.id for one in new], seen)
    return passed


def expire_words(engine: store.Engine, months: int, now: datetime) -> int:
    """Empty opinions that came, and answers given, more than some months ago, as far as the clock is believed.

    Returns:
        How many opinions there were.
    """
    with reading(engine) as connection:
        today = clock.find_trusted_time(connection, now)
    month = today.year * 12 + today.month - 1 - months
    until = today.replace(year=month // 12, month=month % 12 + 1, day=min(today.day, 28))
    with writing(engine) as connection:
        gone, answers = store.empty_old(connection, until)
        for country, n in sorted(gone.items()):
            audit.record(
                connection, action="voice.words_expired", subject=f"opinions {country}",
                after={"opinions": n, "until": until.date().isoformat()},
            )  # fmt: skip
        if answers:
            after = {"answers": answers, "until": until.date().isoformat()}
            audit.record(connection, action="voice.answers_expired", subject="complaints", after=after)
    return sum(gone.values())
