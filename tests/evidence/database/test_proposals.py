"""A change that waits is no part of the record until a person approves it, whole and once."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from dashboard.evidence.database import proposals, vintages
from dashboard.evidence.database.engine import writing
from dashboard.evidence.database.observations import Vintage
from dashboard.evidence.database.proposals import Proposal
from dashboard.evidence.database.vintages import Conflict
from tests.evidence.database.figures import START, figure, figures, issue, raw_record

NEXT = START + timedelta(days=30)


def suggest(record: Engine, value: float, gone: list[str], sha256: str = "77" * 32) -> Proposal:
    return proposals.propose(
        record, source="un_sdg", indicators=["trust"], run_id=None, note="Gathered", reason="all revised",
        superseded=gone, added=figures(figure(value), raw_sha256=sha256), records=[raw_record(sha256)],
    )  # fmt: skip


def approve(record: Engine, number: int, moment: datetime) -> Vintage:
    with writing(record) as connection:
        return proposals.approve_on(connection, number, moment)


def became(record: Engine, number: int) -> tuple[str, int | None]:
    """State and vintage of a proposal as the record has them."""
    with Session(record) as session:
        known = session.get_one(Proposal, number)
        return known.state, known.vintage


def in_force(record: Engine) -> list[float]:
    return vintages.read_current_rows(record, "trust", "un_sdg")["value"].to_list()


@pytest.fixture
def old(record: Engine) -> list[str]:
    rows = figures(figure(61.5))
    issue(record, rows)
    return rows["id"].to_list()


def test_what_waits_is_not_in_force_until_it_is_approved(record: Engine, old: list[str]) -> None:
    proposal = suggest(record, 70.0, old)
    assert (in_force(record), len(vintages.list_vintages(record))) == ([61.5], 1)
    assert [one.number for one in proposals.list_waiting(record)] == [proposal.number]
    vintage = approve(record, proposal.number, NEXT)
    assert (vintage.number, vintage.created_at, in_force(record)) == (2, NEXT, [70.0])
    assert (became(record, proposal.number), proposals.list_waiting(record)) == (("approved", 2), [])
    with pytest.raises(LookupError, match="it is approved"):
        approve(record, proposal.number, NEXT + timedelta(days=1))


def test_the_same_change_waits_once_and_stays_rejected(record: Engine, old: list[str]) -> None:
    first, again = suggest(record, 70.0, old), suggest(record, 70.0, old)
    assert again.number == first.number
    proposals.reject(record, first.number)
    assert (suggest(record, 70.0, old).state, proposals.list_waiting(record), in_force(record)) == (
        "rejected",
        [],
        [61.5],
    )
    with pytest.raises(LookupError, match="there is none"):
        proposals.reject(record, 99)


def test_a_newer_change_of_the_same_indicators_takes_its_place(record: Engine, old: list[str]) -> None:
    first, second = suggest(record, 70.0, old), suggest(record, 71.0, old)
    assert [one.number for one in proposals.list_waiting(record)] == [second.number]
    assert became(record, first.number) == ("withdrawn", None)
    proposals.withdraw(record, "un_sdg", ["bribery"])
    assert proposals.list_waiting(record)
    proposals.withdraw(record, "un_sdg", ["bribery", "trust"])
    assert not proposals.list_waiting(record)


def test_a_change_the_record_has_overtaken_is_refused_whole(record: Engine, old: list[str]) -> None:
    proposal = suggest(record, 70.0, old)
    issue(record, figures(figure(65.0)), old)
    with pytest.raises(Conflict):
        approve(record, proposal.number, NEXT)
    assert (in_force(record), len(vintages.list_vintages(record)), len(proposals.list_waiting(record))) == (
        [65.0],
        2,
        1,
    )
