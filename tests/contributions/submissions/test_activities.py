"""Activities under the agreement: sent by its two parties alone, approved by a second person, told as a timeline."""

import html
import io
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import openpyxl
import pytest

from dashboard.accounts.model import AccountError, Role
from dashboard.accounts.people import Rights, check_rights
from dashboard.answers.adoption.activities import view_sent_activities
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.claims.finding import SentCounts
from dashboard.answers.claims.rules import find_answer
from dashboard.answers.claims.statement import find_claim
from dashboard.contributions.submissions import deadlines
from dashboard.contributions.submissions.rules.activities import COLUMNS
from dashboard.evidence.codebook.register.sent import AgreementActivity
from dashboard.interfaces.api.contract.sent import count_sent, list_sent_activities
from dashboard.locales import DESK_LANGUAGES, LANGUAGES, t
from dashboard.settings import Settings
from tests.checks import all_of
from tests.contributions.submissions.test_counts import found, moved
from tests.contributions.submissions.test_upload import Make, Person, api, person, place

__all__ = ["api", "person", "place"]

YEAR = f"{datetime.now(UTC).year - 1}"
HEAD = ",".join(COLUMNS)
ROWS = (
    f"training,Course for civil servants,{YEAR}-03-14,ETH; UGA,40,15,https://agency.example/course",
    f"event,Forum,{YEAR}-05-02,ETH;KGZ,120,,",
    f"mission,Visit of experts,{YEAR}-06-30,,9,4,",
)


def sheet(*rows: str, head: str = HEAD) -> bytes:
    return "\n".join((head, *rows)).encode()


async def sent(who: Person, body: bytes, name: str = "a.csv", period: str = YEAR, **fields: str) -> httpx.Response:
    form = {"form_token": await who.token(), "period": period, "dataset": "agreement_activities", **fields}
    return await who.client.post("/contribute/upload", data=form, files={"file": (name, body)})


@pytest.mark.parametrize("country", ["AZE", "XUN"])
async def test_activities_come_into_force_by_four_eyes(person: Make, place: Settings, country: str) -> None:
    people = person(country=country), person(Role.APPROVER, country), person(Role.REVIEWER, "")
    sender, approver, reviewer = people
    assert await found(sender, await sent(sender, sheet(*ROWS))) == {}
    seen = html.unescape((await approver.client.get("/contribute/1?lang=en")).text)
    assert all_of(words in seen for words in ("Course for civil servants", "Ethiopia, Uganda", ">40<", ">15<"))
    assert [await moved(sender, 1, "submit"), await moved(sender, 1, "approve")] == [303, 403]
    assert await moved(approver, 1, "approve") == 303
    assert list_sent_activities(place) == (), "nothing is told before it is published"
    assert await moved(reviewer, 1, "publish") == 303
    told = list_sent_activities(place)
    assert [(one.kind, one.date[5:], one.countries, one.participants, one.women) for one in told] == [
        ("mission", "06-30", (), 9, 4), ("event", "05-02", ("ETH", "KGZ"), 120, None),
        ("training", "03-14", ("ETH", "UGA"), 40, 15),
    ]  # fmt: skip
    assert {one.sent_by for one in told} == {country}
    assert sorted(count_sent(place, "AZE").activities) == ["event", "mission", "training"]
    receipt = (await sender.client.get("/api/v1/submissions/1/receipt.json")).json()
    assert (receipt["country"], receipt["rows"], receipt["vintage"]) == (country, 3, None)
    assert (await sender.client.get("/api/v1/submissions/1/receipt.pdf")).content.startswith(b"%PDF")
    assert (await sent(sender, sheet(*ROWS))).status_code == 409, "the year is over, and closed"
    assert deadlines.listing(place, datetime.now(UTC)) == [], "activities are due on no day"


async def test_a_correction_names_what_it_takes_away_and_supersedes(person: Make, place: Settings) -> None:
    people = person(), person(Role.APPROVER), person(Role.REVIEWER, "")
    sender, _, reviewer = people
    steps = list(zip(people, ("submit", "approve", "publish"), strict=True))
    await sent(sender, sheet(*ROWS))
    assert [await moved(who, 1, move) for who, move in steps] == [303] * 3
    await reviewer.post("/contribute/1/reopen", "/contribute/1", reason="A row was wrong")
    body = (await sender.client.get(f"/api/v1/templates/AZE/activities.csv?period={YEAR}")).content
    assert body.decode("utf-8-sig").splitlines()[1:] == [row.replace("ETH;KGZ", "ETH; KGZ") for row in ROWS], (
        "the template has what is in force"
    )
    assert set(await found(sender, await sent(sender, sheet(*ROWS[:2])))) == {"figure_removed"}
    assert "Visit of experts" in (await sender.client.get("/contribute/2?lang=en")).text
    assert await moved(sender, 2, "submit") == 422
    await sender.post("/contribute/2/release", "/contribute/2", figures="1")
    assert [await moved(who, 2, move) for who, move in steps] == [303] * 3
    assert [one.kind for one in list_sent_activities(place)] == ["event", "training"]


async def test_the_year_under_way_stays_open(person: Make, place: Settings) -> None:
    people = person(), person(Role.APPROVER), person(Role.REVIEWER, "")
    today = datetime.now(UTC).date()
    for number in (1, 2):
        body = sheet(f"material,Handbook,{today},,,,", *([f"advice,Talk,{today},,,,"] if number == 2 else []))
        assert await found(people[0], await sent(people[0], body, period=f"{today.year}")) == {}
        for who, move in zip(people, ("submit", "approve", "publish"), strict=True):
            assert await moved(who, number, move) == 303
    assert [one.kind for one in list_sent_activities(place)] == ["material", "advice"]


async def test_others_send_no_activities_and_an_organisation_sends_nothing_else(person: Make) -> None:
    other, desa = person(country="UGA"), person(country="XUN")
    assert (await sent(other, sheet(*ROWS))).status_code == 403
    for dataset, period in (("figures", YEAR), ("counts", f"{YEAR}-03"), ("survey", YEAR)):
        assert (await sent(desa, sheet(*ROWS), period=period, dataset=dataset)).status_code == 403
    pages = ("activities", "figures", "survey", "counts", "not-reported")
    assert "UN DESA" in (await desa.client.get("/contribute/?lang=en")).text
    for who, sends in ((desa, [True, False, False, False, False]), (other, [False, True, True, True, True])):
        shown = (await who.client.get("/contribute/?lang=en")).text
        assert [f'href="/contribute/{one}?' in shown for one in pages] == sends
        opened = [(await who.client.get(f"/contribute/{one}")).status_code for one in pages]
        assert opened == [200 if one else 303 for one in sends]
    assert (await other.client.get("/api/v1/templates/UGA/activities.csv")).status_code == 404
    for role in (Role.MODERATOR, Role.OFFICER):
        with pytest.raises(AccountError):
            check_rights(Rights(role, "XUN", "Office"))


async def test_every_fault_is_named_in_its_cell(person: Make) -> None:
    sender, later = person(), f"{int(YEAR) + 1}-01-01"
    rows = (
        f"party,Course,{YEAR}-03-14,,,,",
        f"event,,{YEAR}-03-14,,,,",
        f"event,{'x' * 201},{YEAR}-03-14,,,,",
        f"event,{'x' * 200},{YEAR}-03-14,,10,10,",
        f"event,Late,{later},,,,",
        f"event,Where,{YEAR}-03-14,ETH;QQQ,,,",
        f"event,Many,{YEAR}-03-14,,some,,",
        f"event,Women,{YEAR}-03-14,,10,11,",
        f"event,Nobody knows,{YEAR}-03-14,,,1,",
        f"event,Link,{YEAR}-03-14,,,,javascript:alert(1)",
        f"Event,{'x' * 200},{YEAR}-03-14,,,,",
    )
    assert await found(sender, await sent(sender, sheet(*rows))) == {
        "activity_kind": [("a.csv", "A2", "party")],
        "activity_title": [("a.csv", "B3", ""), ("a.csv", "B4", "x" * 200)],
        "activity_date": [("a.csv", "C6", later)],
        "activity_country": [("a.csv", "D7", "ETH;QQQ")],
        "activity_count": [("a.csv", "E8", "some")],
        "activity_women": [("a.csv", "F9", "11"), ("a.csv", "F10", "1")],
        "activity_link": [("a.csv", "G11", "javascript:alert(1)")],
        "activity_twice": [("a.csv", "B12", "x" * 200)],
    }
    assert await moved(sender, 1, "submit") == 422
    assert set(await found(sender, await sent(sender, b"a;b\n1;2\n"))) == {"activity_no_table"}
    assert set(await found(sender, await sent(sender, sheet()))) == {"activity_none"}
    told = await found(sender, await sent(sender, sheet(f"event,A,{YEAR}-01-01,x", head="kind,title,date,hall")))
    assert told == {"activity_column": [("a.csv", "D2", "x")]}


@pytest.mark.parametrize("lang", DESK_LANGUAGES)
async def test_the_template_says_what_each_column_is_and_is_read_as_it_is(person: Make, lang: str) -> None:
    sender = person()
    page = (await sender.client.get(f"/contribute/activities?lang={lang}")).text
    assert t("submissions.send.activities", lang) in html.unescape(page)
    body = (await sender.client.get(f"/api/v1/templates/AZE/activities.xlsx?lang={lang}&period={YEAR}")).content
    start, rows = openpyxl.load_workbook(io.BytesIO(body)).worksheets
    assert [cell.value for cell in rows[1]] == list(COLUMNS)
    said = [row[0] for row in start.iter_rows(values_only=True)]
    assert all_of(any((words or "").startswith(f"{column}: ") for words in said) for column in COLUMNS)
    assert set(await found(sender, await sent(sender, body, "a.xlsx"))) == {"activity_none"}


DONE = AgreementActivity("training", "Course", "2026-03-14", ("ETH", "KGZ"), 40, 15, "https://a.example/", "XUN", 7)


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_tab_tells_them_by_kind_and_continent_and_says_that_there_are_none(lang: str) -> None:
    ctx = open_context(lang)
    none = view_sent_activities(ctx, ())
    assert (none["text"], none["rows"], none["sent"]) == (t("documents.sent.none", lang), [], [])
    view = view_sent_activities(
        ctx, (DONE, replace(DONE, kind="event", countries=("UGA",)), replace(DONE, countries=()))
    )
    assert len(view["columns"]) == 3
    assert [row["label"] for row in view["rows"]] == [
        t(f"documents.activity.{one}", lang) for one in ("training", "event")
    ]
    assert [row["cells"] for row in view["rows"]] == [["1", "1", "1"], ["1", "0", "0"]]
    assert view["sent"][0]["receipt"] == "/api/v1/submissions/7/receipt.json"
    assert t("accounts.organisation.XUN", lang) in view["sent"][0]["sent_text"]


@pytest.mark.parametrize(
    ("women", "participants", "told"),
    [(10, 20, 10), (9, 20, None), (11, 20, None), (0, 40, None), (None, 40, None), (15, 40, 15)],
)
def test_women_are_told_where_neither_side_is_few(women: int | None, participants: int, told: int | None) -> None:
    assert replace(DONE, women=women, participants=participants).publishable_women == told


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize(
    ("kinds", "answer"),
    [(("event",), "partly_shown"), (("event", "training", "material"), "shown")],
)
def test_the_claim_on_the_implementation_counts_them(kinds: tuple[str, ...], answer: str, ctx: Context) -> None:
    before = find_answer(ctx, find_claim(ctx, "S-03"))
    after = find_answer(ctx, find_claim(ctx, "S-03"), SentCounts(activities=kinds))
    assert (before.answer, after.answer) == ("said_not_shown", answer)
    assert f"sent by its parties to this monitor: {len(kinds)}." in after.text
