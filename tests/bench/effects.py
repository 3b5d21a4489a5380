"""An adoption effect of one country with forty donors, as a reader waits for it: from fixing the plan to its result."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from dashboard.codebook import load_codebook
from dashboard.dataset.store import Dataset
from dashboard.services.base.context import Context
from dashboard.services.effects.jobs import OVER, Jobs
from dashboard.services.effects.query import ask
from dashboard.settings import Settings
from tests.bench.measure import Figure


def figures(settings: Settings) -> Iterator[Figure]:
    """Seconds of one job, the start of its process included."""
    asked = ask(
        Context(load_codebook(), Dataset.current(settings.dataset_dir), "en"), "synthetic_control", "wgi_ge", "AFG"
    )
    with tempfile.TemporaryDirectory() as folder:
        jobs = Jobs(Path(folder))
        began = time.perf_counter()
        name = jobs.submit(asked)["job"]
        while jobs.status(name)["state"] not in OVER:
            time.sleep(0.02)
        yield Figure(f"an adoption effect with {len(asked.plan.donors)} donors", time.perf_counter() - began, "s", 10)
        jobs.close()
