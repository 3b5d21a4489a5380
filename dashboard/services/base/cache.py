"""Answers kept by what they depend on, and handed out as fresh copies, so that no reader can change another's."""

import inspect
import marshal
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from threading import Lock
from typing import Any, ParamSpec, TypeVar, cast

Params = ParamSpec("Params")
Answer = TypeVar("Answer")


class BytesCache:
    """Bytes by key; those used least recently make room when all together exceed ``most`` bytes. For many threads."""

    def __init__(self, most: int) -> None:
        self._most, self._size, self._lock = most, 0, Lock()
        self._held: OrderedDict[Hashable, bytes] = OrderedDict()

    def get(self, key: Hashable) -> bytes | None:
        """What was put under ``key``, if it is still there."""
        with self._lock:
            entry = self._held.get(key)
            if entry is not None:
                self._held.move_to_end(key)
            return entry

    def put(self, key: Hashable, body: bytes) -> None:
        """Keep ``body``, unless it alone would take an eighth of the room."""
        if len(body) > self._most // 8:
            return
        with self._lock:
            self._size += len(body) - len(self._held.pop(key, b""))
            self._held[key] = body
            while self._size > self._most:
                self._size -= len(self._held.popitem(last=False)[1])


_answers = BytesCache(24 * 2**20)


def cached(question: Callable[Params, Answer]) -> Callable[Params, Answer]:
    """Keep the answers of a question whose arguments are hashable and whose answer is JSON-safe.

    A context is part of the key by its dataset, codebook, language and date: a new publication makes new answers.
    """
    form, plain = inspect.signature(question), cast(Callable[..., Any], question)
    name = f"{question.__module__}.{question.__qualname__}"

    @wraps(question)
    def answered(*args: Params.args, **kwargs: Params.kwargs) -> Answer:
        bound = form.bind(*args, **kwargs)
        bound.apply_defaults()
        key = (name, *bound.args)
        packed = _answers.get(key)
        if packed is None:
            packed = marshal.dumps(plain(*bound.args))
            _answers.put(key, packed)
        return cast(Answer, marshal.loads(packed))  # noqa: S302 - our own bytes

    return answered
