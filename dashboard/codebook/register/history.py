"""The register over time: how many countries each rule counted by a day, as far as the dates of its events say.

Pure functions of the codebook. A date is never completed by guess: an event counts from the last day on which it can
have happened ("2019" from 31 December 2019), and one without a date from the report that names it. An event with
neither stands on no day: a country that rests on such events alone is counted today but on no day before.
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from dashboard.codebook.model import Adoption, AdoptionEvent, Codebook, CountingRule
from dashboard.codebook.register.adoption import RULES, find_status, is_counted, list_rules_counting, read_adoption


@dataclass(frozen=True, slots=True)
class Step:
    """From ``day`` on a rule counts these countries: the number changed on it."""

    rule: CountingRule
    day: date
    countries: tuple[str, ...]  # ISO3, sorted


def last_day(written: str) -> date | None:
    """The last day an ISO date can mean: ``2024-02`` is 29 February 2024; None for ""."""
    parts = [int(part) for part in written.split("-")] if written else []
    if not parts:
        return None
    year, month, day = (*parts, 0, 0)[:3]
    return date(year, month or 12, day or monthrange(year, month or 12)[1])


def read_first_day(written: str) -> date | None:
    """The first day an ISO date can mean: ``2024-02`` is 1 February 2024; None for ""."""
    parts = [int(part) for part in written.split("-")] if written else []
    return date(*(*parts, 1, 1)[:3]) if parts else None


def find_day_certain(event: AdoptionEvent) -> date | None:
    """The day by which the event had certainly happened: by its date, or else by the report; None without either."""
    return last_day(event.date or event.reported)


def build_history(codebook: Codebook) -> dict[CountingRule, tuple[Step, ...]]:
    """The steps of every rule, oldest first. The origin country is never counted."""
    register = read_adoption(codebook)
    days = sorted(
        {
            day
            for it in register.values()
            for event in it.events
            if is_counted(event) and (day := find_day_certain(event))
        }
    )
    steps: defaultdict[CountingRule, list[Step]] = defaultdict(list)
    for day in days:
        then = {iso3: list_rules_counting(_as_known(it, day)) for iso3, it in register.items()}
        for rule in RULES:
            countries = tuple(iso3 for iso3, rules in then.items() if rule in rules)
            before = steps[rule][-1].countries if steps[rule] else ()
            if countries != before:
                steps[rule].append(Step(rule, day, countries))
    return {rule: tuple(steps[rule]) for rule in RULES}


def list_countries_counted(
    steps: Mapping[CountingRule, tuple[Step, ...]], rule: CountingRule, day: date
) -> tuple[str, ...]:
    """The countries a rule counted by the end of a day."""
    countries: tuple[str, ...] = ()
    for step in steps[rule]:
        if step.day <= day:
            countries = step.countries
    return countries


def _as_known(country: Adoption, day: date) -> Adoption:
    events = tuple(event for event in country.events if (known := find_day_certain(event)) is not None and known <= day)
    return replace(country, events=events, status=find_status(events))
