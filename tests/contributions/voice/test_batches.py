"""A file of opinions waits for a moderator of another line of invitation; before, nobody reads or counts any of it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from dashboard.accounts import people
from dashboard.accounts import store as accounts
from dashboard.accounts.model import Principal, Role
from dashboard.accounts.people import Rights
from dashboard.accounts.tables import Account
from dashboard.contributions.voice import review, store
from dashboard.contributions.voice.intake import take
from dashboard.contributions.voice.model import Intake
from dashboard.contributions.voice.moderation import batches, opinions, reports
from dashboard.contributions.voice.moderation.store import add_batch, waiting_batches
from dashboard.contributions.voice.publication import release, views
from dashboard.contributions.voice.review import NotAllowed
from dashboard.contributions.voice.tables import VoiceBatch
from dashboard.evidence.database.engine import open_engine, reading, writing
from dashboard.settings import Settings
from tests.accounts.conftest import PASSWORD, hasher, with_codes
from tests.contributions.voice.test_officers import Enter, account, api, enter, keys, place

__all__ = ["api", "enter", "hasher", "place", "with_codes"]

NOW = datetime.now(UTC)
BEFORE = (NOW.replace(day=1) - timedelta(days=1)).date()


@pytest.fixture
def inbox(place: Settings) -> Engine:
    return open_engine(place)


def who(one: Account) -> Principal:
    return accounts.make_principal(one)


def invited(place: Settings, email: str, role: Role, by: Principal | None = None, *, waits: bool = False) -> Principal:
    """An account whose role this person gave, a moment ago."""
    made = people.invite(place, email=email, rights=Rights(role, "AZE" if role.of_country else "", "Office"))
    people.accept(place, made.link.split("token=")[1].split("&")[0], PASSWORD, "Somebody")
    with writing(open_engine(place)) as connection:
        given_by = by.id if by else None
        accounts.change_account(connection, made.account.id, given_by=given_by, given_at=NOW, waits=waits)
    found = people.find_by_email(place, email)
    assert found is not None
    return who(found)


def send(place: Settings, sender: Principal, letter: str = "a", many: int = 12, words: str = "slow queue") -> int:
    """A batch of that many opinions of last month, and one report."""
    database = open_engine(place)
    batch = VoiceBatch(country="AZE", sender=sender.id, office=sender.office, sent_at=NOW)
    number = add_batch(database, batch)
    said = [Intake(f"{letter}{at:031d}", "baku-1", BEFORE, text=words, language="en") for at in range(many)]
    said.append(Intake(f"{letter}-report-00", "baku-1", BEFORE, text="he wanted a bribe", integrity=True))
    take(database, keys(place), "AZE", said, NOW, origin="file", batch=number)
    return number


def released(place: Settings) -> list[dict[str, str | int | None]]:
    release.publish(place, "AZE", NOW)
    return [row for row in views.list_counts(open_engine(place), "AZE") if row["centre"] == "baku-1" and row["count"]]


def test_before_somebody_lets_it_in_nobody_reads_sorts_or_counts_it(place: Settings, inbox: Engine) -> None:
    moderator, officer = who(account(place, Role.MODERATOR)), who(account(place, Role.OFFICER))
    send(place, who(account(place, Role.CONTRIBUTOR)))
    id_ = f"a{0:031d}"
    assert (opinions.waiting(inbox, moderator), reports.listing(inbox, officer)) == (([], 0), [])
    assert (store.unanswered(inbox, "any"), store.count_unread_reports(inbox)[0], released(place)) == ([], 0, [])
    for act in (
        lambda: opinions.decide(inbox, moderator, id_, "dismissed", NOW),
        lambda: opinions.readable(inbox, moderator, id_),
        lambda: review.give_label(inbox, opinions.reviewer(moderator), id_, "complaint", "waiting", NOW),
        lambda: reports.read(inbox, keys(place), officer, "a-report-00", NOW),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_what_is_approved_is_counted_apart_from_the_form(place: Settings, inbox: Engine) -> None:
    moderator, officer = who(account(place, Role.MODERATOR)), who(account(place, Role.OFFICER))
    number = send(place, who(account(place, Role.CONTRIBUTOR)), many=30)
    form = [Intake(f"form-{at:08d}", "baku-1", BEFORE, text="fine") for at in range(15)]
    take(inbox, keys(place), "AZE", form, NOW)
    assert {row["origin"]: row["count"] for row in released(place) if row["origin"]} == {"form": 15, "total": 15}
    with reading(inbox) as connection:
        assert [one.id for one in waiting_batches(connection, "AZE")] == [number]
    batches.decide(inbox, moderator, number, "approve", NOW + timedelta(seconds=1))
    assert (opinions.waiting(inbox, moderator)[1], len(reports.listing(inbox, officer))) == (45, 1)
    # last month is released already: what is let in now counts in the next one
    assert {row["origin"]: row["count"] for row in released(place) if row["origin"]} == {"form": 15, "total": 15}
    assert {one.received_at for one in store.opinions(inbox, ["AZE"]) if one.batch} == {NOW + timedelta(seconds=1)}
    assert batches.list_waiting(inbox, moderator) == []


def test_of_a_month_that_was_not_released_form_and_file_stand_apart(place: Settings, inbox: Engine) -> None:
    moderator = who(account(place, Role.MODERATOR))
    batches.decide(inbox, moderator, send(place, who(account(place, Role.CONTRIBUTOR)), many=30), "approve", NOW)
    form = [Intake(f"form-{at:08d}", "baku-1", BEFORE, text="fine") for at in range(15)]
    take(inbox, keys(place), "AZE", form, NOW)
    told = {row["origin"]: row["count"] for row in released(place) if row["origin"]}
    assert told == {"form": 15, "file": 30, "total": 45}
    shown = views.voices(inbox, "AZE", {}, "en")["given"]["rows"]
    assert [row["n"] for row in shown] == ["15 of 45"]


def test_what_is_refused_is_destroyed_and_may_be_sent_again_and_the_other_file_stays(
    place: Settings, inbox: Engine
) -> None:
    moderator, sender = who(account(place, Role.MODERATOR)), who(account(place, Role.CONTRIBUTOR))
    first, second = send(place, sender), send(place, sender, "b")
    batches.decide(inbox, moderator, first, "refuse", NOW)
    assert [one.batch.id for one in batches.list_waiting(inbox, moderator)] == [second]
    assert store.sealed(inbox, f"a{0:031d}", "raw") is None
    assert store.sealed(inbox, f"b{0:031d}", "raw") is not None
    with pytest.raises(NotAllowed):
        batches.decide(inbox, moderator, first, "approve", NOW)
    again = send(place, sender)
    batches.decide(inbox, moderator, again, "approve", NOW)
    assert {one.batch for one in store.opinions(inbox, ["AZE"])} == {again}


def test_a_moderator_sees_who_sent_what_and_no_report(place: Settings, inbox: Engine) -> None:
    send(place, who(account(place, Role.CONTRIBUTOR)), many=batches.MOST_SHOWN + 1, words="call 050 123 45 67")
    (one,) = batches.list_waiting(inbox, who(account(place, Role.MODERATOR)))
    assert (one.opinions, one.centres, one.first, one.last) == (batches.MOST_SHOWN + 1, ("baku-1",), BEFORE, BEFORE)
    assert (one.words, one.batch.office) == (("call [phone]",) * batches.MOST_SHOWN, "Office")


def test_neither_another_country_nor_the_senders_own_line_lets_it_in(place: Settings, inbox: Engine) -> None:
    admin = invited(place, "admin@office.test", Role.ADMIN)
    sender = invited(place, "sender@office.test", Role.CONTRIBUTOR, admin)
    waits = invited(place, "own@office.test", Role.MODERATOR, admin, waits=True)
    before = invited(place, "older@office.test", Role.MODERATOR, admin)  # as from before roles waited
    abroad = who(account(place, Role.MODERATOR, "UGA"))
    number = send(place, sender)
    for by in (waits, abroad, sender, admin):
        with pytest.raises(NotAllowed):
            batches.decide(inbox, by, number, "approve", NOW)
    with pytest.raises(batches.NotApart) as refused:
        batches.decide(inbox, before, number, "approve", NOW)
    assert refused.value.code == "chained"
    assert store.opinions(inbox, ["AZE"]) == []
    batches.decide(inbox, who(account(place, Role.MODERATOR)), number, "approve", NOW)
    assert len(store.opinions(inbox, ["AZE"])) == 12


async def test_the_page_lists_it_and_lets_it_in(place: Settings, inbox: Engine, enter: Enter) -> None:
    number = send(place, who(account(place, Role.CONTRIBUTOR)))
    moderator = await enter(Role.MODERATOR)
    page = (await moderator.get("/voice/review/", params={"lang": "en"})).text
    assert f'action="/voice/review/batches/{number}"' in page
    assert "Office" in page[page.index('id="batches"') :]
    answer = await moderator.post(f"/voice/review/batches/{number}", "/voice/review/", what="approve")
    assert answer.headers["location"].endswith("done=batch_approved")
    assert len(store.opinions(inbox, ["AZE"])) == 12
    assert (
        await moderator.post(f"/voice/review/batches/{number}", "/voice/review/", what="approve")
    ).status_code == 404
    assert (await moderator.post("/voice/review/batches/99", "/voice/review/", what="publish")).status_code == 404
