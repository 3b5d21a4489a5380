"""Steps far beyond the usual are named when their figure is new or revised."""

from typing import Any

import polars as pl
import pytest

from dashboard.analysis.measures.jumps import JUMP_RATIO, find_jumps


def line(country: str, *values: float, **more: Any) -> list[dict[str, Any]]:
    return [
        {"indicator": "trust", "country": country, "period": str(2000 + n), "year": 2000 + n, "value": value,
         "primary": True, "dimensions": "{}"} | more
        for n, value in enumerate(values)
    ]  # fmt: skip


QUIET = [value + 0.5 * (n % 2) for n, value in enumerate([50.0] * 25)]


def test_only_a_new_or_revised_figure_after_an_unusual_step_is_a_jump() -> None:
    rows = pl.DataFrame(line("AZE", *QUIET) + line("GEO", 40.0, 40.5, 80.0, 80.5))
    facts = pl.DataFrame({"indicator": ["trust"] * 2, "country": ["GEO", "AZE"], "period": ["2002", "2003"]})
    (found,) = find_jumps(rows, facts).rows(named=True)
    assert (found["country"], found["period"], found["period_before"]) == ("GEO", "2002", "2001")
    assert (found["before"], found["value"], found["times"]) == (40.5, 80.0, 79.0)
    assert find_jumps(rows, facts.filter(country="AZE")).is_empty()


@pytest.mark.parametrize("span", [1, 2, 10])
def test_a_gap_of_years_makes_room_for_a_larger_step(span: int) -> None:
    """Steps of a half are usual: so many times that in each year between is no jump yet, a little more is one."""
    most = JUMP_RATIO * 0.5 * span
    for step, said in ((most, []), (most + 1, [("GEO", str(2000 + span), pytest.approx((most + 1) / span / 0.5))])):
        late = line("GEO", 40.0 + step)[0] | {"period": str(2000 + span), "year": 2000 + span}
        assert jumped(*line("AZE", *QUIET), *line("GEO", 40.0), late) == said


def test_a_short_series_breakdowns_and_silence_say_nothing() -> None:
    facts = pl.DataFrame({"indicator": ["trust"], "country": ["GEO"], "period": ["2001"]})
    assert find_jumps(pl.DataFrame(line("GEO", 1.0, 90.0)), facts).is_empty()
    breakdown = line("GEO", 1.0, 90.0, dimensions='{"Sex":"MALE"}')
    assert find_jumps(pl.DataFrame(line("AZE", *QUIET) + breakdown), facts).is_empty()


def test_the_largest_jump_comes_first_and_equal_ones_by_indicator_country_and_period() -> None:
    """Who looks at the first few would look at the wrong ones, and at others the next day."""
    usual = line("AZE", *QUIET) + line("AZE", *QUIET, indicator="safety")
    rows = pl.DataFrame(
        usual + line("GEO", 40.0, 80.0, 40.0) + line("ARM", 40.0, 80.0) + line("KAZ", 0.0, 90.0)
        + line("GEO", 40.0, 80.0, indicator="safety")
    )  # fmt: skip
    found = find_jumps(rows, rows.select("indicator", "country", "period").reverse())
    assert found.select("indicator", "country", "period").rows() == [
        ("trust", "KAZ", "2001"),
        ("safety", "GEO", "2001"),
        ("trust", "ARM", "2001"),
        ("trust", "GEO", "2001"),
        ("trust", "GEO", "2002"),
    ]


def jumped(*rows: dict[str, Any]) -> list[tuple[Any, ...]]:
    frame = pl.DataFrame(list(rows))
    found = find_jumps(frame, frame.select("indicator", "country", "period"))
    return found.select("country", "period", "times").rows()


def test_a_jump_is_more_than_twelve_usual_steps_of_twenty() -> None:
    """Steps of a half are usual here; the last one is of six, or of a little more."""
    quiet = line("AZE", *QUIET[:20])  # nineteen steps, twenty with the jump
    for step, far in ((6.0, []), (6.1, [("GEO", "2001", pytest.approx(12.2))])):
        assert jumped(*quiet, *line("GEO", 40.0, 40.0 + step)) == far
        assert jumped(*quiet[:-1], *line("GEO", 40.0, 40.0 + step)) == []


def test_a_fall_is_a_jump_too_and_what_is_not_shown_or_never_moves_is_none() -> None:
    fall = line("GEO", 40.0, 4.0)
    quiet = line("AZE", *QUIET)
    assert jumped(*quiet, *fall) == [("GEO", "2001", 72.0)]
    assert jumped(*quiet, fall[0], fall[1] | {"primary": False}) == []
    assert jumped(*quiet, fall[0], fall[1] | {"value": None}) == []
    assert jumped(*line("AZE", *[50.0] * 25), *fall) == []  # a median of nothing has no multiple
    assert jumped(*quiet, *fall, *[fall[1] | {"period": "2001b"}]) == [
        ("GEO", "2001", 72.0)
    ]  # within one year is no step
