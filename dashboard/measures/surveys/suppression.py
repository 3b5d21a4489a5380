"""Hiding small cells so that nobody can work them out from the rest.

Method: the project's own (docs/method.md, small cells): cells under ten respondents are hidden (primary); totals are
published, so further cells are hidden until no hidden one follows from what is shown (complementary). Proven by linear
programming over every total of the cube of all filters, not over one page: two permitted views may not subtract to a
hidden cell.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

Cell = tuple[int, ...]
"""Place in a cube with its totals: one index per dimension, counted from 0; the last index of each is its total."""

THRESHOLD = 10
"""Fewest respondents of a shown cell (ours; agencies use 3, 5 or 10)."""

RELIABLE = 30
"""Respondents from which a shown cell is not flagged as unreliable (ours)."""

WIDE_CV = 0.30
"""Coefficient of variation above which a shown cell is flagged as unreliable (ours)."""


@dataclass(frozen=True)
class Suppressed:
    """A cube with totals and what of it is hidden: ``primary`` for being small, the rest to protect it."""

    counts: Mapping[Cell, int]
    primary: frozenset[Cell]
    hidden: frozenset[Cell]
    shape: tuple[int, ...]  # without totals

    @property
    def shown(self) -> dict[Cell, int]:
        """What may be published."""
        return {cell: count for cell, count in self.counts.items() if cell not in self.hidden}


def is_unanimous(positive: float, n: float, threshold: int = RELIABLE) -> bool:
    """Whether 0 or 100 per cent of a small group would be told, and so something about each of its members."""
    return 0 < n < threshold and positive in (0, n)


def suppress(counts: Sequence[object], threshold: int = THRESHOLD) -> Suppressed:
    """What of a table of counts, of any number of dimensions, must be hidden when its totals are published.

    Args:
        counts: nested lists of respondents, such as ``[[12, 4, 30], [25, 18, 40]]``; totals are added here.
        threshold: fewest respondents of a shown cell. A cell nobody is in tells of nobody and stays.

    Raises:
        ValueError: the lists are ragged, or hold what is no count.
    """
    shape = _shape(counts)
    cube = _with_totals(counts, shape)
    primary = frozenset(cell for cell, count in cube.items() if 0 < count < threshold)
    return Suppressed(cube, primary, _protected(cube, shape, primary), shape)


def _protected(cube: Mapping[Cell, int], shape: tuple[int, ...], primary: frozenset[Cell]) -> frozenset[Cell]:
    """``primary`` and further cells, cheapest first, until nothing hidden is pinned down. Ends: all may be hidden."""
    hidden = set(primary)
    while True:
        alone = next((line for line in _lines(shape) if len(hidden.intersection(line)) == 1), None)
        if alone is None:
            pinned = _first_pinned(cube, shape, hidden)
            if pinned is None:
                return frozenset(hidden)
            alone = next((line for line in _lines(shape) if pinned in line and set(line) - hidden), None)
        left = set(alone or cube) - hidden  # never empty: where all are hidden nothing is pinned down
        hidden.add(min(left, key=lambda cell: _cost(cube, shape, hidden, cell)))


def _cost(
    cube: Mapping[Cell, int], shape: tuple[int, ...], hidden: set[Cell], cell: Cell
) -> tuple[int, int, int, Cell]:
    """Totals last; empty cells late, since they protect least; else the fewest respondents."""
    totals = sum(at == size for at, size in zip(cell, shape, strict=True))
    return totals, int(cube[cell] == 0), cube[cell], cell


def _first_pinned(cube: Mapping[Cell, int], shape: tuple[int, ...], hidden: set[Cell]) -> Cell | None:
    """A hidden cell whose count follows from what is shown; None when there is none.

    Every solution that is found frees all cells in which it differs from the true counts, so few must be solved for.
    """
    if not hidden:
        return None
    system = HiddenCounts(cube, shape, frozenset(hidden))
    free: set[Cell] = set()
    for cell in sorted(hidden):
        for sign in (1.0, -1.0):
            if cell not in free:
                free.update(it for it, count in system.extreme(cell, sign).items() if abs(count - cube[it]) >= 0.5)
        if cell not in free:
            return cell
    return None


class HiddenCounts:
    """What the shown cells say of the hidden ones: along every line the first add up to the last."""

    def __init__(self, cube: Mapping[Cell, int], shape: tuple[int, ...], hidden: frozenset[Cell]) -> None:
        from scipy.sparse import csr_array

        self._order = {unknown: at for at, unknown in enumerate(sorted(hidden))}
        lines = [line for line in _lines(shape) if not hidden.isdisjoint(line)]
        entries, known = [], np.zeros(len(lines))
        for at, line in enumerate(lines):
            for place in line:
                sign = -1.0 if place == line[-1] else 1.0
                if place in self._order:
                    entries.append((sign, at, self._order[place]))
                else:
                    known[at] -= sign * cube[place]
        signs, rows, columns = zip(*entries, strict=True)
        self._sums = known
        self._whole = int(len(shape) > 2)  # counts are whole; a table of two dimensions has whole corners anyway
        self._lines = csr_array((signs, (rows, columns)), shape=(len(lines), len(self._order)))

    def extreme(self, cell: Cell, sign: float) -> dict[Cell, float]:
        """Counts of all hidden cells with the least (``sign`` 1) or largest (−1) of one; infinite without a limit."""
        from scipy.optimize import linprog

        goal = np.zeros(len(self._order))
        goal[self._order[cell]] = sign
        whole = np.full(len(goal), self._whole)
        solution = linprog(goal, A_eq=self._lines, b_eq=self._sums, bounds=(0, None), method="highs", integrality=whole)
        if solution.x is None:  # no limit; the true counts are a solution, so there is one
            return {cell: float("inf")}
        return {it: float(solution.x[at]) for it, at in self._order.items()}


def _lines(shape: tuple[int, ...]) -> Iterator[tuple[Cell, ...]]:
    """Every line of cells along one dimension, its total last: what is published says that the first add up to it."""
    for axis, size in enumerate(shape):
        others = [range(other + 1) for place, other in enumerate(shape) if place != axis]
        for fixed in product(*others):
            yield tuple((*fixed[:axis], at, *fixed[axis:]) for at in range(size + 1))


def _with_totals(counts: Sequence[object], shape: tuple[int, ...]) -> dict[Cell, int]:
    cube = dict.fromkeys(product(*(range(size + 1) for size in shape)), 0)
    for cell in product(*(range(size) for size in shape)):
        count: object = counts
        for at in cell:
            count = count[at]  # type: ignore[index]
        if not isinstance(count, int) or isinstance(count, bool) or count < 0:
            raise ValueError(f"{count!r} is not a count of respondents")
        for total in product(*((place, size) for place, size in zip(cell, shape, strict=True))):
            cube[total] += count
    return cube


def _shape(counts: object) -> tuple[int, ...]:
    if not isinstance(counts, Sequence):
        return ()
    parts = {_shape(part) for part in counts}
    if len(parts) != 1:
        raise ValueError("every line of a table must be as long as the others, and none empty")
    return (len(counts), *parts.pop())
