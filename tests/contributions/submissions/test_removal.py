"""What a submission would remove from what is published is named, figure by figure, and goes where it is released."""

import json
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from dashboard.accounts import audit
from dashboard.accounts.model import Role
from dashboard.contributions.delivery import store as delivery
from dashboard.contributions.submissions import intake, publication, removal, store, workflow
from dashboard.contributions.submissions.intake import map_survey
from dashboard.contributions.submissions.model import MoveNotAllowed, Submission, SubmissionUnknown
from dashboard.evidence.database.engine import open_engine, writing
from dashboard.locales import t
from dashboard.operations.cli import app
from dashboard.settings import Settings
from tests.checks import all_of
from tests.contributions.submissions.conftest import GOOD, YEAR, Desk, workbook
from tests.contributions.submissions.conftest import person as somebody
from tests.contributions.submissions.test_closed import publish, row
from tests.contributions.submissions.test_counts import MONTH, SAID, known, moved, sent, sheet
from tests.contributions.submissions.test_survey import MAPPING, answers, sav
from tests.contributions.submissions.test_survey import send as send_survey
from tests.contributions.submissions.test_upload import Make, api, person, place

__all__ = ["api", "known", "person", "place"]

Y = int(YEAR)
THREE = ["battery_1662_exit", "battery_1662_exit", "complaints_in_time"]


def reopened(desk: Desk, period: str = YEAR) -> Submission:
    """A year of four figures that is published, and open for a correction."""
    first = desk.send(workbook(), period=period)
    publish(desk, first)
    workflow.reopen(desk.settings, desk.reviewer, "AZE", "figures", period, "A slip")
    return first


def named(desk: Desk, one: Submission) -> list[tuple[str, str, str, str]]:
    found = [it for it in workflow.detail(desk.settings, desk.by, one.id)[1] if it.rule == removal.RULE]
    return [(it.severity, it.values["indicator"], it.values["group"], it.values["figure"]) for it in found]


def test_a_year_replaced_by_one_row_names_what_it_removes_and_goes_no_further(desk: Desk) -> None:
    reopened(desk)
    sent = desk.send(workbook([GOOD[0]]), intent="replaces")
    assert named(desk, sent) == [
        ("error", "battery_1662_exit", '{"Sex":"FEMALE"}', "63"),
        ("error", "battery_1662_exit", '{"Sex":"MALE"}', "60"),
        ("error", "complaints_in_time", "{}", "75"),
    ]
    assert sent.errors == 3
    with pytest.raises(MoveNotAllowed) as refused:
        workflow.make(desk.settings, desk.by, sent.id, "submit")
    assert refused.value.code == "errors"


def test_their_number_releases_them_and_one_more_or_less_does_not(desk: Desk, record: Engine) -> None:
    reopened(desk)
    sent = desk.send(workbook([GOOD[0]]), intent="replaces")
    for count in (2, 4, 0, -3):
        with pytest.raises(MoveNotAllowed) as refused:
            workflow.release(desk.settings, desk.book, desk.by, sent.id, count)
        assert (refused.value.code, workflow.see(desk.settings, desk.by, sent.id).released) == ("removal_number", {})
    for other in (desk.approver, desk.reviewer, somebody(7, Role.ADMIN, "")):
        with pytest.raises(MoveNotAllowed, match="Only contributors"):
            workflow.release(desk.settings, desk.book, other, sent.id, 3)
    with pytest.raises(SubmissionUnknown):
        workflow.release(desk.settings, desk.book, somebody(8, Role.CONTRIBUTOR, "UGA"), sent.id, 3)
    done = workflow.release(desk.settings, desk.book, desk.by, sent.id, 3, "192.0.2.7")
    assert (done.errors, done.counts["warning"], {it[0] for it in named(desk, sent)}) == (0, 3, {"warning"})
    assert (done.released["count"], done.released["by"], done.released["office"]) == (3, 1, "State Agency")
    entry = audit.list_entries(record)[0][0]
    assert (entry.action, entry.actor, entry.address, entry.after["count"]) == (
        "submission.released", 1, "192.0.2.7", 3,
    )  # fmt: skip
    assert [it["indicator"] for it in entry.after["removes"]] == THREE
    assert workflow.detail(desk.settings, desk.by, sent.id)[2][-1].move == "release"
    publish(desk, done)
    held = publication.history(desk.settings, desk.book, "AZE", ["battery_1662_exit", "complaints_in_time"])
    assert held["value"].to_list() == [61.5]


def test_who_has_released_a_removal_does_not_approve_it(desk: Desk) -> None:
    reopened(desk)
    sent = desk.send(workbook([GOOD[0]]), intent="replaces")
    colleague = somebody(6, Role.CONTRIBUTOR)
    workflow.release(desk.settings, desk.book, colleague, sent.id, 3)
    workflow.make(desk.settings, desk.by, sent.id, "submit")
    with pytest.raises(MoveNotAllowed) as refused:
        workflow.make(desk.settings, replace(colleague, role=Role.APPROVER), sent.id, "approve")
    assert refused.value.code == "four_eyes"


def test_a_release_is_of_these_figures_and_lapses_with_them(desk: Desk) -> None:
    """Published under another year meanwhile: one figure more goes with the year, one less, another value, another."""
    first = reopened(desk)
    sent = desk.send(workbook([GOOD[0]]), intent="replaces")
    done = workflow.release(desk.settings, desk.book, desk.by, sent.id, 3)
    figures = removal.removed(desk.settings, desk.book, done)
    assert removal.is_released(figures, done.released)
    assert removal.is_released(figures[::-1], done.released), "in whatever order"
    others = (
        figures[1:], [*figures, replace(figures[0], period="2001")], [*figures[1:], replace(figures[0], value=63.1)],
        [*figures[1:], replace(figures[0], indicator="nps")], [*figures[1:], replace(figures[0], group="{}")], [],
    )  # fmt: skip
    for other in others:
        assert not removal.is_released(other, done.released)
        if other:
            with pytest.raises(removal.Removes) as refused:
                removal.require(done, other)
            assert refused.value.figures == tuple(other)
            assert all_of(str(it) in str(refused.value) for it in other), "every one is named"
    removal.require(done, [])
    assert first.released == {}


@pytest.mark.parametrize("state", ["checked", "submitted", "approved"])
def test_what_would_go_is_computed_again_at_each_step(desk: Desk, state: str) -> None:
    """A figure of the year before that the same year's file had sent is published again after the release."""
    before = str(Y - 1)
    publish(desk, desk.send(workbook([*GOOD, row("nps", before, 30)])))
    workflow.reopen(desk.settings, desk.reviewer, "AZE", "figures", YEAR, "A slip")
    sent = desk.send(workbook([GOOD[0]]), intent="replaces")
    workflow.release(desk.settings, desk.book, desk.by, sent.id, 4)
    for move, who in (("submit", desk.by), ("approve", desk.approver)):
        if workflow.see(desk.settings, desk.by, sent.id).state != state:
            workflow.make(desk.settings, who, sent.id, move)
    # Now another file, of the year before, takes that figure over: what this one removes is one less.
    publish(desk, desk.send(workbook([row("nps", before, 31)]), period=before))
    assert [
        it.indicator for it in removal.removed(desk.settings, desk.book, workflow.see(desk.settings, desk.by, sent.id))
    ] == THREE
    onward = {
        "checked": lambda: workflow.make(desk.settings, desk.by, sent.id, "submit"),
        "submitted": lambda: workflow.make(desk.settings, desk.approver, sent.id, "approve"),
        "approved": lambda: publication.publish(desk.settings, desk.book, desk.reviewer, sent.id),
    }
    with pytest.raises(removal.Removes) as refused:
        onward[state]()
    assert [it.indicator for it in refused.value.figures] == THREE
    assert workflow.see(desk.settings, desk.by, sent.id).state == state
    held = publication.history(desk.settings, desk.book, "AZE", ["complaints_in_time"])
    assert held["value"].to_list() == [75]


def test_a_file_that_is_checked_again_keeps_its_release_only_where_the_same_goes(desk: Desk) -> None:
    reopened(desk)
    sent = desk.send(workbook([GOOD[0]]), intent="replaces")
    done = workflow.release(desk.settings, desk.book, desk.by, sent.id, 3)
    again = intake.check(desk.settings, desk.book, desk.by, sent.id)
    assert (again.released, again.errors) == (done.released, 0)
    with writing(open_engine(desk.settings)) as connection:
        store.set_released(connection, sent.id, ("checked",), done.released | {"figures": "others"}, [])
    again = intake.check(desk.settings, desk.book, desk.by, sent.id)
    assert (again.released, again.errors) == ({}, 3)


def test_nothing_is_released_where_nothing_goes_or_others_decide(desk: Desk) -> None:
    whole = desk.send(workbook())
    with pytest.raises(MoveNotAllowed) as refused:
        workflow.release(desk.settings, desk.book, desk.by, whole.id, 1)
    assert refused.value.code == "removes_nothing"
    publish(desk, whole)
    workflow.reopen(desk.settings, desk.reviewer, "AZE", "figures", YEAR, "A slip")
    sent = desk.send(workbook([GOOD[0]]), intent="replaces")
    workflow.release(desk.settings, desk.book, desk.by, sent.id, 3)
    workflow.make(desk.settings, desk.by, sent.id, "submit")
    with pytest.raises(MoveNotAllowed) as refused:
        workflow.release(desk.settings, desk.book, desk.by, sent.id, 3)
    assert refused.value.code == "state"


def test_a_reason_may_go_and_a_figure_that_gets_one_does_not_go_unsaid(desk: Desk) -> None:
    """A row without a figure is no figure; one that is sent with a reason is named by the file itself."""
    silent = ("nps", "Total", Y, None, None, None, None, None, "Not collected")
    publish(desk, desk.send(workbook([*GOOD, silent])))
    workflow.reopen(desk.settings, desk.reviewer, "AZE", "figures", YEAR, "A slip")
    sent = desk.send(workbook([*GOOD[:3], ("complaints_in_time", *silent[1:])]))
    assert (named(desk, sent), sent.errors) == ([], 0)


def test_a_survey_with_a_question_less_removes_its_figures(desk: Desk, tmp_path: Path) -> None:
    publish(desk, send_survey(desk, sav(answers(), tmp_path)))
    workflow.reopen(desk.settings, desk.reviewer, "AZE", "survey", YEAR, "A slip")
    sent = send_survey(desk, sav(answers(), tmp_path))
    assert named(desk, sent) == []
    fewer = {field: name for field, name in MAPPING.items() if field != "group.sex"}
    map_survey(desk.settings, desk.by, sent.id, fewer)
    sent = intake.check(desk.settings, desk.book, desk.by, sent.id)
    groups = {it[2] for it in named(desk, sent)}
    assert {json.loads(it)["Sex"] for it in groups} == {"FEMALE", "MALE"}
    with pytest.raises(MoveNotAllowed):
        workflow.make(desk.settings, desk.by, sent.id, "submit")


async def test_by_pages_and_by_the_interface(person: Make) -> None:
    who, approver, reviewer = person(), person(Role.APPROVER), person(Role.REVIEWER)
    first = (await who.upload(workbook())).headers["location"].split("?")[0]
    for one, move in ((who, "submit"), (approver, "approve"), (reviewer, "publish")):
        assert (await one.post(f"{first}/move", "/account/", move=move)).status_code == 303
    await reviewer.post(f"{first}/reopen", "/account/", reason="A slip")
    address = (await who.upload(workbook([GOOD[0]]), intent="replaces")).headers["location"].split("?")[0]
    shown = (await who.client.get(address)).text
    title = t("submissions.removal.title", "en", count=3)
    assert shown.index(title) < shown.index(t("submissions.detail.next", "en")), "before what to do next"
    assert f'action="{address}/release"' in shown
    assert shown.count(t("submissions.rule.figure_removed.todo", "en")) == 0, "once, at the top"
    headers = {"X-Form-Token": await who.token()}
    api_ = f"/api/v1/submissions/{address.rsplit('/', 1)[1]}"
    document = (await who.client.get(api_, headers=headers)).json()
    assert [it["indicator"] for it in document["removes"]] == THREE
    assert (document["released"], document["counts"]["error"]) == (None, 3)
    for body, status in (
        ({"figures": 2}, 409), ({"figures": 4}, 409), ({"figures": "3"}, 422), ({"figures": 3.0}, 422), ({}, 422),
        ({"figures": 3, "more": 1}, 422), ({"figures": True}, 422), ({"figures": 2**70}, 422),
    ):  # fmt: skip
        assert (await who.client.post(f"{api_}/release", headers=headers, json=body)).status_code == status, body
    for typed in ("2", "4", "", "x", "³", "9" * 9):
        assert (await who.post(f"{address}/release", "/account/", figures=typed)).status_code == 409, typed
    assert (await approver.post(f"{address}/release", "/account/", figures="3")).status_code == 403
    done = await who.client.post(f"{api_}/release", headers=headers, json={"figures": 3})
    assert (done.status_code, done.json()["released"]["count"], done.json()["counts"]["error"]) == (200, 3, 0)
    assert (await who.post(f"{address}/move", "/account/", move="submit")).status_code == 303
    for one, move in ((approver, "approve"), (reviewer, "publish")):
        text = (await one.client.get(address)).text
        places = [text.index(words) for words in (title, "Confirmed by", "Complaints resolved", f'value="{move}"')]
        assert places == sorted(places), "before everything else on their page"
        assert text.index(title) < text.index("<section", text.index(title)), "nothing stands before it"
        assert (await one.post(f"{address}/move", "/account/", move=move)).status_code == 303


async def test_a_count_that_a_report_has_no_more_is_named_and_other_reports_stay(person: Make, known: Settings) -> None:
    people = person(), person(Role.APPROVER), person(Role.REVIEWER, "")
    await sent(people[0], sheet(f"baku-1,id,counter,{SAID},120,90", f"baku-1,id,web,{SAID},40,30"))
    for who, move in zip(people, ("submit", "approve", "publish"), strict=True):
        assert await moved(who, 1, move) == 303
    await people[2].post("/contribute/1/reopen", "/contribute/1", reason="A slip")
    await sent(people[0], sheet(f"baku-1,id,counter,{SAID},121", head="centre,service,channel,month,started"))
    document = (await people[0].client.get("/api/v1/submissions/2")).json()
    one = {"indicator": "completed", "period": SAID, "group": "baku-1 · id · counter", "value": 90}
    assert (document["removes"], document["counts"]["error"]) == ([one], 1)
    assert await moved(people[0], 2, "submit") == 422, "an error"
    assert (await people[0].post("/contribute/2/release", "/contribute/2", figures="1")).status_code == 303
    for who, move in zip(people, ("submit", "approve", "publish"), strict=True):
        assert await moved(who, 2, move) == 303
    assert {row.channel: row.counts for row in delivery.reports(open_engine(known), "AZE", since=MONTH)} == {
        "counter": {"started": 121}, "web": {"started": 40, "completed": 30},
    }  # fmt: skip


def test_by_the_command_line(desk: Desk, monkeypatch: pytest.MonkeyPatch, record: Engine) -> None:
    reopened(desk)
    sent = desk.send(workbook([GOOD[0]]), intent="replaces")
    monkeypatch.setattr(import_module("dashboard.operations.cli.submission"), "settings", lambda: desk.settings)
    run = CliRunner().invoke
    listed = run(app, ["submission", "release", str(sent.id)])
    assert (listed.exit_code, listed.output.count("\n")) == (0, 4)
    assert "complaints_in_time" in listed.output
    for wrong in ("2", "4"):
        assert run(app, ["submission", "release", str(sent.id), "--figures", wrong]).exit_code == 1
    assert run(app, ["submission", "release", "99", "--figures", "1"]).exit_code == 1
    assert run(app, ["submission", "release", str(sent.id), "--figures", "3"]).exit_code == 0
    after = workflow.see(desk.settings, desk.by, sent.id)
    assert (after.errors, after.released["by"], after.released["office"]) == (0, None, removal.OPERATOR)
    assert audit.list_entries(record)[0][0].actor is None
