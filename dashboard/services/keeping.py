"""Answers kept by what they depend on, and handed out as fresh copies, so that no reader can change another's."""

import inspect
import marshal
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar, cast

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


def kept(most: int = 128) -> Callable[[Callable[Asked, Answer]], Callable[Asked, Answer]]:
    """Keep the last ``most`` answers of a question whose arguments are hashable and whose answer is JSON-safe.

    A context is part of the key by its dataset, codebook, language and date: a new publication makes new answers.
    """

    def keep(question: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
        form = inspect.signature(question)
        plain = cast(Callable[..., Any], question)

        @lru_cache(maxsize=most)
        def packed(*arguments: Any) -> bytes:
            return marshal.dumps(plain(*arguments))

        @wraps(question)
        def asked(*args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
            bound = form.bind(*args, **kwargs)
            bound.apply_defaults()
            return marshal.loads(packed(*bound.args))  # type: ignore[no-any-return]  # noqa: S302  # our own bytes

        return asked

    return keep
