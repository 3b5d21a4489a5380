"""Assertions that say more than Python's own."""

from collections.abc import Iterable


def all_of(results: Iterable[object]) -> bool:
    """Return True if there is at least one result and every one is truthy: ``all`` is also True of nothing."""
    checked = list(results)
    return bool(checked) and all(checked)
