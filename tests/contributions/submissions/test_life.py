"""From a file to a published figure, by three people, and what none of them may do."""

from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from dashboard.accounts import audit
from dashboard.accounts.model import Role
from dashboard.answers.base import context
from dashboard.answers.revisions.provenance import trace_observation
from dashboard.contributions.submissions import deadlines, intake, publication, store, workflow
from dashboard.contributions.submissions.model import SOURCE, MoveNotAllowed, SubmissionUnknown, UploadRefused
from dashboard.contributions.submissions.reading import process
from dashboard.evidence.codebook.model import Codebook
from dashboard.evidence.database import vintages
from dashboard.evidence.database.engine import reading, writing
from dashboard.evidence.dataset.store import Dataset
from tests.contributions.submissions.conftest import GOOD, HEADS, YEAR, Desk, person, workbook


def publish(desk: Desk, body: bytes, removes: int = 0) -> int:
    sent = desk.send(body, intent="replaces" if removes else "")
    if removes:
        sent = workflow.release(desk.settings, desk.book, desk.by, sent.id, removes)
    assert sent.errors == 0, intake_findings(desk, sent.id)
    workflow.make(desk.settings, desk.by, sent.id, "submit")
    workflow.make(desk.settings, desk.approver, sent.id, "approve")
    publication.publish(desk.settings, desk.book, desk.reviewer, sent.id)
    return sent.id


def intake_findings(desk: Desk, number: int) -> list[str]:
    return [f"{it.rule} {it.cell} {it.read}" for it in workflow.detail(desk.settings, desk.by, number)[1]]


def figures(desk: Desk) -> list[tuple[str, str, float]]:
    dataset = Dataset.current(desk.settings.dataset_dir)
    rows = dataset.rows("battery_1662_exit").filter(pl.col("source") == SOURCE, pl.col("value").is_not_null()).collect()
    return sorted(rows.select("period", "dimensions", "value").rows())


def test_three_people_bring_a_figure_to_readers(desk: Desk, record: Engine) -> None:
    number = publish(desk, workbook())
    assert (YEAR, "{}", 61.5) in figures(desk)
    row = Dataset.current(desk.settings.dataset_dir).rows("battery_1662_exit").collect().row(0, named=True)
    assert row["source_detail"].startswith("Submitted by State Agency, approved by Ministry")
    assert (row["edition"], row["series"], row["primary"]) == (f"submission {number}", "level2:AZE", True)
    assert "Person" not in str(row)
    raw = Dataset.current(desk.settings.dataset_dir).record(row["raw_sha256"])
    assert raw["publisher"] == "State Agency"
    assert audit.verify(record).broken == 0
    actions = [entry.action for entry in audit.list_entries(record)[0]][::-1]
    assert actions == [f"submission.{it}" for it in ("received", "checked", "submitted", "approved", "published")]


def test_a_correction_supersedes_and_the_old_figures_stay_in_their_vintage(desk: Desk, record: Engine) -> None:
    first = publish(desk, workbook())
    before = vintages.list_vintages(record)[-1].number
    with pytest.raises(MoveNotAllowed, match="closed"):
        desk.send(workbook())
    with pytest.raises(MoveNotAllowed, match="Only reviewers"):
        workflow.reopen(desk.settings, desk.approver, "AZE", "figures", YEAR, "A slip")
    workflow.reopen(desk.settings, desk.reviewer, "AZE", "figures", YEAR, "The total was wrong")
    changed = [("battery_1662_exit", "Total", int(YEAR), 62.0, None, None, 800), *GOOD[1:3]]
    second = publish(desk, workbook(changed), removes=1)
    assert workflow.see(desk.settings, desk.reviewer, first).state == "superseded"
    assert workflow.see(desk.settings, desk.reviewer, second).supersedes == first
    dataset = Dataset.current(desk.settings.dataset_dir)
    now = dataset.rows("battery_1662_exit").filter(pl.col("dimensions") == "{}").collect()["value"].to_list()
    then = dataset.as_of(before).rows("battery_1662_exit").filter(pl.col("dimensions") == "{}").collect()
    assert (now, then["value"].to_list()) == ([62.0], [61.5])
    women = dataset.rows("battery_1662_exit").filter(pl.col("dimensions").str.contains("FEMALE")).collect()
    assert women["edition"].to_list() == [f"submission {first}"]  # unchanged: its id and edition stay
    gone = dataset.rows("complaints_in_time").collect()  # no longer sent: vanished, and said so
    assert gone.select("value", "status", "value_text").rows() == [(None, "missing", "withdrawn")]


def test_a_figure_of_few_people_or_of_a_wide_error_is_marked_as_the_check_said(desk: Desk) -> None:
    """A standard error of 30 per cent of 10 is 3, and 1.96 times that 5.88 on each side."""
    plain = ("battery_1662_exit", int(YEAR), None, None)
    groups = (
        ("Total", 10.0, 800), ("Women", 12.0, 30), ("Men", 9.0, 29), ("Urban", 10.0, 400, 4.13, 15.87),
        ("Rural", 10.0, 400, 4.11, 15.89),
    )  # fmt: skip
    rows = [(plain[0], name, plain[1], value, *plain[2:], *rest) for name, value, *rest in groups]
    publish(desk, workbook(rows, (*HEADS[:7], "Lower bound (95 %)", "Upper bound (95 %)")))
    held = Dataset.current(desk.settings.dataset_dir).rows("battery_1662_exit").filter(pl.col("source") == SOURCE)
    marked = {row["dimensions"]: row["status"] for row in held.collect().to_dicts()}
    assert sorted(marked.values()) == ["normal"] * 3 + ["unreliable"] * 2
    assert {dimensions for dimensions, status in marked.items() if status == "unreliable"} == {
        '{"Sex":"MALE"}', '{"Location":"RURAL"}',
    }  # fmt: skip


def test_a_figure_with_an_interval_is_not_said_to_have_none(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "settings", lambda: desk.settings)
    rows = [
        ("battery_1662_exit", "Total", int(YEAR), 61.5, None, None, 800, 60.0, 63.0),
        ("complaints_in_time", "Total", int(YEAR), 75, 300, 400),
    ]
    publish(desk, workbook(rows, (*HEADS[:7], "Lower bound (95 %)", "Upper bound (95 %)")))
    ctx, told = context.open_context(), {}
    for name in ("battery_1662_exit", "complaints_in_time"):
        number = ctx.dataset.rows(name).filter(pl.col("source") == SOURCE).collect().item(0, "id")
        told[name] = {step["id"]: step["text"] for step in trace_observation(ctx, number)["steps"]}
    assert "95" in told["battery_1662_exit"]["interval"]
    assert told["battery_1662_exit"]["method"] == "The interval as its publisher gives it."
    assert told["complaints_in_time"]["method"] == "The figure comes with neither an interval nor a standard error."


def test_how_many_answered_is_not_told_where_they_were_too_few_for_a_figure(desk: Desk) -> None:
    withheld = ("nps", "Total", int(YEAR), None, None, None, 6, None, "Too few answers")
    publish(desk, workbook([*GOOD, withheld]))
    dataset = Dataset.current(desk.settings.dataset_dir)
    notes = {
        name: dataset.rows(name).filter(pl.col("source") == SOURCE, pl.col("dimensions") == "{}").collect()["footnote"]
        for name in ("nps", "battery_1662_exit")
    }
    assert {name: told.to_list() for name, told in notes.items()} == {"nps": [""], "battery_1662_exit": ["n = 800"]}


def test_the_difference_is_said_before_it_is_published(desk: Desk, book: Codebook) -> None:
    publish(desk, workbook())
    workflow.reopen(desk.settings, desk.reviewer, "AZE", "figures", YEAR, "The total was wrong")
    changed = [
        ("battery_1662_exit", "Total", int(YEAR), 62.0, None, None, 800),
        *GOOD[1:3],
        ("nps", "Total", int(YEAR), 40, None, None, 900),
    ]
    told = publication.preview(desk.settings, book, desk.send(workbook(changed), intent="replaces"))
    fates = {(it.indicator, it.dimensions): it.fate for it in told.changes}
    assert (fates["battery_1662_exit", "{}"], fates["nps", "{}"]) == ("revised", "new")
    assert dict(told.counts) == {"new": 1, "revised": 1, "withdrawn": 0, "vanished": 1, "unchanged": 2}
    assert fates["complaints_in_time", "{}"] == "vanished"
    revised = next(it for it in told.changes if it.fate == "revised" and it.dimensions == "{}")
    assert (revised.before, revised.after, round(revised.percent or 0, 3)) == (61.5, 62.0, 0.813)


def test_a_figure_that_is_written_otherwise_is_not_revised(desk: Desk, book: Codebook) -> None:
    publish(desk, workbook())
    workflow.reopen(desk.settings, desk.reviewer, "AZE", "figures", YEAR, "The total was wrong")
    sent = desk.send(workbook([(*row[:3], f"{row[3]:.2f}".replace(".", ","), *row[4:]) for row in GOOD]))
    assert dict(publication.preview(desk.settings, book, sent).counts)["unchanged"] == len(GOOD)


def test_nobody_approves_what_they_submitted(desk: Desk, record: Engine) -> None:
    both = person(desk.by.id, Role.APPROVER)
    sent = desk.send(workbook())
    workflow.make(desk.settings, desk.by, sent.id, "submit")
    with pytest.raises(MoveNotAllowed, match="another person"):
        workflow.make(desk.settings, both, sent.id, "approve")
    with pytest.raises(IntegrityError, match="four_eyes"), writing(record) as connection:
        connection.execute(text("UPDATE submission SET approved_by = submitted_by"))
    with pytest.raises(IntegrityError, match="approved_by_someone"), writing(record) as connection:
        connection.execute(text("UPDATE submission SET state = 'approved'"))


def test_nobody_approves_a_file_that_they_sent_and_another_submitted(desk: Desk) -> None:
    sent = desk.send(workbook())
    workflow.make(desk.settings, person(8, Role.CONTRIBUTOR, office="State Agency"), sent.id, "submit")
    with pytest.raises(MoveNotAllowed, match="another person"):
        workflow.make(desk.settings, person(desk.by.id, Role.APPROVER), sent.id, "approve")


def test_two_approvers_at_once_make_one_approval(desk: Desk, record: Engine) -> None:
    from concurrent.futures import ThreadPoolExecutor

    sent = desk.send(workbook())
    workflow.make(desk.settings, desk.by, sent.id, "submit")

    def approve(number: int) -> str:
        try:
            workflow.make(desk.settings, person(number, Role.APPROVER), sent.id, "approve")
        except MoveNotAllowed as error:
            return error.code
        return "approved"

    with ThreadPoolExecutor(4) as pool:
        told = sorted(pool.map(approve, range(20, 24)))
    assert told == ["approved", "state", "state", "state"]
    assert sum(entry.action == "submission.approved" for entry in audit.list_entries(record)[0]) == 1


def test_another_country_neither_sees_nor_moves_it(desk: Desk) -> None:
    sent = desk.send(workbook())
    workflow.make(desk.settings, desk.by, sent.id, "submit")
    for other in (person(7, Role.APPROVER, "TUR"), person(8, Role.CONTRIBUTOR, "TUR")):
        with pytest.raises(SubmissionUnknown):
            workflow.see(desk.settings, other, sent.id)
        with pytest.raises(SubmissionUnknown):
            workflow.make(desk.settings, other, sent.id, "approve")


def test_roles_make_only_their_own_moves(desk: Desk) -> None:
    sent = desk.send(workbook())
    admin = person(4, Role.ADMIN, "")
    may = {by.role: workflow.allowed(by, sent) for by in (desk.by, desk.approver, desk.reviewer, admin)}
    assert may == {"contributor": ["submit", "withdraw"], "approver": [], "reviewer": [], "admin": []}
    sent = workflow.make(desk.settings, desk.by, sent.id, "submit")
    may = {by.role: workflow.allowed(by, sent) for by in (desk.by, desk.approver, desk.reviewer, admin)}
    assert may == {"contributor": ["withdraw"], "approver": ["approve", "return"], "reviewer": ["return"], "admin": []}
    with pytest.raises(MoveNotAllowed, match="Say why"):
        workflow.make(desk.settings, desk.approver, sent.id, "return")
    returned = workflow.make(desk.settings, desk.approver, sent.id, "return", reason="The total is last year's")
    assert (returned.state, returned.reason) == ("returned", "The total is last year's")


def test_errors_keep_a_file_from_being_submitted(desk: Desk) -> None:
    sent = desk.send(workbook([("battery_1662_exit", "Total", int(YEAR), 161.5)]))
    assert sent.errors == 1
    with pytest.raises(MoveNotAllowed, match="Errors must be corrected"):
        workflow.make(desk.settings, desk.by, sent.id, "submit")


def test_what_is_submitted_puts_earlier_drafts_away(desk: Desk) -> None:
    first, second = desk.send(workbook()), desk.send(workbook())
    workflow.make(desk.settings, desk.by, second.id, "submit")
    assert workflow.see(desk.settings, desk.by, first.id).state == "withdrawn"
    third = desk.send(workbook())
    with pytest.raises(MoveNotAllowed, match="being decided on"):
        workflow.make(desk.settings, desk.by, third.id, "submit")


def test_nothing_reported_needs_a_reason_and_gives_way_to_figures(desk: Desk) -> None:
    with pytest.raises(MoveNotAllowed):
        workflow.not_reported(desk.settings, desk.by, "figures", YEAR, "other", "")
    for period in ("", "20 5", "1899", str(int(YEAR) + 3), "٢٠٢٤"):
        with pytest.raises(MoveNotAllowed, match="not a year"):
            workflow.not_reported(desk.settings, desk.by, "figures", period, "not_yet", "")
    number = workflow.not_reported(desk.settings, desk.by, "figures", YEAR, "not_yet", "The survey runs until June")
    assert workflow.see(desk.settings, desk.by, number).reason == "not_yet: The survey runs until June"
    publish(desk, workbook())
    assert workflow.see(desk.settings, desk.by, number).state == "superseded"


def test_a_statement_that_nothing_is_reported_can_be_taken_back(desk: Desk) -> None:
    def standing() -> set[str]:
        now = datetime.now(UTC)
        return {it.standing for it in deadlines.listing(desk.settings, now, "AZE") if it.period == YEAR}

    before = standing()
    number = workflow.not_reported(desk.settings, desk.by, "figures", YEAR, "not_yet", "")
    assert standing() == {"not_reported"}
    for other in (desk.approver, desk.reviewer):
        assert workflow.allowed(other, workflow.see(desk.settings, other, number)) == []
    assert workflow.allowed(desk.by, workflow.see(desk.settings, desk.by, number)) == ["withdraw"]
    assert workflow.make(desk.settings, desk.by, number, "withdraw").state == "withdrawn"
    assert standing() - {"due"} == before - {"due"}, "the year stands as if nothing had been said"
    _, _, moves = workflow.detail(desk.settings, desk.by, number)
    assert [move.move for move in moves] == ["not_reported", "withdraw"], "that it was said stays in the history"


def test_a_request_that_is_repeated_makes_one_submission(desk: Desk, record: Engine) -> None:
    one, other = desk.send(workbook(), key="k1"), desk.send(workbook(), key="k1")
    assert one.id == other.id
    with reading(record) as connection:
        assert len(store.listing(connection)) == 1


def test_a_request_that_comes_twice_at_once_makes_one_submission(desk: Desk, record: Engine) -> None:
    from concurrent.futures import ThreadPoolExecutor

    stored = [desk.store(workbook()) for _ in range(4)]

    def receive(one: Any) -> int:
        return intake.receive(desk.settings, desk.by, one, filename="f.xlsx", period=YEAR, lang="en", key="k1").id

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(receive, stored))) == 1
    with reading(record) as connection:
        assert len(store.listing(connection)) == 1


def test_a_published_submission_is_never_published_again(desk: Desk, record: Engine) -> None:
    number = publish(desk, workbook())
    count = len(vintages.list_vintages(record))
    with pytest.raises(MoveNotAllowed, match="is published"):
        publication.publish(desk.settings, desk.book, desk.reviewer, number)
    with pytest.raises(MoveNotAllowed):
        intake.check(desk.settings, desk.book, desk.by, number)
    assert len(vintages.list_vintages(record)) == count


def test_two_reviewers_at_once_publish_once(desk: Desk, record: Engine) -> None:
    from concurrent.futures import ThreadPoolExecutor

    sent = desk.send(workbook())
    workflow.make(desk.settings, desk.by, sent.id, "submit")
    workflow.make(desk.settings, desk.approver, sent.id, "approve")

    def publish_once(_: int) -> str:
        try:
            publication.publish(desk.settings, desk.book, desk.reviewer, sent.id)
        except MoveNotAllowed as error:
            return error.code
        return "published"

    with ThreadPoolExecutor(3) as pool:
        told = sorted(pool.map(publish_once, range(3)))
    assert told == ["published", "state", "state"]
    assert len(vintages.list_vintages(record)) == 1


def test_a_figure_that_two_corrections_left_as_it_was_vanishes_when_the_third_leaves_it_out(desk: Desk) -> None:
    for total in (61.5, 62.0):
        body = workbook([("battery_1662_exit", "Total", int(YEAR), total, None, None, 800), *GOOD[1:]])
        publish(desk, body)
        workflow.reopen(desk.settings, desk.reviewer, "AZE", "figures", YEAR, "A slip")
    publish(desk, workbook(GOOD[:1]), removes=3)
    assert figures(desk) == [(YEAR, "{}", 61.5)]


def test_a_year_that_was_closed_meanwhile_is_not_revised_by_the_file_of_another(desk: Desk) -> None:
    earlier = int(YEAR) - 1
    both = desk.send(workbook([*GOOD, ("nps", "Total", earlier, 10, None, None, 800)]))
    workflow.make(desk.settings, desk.by, both.id, "submit")
    own = desk.send(workbook([("nps", "Total", earlier, 40, None, None, 800)]), period=str(earlier))
    for one, by in ((own, desk.by), (own, desk.approver), (both, desk.approver)):
        workflow.make(desk.settings, by, one.id, "submit" if by is desk.by else "approve")
    publication.publish(desk.settings, desk.book, desk.reviewer, own.id)
    with pytest.raises(MoveNotAllowed, match=f"{earlier} is published and closed since"):
        publication.publish(desk.settings, desk.book, desk.reviewer, both.id)
    assert workflow.see(desk.settings, desk.reviewer, both.id).state == "approved"


def test_only_contributors_have_a_file_read_again(desk: Desk) -> None:
    sent = desk.send(workbook())
    workflow.make(desk.settings, desk.by, sent.id, "submit")
    workflow.make(desk.settings, desk.approver, sent.id, "return", reason="The total is last year's")
    for other in (desk.approver, desk.reviewer, person(4, Role.ADMIN, "")):
        with pytest.raises(MoveNotAllowed, match="Only contributors"):
            intake.check(desk.settings, desk.book, other, sent.id)
    assert workflow.see(desk.settings, desk.reviewer, sent.id).state == "returned"
    assert intake.check(desk.settings, desk.book, desk.by, sent.id).state == "checked"


@pytest.mark.parametrize(
    ("dataset", "period"),
    [("figures", "soon"), ("figures", f"0{YEAR}"), ("figures", "2999"), ("counts", YEAR), ("secret", YEAR)],
)
def test_no_draft_is_made_of_what_is_no_period(desk: Desk, record: Engine, dataset: str, period: str) -> None:
    stored = desk.store(workbook())
    with pytest.raises((MoveNotAllowed, UploadRefused)):
        intake.receive(desk.settings, desk.by, stored, filename="a.xlsx", period=period, lang="en", dataset=dataset)
    with reading(record) as connection:
        assert store.listing(connection) == []


def test_no_draft_is_made_of_a_year_that_was_closed_while_the_file_came(desk: Desk) -> None:
    stored = desk.store(workbook())
    publish(desk, workbook())
    with pytest.raises(MoveNotAllowed) as refused:
        intake.receive(desk.settings, desk.by, stored, filename="a.xlsx", period=YEAR, lang="en")
    assert refused.value.code == "closed"


def test_nothing_of_a_reading_that_is_killed_lies_among_the_files(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    lies: list[set[str]] = []

    def killed(*_: object, **__: object) -> None:
        place = desk.settings.submissions_dir
        lies.append({str(one.relative_to(place).parent.parent) for one in place.rglob("history.parquet")})
        raise SystemExit

    monkeypatch.setattr(process, "run", killed)
    with pytest.raises(SystemExit):
        desk.send(workbook())
    assert lies == [{"incoming"}], "what is unfinished is in no backup, and goes after a day"
