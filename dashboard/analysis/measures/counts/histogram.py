"""Quantiles of durations sent as counts per bin, so that centres and months can be pooled (docs/method.md).

Medians cannot be pooled; counts of equal bins can. The error of a quantile is at most the width of one bin.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


class UnequalBins(ValueError):
    """Histograms with different bins cannot be pooled; nothing is rescaled silently."""


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts per bin. ``edges`` are the lower ends, rising, in the unit of the measure; the last bin is open.

    ``counts[i]`` are the cases from ``edges[i]`` up to, but without, ``edges[i + 1]``.
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
    """A quantile with its bin; ``value`` is None in the open last bin: "more than ``lower``"."""

    value: float | None
    lower: float
    upper: float | None
    n: int


def pool_histograms(parts: Iterable[Histogram]) -> Histogram | None:
    """Return the sum of histograms, or None without any.

    Raises:
        UnequalBins: their bins differ.
    """
    histograms = list(parts)
    if not histograms:
        return None
    edges = histograms[0].edges
    for part in histograms[1:]:
        if part.edges != edges:
            raise UnequalBins(f"bins {_format_edges(part.edges)} cannot be added to bins {_format_edges(edges)}")
    return Histogram(edges, tuple(map(sum, zip(*(part.counts for part in histograms), strict=True))))


def estimate_quantile(histogram: Histogram, p: float) -> Quantile | None:
    """Return the value below which a share ``p`` (0-1) of the cases lies; None without cases.

    Within bin [L, L + w) of f cases, with F before it: L + w·(p·N − F)/f.
    """
    if not 0 < p < 1:
        raise ValueError(f"{p} is not a share between 0 and 1")
    if histogram.n == 0:
        return None
    wanted, before = p * histogram.n, 0
    for at, count in enumerate(histogram.counts):  # noqa: B007 - one of the bins reaches it
        if before + count >= wanted:
            break
        before += count
    low = histogram.edges[at]
    if at == len(histogram.edges) - 1:
        return Quantile(None, low, None, histogram.n)
    high = histogram.edges[at + 1]
    return Quantile(low + (high - low) * (wanted - before) / histogram.counts[at], low, high, histogram.n)


def _format_edges(edges: Sequence[float]) -> str:
    return ", ".join(f"{edge:g}" for edge in edges)
