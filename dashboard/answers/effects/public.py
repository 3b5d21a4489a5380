"""A plan and its result as the API gives them."""

from dataclasses import asdict
from typing import Any, Literal, cast

from typing_extensions import TypedDict

from dashboard.analysis.measures.effects.plan import hash_plan
from dashboard.answers.effects.estimates import answer_plan
from dashboard.answers.effects.query import EffectQuery


class FixedTreated(TypedDict):
    country: str
    event: str
    year: int


class FixedPlan(TypedDict):
    """The plan as it was written down before the estimate."""

    method: Literal["synthetic_control", "callaway_santanna"]
    outcome: str
    treated: list[FixedTreated]
    donors: list[str]
    tied: list[str]
    drawn: int
    other_models: list[str]
    first: int
    last: int
    seed: int
    edition: str


class EffectAnswer(TypedDict):
    """A plan with its result; in a refusal the ``estimate`` of the result is null."""

    dataset: str
    plan_hash: str
    plan: FixedPlan
    result: dict[str, Any]


def answer_effect(query: EffectQuery, address: str = "") -> EffectAnswer:
    """Return a plan with its result; raises as ``estimates.answer_plan``."""
    return EffectAnswer(
        dataset=query.ctx.dataset.name,
        plan_hash=hash_plan(query.plan),
        plan=cast(FixedPlan, asdict(query.plan)),
        result=dict(answer_plan(query, address)),
    )
