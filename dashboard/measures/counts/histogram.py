"""Quantiles of durations that were sent as counts per bin, so that centres and months can be pooled.

Method: docs/method.md, from counts (textbook: linear interpolation within the bin). Medians of centres cannot be pooled
from medians; histograms of equal bins can: their counts are added up. The error is at most the width of one bin.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


class UnequalBins(ValueError):
    """Histograms whose bins differ were to be pooled; the message names both. Nothing is rescaled silently."""


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts per bin. ``edges`` are the lower ends, rising, in the unit of the measure; the last bin is open.

    ``counts[i]`` are the cases from ``edges[i]`` up to, but without, ``edges[i + 1]``.

    Raises:
        ValueError: edges that do not rise (bins overlap), a number of counts other than of edges, a negative count.
    """

    edges: tuple[float, ...]
    counts: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.edges or len(self.edges) != len(self.counts):
            raise ValueError(f"{len(self.edges)} bins and {len(self.counts)} counts: give one count for each bin")
        for low, high in zip(self.edges, self.edges[1:], strict=False):
            if not low < high:
                raise ValueError(f"bins overlap: one starts at {low:g} and the next at {high:g}")
        if min(self.counts) < 0:
            raise ValueError(f"{min(self.counts)} is not a count")

    @property
    def n(self) -> int:
        """Cases in all bins."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Quantile:
    """A quantile with the bin it lies in. ``value`` is None in the open last bin: then it is "more than ``lower``"."""

    value: float | None
    lower: float
    upper: float | None
    n: int


def pool_histograms(parts: Iterable[Histogram]) -> Histogram | None:
    """One histogram of several; None of none.

    Raises:
        UnequalBins: their bins differ.
    """
    histograms = list(parts)
    if not histograms:
        return None
    edges = histograms[0].edges
    for part in histograms[1:]:
        if part.edges != edges:
            raise UnequalBins(f"bins {_shown(part.edges)} cannot be added to bins {_shown(edges)}")
    return Histogram(edges, tuple(map(sum, zip(*(part.counts for part in histograms), strict=True))))


def estimate_quantile(of: Histogram, p: float) -> Quantile | None:
    """The value below which a share ``p`` (0-1) of the cases lies; None without cases.

    Within bin [L, L + w) holding f cases, with F before it: L + w·(p·N − F)/f.
    """
    if not 0 < p < 1:
        raise ValueError(f"{p} is not a share between 0 and 1")
    if of.n == 0:
        return None
    wanted, before = p * of.n, 0
    for at, count in enumerate(of.counts):  # noqa: B007 - one of the bins reaches it
        if before + count >= wanted:
            break
        before += count
    low = of.edges[at]
    if at == len(of.edges) - 1:
        return Quantile(None, low, None, of.n)
    high = of.edges[at + 1]
    return Quantile(low + (high - low) * (wanted - before) / of.counts[at], low, high, of.n)


def _shown(edges: Sequence[float]) -> str:
    return ", ".join(f"{edge:g}" for edge in edges)
