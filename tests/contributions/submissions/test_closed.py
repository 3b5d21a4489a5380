"""What is published and closed is revised by nobody who has not had it opened again, whatever file it came in."""

from pathlib import Path

import pytest

from dashboard.contributions.submissions import publication, workflow
from dashboard.contributions.submissions.model import Finding, MoveNotAllowed, Submission
from tests.contributions.submissions.conftest import METHOD, YEAR, Desk, workbook
from tests.contributions.submissions.test_survey import answers, sav
from tests.contributions.submissions.test_survey import send as send_survey

EARLIER = str(int(YEAR) - 1)
OF_HOUSEHOLDS = METHOD | {"How the figures were made": "Household survey"}
"""How what a survey of households alone may tell is made."""


def row(indicator: str, year: str, value: float) -> tuple[object, ...]:
    return (indicator, "Total", int(year), value, None, None, 800)


def findings(desk: Desk, one: Submission, *rules: str) -> list[Finding]:
    return [it for it in workflow.detail(desk.settings, desk.by, one.id)[1] if it.rule in rules]


def publish(desk: Desk, one: Submission) -> Submission:
    workflow.make(desk.settings, desk.by, one.id, "submit")
    workflow.make(desk.settings, desk.approver, one.id, "approve")
    return publication.publish(desk.settings, desk.book, desk.reviewer, one.id)


def in_force(desk: Desk, indicator: str, year: str) -> float:
    rows = publication.history(desk.settings, desk.book, "AZE", [indicator])
    return float(rows.filter(period=year, dimensions="{}")["value"].item())


def test_a_survey_that_is_closed_is_not_revised_by_a_file_of_figures(desk: Desk, tmp_path: Path) -> None:
    survey = send_survey(desk, sav(answers(), tmp_path))
    publish(desk, survey)
    surveyed = in_force(desk, "sat_overall_gov", YEAR)
    body = workbook([row("nps", YEAR, 40), row("sat_overall_gov", YEAR, 99)], method=OF_HOUSEHOLDS)
    sent = desk.send(body)
    assert [(it.rule, it.severity, it.cell, it.values["number"]) for it in findings(desk, sent, "figure_closed")] == [
        ("figure_closed", "error", "D3", str(survey.id))
    ]
    with pytest.raises(MoveNotAllowed) as refused:
        workflow.make(desk.settings, desk.by, sent.id, "submit")
    assert (refused.value.code, in_force(desk, "sat_overall_gov", YEAR)) == ("errors", surveyed)
    workflow.reopen(desk.settings, desk.reviewer, "AZE", "survey", YEAR, "Weighted wrongly")
    sent = desk.send(body)
    publish(desk, sent)
    assert in_force(desk, "sat_overall_gov", YEAR) == 99


def test_what_was_closed_after_the_check_is_not_revised_either(desk: Desk, tmp_path: Path) -> None:
    sent = desk.send(workbook([row("sat_overall_gov", YEAR, 99)], method=OF_HOUSEHOLDS))
    workflow.make(desk.settings, desk.by, sent.id, "submit")
    workflow.make(desk.settings, desk.approver, sent.id, "approve")
    survey = send_survey(desk, sav(answers(), tmp_path))
    publish(desk, survey)
    surveyed = in_force(desk, "sat_overall_gov", YEAR)
    with pytest.raises(MoveNotAllowed, match=f"submission {survey.id}, which is closed") as refused:
        publication.publish(desk.settings, desk.book, desk.reviewer, sent.id)
    assert refused.value.code == "closed_since"
    assert in_force(desk, "sat_overall_gov", YEAR) == surveyed


def test_figures_that_are_closed_are_not_revised_by_a_survey(desk: Desk, tmp_path: Path) -> None:
    figures = desk.send(workbook([row("sat_overall_gov", YEAR, 99)], method=OF_HOUSEHOLDS))
    publish(desk, figures)
    told = findings(desk, send_survey(desk, sav(answers(), tmp_path)), "figure_closed")
    assert [(it.read, it.values["number"], it.cell) for it in told] == [("sat_overall_gov", str(figures.id), "")]


def test_a_survey_that_is_closed_blocks_no_other_figure_of_its_year(desk: Desk, tmp_path: Path) -> None:
    publish(desk, send_survey(desk, sav(answers(), tmp_path)))
    sent = desk.send(workbook([row("nps", YEAR, 40)]), period=str(int(YEAR) + 1))
    assert findings(desk, sent, "period_closed", "figure_closed") == []
    publish(desk, sent)
    assert in_force(desk, "nps", YEAR) == 40


def test_a_figure_sent_with_a_later_year_is_closed_with_that_year(desk: Desk) -> None:
    both = desk.send(workbook([row("nps", YEAR, 40), row("nps", EARLIER, 30)]))
    publish(desk, both)
    same, other = (desk.send(workbook([row("nps", EARLIER, value)]), period=EARLIER) for value in (30, 31))
    assert findings(desk, same, "figure_closed") == [], "what stays as it is revises nothing"
    assert [(it.cell, it.values["number"], it.values["period"]) for it in findings(desk, other, "figure_closed")] == [
        ("D2", str(both.id), YEAR)
    ]
    workflow.reopen(desk.settings, desk.reviewer, "AZE", "figures", YEAR, "A slip in the year before")
    other = desk.send(workbook([row("nps", EARLIER, 31)]), period=EARLIER)
    publish(desk, other)
    assert in_force(desk, "nps", EARLIER) == 31


def test_a_row_of_a_year_that_is_closed_itself_is_said_once(desk: Desk) -> None:
    publish(desk, desk.send(workbook([row("nps", EARLIER, 30)]), period=EARLIER))
    sent = desk.send(workbook([row("nps", YEAR, 40), row("nps", EARLIER, 31)]))
    assert [it.rule for it in findings(desk, sent, "figure_closed", "period_closed")] == ["period_closed"]
