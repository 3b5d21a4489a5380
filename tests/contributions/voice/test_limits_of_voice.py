"""Every rule of citizens' voice that has a limit: exactly at it, one below and one above."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from dashboard.analysis.measures.counts.coding import MIN_ALPHA
from dashboard.analysis.measures.counts.rates import MIN_RATIO
from dashboard.analysis.measures.surveys.suppression import RELIABLE, THRESHOLD
from dashboard.contributions.voice import review
from dashboard.contributions.voice.inbox import KEY_BYTES, RETENTION, Keyring, NoKey
from dashboard.contributions.voice.model import AHEAD, LONGEST, MOST_DAYS, OLDEST, RATINGS, OpinionRefused, checked
from dashboard.contributions.voice.publication import views, withholding
from dashboard.contributions.voice.publication.batches import STEP, leave_out_alike
from dashboard.contributions.voice.publication.given import TOTAL, count_answers, of_place
from dashboard.contributions.voice.publication.views import heard, themes
from dashboard.contributions.voice.publication.withholding import UNSORTED, withhold
from dashboard.contributions.voice.tables import VoiceCount, VoiceLabel, VoiceOpinion
from dashboard.locales import format_number

TODAY = date(2026, 11, 26)
NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
OCTOBER = date(2026, 10, 1)
DAY = timedelta(days=1)
GIVEN = {"id": "a" * 32, "centre": "baku-1", "text": "slow", "said_on": TODAY.isoformat()}


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("text", "a" * (LONGEST - 1), ""),
        ("text", "a" * LONGEST, ""),
        ("text", "a" * (LONGEST + 1), "too_long"),
        ("said_on", TODAY - OLDEST + DAY, ""),
        ("said_on", TODAY - OLDEST, ""),
        ("said_on", TODAY - OLDEST - DAY, "old"),
        ("said_on", TODAY, ""),
        ("said_on", TODAY + AHEAD, ""),
        ("said_on", TODAY + AHEAD + DAY, "ahead"),
        ("days_to_answer", -1, "days"),
        ("days_to_answer", 0, ""),
        ("days_to_answer", 1, ""),
        ("days_to_answer", MOST_DAYS - 1, ""),
        ("days_to_answer", MOST_DAYS, ""),
        ("days_to_answer", MOST_DAYS + 1, "days"),
        ("rating", min(RATINGS) - 1, "rating"),
        ("rating", min(RATINGS), ""),
        ("rating", max(RATINGS), ""),
        ("rating", max(RATINGS) + 1, "rating"),
        ("id", "a" * 7, "id"),
        ("id", "a" * 8, ""),
        ("id", "a" * 64, ""),
        ("id", "a" * 65, "id"),
        ("centre", "a" * 64, ""),
        ("centre", "a" * 65, "centre"),
        ("language", "a", "language"),
        ("language", "az", ""),
        ("language", "aze", ""),
        ("language", "azer", "language"),
    ],
)
def test_what_is_taken_in(field: str, value: object, rule: str) -> None:
    given = {**GIVEN, field: value}
    if not rule:
        assert getattr(checked(given, TODAY), field) == value
        return
    with pytest.raises(OpinionRefused) as refused:
        checked(given, TODAY)
    assert [one.rule for one in refused.value.faults] == [rule]


def test_a_refusal_names_the_limit_it_met() -> None:
    for field, value, said in (
        ("text", "a" * (LONGEST + 1), f"at most {LONGEST:,}"),
        ("text", "a" * (LONGEST + 1), f"{LONGEST + 1:,} characters"),
        ("said_on", TODAY - OLDEST - DAY, f"more than {OLDEST.days} days"),
        ("days_to_answer", MOST_DAYS + 1, f"0 to {MOST_DAYS:,}"),
    ):
        with pytest.raises(OpinionRefused, match=said):
            checked({**GIVEN, field: value}, TODAY)
    assert (4_000, timedelta(days=400), 3_650, timedelta(days=90)) == (LONGEST, OLDEST, MOST_DAYS, RETENTION)


@pytest.mark.parametrize(("length", "fits"), [(KEY_BYTES - 1, False), (KEY_BYTES, True), (KEY_BYTES + 1, False)])
def test_a_key_is_as_long_as_it_must_be(length: int, fits: bool) -> None:
    import base64

    key = f"one:{base64.b64encode(bytes(length)).decode()}"
    if fits:
        assert Keyring([key]).current == "one"
        return
    with pytest.raises(NoKey, match=f"of {KEY_BYTES} bytes"):
        Keyring([key])


def opinion(at: int, said_on: date = OCTOBER, **other: object) -> VoiceOpinion:
    return VoiceOpinion(
        id=f"o{at:03}", country="UGA", centre="a", said_on=said_on, received_at=NOW, language="en",
        language_by="declared", **other,
    )  # fmt: skip


@pytest.mark.parametrize(("many", "told"), [(RELIABLE - 1, False), (RELIABLE, True), (RELIABLE + 1, True)])
def test_few_who_all_answer_alike_are_not_told_of(many: int, told: bool) -> None:
    counts = count_answers([opinion(at, attributes={"access": True}) for at in range(many)])
    found = leave_out_alike(counts, f"access:{TOTAL}", ())
    assert found == ({("a", OCTOBER, "access:yes"): many} if told else {})


@pytest.mark.parametrize(("day", "month"), [(date(2026, 10, 31), OCTOBER), (date(2026, 11, 1), date(2026, 11, 1))])
def test_an_answer_is_of_the_month_it_was_given_in(day: date, month: date) -> None:
    found = count_answers([opinion(at, day, rating=2) for at in range(RELIABLE)])
    assert found == {("a", month, "rating:2"): RELIABLE}


def cell(n: int | None, theme: str = "cost", month: date = OCTOBER, centre: str = TOTAL) -> VoiceCount:
    return VoiceCount(release="r", country="UGA", centre=centre, month=month, theme=theme, n=n, published_at=NOW)


@pytest.mark.parametrize(
    ("counts", "period", "told"),
    [
        ([(OCTOBER, THRESHOLD - 1)], "2026-10", None),
        ([(OCTOBER, THRESHOLD)], "2026-10", THRESHOLD),
        ([(OCTOBER, THRESHOLD + 1)], "2026-10", THRESHOLD + 1),
        ([(OCTOBER, 5), (date(2026, 11, 1), 5)], "2026-Q4", 10),
        ([(OCTOBER, 5), (date(2026, 11, 1), 4)], "2026-Q4", None),
        ([(OCTOBER, 20), (date(2026, 11, 1), None)], "2026-Q4", None),
        ([(date(2026, 9, 1), 20), (OCTOBER, 30)], "2026-Q4", 30),
        ([(date(2026, 9, 1), 20), (OCTOBER, 30)], "2026-Q3", 20),
        ([(date(2026, 12, 1), 20)], "2026-Q4", 20),
        ([(date(2027, 1, 1), 20)], "2026-Q4", None),
    ],
)
def test_an_answer_to_a_period_rests_on_ten(
    counts: Sequence[tuple[date, int | None]], period: str, told: int | None
) -> None:
    assert heard([cell(n, month=month) for month, n in counts], "cost", period) == told


@pytest.mark.parametrize(
    ("n", "shown"),
    [(THRESHOLD - 1, None), (THRESHOLD, THRESHOLD), (THRESHOLD + STEP - 1, THRESHOLD),
     (THRESHOLD + STEP, THRESHOLD + STEP), (0, 0), (1, None)],
)  # fmt: skip
def test_a_cell_is_told_from_ten_on_in_steps(n: int, shown: int | None) -> None:
    counts = {
        ("a", OCTOBER, "cost"): n,
        ("a", OCTOBER, "staff"): 40,
        ("b", OCTOBER, "cost"): 40,
        ("b", OCTOBER, "staff"): 40,
    }
    rows = {(row.centre, row.theme): row for row in withhold("UGA", counts, {}, None, NOW)}
    assert (rows["a", "cost"].n, rows["a", "cost"].exact) == (shown, n)


@pytest.mark.parametrize(
    ("many", "risen"),
    [(11_900, False), (12_000, False), (12_005, True), (12_100, True), (8_400, False), (8_325, True), (8_300, True)],
)
def test_a_rise_is_told_from_a_fifth_on(many: int, risen: bool) -> None:
    """And a fall down to one over 1.2; both far beyond chance, and whatever stands within the steps."""
    before = 10_000
    assert MIN_RATIO == 1.2
    counts = {
        ("a", date(2026, 8, 1), "cost"): before,
        ("a", date(2026, 9, 1), "cost"): before,
        ("a", OCTOBER, "cost"): many,
    }
    done = {("a", month): 10**6 for _, month, _ in counts}
    found = withholding.changes(withhold("UGA", counts, done, None, NOW))
    assert [(one.centre, one.month, one.before) for one in found if one.centre == "a"] == (
        [("a", OCTOBER, date(2026, 9, 1))] if risen else []
    )


def test_months_are_compared_with_the_one_before_over_the_end_of_a_year_too() -> None:
    months = [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 3, 1)]
    counts = {("a", month, "cost"): n for month, n in zip(months, (1_000, 1_000, 3_000, 9_000), strict=True)}
    found = withholding.changes(withhold("UGA", counts, {("a", month): 10**6 for month in months}, None, NOW))
    assert [(one.month, one.before) for one in found] == [(date(2026, 1, 1), date(2025, 12, 1))], "February is missing"


@pytest.mark.parametrize(
    ("alpha", "said"), [(MIN_ALPHA - 0.01, True), (MIN_ALPHA, False), (MIN_ALPHA + 0.01, False), (None, False)]
)
def test_too_little_agreement_is_said_with_both_numbers(alpha: float | None, said: bool) -> None:
    words = views.caution_of(alpha, "en")
    assert bool(words) == said
    if said:
        assert format_number(alpha or 0, "en", 2) in words
        assert format_number(MIN_ALPHA, "en", 2) in words


def test_themes_stand_by_number_what_nobody_sorted_last_and_bars_against_the_longest() -> None:
    rows = [
        cell(10, "staff"),
        cell(40, "waiting"),
        cell(90, UNSORTED),
        cell(20, "cost"),
        cell(0, "digital"),
        cell(160, TOTAL),
    ]
    shown = themes(rows, "en")
    assert [one["n"] for one in shown] == ["40", "20", "10", "90"]
    assert [one["width"] for one in shown] == ["44.4%", "22.2%", "11.1%", "100.0%"]
    hidden = themes([cell(None, "staff"), cell(20, "cost")], "en")
    assert [one["n"] for one in hidden] == ["20", "hidden"]


def test_faces_stand_from_worst_to_best_and_yes_beside_all() -> None:
    rows = [cell(n, theme, centre="a") for theme, n in (
        ("rating:1", 10), ("rating:2", 20), ("rating:3", 30), ("rating:4", 40), ("rating:total", 100),
        ("access:yes", 30), ("access:no", 10), ("access:total", 40), ("cost", 20),
    )]  # fmt: skip
    shown = of_place(rows, "October", "en")["rows"]
    assert [(one["n"], one["width"]) for one in shown] == [
        ("10", "10.0%"), ("20", "20.0%"), ("30", "30.0%"), ("40", "40.0%"), ("30 of 40: yes", "75.0%")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("votes", "theme"),
    [(["cost"], "cost"), (["cost", "staff"], ""), (["cost", "staff", "staff"], "staff"), ([], ""),
     (["cost", "cost", "staff", "staff"], ""), (["staff", "cost", "cost", "waiting"], "cost")],
)  # fmt: skip
def test_most_coders_settle_a_theme_and_a_tie_settles_none(votes: list[str], theme: str) -> None:
    labels = {
        str(at): VoiceLabel(opinion="x", coder=str(at), kind="opinion", theme=one, at=NOW)
        for at, one in enumerate(votes)
    }
    assert review.settled(labels) == theme
