"""The same figure from two offices: told to both, kept, and left as it is until the country's coordinator decides."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from time import sleep
from typing import Any

import pytest
from sqlalchemy import Engine

from dashboard.accounts import audit
from dashboard.accounts.model import Principal, Role
from dashboard.contributions.delivery import store as delivery
from dashboard.contributions.submissions import intake, publication, workflow
from dashboard.contributions.submissions.model import MoveNotAllowed, Submission, SubmissionUnknown
from dashboard.contributions.submissions.offices import conflicts, decision, directory, store
from dashboard.contributions.submissions.rules import numbers
from dashboard.contributions.submissions.tables import OfficeConflict
from dashboard.contributions.submissions.workbooks import receipt
from dashboard.contributions.submissions.workbooks.words import finding_text
from dashboard.evidence.database.engine import reading
from tests.contributions.submissions.conftest import YEAR, Desk, person, workbook
from tests.contributions.submissions.test_closed import findings, in_force, publish, row
from tests.contributions.submissions.test_counts import BAKU, HEAD, SAID, sheet
from tests.contributions.submissions.test_offices import COORDINATOR, second, statistics

assert statistics  # the fixture
WOMEN = '{"Sex":"FEMALE"}'


def conflicts_of(record: Engine, submission: int = 0) -> list[OfficeConflict]:
    with reading(record) as connection:
        return store.conflicts(connection, "AZE", submission)


def correct(desk: Desk, *rows: Any, intent: str = "") -> Submission:
    """Publish further figures of an office's year."""
    workflow.reopen(desk.settings, desk.reviewer, "AZE", "figures", YEAR, "A slip", office=desk.by.office_number)
    sent = desk.send(workbook(list(rows)), intent=intent)
    publish(desk, sent)
    return sent


def decide(desk: Desk, number: int, office: int, by: Principal = COORDINATOR) -> OfficeConflict:
    return decision.decide(desk.settings, desk.book, by, number, office, "Theirs is the survey")


@pytest.fixture
def contested(desk: Desk, statistics: Desk) -> tuple[Submission, Submission]:
    """The first office has published 40, the second sends 50 for the same, and another figure."""
    ours = desk.send(workbook([row("nps", YEAR, 40)]))
    publish(desk, ours)
    theirs = statistics.send(workbook([row("nps", YEAR, 50), row("csat_exit_poll", YEAR, 7)]))
    publish(statistics, theirs)
    return ours, theirs


def test_it_is_told_to_both_and_what_was_published_stays(
    desk: Desk, statistics: Desk, contested: tuple[Submission, Submission], record: Engine
) -> None:
    ours, theirs = contested
    assert (in_force(desk, "nps", YEAR), in_force(desk, "csat_exit_poll", YEAR)) == (40, 7)
    (one,) = conflicts_of(record)
    assert (one.state, one.submission, one.value, one.office_number) == ("open", theirs.id, 50, 2)
    assert (one.holder, one.held, one.holder_office) == (ours.id, 40, 1)
    told = {"indicator": "nps", "period": YEAR, "group": "{}"}
    (of_theirs,), (of_ours,) = (
        findings(sender, sent, conflicts.RULE) for sender, sent in ((statistics, theirs), (desk, ours))
    )
    assert (of_theirs.values, of_theirs.severity, of_theirs.cell) == (
        told | {"figure": "50", "held": "40", "office": "State Agency"}, "warning", "D2",
    )  # fmt: skip
    assert of_ours.values == told | {"figure": "40", "held": "50", "office": "Statistics"}
    assert "State Agency has 40 published" in finding_text(of_theirs, "en").expected
    assert workflow.see(desk.settings, desk.by, ours.id).state == "published"
    assert workflow.see(desk.settings, desk.by, ours.id).counts["warning"] == 1
    entry = next(it for it in audit.list_entries(record)[0] if it.action == "submission.figures_contested")
    assert entry.after["contested"] == [told | {"value": 50.0, "held": 40.0, "holder": ours.id}]


def test_it_is_told_before_anybody_submits_and_shown_to_who_approves(desk: Desk, statistics: Desk) -> None:
    publish(desk, desk.send(workbook([row("nps", YEAR, 40)])))
    sent = statistics.send(workbook([row("nps", YEAR, 40)]))
    assert [(it.rule, it.values["held"]) for it in findings(statistics, sent, conflicts.RULE)] == [
        (conflicts.RULE, "40")
    ]
    found = publication.preview(desk.settings, desk.book, sent)
    assert (found.changes, len(found.contested), found.added.height) == ((), 1, 0), "an equal figure is theirs too"


def test_only_a_decision_ends_it(
    desk: Desk, statistics: Desk, record: Engine,
    contested: tuple[Submission, Submission],
) -> None:  # fmt: skip
    """Not a correction by either side, not the whole year, not a withdrawal by who holds it, not agreement."""

    def standing() -> tuple[list[tuple[str, float]], float | None]:
        rows = publication.history(desk.settings, desk.book, "AZE", ["nps"]).filter(period=YEAR, dimensions="{}")
        return [(it.state, it.value) for it in conflicts_of(record)], rows["value"].item() if rows.height else None

    correct(desk, row("nps", YEAR, 50))
    assert standing() == ([("open", 50)], 50), "agreement leaves whose it is"
    again = correct(statistics, row("nps", YEAR, 51))
    assert standing() == ([("open", 51)], 50)
    workflow.reopen(desk.settings, desk.reviewer, "AZE", "figures", YEAR, "A slip", office=2)
    whole = statistics.send(workbook([row("complaints_in_time", YEAR, 75)]), intent="replaces")
    workflow.release(desk.settings, desk.book, statistics.by, whole.id, 1)
    publish(statistics, whole)
    assert standing() == ([("open", 51)], 50)
    note = ("nps", "Total", int(YEAR), None, None, None, None, None, "Withdrawn", "Asked wrongly")
    correct(desk, note)
    assert standing() == ([("open", 51)], None)
    last = correct(statistics, row("nps", YEAR, 52))
    assert standing() == ([("open", 52)], None), "a figure taken back is nobody's before it is decided"
    (one,) = conflicts_of(record)
    assert (one.submission, conflicts_of(record, again.id)) == (last.id, [])
    assert decide(desk, one.id, 2).vintage is not None
    assert standing() == ([("decided", 52)], 52)


@pytest.mark.parametrize(("office", "value"), [(1, 40), (2, 50)])
def test_the_coordinators_choice_is_published_and_both_are_kept(
    desk: Desk, statistics: Desk, record: Engine,
    contested: tuple[Submission, Submission], office: int, value: float,
) -> None:  # fmt: skip
    ours, theirs = contested
    (one,) = conflicts_of(record)
    before = [workflow.see(desk.settings, COORDINATOR, sent.id).counts["warning"] for sent in contested]
    decided = decide(desk, one.id, office)
    after = [workflow.see(desk.settings, COORDINATOR, sent.id).counts["warning"] for sent in contested]
    assert (before, after) == ([1, 1], [0, 0]), "nothing waits any more"
    assert (in_force(desk, "nps", YEAR), in_force(desk, "csat_exit_poll", YEAR)) == (value, 7)
    assert (decided.state, decided.chosen, decided.reason) == ("decided", office, "Theirs is the survey")
    assert (decided.value, decided.held, decided.decided_by) == (50, 40, COORDINATOR.id)
    for sender, sent in ((desk, ours), (statistics, theirs)):
        found, _, moves = workflow.detail(desk.settings, sender.by, sent.id)
        assert (found.state, moves[-1].move, moves[-1].office) == ("published", "decide", "Ministry")
        assert receipt.facts(found)["state"] == "published"
    entry = next(it for it in audit.list_entries(record)[0] if it.action == "submission.conflict_decided")
    assert (entry.actor, entry.after["office"], entry.reason) == (COORDINATOR.id, office, "Theirs is the survey")
    with pytest.raises(MoveNotAllowed) as refused:
        decide(desk, one.id, 3 - office)
    assert (refused.value.code, in_force(desk, "nps", YEAR)) == ("state", value)
    correct(statistics if office == 1 else desk, row("nps", YEAR, 60))
    assert in_force(desk, "nps", YEAR) == value
    assert [it.state for it in conflicts_of(record)] == ["open", "decided"], "sent again it is a conflict again"


def test_two_machines_that_publish_the_same_figure_at_once_make_a_conflict_of_it(
    desk: Desk, statistics: Desk, record: Engine, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Each has a lock of its own on its folder; only the record is one."""
    sent = []
    for sender, by, value in ((desk, desk.approver, 40), (statistics, statistics.approver, 50)):
        sent.append(sender.send(workbook([row("nps", YEAR, value)])))
        workflow.make(sender.settings, sender.by, sent[-1].id, "submit")
        workflow.make(sender.settings, by, sent[-1].id, "approve")
    compared, published = publication.comparison_on, Event()

    def wait(connection: store.Connection, book: Any, submission: Submission) -> Any:
        found = compared(connection, book, submission)
        if submission.id == sent[0].id:  # the other machine comes in between, if it can
            published.wait(5)
        return found

    monkeypatch.setattr(publication, "comparison_on", wait)
    other = desk.settings.model_copy(update={"data_dir": tmp_path / "machine"})
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(publication.publish, desk.settings, desk.book, desk.reviewer, sent[0].id)
        sleep(0.5)
        later = pool.submit(publication.publish, other, desk.book, desk.reviewer, sent[1].id)
        later.add_done_callback(lambda _: published.set())
        assert [first.result().state, later.result().state] == ["published", "published"]
    assert publication.history(desk.settings, desk.book, "AZE", ["nps"])["value"].to_list() == [40]
    assert [(it.state, it.value) for it in conflicts_of(record)] == [("open", 50)]


def test_who_decides(desk: Desk, record: Engine, contested: tuple[Submission, Submission]) -> None:
    (one,) = conflicts_of(record)
    waits, admin = replace(COORDINATOR, waits=True), person(9, Role.ADMIN, "")
    others = (desk.by, desk.approver, second(desk.by), desk.reviewer, admin, waits)
    for by in others:
        with pytest.raises(MoveNotAllowed) as refused:
            decide(desk, one.id, 1, by)
        assert refused.value.code == "right"
    for by in (replace(COORDINATOR, country="GEO"), replace(desk.by, country="GEO")):
        with pytest.raises(SubmissionUnknown):
            decide(desk, one.id, 1, by)
    for hand in (desk.by, desk.approver, second(desk.by), second(desk.approver)):  # made coordinator since
        with pytest.raises(MoveNotAllowed) as refused:
            decide(desk, one.id, 1, replace(COORDINATOR, id=hand.id))
        assert refused.value.code == "four_eyes"
    held = replace(COORDINATOR, held_until=datetime.now(UTC) + timedelta(hours=1))
    for by, office, code in ((held, 1, "held"), (COORDINATOR, 3, "office")):
        with pytest.raises(MoveNotAllowed) as refused:
            decide(desk, one.id, office, by)
        assert refused.value.code == code
    with pytest.raises(MoveNotAllowed, match="why"):
        decision.decide(desk.settings, desk.book, COORDINATOR, one.id, 1, "  ")
    assert conflicts_of(record) == [one]


@pytest.mark.parametrize(("reason", "severity"), [("Withdrawn", "error"), ("Not collected", "suggestion")])
def test_nobody_takes_back_another_offices_figure(desk: Desk, statistics: Desk, reason: str, severity: str) -> None:
    publish(desk, desk.send(workbook([row("nps", YEAR, 40)])))
    none = ("nps", "Total", int(YEAR), None, None, None, None, None, reason, "Asked wrongly")
    sent = statistics.send(workbook([none, row("csat_exit_poll", YEAR, 7)]))
    (told,) = findings(statistics, sent, "figure_of_office")
    assert (told.severity, told.values["office"], told.values["figure"]) == (severity, "State Agency", "40")
    if severity == "suggestion":
        publish(statistics, sent)
        assert in_force(desk, "nps", YEAR) == 40
    else:
        with pytest.raises(MoveNotAllowed, match="Errors"):
            workflow.make(desk.settings, statistics.by, sent.id, "submit")


def test_an_indicator_of_one_office_is_an_error_from_another(desk: Desk, statistics: Desk) -> None:
    sent = statistics.send(workbook([row("nps", YEAR, 50)]))
    workflow.make(desk.settings, statistics.by, sent.id, "submit")
    workflow.make(desk.settings, statistics.approver, sent.id, "approve")
    directory.assign(desk.settings, desk.book, COORDINATOR, "AZE", "nps", 1)
    with pytest.raises(MoveNotAllowed, match="State Agency") as refused:
        publication.publish(desk.settings, desk.book, desk.reviewer, sent.id)
    assert refused.value.code == "assigned_since"
    workflow.make(desk.settings, desk.reviewer, sent.id, "return", reason="Theirs")
    again = statistics.send(workbook([row("nps", YEAR, 50), row("csat_exit_poll", YEAR, 7)]))
    told = findings(statistics, again, "indicator_assigned")
    assert [(it.severity, it.cell, it.values["office"]) for it in told] == [("error", "D2", "State Agency")]
    ours = desk.send(workbook([row("nps", YEAR, 40)]))
    assert findings(desk, ours, "indicator_assigned") == []
    publish(desk, ours)
    directory.assign(desk.settings, desk.book, COORDINATOR, "AZE", "nps", 0)
    assert directory.list_assigned(desk.settings, "AZE") == {}


def test_a_report_of_counts_is_one_offices(desk: Desk, statistics: Desk, record: Engine) -> None:
    delivery.save_centres(record, [BAKU])

    def send(sender: Desk, channel: str, started: int) -> Submission:
        stored = sender.store(sheet(f"baku-1,id,{channel},{SAID},{started},30"))
        made = intake.receive(
            desk.settings, sender.by, stored, filename="counts.csv", period=SAID, lang="en", dataset="counts"
        )
        return intake.check(desk.settings, desk.book, sender.by, made.id)

    early = send(statistics, "counter", 50)
    assert early.errors == 0
    publish(desk, send(desk, "counter", 40))
    with pytest.raises(MoveNotAllowed, match="State Agency") as refused:
        publish(statistics, early)
    assert refused.value.code == "assigned_since"
    workflow.make(desk.settings, desk.reviewer, early.id, "return", reason="Theirs")
    told = findings(statistics, send(statistics, "counter", 50), "count_of_office")
    assert [(it.severity, it.values["group"], it.values["office"]) for it in told] == [
        ("error", "baku-1 · id · counter", "State Agency")
    ]
    publish(statistics, send(statistics, "web", 60))
    assert {it.channel: it.counts["started"] for it in delivery.reports(record, "AZE")} == {"counter": 40, "web": 60}


def test_a_report_of_counts_is_taken_back_by_its_office_alone_and_then_free(
    desk: Desk, statistics: Desk, record: Engine
) -> None:
    delivery.save_centres(record, [BAKU])

    def send(sender: Desk, *rows: str) -> Submission:
        stored = sender.store(sheet(*rows, head=f"{HEAD},withdrawn"))
        made = intake.receive(
            desk.settings, sender.by, stored, filename="counts.csv", period=SAID, lang="en", dataset="counts"
        )
        return intake.check(desk.settings, desk.book, sender.by, made.id)

    taken_back = f"baku-1,id,counter,{SAID},,,Counted twice"
    publish(desk, send(desk, f"baku-1,id,counter,{SAID},40,30,"))
    told = findings(statistics, send(statistics, taken_back), "count_of_office")
    assert [(it.severity, it.values["group"]) for it in told] == [("error", "baku-1 · id · counter")]
    workflow.reopen(desk.settings, desk.reviewer, "AZE", "counts", SAID, "A slip")
    publish(desk, send(desk, taken_back, f"baku-1,id,web,{SAID},9,8,"))
    publish(statistics, send(statistics, f"baku-1,id,counter,{SAID},50,30,"))
    assert {it.channel: it.counts["started"] for it in delivery.reports(record, "AZE")} == {"counter": 50, "web": 9}
    for office in (1, 2):
        workflow.reopen(desk.settings, desk.reviewer, "AZE", "counts", SAID, "A slip", office=office)
    again = f"baku-1,id,counter,{SAID},60,30,"
    assert findings(statistics, send(statistics, again), "count_of_office") == []
    (told,) = findings(desk, send(desk, again), "count_of_office")
    assert told.values["office"] == statistics.by.office


@pytest.mark.parametrize("act", ["assign", "add", "rename"])
def test_offices_are_kept_by_their_coordinator(desk: Desk, statistics: Desk, act: str) -> None:
    assert statistics

    def make(by: Principal, country: str = "AZE") -> None:
        if act == "assign":
            directory.assign(desk.settings, desk.book, by, country, "nps", 2)
        elif act == "add":
            directory.add_office(desk.settings, desk.book, by, country, "Treasury")
        else:
            directory.rename_office(desk.settings, by, country, 2, "Statistics Committee")

    admin = person(9, Role.ADMIN, "")
    refused = [desk.by, person(2, Role.APPROVER), person(3, Role.REVIEWER, ""), replace(COORDINATOR, country="GEO")]
    refused += [replace(COORDINATOR, waits=True)] + ([admin] if act == "assign" else [])
    for by in refused:
        with pytest.raises(MoveNotAllowed) as error:
            make(by)
        assert error.value.code == "right"
    make(COORDINATOR)
    names = [it.name for it in directory.list_offices(desk.settings, "AZE")]
    assert names == {
        "assign": ["State Agency", "Statistics"], "add": ["State Agency", "Statistics", "Treasury"],
        "rename": ["State Agency", "Statistics Committee"],
    }[act]  # fmt: skip
    if act != "assign":
        directory.rename_office(desk.settings, admin, "AZE", 1, "State Agency for Public Service")
        for name in (" ", "x", "STATISTICS" if act == "add" else "Statistics Committee", "x" * 121):
            with pytest.raises(MoveNotAllowed):
                directory.rename_office(desk.settings, admin, "AZE", 1, name)
    for office, indicator in ((9, "nps"), (1, "no_such"), (1, "gdp")):
        with pytest.raises(MoveNotAllowed):
            directory.assign(desk.settings, desk.book, COORDINATOR, "AZE", indicator, office)


def of_groups(desk: Desk, total: float, women: float, men: float) -> None:
    """Publish a total and its parts."""
    groups = (("Total", total), ("Women", women), ("Men", men))
    publish(
        desk,
        desk.send(workbook([("csat_exit_poll", group, int(YEAR), value, None, None, 800) for group, value in groups])),
    )


@pytest.mark.parametrize(
    ("total", "refused"), [(80.64, True), (80.65, False), (81.4, False), (82.05, False), (82.06, True), (77.7, True)]
)
def test_a_total_outside_its_parts_is_not_chosen(
    desk: Desk, statistics: Desk, record: Engine, total: float, refused: bool
) -> None:
    assert numbers.PARTS_ROUNDING == 0.05
    of_groups(desk, 81.5, 82.0, 80.7)
    publish(statistics, statistics.send(workbook([row("csat_exit_poll", YEAR, total)])))
    (one,) = conflicts_of(record)
    if refused:
        with pytest.raises(MoveNotAllowed, match=r"its parts from 80\.7 to 82"):
            decide(desk, one.id or 0, 2)
        assert (in_force(desk, "csat_exit_poll", YEAR), conflicts_of(record)[0].state) == (81.5, "open")
        decide(desk, one.id or 0, 1)
    else:
        decide(desk, one.id or 0, 2)
    assert in_force(desk, "csat_exit_poll", YEAR) == (81.5 if refused else total)


def test_a_total_whose_parts_are_not_decided_yet_waits_for_the_last_of_them(
    desk: Desk, statistics: Desk, record: Engine
) -> None:
    of_groups(desk, 81.4, 82.0, 80.7)
    of_groups(statistics, 77.0, 78.0, 76.0)
    waiting = {it.dimensions: it.id or 0 for it in conflicts_of(record)}
    assert len(waiting) == 3
    for decided, dimensions in enumerate(("{}", WOMEN), start=1):
        before = {it.id: it for it in conflicts_of(record)}
        decide(desk, waiting[dimensions], 2)
        after = {it.id: it for it in conflicts_of(record)}
        assert [number for number, it in after.items() if it != before[number]] == [waiting[dimensions]]
        assert [it.state for it in after.values()].count("decided") == decided
    with pytest.raises(MoveNotAllowed, match="its parts from 78 to 80"):
        decide(desk, waiting[WOMEN.replace("FEMALE", "MALE")], 1)
    decide(desk, waiting[WOMEN.replace("FEMALE", "MALE")], 2)
    assert {it.state for it in conflicts_of(record)} == {"decided"}
