"""The register over time: no date is completed by guess, and the last step is today's count where dates are known."""

from datetime import date

import pytest

from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.register.adoption import RULES, count_countries
from dashboard.evidence.codebook.register.history import (
    build_history,
    find_certain_day,
    list_counted_countries,
    read_first_day,
    read_last_day,
)


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2024-02-11", date(2024, 2, 11), date(2024, 2, 11)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2016", date(2016, 1, 1), date(2016, 12, 31)),
        ("", None, None),
    ],
)
def test_a_date_stands_for_all_the_days_it_can_mean(written: str, first: date | None, last: date | None) -> None:
    assert (read_first_day(written), read_last_day(written)) == (first, last)


def test_an_event_without_a_date_is_known_by_the_report_that_names_it() -> None:
    events = {event.id: event for event in load_codebook().events}
    assert find_certain_day(events["ETH-05"]) == date(2026, 1, 31)
    assert find_certain_day(events["MYS-01"]) == date(2020, 12, 31)
    assert find_certain_day(events["IDN-04"]) is None


@pytest.mark.parametrize("rule", RULES)
def test_the_last_step_is_todays_count(rule: str) -> None:
    """Malaysia rests on an article of 2020 alone: it is counted from then on, not from the day somebody looks."""
    book = load_codebook()
    assert build_history(book)[rule][-1].countries == tuple(sorted(count_countries(book, rule).countries))


def test_counts_of_a_day_hold_what_had_certainly_happened_by_then() -> None:
    steps = build_history(load_codebook())
    assert list_counted_countries(steps, "operating", date(2018, 12, 31)) == ()
    assert list_counted_countries(steps, "operating", date(2025, 4, 30)) == ("AFG", "ETH", "IDN", "UGA")
    assert "AZE" not in {iso3 for rule in RULES for step in steps[rule] for iso3 in step.countries}


def test_days_of_a_rule_rise() -> None:
    for steps in build_history(load_codebook()).values():
        days = [step.day for step in steps]
        assert days == sorted(set(days))
