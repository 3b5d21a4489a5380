"""Values of the adoption register: dated, sourced facts and what is derived from them."""

from dataclasses import dataclass, field
from typing import Literal

from dashboard.evidence.codebook.texts import Texts

EventType = Literal[
    "interest",
    "visit",
    "letter_of_intent",
    "mou",
    "agreement",
    "legal_basis",
    "pilot",
    "centre_opened",
    "expanded",
    "centre_closed",
    "all_centres_closed",
    "membership_of_association",
]
"""``listed_operating``: a source says that centres work, without saying when one opened."""
AdoptionStatus = Literal["no_record", "interest", "signed", "pilot", "operating", "closed"]
Support = Literal["confirmed", "agency_reported", "signed_only", "interest_only", "none"]
Precision = Literal["day", "month", "year", "unknown"]
Stance = Literal["supports", "contradicts", "context"]
ReviewState = Literal["draft", "reviewed", "disputed"]
AgreementPart = Literal["milestone", "activity", "continents", "participation"]
CountingRule = Literal["any_contact", "signed", "pilot_or_more", "operating"]


@dataclass(frozen=True, slots=True)
class AdoptionEvent:
    id: str
    iso3: str
    type: EventType
    filed_type: str  # the type as the register's file has it
    date: str  # ISO, as precise as known; "" when unknown
    precision: Precision
    local_name: str
    scope: str
    source_title: str
    source_ref: str
    source_type: str
    evidence_level: str  # E1-E4
    stance: Stance
    disputed: bool
    review_state: ReviewState
    centres_predate_agreement: bool
    note: str
    mapping_note: str = ""  # why the filed type became this type; "": it is the filed one
    credited_to: str = ""  # ISO3 of another country whose model a source credits too
    reported: str = ""  # when a source named it as a fact, where the event itself has no date
    scopes: Texts = field(default_factory=dict)
    notes: Texts = field(default_factory=dict)
    mapping_notes: Texts = field(default_factory=dict)

    @property
    def date_or_report(self) -> str:
        """Return the date of the event or else of its report; "" if neither has one."""
        return self.date or self.reported


@dataclass(frozen=True, slots=True)
class AgreementRecord:
    """A sourced fact about the Contribution Agreement between UN DESA and the State Agency."""

    id: str
    kind: AgreementPart
    text: Texts
    number: int | None  # of continents or participants, with its qualifier, where the source gives one
    qualifier: str
    date: str  # ISO, as precise as known; "" when unknown
    precision: Precision
    source_title: str
    source_ref: str
    source_type: str
    review_state: ReviewState
    note: Texts


@dataclass(frozen=True, slots=True)
class ReportedCount:
    """A published count of countries; never a count of the register."""

    id: str
    date: str
    precision: Precision
    claim: Texts
    count: int
    qualifier: str
    what_is_counted: Texts
    source_ref: str
    source_type: str
    note: Texts


@dataclass(frozen=True, slots=True)
class Adoption:
    """A country's adoption, derived from the register."""

    iso3: str
    status: AdoptionStatus
    disputed: bool
    support: Support
    opened: str  # date of the first counted opening, as precise as known; "" when none or unknown
    origin: bool
    events: tuple[AdoptionEvent, ...]
    centres_predate_agreement: bool = False


@dataclass(frozen=True, slots=True)
class StatementClaim:
    """A claim of a public statement and its test; the answer is derived, never stored."""

    id: str  # S-01 …
    group: str
    kind: str
    claim: Texts
    quote: str  # words of the original, at most 25
    reported: bool  # whether the article gives them as reported speech
    said_by: str
    said_on: str
    precision: Precision
    due_on: str  # "2027-04"; "" where nothing is due
    test: Texts
    indicators: tuple[str, ...]
    suppliers: tuple[str, ...]  # who could supply what is missing
    untestable_why: Texts
    source_title: str
    source_ref: str
