"""Hiding categories of several breakdowns of one survey, so that no figure of a few respondents follows from the rest.

Method: the project's own (docs/method.md, surveys). Whoever adds and subtracts published figures gets figures of other
groups of people: what is left of the total, or a region less the towns that lie in it. None of them may be one of fewer
respondents than the threshold, for any question:

* those in no published category of a breakdown, together; whoever stated none is one of them,
* whatever two breakdowns subtract to. Take both breakdowns' categories as the two sides of a graph whose edges are the
  respondents in both, and what is hidden of each as one node: every combination of published figures tells of the
  edges that some division of the nodes cuts. So the smallest cut (Stoer and Wagner 1997) must not be a few respondents.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import polars as pl

Category = str | None
"""A category of a breakdown; None for those who stated none, who are never published."""

_Counts = Mapping[Category, np.ndarray[Any, np.dtype[np.float64]]]  # category → who answered, one number a question
_Matrix = np.ndarray[Any, np.dtype[np.float64]]


def choose_hidden_categories(
    types: pl.DataFrame, breakdowns: Sequence[str], questions: Sequence[str], threshold: int
) -> dict[str, frozenset[Category]]:
    """What of each breakdown must not be published beside the total.

    Args:
        types: respondents counted by combination of categories: one column a breakdown, null where it was not stated,
            and one column a question, with how many answered it.
        breakdowns: the columns of categories.
        questions: the columns of counts.
        threshold: fewest respondents of a figure.
    """
    counts = {one: _counts(types, one, questions) for one in breakdowns}
    hidden = {one: _small(counts[one], threshold) for one in breakdowns}
    pairs = {pair: types.group_by(pair).agg(pl.col(questions).sum()) for pair in combinations(breakdowns, 2)}
    while (leak := next(_leaks(pairs, counts, hidden, questions, threshold), None)) is not None:
        breakdown, category = leak
        hidden[breakdown].add(category)
    return {one: frozenset(categories) for one, categories in hidden.items()}


def _counts(types: pl.DataFrame, breakdown: str, questions: Sequence[str]) -> _Counts:
    table = types.group_by(breakdown).agg(pl.col(questions).sum())
    return {row[0]: np.array(row[1:], float) for row in table.iter_rows()}


def _small(counts: _Counts, threshold: int) -> set[Category]:
    """Categories of too few respondents, those who stated none, and the fewest more that these are not told by."""
    hidden = {category for category, n in counts.items() if category is None or n.min() < threshold}
    while _few(sum((counts[category] for category in hidden), np.zeros(1)), threshold):
        shown = counts.keys() - hidden
        if not shown:
            break  # all of them together are too few: there is no total either
        hidden.add(min(shown, key=lambda category: _cost(counts, category)))
    return hidden


def _cost(counts: _Counts, category: Category) -> tuple[float, str]:
    return float(counts[category].min()), category or ""


def _few(respondents: _Matrix, threshold: int) -> bool:
    return bool(((respondents > 0) & (respondents < threshold)).any())


def _leaks(
    pairs: Mapping[tuple[str, str], pl.DataFrame], counts: Mapping[str, _Counts],
    hidden: Mapping[str, set[Category]], questions: Sequence[str], threshold: int,
) -> Iterator[tuple[str, Category]]:  # fmt: skip
    """Categories to be hidden because two breakdowns subtract to a few respondents: the one of fewest, each time."""
    for pair, table in pairs.items():
        nodes, edges = _graph(pair, table, hidden, questions)
        for weights in {one.tobytes(): one for one in edges}.values():  # of the same people once
            for cut in _small_cuts(weights, threshold):
                across = {at for at, one in enumerate(weights) for to in np.flatnonzero(one) if cut[at] != cut[to]}
                for among in (across, range(len(nodes))):
                    shown = [nodes[at] for at in among if nodes[at][1] is not None]
                    if shown:
                        yield min(shown, key=lambda node: (*_cost(counts[node[0]], node[1]), node[0]))
                        break


def _graph(
    pair: tuple[str, str], table: pl.DataFrame, hidden: Mapping[str, set[Category]], questions: Sequence[str]
) -> tuple[list[tuple[str, Category]], _Matrix]:
    """Nodes, all that is hidden of a breakdown being its None; and for each question who answered it, by two nodes."""
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


def _small_cuts(weights: _Matrix, threshold: int) -> Iterator[np.ndarray[Any, np.dtype[np.bool_]]]:
    """The smallest division of each connected part, where it cuts fewer than the threshold: who is on one side."""
    from scipy.sparse.csgraph import connected_components

    count, parts = connected_components(weights, directed=False)
    for part in range(count):
        members = np.flatnonzero(parts == part)
        if len(members) > 1:
            size, side = _smallest_cut(weights[np.ix_(members, members)])
            if size < threshold:
                cut = np.zeros(len(weights), bool)
                cut[members[side]] = True
                yield cut


def _smallest_cut(weights: _Matrix) -> tuple[float, list[int]]:
    """Stoer and Wagner: the weight of the smallest cut of a connected graph, and the nodes on one side of it."""
    left = weights.copy()
    np.fill_diagonal(left, 0.0)
    merged = [[node] for node in range(len(left))]
    alive = list(range(len(left)))
    best: tuple[float, list[int]] = (float("inf"), [])
    while len(alive) > 1:
        order, bound = [alive[0]], left[alive[0]].copy()
        while len(order) < len(alive):
            rest = [node for node in alive if node not in order]
            order.append(max(rest, key=lambda node: bound[node]))
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
