"""Count countries by rule over time.

An event counts from the last day on which it can have happened ("2019" from 31 December 2019), or else from its
report. An event with neither date counts today but on no earlier day.
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from dashboard.evidence.codebook.model import Adoption, AdoptionEvent, Codebook, CountingRule
from dashboard.evidence.codebook.register.adoption import (
    RULES,
    find_status,
    is_counted,
    list_counting_rules,
    read_adoption,
)


@dataclass(frozen=True, slots=True)
class Step:
    """The countries that a rule counts from ``day`` on."""

    rule: CountingRule
    day: date
    countries: tuple[str, ...]  # ISO3, sorted


def read_last_day(text: str) -> date | None:
    """Return the last day an ISO date can mean: ``2024-02`` is 29 February 2024; None for ""."""
    if not text:
        return None
    year, month, day = (*map(int, text.split("-")), 0, 0)[:3]
    return date(year, month or 12, day or monthrange(year, month or 12)[1])


def read_first_day(text: str) -> date | None:
    """Return the first day an ISO date can mean: ``2024-02`` is 1 February 2024; None for ""."""
    return date(*(*map(int, text.split("-")), 1, 1)[:3]) if text else None


def find_certain_day(event: AdoptionEvent) -> date | None:
    """Return the day by which an event had certainly happened or been reported, or None."""
    return read_last_day(event.date_or_report)


def build_history(codebook: Codebook) -> dict[CountingRule, tuple[Step, ...]]:
    """Return the steps of every rule, oldest first."""
    register = read_adoption(codebook)
    events = [event for country in register.values() for event in country.events if is_counted(event)]
    days = sorted({day for event in events if (day := find_certain_day(event))})
    steps: defaultdict[CountingRule, list[Step]] = defaultdict(list)
    for day in days:
        rules_by_country = {
            iso3: list_counting_rules(_restrict_to_day(country, day)) for iso3, country in register.items()
        }
        for rule in RULES:
            countries = tuple(iso3 for iso3, rules in rules_by_country.items() if rule in rules)
            before = steps[rule][-1].countries if steps[rule] else ()
            if countries != before:
                steps[rule].append(Step(rule, day, countries))
    return {rule: tuple(steps[rule]) for rule in RULES}


def list_counted_countries(
    steps: Mapping[CountingRule, tuple[Step, ...]], rule: CountingRule, day: date
) -> tuple[str, ...]:
    """Return the countries that a rule counted by the end of a day."""
    countries: tuple[str, ...] = ()
    for step in steps[rule]:
        if step.day <= day:
            countries = step.countries
    return countries


def _restrict_to_day(country: Adoption, day: date) -> Adoption:
    events = tuple(event for event in country.events if (certain := find_certain_day(event)) and certain <= day)
    return replace(country, events=events, status=find_status(events))
