"""Rules of the adoption register and of other dated records: dates as precise as known, nothing counted unsourced."""

import re
from collections.abc import Iterator
from datetime import date

from dashboard.codebook.faults import Fault
from dashboard.codebook.reading import CodebookRow, Tables

FORMS = {
    "day": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "month": r"[0-9]{4}-[0-9]{2}",
    "year": r"[0-9]{4}",
    "range": r"[0-9]{4}/[0-9]{4}",
    "unknown": r"",
}
"""Precision of a date → how it is written."""

DATES = ("day", "month", "year")

WITNESSED = frozenset({"centre_opened", "expanded", "centre_closed", "all_centres_closed", "pilot"})
"""Events about a centre, which E1 and E2 attest; E3 attests a signature, E4 an interest."""


DATED = (
    "adoption_events.csv",
    "organisation_events.csv",
    "reported_counts.csv",
    "agreement_records.csv",
    "agency_reports.csv",
    "model_hooks.csv",
    "legal_acts.csv",
    "complaint_rules.csv",
    "strategies.csv",
    "agreement_activities.csv",
)


def check_register(tables: Tables) -> Iterator[Fault]:
    """Faults of adoption events, organisations, published counts, agency reports and hooks."""
    for file in DATED:
        for row in tables[file]:
            yield from _date(row)
    for row in tables["agreement_records.csv"]:
        if bool(row["number"]) != bool(row["qualifier"]):
            yield row.fault(
                "qualifier",
                "agreement.number",
                "A number says whether it is exact; without one there is nothing to qualify.",
                "Fill in or clear number and qualifier.",
            )
    for row in tables["complaint_rules.csv"]:
        deadline = bool(row["count"]) and bool(row["unit"]) and not row["channel"]
        channel = bool(row["channel"]) and not row["count"] and not row["unit"]
        if not (deadline if row["kind"] == "deadline" else channel):
            yield row.fault(
                "kind",
                "complaint_rule.kind",
                f"{row['id']}: a deadline has a count and a unit, a channel its name and address, none has both.",
                "Fill in or clear count, unit and channel.",
            )
    for row in tables["adoption_events.csv"]:
        for column, rule, message, remedy in _event(row):
            yield row.fault(column, rule, f"{row['id']}: {message}", remedy)


def _date(row: CodebookRow) -> Iterator[Fault]:
    text, precision = row["date"], row["precision"]
    if not re.fullmatch(FORMS[precision], text):
        yield row.fault(
            "date",
            "date.precision",
            f"“{text}” is not a date of precision {precision}.",
            "As precise as the source gives it, and no more: 2024-05-03, 2024-05, 2024, or nothing for unknown.",
        )
    elif text and precision != "range":
        try:
            date.fromisoformat(f"{text}-01-01"[:10])
        except ValueError:
            yield row.fault(
                "date", "date.real", f"There is no {precision} “{text}”.", "Look the date up in the source."
            )


def _event(row: CodebookRow) -> Iterator[tuple[str, str, str, str]]:
    counted = row["review_state"] != "draft"
    if counted and not (row["source_title"] and row["source_ref"] and row["source_type"]):
        yield (
            "source_ref",
            "event.source",
            "reviewed without a source.",
            "Name title, reference and kind of the source, or make the row a draft, which does not count.",
        )
    if counted and row.yes("disputed") != (row["review_state"] == "disputed"):
        yield (
            "review_state",
            "event.disputed",
            "disputed and review_state disagree.",
            "A reviewed row that sources contradict is disputed in both columns.",
        )
    if not row["id"].startswith(row["iso3"]):
        yield "id", "event.id", f"the id does not begin with {row['iso3']}.", "Use ISO3, hyphen, two digits."
    if row["reported"] and (row["date"] or not re.fullmatch("|".join(FORMS[form] for form in DATES), row["reported"])):
        yield (
            "reported",
            "event.reported",
            f"“{row['reported']}” is no date, or the event has one of its own.",
            "Give reported (2026-01) only where a source names the event as a fact without dating it.",
        )
    if row["type"] == "all_centres_closed" and not row["date"]:
        yield (
            "date",
            "event.closure",
            "a closure of all centres without a date: nobody can tell what came after it.",
            "Find the date, or make the row a draft.",
        )
    if row["evidence_level"] in ("E1", "E2") and row["type"] not in WITNESSED:
        yield (
            "evidence_level",
            "event.level",
            f"{row['evidence_level']} attests a working centre, not {row['type']}.",
            "Use E3 for a signed instrument, E4 for interest.",
        )
    if row["stance"] == "contradicts" and counted and not row.yes("disputed"):
        yield "disputed", "event.contradiction", "it contradicts, yet is not disputed.", "Write yes."
