"""Compare editions of a series by the dates in their names."""

import re
from collections.abc import Iterator

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ALONE = r"(?<![0-9A-Za-z.])", r"(?![0-9A-Za-z])"
_DAY = re.compile(rf"{_ALONE[0]}([12][0-9]{{3}})-([01][0-9])-([0-3][0-9])")
_RELEASE = re.compile(rf"{_ALONE[0]}([12][0-9]{{3}})\.Q([1-4])(?:\.G\.([0-9]{{2}}))?")  # of the UN SDG database
_MONTH = re.compile(rf"(?:([0-3]?[0-9]) )?({'|'.join(_MONTHS)})[a-z]* ([12][0-9]{{3}})", re.IGNORECASE)
_YEAR = re.compile(rf"{_ALONE[0]}([12][0-9]{{3}}){_ALONE[1]}")

EditionDate = tuple[int, ...]
"""Year, month and day as far as they are stated; of a release of the UN year, last month of the quarter, number."""


def find_edition_date(edition: str) -> EditionDate:
    """Return the latest date in an edition's name (``2026.Q2.G.02``, ``WGI 2025 edition``), else ()."""
    return max(_find_dates(edition), default=())


def is_older(after: str, before: str) -> bool:
    """Return True if ``after`` states an earlier date than ``before``, at the precision both share."""
    first, second = find_edition_date(after), find_edition_date(before)
    both = min(len(first), len(second))
    return first[:both] < second[:both]


def _find_dates(edition: str) -> Iterator[EditionDate]:
    text = edition
    for match in _DAY.finditer(text):
        yield int(match[1]), int(match[2]), int(match[3])
    for match in _RELEASE.finditer(text):
        yield (int(match[1]), 3 * int(match[2]), *([int(match[3])] if match[3] else []))
    for match in _MONTH.finditer(text):
        month = _MONTHS.index(match[2].lower()) + 1
        yield (int(match[3]), month, *([int(match[1])] if match[1] else []))
    for pattern in (_DAY, _RELEASE, _MONTH):
        text = pattern.sub(" ", text)
    for match in _YEAR.finditer(text):
        yield (int(match[1]),)
