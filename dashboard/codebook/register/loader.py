"""From rows to the values of the adoption register: events, published counts and the agreement's facts."""

from collections.abc import Callable
from typing import Any, cast

from dashboard.codebook.model import AdoptionEvent, AgreementRecord, ReportedCount, StatementClaim, Texts
from dashboard.codebook.reading import CodebookRow
from dashboard.codebook.tables import TEXT_FIELDS

OwnTexts = Callable[[str, str, str, str], Texts]
"""Kind, id, field and English text → the text in every language there is."""


def read_event(row: CodebookRow, ours: OwnTexts) -> AdoptionEvent:
    """A dated fact about a country and the model."""
    return AdoptionEvent(
        id=row["id"],
        iso3=row["iso3"],
        type=cast(Any, row["type"]),
        filed_type=row["filed_type"],
        date=row["date"],
        precision=cast(Any, row["precision"]),
        local_name=row["local_name"],
        scope=row["scope"],
        source_title=row["source_title"],
        source_ref=row["source_ref"],
        source_type=row["source_type"],
        evidence_level=row["evidence_level"],
        stance=cast(Any, row["stance"]),
        disputed=row.yes("disputed"),
        review_state=cast(Any, row["review_state"]),
        centres_predate_agreement=row.yes("centres_predate_agreement"),
        note=row["note"],
        mapping_note=row["mapping_note"],
        credited_to=row["credited_to"],
        reported=row["reported"],
        scopes=ours("event", row["id"], "scope", row["scope"]),
        notes=ours("event", row["id"], "note", row["note"]),
        mapping_notes=ours("event", row["id"], "mapping_note", row["mapping_note"]),
    )


def read_reported_count(row: CodebookRow, ours: OwnTexts) -> ReportedCount:
    """A count that somebody published."""
    claim, what, note = (ours("claim", row["id"], field, row[field]) for field in TEXT_FIELDS["claim"])
    return ReportedCount(
        id=row["id"],
        date=row["date"],
        precision=cast(Any, row["precision"]),
        claim=claim,
        count=int(row["count"]),
        qualifier=row["qualifier"],
        what_is_counted=what,
        source_ref=row["source_ref"],
        source_type=row["source_type"],
        note=note,
    )


def read_agreement_record(row: CodebookRow, ours: OwnTexts) -> AgreementRecord:
    """A fact of the Contribution Agreement."""
    return AgreementRecord(
        id=row["id"],
        kind=cast(Any, row["kind"]),
        text=ours("agreement", row["id"], "text", row["text"]),
        number=int(row["number"]) if row["number"] else None,
        qualifier=row["qualifier"],
        date=row["date"],
        precision=cast(Any, row["precision"]),
        source_title=row["source_title"],
        source_ref=row["source_ref"],
        source_type=row["source_type"],
        review_state=cast(Any, row["review_state"]),
        note=ours("agreement", row["id"], "note", row["note"]),
    )


def read_claim(row: CodebookRow, ours: OwnTexts) -> StatementClaim:
    """A claim of the public statement."""
    claim, test, why = (ours("statement", row["id"], field, row[field]) for field in TEXT_FIELDS["statement"])
    return StatementClaim(
        id=row["id"],
        group=row["group"],
        kind=row["kind"],
        claim=claim,
        quote=row["quote"],
        said_by=row["said_by"],
        said_on=row["said_on"],
        precision=cast(Any, row["precision"]),
        due_on=row["due_on"],
        test=test,
        indicators=row.many("indicators"),
        suppliers=row.many("supplier"),
        untestable_why=why,
        source_title=row["source_title"],
        source_ref=row["source_ref"],
    )
