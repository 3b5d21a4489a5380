"""The values of the codebook: frozen, fully typed, with every link and its reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from dashboard.codebook.register.model import Adoption as Adoption
from dashboard.codebook.register.model import AdoptionEvent as AdoptionEvent
from dashboard.codebook.register.model import AdoptionStatus as AdoptionStatus
from dashboard.codebook.register.model import AgreementRecord as AgreementRecord
from dashboard.codebook.register.model import CountingRule as CountingRule
from dashboard.codebook.register.model import EventType as EventType
from dashboard.codebook.register.model import ReportedCount as ReportedCount
from dashboard.codebook.register.model import ReviewState as ReviewState
from dashboard.codebook.register.model import Stance as Stance
from dashboard.codebook.register.model import StatementClaim as StatementClaim
from dashboard.codebook.register.model import Support as Support
from dashboard.codebook.texts import Texts as Texts
from dashboard.codebook.texts import choose_text as choose_text

Strength = Literal["direct", "proxy", "enabling"]
Direction = Literal["higher", "lower", "centre", "none"]
SURVEYED = ("sat_", "bribery_persons", "decision_", "discrimination", "needed_not_tried")
"""Beginnings of the ids of indicators that statistics offices find out in surveys and countries send."""
Relation = Literal["own_definition", "similar"]
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
    unsd_code: str
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
    """Why an indicator of ours says something about a target, an official SDG indicator or a CEPA principle."""

    metric: str
    target: str  # "" when none
    sdg_indicator: str  # "" when none
    principle: str  # "" when none
    strength: Strength
    rationale: str  # English
    rationales: Texts = field(default_factory=dict)  # every language there is, English included


@dataclass(frozen=True, slots=True)
class SeriesAlias:
    """Another code under which the publisher gave the same series, before it renamed it."""

    code: str
    last_release: str  # the newest release known to have it
    first_release: str  # the oldest known to have the series' present code
    source_ref: str


@dataclass(frozen=True, slots=True)
class SeriesLink:
    """Which publisher series feeds an indicator.

    ``role`` primary is what pages show; secondary is for comparison; national is a country's own, never among others.
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
        """The code in use, then those it had before: figures under any of them are figures of this series."""
        return self.series, *(alias.code for alias in self.aliases)


@dataclass(frozen=True, slots=True)
class NationalSeries:
    """A country's own series under the number of an indicator, in its own definition: shown with it, never compared.

    Texts without words were not published by the office.
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
        """The series as gathering wants it named."""
        return SeriesLink(self.metric, self.source, self.series, "national", "", {}, self.options)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where a score of 0 to 100 begins and ends, and where it turns red or green, by the SDSN's method.

    The direction is in the order: ``optimum`` below ``lower`` means that a lower value is better.
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
        """The year the SDG framework sets its target for; no year where a definition or this project sets it."""
        return 2030 if self.target_set_by == "framework" else None

    @property
    def direct(self) -> bool:
        """Whether it is directly what a target, an official indicator or a principle asks for."""
        return any(link.strength == "direct" for link in self.links)

    @property
    def sent_by_countries(self) -> bool:
        """Whether countries send it: national ones, and those of surveys that statistics offices make."""
        return "national" in self.source_type or self.id.startswith(SURVEYED)

    @property
    def expected(self) -> tuple[float | None, float | None]:
        """Between what values lie: the natural limit, else the usual one, on either side."""
        low = self.usual_low if self.limit_low is None else self.limit_low
        return low, self.usual_high if self.limit_high is None else self.limit_high


@dataclass(frozen=True, slots=True)
class NationalTarget:
    """What a country, or a programme in it, has set itself in a document: never the target of all countries."""

    metric: str
    country: str  # ISO3
    kind: Literal["target", "milestone"]
    year: int
    value: float
    source_title: str
    source_ref: str
    note: str


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
    """Another name under which people look for something."""

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
    agency_reports: tuple[Mapping[str, str], ...]
    model_hooks: tuple[Mapping[str, str], ...]
    country_sets: Mapping[str, tuple[str, ...]]
    area_aliases: Mapping[tuple[str, str], str]  # (source, publisher's code or name) → ISO3; "": known, no country
    version: str  # sha256 of all files, first 12 hex digits
    organisation_events: tuple[Mapping[str, str], ...] = ()  # never part of a count of countries
    agreement: tuple[AgreementRecord, ...] = ()
    national_targets: tuple[NationalTarget, ...] = ()  # in the order of metric, country and year
    cautions: Mapping[tuple[str, str], Texts] = field(default_factory=dict)  # (metric, ISO3) → what to know of a figure
    search_aliases: tuple[SearchAlias, ...] = ()
    claims: tuple[StatementClaim, ...] = ()  # of the public statement, in their order
    legal_acts: tuple[Mapping[str, str], ...] = ()  # read in excerpts, each with its confidence, as the next five
    complaint_rules: tuple[Mapping[str, str], ...] = ()
    strategies: tuple[Mapping[str, str], ...] = ()
    targets_apart: tuple[Mapping[str, str], ...] = ()  # targets that count what no metric counts
    activities: tuple[Mapping[str, str], ...] = ()
    sought: tuple[Mapping[str, str], ...] = ()  # what was looked for and not found
