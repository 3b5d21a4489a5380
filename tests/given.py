"""What a look-up gave, where a test goes on with it, and what fails when it is called."""

from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

Found = TypeVar("Found")


def some(found: Found | None) -> Found:
    """What was found: there has to be something."""
    assert found is not None
    return found


def raising(error: BaseException | type[BaseException]) -> Callable[..., Any]:
    """Make a function that raises the error, whatever it is called with."""

    def fail(*_: object, **__: object) -> NoReturn:
        raise error

    return fail
