"""Whoever writes opinions of their own and reads every release does not learn what another person said."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from dashboard.analysis.measures.surveys.suppression import THRESHOLD
from dashboard.contributions.voice import store
from dashboard.contributions.voice.inbox import Keyring
from dashboard.contributions.voice.intake import take
from dashboard.contributions.voice.model import Intake
from dashboard.contributions.voice.publication.batches import STEP, batched, held_back
from dashboard.contributions.voice.publication.given import count_answers, counted_in
from dashboard.contributions.voice.publication.withholding import count_opinions, withhold
from dashboard.contributions.voice.tables import VoiceAnswer, VoiceCount, VoiceOpinion
from tests.contributions.voice.conftest import put_in_force

AUGUST = date(2026, 8, 1)
BEGAN = datetime(2026, 9, 2, tzinfo=UTC)

EXAMPLES = int(os.environ.get("DIFFERENCING_EXAMPLES", "3"))
"""Of random worlds; each is read through every alternative to every small number. ``make nightly`` asks for more."""

Said = tuple[int, int, str, str]
"""Before which release it came, of which month (from August on), centre and theme."""

Shown = dict[tuple[str, date, str], int | None]


def month(at: int) -> date:
    return date(2026, 8 + at, 1)


def releases(people: Sequence[Said]) -> list[Shown]:
    """What is public after each release, of which there is one a month."""
    shown: list[Shown] = []
    rows: list[VoiceCount] = []
    told: dict[date, datetime] = {}
    for at in range(max(one[0] for one in people) + 1):
        now = BEGAN + timedelta(days=31 * at)
        opinions = [
            VoiceOpinion(
                id=str(place), country="UGA", centre=centre, said_on=month(of), text="x", language="en",
                received_at=BEGAN + timedelta(days=31 * came - 1), language_by="declared",
            )
            for place, (came, of, centre, _) in enumerate(people)
            if came <= at
        ]  # fmt: skip
        sorted_ = {
            str(place): VoiceAnswer(opinion=str(place), model="", theme=theme, probability=1.0, answered=True)
            for place, (*_, theme) in enumerate(people)
        }
        rows = withhold("UGA", count_opinions(opinions, {}, sorted_, told), {}, None, now, earlier=rows)
        for row in rows:
            told.setdefault(row.month, now)
        shown.append({(row.centre, row.month, row.theme): row.n for row in rows})
    return shown


def spread(cells: dict[tuple[int, int, str, str], int]) -> list[Said]:
    return [cell for cell, n in sorted(cells.items()) for _ in range(n)]


def test_one_more_opinion_changes_nothing_that_was_told() -> None:
    cells = {(0, 0, "a", "waiting"): 14, (0, 0, "a", "staff"): 19, (0, 0, "b", "waiting"): 24, (0, 0, "b", "cost"): 12}
    first, second = releases([*spread(cells), (1, 0, "a", "waiting")])
    assert second == first, "it waits for nine others"
    first, second = releases([*spread(cells), *[(1, 0, "b", "cost")] * 10])
    assert {place: n for place, n in second.items() if place[1] == AUGUST} == first
    assert second["b", month(1), "cost"] == 10, "ten more are counted in the next month"


@pytest.mark.parametrize("others", range(1, THRESHOLD))
def test_own_opinions_that_make_a_hidden_cell_show_do_not_tell_how_many_the_others_were(others: int) -> None:
    """Seven own opinions uncovered a hidden three."""
    rest = {(0, 0, "a", "staff"): 40, (0, 0, "b", "waiting"): 30, (0, 0, "b", "staff"): 30}
    own = THRESHOLD - others
    seen = [
        releases(spread({**rest, (0, 0, "a", "waiting"): own + n}))[0]["a", AUGUST, "waiting"]
        for n in range(others, others + STEP)
    ]
    assert seen == [THRESHOLD] * STEP


@st.composite
def worlds(draw: st.DrawFn) -> tuple[dict[Said, int], dict[Said, int]]:
    """What others said, and what an attacker adds, over a few months and releases; some of it late."""
    centres, themes = "abc"[: draw(st.integers(1, 3))], ("waiting", "staff", "cost")[: draw(st.integers(1, 3))]
    months = draw(st.integers(1, 3))
    others = {
        (of + draw(st.integers(0, 1)), of, centre, theme): draw(st.sampled_from((0, 1, 3, 7, 9, 10, 14, 30)))
        for of in range(months) for centre in centres for theme in themes
    }  # fmt: skip
    own = {
        cell: draw(st.integers(0, 12))
        for cell in draw(st.lists(st.sampled_from(sorted(others)), max_size=4, unique=True))
    }
    return {cell: n for cell, n in others.items() if n}, own


def alternatives(others: dict[Said, int], cell: Said) -> Iterator[dict[Said, int]]:
    for more in (1, -1, 2, -2):
        if others[cell] + more >= 0:
            changed = {**others, cell: others[cell] + more}
            yield changed
            for other, n in others.items():
                if other != cell and n >= more:
                    yield {**changed, other: n - more}


@given(worlds())
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_an_attacker_who_writes_and_reads_all_cannot_tell_a_cell(
    world: tuple[dict[Said, int], dict[Said, int]],
) -> None:
    """Of every small number of others there is another that looks the same in all releases."""
    others, own = world

    def seen(cells: dict[Said, int]) -> list[Shown]:
        return releases(spread(dict(Counter(cells) + Counter(own))))

    if not others:
        return
    public = seen(others)
    for cell, n in others.items():
        if 0 < n < THRESHOLD:
            assert any(seen(one) == public for one in alternatives(others, cell)), (cell, n)
    for state in public:
        assert all(n is None or n == 0 or (n >= THRESHOLD and n % STEP == 0) for n in state.values())


def cell(n: int | None, exact: int | None) -> VoiceCount:
    return VoiceCount(
        release="r", country="UGA", centre="a", month=AUGUST, theme="cost", n=n, exact=exact, published_at=BEGAN
    )


@pytest.mark.parametrize(
    ("before", "exact", "known", "told"),
    [
        (cell(10, 12), 12, True, (10, 12)),
        (cell(10, 12), 12 + THRESHOLD - 1, True, (10, 12)),
        (cell(10, 12), 12 + THRESHOLD, True, (20, 22)),
        (cell(10, 12), 12 + THRESHOLD + 1, True, (20, 23)),
        (cell(20, 22), 22 - THRESHOLD + 1, True, (20, 22)),
        (cell(20, 22), 22 - THRESHOLD, True, (10, 12)),
        (cell(None, 3), 3 + THRESHOLD - 1, True, (None, 3)),
        (cell(None, 3), 3 + THRESHOLD, True, (10, 13)),
        (cell(None, None), 80, True, (None, 80)),
        (cell(0, 0), THRESHOLD - 1, True, (0, 0)),
        (None, THRESHOLD - 1, True, (0, 0)),
        (None, THRESHOLD, True, (10, 10)),
        (None, THRESHOLD - 1, False, (5, 9)),
    ],
)
def test_a_cell_told_before_changes_by_ten_people_or_not_at_all(
    before: VoiceCount | None, exact: int, known: bool, told: tuple[int | None, int]
) -> None:
    assert held_back(exact - exact % STEP, exact, before, known=known) == told


@pytest.mark.parametrize(
    ("few", "months"),
    [
        (THRESHOLD - 1, {1: THRESHOLD - 1 + 20}),
        (THRESHOLD, {0: THRESHOLD, 1: 20}),
        (THRESHOLD + 1, {0: THRESHOLD + 1, 1: 20}),
    ],
)
def test_a_month_of_fewer_than_ten_is_added_to_the_next(few: int, months: dict[int, int]) -> None:
    found = batched({("a", month(0), "cost"): few, ("a", month(1), "cost"): 20})
    assert found == {("a", month(at), "cost"): n for at, n in months.items()}


def test_the_last_month_of_few_waits_and_one_that_was_told_stays() -> None:
    counts = {("a", month(0), "cost"): 20, ("b", month(1), "waiting"): 4, ("b", month(2), "waiting"): 5}
    assert batched(counts) == {("a", month(0), "cost"): 20}
    counts["c", month(3), "waiting"] = 1
    assert batched(counts)["b", month(3), "waiting"] == 9
    assert batched({("a", month(0), "cost"): 4, ("a", month(1), "cost"): 12}, {month(0)}).total() == 16


@pytest.mark.parametrize(
    ("of", "came", "counted"),
    [
        (0, timedelta(), 1),  # added to the next, and in none after it
        (0, timedelta(seconds=1), 3),  # that had been told by then
        (2, timedelta(), 2),
        (2, timedelta(days=61), 3),
        (4, timedelta(), 4),
    ],
)
def test_a_month_that_was_never_told_is_in_the_next_that_was(of: int, came: timedelta, counted: int) -> None:
    told = {month(1): BEGAN, month(2): BEGAN + timedelta(days=60), month(3): BEGAN + timedelta(days=90)}
    if of == 0 and came:
        del told[month(2)]
    one = VoiceOpinion(
        id="x", country="UGA", centre="a", said_on=month(of), received_at=BEGAN + came, language="en", language_by=""
    )
    assert counted_in(one, told) == month(counted)
    assert counted_in(one, {}, told) == month(counted if came != timedelta(days=61) else 2)


@pytest.mark.parametrize(("late", "of"), [(timedelta(seconds=-1), 8), (timedelta(), 8), (timedelta(seconds=1), 9)])
def test_what_comes_after_its_month_was_told_is_counted_in_the_next(late: timedelta, of: int) -> None:
    one = VoiceOpinion(
        id="x", country="UGA", centre="a", said_on=date(2026, 8, 31), received_at=BEGAN + late, language="en",
        language_by="",
    )  # fmt: skip
    assert counted_in(one, {AUGUST: BEGAN}) == date(2026, of, 1)
    assert counted_in(one, {AUGUST: BEGAN, date(2026, 9, 1): BEGAN}) == date(2026, of if of == 8 else 10, 1)


def test_the_database_knows_when_a_month_was_first_told(inbox: Engine, keys: Keyring) -> None:
    counts, faces = (
        {("hoima", AUGUST, "cost"): 30},
        {("hoima", month(1), "rating:1"): 20, ("hoima", month(1), "rating:2"): 20},
    )
    for at in range(2):
        earlier = store.published(inbox, "UGA")
        now = BEGAN + timedelta(days=at)
        put_in_force(inbox, withhold("UGA", counts, {}, None, now, given=faces, earlier=earlier))
    first = store.first_told(inbox, "UGA")
    assert first == {"": {AUGUST: BEGAN}, "rating": {month(1): BEGAN}}
    take(inbox, keys, "UGA", [Intake("late-0001", "hoima", month(1), rating=1)], BEGAN + timedelta(days=3))
    (late,) = store.opinions(inbox, ["UGA"])
    assert count_answers([late], first)["hoima", month(2), "rating:1"] == 1
