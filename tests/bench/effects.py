"""An adoption effect of one country with forty donors, as a reader waits for it: a plan nobody has asked for yet."""

import time
from collections.abc import Iterator

from dashboard.answers.base.context import Context
from dashboard.answers.effects.estimates import LIMITS, SANDBOX
from dashboard.answers.effects.query import ask_plan, build_outcome
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.dataset.store import Dataset
from dashboard.settings import Settings
from tests.bench.measure import Figure

FUNCTION = "dashboard.answers.effects.estimates:estimate"


def figures(settings: Settings) -> Iterator[Figure]:
    """Seconds of the first plan, the start of its process included, and of the next."""
    ctx = Context(load_codebook(), Dataset.current(settings.dataset_dir), "en")
    for which, year, promise in (("the first", 2003, 10), ("the next", 2004, 3)):
        asked = ask_plan(ctx, "synthetic_control", "wgi_ge", "AFG", first=year)
        began = time.perf_counter()
        SANDBOX.call(FUNCTION, (asked.plan, build_outcome(asked)), LIMITS)
        name = f"an adoption effect with {len(asked.plan.donors) + asked.plan.drawn} donors, {which}"
        yield Figure(name, time.perf_counter() - began, "s", promise)
    SANDBOX.close()
