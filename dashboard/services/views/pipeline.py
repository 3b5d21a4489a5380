"""The adoption pipeline: which countries had reached which rung by when."""

from typing import TypedDict


class PipelineStep(TypedDict):
    """One country reaching one rung, or falling back from one, with the event it rests on."""

    iso3: str
    country: str
    stage: str
    stage_text: str
    date_text: str  # "" where the register has no date
    type_text: str
    evidence: str  # E1-E4
    source: str
    disputed: bool


class Pipeline(TypedDict):
    """Dated steps in their order, and beside them the events without a date."""

    text: str
    steps: list[PipelineStep]
    undated: list[PipelineStep]
    undated_text: str
