"""A correction keeps what it does not mention: a year is replaced by choice, and a figure withdrawn with a reason."""

import io
import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from dashboard.accounts import audit
from dashboard.accounts import store as accounts
from dashboard.accounts.model import Role
from dashboard.contributions.submissions import publication, removal, store, workflow
from dashboard.contributions.submissions.kinds import figures
from dashboard.contributions.submissions.kinds.registry import KINDS
from dashboard.contributions.submissions.model import SOURCE, Submission, UploadRefused
from dashboard.contributions.submissions.offices import decision
from dashboard.contributions.submissions.offices import store as offices
from dashboard.contributions.submissions.reading.figures import FIGURES
from dashboard.contributions.submissions.reading.process import FileReading
from dashboard.contributions.submissions.workbooks import receipt
from dashboard.contributions.submissions.workbooks.changes import withdrawal_of
from dashboard.evidence.database import vintages
from dashboard.evidence.database.engine import reading, writing
from dashboard.interfaces.api.submissions import token
from tests.contributions.submissions.conftest import YEAR, Desk, person
from tests.contributions.submissions.test_closed import findings, publish

Row = tuple[str, float | None, str, str]
"""Indicator, value, reason, note."""

FOUR: tuple[Row, ...] = (
    ("battery_1662_exit", 61.5, "", ""), ("complaints_in_time", 75, "", ""), ("nps", 40, "", ""),
    ("csat_exit_poll", 70, "", ""),
)  # fmt: skip


def read(*rows: Row) -> FileReading:
    """Rows of national totals as they are read of a file."""
    figures = pl.DataFrame(
        [
            {"sheet": "Indicators", "row": at, "indicator": name, "period": YEAR, "dimensions": "{}", "value": value,
             "value_text": "" if value is None else str(value), "reason": reason, "note": note}
            for at, (name, value, reason, note) in enumerate(rows, start=2)
        ],
        schema=FIGURES,
    )  # fmt: skip
    held = io.BytesIO()
    figures.write_parquet(held)
    columns = {"Indicators": {"value": "D", "reason": "I", "note": "J"}}
    return FileReading((), held.getvalue(), figures.height, {"method": "registers"}, columns=columns)


@pytest.fixture
def send(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Send rows as a file that is read already."""
    told: list[FileReading] = []
    monkeypatch.setattr(figures, "read_file", lambda *_, **__: told[-1])

    def sent(*rows: Row, intent: str = "", sender: Desk = desk) -> Submission:
        told.append(read(*rows))
        return sender.send(repr((rows, len(told))).encode(), intent=intent)

    return sent


@pytest.fixture
def year(desk: Desk, send: Any) -> Submission:
    """Four published figures, and their year open for a correction."""
    first: Submission = send(*FOUR)
    publish(desk, first)
    reopen(desk)
    return first


def reopen(desk: Desk) -> None:
    workflow.reopen(desk.settings, desk.reviewer, "AZE", "figures", YEAR, "A slip")


def newest(record: Engine) -> dict[str, tuple[float | None, str, str]]:
    """Value, value as published and note of each figure in the newest vintage."""
    names = [name for name, *_ in FOUR]
    with writing(record) as connection:
        rows = vintages.read_rows_on(connection, names).filter(
            pl.col("superseded").is_null(), pl.col("source") == SOURCE
        )
        kept = rows.select("indicator", "value", "value_text", "footnote").collect().rows()
    assert len({name for name, *_ in kept}) == len(kept), "one row a figure"
    return {name: (value, code, note) for name, value, code, note in kept}


def test_one_row_for_a_published_year_leaves_the_other_figures(
    desk: Desk, record: Engine, year: Submission, send: Any
) -> None:
    sent = send(("nps", 41, "", ""))
    assert (sent.intent, sent.errors, findings(desk, sent, removal.RULE)) == ("corrects", 0, [])
    assert dict(publication.preview(desk.settings, desk.book, sent).counts) == {
        "new": 0, "revised": 1, "withdrawn": 0, "vanished": 0, "unchanged": 0,
    }  # fmt: skip
    publish(desk, sent)
    assert {name: it[0] for name, it in newest(record).items()} == {name: value for name, value, *_ in FOUR} | {
        "nps": 41
    }
    assert workflow.see(desk.settings, desk.by, year.id).state == "superseded"
    assert receipt.facts(workflow.see(desk.settings, desk.by, sent.id))["intent"] == "corrects"


def test_a_year_that_is_replaced_names_each_figure_and_leaves_a_word_for_it(
    desk: Desk, record: Engine, year: Submission, send: Any
) -> None:
    sent = send(("nps", 41, "", ""), intent="replaces")
    others = sorted(name for name, *_ in FOUR if name != "nps")
    assert (sent.intent, sent.errors) == ("replaces", 3)
    assert [it.values["indicator"] for it in findings(desk, sent, removal.RULE)] == others
    publish(desk, workflow.release(desk.settings, desk.book, desk.by, sent.id, 3))
    kept = newest(record)
    assert {name: it[0] for name, it in kept.items()} == dict.fromkeys(others) | {"nps": 41}
    words = f"Submission {sent.id} replaces the whole year and does not have it"
    assert {kept[name][1:] for name in others} == {("withdrawn", words)}
    facts = receipt.facts(workflow.see(desk.settings, desk.by, sent.id))
    assert [(it["indicator"], it["reason"]) for it in facts["withdrawn"]] == [(name, "replaced") for name in others]


def test_a_figure_is_withdrawn_by_name_with_a_reason_that_everybody_sees(
    desk: Desk, record: Engine, year: Submission, send: Any
) -> None:
    sent = send(("nps", None, "withdrawn", "Asked wrongly"))
    assert sent.errors == 0
    told = [{"indicator": "nps", "period": YEAR, "group": "{}", "value": 40.0, "reason": "Asked wrongly"}]
    document = token.describe_submission(desk.settings, sent, [], "en")
    assert (document["intent"], document["withdraws"], document["removes"]) == ("corrects", told, [])
    publish(desk, sent)
    after = workflow.see(desk.settings, desk.by, sent.id)
    assert newest(record)["nps"] == (None, "withdrawn", "Asked wrongly")
    assert len(newest(record)) == len(FOUR)
    assert receipt.facts(after)["withdrawn"] == told
    assert b"%PDF" in receipt.document(after, "en")[:8]
    assert [it["reason"] for it in withdrawal_of(desk.settings, after, "fr")] == ["Asked wrongly"]
    entry = next(it for it in audit.list_entries(record)[0] if it.action == "submission.figures_withdrawn")
    assert entry.after == {"intent": "corrects", "withdrawn": told}


@pytest.mark.parametrize(("reason", "note", "expected"), [
    ("withdrawn", "", ["withdrawal_unsaid"]), ("other", "", ["withdrawal_unsaid"]), ("withdrawn", "Why", []),
    ("other", "Why", []), ("not_yet", "", []),
])  # fmt: skip
def test_a_withdrawal_needs_a_reason(
    desk: Desk, year: Submission, send: Any, reason: str, note: str, expected: list[str]
) -> None:
    sent = send(("nps", None, reason, note))
    told = findings(desk, sent, "withdrawal_unsaid", "withdrawal_of_nothing")
    assert [it.rule for it in told] == expected
    assert (sent.errors, [it.cell for it in told]) == (len(expected), ["J2"] * len(expected))


def test_what_is_not_published_cannot_be_withdrawn(desk: Desk, send: Any) -> None:
    sent = send(("nps", None, "withdrawn", "Asked wrongly"))
    told = findings(desk, sent, "withdrawal_unsaid", "withdrawal_of_nothing")
    assert [(it.rule, it.severity, it.cell) for it in told] == [("withdrawal_of_nothing", "error", "I2")]


@pytest.mark.parametrize(("dataset", "named", "intent"), [
    ("figures", "", "corrects"), ("figures", "corrects", "corrects"), ("figures", "replaces", "replaces"),
    ("survey", "", "replaces"), ("counts", "", "corrects"),
])  # fmt: skip
def test_what_a_file_is_to_its_year(dataset: str, named: str, intent: str) -> None:
    assert KINDS[dataset].choose_intent(named) == intent


@pytest.mark.parametrize(("dataset", "named"), [
    ("figures", "adds"), ("survey", "corrects"), ("counts", "replaces"), ("figures", "REPLACES"),
])  # fmt: skip
def test_what_a_file_cannot_be(dataset: str, named: str) -> None:
    with pytest.raises(UploadRefused, match="“intent”"):
        KINDS[dataset].choose_intent(named)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_done_no_figure_is_lost_without_a_word(desk: Desk, record: Engine, send: Any, seed: int) -> None:
    """In any order of moves each figure is in the newest vintage, or a word is why not: withdrawn, or rolled back."""
    chance, past, once = random.Random(seed), [({}, 0)], set()  # what is published, and the submission in force
    names = [name for name, *_ in FOUR]
    for _ in range(9):
        standing, in_force = past[-1]
        if in_force and chance.random() < 0.35:
            publication.roll_back(desk.settings, desk.book, desk.reviewer, in_force, f"Slip {chance.randint(1, 99)}")
            past.pop()
            state = {
                number: workflow.see(desk.settings, desk.reviewer, number).state
                for number in (in_force, past[-1][1])
                if number
            }
            assert state == {in_force: "rolled_back"} | ({past[-1][1]: "published"} if past[-1][1] else {})
            taken: set[str] = set()
        else:
            chosen = chance.sample(names, chance.randint(1, len(names)))
            intent = chance.choice(("corrects", "corrects", "replaces"))
            rows = [
                (name, None, "withdrawn", f"Reason {chance.randint(1, 99)}")
                if name in standing and chance.random() < 0.4
                else (name, float(chance.randint(1, 99)), "", "")
                for name in chosen
            ]
            sent = send(*rows, intent=intent)
            gone = set(standing) - set(chosen) if intent == "replaces" else set()
            assert {it.values["indicator"] for it in findings(desk, sent, removal.RULE)} == gone
            if gone:
                sent = workflow.release(desk.settings, desk.book, desk.by, sent.id, len(gone))
            workflow.make(desk.settings, desk.by, sent.id, "submit")
            for _ in range(chance.randint(0, 2)):
                workflow.make(desk.settings, desk.approver, sent.id, "approve")
                workflow.make(desk.settings, desk.approver, sent.id, "take_back")
            workflow.make(desk.settings, desk.approver, sent.id, "approve")
            publication.publish(desk.settings, desk.book, desk.reviewer, sent.id)
            reopen(desk)
            sent_values = {name: value for name, value, *_ in rows if value is not None}
            taken = gone | {name for name, value, *_ in rows if value is None}
            past.append(({name: it for name, it in standing.items() if name not in taken} | sent_values, sent.id))
            once |= set(sent_values)
            told = receipt.facts(workflow.see(desk.settings, desk.by, sent.id))["withdrawn"]
            assert ({it["indicator"] for it in told}, all(it["reason"] for it in told)) == (taken, True)
        kept = newest(record)
        assert {name: it[0] for name, it in kept.items() if it[0] is not None} == past[-1][0]
        assert {name for name, (value, code, why) in kept.items() if value is None and code == "withdrawn" and why} == (
            once - set(past[-1][0])
        )
    assert audit.verify(record).broken == 0


THREE = [name for name, *_ in FOUR[:3]]
SENDS = st.tuples(
    st.sampled_from(("publish", "publish", "draft")),
    st.sampled_from((1, 2)),
    st.dictionaries(st.sampled_from(THREE), st.sampled_from((1.0, 2.0, 3.0, None)), min_size=1),
    st.sampled_from(("corrects", "corrects", "replaces")),
)
DECIDES = st.tuples(st.just("decide"), st.sampled_from((1, 2)), st.just({}), st.just(""))


TAKEN_BACK: list[Any] = [
    ("publish", 1, {"nps": 1.0}, "corrects"), ("publish", 2, {"nps": 2.0}, "corrects"),
    ("publish", 1, {"nps": None}, "corrects"), ("publish", 2, {"nps": 2.0}, "replaces"), ("decide", 1, {}, ""),
    ("publish", 2, {"nps": 3.0}, "corrects"), ("publish", 1, {"nps": 3.0}, "corrects"), ("decide", 1, {}, ""),
]  # fmt: skip
"""Who holds a contested figure takes it back, the other sends it again; decided for none, it is free."""


class TwoOffices:
    """A country whose two offices send, and what is expected of it: figures and owners, conflicts, drafts."""

    def __init__(self, desk: Desk, record: Engine, send: Any, country: str) -> None:
        self.desk, self.record, self.send, self.country = desk, record, send, country
        people = {number: replace(desk.by, id=10 + number, country=country, office_number=number) for number in (1, 2)}
        self.senders = {
            number: Desk(desk.settings, desk.book, by, replace(desk.approver, id=20 + number, country=country,
                                                               office_number=number))
            for number, by in people.items()
        }  # fmt: skip
        self.standing: dict[str, tuple[float | None, int]] = {}
        self.waiting: dict[tuple[str, int], float] = {}
        self.drafts: dict[int, str] = {}
        with writing(record) as connection:
            for number, name in enumerate(("Agency", "Statistics"), start=1):
                accounts.name_office(connection, country, number, name)

    def move(self, kind: str, office: int, wanted: dict[str, float | None], intent: str) -> None:
        """One move, in the record and in what is expected."""
        if kind == "decide":
            self.decide(office)
            return
        mine = {name for name, (value, of) in self.standing.items() if of == office and value is not None}
        rows = {name: value for name, value in wanted.items() if value is not None or name in mine}
        if not rows:
            return
        told = [(name, value, "" if value else "withdrawn", "" if value else "Why") for name, value in rows.items()]
        sender = self.senders[office]
        sent = self.send(*told, intent=intent, sender=sender)
        if kind == "draft":
            self.drafts[sent.id] = "checked"
            return
        gone = mine - set(rows) if intent == "replaces" else set()
        if gone:
            sent = workflow.release(sender.settings, sender.book, sender.by, sent.id, len(gone))
        publish(sender, sent)
        workflow.reopen(sender.settings, sender.reviewer, self.country, "figures", YEAR, "A slip", office=office)
        for number in self.drafts:
            if self.of(number).office_number == office:
                self.drafts[number] = "withdrawn"
        for name, value in (rows | dict.fromkeys(gone)).items():
            held, of = self.standing.get(name, (None, office))
            if of == office or (held is None and (name, office) not in self.waiting):
                self.standing[name] = (value, office)
            else:
                assert value is not None
                self.waiting[name, office] = value

    def decide(self, office: int) -> None:
        with reading(self.record) as connection:
            found = [it for it in offices.conflicts(connection, self.country) if it.state == "open"]
        if not found:
            return
        one, by = found[0], replace(person(9, Role.COORDINATOR, self.country), office_number=office)
        decision.decide(self.desk.settings, self.desk.book, by, one.id, office, "Why")
        value = self.waiting.pop((one.indicator, one.office_number))
        if office == one.office_number:
            self.standing[one.indicator] = (value, office)

    def of(self, number: int) -> Submission:
        with reading(self.record) as connection:
            found = store.get(connection, number)
        assert found is not None
        return found

    def hold(self) -> None:
        """Every figure published once is in force, or its withdrawal is, with a reason; no conflict ended by itself."""
        with reading(self.record) as connection:
            rows = vintages.read_rows_on(connection, THREE).filter(
                pl.col("superseded").is_null(), pl.col("source") == SOURCE, pl.col("country") == self.country
            )
            kept = rows.select("indicator", "value", "edition", "value_text", "footnote").collect().rows()
            open_ = [it for it in offices.conflicts(connection, self.country) if it.state == "open"]
        found = {name: (value, self.of(int(edition.split()[1])).office_number) for name, value, edition, *_ in kept}
        assert (found, len(kept)) == (self.standing, len(self.standing))
        assert all(code == "withdrawn" and why for _, value, _, code, why in kept if value is None)
        assert {(it.indicator, it.office_number): it.value for it in open_} == self.waiting
        assert {number: self.of(number).state for number in self.drafts} == self.drafts


@pytest.fixture
def countries(desk: Desk) -> Iterator[str]:
    """A country that nobody has sent anything for, each time."""
    return iter(sorted(desk.book.countries))


@settings(
    max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
@given(moves=st.lists(st.one_of(SENDS, SENDS, DECIDES), min_size=3, max_size=9))
@example(moves=TAKEN_BACK)
def test_of_two_offices_nothing_is_lost_and_no_conflict_ends_by_itself(
    desk: Desk, record: Engine, send: Any, countries: Iterator[str], moves: list[Any]
) -> None:
    roomy = desk.settings.submissions.model_copy(update={"account_files": 1000, "country_files": 1000})
    desk.settings = desk.settings.model_copy(update={"submissions": roomy})  # all examples share the accounts
    two = TwoOffices(desk, record, send, next(countries))
    for one in moves:
        two.move(*one)
        two.hold()
