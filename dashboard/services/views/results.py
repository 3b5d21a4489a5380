"""The results frame: baseline, target, latest figure, status by a named method and evidence of each indicator."""

from typing import Literal, TypedDict

from dashboard.services.views.progress import MethodChoice, StatusCount, Tone
from dashboard.services.views.shared import Choice, Stand


class ResultRow(TypedDict):
    """One line. Of the programme, baseline and latest say how many adopters have one; there is no average."""

    indicator: str
    name: str
    theme: str
    theme_text: str
    goals: list[int]  # by direct links only
    baseline: str
    milestones: str  # "" where none is set
    target: str  # "" where none is set
    target_source: str
    latest: str
    status: str  # a word of the method; "" without a verdict, and for the programme
    status_text: str
    tone: Tone
    sign: str
    detail: str  # why there is no status and what can be said instead; ""
    counts: list[StatusCount]  # of the programme: adopters by status
    level: int  # evidence level of the latest figure, 1-4; of the programme the lowest; 0 where none is declared
    level_text: str
    self_reported: bool  # level 1 or 2


class Results(TypedDict):
    """The frame of one country (``iso3``) or of the programme (``iso3`` is "")."""

    stand: Stand
    iso3: str
    name: str
    rule: str
    rule_text: str
    method: str
    method_name: str
    status_title: str  # of the column of statuses: it names the method
    methods: list[MethodChoice]
    statuses: list[Choice]  # that occur, to filter by
    rows: list[ResultRow]
    text: str  # how many rows, verdicts and refusals
    self_reported_text: str
    milestones_text: str  # said where no milestone is set at all; ""


Outcome = Literal["met", "not_met", "cannot_tell"]


class PromiseRow(TypedDict):
    """One published satisfaction figure held against 99 %."""

    country: str
    when: str
    figure: str
    outcome: Outcome
    outcome_text: str
    reason: str
    source: str


class Promise(TypedDict):
    """The 99 % promise as a test with three answers."""

    text: str
    rule: str  # how the test decides
    rows: list[PromiseRow]


class Unsaid(TypedDict):
    """One thing the figures cannot say, counted."""

    id: str
    count: str
    text: str
