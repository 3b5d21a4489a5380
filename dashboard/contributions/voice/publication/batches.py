"""Months of ten opinions, counts in steps of five, and what a release knows of the one before.

``of_table`` gives the counts a table is made of, ``held_back`` what is told of one of its cells.
"""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date

from dashboard.analysis.measures.surveys.suppression import THRESHOLD, is_unanimous
from dashboard.contributions.voice.publication.given import TOTAL
from dashboard.contributions.voice.tables import VoiceCount

STEP = 5
"""Counts are told in steps of as many, rounded down: whoever adds own opinions to a hidden cell until it shows learns
only within which step the others are."""

Place = tuple[str, date, str]
"""Centre, first day of the month, theme."""


def batched(counts: Mapping[Place, int], released: Container[date] = ()) -> "Counter[Place]":
    """Counts with every month of fewer than ten opinions, over all centres, added to the next; the last one waits.

    A month that is ``released`` stays as it is: what came later is in none of these.
    """
    months: dict[date, Counter[Place]] = {}
    for (centre, month, theme), n in counts.items():
        months.setdefault(month, Counter())[centre, month, theme] = n
    found: Counter[Place] = Counter()
    few: Counter[Place] = Counter()
    for month in sorted(months):
        if month in released:
            found.update(months[month])
            continue
        together = months[month] + Counter({(centre, month, theme): 0 for centre, _, theme in few})
        for (centre, _, theme), n in few.items():
            together[centre, month, theme] += n
        enough = together.total() >= THRESHOLD
        found.update(together if enough else ())
        few = Counter() if enough else together
    return found


def of_table(
    themes_: Sequence[str], total: str, of: Mapping[Place, int], earlier: Iterable[VoiceCount]
) -> "Counter[Place]":
    """The counts of one table's themes by month, batched, with nought for what was told before and is no more."""
    released = {row.month for row in earlier if row.theme == total}
    held = batched({place: n for place, n in of.items() if place[2] in themes_}, released)
    for row in earlier:
        if row.theme in themes_ and row.centre != TOTAL:
            held.setdefault((row.centre, row.month, row.theme), 0)
    return held


def leave_out_alike(held: Mapping[Place, int], total: str, earlier: Iterable[VoiceCount]) -> "Counter[Place]":
    """The counts of a question without those of fewer than thirty who all answered alike: each of them would be told.

    Decided once, when a month is first told: to decide it again would tell what the one answer was that made it so.

    Args:
        held: as ``of_table`` gives them.
        total: the name of the question's total.
        earlier: the rows of the release before.
    """
    told = {(row.centre, row.month) for row in earlier if row.theme == total}
    groups: dict[tuple[str, date], list[int]] = {}
    for (centre, month, _), n in held.items():
        groups.setdefault((centre, month), []).append(n)
    kept = {
        (centre, month)
        for (centre, month), counts in groups.items()
        if ((centre, month) in told if (TOTAL, month) in told else not is_unanimous(max(counts), sum(counts)))
    }
    return Counter({place: n for place, n in held.items() if place[:2] in kept})


def held_back(n: int | None, exact: int, before: VoiceCount | None, *, known: bool) -> tuple[int | None, int]:
    """Return what is told of a cell and the number it rests on, given the release before.

    Args:
        n: what would be told; None for hidden.
        exact: how many there are.
        before: the cell as it was told last.
        known: whether its month was released at all: then a cell that was not told had nobody in it.
    """
    if before is None:
        return (n, exact) if not known or exact >= THRESHOLD else (0, 0)
    rests = before.exact if before.exact is not None else before.n
    if rests is None or 0 < abs(exact - rests) < THRESHOLD:  # hidden before it was kept how many there were
        return before.n, rests if rests is not None else exact
    return (before.n, exact) if exact == rests else (n, exact)
