"""From rows to the values of the adoption register: events, published counts and the agreement's facts."""

from collections.abc import Callable

from dashboard.codebook.model import AdoptionEvent, AgreementRecord, ReportedCount, StatementClaim, Texts
from dashboard.codebook.reading import CodebookRow

OwnTexts = Callable[[str, str, CodebookRow], dict[str, Texts]]
"""Kind, id and row → field → its text in every language there is."""


def read_event(row: CodebookRow, ours: OwnTexts) -> AdoptionEvent:
    """A dated fact about a country and the model."""
    return row.build(AdoptionEvent, **{f"{name}s": texts for name, texts in ours("event", row["id"], row).items()})


def read_reported_count(row: CodebookRow, ours: OwnTexts) -> ReportedCount:
    """A count that somebody published."""
    return row.build(ReportedCount, **ours("claim", row["id"], row))


def read_agreement_record(row: CodebookRow, ours: OwnTexts) -> AgreementRecord:
    """A fact of the Contribution Agreement."""
    number = int(row["number"]) if row["number"] else None
    return row.build(AgreementRecord, number=number, **ours("agreement", row["id"], row))


def read_claim(row: CodebookRow, ours: OwnTexts) -> StatementClaim:
    """A claim of the public statement."""
    return row.build(StatementClaim, suppliers=row.many("supplier"), **ours("statement", row["id"], row))
