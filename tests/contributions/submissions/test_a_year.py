"""A year of a country with two offices, as it was written down by hand: what is asked of whom, sent, undone, published.

Two offices, three corrections, one conflict, one rollback, one mistaken approval, one overdue. After every act the
figures in force are those of this script, and whatever was published once is there or says why it is not.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import polars as pl
import pytest
from sqlalchemy import Engine

from dashboard.accounts import audit
from dashboard.accounts import store as accounts
from dashboard.accounts.model import Principal, Role
from dashboard.contributions.submissions import deadlines, intake, notices, publication, store, workflow
from dashboard.contributions.submissions.keeping import reminders
from dashboard.contributions.submissions.model import SOURCE, MoveNotAllowed, Submission
from dashboard.contributions.submissions.offices import decision, directory
from dashboard.contributions.submissions.offices import store as offices
from dashboard.contributions.submissions.workbooks import receipt
from dashboard.evidence.database import vintages
from dashboard.evidence.database.engine import open_engine, reading, writing
from dashboard.evidence.dataset.store import Dataset
from tests.contributions.submissions.conftest import YEAR, Desk, person, workbook

NAMES = ("nps", "battery_1662_exit", "complaints_in_time", "csat_exit_poll")
DUE = date(2026, 3, 31)


class Country:
    """Two offices, their people with accounts, and what is expected to be in force."""

    def __init__(self, desk: Desk, record: Engine) -> None:
        self.settings, self.book, self.record = desk.settings, desk.book, record
        self.people: dict[str, Principal] = {}
        with writing(record) as connection:
            for number, name in enumerate(("Agency", "Statistics"), start=1):
                accounts.name_office(connection, "AZE", number, name)
            for name, role, office in (
                ("anar", Role.CONTRIBUTOR, 1), ("aygun", Role.APPROVER, 1), ("sevda", Role.CONTRIBUTOR, 2),
                ("samir", Role.APPROVER, 2), ("kamran", Role.COORDINATOR, 1), ("rita", Role.REVIEWER, 0),
            ):  # fmt: skip
                country = "AZE" if office else ""
                added = accounts.add_account(
                    connection, email=f"{name}@year.test", role=role.value, country=country, state="active",
                    office_number=office or 1, created_at=datetime.now(UTC), language="en",
                )  # fmt: skip
                who = person(added.id, role, country, "Statistics" if office == 2 else "Agency" if office else "UN")
                self.people[name] = replace(who, office_number=office or 1)
        self.expected: dict[str, float | None] = {}

    def sends(self, name: str, *rows: tuple[str, float | str], text: str = "") -> Submission:
        """A file of totals, as a workbook or as it stands."""
        by = self.people[name]
        if text:
            return Desk(self.settings, self.book, by).send(text.encode("cp1251"), "Показатели.csv")
        return Desk(self.settings, self.book, by).send(workbook([
            (it, "Total", int(YEAR), value, None, None, 800)
            if isinstance(value, (int, float))
            else (it, "Total", int(YEAR), None, None, None, None, None, "Withdrawn", value)
            for it, value in rows
        ]))  # fmt: skip

    def moves(self, name: str, number: int, *moves: str, reason: str = "") -> None:
        for move in moves:
            if move == "publish":
                after = publication.publish(self.settings, self.book, self.people[name], number)
                notices.tell(self.settings, after, "", self.people[name].id)
            else:
                workflow.make(self.settings, self.people[name], number, move, reason=reason)

    def publishes(self, number: int, approver: str, **figures: float | None) -> None:
        """The way of every file that nothing is wrong with."""
        self.moves("anar" if approver == "aygun" else "sevda", number, "submit")
        self.moves(approver, number, "approve")
        self.moves("rita", number, "publish")
        self.holds(**figures)

    def reopens(self, office: int) -> None:
        workflow.reopen(self.settings, self.people["rita"], "AZE", "figures", YEAR, "A slip", office=office)

    def holds(self, **figures: float | None) -> None:
        """What is in force is what was expected and these changes; whatever is gone says why."""
        self.expected |= figures
        with reading(self.record) as connection:
            rows = vintages.read_rows_on(connection, list(NAMES)).filter(
                pl.col("superseded").is_null(), pl.col("source") == SOURCE, pl.col("dimensions") == "{}"
            )
            kept = rows.select("indicator", "value", "value_text", "footnote").collect().rows()
        assert {name: value for name, value, *_ in kept} == self.expected
        assert len(kept) == len(self.expected), "one row a figure"
        assert all(code == "withdrawn" and why for _, value, code, why in kept if value is None)
        served = Dataset.current(self.settings.dataset_dir)
        for name, value in self.expected.items():
            shown = served.rows(name).filter(pl.col("source") == SOURCE, pl.col("dimensions") == "{}").collect()
            assert shown["value"].drop_nulls().to_list() == ([] if value is None else [value]), name

    def standing(self, office: int, day: date) -> str:
        moment = datetime.combine(day, datetime.max.time(), UTC)
        (one,) = [it for it in deadlines.listing(self.settings, moment, "AZE", office) if it.period == YEAR]
        return one.standing


@pytest.fixture
def country(desk: Desk, record: Engine) -> Iterator[Country]:
    yield Country(desk, record)
    assert audit.verify(record).broken == 0


def told(letters: list[EmailMessage]) -> set[str]:
    """Who was written to since, and the letters put away."""
    names = {it["To"].partition("@")[0] for it in letters}
    letters.clear()
    return names


def code_of(act: Any, *given: Any, **named: Any) -> str:
    with pytest.raises(MoveNotAllowed) as refused:
        act(*given, **named)
    return refused.value.code


def test_a_year_of_two_offices(country: Country, letters: list[EmailMessage]) -> None:
    kamran, rita = country.people["kamran"], country.people["rita"]

    # January: the coordinator says who sends what, and by when; both offices are reminded, and who looks after them.
    deadlines.set_due(country.settings, kamran, ["AZE"], YEAR, DUE)
    directory.assign(country.settings, country.book, kamran, "AZE", "csat_exit_poll", 2)
    reminders.sweep(country.settings, datetime.combine(DUE - timedelta(days=14), datetime.min.time(), UTC))
    assert told(letters) == {"anar", "aygun", "sevda", "samir", "kamran"}

    # March: the agency sends in time, approved by mistake, taken back, returned, corrected (the first correction).
    sent = country.sends("anar", ("nps", 40), ("battery_1662_exit", 61.5))
    country.moves("anar", sent.id, "submit")
    country.moves("aygun", sent.id, "approve", "take_back")
    assert code_of(country.moves, "rita", sent.id, "publish") == "state", "a mistaken approval publishes nothing"
    country.moves("aygun", sent.id, "return", reason="The battery is of another year")
    again = country.sends("anar", ("nps", 40), ("battery_1662_exit", 62.5))
    country.publishes(again.id, "aygun", nps=40, battery_1662_exit=62.5)
    assert workflow.see(country.settings, country.people["anar"], sent.id).state == "withdrawn"
    assert (country.standing(1, DUE), country.standing(2, DUE)) == ("published", "due")

    # April: the statistics office is overdue; the agency is left in peace.
    told(letters)
    reminders.sweep(country.settings, datetime.combine(DUE + timedelta(days=7), datetime.min.time(), UTC))
    assert told(letters) == {"sevda", "samir", "kamran"}
    assert country.standing(2, DUE + timedelta(days=1)) == "overdue"

    # It sends a table in its own words, in cp1251, mapped once; one figure of it is the agency's too.
    table = f"Код;Год;Итог по стране;Комментарий отдела\nnps;{YEAR};45;\ncsat_exit_poll;{YEAR};70,5;\n"
    drawn = country.sends("sevda", text=table)
    heads = {
        head: {"Код": "indicator", "Год": "period", "Итог по стране": "value", "Комментарий отдела": "note"}[head]
        for head in drawn.unknown
    }
    sevda = country.people["sevda"]
    drawn = intake.map_columns(country.settings, country.book, sevda, drawn.id, heads)
    drawn = intake.set_method(
        country.settings, country.book, sevda, drawn.id,
        {"method": "user_survey", "who": "Statistics", "population": "Visitors", "period_of_work": "May",
         "question": "How satisfied were you?", "scale": "0–10", "mode": "Face to face"},
    )  # fmt: skip
    assert drawn.errors == 0
    country.publishes(drawn.id, "samir", csat_exit_poll=70.5)  # the agency's NPS stays
    assert told(letters) == {"sevda", "anar", "aygun", "kamran"}, "its author, and all whom the conflict concerns"
    (waits,) = receipt.list_contested(country.settings, drawn)
    document = receipt.facts(workflow.see(country.settings, rita, drawn.id), [waits])
    assert document["contested"] == [{"indicator": "nps", "period": YEAR, "group": "{}", "state": "open"}]
    assert receipt.document(drawn, "ar", [waits])[:4] == b"%PDF"
    assert country.standing(2, DUE + timedelta(days=30)) == "published"

    # May: neither publication with a figure that waits is rolled back; the coordinator decides for the statistics.
    assert code_of(publication.roll_back, country.settings, country.book, rita, drawn.id, "Why") == "contested"
    assert code_of(publication.roll_back, country.settings, country.book, rita, again.id, "Why") == "contested"
    decided = decision.decide(country.settings, country.book, kamran, waits.id, 2, "Theirs is the survey")
    notices.tell_decided(country.settings, decided, kamran.id)
    assert told(letters) == {"anar", "aygun", "sevda", "samir", "rita"}
    country.holds(nps=45)
    (after,) = receipt.list_contested(country.settings, drawn)
    assert receipt.facts(drawn, [after])["contested"][0]["state"] == "ours"
    assert code_of(publication.roll_back, country.settings, country.book, rita, drawn.id, "Why") == "contested"

    # June: the second correction, of one figure; what it does not name stays.
    country.reopens(1)
    second = country.sends("anar", ("complaints_in_time", 75))
    country.publishes(second.id, "aygun", complaints_in_time=75)

    # July: the third takes a figure back, and was a slip: rolled back.
    country.reopens(1)
    third = country.sends("anar", ("battery_1662_exit", "Asked wrongly"), ("complaints_in_time", 76))
    country.publishes(third.id, "aygun", battery_1662_exit=None, complaints_in_time=76)
    publication.roll_back(country.settings, country.book, rita, third.id, "The question was right")
    country.holds(battery_1662_exit=62.5, complaints_in_time=75)

    # August: the office says it in the whole year, which names what would vanish; the agency's own alone.
    whole = Desk(country.settings, country.book, country.people["anar"]).send(
        workbook([("battery_1662_exit", "Total", int(YEAR), 63, None, None, 800)]), intent="replaces"
    )
    assert [it.values["indicator"] for it in _removals(country, whole)] == ["complaints_in_time"]
    workflow.release(country.settings, country.book, country.people["anar"], whole.id, 1)
    country.publishes(whole.id, "aygun", battery_1662_exit=63, complaints_in_time=None)

    # December: each figure that was public once is in force or its end is told, and every vintage still says its own.
    assert country.expected == {
        "nps": 45, "battery_1662_exit": 63, "csat_exit_poll": 70.5, "complaints_in_time": None,
    }  # fmt: skip
    served = Dataset.current(country.settings.dataset_dir)
    assert second.id, "published"
    of = {one.id: workflow.see(country.settings, rita, one.id) for one in (again, second, third, whole)}
    past = {number: served.as_of(it.vintage) for number, it in of.items() if it.vintage}

    def then(number: int, name: str) -> list[float]:
        rows = past[number].rows(name).filter(pl.col("source") == SOURCE, pl.col("dimensions") == "{}").collect()
        return list(rows["value"].drop_nulls())

    assert (then(again.id, "nps"), then(again.id, "battery_1662_exit")) == ([40], [62.5])
    assert (then(second.id, "nps"), then(second.id, "complaints_in_time")) == ([45], [75])
    assert (then(third.id, "battery_1662_exit"), then(third.id, "complaints_in_time")) == ([], [76])
    assert {it.state for it in of.values()} == {"superseded", "rolled_back", "published"}
    assert {it["indicator"] for it in receipt.facts(of[whole.id])["withdrawn"]} == {"complaints_in_time"}
    with reading(country.record) as connection:
        assert [it.state for it in offices.conflicts(connection, "AZE")] == ["decided"]


def _removals(country: Country, one: Submission) -> list[Any]:
    with reading(open_engine(country.settings)) as connection:
        return [it for it in store.findings_of(connection, one.id) if it.rule == "figure_removed"]
