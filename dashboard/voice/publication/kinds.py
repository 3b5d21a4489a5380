"""Opinions by kind and theme, over all centres of a country: suggestions and thanks apart from complaints.

Not by centre: a second table with the same totals would give away what the table of themes hides.
``count_kinds(…) -> Counter`` by theme, month and kind; ``withhold_kinds(…) -> rows`` hides what is small.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType

from dashboard.measures.surveys.suppression import THRESHOLD, suppress
from dashboard.voice.model import INTEGRITY, KINDS
from dashboard.voice.publication.batches import STEP, Place, batched, held_back
from dashboard.voice.publication.given import counted_in
from dashboard.voice.review import settled
from dashboard.voice.tables import VoiceAnswer, VoiceCount, VoiceLabel, VoiceOpinion

KIND = "kind"
"""``kind:complaint`` is the total of a kind, ``waiting:complaint`` what it says of a theme."""

ToldCell = tuple[str, date, int | None, int]
"""Theme and kind, month, what is told, and the number it rests on."""


def count_kinds(
    opinions: Iterable[VoiceOpinion],
    labels: Mapping[str, Mapping[str, VoiceLabel]],
    answers: Mapping[str, VoiceAnswer],
    unsorted: str,
    told: Mapping[date, datetime] = MappingProxyType({}),
) -> "Counter[Place]":
    """Opinions with words by theme, month and kind: those ``withholding.count_opinions`` counts, by the same rules.

    A person's kind comes before what the visitor chose, and that before what word lists offer.
    """
    found: Counter[Place] = Counter()
    for one in opinions:
        by_coder = labels.get(one.id, {})
        if one.integrity or not (one.text or one.emptied) or any(it.theme == INTEGRITY for it in by_coder.values()):
            continue
        said = answers.get(one.id)
        theme = settled(by_coder) or (said.theme if said is not None and said.answered else unsorted)
        given = Counter(it.kind for it in by_coder.values()).most_common(1)
        kind = given[0][0] if given else one.kind
        if theme != INTEGRITY and kind in KINDS:
            found[theme, counted_in(one, told), kind] += 1
    return found


def withhold_kinds(
    counts: Mapping[Place, int], themes: Sequence[str], total: str, shown: Iterable[VoiceCount],
    earlier: Iterable[VoiceCount],
) -> list[ToldCell]:  # fmt: skip
    """What may be told of kinds and themes: nothing below ten, nor what gives it away, nor of a theme that is hidden.

    Args:
        counts: as ``count_kinds`` gives them.
        themes: all that are told of.
        total: the name of all centres together.
        shown: the rows of the table of themes in this release.
        earlier: the rows of the release before.
    """
    before = {(row.theme, row.month): row for row in earlier if row.centre == total and ":" in row.theme}
    released = {month for theme, month in before if theme.startswith(f"{KIND}:")}
    open_ = {(row.theme, row.month) for row in shown if row.centre == total and row.n is not None}
    held = batched(counts, released)
    found: list[ToldCell] = []
    for month in sorted({at for _, at, _ in held} | released):
        table = suppress([[held.get((theme, month, kind), 0) for kind in KINDS] for theme in themes], THRESHOLD)
        for row, theme in enumerate((*themes, KIND)):
            for column, kind in enumerate(KINDS):
                exact = table.counts[row, column]
                hidden = (row, column) in table.hidden or (theme != KIND and (theme, month) not in open_)
                name = f"{theme}:{kind}"
                n, rests = held_back(
                    None if hidden else exact - exact % STEP, exact, before.get((name, month)), known=month in released
                )
                if n != 0 or (name, month) in before:
                    found.append((name, month, n, rests))
    return found
