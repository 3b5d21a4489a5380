"""One measured figure and the promise it is held against."""

import math
import resource
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, in which unit, and the most it may be (``None``: only told)."""

    name: str
    value: float
    unit: str
    promise: float | None = None

    @property
    def kept(self) -> bool:
        """Whether the promise holds."""
        return self.promise is None or self.value <= self.promise


def pace(when: str) -> Figure:
    """How fast the machine itself is just now: shared ones change by three quarters within a minute."""
    began, total = perf_counter(), 0
    for one in range(10_000_000):
        total += one
    return Figure(f"the machine {when}: ten million additions in Python", perf_counter() - began, "s")


def most_memory() -> float:
    """MiB this process has held at once; of ``getrusage`` those of the one that started it, where that held more."""
    status = Path("/proc/self/status")
    for line in status.read_text().splitlines() if status.exists() else ():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def milliseconds(work: Callable[[], object], times: int) -> list[float]:
    """Durations of ``times`` calls, in milliseconds, sorted."""
    spans = []
    for _ in range(times):
        began = perf_counter()
        work()
        spans.append((perf_counter() - began) * 1000)
    return sorted(spans)


def quantile(spans: Sequence[float], share: float) -> float:
    """The least of the sorted spans that ``share`` of them do not exceed (nearest rank): of 20, the 19th for 0.95."""
    return spans[math.ceil(share * len(spans)) - 1]
