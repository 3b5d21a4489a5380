"""What the register says of each country: a status derived from dated, sourced events, and counts with their rule.

Pure functions of the codebook. The ladder, its vectors (``register.status.*``) and the reasons are in
``docs/decisions/0003-adoption-status.md``.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import get_args

from dashboard.codebook.model import (
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

_LEAST: Mapping[CountingRule, AdoptionStatus] = {
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
class Count:
    """How many countries by one rule: the origin country and organisations are never among them."""

    rule: CountingRule
    countries: tuple[str, ...]  # ISO3, sorted
    disputed: tuple[str, ...]  # those of them whose rows contradict each other
    support: Mapping[Support, tuple[str, ...]]  # the same countries by the strength of the evidence

    @property
    def number(self) -> int:
        """The count itself, disputed countries included."""
        return len(self.countries)


def is_counted(event: AdoptionEvent) -> bool:
    """Whether an event can move a status: it supports, was reviewed, and has a source. Disputed ones count, flagged."""
    return event.stance == "supports" and _sourced(event)


def find_status(events: Iterable[AdoptionEvent]) -> AdoptionStatus:
    """The highest rung that the counted events reach; ``closed`` when all centres closed and none works since.

    A centre works "since" only when its date is certainly after the closure; an undated one is not.
    """
    counted = [event for event in events if is_counted(event)]
    reached = max((LADDER.index(RUNGS[event.type]) for event in counted if event.type in RUNGS), default=0)
    closures = [event for event in counted if event.type == "all_centres_closed"]
    if not closures:
        return LADDER[reached]
    working = [event for event in counted if RUNGS.get(event.type) == "operating"]
    reopened = any(all(_after(event, closure) for closure in closures) for event in working)
    return "operating" if reopened else "closed"


def is_disputed(events: Iterable[AdoptionEvent]) -> bool:
    """Whether a counted event is disputed, or a reviewed source contradicts."""
    return any((is_counted(event) and event.disputed) or _contradicts(event) for event in events)


def grade_support(events: Iterable[AdoptionEvent]) -> Support:
    """The best evidence among the counted events: a local or independent report of a centre is E1, the best."""
    levels = [event.evidence_level for event in events if is_counted(event)]
    return _GRADES[min(levels)] if levels else "none"


def find_first_opening(events: Iterable[AdoptionEvent]) -> str:
    """Date of the first counted opening, as precise as known; empty when none, or when an opening has no date.

    A row that only reports a centre as open (``reported``) is no opening of its own and hides no date.
    """
    openings = [event for event in events if is_counted(event) and event.type == "centre_opened"]
    dates = [event.date for event in openings if not event.reported]
    return min(dates, default="") if all(dates) else ""


def has_centres_before_agreement(events: Iterable[AdoptionEvent]) -> bool:
    """Whether centres are older than the first agreement: by the dates, or because a sourced row says so."""
    events = list(events)
    openings = [event for event in events if is_counted(event) and event.type == "centre_opened" and event.date]
    signed = [event for event in events if is_counted(event) and RUNGS.get(event.type) == "signed"]
    older = any(all(_after(agreement, opening) for agreement in signed) for opening in openings) and bool(signed)
    return older or any(event.centres_predate_agreement and _sourced(event) for event in events)


def read_adoption(codebook: Codebook, rule: CountingRule | None = None) -> dict[str, Adoption]:
    """What the register says of every country that has a row, by ISO3; with a rule, of those it counts."""
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
            events=tuple(sorted(events, key=_chronological)),
            centres_predate_agreement=has_centres_before_agreement(events),
        )
        for iso3, events in sorted(register.items())
    }
    return (
        countries if rule is None else {iso3: it for iso3, it in countries.items() if rule in list_rules_counting(it)}
    )


def describe_unrecorded(iso3: str) -> Adoption:
    """A country without a row: nothing was found, which is not the same as "no adopter"."""
    return Adoption(iso3, "no_record", disputed=False, support="none", opened="", origin=False, events=())


def list_rules_counting(country: Adoption) -> tuple[CountingRule, ...]:
    """The rules that count a country: none for the origin; a closed country keeps the rungs below the pilot."""
    if country.origin:
        return ()
    if country.status != "closed":
        reached = LADDER.index(country.status)
    else:
        papers = [event.type for event in country.events if is_counted(event)]
        reached = LADDER.index("signed" if any(RUNGS.get(kind) == "signed" for kind in papers) else "interest")
    return tuple(rule for rule in RULES if LADDER.index(_LEAST[rule]) <= reached)


def count(codebook: Codebook, rule: CountingRule) -> Count:
    """The countries that a rule counts, with the disputed ones named and the evidence graded."""
    chosen = read_adoption(codebook, rule)
    grades: defaultdict[Support, list[str]] = defaultdict(list)
    for iso3, country in chosen.items():
        grades[country.support].append(iso3)
    return Count(
        rule=rule,
        countries=tuple(chosen),
        disputed=tuple(iso3 for iso3, country in chosen.items() if country.disputed),
        support={grade: tuple(grades[grade]) for grade in get_args(Support) if grade in grades},
    )


def list_claims(codebook: Codebook) -> tuple[ReportedCount, ...]:
    """Counts published by others, oldest first: each says what it counts, and they count different things."""
    return tuple(sorted(codebook.reported_counts, key=lambda claim: claim.date))


def _sourced(event: AdoptionEvent) -> bool:
    return event.review_state != "draft" and bool(event.source_title or event.source_ref)


def _contradicts(event: AdoptionEvent) -> bool:
    return event.stance == "contradicts" and _sourced(event)


def _after(later: AdoptionEvent, earlier: AdoptionEvent) -> bool:
    """Whether ``later`` is certainly after ``earlier``: "2022-05" is not after "2022", no date is not after any."""
    late, early = _known(later), _known(earlier)
    shared = min(len(late), len(early))
    return bool(shared) and late[:shared] > early[:shared]


def _chronological(event: AdoptionEvent) -> tuple[bool, str, str]:
    return (not _known(event), _known(event), event.id)


def _known(event: AdoptionEvent) -> str:
    """The date of the event, or else the date of the report that it had happened."""
    return event.date or event.reported
