"""Frozen, typed values of the codebook."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from dashboard.evidence.codebook.register.model import Adoption as Adoption
from dashboard.evidence.codebook.register.model import AdoptionEvent as AdoptionEvent
from dashboard.evidence.codebook.register.model import AdoptionStatus as AdoptionStatus
from dashboard.evidence.codebook.register.model import AgreementRecord as AgreementRecord
from dashboard.evidence.codebook.register.model import CountingRule as CountingRule
from dashboard.evidence.codebook.register.model import EventType as EventType
from dashboard.evidence.codebook.register.model import ReportedCount as ReportedCount
from dashboard.evidence.codebook.register.model import ReviewState as ReviewState
from dashboard.evidence.codebook.register.model import Stance as Stance
from dashboard.evidence.codebook.register.model import StatementClaim as StatementClaim
from dashboard.evidence.codebook.register.model import Support as Support
from dashboard.evidence.codebook.texts import Texts as Texts
from dashboard.evidence.codebook.texts import choose_text as choose_text

Strength = Literal["direct", "proxy", "enabling"]
Direction = Literal["higher", "lower", "centre", "none"]
SURVEYED = ("sat_", "bribery_persons", "decision_", "discrimination", "needed_not_tried")
"""Beginnings of the ids of indicators that statistics offices find out in surveys and countries send."""
Relation = Literal["own_definition", "similar"]
Certainty = Literal["on", "by"]
"""Whether an edition was published on the date that stands with it, or was seen then and is as old or older."""
TargetSetter = Literal["framework", "definition", "project"]
"""Who sets a target: the words of the SDG target, the definition of the indicator (parity, a yes), or this project."""
BoundsSetter = Literal["sdsn", "project"]


@dataclass(frozen=True, slots=True)
class Goal:
    number: int
    title: Texts
    short: Texts
    colour: str


@dataclass(frozen=True, slots=True)
class Target:
    code: str
    goal: int
    kind: str  # "outcome" or "means"
    title: Texts


@dataclass(frozen=True, slots=True)
class SdgIndicator:
    code: str  # "16.6.2"
    target: str
    goal: int
    unsd_code: str  # "" where it was not seen, as the next three
    tier: str
    custodian: str
    as_of: str  # date of tier and custodian
    title: Texts
    titles_follow_older_text: bool = False


@dataclass(frozen=True, slots=True)
class Principle:
    id: str
    order: int
    group: str  # effectiveness | accountability | inclusiveness
    name: Texts
    strategies: tuple[str, ...]
    verified: bool
    note: str


@dataclass(frozen=True, slots=True)
class Link:
    """The reason why an indicator bears on a target, an official SDG indicator or a CEPA principle."""

    metric: str
    target: str  # "" when none
    sdg_indicator: str  # "" when none
    principle: str  # "" when none
    strength: Strength
    rationale: str  # English
    rationales: Texts = field(default_factory=dict)  # every language there is, English included


@dataclass(frozen=True, slots=True)
class SeriesAlias:
    """A code under which the publisher issued the same series before renaming it."""

    code: str
    last_release: str  # the newest release known to have it
    first_release: str  # the oldest known to have the series' present code
    source_ref: str


@dataclass(frozen=True, slots=True)
class SeriesLink:
    """A publisher's series that feeds an indicator.

    Pages show the ``primary`` series and compare it with ``secondary`` ones; a ``national`` series is a country's own.
    """

    metric: str
    source: str  # id of a folder in data_sources/
    series: str
    role: Literal["primary", "secondary", "national"]
    interval: str  # "published", "se_90" (estimate ± 1.645 × published standard error) or ""
    companions: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[SeriesAlias, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the current code followed by former ones."""
        return self.series, *(alias.code for alias in self.aliases)


@dataclass(frozen=True, slots=True)
class PublishedEdition:
    """An edition and its publication date, as stated in the proof."""

    source: str
    database: str  # the start of its codes, where the publisher keeps several databases; else ""
    edition: str
    data_to: str  # the last year it has figures of; "" where series differ
    published: str  # ISO date, as precise as it is known
    certainty: Certainty
    proof: str
    note: str


@dataclass(frozen=True, slots=True)
class NationalSeries:
    """A country's own series for an indicator, in its own definition: shown with it, never compared.

    Texts that the office did not publish are empty.
    """

    metric: str
    country: str  # ISO3
    source: str  # id of a folder in data_sources/
    series: str  # "kaz:16-6-2": the site, a colon, the office's code
    relation: Relation
    definition: Texts
    question: Texts
    population: Texts
    method: Texts
    compiled_by: Texts
    language: tuple[str, ...]  # in which the office's words stand
    caution: Texts
    evidence_level: int  # 1-4, see docs/method.md
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def link(self) -> SeriesLink:
        """Return the link by which the series is gathered."""
        return SeriesLink(self.metric, self.source, self.series, "national", "", {}, self.options)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Ends and thresholds of a score of 0 to 100, by the SDSN's method.

    If ``optimum`` is below ``lower``, a lower value is better.
    """

    lower: float
    red: float
    green: float
    optimum: float
    set_by: BoundsSetter
    code: str  # the SDSN's name of the indicator; "" for bounds of this project


@dataclass(frozen=True, slots=True)
class Metric:
    """An indicator of the monitor (``mapping/indicators.csv`` row); ``id`` is its public name."""

    id: str
    name: Texts
    definition: Texts
    unit: str  # one of ``tables.UNITS``: percent, score, index, ratio, count, yes_no, points, per_100 …
    decimals: int
    direction: Direction
    centre: float | None
    target_2030: float | None  # None: no number is set; a country's own are in ``Codebook.national_targets``
    target_set_by: TargetSetter | None
    target_source: Texts
    limit_low: float | None  # no value can lie beyond a limit: shares, indices, counts
    limit_high: float | None
    usual_low: float | None  # values beyond occur, but call for a look
    usual_high: float | None
    sdsn: Bounds | None
    evidence_level: int  # 1-4 at best, see docs/method.md; a single value's source may be worth less
    theme: str  # satisfaction | integrity | service | inclusion | digital | statistics | context
    source_type: tuple[str, ...]
    rights_hook: str
    rights_hook_checked: str
    caveats: tuple[Texts, ...]  # "what you should know", at most three shown
    checked: str
    links: tuple[Link, ...]
    series: tuple[SeriesLink, ...]
    break_years: tuple[int, ...] = ()  # a method break lies before these years
    line: bool = True  # False: points per edition or survey, never joined
    quantity: bool = True  # False: the published figures are codes or years: shown as text, never drawn or ranked
    no_link_reason: Texts = field(default_factory=dict)  # why an indicator without links has none
    national: tuple[NationalSeries, ...] = ()  # countries' own series, which never count as figures of the indicator
    compared: Mapping[str, str] = field(default_factory=dict)  # part of the comparability key → its code, where stated
    only_from: str = ""  # how alone its figures are made (``tables.ASKED``); "" where in any way
    instead: str = ""  # id of the indicator for figures made otherwise; "" where there is none

    @property
    def target_year(self) -> int | None:
        """Return 2030 if the SDG framework sets the target, else None."""
        return 2030 if self.target_set_by == "framework" else None

    @property
    def direct(self) -> bool:
        """Return True if a target, an official indicator or a principle asks for exactly this."""
        return any(link.strength == "direct" for link in self.links)

    @property
    def has_published_errors(self) -> bool:
        """Return True if some editions give errors; without them its figures get no verdict."""
        return any(link.interval for link in self.series if link.role == "primary")

    @property
    def sent_by_countries(self) -> bool:
        """Return True if countries submit the indicator, directly or from a survey."""
        return "national" in self.source_type or self.id.startswith(SURVEYED)

    @property
    def expected(self) -> tuple[float | None, float | None]:
        """Return the lower and upper limit of plausible values: natural limits, else usual ones."""
        low = self.usual_low if self.limit_low is None else self.limit_low
        return low, self.usual_high if self.limit_high is None else self.limit_high


@dataclass(frozen=True, slots=True)
class NationalTarget:
    """A target that a country, or a programme in it, has set itself in a document."""

    metric: str
    country: str  # ISO3
    kind: Literal["target", "milestone"]
    year: int
    value: float
    source_title: str
    source_ref: str
    note: str
    series: str = ""  # the national series in whose definition it counts; "": the indicator's own
    comparison: Literal["", "more_than"] = ""


@dataclass(frozen=True, slots=True)
class Country:
    iso3: str
    iso2: str
    m49: str
    name: Texts
    region: str
    subregion: str
    continent: str
    wb_region: str
    income: str
    ldc: bool
    lldc: bool
    sids: bool
    tile: tuple[int, int] | None  # (column, row), row 0 on top
    m49_area: bool = True  # False for areas publishers list that M49 does not (XKX, TWN)


@dataclass(frozen=True, slots=True)
class SearchAlias:
    """An alternative name for searching."""

    kind: str  # one of ``tables.ALIASED``
    id: str
    lang: str
    alias: str


@dataclass(frozen=True)
class Codebook:
    goals: Mapping[int, Goal]
    targets: Mapping[str, Target]
    sdg_indicators: Mapping[str, SdgIndicator]
    principles: Mapping[str, Principle]
    metrics: Mapping[str, Metric]
    countries: Mapping[str, Country]
    events: tuple[AdoptionEvent, ...]
    reported_counts: tuple[ReportedCount, ...]
    model_hooks: tuple[Mapping[str, str], ...]
    country_sets: Mapping[str, tuple[str, ...]]
    area_aliases: Mapping[tuple[str, str], str]  # (source, publisher's code or name) → ISO3; "": known, no country
    version: str  # sha256 of all files, first 12 hex digits
    claim_replies: tuple[Mapping[str, str], ...] = ()  # of those whom a claim is about, shown from their day on
    organisation_events: tuple[Mapping[str, str], ...] = ()  # never part of a count of countries
    agreement: tuple[AgreementRecord, ...] = ()
    national_targets: tuple[NationalTarget, ...] = ()  # in the order of metric, country and year
    series_targets: tuple[NationalTarget, ...] = ()  # in the definition of a national series: no indicator's
    cautions: Mapping[tuple[str, str], Texts] = field(default_factory=dict)  # (metric, ISO3) → what to know of a figure
    search_aliases: tuple[SearchAlias, ...] = ()
    claims: tuple[StatementClaim, ...] = ()  # of the public statement, in their order
    legal_acts: tuple[Mapping[str, str], ...] = ()  # read in excerpts, each with its confidence, as the next five
    complaint_rules: tuple[Mapping[str, str], ...] = ()
    strategies: tuple[Mapping[str, str], ...] = ()
    targets_apart: tuple[Mapping[str, str], ...] = ()  # targets that count what no metric counts
    activities: tuple[Mapping[str, str], ...] = ()
    sought: tuple[Mapping[str, str], ...] = ()  # what was looked for and not found
    framework_changes: tuple[Mapping[str, str], ...] = ()  # of the review of 2025, as far as they are known
    releases: tuple[PublishedEdition, ...] = ()  # in the order they were published

    def targets_of_series(self, own: NationalSeries) -> list[NationalTarget]:
        """Return the targets that a country set in the definition of its own series."""
        key = own.metric, own.country, own.series
        return [target for target in self.series_targets if (target.metric, target.country, target.series) == key]
