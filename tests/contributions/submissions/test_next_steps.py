"""What an office is led to: the year that is due, the year that is open again, the way back, and its published figures.

Over the pages as a browser gets them, without script.
"""

import re
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from html import unescape

import httpx
import pytest

from dashboard.accounts import store as accounts
from dashboard.accounts.model import Role
from dashboard.contributions.submissions import deadlines, publication, store, workflow
from dashboard.contributions.submissions.keeping import reminders
from dashboard.contributions.submissions.model import ACTIVITIES, Finding, MoveNotAllowed
from dashboard.contributions.submissions.workbooks.receipt import list_seen
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.database.engine import open_engine, writing
from dashboard.locales import t
from dashboard.settings import Settings
from tests.contributions.submissions.conftest import GOOD, YEAR, Desk, workbook
from tests.contributions.submissions.conftest import person as principal
from tests.contributions.submissions.test_closed import publish, row
from tests.contributions.submissions.test_desk import laid, sections
from tests.contributions.submissions.test_office_year import primary, words_of
from tests.contributions.submissions.test_offices import statistics
from tests.contributions.submissions.test_reminders import ADMIN, DUE, on
from tests.contributions.submissions.test_upload import Make, Person, api, person, place

__all__ = ["api", "person", "place", "statistics"]

THIS = str(datetime.now(UTC).year)


def offered(text: str) -> tuple[list[str], list[str]]:
    """The years that a page offers, and the one that is chosen."""
    options = text.split('id="period"')[1].split("</select>")[0]
    return re.findall(r'<option value="(\d+)"', options), re.findall(r'value="(\d+)" selected', options)


def set_due(place: Settings, period: str, day: date) -> None:
    deadlines.set_due(place, ADMIN, ["AZE"], period, day)


def figures_of(place: Settings, who: Person, *moved: Person) -> Desk:
    """The desk of a person who is logged in, and of others who approve and publish."""
    desk = Desk(place, load_codebook(), principal(who.account.id, Role.CONTRIBUTOR))
    if moved:
        desk.approver = principal(moved[0].account.id, Role.APPROVER)
    return desk


@pytest.mark.parametrize("path", ["/contribute/figures", "/contribute/not-reported"])
async def test_the_year_that_is_due_is_offered_and_chosen_where_it_is_asked_for(
    person: Make, place: Settings, path: str
) -> None:
    who, usual = person(), [str(int(THIS) - back) for back in range(1, 8)]
    assert offered((await who.client.get(path)).text) == (usual, [YEAR]), "the year has not ended"
    assert offered((await who.client.get(f"{path}?period={THIS}")).text) == ([THIS, *usual], [THIS])
    assert offered((await who.client.get(f"{path}?period=2099")).text) == (usual, [YEAR])
    set_due(place, THIS, datetime.now(UTC).date() + timedelta(days=9))
    set_due(place, "2099", date(2100, 3, 31))
    assert offered((await who.client.get(path)).text) == ([THIS, *usual], [YEAR])
    (act,) = primary((await who.client.get("/contribute/")).text)
    assert offered((await who.client.get(act)).text)[1] == [THIS]


async def open_again(place: Settings, who: Person, how: str) -> Desk:
    desk = figures_of(place, who)
    sent = desk.send(workbook([row("nps", YEAR, 40)]))
    publish(desk, sent)
    if how == "reopen":
        workflow.reopen(place, desk.reviewer, "AZE", "figures", YEAR, "Twice the same month")
    else:
        publication.roll_back(place, desk.book, desk.reviewer, sent.id, "Twice the same month")
    return desk


@pytest.mark.parametrize("how", ["reopen", "roll_back"])
async def test_a_year_that_is_open_again_waits_for_its_office(person: Make, place: Settings, how: str) -> None:
    who = person()
    desk = await open_again(place, who, how)

    async def told() -> tuple[list[str], str]:
        text = (await who.client.get("/contribute/?lang=en")).text
        return primary(text), text

    (act,), text = await told()
    assert act == f"/contribute/figures?period={YEAR}&lang=en"
    assert t("submissions.act.reopened_why", "en", period=YEAR, reason="Twice the same month") in words_of(text)
    assert t("submissions.act.send_why", "en") not in words_of(text)
    assert t("submissions.year.reopened", "en") in sections(httpx.Response(200, text=text))["Your year"]
    again = desk.send(workbook([row("nps", YEAR, 41)]))
    assert (await told())[0] == [f"/contribute/{again.id}?lang=en"], "what was sent comes first"
    workflow.make(place, desk.by, again.id, "submit")
    assert t("submissions.act.send_why", "en") in words_of((await told())[1]), "others have it now"
    workflow.make(place, desk.by, again.id, "withdraw")
    assert (await told())[0] == [act], "it waits again"
    publish(desk, desk.send(workbook([row("nps", YEAR, 41)])))
    assert t("submissions.act.send_why", "en") in words_of((await told())[1])


async def test_of_a_year_without_figures_it_is_not_said_twice(person: Make, place: Settings) -> None:
    who = person()
    await open_again(place, who, "roll_back")
    workflow.not_reported(place, principal(who.account.id, Role.CONTRIBUTOR), "figures", YEAR, "not_yet", "")
    assert t("submissions.act.send_why", "en") in words_of((await who.client.get("/contribute/?lang=en")).text)


def staffed(settings: Settings, *people: tuple[str, int]) -> None:
    """A country of three offices, with people of these roles and offices."""
    with writing(open_engine(settings)) as connection:
        for number, name in enumerate(("Government Office", "Statistics", "Treasury"), start=1):
            accounts.name_office(connection, "AZE", number, name)
        for role, number in people:
            accounts.add_account(
                connection, email=f"{role}{number}@stat.test", role=role, country="AZE", state="active",
                office_number=number, created_at=datetime.now(UTC), language="en",
            )  # fmt: skip


def test_an_office_of_coordinators_owes_nothing_where_others_send(desk: Desk, letters: list[EmailMessage]) -> None:
    staffed(desk.settings, ("coordinator", 1))
    set_due(desk.settings, YEAR, DUE)  # before anybody was invited who sends
    late = on(40)
    assert {it.standing for it in deadlines.listing(desk.settings, late)} == {"overdue"}
    staffed(desk.settings, ("contributor", 2), ("approver", 3))
    owed = [it.office_number for it in deadlines.listing(desk.settings, late) if it.due]
    assert owed == [2, 3], "an office whose approver is there already is still to name who sends"
    told = [it["country"] for it in deadlines.standings(desk.settings, late, desk.book, "en")]
    assert told == ["Azerbaijan · Statistics", "Azerbaijan · Treasury"]
    reminders.sweep(desk.settings, on(42))
    text = next(it for it in letters if it["To"] == "coordinator1@stat.test").get_content()
    lines = [line.split(":")[0] for line in text.splitlines() if line.startswith(YEAR)]
    assert lines == [f"{YEAR} · Statistics", f"{YEAR} · Treasury"]
    set_due(desk.settings, "2020", DUE)
    staffed(desk.settings, ("contributor", 1))
    assert [it.office_number for it in deadlines.listing(desk.settings, late) if it.due and it.period == "2020"] == [
        2, 3,
    ], "whoever comes later owes no year that was set before"  # fmt: skip
    owed = [due.office_number for due in deadlines.listing(desk.settings, late) if due.due and due.period == YEAR]
    assert owed == [1, 2, 3], "a coordinator beside who sends excuses nobody"


def test_no_day_is_set_for_an_office_that_cannot_send(desk: Desk) -> None:
    staffed(desk.settings, ("coordinator", 1), ("contributor", 2))
    with pytest.raises(MoveNotAllowed) as refused:
        deadlines.set_due(desk.settings, ADMIN, ["AZE"], YEAR, DUE, office=1)
    assert refused.value.code == "office_sends_nothing"
    assert deadlines.listing(desk.settings, on(0)) == []


async def test_a_coordinator_is_told_which_office_is_late(person: Make, place: Settings) -> None:
    who = person(Role.COORDINATOR)
    staffed(place, ("contributor", 2), ("contributor", 3))
    set_due(place, YEAR, DUE)
    next_step = sections(await who.client.get("/contribute/?lang=en"))[t("submissions.act.title", "en")]
    assert [f"{YEAR} · {name}:" in next_step for name in ("Government Office", "Statistics", "Treasury")] == [
        False, True, True,
    ]  # fmt: skip


def way(text: str) -> list[str]:
    """Where a page leads whoever wants a closed year opened again."""
    link = rf'<a href="([^"]+)">{re.escape(t("submissions.reopen.ask", "en"))}</a>'
    return [unescape(one) for one in re.findall(link, text)]


async def test_a_closed_year_is_refused_with_the_way_to_ask(person: Make, place: Settings) -> None:
    who = person()
    desk = figures_of(place, who)
    waiting = desk.send(workbook([row("nps", YEAR, 39)]))
    sent = desk.send(workbook([row("nps", YEAR, 40)]))
    workflow.make(place, desk.by, sent.id, "submit")
    with writing(open_engine(place)) as connection:  # as of a colleague whose file was checked meanwhile
        store.move(connection, waiting.id, ("withdrawn",), "checked")
    workflow.make(place, desk.approver, sent.id, "approve")
    publication.publish(place, desk.book, desk.reviewer, sent.id)
    nothing = {"period": YEAR, "reason": "not_yet", "words": "As I typed it"}
    for back in (
        await who.upload(b"x", "f.csv"),
        await who.post("/contribute/not-reported", "/contribute/", **nothing),
        await who.post(f"/contribute/{waiting.id}/move", "/contribute/", move="submit"),
    ):
        assert back.status_code == 409
        assert t("submissions.refusal.closed", "en") in words_of(back.text)
        (to,) = way(back.text)
        assert to == f"/contribute/{sent.id}?lang=en#reopen"
        path, _, anchor = to.partition("#")
        asked = (await who.client.get(path)).text
        assert f'<section id="{anchor}">' in asked
        assert 'value="ask_reopen"' in asked.split(f'id="{anchor}"')[1].split("</section>")[0]


async def test_a_wrong_number_comes_back_where_it_was_typed(person: Make, place: Settings) -> None:
    who = person()
    desk = figures_of(place, who)
    publish(desk, desk.send(workbook()))
    workflow.reopen(place, desk.reviewer, "AZE", "figures", YEAR, "A slip")
    sent = desk.send(workbook([GOOD[0]]), intent="replaces")
    for typed, status in (("7", 409), ("three", 409), ('"><b>', 409)):
        back = await who.post(f"/contribute/{sent.id}/release", "/contribute/", figures=typed)
        assert back.status_code == status
        assert t("submissions.refusal.removal_number", "en") in words_of(back.text)
        assert f'action="/contribute/{sent.id}/release"' in back.text, "it can be typed again"
        (kept,) = re.findall(r'<input id="figures"[^>]*value="([^"]*)"', back.text.replace("\n", ""))
        assert unescape(kept) == typed
        assert f'href="/contribute/{sent.id}?lang=ar' in back.text, "other languages of the page, not of the form"
    assert (await who.post(f"/contribute/{sent.id}/release", "/contribute/", figures="3")).status_code == 303


LONG = "w" * 2001


@pytest.mark.parametrize(
    ("state", "role", "path", "fields", "at"),
    [
        ("submitted", Role.APPROVER, "move", {"move": "return", "reason": LONG}, "return-reason"),
        ("published", Role.CONTRIBUTOR, "move", {"move": "ask_reopen", "reason": LONG}, "ask-reason"),
        ("published", Role.REVIEWER, "reopen", {"reason": LONG}, "reopen-reason"),
        ("checked", Role.CONTRIBUTOR, "comment", {"words": LONG}, "words"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # it says the same on any engine
async def test_words_that_are_refused_are_kept(
    person: Make, place: Settings, state: str, role: Role, path: str, fields: dict[str, str], at: str
) -> None:
    sender, who = person(), person(role)
    number = laid(place, sender, state, int(YEAR))
    with writing(open_engine(place)) as connection:
        store.set_period(connection, "AZE", "figures", YEAR, 1, closed=state == "published")
    back = await who.post(f"/contribute/{number}/{path}", "/account/", **fields)
    assert back.status_code == 422
    assert t("submissions.refusal.reason", "en") in words_of(back.text)
    assert re.findall(rf'id="{at}"[^>]*value="(w+)"', back.text) == [LONG]
    assert back.text.count(LONG) == 1, "in the field they were typed into alone"


async def test_a_reason_to_roll_back_is_kept_too(person: Make, place: Settings) -> None:
    who, reviewer = person(), person(Role.REVIEWER)
    desk = figures_of(place, who)
    sent = desk.send(workbook([row("nps", YEAR, 40)]))
    publish(desk, sent)
    back = await reviewer.post(f"/contribute/{sent.id}/move", "/account/", move="roll_back", reason=LONG)
    assert (back.status_code, t("submissions.refusal.reason", "en") in words_of(back.text)) == (422, True)
    assert re.findall(r'id="reason"[^>]*value="(w+)"', back.text) == [LONG]
    assert t("submissions.rollback.reason_note", "en") in words_of(back.text)


def seen(text: str) -> list[tuple[str, str]]:
    """Where each published figure is said to be seen: address and words."""
    body = sections(httpx.Response(200, text=text)).get(t("submissions.seen.title", "en"), "")
    return [(unescape(to), words_of(words)) for to, words in re.findall(r'<li><a href="([^"]+)">(.*?)</a>', body)]


async def test_publication_says_where_each_figure_is_seen(person: Make, place: Settings) -> None:
    who, approver, reviewer = person(), person(Role.APPROVER), person(Role.REVIEWER)
    page = (await who.upload(workbook())).headers["location"].split("?")[0]
    assert seen((await who.client.get(page)).text) == [], "nothing is published yet"
    for one, move in ((who, "submit"), (approver, "approve"), (reviewer, "publish")):
        assert (await one.post(f"{page}/move", "/account/", move=move)).status_code == 303
    battery, total = "/en/indicators/battery_1662_exit/?country=AZE", t("submissions.breakdown.total", "en")
    addresses = {words: to for to, words in seen((await who.client.get(page)).text)}
    assert list(addresses.values()) == [
        battery, f"{battery}&tab=breakdown&dimension=sex", f"{battery}&tab=breakdown&dimension=sex",
        "/en/indicators/complaints_in_time/?country=AZE",
    ]  # fmt: skip
    assert f"Complaints resolved in time, {total}, {YEAR}" in addresses
    number = int(page.rpartition("/")[2])
    publication.roll_back(place, load_codebook(), Desk.reviewer, number, "Of another year")
    assert seen((await who.client.get(page)).text) == [], "they are seen no more"


@pytest.mark.parametrize(("dataset", "path"), [("counts", "services/AZE"), (ACTIVITIES, "adoption")])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # it says the same on any engine
async def test_counts_and_activities_are_seen_on_one_page(
    person: Make, place: Settings, dataset: str, path: str
) -> None:
    who = person()
    number = laid(place, who, "published", int(YEAR), dataset=dataset)
    ((to, said),) = seen((await who.client.get(f"/contribute/{number}?lang=en")).text)
    assert to == f"/en/{path}/"
    assert said


async def test_figures_that_pages_do_not_show_are_said_to_stand_apart(person: Make, place: Settings) -> None:
    who = person()
    desk = figures_of(place, who)
    sent = desk.send(workbook([row("nps", YEAR, 40), row("complaints_in_time", YEAR, 75)]))
    publish(desk, sent)
    address = "/api/v1/observations?indicator=nps&country=AZE&series=all"
    values = {"indicator": "nps", "publisher": "A publisher", "shown": "2024", "address": address}
    with writing(open_engine(place)) as connection:
        store.set_findings(connection, sent.id, [Finding("stands_apart", "warning", values=values)])
    found = seen((await who.client.get(f"/contribute/{sent.id}?lang=en")).text)
    assert sorted(to for to, _ in found) == [address, "/en/indicators/complaints_in_time/?country=AZE"]


def test_a_figure_that_another_office_holds_is_said_to_wait(desk: Desk, statistics: Desk) -> None:
    held = publish(desk, desk.send(workbook([row("nps", YEAR, 40)])))
    sent = publish(statistics, statistics.send(workbook([row("nps", YEAR, 50), row("complaints_in_time", YEAR, 75)])))
    (ours,) = list_seen(desk.settings, held, "en")
    assert (ours.to, ours.note) == ("/en/indicators/nps/?country=AZE", "")
    assert [(one.to, one.note) for one in list_seen(desk.settings, sent, "uz")] == [
        ("", t("submissions.receipt.contested_open", "uz")),
        ("/en/indicators/complaints_in_time/?country=AZE", ""),
    ], "public pages are in English where there are none in the reader's language"
