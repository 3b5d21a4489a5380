"""What is undone: an approval until it is published, a publication afterwards; by whom it belongs to, with a word."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from sqlalchemy import Engine

from dashboard.accounts import audit, mail
from dashboard.accounts import store as accounts
from dashboard.accounts.model import Principal, Right, Role
from dashboard.contributions.submissions import deadlines, publication, workflow
from dashboard.contributions.submissions.keeping import drafts
from dashboard.contributions.submissions.kinds import figures
from dashboard.contributions.submissions.model import MOVES, MoveNotAllowed, Submission
from dashboard.contributions.submissions.workbooks import receipt
from dashboard.contributions.submissions.workbooks.changes import withdrawals_of
from dashboard.evidence.database import vintages
from dashboard.evidence.database.engine import open_engine, reading, writing
from dashboard.evidence.dataset.store import Dataset
from dashboard.settings import Settings
from tests.contributions.submissions.conftest import YEAR, Desk, workbook
from tests.contributions.submissions.conftest import person as principal
from tests.contributions.submissions.test_closed import EARLIER, in_force, publish, row
from tests.contributions.submissions.test_desk import listed, sections, words
from tests.contributions.submissions.test_keeps import FOUR, newest, reopen, send, year
from tests.contributions.submissions.test_upload import Make, api, person, place

__all__ = ["api", "person", "place", "send", "year"]


def refusal(move: Any, *given: Any, **named: Any) -> str:
    """The code with which something is refused; "" where it is done."""
    try:
        move(*given, **named)
    except MoveNotAllowed as error:
        return error.code
    return ""


def test_an_approval_is_taken_back_by_who_gave_it_until_it_is_published(desk: Desk, record: Engine, send: Any) -> None:
    sent = send(*FOUR)
    workflow.make(desk.settings, desk.by, sent.id, "submit")
    assert refusal(workflow.make, desk.settings, desk.approver, sent.id, "take_back") == "state", (
        "nothing is approved yet"
    )
    workflow.make(desk.settings, desk.approver, sent.id, "approve")
    for other in (principal(9, Role.APPROVER), desk.by, desk.reviewer):
        assert refusal(workflow.make, desk.settings, other, sent.id, "take_back") in ("approver", "right")
        assert "take_back" not in workflow.allowed(other, workflow.see(desk.settings, other, sent.id))
    after = workflow.make(desk.settings, desk.approver, sent.id, "take_back", address="192.0.2.1")
    assert (after.state, after.approved_by, after.approved_office, after.approved_at) == ("submitted", None, "", None)
    assert refusal(publication.publish, desk.settings, desk.book, desk.reviewer, sent.id) == "state"
    entry = audit.list_entries(record)[0][0]
    assert (entry.action, entry.subject) == ("submission.approval_taken_back", f"submission {sent.id}")
    workflow.make(desk.settings, desk.approver, sent.id, "approve")  # theirs was no hand in the figures
    publication.publish(desk.settings, desk.book, desk.reviewer, sent.id)
    assert refusal(workflow.make, desk.settings, desk.approver, sent.id, "take_back") == "state", "readers have it"
    assert newest(record)["nps"][0] == 40


def test_a_publication_that_is_rolled_back_is_as_if_it_had_not_been(
    desk: Desk, record: Engine, year: Submission, send: Any
) -> None:
    before = newest(record)
    sent = send(("nps", 41, "", ""), ("csat_exit_poll", None, "withdrawn", "Asked wrongly"))
    publish(desk, sent)
    assert newest(record) != before
    told = publication.plan_rollback(desk.settings, desk.book, desk.reviewer, sent.id)
    assert [(it.indicator, it.before, it.after) for it in told.changes] == [
        ("csat_exit_poll", None, 70.0), ("nps", 41.0, 40.0),
    ]  # fmt: skip
    after = publication.roll_back(desk.settings, desk.book, desk.reviewer, sent.id, " Typed wrongly ")
    assert (after.state, after.reason, newest(record)) == ("rolled_back", "Typed wrongly", before)
    assert workflow.see(desk.settings, desk.by, year.id).state == "published"
    held = Dataset.current(desk.settings.dataset_dir)
    assert held.rows("nps").filter(pl.col("value").is_not_null()).collect()["value"].to_list() == [40.0]
    then = held.as_of(workflow.see(desk.settings, desk.by, sent.id).vintage).rows("nps").collect()
    assert 41.0 in then["value"].to_list(), "its vintage stays"
    facts = receipt.facts(receipt.published(desk.settings, sent.id))
    assert (facts["state"], facts["reason"]) == ("rolled_back", "Typed wrongly")
    assert receipt.document(after, "ar")[:4] == b"%PDF"
    assert withdrawals_of(desk.settings, after) == [], "it takes nothing away any more"
    entry = next(it for it in audit.list_entries(record)[0] if it.action == "submission.figures_rolled_back")
    assert entry.after["figures"][1] == {"indicator": "nps", "period": YEAR, "group": "{}", "from": 41.0, "to": 40.0}
    again = send(("nps", 42, "", ""))  # its year is open
    publish(desk, again)
    assert newest(record)["nps"][0] == 42
    assert workflow.see(desk.settings, desk.by, again.id).supersedes == year.id


def test_figures_that_were_published_for_the_first_time_leave_a_word(desk: Desk, record: Engine, send: Any) -> None:
    sent = send(*FOUR)
    publish(desk, sent)
    publication.roll_back(desk.settings, desk.book, desk.reviewer, sent.id, "Of another year")
    word = f"Publication of submission {sent.id} rolled back: Of another year"
    assert newest(record) == {name: (None, "withdrawn", word) for name, *_ in FOUR}
    (due,) = deadlines.listing(desk.settings, sent.created_at, "AZE")
    assert (due.standing, due.closed) == ("due", False), "the office sends it again"


def test_the_statement_that_nothing_is_reported_is_in_force_again(desk: Desk, send: Any) -> None:
    older = workflow.not_reported(desk.settings, desk.by, "figures", YEAR, "not_collected", "")
    number = workflow.not_reported(desk.settings, desk.by, "figures", YEAR, "too_few", "")
    sent = send(*FOUR)
    publish(desk, sent)
    assert [it.standing for it in deadlines.listing(desk.settings, sent.created_at, "AZE")] == ["published"]
    publication.roll_back(desk.settings, desk.book, desk.reviewer, sent.id, "Of another year")
    states = [workflow.see(desk.settings, desk.by, one).state for one in (older, number)]
    assert states == ["superseded", "not_reported"]
    (due,) = deadlines.listing(desk.settings, sent.created_at, "AZE")
    assert (due.standing, due.reason, due.closed) == ("not_reported", "too_few", False)
    publish(desk, send(*FOUR, ("servqual", 4, "", "")))
    assert workflow.see(desk.settings, desk.by, number).state == "superseded"


def test_a_national_figure_that_is_in_force_again_is_not_the_one_that_pages_show(
    desk: Desk, record: Engine, send: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = figures.read_file
    own = {"method": "registers", "definition_used": "own", "own_definition": "Share of visitors who smiled"}
    monkeypatch.setattr(figures, "read_file", lambda *given, **named: replace(read(*given, **named), method=own))
    publish(desk, send(("nps", 40, "", "")))
    reopen(desk)
    second = send(("nps", 41, "", ""), ("csat_exit_poll", 70, "", ""))
    publish(desk, second)
    publication.roll_back(desk.settings, desk.book, desk.reviewer, second.id, "Typed wrongly")
    with reading(record) as connection:
        rows = vintages.read_rows_on(connection, ["nps", "csat_exit_poll"]).filter(pl.col("superseded").is_null())
        kept = rows.select("indicator", "value", "nature", "primary").sort("indicator").collect().rows()
    assert kept == [("csat_exit_poll", None, "CN", False), ("nps", 40.0, "CN", False)]


def test_the_page_of_methods_has_every_move() -> None:
    lines = (Path(__file__).parents[3] / "docs" / "method.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")]
    told = [row for row in rows if row[0].strip("`") in MOVES and len(row) == 5]
    by = {Right.SUBMIT: "contributor", Right.APPROVE: "approver", Right.REVIEW: "reviewer"}
    assert [(row[0].strip("`"), row[1], row[2], row[3], "a reason" in row[4]) for row in told] == [
        (name, ", ".join(step.before), step.after, by[step.right], step.reason)
        for name, steps in MOVES.items()
        for step in steps
    ]


@pytest.mark.parametrize(("who", "reason", "code"), [
    (Role.REVIEWER, "  ", "reason"), (Role.REVIEWER, "w" * 2001, "reason"), (Role.APPROVER, "A slip", "right"),
    (Role.ADMIN, "A slip", "right"),
])  # fmt: skip
def test_only_a_reviewer_rolls_back_and_says_why(
    desk: Desk, record: Engine, send: Any, who: Role, reason: str, code: str
) -> None:
    sent = send(*FOUR)
    publish(desk, sent)
    before = newest(record)
    by = principal(50, who, "AZE" if who is Role.APPROVER else "")
    assert refusal(publication.roll_back, desk.settings, desk.book, by, sent.id, reason) == code
    assert (newest(record), workflow.see(desk.settings, desk.by, sent.id).state) == (before, "published")


def test_what_a_later_publication_revised_is_not_undone_below_it(desk: Desk) -> None:
    first = desk.send(workbook([row("nps", EARLIER, 30), row("csat_exit_poll", EARLIER, 60)]), period=EARLIER)
    publish(desk, first)
    workflow.reopen(desk.settings, desk.reviewer, "AZE", "figures", EARLIER, "A slip")
    later = desk.send(workbook([row("nps", EARLIER, 31), row("nps", YEAR, 40)]))
    publish(desk, later)
    told = publication.plan_rollback(desk.settings, desk.book, desk.reviewer, first.id)
    assert [(it.indicator, it.period, it.edition) for it in told.revised] == [("nps", EARLIER, later.edition)]
    with pytest.raises(MoveNotAllowed, match=f"with submission {later.id}: roll that one back first") as refused:
        publication.roll_back(desk.settings, desk.book, desk.reviewer, first.id, "A slip")
    assert refused.value.code == "revised_since"
    assert (in_force(desk, "nps", EARLIER), in_force(desk, "csat_exit_poll", EARLIER)) == (31, 60)
    publication.roll_back(desk.settings, desk.book, desk.reviewer, later.id, "A slip")
    assert in_force(desk, "nps", EARLIER) == 30
    publication.roll_back(desk.settings, desk.book, desk.reviewer, first.id, "A slip")
    rows = publication.history(desk.settings, desk.book, "AZE", ["nps", "csat_exit_poll"])
    assert rows.height == 0, "words alone are left"


def test_figures_that_others_published_since_stay(desk: Desk) -> None:
    first = desk.send(workbook([row("nps", EARLIER, 30)]), period=EARLIER)
    publish(desk, first)
    other = desk.send(workbook([row("nps", YEAR, 40)]))
    publish(desk, other)
    publication.roll_back(desk.settings, desk.book, desk.reviewer, first.id, "A slip")
    assert in_force(desk, "nps", YEAR) == 40
    assert workflow.see(desk.settings, desk.reviewer, other.id).state == "published"


def test_an_office_asks_once_to_have_its_year_opened_and_is_answered(desk: Desk, record: Engine, send: Any) -> None:
    sent = send(*FOUR)
    publish(desk, sent)

    def move(by: Principal, name: str, reason: str) -> str:
        return refusal(workflow.make, desk.settings, by, sent.id, name, reason=reason)

    def asked() -> dict[int, str]:
        found = workflow.find_asked(desk.settings, [workflow.see(desk.settings, desk.reviewer, sent.id)])
        return {number: one.reason for number, one in found.items()}

    assert move(desk.reviewer, "decline_reopen", "No") == "state", "nobody has asked"
    assert move(desk.by, "ask_reopen", " ") == "reason"
    assert move(desk.reviewer, "ask_reopen", "A slip") == "right"
    assert (move(desk.by, "ask_reopen", "A slip"), asked()) == ("", {sent.id: "A slip"})
    assert move(desk.approver, "ask_reopen", "A slip") == "asked"
    assert (move(desk.reviewer, "decline_reopen", "It is right"), asked()) == ("", {})
    assert (move(desk.approver, "ask_reopen", "It is not"), asked()) == ("", {sent.id: "It is not"})
    reopen(desk)
    assert asked() == {}
    assert move(desk.by, "ask_reopen", "A slip") == "state", "it is open"
    assert workflow.see(desk.settings, desk.by, sent.id).reason == "", "a question changes nothing of it"
    actions = [it.action for it in audit.list_entries(record)[0] if "reopen" in it.action][::-1]
    told = ["reopening_asked", "reopening_declined", "reopening_asked", "reopened"]
    assert actions == [f"submission.{name}" for name in told]


async def test_those_concerned_are_told_by_mail_and_never_who_did_it(
    person: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    who, approver, reviewer = person(), person(Role.APPROVER), person(Role.REVIEWER)
    colleague, watcher = person(Role.APPROVER), person(Role.REVIEWER)
    person(Role.APPROVER, country="TUR")
    letters: list[EmailMessage] = []
    monkeypatch.setattr(mail, "send", lambda _, letter: letters.append(letter))
    monkeypatch.setattr(mail, "is_configured", lambda _: True)
    page = (await who.upload(workbook())).headers["location"].split("?")[0]

    async def told(one: Any, where: str, **fields: str) -> set[str]:
        letters.clear()
        assert (await one.post(f"{page}/{where}", "/account/", **fields)).status_code == 303
        assert all(f"{page}?lang=en" in it.get_content() for it in letters)
        assert not any("61.5" in it.get_content() for it in letters)
        assert len(letters) == len({it["To"] for it in letters}), "nobody twice"
        return {it["To"] for it in letters}

    mails = {one: one.account.email for one in (who, approver, reviewer, colleague, watcher)}
    await told(who, "move", move="submit")
    assert await told(who, "comment", words="Is 61.5 right?") == set(), "nobody else has taken part"
    assert await told(approver, "comment", words="61.5 it is") == {mails[who]}
    await told(approver, "move", move="approve")
    taken_back = await told(approver, "move", move="take_back")
    assert taken_back == {mails[who], mails[colleague], mails[reviewer], mails[watcher]}
    await told(approver, "move", move="approve")
    await told(reviewer, "move", move="publish")
    assert await told(who, "comment", words="Thanks") == {mails[approver], mails[reviewer]}
    asked = await told(who, "move", move="ask_reopen", reason="A slip")
    assert asked == {mails[approver], mails[reviewer], mails[watcher]}
    assert await told(watcher, "move", move="decline_reopen", reason="No") == {
        mails[who],
        mails[approver],
        mails[reviewer],
    }
    assert await told(reviewer, "move", move="roll_back", reason="61.5 was of another year") == {
        mails[who], mails[approver], mails[watcher],
    }  # fmt: skip
    assert "61.5 was of another year" in words(await who.client.get(page))


async def test_who_sends_for_an_office_now_is_told_where_those_who_took_part_have_left(
    person: Make, place: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    who, approver, reviewer, successor = person(), person(Role.APPROVER), person(Role.REVIEWER), person()
    person(country="TUR")
    letters: list[str] = []
    monkeypatch.setattr(mail, "send", lambda _, letter: letters.append(letter["To"]))
    monkeypatch.setattr(mail, "is_configured", lambda _: True)
    page = (await who.upload(workbook())).headers["location"].split("?")[0]
    await who.post(f"{page}/move", page, move="submit")
    for state, told in (("active", who), ("revoked", successor)):
        with writing(open_engine(place)) as connection:
            accounts.change_account(connection, who.account.id, state=state)
        letters.clear()
        await approver.post(f"{page}/comment", page, words="Is this the whole year?")
        assert letters == [told.account.email]
    letters.clear()
    await approver.post(f"{page}/move", page, move="return", reason="Another year")
    assert letters == [successor.account.email]
    letters.clear()
    await reviewer.post(f"{page}/comment", page, words="Which one?")
    assert sorted(letters) == sorted([approver.account.email, successor.account.email])
    drafts.sweep(place, datetime.now(UTC) + timedelta(days=12))
    assert letters[2:] == [successor.account.email], "that it ends"


async def test_the_queue_names_what_a_submission_takes_away_and_what_an_office_asks(person: Make) -> None:
    who, approver, reviewer = person(), person(Role.APPROVER), person(Role.REVIEWER)
    first = (await who.upload(workbook())).headers["location"].split("?")[0]
    for one, move in ((who, "submit"), (approver, "approve"), (reviewer, "publish")):
        await one.post(f"{first}/move", "/account/", move=move)
    assert (await who.post(f"{first}/move", "/account/", move="reopen", reason="r")).status_code == 403
    await who.post(f"{first}/move", "/account/", move="ask_reopen", reason="The total is 62")
    shown = await reviewer.client.get("/review/")
    assert "The total is 62" in sections(shown)["Asked to be opened again"]
    assert (await reviewer.post(f"{first}/move", "/account/", move="reopen", reason="A slip")).status_code == 303
    shown = await reviewer.client.get("/review/")
    assert "Asked to be opened again" not in sections(shown)
    rows = [("battery_1662_exit", "Total", int(YEAR), 62.0, None, None, 800)]
    other = (await who.upload(workbook(rows), intent="replaces")).headers["location"].split("?")[0]
    await who.post(f"{other}/release", "/account/", figures="3")
    await who.post(f"{other}/move", "/account/", move="submit")
    told = re.sub(r"<[^>]+>", " ", sections(await reviewer.client.get("/review/"))["Submissions"])
    assert "Replaces the whole year" in told
    assert "Takes away: Complaints resolved in time, Total, " + YEAR + " (75.0)" in told
    assert told.count("Takes away") == 3


async def test_a_reviewer_is_shown_what_a_rollback_does_before_it_is_done(person: Make) -> None:
    who, approver, reviewer = person(), person(Role.APPROVER), person(Role.REVIEWER)
    page = (await who.upload(workbook())).headers["location"].split("?")[0]
    for one, move in ((who, "submit"), (approver, "approve"), (reviewer, "publish")):
        await one.post(f"{page}/move", "/account/", move=move)
    assert (await who.client.get(f"{page}/rollback")).status_code == 403
    shown = await reviewer.client.get(f"{page}/rollback")
    assert "Complaints resolved in time" in words(shown)
    assert "75.0" in words(shown)
    assert (await reviewer.post(f"{page}/move", "/account/", move="roll_back", reason="")).status_code == 422
    done = await reviewer.post(f"{page}/move", "/account/", move="roll_back", reason="A slip")
    assert "The publication is rolled back" in words(await reviewer.client.get(done.headers["location"]))
    assert (await reviewer.client.get(f"{page}/rollback")).status_code == 409
    past = listed(await who.client.get("/contribute/"), "contribute.past")
    assert past == [f"Azerbaijan {YEAR}: Rolled back"]


def test_counts_are_not_rolled_back(desk: Desk, record: Engine, send: Any) -> None:
    counts = replace(send(*FOUR), dataset="counts", state="published", vintage=None)
    with reading(record) as connection:
        assert refusal(publication.plan_rollback_on, connection, desk.book, counts, "A slip") == "counts_stay"


def test_drafts_are_withdrawn_together_by_who_sent_them_or_not_at_all(desk: Desk, record: Engine, send: Any) -> None:
    mine = [send(("nps", value, "", "")).id for value in (1, 2)]
    colleague = Desk(desk.settings, desk.book, principal(8, Role.CONTRIBUTOR, office="State Agency"))
    theirs = colleague.send(workbook()).id

    def states(*numbers: int) -> list[str]:
        return [workflow.see(desk.settings, desk.by, number).state for number in numbers]

    for numbers, by, code in (
        ([*mine, theirs], desk.by, "own"), (mine, colleague.by, "own"), (mine, desk.approver, "right"),
    ):  # fmt: skip
        assert refusal(drafts.withdraw, desk.settings, by, numbers) == code
        assert states(*mine, theirs) == ["checked"] * 3, "all or none"
    workflow.make(desk.settings, desk.by, mine[1], "submit")  # what else lies there gives way to it
    again = send(("nps", 3, "", "")).id
    assert refusal(drafts.withdraw, desk.settings, desk.by, [again, mine[1]]) == "state", "it is decided on"
    assert states(again, mine[1]) == ["checked", "submitted"]
    other = send(("nps", 4, "", "")).id
    assert drafts.withdraw(desk.settings, desk.by, [again, other, other], "192.0.2.1") == 2
    assert states(again, other) == ["withdrawn", "withdrawn"]
    entries = audit.list_entries(record)[0][:2]
    assert {(it.action, it.subject, it.address) for it in entries} == {
        ("submission.withdrawn", f"submission {number}", "192.0.2.1") for number in (again, other)
    }


async def test_drafts_are_ticked_and_confirmed(person: Make) -> None:
    who, colleague = person(), person()
    pages = [(await one.upload(workbook())).headers["location"].split("?")[0] for one in (who, who, colleague)]
    numbers = [page.rsplit("/", 1)[1] for page in pages]
    shown = (await who.client.get("/contribute/")).text
    assert re.findall(r'name="draft(\d+)"', shown) == [numbers[1], numbers[0]], "one's own alone"
    assert (await who.post("/contribute/drafts", "/contribute/")).status_code == 422, "none is ticked"
    ticked = {f"draft{numbers[0]}": "on", f"draft{numbers[1]}": "on"}
    assert "Remove 2 drafts?" in words(await who.post("/contribute/drafts", "/contribute/", **ticked))
    assert "Checked" in words(await who.client.get(pages[0])), "nothing yet"
    wrong = await who.post(
        "/contribute/drafts", "/contribute/", confirmed="1", **ticked, **{f"draft{numbers[2]}": "on"}
    )
    assert wrong.status_code == 403
    done = await who.post("/contribute/drafts", "/contribute/", confirmed="1", **ticked)
    shown = await who.client.get(done.headers["location"])
    assert "The drafts are removed." in words(shown)
    assert listed(shown, "contribute.past") == [f"Azerbaijan {YEAR}: Withdrawn"] * 2
    assert listed(shown, "contribute.waiting") == [f"Azerbaijan {YEAR}: Checked"]
