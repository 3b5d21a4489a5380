"""A job as the API gives it."""

from typing import Any, Literal

from typing_extensions import TypedDict

from dashboard.services.effects.jobs import State, jobs


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
    other_models: list[str]
    first: int
    last: int
    seed: int
    edition: str


class Answer(TypedDict):
    """Where a job stands. ``result`` is null until it is done; in a refusal its ``estimate`` stays null."""

    job: str
    dataset: str
    state: State
    done: int
    of: int
    plan_hash: str
    plan: FixedPlan
    result: dict[str, Any] | None


def answer(name: str) -> Answer:
    """The job of this name.

    Raises:
        Unknown: there is none.
    """
    job = jobs().status(name)
    document, result = jobs().plan(name), jobs().result(name)
    return Answer(
        job=name,
        dataset=job["dataset"],
        state=job["state"],
        done=job["done"],
        of=job["of"],
        plan_hash=job["plan"],
        plan=document["plan"],
        result=dict(result) if result else None,
    )
