"""What people's own tools get from the monitor, measured: each figure beside the limit that fails it.

A module of this folder is one way out (SDMX, an assistant, a draft, a catalogue). It defines ``run()``, which yields
``Figure``s as they become known, and ends with ``if __name__ == "__main__": sys.exit(show(run()))``. ``make open`` runs
them all.
"""

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dashboard.runtime.process import prepare

prepare()  # before Polars reads the environment: figures are those of the served product


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, and the most or the least it may be (both None: only told)."""

    name: str
    value: float
    at_most: float | None = None
    at_least: float | None = None
    unit: str = ""

    @property
    def held(self) -> bool:
        """Whether the figure is a number within its limits."""
        if self.value != self.value:  # NaN: nothing was measured
            return False
        return (self.at_most is None or self.value <= self.at_most) and (
            self.at_least is None or self.value >= self.at_least
        )

    def __str__(self) -> str:
        limits = [f"at least {self.at_least:g}"] if self.at_least is not None else []
        limits += [f"at most {self.at_most:g}"] if self.at_most is not None else []
        mark = ("held  " if self.held else "FAILED") if limits else "      "
        shown = f"{self.value:,.3f}".rstrip("0").rstrip(".")
        return f"{mark} {self.name}: {shown} {self.unit}".rstrip() + (f"  ({', '.join(limits)})" if limits else "")


def show(figures: Iterable[Figure]) -> int:
    """Print figures as they come; gives how many are beyond their limits. No figures at all is one failure."""
    failed, told = 0, 0
    for figure in figures:
        told += 1
        failed += not figure.held
        sys.stdout.write(f"{figure}\n")
        sys.stdout.flush()
    if not told:
        sys.stdout.write("FAILED nothing was measured\n")
    return failed + (not told)


@contextmanager
def use_embedded(published: Path | None = None) -> Iterator[Path]:
    """The product uses the dataset it comes with, published anew in a folder of its own, which is given.

    Args:
        published: a data folder that has a published dataset, which is used instead.
    """
    from dashboard import settings as settings_module
    from dashboard.evidence.gathering.startup import ensure_ready

    kept = {name: os.environ.pop(name, None) for name in ("MONITOR_DATA_DIR", "MONITOR_DATABASE_URL")}
    with tempfile.TemporaryDirectory() as made:
        folder = published or Path(made)
        os.environ["MONITOR_DATA_DIR"] = str(folder)
        settings_module.settings.cache_clear()
        try:
            if published is None:
                ensure_ready(settings_module.settings(), lambda _: None)
            yield folder
        finally:
            del os.environ["MONITOR_DATA_DIR"]
            os.environ.update({name: value for name, value in kept.items() if value is not None})
            settings_module.settings.cache_clear()
