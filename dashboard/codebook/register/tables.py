"""The files of the adoption register and of other dated facts as they are declared: see ``tables``."""

from typing import get_args

from dashboard.codebook.model import AgreementPart, EventType, Precision, ReviewState, Stance
from dashboard.codebook.schema import SchemaColumn, SchemaTable

PRECISIONS: tuple[str, ...] = get_args(Precision)
WITNESSES = ("national_gov", "azerbaijan_gov", "un", "independent", "press")
LEVELS = ("E1", "E2", "E3", "E4")
QUALIFIERS = ("exact", "about", "more_than", "at_least", "nearly")
_DATED = (SchemaColumn("date"), SchemaColumn("precision", True, words=PRECISIONS))

REGISTER: tuple[SchemaTable, ...] = (
    SchemaTable(
        "adoption_events.csv",
        (
            SchemaColumn("id", True, pattern=r"[A-Z]{3}-[0-9]{2}"),
            SchemaColumn("iso3", True, refers="countries.csv"),
            SchemaColumn("type", True, words=get_args(EventType)),
            SchemaColumn("filed_type", True),
            SchemaColumn("mapping_note"),
            SchemaColumn("reported"),
            *_DATED,
            SchemaColumn("local_name"),
            SchemaColumn("scope", True),
            SchemaColumn("source_title"),
            SchemaColumn("source_ref"),
            SchemaColumn("source_type", words=WITNESSES),
            SchemaColumn("evidence_level", True, words=LEVELS),
            SchemaColumn("stance", True, words=get_args(Stance)),
            SchemaColumn("disputed", True, "yes_no"),
            SchemaColumn("review_state", True, words=get_args(ReviewState)),
            SchemaColumn("centres_predate_agreement", True, "yes_no"),
            SchemaColumn("credited_to", refers="countries.csv"),
            SchemaColumn("note"),
        ),
        ("id",),
    ),
    SchemaTable(
        "organisation_events.csv",
        (
            SchemaColumn("organisation", True),
            SchemaColumn("type", True, words=get_args(EventType)),
            *_DATED,
            SchemaColumn("source_ref", True),
            SchemaColumn("source_type", True, words=WITNESSES),
            SchemaColumn("note"),
        ),
        ("organisation", "type", "date"),
    ),
    SchemaTable(
        "reported_counts.csv",
        (
            SchemaColumn("id", True, pattern=r"RC-[0-9]{2}"),
            *_DATED,
            SchemaColumn("claim", True),
            SchemaColumn("count", True, "integer"),
            SchemaColumn("qualifier", True, words=QUALIFIERS),
            SchemaColumn("what_is_counted", True),
            SchemaColumn("source_ref", True),
            SchemaColumn("source_type", True, words=WITNESSES),
            SchemaColumn("note"),
        ),
        ("id",),
    ),
    SchemaTable(
        "agreement_records.csv",
        (
            SchemaColumn("id", True, pattern=r"CA-[0-9]{2}"),
            SchemaColumn("kind", True, words=get_args(AgreementPart)),
            SchemaColumn("text", True),
            SchemaColumn("number", kind="integer"),
            SchemaColumn("qualifier", words=QUALIFIERS),
            *_DATED,
            SchemaColumn("source_title", True),
            SchemaColumn("source_ref", True),
            SchemaColumn("source_type", True, words=WITNESSES),
            SchemaColumn("review_state", True, words=get_args(ReviewState)),
            SchemaColumn("note"),
        ),
        ("id",),
    ),
    SchemaTable(
        "agency_reports.csv",
        (
            SchemaColumn("country", True, refers="countries.csv"),
            SchemaColumn("date"),
            SchemaColumn("precision", True, words=(*PRECISIONS, "range")),
            SchemaColumn("metric", True),
            SchemaColumn("value", True, "number"),
            SchemaColumn("qualifier", True, words=QUALIFIERS),
            SchemaColumn("unit", True),
            SchemaColumn("source", True),
            SchemaColumn("note"),
            SchemaColumn("evidence_level", True, "integer"),
        ),
        ("country", "date", "metric", "source"),
    ),
    SchemaTable(
        "model_hooks.csv",
        (
            SchemaColumn("id", True, pattern=r"[a-z0-9_]+"),
            SchemaColumn("kind", True),
            SchemaColumn("country", refers="countries.csv"),
            SchemaColumn("title", True),
            SchemaColumn("symbol"),
            *_DATED,
            SchemaColumn("body"),
            SchemaColumn("content"),
            SchemaColumn("source_ref", True),
            SchemaColumn("verified", True, "yes_no"),
            SchemaColumn("note"),
        ),
        ("id",),
    ),
)
"""Facts with a date and a source, which nothing may count or show without."""
