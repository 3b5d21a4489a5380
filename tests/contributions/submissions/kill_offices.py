"""Two offices until their conflict is decided and a correction rolled back, for ``test_kills`` to kill in the middle.

``python -m tests.contributions.submissions.kill_offices URL DATA_DIR``: goes on from wherever it stands, as people do
after a crash. ``check`` says what must hold whenever it was killed.
"""

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl
from sqlalchemy import inspect

from dashboard.accounts import audit
from dashboard.accounts import store as accounts
from dashboard.accounts.model import Principal, Role
from dashboard.contributions.submissions import inbox, intake, publication, store, workflow
from dashboard.contributions.submissions.model import SOURCE, Submission
from dashboard.contributions.submissions.offices import decision
from dashboard.contributions.submissions.offices import store as offices
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.database import vintages
from dashboard.evidence.database.engine import create_engine_for, migrate, open_engine, reading, writing
from dashboard.evidence.dataset.store import Dataset
from dashboard.operations.settling import settle
from dashboard.settings import Settings
from tests.checks import all_of
from tests.contributions.submissions.conftest import YEAR, person, workbook
from tests.contributions.submissions.kill import say

LINES = 5
"""Lines it says on its way: it begins, merges, decides, corrects, rolls back."""

FIGURES = {
    "one": {"nps": 40.0, "complaints_in_time": 75.0}, "two": {"nps": 50.0, "csat_exit_poll": 7.0},
    "three": {"complaints_in_time": 76.0},
}  # fmt: skip
"""What each file holds: of the first office, of the second, and the first's correction."""


def main(url: str, folder: str) -> None:
    """From nothing, or from where the last process was killed, to the end."""
    settings = Settings(data_dir=Path(folder), database_url=url)
    migrate(settings)
    with writing(open_engine(settings)) as connection:
        for number, name in enumerate(("Agency", "Statistics"), start=1):
            if number not in {one.number for one in accounts.list_offices(connection, "AZE")}:
                accounts.name_office(connection, "AZE", number, name)
    send(settings, "one", 1)
    say("merging")
    send(settings, "two", 2)
    say("deciding")
    with reading(open_engine(settings)) as connection:
        (conflict,) = offices.conflicts(connection, "AZE")
    if conflict.state == "open":
        decision.decide(settings, load_codebook(), person(8, Role.COORDINATOR), conflict.id, 2, "Theirs is the survey")
    say("correcting")
    reviewer = person(3, Role.REVIEWER, "")
    with reading(open_engine(settings)) as connection:
        first = store.by_key(connection, 1, "one")
        begun = store.by_key(connection, 1, "three") is not None
        closed = workflow.is_closed(connection, "AZE", "figures", YEAR, 1)
    if closed and not begun and first and first.state == "published":
        workflow.reopen(settings, reviewer, "AZE", "figures", YEAR, "A slip")
    last = send(settings, "three", 1)
    say("rolling_back")
    if last.state == "published":
        publication.roll_back(settings, load_codebook(), reviewer, last.id, "It was right before")
    settle(settings)  # as a start does: the process before was killed, perhaps as it published
    say("done")


def send(settings: Settings, key: str, office: int) -> Submission:
    """A file of an office on its way from wherever it is to published, or beyond."""
    book, (contributor, approver) = load_codebook(), people(office)
    with reading(open_engine(settings)) as connection:
        found = store.by_key(connection, contributor.id, key)
    if found is None:
        part = inbox.begin(settings)
        part.write(workbook([(name, "Total", int(YEAR), it, None, None, 800) for name, it in FIGURES[key].items()]))
        stored = part.finish()
        found = intake.receive(settings, contributor, stored, filename=f"{key}.xlsx", period=YEAR, lang="en", key=key)
    if found.state == "draft":
        found = intake.check(settings, book, contributor, found.id)
    if found.state == "checked":
        found = workflow.make(settings, contributor, found.id, "submit")
    if found.state == "submitted":
        found = workflow.make(settings, approver, found.id, "approve")
    if found.state == "approved":
        found = publication.publish(settings, book, person(3, Role.REVIEWER, ""), found.id)
    return found


def people(office: int) -> tuple[Principal, Principal]:
    """Who sends for an office, and who approves."""
    name = ("Agency", "Statistics")[office - 1]
    sender, approver = person(office, Role.CONTRIBUTOR, office=name), person(10 + office, Role.APPROVER, office=name)
    return replace(sender, office_number=office), replace(approver, office_number=office)


def check(url: str, folder: Path) -> str:
    """How far it has come, once what must hold holds: each figure as the states say, each once, none without a word.

    Raises:
        AssertionError: something is lost, half there or there twice.
    """
    record = create_engine_for(url)
    if not inspect(record).has_table("submission_conflict"):
        return ""  # killed before the tables were there
    with reading(record) as connection:
        found = {one.filename.removesuffix(".xlsx"): one for one in store.listing(connection)}
        assert len(found) == len(store.listing(connection)), "a file is there once"
        conflicts = offices.conflicts(connection, "AZE")
        names = sorted({name for figures in FIGURES.values() for name in figures})
        rows = vintages.read_rows_on(connection, names).filter(pl.col("superseded").is_null()).collect()
    state = {key: one.state for key, one in found.items()}
    assert audit.verify(record).broken == 0
    issued = vintages.list_vintages(record)
    assert all_of(one.state == "sealed" for one in issued)
    here = rows.filter(pl.col("source") == SOURCE, pl.col("dimensions") == "{}")
    values = dict(here.select("indicator", "value").iter_rows())
    expected = expect(state, [it.state for it in conflicts])
    assert (values, here.height) == (expected, len(expected))
    came = [one for one in found.values() if one.published_at]
    undone = sum(one.state == "rolled_back" for one in found.values())
    assert len(issued) == len(came) + sum(it.state == "decided" for it in conflicts) + undone
    if (folder / "dataset" / "CURRENT").exists() and issued:
        served = Dataset.current(folder / "dataset")
        if served.vintage == issued[-1].number:  # it is settled by the next start
            for name, value in expected.items():
                shown = served.rows(name).filter(pl.col("source") == SOURCE, pl.col("dimensions") == "{}").collect()
                assert shown["value"].to_list() == [value]
    return " ".join(f"{key}:{it}" for key, it in sorted(state.items()))


def expect(state: Mapping[str, str], conflicts: list[str]) -> dict[str, float]:
    """The figures in force where the submissions and the conflict stand so."""
    figures: dict[str, float] = {}
    if state.get("one") in ("published", "superseded"):
        figures |= FIGURES["one"]
    two = state.get("two") == "published"
    assert conflicts in ([["open"], ["decided"]] if two else [[]])
    if two:
        figures |= FIGURES["two"] | ({} if conflicts == ["decided"] else {"nps": FIGURES["one"]["nps"]})
    if state.get("three") == "published":
        figures |= FIGURES["three"]
    assert (state.get("one") == "superseded") == (state.get("three") == "published")
    return figures


if __name__ == "__main__":
    main(*sys.argv[1:])
