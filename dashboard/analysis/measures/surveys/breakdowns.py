"""Suppression over several breakdowns of a survey: no few respondents follow from what is published.

The categories of two breakdowns are the sides of a graph whose edges are the respondents in both, all hidden ones of a
side being one node: differences of published figures are cuts of it, so the smallest cut (Stoer and Wagner 1997) must
not be a few respondents, nor those in no published category together (docs/method.md, surveys).
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import polars as pl

Category = str | None
"""A category of a breakdown; None for those who stated none, who are never published."""

_Counts = Mapping[Category, np.ndarray[Any, np.dtype[np.float64]]]  # category → respondents, a number for each question
_Matrix = np.ndarray[Any, np.dtype[np.float64]]


def choose_hidden_categories(
    types: pl.DataFrame, breakdowns: Sequence[str], questions: Sequence[str], threshold: int
) -> dict[str, frozenset[Category]]:
    """Return the categories of each breakdown that must not be published beside the total.

    Args:
        types: respondents counted by combination of categories, with a column for each breakdown and question.
        breakdowns: the columns of categories, null if not stated.
        questions: the columns of counts.
        threshold: fewest respondents of a figure.
    """
    counts = {breakdown: _count_respondents(types, breakdown, questions) for breakdown in breakdowns}
    hidden = {breakdown: _hide_small(counts[breakdown], threshold) for breakdown in breakdowns}
    pairs = {pair: types.group_by(pair).agg(pl.col(questions).sum()) for pair in combinations(breakdowns, 2)}
    while (leak := next(_find_leaks(pairs, counts, hidden, questions, threshold), None)) is not None:
        breakdown, category = leak
        hidden[breakdown].add(category)
    return {breakdown: frozenset(categories) for breakdown, categories in hidden.items()}


def _count_respondents(types: pl.DataFrame, breakdown: str, questions: Sequence[str]) -> _Counts:
    table = types.group_by(breakdown).agg(pl.col(questions).sum())
    return {row[0]: np.array(row[1:], float) for row in table.iter_rows()}


def _hide_small(counts: _Counts, threshold: int) -> set[Category]:
    """Return categories of too few respondents or none stated, and the fewest more that protect them."""
    hidden = {category for category, n in counts.items() if category is None or n.min() < threshold}
    while _has_few(sum((counts[category] for category in hidden), np.zeros(1)), threshold):
        shown = counts.keys() - hidden
        if not shown:
            break  # all of them together are too few: there is no total either
        hidden.add(min(shown, key=lambda category: _measure_cost(counts, category)))
    return hidden


def _measure_cost(counts: _Counts, category: Category) -> tuple[float, str]:
    return float(counts[category].min()), category or ""


def _has_few(respondents: _Matrix, threshold: int) -> bool:
    return bool(((respondents > 0) & (respondents < threshold)).any())


def _find_leaks(
    pairs: Mapping[tuple[str, str], pl.DataFrame], counts: Mapping[str, _Counts],
    hidden: Mapping[str, set[Category]], questions: Sequence[str], threshold: int,
) -> Iterator[tuple[str, Category]]:  # fmt: skip
    """Yield categories to hide, the smallest each time, as two breakdowns differ by a few respondents."""
    for pair, table in pairs.items():
        nodes, edges = _build_graph(pair, table, hidden, questions)
        for weights in {matrix.tobytes(): matrix for matrix in edges}.values():  # the same people once
            for cut in _find_small_cuts(weights, threshold):
                across = {at for at, row in enumerate(weights) for to in np.flatnonzero(row) if cut[at] != cut[to]}
                for among in (across, range(len(nodes))):
                    shown = [nodes[at] for at in among if nodes[at][1] is not None]
                    if shown:
                        yield min(shown, key=lambda node: (*_measure_cost(counts[node[0]], node[1]), node[0]))
                        break


def _build_graph(
    pair: tuple[str, str], table: pl.DataFrame, hidden: Mapping[str, set[Category]], questions: Sequence[str]
) -> tuple[list[tuple[str, Category]], _Matrix]:
    """Return the nodes, with all hidden categories of a breakdown as None, and the edges of each question."""
    places: dict[tuple[str, Category], int] = {}
    sides = []
    for breakdown in pair:
        named = [
            (breakdown, None if category in hidden[breakdown] else category)
            for category in table[breakdown].to_list()
        ]  # fmt: skip
        sides.append([places.setdefault(node, len(places)) for node in named])
    edges = np.zeros((len(questions), len(places), len(places)))
    for at, question in enumerate(questions):
        np.add.at(edges[at], tuple(sides), table[question].to_numpy())
    return list(places), edges + edges.transpose(0, 2, 1)


def _find_small_cuts(weights: _Matrix, threshold: int) -> Iterator[np.ndarray[Any, np.dtype[np.bool_]]]:
    """Yield the smallest cut of each connected part if below the threshold, as the nodes on one side."""
    from scipy.sparse.csgraph import connected_components

    count, parts = connected_components(weights, directed=False)
    for part in range(count):
        members = np.flatnonzero(parts == part)
        if len(members) > 1:
            size, side = _find_smallest_cut(weights[np.ix_(members, members)])
            if size < threshold:
                cut = np.zeros(len(weights), bool)
                cut[members[side]] = True
                yield cut


def _find_smallest_cut(weights: _Matrix) -> tuple[float, list[int]]:
    """Return the weight of the smallest cut of a connected graph and one side of it (Stoer and Wagner)."""
    left = weights.copy()
    np.fill_diagonal(left, 0.0)
    merged = [[node] for node in range(len(left))]
    alive = list(range(len(left)))
    best: tuple[float, list[int]] = (float("inf"), [])
    while len(alive) > 1:
        order, bound = [alive[0]], left[alive[0]].copy()
        while len(order) < len(alive):
            remaining = [node for node in alive if node not in order]
            order.append(max(remaining, key=lambda node: bound[node]))
            bound += left[order[-1]]
        *_, before, last = order
        size = float(left[last, alive].sum())
        if size < best[0]:
            best = size, list(merged[last])
        left[before] += left[last]
        left[:, before] += left[:, last]
        left[before, before] = 0.0
        merged[before] += merged[last]
        alive.remove(last)
    return best
