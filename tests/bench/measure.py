"""One measured figure and the promise it is held against."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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


def milliseconds(work: Callable[[], object], times: int) -> list[float]:
    """Durations of ``times`` calls, in milliseconds, sorted."""
    spans = []
    for _ in range(times):
        began = perf_counter()
        work()
        spans.append((perf_counter() - began) * 1000)
    return sorted(spans)


def quantile(spans: Sequence[float], share: float) -> float:
    """The value below which ``share`` of the sorted spans lie."""
    return spans[min(len(spans) - 1, int(share * len(spans)))]
