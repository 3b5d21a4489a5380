"""What many estimates of effects say together, made again from their p by its own arithmetic (see ``parquet``)."""

from collections.abc import Sequence
from dataclasses import dataclass

STANDS_OUT = 0.10


@dataclass(frozen=True)
class Together:
    """How many estimates stand out in every draw, how many would by chance, and how many remain among all."""

    made: int
    standing: int
    expected: float
    remaining: int


def adjust_step_up(ps: Sequence[float]) -> list[float]:
    """Benjamini and Hochberg's adjusted p, in the order given: the least of m·p/k from one's own place k upwards."""
    order = sorted(range(len(ps)), key=lambda at: -ps[at])
    adjusted, least = [1.0] * len(ps), 1.0
    for passed, at in enumerate(order):
        least = min(least, ps[at] * len(ps) / (len(ps) - passed))
        adjusted[at] = least
    return adjusted


def judge_together(draws: Sequence[Sequence[float | None]]) -> Together:
    """The counts of estimates with these p, one for each draw of equally near donors; each counts by its largest."""
    largest = [max(1.0 if p is None else p for p in ps) for ps in draws]
    return Together(
        made=len(largest),
        standing=sum(p <= STANDS_OUT for p in largest),
        expected=STANDS_OUT * len(largest),
        remaining=sum(p <= STANDS_OUT + 1e-12 for p in adjust_step_up(largest)),
    )
