"""Whoever had a hand in a submission decides no further step of it, whatever role they have come to since."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dashboard.accounts import audit, standing, store
from dashboard.accounts.model import Principal, Role, State
from dashboard.contributions.submissions import intake, publication, workflow
from dashboard.contributions.submissions.model import MoveNotAllowed
from dashboard.evidence.database.engine import open_engine, writing
from tests.contributions.submissions.conftest import YEAR, Desk, person, workbook


def refused(desk: Desk, by: Principal, number: int, move: str) -> str:
    """The code with which a move is refused; "" where it is made."""
    try:
        if move == "publish":
            publication.publish(desk.settings, desk.book, by, number)
        else:
            workflow.make(desk.settings, by, number, move, reason="r" if move == "return" else "")
    except MoveNotAllowed as error:
        return error.code
    return ""


def test_an_approver_made_reviewer_does_not_publish_what_they_approved(desk: Desk) -> None:
    number = desk.send(workbook()).id
    workflow.make(desk.settings, desk.by, number, "submit")
    workflow.make(desk.settings, desk.approver, number, "approve")
    for hand in (desk.approver, desk.by):
        promoted = person(hand.id, Role.REVIEWER, "")
        assert workflow.allowed(promoted, workflow.see(desk.settings, promoted, number)) == ["return"]
        assert refused(desk, promoted, number, "publish") == "four_eyes"
    assert refused(desk, desk.reviewer, number, "publish") == ""


def test_a_first_approval_that_was_returned_is_a_hand_in_it_too(desk: Desk) -> None:
    first, second = person(21, Role.APPROVER), person(22, Role.APPROVER)
    number = desk.send(workbook()).id
    workflow.make(desk.settings, desk.by, number, "submit")
    workflow.make(desk.settings, first, number, "approve")
    assert refused(desk, desk.reviewer, number, "return") == ""
    intake.check(desk.settings, desk.book, desk.by, number)
    workflow.make(desk.settings, desk.by, number, "submit")
    workflow.make(desk.settings, second, number, "approve")
    assert refused(desk, person(first.id, Role.REVIEWER, ""), number, "publish") == "four_eyes"
    assert refused(desk, desk.reviewer, number, "publish") == "", "who returned it had no hand in it"


def test_saying_how_figures_were_made_or_what_columns_mean_is_a_hand_in_them(desk: Desk) -> None:
    helper, second = person(31, Role.CONTRIBUTOR), person(32, Role.CONTRIBUTOR)
    number = desk.send(workbook()).id
    intake.set_method(desk.settings, desk.book, helper, number, {"method": "registers", "who": "Office"})
    intake.map_columns(desk.settings, desk.book, second, number, {"A head": ""})
    workflow.make(desk.settings, desk.by, number, "submit")
    for hand in (helper, second):
        assert refused(desk, person(hand.id, Role.APPROVER), number, "approve") == "four_eyes"
    releaser = person(34, Role.CONTRIBUTOR)
    with writing(
        open_engine(desk.settings)
    ) as connection:  # as letting go of figures that a correction removes is told
        audit.record(connection, action="submission.released", subject=f"submission {number}", by=releaser)
    assert refused(desk, person(releaser.id, Role.APPROVER), number, "approve") == "four_eyes"
    approved = person(33, Role.APPROVER)
    workflow.comment(desk.settings, approved, number, "I have looked at it")
    assert refused(desk, approved, number, "approve") == "", "words are no hand in figures"


@pytest.mark.parametrize("move", ["approve", "publish"])
def test_whom_another_person_reset_makes_neither_move_and_still_returns(desk: Desk, move: str) -> None:
    number = desk.send(workbook()).id
    workflow.make(desk.settings, desk.by, number, "submit")
    if move == "publish":
        workflow.make(desk.settings, desk.approver, number, "approve")
    by = desk.approver if move == "approve" else desk.reviewer
    held = replace(by, held_until=datetime.now(UTC) + timedelta(minutes=1))
    assert workflow.allowed(held, workflow.see(desk.settings, held, number)) == ["return"]
    assert refused(desk, held, number, move) == "held"
    assert refused(desk, replace(by, held_until=datetime.now(UTC)), number, move) == ""


def test_standing_is_read_when_the_move_is_made_not_when_the_page_was_opened(desk: Desk) -> None:
    number = desk.send(workbook(), period=YEAR).id
    workflow.make(desk.settings, desk.by, number, "submit")
    workflow.make(desk.settings, desk.approver, number, "approve")
    with writing(open_engine(desk.settings)) as connection:
        numbers = [
            store.add_account(
                connection, email=f"p{at}@stat.test", role="reviewer", state=State.ACTIVE.value,
                created_at=datetime.now(UTC),
            ).id
            for at in range(6)
        ][3:]  # fmt: skip
        opened = {at: replace(desk.reviewer, id=at) for at in numbers}
        standing.hold(connection, numbers[0], datetime.now(UTC))
        store.change_account(connection, numbers[1], waits=True)
    assert [refused(desk, opened[at], number, "publish") for at in numbers] == ["held", "waits", ""]
