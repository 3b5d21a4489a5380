"""Reminders: whom they tell, on which days, each once, through a year with a clock that is moved."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from dashboard.accounts import mail
from dashboard.accounts import store as accounts
from dashboard.accounts.model import Role, State
from dashboard.contributions.submissions import deadlines, store
from dashboard.contributions.submissions.keeping import reminders
from dashboard.evidence.database.engine import open_engine, writing
from dashboard.locales import DESK_LANGUAGES, format_day, t
from dashboard.operations import upkeep
from dashboard.settings import Settings
from tests.checks import all_of
from tests.contributions.submissions.conftest import YEAR, Desk, person
from tests.contributions.submissions.test_desk import sections, words
from tests.contributions.submissions.test_upload import api, place
from tests.contributions.submissions.test_upload import person as browser
from tests.given import raising

__all__ = ["api", "browser", "place"]

ADMIN = person(9, Role.ADMIN, "")
DUE = date(2026, 3, 31)


@pytest.mark.parametrize(("days", "mark"), [
    (-15, None), (-14, -14), (-13, -14), (-4, -14), (-3, -3), (-1, -3), (0, 0), (6, 0), (7, 7), (13, 7), (14, 14),
    (364, 364), (365, None),
])  # fmt: skip
def test_the_last_reminder_whose_day_has_come(days: int, mark: int | None) -> None:
    assert reminders.find_mark(DUE, DUE + timedelta(days=days)) == mark


@pytest.fixture
def office(desk: Desk) -> Desk:
    """A contributor and an approver of the country, and others whom it does not concern."""
    with writing(open_engine(desk.settings)) as connection:
        for name, role, country, state, waits in (
            ("contributor", "contributor", "AZE", "active", False), ("approver", "approver", "AZE", "active", False),
            ("moderator", "moderator", "AZE", "active", False), ("reviewer", "reviewer", "", "active", False),
            ("elsewhere", "contributor", "TUR", "active", False), ("gone", "contributor", "AZE", "revoked", False),
            ("waits", "approver", "AZE", "active", True), ("invited", "contributor", "AZE", "invited", False),
        ):  # fmt: skip
            accounts.add_account(
                connection, email=f"{name}@stat.test", role=role, country=country, state=State(state).value,
                waits=waits, created_at=datetime.now(UTC), language="fr" if name == "approver" else "en",
            )  # fmt: skip
    return desk


OFFICE = ["approver@stat.test", "contributor@stat.test"]


def on(days: float, due: date = DUE) -> datetime:
    return datetime.combine(due, datetime.min.time(), UTC) + timedelta(days=days)


def stand(settings: Settings, period: str, state: str) -> int:
    """Something of a year that stands so."""
    with writing(open_engine(settings)) as connection:
        return store.add(
            connection,
            {"country": "AZE", "dataset": "figures", "period": period, "state": state, "lang": "en", "filename": "",
             "sha256": "", "size": 0, "created_by": 1, "created_office": "", "submitted_by": 1, "approved_by": 2,
             "created_at": datetime.now(UTC)},
        )  # fmt: skip


def through(settings: Settings, letters: list[EmailMessage], first: int, last: int) -> dict[int, list[str]]:
    """Day → who was told on it; the server looks thrice a day."""
    told: dict[int, list[str]] = {}
    for day in range(first, last):
        letters.clear()
        for hour in (0.01, 0.5, 0.99):
            reminders.sweep(settings, on(day + hour))
        if letters:
            told[day] = sorted(it["To"] for it in letters)
    return told


def test_a_year_of_reminders(office: Desk, letters: list[EmailMessage]) -> None:
    deadlines.set_due(office.settings, ADMIN, ["AZE"], "2025", DUE)
    assert through(office.settings, letters, -60, 25) == dict.fromkeys((-14, -3, 0, 7, 14, 21), OFFICE)
    draft = stand(office.settings, "2025", "draft")  # it has not come by lying there
    assert through(office.settings, letters, 25, 30) == {28: OFFICE}
    with writing(open_engine(office.settings)) as connection:
        store.move(connection, draft, ("draft",), "submitted")
    assert through(office.settings, letters, 30, 50) == {}, "it has come"
    with writing(open_engine(office.settings)) as connection:
        store.move(connection, draft, ("submitted",), "returned")
    assert through(office.settings, letters, 50, 60) == {50: OFFICE, 56: OFFICE}, "it is theirs again"
    with writing(open_engine(office.settings)) as connection:
        store.move(connection, draft, ("returned",), "published")
    assert through(office.settings, letters, 60, 400) == {}


def test_a_day_ends_once_it_has_ended_everywhere(office: Desk) -> None:
    """In Ecuador (UTC−5) it ends at 5 o'clock of the day after, on Baker Island (UTC−12) at noon."""
    deadlines.set_due(office.settings, ADMIN, ["AZE"], "2025", DUE)

    def told(days: float) -> tuple[str, str]:
        (one,) = deadlines.listing(office.settings, on(days), "AZE")
        assert (one.public, one.due.date()) == (one.standing, DUE)
        return one.standing, reminders.words_of(one, on(days).date(), "en")

    for days in (0.0, 0.99, 1.0, 1.2, 1.4999):
        assert told(days) == ("due", "2025: due today (31 March 2026)"), days
    assert told(1.5) == ("overdue", "2025: was due on 31 March 2026, 1 day ago")
    assert told(-1)[1] == "2025: due on 31 March 2026, in 1 day"


@pytest.mark.parametrize("state", ["submitted", "approved", "published", "not_reported"])
def test_of_what_has_come_nobody_is_reminded(office: Desk, letters: list[EmailMessage], state: str) -> None:
    deadlines.set_due(office.settings, ADMIN, ["AZE"], "2025", DUE)
    stand(office.settings, "2025", state)
    assert through(office.settings, letters, -15, 15) == {}


def test_a_server_that_was_off_for_ten_days_sends_one_message_for_all(
    office: Desk, letters: list[EmailMessage]
) -> None:
    for period, day in (("2025", DUE), ("2024", DUE - timedelta(days=4)), ("2023", DUE - timedelta(days=200))):
        deadlines.set_due(office.settings, ADMIN, ["AZE"], period, day)
    through(office.settings, letters, -8, -7)
    letters.clear()
    assert reminders.sweep(office.settings, on(3)) == 2  # of 2025: -3 and 0 went by; of 2024: -3, 0 and 7
    assert sorted(it["To"] for it in letters) == OFFICE
    text = next(it for it in letters if it["To"] == OFFICE[1]).get_content()
    assert [line.split(":")[0] for line in text.splitlines() if line.startswith("20")] == ["2023", "2024", "2025"]
    assert "2025: was due on 31 March 2026, 3 days ago" in text
    assert "/contribute/?lang=en" in text
    assert "attendu" in next(it for it in letters if it["To"] == OFFICE[0]).get_content()
    assert reminders.sweep(office.settings, on(3.5)) == 0


def test_another_day_is_reminded_of_anew(office: Desk, letters: list[EmailMessage]) -> None:
    deadlines.set_due(office.settings, ADMIN, ["AZE"], "2025", DUE)
    assert list(through(office.settings, letters, -14, 1)) == [-14, -3, 0]
    deadlines.set_due(office.settings, ADMIN, ["AZE"], "2025", DUE + timedelta(days=20))
    assert list(through(office.settings, letters, 1, 21)) == [6, 17, 20]


def test_a_server_that_is_killed_before_it_sends_does_not_send_twice(
    office: Desk, letters: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is written down first: one reminder may be lost, and the next one tells it."""

    class KilledHere(BaseException):
        pass

    deadlines.set_due(office.settings, ADMIN, ["AZE"], "2025", DUE)
    with monkeypatch.context() as context:
        context.setattr(mail, "send", raising(KilledHere))
        with pytest.raises(KilledHere):
            reminders.sweep(office.settings, on(-14))
    told = through(office.settings, letters, -14, 1)
    assert (len(told[-14]), told[-3], told[0]) == (1, OFFICE, OFFICE)


def test_what_the_mail_server_does_not_take_is_tried_again(
    office: Desk, letters: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    deadlines.set_due(office.settings, ADMIN, ["AZE"], "2025", DUE)
    with monkeypatch.context() as context:
        context.setattr(mail, "send", raising(mail.Undelivered("no")))
        assert reminders.sweep(office.settings, on(0)) == 0
    assert (reminders.sweep(office.settings, on(0.1)), reminders.sweep(office.settings, on(0.2))) == (2, 0)


def test_of_several_servers_one_sends(office: Desk, letters: list[EmailMessage]) -> None:
    deadlines.set_due(office.settings, ADMIN, ["AZE"], "2025", DUE)
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda _: reminders.sweep(office.settings, on(0)), range(4)))
    assert (sum(taken), sorted(it["To"] for it in letters)) == (2, OFFICE)


def test_a_running_server_sends_them_where_there_is_a_mail_server(
    office: Desk, letters: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    deadlines.set_due(office.settings, ADMIN, ["AZE"], YEAR, datetime.now(UTC).date())
    enabled = office.settings.accounts.model_copy(update={"enabled": True})
    served = office.settings.model_copy(update={"accounts": enabled})
    assert upkeep.remind_of_deadlines in upkeep.HOURLY
    assert upkeep.remind_of_deadlines(office.settings) == 0, "an installation without accounts is asked nothing"
    with monkeypatch.context() as context:
        context.setattr(mail, "is_configured", lambda _: False)
        assert upkeep.remind_of_deadlines(served) == 0
    assert upkeep.remind_of_deadlines(served) == 2


@pytest.mark.parametrize("lang", DESK_LANGUAGES)
def test_when_something_is_due_is_told_in_every_language(lang: str) -> None:
    def told(days: int) -> str:
        one = deadlines.Due("AZE", "figures", "2025", 1, on(0.99), "overdue" if days > 0 else "due", closed=False)
        return reminders.words_of(one, DUE + timedelta(days=days), lang)

    assert told(0) == t("submissions.due.today", lang, period="2025", day=format_day(DUE, lang))
    assert len({told(days) for days in (-3, 0, 3)}) == 3
    assert all_of("2025" in told(days) for days in (-3, 0, 3))


async def test_an_administrator_ticks_countries_and_each_office_sees_it(browser: Callable[..., Any]) -> None:
    who, other, admin = browser(), browser(country="TUR"), browser(Role.ADMIN)
    day = datetime.now(UTC).date() + timedelta(days=3)
    shown = (await admin.client.get("/review/")).text
    first = shown.split("<details>")[0]
    assert ('name="country.AZE"' in first, 'name="country.TUR"' in first) == (True, True), "those at work come first"
    assert 'name="country.UGA"' in shown.split("<details>")[1]
    form = {"period": YEAR, "day": day.isoformat()}
    ticked = {"country.AZE": "on", "country.TUR": "on"}
    assert (await admin.post("/review/deadline", "/review/", **form)).status_code == 422
    wrong = await admin.post("/review/deadline", "/review/", **form, **ticked, **{"country.XXX": "on"})
    assert wrong.status_code == 422
    assert "in 3 days" not in words(await who.client.get("/contribute/")), "of all of them, or of none"
    await admin.post("/review/deadline", "/review/", **form, **ticked)
    for one in (who, other):
        page = await one.client.get("/contribute/")
        assert "in 3 days" in words(page)
        assert day.isoformat() in sections(page)[t("submissions.year.title", "en")]
