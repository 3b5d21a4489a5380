"""The files of the adoption register and of other dated facts as they are declared: see ``tables``."""

from typing import get_args

from dashboard.codebook.model import AgreementPart, EventType, Precision, ReviewState, Stance
from dashboard.codebook.schema import Column, Table

PRECISIONS: tuple[str, ...] = get_args(Precision)
WITNESSES = ("national_gov", "azerbaijan_gov", "un", "independent", "press")
LEVELS = ("E1", "E2", "E3", "E4")
QUALIFIERS = ("exact", "about", "more_than", "at_least", "nearly")
_DATED = (Column("date"), Column("precision", True, words=PRECISIONS))

REGISTER: tuple[Table, ...] = (
    Table(
        "adoption_events.csv",
        (
            Column("id", True, pattern=r"[A-Z]{3}-[0-9]{2}"),
            Column("iso3", True, refers="countries.csv"),
            Column("type", True, words=get_args(EventType)),
            Column("filed_type", True),
            Column("mapping_note"),
            Column("reported"),
            *_DATED,
            Column("local_name"),
            Column("scope", True),
            Column("source_title"),
            Column("source_ref"),
            Column("source_type", words=WITNESSES),
            Column("evidence_level", True, words=LEVELS),
            Column("stance", True, words=get_args(Stance)),
            Column("disputed", True, "yes_no"),
            Column("review_state", True, words=get_args(ReviewState)),
            Column("centres_predate_agreement", True, "yes_no"),
            Column("credited_to", refers="countries.csv"),
            Column("note"),
        ),
        ("id",),
    ),
    Table(
        "organisation_events.csv",
        (
            Column("organisation", True),
            Column("type", True, words=get_args(EventType)),
            *_DATED,
            Column("source_ref", True),
            Column("source_type", True, words=WITNESSES),
            Column("note"),
        ),
        ("organisation", "type", "date"),
    ),
    Table(
        "reported_counts.csv",
        (
            Column("id", True, pattern=r"RC-[0-9]{2}"),
            *_DATED,
            Column("claim", True),
            Column("count", True, "integer"),
            Column("qualifier", True, words=QUALIFIERS),
            Column("what_is_counted", True),
            Column("source_ref", True),
            Column("source_type", True, words=WITNESSES),
            Column("note"),
        ),
        ("id",),
    ),
    Table(
        "agreement_records.csv",
        (
            Column("id", True, pattern=r"CA-[0-9]{2}"),
            Column("kind", True, words=get_args(AgreementPart)),
            Column("text", True),
            Column("number", kind="integer"),
            Column("qualifier", words=QUALIFIERS),
            *_DATED,
            Column("source_title", True),
            Column("source_ref", True),
            Column("source_type", True, words=WITNESSES),
            Column("review_state", True, words=get_args(ReviewState)),
            Column("note"),
        ),
        ("id",),
    ),
    Table(
        "agency_reports.csv",
        (
            Column("country", True, refers="countries.csv"),
            Column("date"),
            Column("precision", True, words=(*PRECISIONS, "range")),
            Column("metric", True),
            Column("value", True, "number"),
            Column("qualifier", True, words=QUALIFIERS),
            Column("unit", True),
            Column("source", True),
            Column("note"),
            Column("evidence_level", True, "integer"),
        ),
        ("country", "date", "metric", "source"),
    ),
    Table(
        "model_hooks.csv",
        (
            Column("id", True, pattern=r"[a-z0-9_]+"),
            Column("kind", True),
            Column("country", refers="countries.csv"),
            Column("title", True),
            Column("symbol"),
            *_DATED,
            Column("body"),
            Column("content"),
            Column("source_ref", True),
            Column("verified", True, "yes_no"),
            Column("note"),
        ),
        ("id",),
    ),
)
"""Facts with a date and a source, which nothing may count or show without."""
