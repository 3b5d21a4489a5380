"""Counts of opinions that may be told: by centre, month and theme, nothing below ten, no integrity report at all.

``count_opinions(opinions, labels, answers) -> Counter``; ``withhold(…) -> rows`` hides small cells and what would give
them away; ``rates`` puts counts to transactions; ``changes`` says what rose or fell beyond chance. Rules: domain,
privacy.

By kind and theme (``count_kinds``) over all centres of a country, suggestions and thanks apart from complaints. Not by
centre: a second table with the same totals would give away what the table of themes hides.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from dashboard.analysis.measures.counts.rates import (
    EventRate,
    Ratio,
    estimate_event_rate,
    estimate_rate_ratio,
    find_ratios_beyond_chance,
)
from dashboard.analysis.measures.surveys.suppression import THRESHOLD, suppress
from dashboard.contributions.delivery.metrics import shifted
from dashboard.contributions.voice.model import INTEGRITY, KINDS, THEMES
from dashboard.contributions.voice.publication.batches import STEP, Place, batched, held_back, leave_out_alike, of_table
from dashboard.contributions.voice.publication.given import ORIGIN, TABLES, TOTAL, counted_in, is_answer
from dashboard.contributions.voice.review import settled
from dashboard.contributions.voice.tables import VoiceAnswer, VoiceCount, VoiceLabel, VoiceModel, VoiceOpinion

UNSORTED = "not_classified"
"""Opinions nobody has labelled and no classifier answers for: counted as such, never shared out among themes."""

PUBLISHED = (*(theme for theme in THEMES if theme != INTEGRITY), UNSORTED)

KIND = "kind"
"""``kind:complaint`` is the total of a kind, ``waiting:complaint`` what it says of a theme."""

ToldCell = tuple[str, date, int | None, int]
"""Theme and kind, month, what is told, and the number it rests on."""


@dataclass(frozen=True, slots=True)
class ThemeRate:
    """A theme of a centre and month per 10,000 transactions; ``rate`` None where hidden or without transactions."""

    centre: str
    month: date
    theme: str
    n: int | None
    rate: EventRate | None


@dataclass(frozen=True, slots=True)
class ThemeChange:
    """A theme of a centre that rose or fell beyond chance from one month to the next, among all that were looked at."""

    centre: str
    month: date
    before: date
    theme: str
    ratio: Ratio
    looked_at: int


def count_opinions(
    opinions: Iterable[VoiceOpinion],
    labels: Mapping[str, Mapping[str, VoiceLabel]],
    answers: Mapping[str, VoiceAnswer],
    told: Mapping[date, datetime] = MappingProxyType({}),
) -> "Counter[Place]":
    """Return opinions with words by centre, month and theme: a person's word, then the classifier's.

    Integrity reports, and what a person labels so, are in no count: neither as a theme nor in a total.

    Args:
        opinions: of one country.
        labels: of each opinion, by coder.
        answers: of the classifier; only those it stands for are counted.
        told: when each month was first released (``store.first_told``): what came later is counted in a later one.
    """
    found: Counter[Place] = Counter()
    for one, theme in _themes_of(opinions, labels, answers):
        found[one.centre, counted_in(one, told), theme] += 1
    return found


def count_kinds(
    opinions: Iterable[VoiceOpinion],
    labels: Mapping[str, Mapping[str, VoiceLabel]],
    answers: Mapping[str, VoiceAnswer],
    told: Mapping[date, datetime] = MappingProxyType({}),
    table: Mapping[date, datetime] | None = None,
) -> "Counter[Place]":
    """Return opinions with words by theme, month and kind: those ``count_opinions`` counts, by the same rules.

    A person's kind comes before what the visitor chose, and that before what word lists offer. ``table`` says when
    kinds of each month were first told.
    """
    found: Counter[Place] = Counter()
    for one, theme in _themes_of(opinions, labels, answers):
        given = Counter(it.kind for it in labels.get(one.id, {}).values()).most_common(1)
        kind = given[0][0] if given else one.kind
        if kind in KINDS:
            found[theme, counted_in(one, told, table), kind] += 1
    return found


def _themes_of(
    opinions: Iterable[VoiceOpinion],
    labels: Mapping[str, Mapping[str, VoiceLabel]],
    answers: Mapping[str, VoiceAnswer],
) -> Iterator[tuple[VoiceOpinion, str]]:
    """Yield what is counted at all, each with its theme."""
    for one in opinions:
        if one.integrity or not (one.text or one.emptied):  # words go, the count stays
            continue
        by_coder = labels.get(one.id, {})
        if any(label.theme == INTEGRITY for label in by_coder.values()):
            continue
        said = answers.get(one.id)
        machine = said.theme if said is not None and said.answered else UNSORTED
        theme = settled(by_coder) or machine
        if theme != INTEGRITY:
            yield one, theme


def withhold(
    country: str,
    counts: Mapping[Place, int],
    transactions: Mapping[tuple[str, date], int],
    model: VoiceModel | None,
    now: datetime,
    agreement: float | None = None,
    given: Mapping[Place, int] = MappingProxyType({}),
    earlier: Sequence[VoiceCount] = (),
    kinds: Mapping[Place, int] = MappingProxyType({}),
) -> list[VoiceCount]:
    """A release of a country's counts: every month a table of centres and themes with totals, small cells hidden.

    And one of centres and answers for every question that was answered besides words, and one of origins. A cell that
    was told before stays as it was until it has changed by ten people: two releases do not tell what one person said.

    Args:
        country: ISO3.
        counts: as ``count_opinions`` gives them.
        transactions: completed transactions of a centre and month; left out where not sent.
        model: which classifier they rest on; None where people alone have sorted.
        now: when it is released.
        agreement: alpha of those who sorted the country's opinions; None where no two sorted the same.
        given: as ``given.count_answers`` gives them.
        earlier: the rows of the release before.
        kinds: as ``count_kinds`` gives them.
    """
    release = uuid.uuid4().hex

    def row(centre: str, month: date, theme: str, n: int | None, exact: int) -> VoiceCount:
        return VoiceCount(
            release=release, country=country, centre=centre, month=month, theme=theme, n=n, exact=exact,
            transactions=transactions.get((centre, month)), published_at=now, model=model.version if model else "",
            labels_digest=model.labels_digest if model else "", thresholds=_thresholds(model),
            code_version=model.code_version if model else "", agreement=agreement,
        )  # fmt: skip

    rows: list[VoiceCount] = []
    before = {(row.centre, row.month, row.theme): row for row in earlier}
    released = {(row.month, row.theme) for row in earlier if row.centre == TOTAL}
    columns = [(PUBLISHED, TOTAL, of_table(PUBLISHED, TOTAL, counts, earlier))]
    for name, answers in TABLES.items():
        total = f"{name}:{TOTAL}"
        of = of_table(answers, total, given, earlier)
        # that everybody came by the same way says nothing of anybody
        columns.append((answers, total, of if name == ORIGIN else leave_out_alike(of, total, earlier)))
    tables = [(month, *table) for table in columns for month in sorted({at for _, at, _ in table[2]})]
    for month, themes_, total, of in tables:
        centres = sorted({centre for centre, when, theme in of if when == month and theme in themes_})
        table = suppress([[of.get((centre, month, theme), 0) for theme in themes_] for centre in centres], THRESHOLD)
        for at, centre in enumerate((*centres, TOTAL)):
            for place, theme in enumerate((*themes_, total)):
                exact = table.counts[at, place]
                n = None if (at, place) in table.hidden else exact - exact % STEP
                n, exact = held_back(n, exact, before.get((centre, month, theme)), known=(month, total) in released)
                rows.append(row(centre, month, theme, n, exact))
    return rows + [row(TOTAL, month, name, n, exact) for name, month, n, exact in _kinds(kinds, rows, earlier)]


def _kinds(counts: Mapping[Place, int], shown: Iterable[VoiceCount], earlier: Iterable[VoiceCount]) -> list[ToldCell]:
    """What may be told of kinds and themes: nothing below ten, nor what gives it away, nor of a theme that is hidden.

    Args:
        counts: as ``count_kinds`` gives them.
        shown: the rows of the table of themes in this release.
        earlier: the rows of the release before.
    """
    before = {(row.theme, row.month): row for row in earlier if row.centre == TOTAL and ":" in row.theme}
    released = {month for theme, month in before if theme.startswith(f"{KIND}:")}
    open_ = {(row.theme, row.month) for row in shown if row.centre == TOTAL and row.n is not None}
    held = batched(counts, released)
    found: list[ToldCell] = []
    for month in sorted({at for _, at, _ in held} | released):
        table = suppress([[held.get((theme, month, kind), 0) for kind in KINDS] for theme in PUBLISHED], THRESHOLD)
        for row, theme in enumerate((*PUBLISHED, KIND)):
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


def rates(rows: Iterable[VoiceCount]) -> list[ThemeRate]:
    """Return counts of themes that may be shown, per 10,000 transactions with exact limits."""
    found = []
    for row in (one for one in rows if not is_answer(one.theme)):
        rate = estimate_event_rate(row.n, row.transactions) if row.n is not None and row.transactions else None
        found.append(ThemeRate(row.centre, row.month, row.theme, row.n, rate))
    return found


def changes(rows: Sequence[VoiceCount]) -> list[ThemeChange]:
    """Return what rose or fell beyond chance between a centre's neighbouring months, over all pairs looked at together.

    The first month in which a centre's opinions were gathered is compared with none: gathering began somewhere in it.
    """
    began: dict[str, date] = {}
    rows = [row for row in rows if not is_answer(row.theme)]
    for row in rows:
        began[row.centre] = min(row.month, began.get(row.centre, row.month))
    shown = {
        (row.centre, row.theme, row.month): (row.n, row.transactions)
        for row in rows
        if row.n is not None and row.transactions and row.theme not in (TOTAL, UNSORTED) and row.centre != TOTAL
    }
    pairs: list[tuple[str, str, date, date, Ratio]] = []
    for (centre, theme, month), now in shown.items():
        before = shifted(month, -1)
        then = shown.get((centre, theme, before)) if before > began[centre] else None
        ratio = estimate_rate_ratio(*_nearest(now, then)) if then is not None else None
        if ratio is not None:
            pairs.append((centre, theme, month, before, ratio))
    told = find_ratios_beyond_chance([pair[4] for pair in pairs])
    return [
        ThemeChange(centre, month, before, theme, ratio, len(pairs))
        for (centre, theme, month, before, ratio), yes in zip(pairs, told, strict=True)
        if yes
    ]


def compare_months(rows: Iterable[VoiceCount], centre: str, theme: str, month: date, before: date) -> Ratio | None:
    """The rate of a theme in one month to that in another, as near as their steps allow; None where one is hidden."""
    held = {
        row.month: (row.n, row.transactions)
        for row in rows
        if (row.centre, row.theme) == (centre, theme) and row.n is not None and row.transactions
    }
    if not {month, before} <= held.keys():
        return None
    return estimate_rate_ratio(*_nearest(held[month], held[before]))


def _nearest(now: tuple[int, int], then: tuple[int, int]) -> tuple[tuple[int, int], tuple[int, int]]:
    """Two counts with their transactions as near to each other as their steps allow: no step looks like a change."""
    (n, of), (before, of_before) = now, then
    if n * of_before > before * of:
        return (n, of), (min(before + STEP - 1, n * of_before // of), of_before)
    return (min(n + STEP - 1, before * of // of_before), of), (before, of_before)


def _thresholds(model: VoiceModel | None) -> dict[str, float | None]:
    if model is None:
        return {}
    return {one["language"]: one["threshold"] for one in model.report.get("languages", ())}
