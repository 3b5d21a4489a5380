"""What is asked, written down before anything is estimated, and its name: a hash of the plan itself."""

import hashlib
import json
from dataclasses import asdict, dataclass

from dashboard.measures.effects.admission import MethodName

EDITION = "2026-11.4"
"""Edition of the rules and computations of this package; a result of another edition is not of the same plan."""


@dataclass(frozen=True, slots=True)
class Treated:
    """A country with the event that counts as its adoption, and the first year that counts as after it."""

    country: str
    event: str
    year: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Outcome, treatment, donors and window: everything the estimate depends on besides the figures.

    ``donors`` are the countries compared with; ``other_models`` are those among them that run a one-stop model of their
    own: the estimate is made with and without them. ``seed`` is of every draw.
    """

    method: MethodName
    outcome: str
    treated: tuple[Treated, ...]
    donors: tuple[str, ...]
    other_models: tuple[str, ...]
    first: int
    last: int
    seed: int = 20261124
    edition: str = EDITION

    def __post_init__(self) -> None:
        if not self.first <= self.last:
            raise ValueError("the window ends before it begins")
        if len({it.country for it in self.treated}) != len(self.treated):
            raise ValueError("a country is treated twice")
        if {it.country for it in self.treated} & set(self.donors):
            raise ValueError("a treated country is no donor")


def plan_hash(plan: Plan) -> str:
    """16 hex digits that name the plan: the same whatever the order of its countries."""
    fields = asdict(plan)
    fields["treated"] = sorted(fields["treated"], key=lambda it: str(it["country"]))
    fields["donors"], fields["other_models"] = sorted(set(plan.donors)), sorted(set(plan.other_models))
    return hashlib.sha256(json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()).hexdigest()[:16]
