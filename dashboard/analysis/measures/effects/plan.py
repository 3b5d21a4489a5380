"""The plan of an adoption study, written down before anything is estimated, and its hash."""

import hashlib
import json
from dataclasses import asdict, dataclass

import numpy as np

from dashboard.analysis.measures.effects.admission import MethodName

EDITION = "2026-12.1"
"""Edition of the rules and computations of this package, part of every plan."""

DRAWS = 20  # draws of donors that are equally near: the answer must be the same in all of them


@dataclass(frozen=True, slots=True)
class Treated:
    """A country with its adoption event and the first year after it."""

    country: str
    event: str
    year: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Outcome, treatment, donors and window: everything an estimate depends on besides the figures.

    Where more donors are equally near than can be taken, ``drawn`` of those ``tied`` are added by lot, ``DRAWS`` times.
    ``other_models`` are donors with a one-stop model of their own: the estimate is made with and without them.
    """

    method: MethodName
    outcome: str
    treated: tuple[Treated, ...]
    donors: tuple[str, ...]
    other_models: tuple[str, ...]
    first: int
    last: int
    tied: tuple[str, ...] = ()
    drawn: int = 0
    seed: int = 20261124
    edition: str = EDITION

    def __post_init__(self) -> None:
        if not self.first <= self.last:
            raise ValueError("the window ends before it begins")
        if len({treated.country for treated in self.treated}) != len(self.treated):
            raise ValueError("a country is treated twice")
        if {treated.country for treated in self.treated} & {*self.donors, *self.tied}:
            raise ValueError("a treated country is no donor")
        if not 0 <= self.drawn <= len(set(self.tied) - set(self.donors)):
            raise ValueError("more are drawn than are tied")

    def draw_donors(self) -> list[list[str]]:
        """Return the donor sets of all draws, each sorted; a single set if nothing is tied."""
        sure, tied = sorted(set(self.donors)), sorted(set(self.tied) - set(self.donors))
        if self.drawn in (0, len(tied)):
            return [sorted({*sure, *(tied if self.drawn else ())})]
        lots = [np.random.default_rng([self.seed, number]) for number in range(1, DRAWS + 1)]
        return [sorted([*sure, *map(str, lot.choice(tied, self.drawn, replace=False))]) for lot in lots]


def hash_plan(plan: Plan) -> str:
    """Return 16 hex digits that identify the plan, whatever the order of its countries."""
    fields = asdict(plan)
    fields["treated"] = sorted(fields["treated"], key=lambda treated: str(treated["country"]))
    fields |= {name: sorted(set(fields[name])) for name in ("donors", "tied", "other_models")}
    return hashlib.sha256(json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()).hexdigest()[:16]
