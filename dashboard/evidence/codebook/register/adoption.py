"""Derive each country's adoption status from dated, sourced events, and count countries by rule.

The ladder, its test vectors and the reasons are in ``docs/decisions/0003-adoption-status.md``.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import get_args

from dashboard.evidence.codebook.model import (
    Adoption,
    AdoptionEvent,
    AdoptionStatus,
    Codebook,
    CountingRule,
    EventType,
    ReportedCount,
    Support,
)

RUNGS: Mapping[EventType, AdoptionStatus] = {
    "visit": "interest",
    "interest": "interest",
    "letter_of_intent": "interest",
    "membership_of_association": "interest",
    "centre_closed": "interest",  # one centre closed says nothing of the others
    "mou": "signed",
    "agreement": "signed",
    "pilot": "pilot",
    "legal_basis": "pilot",
    "centre_opened": "operating",
    "expanded": "operating",
}
"""Kind of event → the rung it alone carries a country to. ``all_centres_closed`` is no rung: see ``find_status``."""

LADDER: tuple[AdoptionStatus, ...] = ("no_record", "interest", "signed", "pilot", "operating")
"""The rungs, lowest first; ``closed`` stands beside the ladder."""

RULES: tuple[CountingRule, ...] = get_args(CountingRule)
"""The ways of counting countries that a reader can choose from."""

_MIN_STATUS: Mapping[CountingRule, AdoptionStatus] = {
    "any_contact": "interest",
    "signed": "signed",
    "pilot_or_more": "pilot",
    "operating": "operating",
}
_GRADES: Mapping[str, Support] = {
    "E1": "confirmed",
    "E2": "agency_reported",
    "E3": "signed_only",
    "E4": "interest_only",
}


@dataclass(frozen=True, slots=True)
class CountryCount:
    """Countries counted by a rule; neither the origin country nor organisations are among them."""

    rule: CountingRule
    countries: tuple[str, ...]  # ISO3, sorted
    disputed: tuple[str, ...]  # those of them whose rows contradict each other
    support: Mapping[Support, tuple[str, ...]]  # the same countries by the strength of the evidence

    @property
    def number(self) -> int:
        """Return the number of countries, disputed ones included."""
        return len(self.countries)


def is_counted(event: AdoptionEvent) -> bool:
    """Return True if an event supports adoption and is reviewed and sourced; it may be disputed."""
    return event.stance == "supports" and _is_sourced(event)


def find_status(events: Iterable[AdoptionEvent]) -> AdoptionStatus:
    """Return the highest rung of the counted events, or "closed".

    A country is closed when all its centres closed and no centre is certainly known to have worked since.
    """
    counted = [event for event in events if is_counted(event)]
    reached = max((LADDER.index(RUNGS[event.type]) for event in counted if event.type in RUNGS), default=0)
    closures = [event for event in counted if event.type == "all_centres_closed"]
    if not closures:
        return LADDER[reached]
    working = [event for event in counted if RUNGS.get(event.type) == "operating"]
    reopened = any(all(_is_after(event, closure) for closure in closures) for event in working)
    return "operating" if reopened else "closed"


def is_disputed(events: Iterable[AdoptionEvent]) -> bool:
    """Return True if a counted event is disputed, or a reviewed source contradicts adoption."""
    return any(
        (is_counted(event) and event.disputed) or (event.stance == "contradicts" and _is_sourced(event))
        for event in events
    )


def grade_support(events: Iterable[AdoptionEvent]) -> Support:
    """Return the grade of the best evidence among the counted events; E1 is the best."""
    levels = [event.evidence_level for event in events if is_counted(event)]
    return _GRADES[min(levels)] if levels else "none"


def find_first_opening(events: Iterable[AdoptionEvent]) -> str:
    """Return the date of the first counted opening, or "" if there is none or one has no date.

    An undated opening hides the first date even if it does not count, unless it contradicts adoption.
    """
    openings = [
        event for event in events if event.type == "centre_opened" and not event.reported and _is_sourced(event)
    ]
    if any(not event.date and event.stance != "contradicts" for event in openings):
        return ""
    return min((event.date for event in openings if is_counted(event)), default="")


def has_centre_before_agreement(events: Iterable[AdoptionEvent]) -> bool:
    """Return True if centres predate the first agreement, by dates or by a sourced row."""
    events = list(events)
    openings = [event for event in events if is_counted(event) and event.type == "centre_opened" and event.date]
    signed = [event for event in events if is_counted(event) and RUNGS.get(event.type) == "signed"]
    older = any(all(_is_after(agreement, opening) for agreement in signed) for opening in openings) and bool(signed)
    return older or any(event.centres_predate_agreement and _is_sourced(event) for event in events)


def read_adoption(codebook: Codebook, rule: CountingRule | None = None) -> dict[str, Adoption]:
    """Return the adoption of every country with a row, by ISO3; with ``rule``, of those it counts."""
    register: defaultdict[str, list[AdoptionEvent]] = defaultdict(list)
    for event in codebook.events:
        register[event.iso3].append(event)
    origins = codebook.country_sets.get("origin", ())
    countries = {
        iso3: Adoption(
            iso3=iso3,
            status=find_status(events),
            disputed=is_disputed(events),
            support=grade_support(events),
            opened=find_first_opening(events),
            origin=iso3 in origins,
            events=tuple(sorted(events, key=lambda event: (not event.date_or_report, event.date_or_report, event.id))),
            centres_predate_agreement=has_centre_before_agreement(events),
        )
        for iso3, events in sorted(register.items())
    }
    if rule is None:
        return countries
    return {iso3: country for iso3, country in countries.items() if rule in list_counting_rules(country)}


def build_unrecorded_adoption(iso3: str) -> Adoption:
    """Return the adoption of a country without a row: nothing found, which is not "no adopter"."""
    return Adoption(iso3, "no_record", disputed=False, support="none", opened="", origin=False, events=())


def list_counting_rules(country: Adoption) -> tuple[CountingRule, ...]:
    """Return the rules that count a country; a closed country counts below "pilot", the origin never."""
    if country.origin:
        return ()
    if country.status != "closed":
        reached = LADDER.index(country.status)
    else:
        papers = [event.type for event in country.events if is_counted(event)]
        reached = LADDER.index("signed" if any(RUNGS.get(kind) == "signed" for kind in papers) else "interest")
    return tuple(rule for rule in RULES if LADDER.index(_MIN_STATUS[rule]) <= reached)


def count_countries(codebook: Codebook, rule: CountingRule) -> CountryCount:
    """Count the countries that meet a rule, listing disputed ones and grading the evidence."""
    chosen = read_adoption(codebook, rule)
    grades: defaultdict[Support, list[str]] = defaultdict(list)
    for iso3, country in chosen.items():
        grades[country.support].append(iso3)
    return CountryCount(
        rule=rule,
        countries=tuple(chosen),
        disputed=tuple(iso3 for iso3, country in chosen.items() if country.disputed),
        support={grade: tuple(grades[grade]) for grade in get_args(Support) if grade in grades},
    )


def list_reported_counts(codebook: Codebook) -> tuple[ReportedCount, ...]:
    """Return counts published by others, oldest first; they count different things."""
    return tuple(sorted(codebook.reported_counts, key=lambda claim: claim.date))


def _is_sourced(event: AdoptionEvent) -> bool:
    return event.review_state != "draft" and bool(event.source_title or event.source_ref)


def _is_after(later: AdoptionEvent, earlier: AdoptionEvent) -> bool:
    """Return True if ``later`` is certainly after ``earlier``; "2022-05" is not certainly after "2022"."""
    late, early = later.date_or_report, earlier.date_or_report
    shared = min(len(late), len(early))
    return late[:shared] > early[:shared]
