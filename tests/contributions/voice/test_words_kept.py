"""What becomes of an opinion's words: hidden or deleted by a moderator, gone in time, redacted again by newer rules."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, select, update
from sqlmodel import col

from dashboard.accounts import audit
from dashboard.accounts.model import Principal, Role
from dashboard.contributions.voice import keeping, store
from dashboard.contributions.voice.form.channels import LawOnComplaints
from dashboard.contributions.voice.form.words import texts
from dashboard.contributions.voice.inbox import Keyring
from dashboard.contributions.voice.intake import take
from dashboard.contributions.voice.keeping import expire_words, redact_again
from dashboard.contributions.voice.model import Intake
from dashboard.contributions.voice.moderation import complaints
from dashboard.contributions.voice.moderation.opinions import (
    UnfitMarks,
    decide,
    delete_words,
    find_seen,
    hide_words,
    sort,
    waiting,
)
from dashboard.contributions.voice.publication.withholding import count_opinions
from dashboard.contributions.voice.redaction.redact import find_rules_version
from dashboard.contributions.voice.review import NotAllowed
from dashboard.contributions.voice.tables import VoiceCase, VoiceOpinion, VoiceSealed
from dashboard.evidence.database import clock
from dashboard.evidence.database.engine import reading, writing
from dashboard.interfaces.desk.centre_form.page import number_page
from tests.contributions.voice.conftest import NOW

MODERATOR = Principal(7, Role.MODERATOR, "AZE", "", "Office", "M", "en")
OTHER = Principal(8, Role.MODERATOR, "UGA", "", "Office", "U", "en")
WORDS = "the man with the red beard\nat window 3 was rude to me"


def say(engine: Engine, keys: Keyring, text: str = WORDS, id_: str = "opinion-1", at: datetime = NOW) -> str:
    take(engine, keys, "AZE", [Intake(id=id_, centre="baku-1", said_on=at.date(), text=text, language="en")], at)
    return id_


def shown(engine: Engine, id_: str) -> str:
    return store.opinion(engine, id_).text


def sealed_parts(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return list(connection.execute(select(col(VoiceSealed.opinion))).scalars())


def trail(engine: Engine) -> list[tuple[str, dict[str, object]]]:
    return [(one.action, dict(one.after)) for one in reversed(audit.list_entries(engine)[0])]


def test_marked_words_are_hidden_and_the_original_is_destroyed(inbox: Engine, keys: Keyring) -> None:
    id_ = say(inbox, keys)
    assert sealed_parts(inbox) == [id_]
    hide_words(inbox, MODERATOR, id_, {1, 3, 4, 5, 8}, find_seen(WORDS))
    assert shown(inbox, id_) == "the [hidden] with [hidden]\nat window [hidden] was rude to me"
    assert sealed_parts(inbox) == []
    assert trail(inbox)[-1] == ("voice.words_hidden", {"words": 5})
    assert not any("beard" in str(one) for one in trail(inbox))


@pytest.mark.parametrize(
    ("marked", "seen"), [(set(), find_seen(WORDS)), ({13}, find_seen(WORDS)), ({-1}, find_seen(WORDS)), ({0}, "old")]
)
def test_marks_that_fit_no_words_change_nothing(inbox: Engine, keys: Keyring, marked: set[int], seen: str) -> None:
    id_ = say(inbox, keys)
    with pytest.raises(UnfitMarks):
        hide_words(inbox, MODERATOR, id_, marked, seen)
    assert shown(inbox, id_) == WORDS
    assert sealed_parts(inbox) == [id_]
    hide_words(inbox, MODERATOR, id_, {12}, find_seen(WORDS))
    assert shown(inbox, id_).endswith("rude to [hidden]")


def test_words_that_changed_since_they_were_read_are_not_overwritten(
    inbox: Engine, keys: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = say(inbox, keys)
    stale = store.opinion(inbox, id_)
    hide_words(inbox, MODERATOR, id_, {0}, find_seen(WORDS))
    monkeypatch.setattr(store, "opinion", lambda *_: stale)
    with pytest.raises(UnfitMarks):
        hide_words(inbox, MODERATOR, id_, {1}, find_seen(WORDS))
    monkeypatch.undo()
    assert shown(inbox, id_).startswith("[hidden] man")


def test_moderators_of_another_country_touch_nothing(inbox: Engine, keys: Keyring) -> None:
    id_ = say(inbox, keys)
    with pytest.raises(NotAllowed):
        hide_words(inbox, OTHER, id_, {0}, find_seen(WORDS))
    with pytest.raises(NotAllowed):
        delete_words(inbox, OTHER, id_)
    assert shown(inbox, id_) == WORDS


def counts(engine: Engine) -> Counter[str]:
    found = count_opinions(store.opinions(engine, ["AZE"]), store.labels(engine, ["AZE"]), store.answers(engine))
    return Counter({theme: n for (_, _, theme), n in found.items()})


def test_deleted_words_go_and_the_count_stays(inbox: Engine, keys: Keyring) -> None:
    id_ = say(inbox, keys)
    say(inbox, keys, "the queue was long", "opinion-2")
    sort(inbox, keys, MODERATOR, id_, "complaint", "staff", NOW)
    decide(inbox, MODERATOR, id_, "released", NOW)
    before = counts(inbox)
    delete_words(inbox, MODERATOR, id_)
    assert shown(inbox, id_) == ""
    assert counts(inbox) == before == {"staff": 1, "not_classified": 1}
    assert sealed_parts(inbox) == ["opinion-2"]
    assert trail(inbox)[-1] == ("voice.words_deleted", {})
    assert [one.opinion.id for one in waiting(inbox, MODERATOR)[0]] == ["opinion-2"]
    with pytest.raises(UnfitMarks):
        delete_words(inbox, MODERATOR, id_)


def test_words_expire_after_their_months_and_the_count_stays(inbox: Engine, keys: Keyring) -> None:
    now = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
    limit = datetime(2024, 11, 26, 12, 0, tzinfo=UTC)
    say(inbox, keys, "on the day", "opinion-1", limit)
    say(inbox, keys, "a second later", "opinion-2", limit + timedelta(seconds=1))
    before = counts(inbox)
    assert (expire_words(inbox, 24, now - timedelta(seconds=1)), expire_words(inbox, 24, now)) == (0, 1)
    assert (shown(inbox, "opinion-1"), shown(inbox, "opinion-2")) == ("", "a second later")
    assert counts(inbox) == before
    assert sealed_parts(inbox) == ["opinion-2"]
    assert trail(inbox)[-1] == ("voice.words_expired", {"opinions": 1, "until": "2024-11-26"})
    assert expire_words(inbox, 24, now) == 0
    assert len(trail(inbox)) == 1


def test_an_answer_to_a_complaint_goes_as_long_after_it_was_given(inbox: Engine, keys: Keyring) -> None:
    now, limit = datetime(2026, 11, 26, tzinfo=UTC), datetime(2024, 11, 26, tzinfo=UTC)
    for id_ in ("opinion-1", "opinion-2", "report-1"):
        say(inbox, keys, "the clerk wanted a bribe" if id_ == "report-1" else "it was slow", id_, limit)
    numbers = complaints.give_numbers(inbox, ("opinion-1", "opinion-2", "report-1"), limit)
    given = {"opinion-1": limit, "opinion-2": limit + timedelta(seconds=1), "report-1": limit}
    with writing(inbox) as connection:
        for id_, at in given.items():
            case = VoiceCase(
                opinion=id_, number=numbers[id_], received_at=limit, answered_at=at, words="Dear Mr Aliyev"
            )
            store.answer_case(connection, case)
    expire_words(inbox, 24, now)
    with reading(inbox) as connection:
        columns = col(VoiceCase.opinion), col(VoiceCase.words), col(VoiceCase.answered_at)
        left = [tuple(row) for row in connection.execute(select(*columns).order_by(columns[0]))]
    words = {"opinion-1": "", "opinion-2": "Dear Mr Aliyev", "report-1": "Dear Mr Aliyev"}
    assert left == [(id_, words[id_], at) for id_, at in given.items()]
    assert trail(inbox)[-1] == ("voice.answers_expired", {"answers": 1, "until": "2024-11-26"})
    kept = []
    for number in numbers.values():
        found = complaints.find_by_number(inbox, number)
        assert found is not None
        kept.append(texts("en")["number_text"] in number_page("en", found, "Hoima", LawOnComplaints()))
    assert kept == [False, True, True], "nobody is asked to come back for what is gone"
    expire_words(inbox, 24, now)
    assert len(trail(inbox)) == 2, "nothing was left to go"


def test_reports_keep_their_words(inbox: Engine, keys: Keyring) -> None:
    say(inbox, keys, "the clerk wanted a bribe", "report-1", NOW - timedelta(days=900))
    assert expire_words(inbox, 24, NOW) == 0
    assert sealed_parts(inbox) == ["report-1", "report-1"]


def test_a_clock_that_leapt_expires_nothing(inbox: Engine, keys: Keyring) -> None:
    say(inbox, keys)
    clock.record_time(inbox, NOW)
    clock.record_time(inbox, NOW + timedelta(days=1500))
    assert expire_words(inbox, 24, NOW + timedelta(days=1500)) == 0
    assert shown(inbox, "opinion-1") == WORDS


def with_older_words(engine: Engine, id_: str, text: str) -> None:
    """As an older version of the rules left them."""
    with writing(engine) as connection:
        values = {"text": text, "rules": "", "redactions": {"phone": 1}}
        connection.execute(update(VoiceOpinion).where(col(VoiceOpinion.id) == id_).values(**values))


def test_stored_words_are_redacted_again_when_rules_are_newer(inbox: Engine, keys: Keyring) -> None:
    say(inbox, keys)
    assert redact_again(inbox, 100) == 0
    with_older_words(inbox, "opinion-1", "Aygün Həsənova [phone] was rude at window 3")
    assert redact_again(inbox, 100) == 1
    one = store.opinion(inbox, "opinion-1")
    assert one.text == "[name] [phone] was rude at window 3"
    assert (one.redactions, one.rules) == ({"name": 1, "phone": 1}, find_rules_version())
    assert trail(inbox) == [("voice.redacted_again", {"opinions": 1, "rules": find_rules_version()})]
    assert redact_again(inbox, 100) == 0


def test_a_publication_redacts_released_words_alone(inbox: Engine, keys: Keyring) -> None:
    for id_ in ("opinion-1", "opinion-2", "opinion-3"):
        say(inbox, keys, "the queue was long", id_)
        sort(inbox, keys, MODERATOR, id_, "complaint", "waiting", NOW)
        with_older_words(inbox, id_, "Aygün Həsənova was rude")
    decide(inbox, MODERATOR, "opinion-1", "released", NOW)
    decide(inbox, MODERATOR, "opinion-2", "released", NOW)
    decide(inbox, MODERATOR, "opinion-2", "withdrawn", NOW)
    assert redact_again(inbox, 100, "UGA") == 0
    assert redact_again(inbox, 100, "AZE") == 1
    texts = [shown(inbox, f"opinion-{n}") for n in (1, 2, 3)]
    assert texts == ["[name] was rude", "Aygün Həsənova was rude", "Aygün Həsənova was rude"]


def test_redacting_again_goes_on_where_it_stopped(inbox: Engine, keys: Keyring) -> None:
    for n in range(5):
        say(inbox, keys, "the queue was long", f"opinion-{n}")
        with_older_words(inbox, f"opinion-{n}", "Aygün Həsənova was rude")
    assert [redact_again(inbox, 2) for _ in range(4)] == [2, 2, 1, 0]


def test_words_hidden_while_they_are_redacted_again_stay_hidden(
    inbox: Engine, keys: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = say(inbox, keys)
    with_older_words(inbox, id_, "Aygün Həsənova with the red beard")
    before = store.redacted_before(inbox, find_rules_version(), 10)
    hide_words(inbox, MODERATOR, id_, {5}, find_seen("Aygün Həsənova with the red beard"))
    monkeypatch.setattr(keeping.store, "redacted_before", lambda *_: before)
    assert redact_again(inbox, 10) == 0
    assert shown(inbox, id_) == "Aygün Həsənova with the red [hidden]"


def test_months_are_those_of_the_calendar(inbox: Engine, keys: Keyring) -> None:
    say(inbox, keys, at=datetime(2026, 2, 28, tzinfo=UTC))
    assert expire_words(inbox, 1, datetime(2026, 3, 27, tzinfo=UTC)) == 0
    assert expire_words(inbox, 1, datetime(2026, 3, 31, tzinfo=UTC)) == 1
    assert date(2026, 2, 28) == store.opinions(inbox, ["AZE"])[0].said_on
