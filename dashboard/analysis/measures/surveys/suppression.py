"""Suppression of small cells that nobody can recover from the other figures (docs/method.md, small cells).

Cells under ten respondents are hidden, and further ones until no hidden count follows from those shown, which linear
programming proves over every total of the cube of all filters.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

Cell = tuple[int, ...]
"""Place in a cube with its totals: one index per dimension, counted from 0; the last index of each is its total."""

THRESHOLD = 10  # fewest respondents of a shown cell (ours; agencies use 3, 5 or 10)

RELIABLE = 30  # respondents from which a shown cell is not flagged as unreliable (ours)

WIDE_CV = 0.30  # coefficient of variation above which a shown cell is flagged as unreliable (ours)


@dataclass(frozen=True)
class Suppressed:
    """A cube with totals and its hidden cells: ``primary`` for being small, the others to protect them."""

    counts: Mapping[Cell, int]
    primary: frozenset[Cell]
    hidden: frozenset[Cell]
    shape: tuple[int, ...]  # without totals

    @property
    def shown(self) -> dict[Cell, int]:
        """Cells that may be published."""
        return {cell: count for cell, count in self.counts.items() if cell not in self.hidden}


def is_unanimous(positive: float, n: float, threshold: int = RELIABLE) -> bool:
    """Return True if 0 or 100 per cent of a small group would disclose the answer of each member."""
    return 0 < n < threshold and positive in (0, n)


def suppress(counts: Sequence[object], threshold: int = THRESHOLD) -> Suppressed:
    """Return a table of counts with totals, and the cells that must be hidden.

    Args:
        counts: nested lists of respondents, such as ``[[12, 4, 30], [25, 18, 40]]``, of any number of dimensions.
        threshold: fewest respondents of a shown cell; empty cells disclose nobody and stay.
    """
    shape = _find_shape(counts)
    cube = _add_totals(counts, shape)
    primary = frozenset(cell for cell, count in cube.items() if 0 < count < threshold)
    return Suppressed(cube, primary, _protect(cube, shape, primary), shape)


def _protect(cube: Mapping[Cell, int], shape: tuple[int, ...], primary: frozenset[Cell]) -> frozenset[Cell]:
    """Return ``primary`` and further cells, cheapest first, until no hidden count can be deduced."""
    hidden = set(primary)
    while True:
        alone = next((line for line in _list_lines(shape) if len(hidden.intersection(line)) == 1), None)
        if alone is None:
            pinned = _find_pinned(cube, shape, hidden)
            if pinned is None:
                return frozenset(hidden)
            alone = next((line for line in _list_lines(shape) if pinned in line and set(line) - hidden), None)
        left = set(alone or cube) - hidden  # never empty: where all are hidden nothing is pinned down
        hidden.add(min(left, key=lambda cell: _rank_cost(cube, shape, hidden, cell)))


def _rank_cost(
    cube: Mapping[Cell, int], shape: tuple[int, ...], hidden: set[Cell], cell: Cell
) -> tuple[int, int, int, Cell]:
    """Return the order of hiding: totals last, empty cells late, else the fewest respondents first."""
    totals = sum(at == size for at, size in zip(cell, shape, strict=True))
    return totals, int(cube[cell] == 0), cube[cell], cell


def _find_pinned(cube: Mapping[Cell, int], shape: tuple[int, ...], hidden: set[Cell]) -> Cell | None:
    """Return a hidden cell whose count follows from the shown ones, or None.

    Every solution frees all cells in which it differs from the true counts, so few have to be solved for.
    """
    if not hidden:
        return None
    system = HiddenCounts(cube, shape, frozenset(hidden))
    free: set[Cell] = set()
    for cell in sorted(hidden):
        for sign in (1.0, -1.0):
            if cell not in free:
                counts = system.find_extreme(cell, sign)
                free.update(deduced for deduced, count in counts.items() if abs(count - cube[deduced]) >= 0.5)
        if cell not in free:
            return cell
    return None


class HiddenCounts:
    """The linear system of the hidden counts: along every line the cells add up to the total."""

    def __init__(self, cube: Mapping[Cell, int], shape: tuple[int, ...], hidden: frozenset[Cell]) -> None:
        from scipy.sparse import csr_array

        self._order = {unknown: at for at, unknown in enumerate(sorted(hidden))}
        lines = [line for line in _list_lines(shape) if not hidden.isdisjoint(line)]
        entries, sums = [], np.zeros(len(lines))
        for at, line in enumerate(lines):
            for place in line:
                sign = -1.0 if place == line[-1] else 1.0
                if place in self._order:
                    entries.append((sign, at, self._order[place]))
                else:
                    sums[at] -= sign * cube[place]
        signs, rows, columns = zip(*entries, strict=True)
        self._sums = sums
        self._whole = int(len(shape) > 2)  # counts are whole; a table of two dimensions has whole corners anyway
        self._lines = csr_array((signs, (rows, columns)), shape=(len(lines), len(self._order)))

    def find_extreme(self, cell: Cell, sign: float) -> dict[Cell, float]:
        """Return the hidden counts that minimise (``sign`` 1) or maximise (−1) one; infinite if unbounded."""
        from scipy.optimize import linprog

        goal = np.zeros(len(self._order))
        goal[self._order[cell]] = sign
        whole = np.full(len(goal), self._whole)
        solution = linprog(goal, A_eq=self._lines, b_eq=self._sums, bounds=(0, None), method="highs", integrality=whole)
        if solution.x is None:  # no limit; the true counts are a solution, so there is one
            return {cell: float("inf")}
        return {unknown: float(solution.x[at]) for unknown, at in self._order.items()}


def _list_lines(shape: tuple[int, ...]) -> Iterator[tuple[Cell, ...]]:
    """Yield every line of cells along one dimension, its total last."""
    for axis, size in enumerate(shape):
        ranges = [range(length + 1) for place, length in enumerate(shape) if place != axis]
        for fixed in product(*ranges):
            yield tuple((*fixed[:axis], at, *fixed[axis:]) for at in range(size + 1))


def _add_totals(counts: Sequence[object], shape: tuple[int, ...]) -> dict[Cell, int]:
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


def _find_shape(counts: object) -> tuple[int, ...]:
    if not isinstance(counts, Sequence):
        return ()
    parts = {_find_shape(part) for part in counts}
    if len(parts) != 1:
        raise ValueError("every line of a table must be as long as the others, and none empty")
    return (len(counts), *parts.pop())
