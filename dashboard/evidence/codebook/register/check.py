"""Check the adoption register and other dated records."""

import re
from collections.abc import Iterator
from datetime import date

from dashboard.evidence.codebook.faults import Fault
from dashboard.evidence.codebook.reading import CodebookRow, Tables

DATE_PATTERNS = {
    "day": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "month": r"[0-9]{4}-[0-9]{2}",
    "year": r"[0-9]{4}",
    "range": r"[0-9]{4}/[0-9]{4}",
    "unknown": r"",
}
"""Precision of a date → how it is written."""

CENTRE_EVENTS = frozenset({"centre_opened", "expanded", "centre_closed", "all_centres_closed", "pilot"})
"""Events about a centre, which E1 and E2 attest; E3 attests a signature, E4 an interest."""

MAX_QUOTE_WORDS = 40
MAX_CLAIM_WORDS = 25
SERVED_LANES = ("served", "served_total")

DATED_FILES = (
    "adoption_events.csv",
    "organisation_events.csv",
    "reported_counts.csv",
    "agreement_records.csv",
    "model_hooks.csv",
    "legal_acts.csv",
    "complaint_rules.csv",
    "strategies.csv",
    "agreement_activities.csv",
)


def check_register(tables: Tables) -> Iterator[Fault]:
    """Return faults of adoption events, dated records, claims and reported figures."""
    for file in DATED_FILES:
        for row in tables[file]:
            yield from _check_date(row)
    for row in tables["agreement_records.csv"]:
        if bool(row["number"]) != bool(row["qualifier"]):
            yield row.make_fault(
                "qualifier",
                "agreement.number",
                "A number says whether it is exact; without one there is nothing to qualify.",
                "Fill in or clear number and qualifier.",
            )
    for row in tables["complaint_rules.csv"]:
        deadline = bool(row["count"]) and bool(row["unit"]) and not row["channel"]
        channel = bool(row["channel"]) and not row["count"] and not row["unit"]
        if not (deadline if row["kind"] == "deadline" else channel):
            yield row.make_fault(
                "kind",
                "complaint_rule.kind",
                f"{row['id']}: a deadline has a count and a unit, a channel its name and address, none has both.",
                "Fill in or clear count, unit and channel.",
            )
    for row in tables["claims.csv"]:
        if len(row["quote"].split()) > MAX_CLAIM_WORDS:
            yield row.make_fault(
                "quote",
                "claim.quote",
                f"{row['id']}: longer than {MAX_CLAIM_WORDS} words.",
                "Quote less: everything longer stays with the publisher.",
            )
    yield from _check_reported_figures(tables)
    for row in tables["adoption_events.csv"]:
        for column, rule, message, remedy in _check_event(row):
            yield row.make_fault(column, rule, f"{row['id']}: {message}", remedy)


def _check_reported_figures(tables: Tables) -> Iterator[Fault]:
    """Return faults of single reported figures and of their contradictions."""
    ids = {row["id"] for file in ("reported_figures.csv", "adoption_events.csv") for row in tables[file]}
    for row in tables["reported_figures.csv"]:
        since, until, published = row["since"], row["until"], row["published"]
        faults = {
            "quote": len(row["quote"].split()) > MAX_QUOTE_WORDS and f"longer than {MAX_QUOTE_WORDS} words",
            "since": _is_after(since, until) and "after the last day",
            "published": _is_after(until, published) and "before the last day that it counts",
            "value_high": bool(row["value_high"]) != (row["qualifier"] == "range") and "only a range has two ends",
            "contradicts": not {*row.read_list("contradicts")} <= ids - {row["id"]} and "no figure or event of that id",
            "fit": bool(row["metric"]) != bool(row["fit"]) and "a metric needs a fit, and a fit a metric",
            "id": not row["id"].startswith(row["country"]) and "another country",
            "day_basis": bool(published) == (row["day_basis"] == "not_seen") and "a day that was not seen is none",
            "counting": row["lane"] in SERVED_LANES
            and (row["lane"] == "served_total") != (row["counting"] == "cumulative")
            and "a total since the start has a heading of its own",
        }  # fmt: skip
        for column, message in faults.items():
            if message:
                yield row.make_fault(
                    column, f"reported.{column}", f"{row['id']}: {message}.", "Correct or remove the row."
                )


def _is_after(later: str, earlier: str) -> bool:
    shared = min(len(later), len(earlier))
    return later[:shared] > earlier[:shared]


def _check_date(row: CodebookRow) -> Iterator[Fault]:
    text, precision = row["date"], row["precision"]
    if not re.fullmatch(DATE_PATTERNS[precision], text):
        yield row.make_fault(
            "date",
            "date.precision",
            f"“{text}” is not a date of precision {precision}.",
            "As precise as the source gives it, and no more: 2024-05-03, 2024-05, 2024, or nothing for unknown.",
        )
    elif text and precision != "range":
        try:
            date.fromisoformat(f"{text}-01-01"[:10])
        except ValueError:
            yield row.make_fault(
                "date", "date.real", f"There is no {precision} “{text}”.", "Look the date up in the source."
            )


def _check_event(row: CodebookRow) -> Iterator[tuple[str, str, str, str]]:
    counted = row["review_state"] != "draft"
    if counted and not (row["source_title"] and row["source_ref"] and row["source_type"]):
        yield (
            "source_ref",
            "event.source",
            "reviewed without a source.",
            "Name title, reference and kind of the source, or make the row a draft, which does not count.",
        )
    if counted and row.read_yes_no("disputed") != (row["review_state"] == "disputed"):
        yield (
            "review_state",
            "event.disputed",
            "disputed and review_state disagree.",
            "A reviewed row that sources contradict is disputed in both columns.",
        )
    if not row["id"].startswith(row["iso3"]):
        yield "id", "event.id", f"the id does not begin with {row['iso3']}.", "Use ISO3, hyphen, two digits."
    dated = "|".join(DATE_PATTERNS[precision] for precision in ("day", "month", "year"))
    if row["reported"] and (row["date"] or not re.fullmatch(dated, row["reported"])):
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
    if row["evidence_level"] in ("E1", "E2") and row["type"] not in CENTRE_EVENTS:
        yield (
            "evidence_level",
            "event.level",
            f"{row['evidence_level']} attests a working centre, not {row['type']}.",
            "Use E3 for a signed instrument, E4 for interest.",
        )
    if row["stance"] == "contradicts" and counted and not row.read_yes_no("disputed"):
        yield "disputed", "event.contradiction", "it contradicts, yet is not disputed.", "Write yes."
