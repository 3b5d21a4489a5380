"""The pages of contributors, approvers and reviewers: each list holds its own, each person sees the moves they have."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from html import unescape

import httpx

from dashboard.accounts.model import Role
from dashboard.contributions.submissions import store
from dashboard.contributions.submissions.model import Finding
from dashboard.contributions.submissions.workbooks.words import finding_text
from dashboard.evidence.database.engine import open_engine, writing
from dashboard.locales import format_day, t
from dashboard.settings import Settings
from tests.checks import all_of
from tests.contributions.submissions.conftest import YEAR, workbook
from tests.contributions.submissions.test_upload import Make, Person, api, person, place

__all__ = ["api", "person", "place"]

Y = int(YEAR)


def words(page: httpx.Response) -> str:
    """What a page says, without its marks."""
    assert page.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def sections(page: httpx.Response) -> dict[str, str]:
    """Heading → what stands below it."""
    parts = page.text.split("<section")[1:]
    found = {re.findall(r"<h2>(.*?)</h2>", part)[0]: part.split("</section>")[0] for part in parts}
    return {unescape(re.sub(r"<[^>]+>", "", head)): body for head, body in found.items()}


def listed(page: httpx.Response, key: str) -> list[str]:
    """The submissions of a list, in its order."""
    body = sections(page)[t(f"submissions.{key}", "en")]
    return [unescape(line) for line in re.findall(r'<a href="/contribute/\d+\?lang=en">(.*?)</a>', body)]


def laid(
    place: Settings, who: Person, state: str, year: int, findings: Sequence[Finding] = (), dataset: str = "figures"
) -> int:
    """A submission that stands so; its number."""
    given = {"country": "AZE", "dataset": dataset, "period": str(year), "state": state, "lang": "en", "filename": ""}
    by = {"created_by": who.account.id, "created_office": "", "submitted_by": who.account.id, "approved_by": 99}
    with writing(open_engine(place)) as connection:
        number = store.add(connection, given | by | {"sha256": "", "size": 0, "created_at": datetime.now(UTC)})
        asked = {"Netice": {"field": "", "seen": ["81,4"]}}
        store.checked(connection, number, findings=findings, figures=b"", values={"unknown": asked})
    return number


async def test_each_list_holds_what_stands_so(person: Make, place: Settings) -> None:
    who, reviewer, page = person(), person(Role.REVIEWER), "/contribute/"
    states = ("draft", "checked", "submitted", "approved", "returned", "published", "superseded", "withdrawn")
    for at, state in enumerate(states):
        laid(place, who, state, 2010 + at)
    reason = {"period": "2020", "reason": "other", "words": "w" * 2000}
    told = await who.post("/contribute/not-reported", page, **reason)
    shown = await who.client.get(told.headers["location"])
    assert t("submissions.done.not_reported", "en") in words(shown)
    assert [listed(shown, f"contribute.{part}") for part in ("waiting", "deciding", "past")] == [
        ["Azerbaijan 2014: Returned", "Azerbaijan 2011: Checked", "Azerbaijan 2010: Uploaded"],
        ["Azerbaijan 2013: Approved", "Azerbaijan 2012: Submitted"],
        ["Azerbaijan 2020: Not reported", *(f"Azerbaijan {y}: {s.title()}" for y, s in
                                            ((2017, "withdrawn"), (2016, "superseded"), (2015, "published")))],
    ]  # fmt: skip
    assert f"{t('submissions.reason.other', 'en')}: {'w' * 2000}" in words(shown), "its code is no word"
    refused = await who.post("/contribute/not-reported", page, **reason | {"words": "w" * 2001})
    assert refused.status_code == 422, "one too many is told, not cut"
    due = sections(shown)[t("submissions.year.title", "en")]
    assert "2017" not in due, "a year without a day, of which the only file was withdrawn, is not due"
    assert "2015" in due
    offered = (await who.client.get("/contribute/figures")).text.split('id="period"')[1].split("</select>")[0]
    years = re.findall(r'<option value="(\d+)"', offered)
    assert years == [str(datetime.now(UTC).year - n) for n in range(1, 8)]
    for asked, shown_years in (
        ("", ["2013", "2012"]), ("state=published", ["2015"]), ("state=not_reported&country=aze", ["2020"]),
        ("country=TUR", []), ("state=draft", ["2013", "2012"]),
    ):  # fmt: skip
        found = listed(await reviewer.client.get(f"/review/?{asked}"), "review.queue")
        assert [line.split()[1].strip(":") for line in found] == shown_years, asked
    assert "submissions." not in (await who.client.get("/contribute/?done=x")).text
    assert (await who.client.get("/contribute/999")).status_code == 404


async def test_everybody_is_led_to_their_own_room(person: Make) -> None:
    for role, path, room in (
        (Role.REVIEWER, "/contribute/", "/review/"),
        (Role.CONTRIBUTOR, "/review/", "/contribute/"),
        (Role.MODERATOR, "/contribute/", "/voice/review/"),
        (Role.OFFICER, "/review/", "/voice/integrity/"),
    ):
        reply = await person(role).client.get(path)
        assert (reply.status_code, reply.headers["location"].split("?")[0]) == (303, room)


OFFERED: dict[str, tuple[set[str], set[str], set[str]]] = {
    "draft": ({"check", "withdraw", "columns"}, set(), set()),
    "checked": ({"submit", "withdraw", "columns"}, set(), set()),
    "submitted": ({"withdraw"}, {"approve", "return"}, {"return"}),
    "approved": ({"withdraw"}, set(), {"publish", "return"}),
    "returned": ({"withdraw"}, set(), set()),
    "published": ({"ask_reopen"}, {"ask_reopen"}, {"reopen", "rollback"}),
    "rolled_back": (set(), set(), set()),
    "withdrawn": (set(), set(), set()),
}
"""State → what contributor, approver and reviewer may do."""


async def test_each_person_is_offered_the_moves_they_have(person: Make, place: Settings) -> None:
    people = person(), person(Role.APPROVER), person(Role.REVIEWER)
    for at, (state, moves) in enumerate(OFFERED.items()):
        page = f"/contribute/{laid(place, people[0], state, 2010 + at)}"
        with writing(open_engine(place)) as connection:
            store.set_period(connection, "AZE", "figures", str(2010 + at), 1, closed=state == "published")
        for one, offered in zip(people, moves, strict=True):
            text = (await one.client.get(page)).text
            found = set(re.findall(r'name="move" value="(\w+)"', text))
            found |= {name for name in ("columns", "reopen") if f'action="{page}/{name}"' in text}
            found |= {"rollback"} if f'href="{page}/rollback' in text else set()
            assert found == offered, (state, one.account.role)


async def test_a_correction_is_shown_against_what_is_published(person: Make) -> None:
    who, approver, reviewer = person(), person(Role.APPROVER), person(Role.REVIEWER)
    page = (await who.upload(workbook())).headers["location"].split("?")[0]
    assert {row[3] for row in differences(await who.client.get(page))} == {"New"}
    for one, fields, status in (
        (who, {"move": "submit"}, 303), (approver, {"move": "return", "reason": "r" * 2001}, 422),
        (approver, {"move": "approve"}, 303), (reviewer, {"move": "publish"}, 303),
    ):  # fmt: skip
        assert (await one.post(f"{page}/move", "/account/", **fields)).status_code == status
    assert differences(await who.client.get(page)) == []
    for length, status in ((2001, 422), (2000, 303)):
        done = await reviewer.post(f"{page}/reopen", "/account/", reason="r" * length)
        assert done.status_code == status, "one too many is told, not cut"
        offered = f'action="{page}/reopen"' in (await reviewer.client.get(page)).text
        assert offered == (status == 422), "a year that is open is not offered to be opened again"
    rows = [
        ("battery_1662_exit", "Total", Y, 61.5, None, None, 800),
        ("battery_1662_exit", "Women", Y, 66.15, None, None, 420),
        ("complaints_in_time", "Total", Y, 60, 240, 400),
        ("nps", "Total", Y, 40),
    ]
    other = (await who.upload(workbook(rows))).headers["location"]
    battery = "16.6.2 question battery in a centre exit survey"
    shown = await who.client.get(other)
    assert differences(shown) == [  # the largest revision first; of men nothing is said
        [
            "Complaints resolved in time",
            YEAR,
            "Total",
            "Revised",
            "75.0 Survey of users submission 1",
            "60.0 Survey of users",
            "−20.0\xa0%",
        ],
        [
            battery,
            YEAR,
            "Women",
            "Revised",
            "63.0 n = 420 · Survey of users submission 1",
            "66.15 n = 420 · Survey of users",
            "+5.0\xa0%",
        ],
        ["Promoter score (NPS)", YEAR, "Total", "New", "–", "40 Survey of users", "–"],
    ]
    folded = sections(shown)[t("submissions.detail.changes", "en")].split("<summary>")[1]
    assert folded.startswith("1 row that changes nothing")
    assert (battery in folded, "Unchanged" in folded) == (True, True)
    assert "in the workbook" not in words(await who.client.get(page)), "every finding is shown"


def differences(page: httpx.Response) -> list[list[str]]:
    """The rows of the table of differences."""
    shown = sections(page).get(t("submissions.detail.changes", "en"), "<tbody>")
    rows = shown.split("<tbody>")[1].split("</tbody>")[0].split("<tr>")[1:]
    cells = [re.findall(r"<t[hd].*?</t[hd]>", row) for row in rows]
    return [[re.sub(" +", " ", unescape(re.sub(r"<[^>]+>", " ", cell))).strip() for cell in row] for row in cells]


def lines(page: httpx.Response) -> list[tuple[str, list[str], list[str]]]:
    """The lines of findings: severity, cells that are seen at once, cells that are folded."""
    rows = re.findall(r'<tr class="(error|warning|suggestion)">(.*?)</tr>', page.text, re.DOTALL)
    parts = [(kind, *re.findall(r'<ul class="places">(.*?)</ul>', row, re.DOTALL)) for kind, row in rows]
    cells = r"<li><bdi[^>]*>(.*?)</bdi>"
    return [(kind, re.findall(cells, seen), re.findall(cells, "".join(more))) for kind, seen, *more in parts]


async def test_findings_of_one_kind_are_one_line_and_the_worst_is_first(person: Make, place: Settings) -> None:
    """47 equal ones on three sheets do not hide the one that counts; no cell is lost, and of too many the rest told."""
    who, of = person(), {"of": "battery_1662_exit"}
    equal = [Finding("sample_missing", "warning", f"Sheet {at % 3}", at + 2, "G", "", of) for at in range(47)]
    found = [
        Finding("left_empty", "suggestion", "Sheet 0", 0, "", "nps"), *equal,
        Finding("out_of_bounds", "error", "Sheet 1", 7, "C", "161.5", of | {"low": "0", "high": "100"}),
    ]  # fmt: skip
    shown = await who.client.get(f"/contribute/{laid(place, who, 'checked', Y, found)}?lang=en")
    worst, many, least = lines(shown)
    assert worst == ("error", ["Sheet 1 · C7"], [])
    assert (many[0], len(many[1]), len(many[2])) == ("warning", 10, 37)
    assert sorted(many[1] + many[2]) == sorted(f"Sheet {at % 3} · G{at + 2}" for at in range(47)), "each is reachable"
    assert least[0] == "suggestion"
    body = sections(shown)
    head = next(it for it in body if it.startswith(t("submissions.sheet.findings", "en")))
    assert head.endswith("1 error · 47 warnings · 1 suggestion")
    assert body[head].count("16.6.2 question battery") == 48, "each cell names its indicator"
    assert "161.5" in body[head]
    one = [Finding("sample_missing", "warning", "Sheet", at, "G") for at in range(2, 13)]
    (line,) = lines(await who.client.get(f"/contribute/{laid(place, who, 'checked', Y, one)}"))
    assert (len(line[1]), line[2]) == (11, []), "one alone is not folded"
    lot = [Finding("no_table", "error", "One", at) for at in range(2_010)]
    shown = await who.client.get(f"/contribute/{laid(place, who, 'checked', Y, lot)}")
    assert t("submissions.detail.more", "en", count=10) in words(shown)


async def test_what_differs_from_cell_to_cell_is_told_at_each(person: Make, place: Settings) -> None:
    who = person()
    of = {"of": "battery_1662_exit"}
    found = [
        Finding("out_of_bounds", "error", "S", at, "C", f"{at}00", of | {"low": "0", "high": f"{at}"}) for at in (2, 3)
    ]
    shown = words(await who.client.get(f"/contribute/{laid(place, who, 'checked', Y, found)}"))
    told = [finding_text(one, "en") for one in found]
    assert told[0].expected != told[1].expected
    assert all_of(shown.count(one.expected) == 1 for one in told)
    assert shown.count(told[0].todo) == 1, "what is the same is said once"


async def test_what_keeps_a_file_from_being_submitted_comes_first(person: Make) -> None:
    who = person()
    await who.upload(workbook([("nps", "Total", Y, 140)]), "a.xlsx")
    shown = await who.client.get("/contribute/1")
    places = [shown.text.index(words) for words in ('<tr class="error">', '<tr class="suggestion">', 'id="method"')]
    assert places == sorted(places)
    assert t("submissions.refusal.errors", "en") in words(shown)


async def test_of_a_file_that_cannot_be_read_nothing_is_asked_but_another(person: Make, place: Settings) -> None:
    who = person()
    await who.upload(b"<!doctype html><title>Log in</title>", "a.xml")
    shown = await who.client.get("/contribute/1")
    assert "The file is a web page: save the figures as a workbook" in words(shown)
    again = 'class="primary" href="/contribute/'
    assert ('name="method.who"' in shown.text, again in shown.text) == (False, True)
    assert again in (await who.client.get(f"/contribute/{laid(place, who, 'returned', Y)}")).text
    approver = await person(Role.APPROVER).client.get("/contribute/1")  # who cannot upload
    assert t("submissions.detail.again", "en") not in words(approver)


async def test_a_deadline_is_set_by_administrators_and_shown_to_those_concerned(person: Make) -> None:
    who, reviewer, admin = person(), person(Role.REVIEWER), person(Role.ADMIN)
    wrong = (
        {"day": "tomorrow"}, {"day": f"{Y}-02-30"}, {"country.XXX": "on"}, {"period": "25"},
    )  # fmt: skip
    asked = {"country.AZE": "on", "period": YEAR, "day": f"{Y}-03-31"}
    for change in wrong:
        assert (await admin.post("/review/deadline", "/review/", **asked | change)).status_code == 422
    assert (await reviewer.post("/review/deadline", "/contribute/1", **asked)).status_code == 403
    await admin.post("/review/deadline", "/review/", **asked | {"period": str(Y + 1), "day": "2100-01-01"})
    done = await admin.post("/review/deadline", "/review/", **asked)
    assert t("submissions.done.deadline", "en") in words(await admin.client.get(done.headers["location"]))
    overdue = sections(await reviewer.client.get("/review/"))[t("submissions.review.overdue", "en")]
    early, late = format_day(date(Y, 3, 31), "en"), format_day(date(2100, 1, 1), "en")
    assert (early in overdue, late in overdue) == (True, False)
    due = sections(await who.client.get("/contribute/"))[t("submissions.year.title", "en")]
    assert (early in due, late in due) == (True, True)
    assert t("submissions.review.set", "en") not in sections(await reviewer.client.get("/review/"))


async def test_the_address_of_a_form_that_was_sent_leads_back_to_its_page(person: Make, place: Settings) -> None:
    who, reviewer = person(), person(Role.REVIEWER, "")
    number = laid(place, who, "checked", Y)
    forms = {f"/contribute/{one}": "/contribute/" for one in ("upload", "drafts")}
    own = f"/contribute/{number}"
    forms |= {f"{own}/{one}": own for one in ("move", "comment", "columns", "reopen")}
    for sent, page in forms.items():
        assert (await who.client.get(f"{sent}?lang=ar")).headers["location"] == f"{page}?lang=ar"
        assert (await who.client.get(page)).status_code == 200
    assert (await reviewer.client.get("/review/deadline")).headers["location"].startswith("/review/?")
