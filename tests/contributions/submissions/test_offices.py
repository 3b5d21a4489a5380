"""Two offices of one country in one year: each has its own drafts, method and deadlines, and sees no other's."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from dashboard.accounts import store as accounts
from dashboard.accounts.model import Impossible, Principal, Role
from dashboard.accounts.people import Rights, change_rights, invite, list_accounts
from dashboard.contributions.submissions import deadlines, intake, publication, store, workflow
from dashboard.contributions.submissions.methods.earlier import find_earlier
from dashboard.contributions.submissions.model import MoveNotAllowed, SubmissionUnknown
from dashboard.evidence.database.engine import open_engine, reading, writing
from dashboard.settings import Settings
from tests.contributions.submissions.conftest import YEAR, Desk, person, workbook
from tests.contributions.submissions.test_closed import in_force, publish, row

COORDINATOR = person(8, Role.COORDINATOR, office="Ministry")


def second(by: Principal) -> Principal:
    """Somebody with the same role in the second office."""
    return replace(by, id=by.id + 20, office="Statistics", office_number=2)


@pytest.fixture
def statistics(desk: Desk) -> Desk:
    """The desk of the second office."""
    with writing(open_engine(desk.settings)) as connection:
        for number, name in enumerate(("State Agency", "Statistics"), start=1):
            accounts.name_office(connection, "AZE", number, name)
    return Desk(desk.settings, desk.book, second(desk.by), second(desk.approver))


ACTS: dict[str, Callable[[Desk, Principal, int], object]] = {
    "open": lambda desk, by, number: workflow.detail(desk.settings, by, number),
    "check": lambda desk, by, number: intake.check(desk.settings, desk.book, by, number),
    "map": lambda desk, by, number: intake.map_columns(desk.settings, desk.book, by, number, {"A head": "value"}),
    "method": lambda desk, by, number: intake.set_method(desk.settings, desk.book, by, number, {"method": "registers"}),
    "release": lambda desk, by, number: workflow.release(desk.settings, desk.book, by, number, 1),
    "comment": lambda desk, by, number: workflow.comment(desk.settings, by, number, "Words"),
    "submit": lambda desk, by, number: workflow.make(desk.settings, by, number, "submit"),
    "withdraw": lambda desk, by, number: workflow.make(desk.settings, by, number, "withdraw"),
    "approve": lambda desk, by, number: workflow.make(desk.settings, by, number, "approve"),
    "return": lambda desk, by, number: workflow.make(desk.settings, by, number, "return", reason="No"),
    "publish": lambda desk, by, number: publication.publish(desk.settings, desk.book, by, number),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.APPROVER])
@pytest.mark.parametrize("changed", [False, True], ids=["of another office", "who changed office"])
def test_nobody_touches_what_another_office_sends(
    statistics: Desk, desk: Desk, act: str, role: Role, changed: bool
) -> None:
    was = statistics.by if role is Role.CONTRIBUTOR else statistics.approver
    who = replace(was, office="State Agency", office_number=1) if changed else person(30, role)
    number = statistics.send(workbook()).id
    if act in ("approve", "return"):
        workflow.make(desk.settings, statistics.by, number, "submit")
    before = workflow.detail(desk.settings, statistics.by, number)
    with pytest.raises(MoveNotAllowed if (act, role) == ("map", Role.APPROVER) else SubmissionUnknown):
        ACTS[act](desk, who, number)
    assert workflow.detail(desk.settings, statistics.by, number) == before


@pytest.mark.parametrize("act", [one for one in ACTS if one not in ("open", "comment")])
def test_a_coordinator_sees_every_office_and_enters_approves_and_publishes_nothing(
    statistics: Desk, desk: Desk, act: str
) -> None:
    for sender in (desk, statistics):
        number = sender.send(workbook()).id
        if act in ("approve", "return"):
            workflow.make(desk.settings, sender.by, number, "submit")
        assert workflow.see(desk.settings, COORDINATOR, number).created_office == sender.by.office
        with pytest.raises(MoveNotAllowed):
            ACTS[act](desk, COORDINATOR, number)
    with pytest.raises(SubmissionUnknown):
        workflow.see(desk.settings, replace(COORDINATOR, country="GEO"), number)
    with pytest.raises(MoveNotAllowed):
        intake.may_send(desk.settings, COORDINATOR, "figures", YEAR)


def test_the_second_office_of_another_country_is_another_office(statistics: Desk, desk: Desk) -> None:
    number = statistics.send(workbook()).id
    with pytest.raises(SubmissionUnknown):
        workflow.see(desk.settings, replace(statistics.by, country="GEO"), number)


def test_offices_send_submit_and_close_the_same_year_side_by_side(desk: Desk, statistics: Desk) -> None:
    ours, theirs = (
        desk.send(workbook([row("nps", YEAR, 40)])),
        statistics.send(workbook([row("csat_exit_poll", YEAR, 7)])),
    )
    publish(desk, ours)
    assert workflow.see(desk.settings, statistics.by, theirs.id).state == "checked", "submitting withdraws no other's"
    publish(statistics, theirs)
    assert (in_force(desk, "nps", YEAR), in_force(desk, "csat_exit_poll", YEAR)) == (40, 7)
    for sender, sent in ((desk, ours), (statistics, theirs)):
        assert workflow.see(desk.settings, sender.by, sent.id).state == "published"
        with pytest.raises(MoveNotAllowed, match="closed"):
            sender.send(workbook([row("battery_1662_exit", YEAR, 50)]))
    workflow.reopen(desk.settings, desk.reviewer, "AZE", "figures", YEAR, "A slip", office=2)
    with pytest.raises(MoveNotAllowed, match="closed"):
        desk.send(workbook([row("nps", YEAR, 41)]))
    publish(statistics, statistics.send(workbook([row("csat_exit_poll", YEAR, 8)])))
    assert workflow.see(desk.settings, desk.by, ours.id).state == "published", "it supersedes its own office's alone"
    assert (in_force(desk, "nps", YEAR), in_force(desk, "csat_exit_poll", YEAR)) == (40, 8)


def test_a_whole_year_replaces_the_figures_of_its_office_alone(desk: Desk, statistics: Desk) -> None:
    publish(desk, desk.send(workbook([row("nps", YEAR, 40)])))
    publish(statistics, statistics.send(workbook([row("csat_exit_poll", YEAR, 7)])))
    workflow.reopen(desk.settings, desk.reviewer, "AZE", "figures", YEAR, "A slip", office=2)
    sent = statistics.send(workbook([row("complaints_in_time", YEAR, 75)]), intent="replaces")
    gone = publication.preview(desk.settings, desk.book, sent).removed
    assert [it.indicator for it in gone] == ["csat_exit_poll"]
    publish(statistics, workflow.release(desk.settings, desk.book, statistics.by, sent.id, 1))
    assert (in_force(desk, "nps", YEAR), in_force(desk, "complaints_in_time", YEAR)) == (40, 75)


def test_method_columns_and_nothing_to_report_are_an_offices_own(desk: Desk, statistics: Desk) -> None:
    ours = desk.send(workbook())
    intake.map_columns(desk.settings, desk.book, desk.by, ours.id, {"Göstərici": "indicator"})
    theirs = statistics.send(workbook(method=None))
    with reading(open_engine(desk.settings)) as connection:
        assert [store.mapping(connection, "AZE", number) for number in (1, 2)] == [{"göstərici": "indicator"}, {}]
    assert find_earlier(desk.settings, theirs) is None
    assert find_earlier(desk.settings, desk.send(workbook(method=None))).id == ours.id
    workflow.not_reported(desk.settings, statistics.by, "figures", YEAR, "not_yet", "")
    publish(desk, ours)
    standing = {it.office_number: it.standing for it in deadlines.listing(desk.settings, datetime.now(UTC), "AZE")}
    assert standing == {1: "published", 2: "not_reported"}


def test_deadlines_are_set_for_one_office_or_all_by_the_countrys_coordinator(desk: Desk, statistics: Desk) -> None:
    assert statistics
    deadlines.set_due(desk.settings, COORDINATOR, ["AZE"], YEAR, date(2026, 3, 31))
    deadlines.set_due(desk.settings, COORDINATOR, ["AZE"], YEAR, date(2026, 5, 31), office=2)
    found = deadlines.listing(desk.settings, datetime(2026, 4, 15, tzinfo=UTC), "AZE")
    assert [(it.office_number, it.due and it.due.month, it.standing) for it in found] == [
        (1, 3, "overdue"),
        (2, 5, "due"),
    ]
    told = deadlines.standings(desk.settings, datetime(2026, 4, 15, tzinfo=UTC), desk.book, "en")
    assert [it["country"] for it in told] == ["Azerbaijan · State Agency", "Azerbaijan · Statistics"]
    names = deadlines.office_names(desk.settings)
    lines = deadlines.calendar(found, desk.book, "en", names).decode().splitlines()
    assert len({line for line in lines if line.startswith("UID")}) == 2
    for by, office in ((replace(COORDINATOR, country="GEO"), 0), (desk.by, 0), (COORDINATOR, 3)):
        with pytest.raises(MoveNotAllowed):
            deadlines.set_due(desk.settings, by, ["AZE"], YEAR, date(2026, 4, 30), office=office)
    assert deadlines.listing(desk.settings, datetime(2026, 4, 15, tzinfo=UTC), "AZE") == found


def test_people_belong_to_the_office_of_the_name_they_are_given(monitor_settings: Settings) -> None:
    def number(email: str) -> int:
        return next(one.office_number for one in list_accounts(monitor_settings) if one.email == email)

    def give(email: str, office: str, role: Role = Role.CONTRIBUTOR) -> int:
        invite(monitor_settings, email=email, rights=Rights(role, "AZE", office))
        return number(email)

    assert give("a@x.test", "State Agency") == 1
    assert give("b@x.test", "Ministry", Role.APPROVER) == 1, "one office, whatever readers see in the person's place"
    with writing(open_engine(monitor_settings)) as connection:
        assert [one.name for one in accounts.list_offices(connection, "AZE")] == ["State Agency"]
        accounts.name_office(connection, "AZE", 2, "Statistics")
    assert give("c@x.test", "statistics") == 2
    with pytest.raises(Impossible, match="State Agency; Statistics") as refused:
        give("d@x.test", "Treasury")
    assert refused.value.key == "which_office"
    assert give("m@x.test", "Treasury", Role.MODERATOR) == 1, "who sends nothing belongs to none"
    ids = {one.email: one.id for one in list_accounts(monitor_settings)}
    change_rights(monitor_settings, ids["b@x.test"], Rights(Role.CONTRIBUTOR, "AZE", "Ministry"), None)
    assert number("b@x.test") == 1, "who is there stays"
    admin = replace(person(99, Role.ADMIN, ""), id=99)
    change_rights(monitor_settings, ids["b@x.test"], Rights(Role.APPROVER, "AZE", "State Agency"), None)
    change_rights(monitor_settings, ids["b@x.test"], Rights(Role.APPROVER, "AZE", "Statistics"), admin)
    moved = next(one for one in list_accounts(monitor_settings) if one.email == "b@x.test")
    assert (moved.office_number, moved.waits) == (2, True), "another office is another right, which a reviewer confirms"
