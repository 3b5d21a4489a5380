"""What a look-up gave, where a test goes on with it."""

from typing import TypeVar

Found = TypeVar("Found")


def some(found: Found | None) -> Found:
    """What was found: there has to be something."""
    assert found is not None
    return found
