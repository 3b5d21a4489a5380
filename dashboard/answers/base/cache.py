"""Answers kept by what they depend on, and handed out as fresh copies, so that no reader can change another's."""

import inspect
import marshal
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from contextvars import ContextVar
from functools import lru_cache, wraps
from threading import Lock
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

if TYPE_CHECKING:
    from functools import _lru_cache_wrapper

Params = ParamSpec("Params")
Answer = TypeVar("Answer")


class BytesCache:
    """Bytes by key; those used least recently make room when all together exceed ``most`` bytes. For many threads.

    The letters of a key count: an address can be longer than its answer.
    """

    def __init__(self, most: int) -> None:
        self._most, self._size, self._lock = most, 0, Lock()
        self._held: OrderedDict[Hashable, bytes] = OrderedDict()

    def get(self, key: Hashable) -> bytes | None:
        """Return what was put under ``key``, or None if it has been dropped."""
        with self._lock:
            entry = self._held.get(key)
            if entry is not None:
                self._held.move_to_end(key)
            return entry

    def put(self, key: Hashable, body: bytes) -> None:
        """Keep ``body``, unless it alone would take an eighth of the room."""
        if _measure_entry(key, body) > self._most // 8:
            return
        with self._lock:
            if key in self._held:
                self._size -= _measure_entry(key, self._held.pop(key))
            self._held[key] = body
            self._size += _measure_entry(key, body)
            while self._size > self._most:
                self._size -= _measure_entry(*self._held.popitem(last=False))

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._held.clear()
            self._size = 0


def _measure_entry(key: Hashable, body: bytes) -> int:
    parts = key if isinstance(key, tuple) else (key,)
    return len(body) + sum(len(part) for part in parts if isinstance(part, str))


class _Newest:
    """The dataset in force, and what is forgotten when another takes its place."""

    def __init__(self) -> None:
        self.version = ""
        self.made: list[Callable[[], None]] = []


_newest = _Newest()
_answers = BytesCache(24 * 2**20)
_newest.made.append(_answers.clear)


class _UnderWay:
    """What is being made, by what it is made of: whoever wants the same meanwhile waits for it.

    After a publication everybody asks at once. Sixteen who each read all figures take 2.6 GB and seven seconds; one who
    reads them for all takes 0.4 GB and half a second.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._going: dict[Hashable, Future[Any]] = {}

    def once(self, key: Hashable, make: Callable[[], Answer]) -> Answer:
        """Return or raise what ``make`` does, in this call or in one that is under way."""
        mine: Future[Any] = Future()
        with self._lock:
            going = self._going.setdefault(key, mine)
        if going is not mine:
            return cast(Answer, going.result())
        try:
            made = make()
        except BaseException as error:
            mine.set_exception(error)
            raise
        else:
            mine.set_result(made)
            return made
        finally:
            with self._lock:
                del self._going[key]


_under_way = _UnderWay()


class _NotHeld(Exception):
    """What was asked for has not been made, or is no longer kept."""


_held_alone: ContextVar[bool] = ContextVar("held_alone", default=False)
"""Whether nothing may be made just now."""


def kept(most: int) -> Callable[[Callable[..., Answer]], "_lru_cache_wrapper[Answer]"]:
    """Memoize what is made of a dataset, once for all who ask together, until another takes its place."""

    def keep(question: Callable[..., Answer]) -> "_lru_cache_wrapper[Answer]":
        @wraps(question)
        def once(*args: Any, **named: Any) -> Answer:
            if _held_alone.get():
                raise _NotHeld(question.__qualname__)
            return _under_way.once((question, args, *named.items()), lambda: question(*args, **named))

        made = lru_cache(maxsize=most)(once)
        _newest.made.append(made.cache_clear)
        return made

    return keep


def kept_chart(draw: Callable[Params, Answer]) -> Callable[Params, Answer]:
    """Keep the charts that ``draw`` makes, in one cache with all others, for the next form asked for."""

    @wraps(draw)
    def drawn(*args: Params.args, **kwargs: Params.kwargs) -> Answer:
        return cast(Answer, _draw_once(draw, *args, **cast(Any, kwargs)))

    return drawn


@kept(64)
def _draw_once(draw: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    return draw(*args, **kwargs)


def find_cached(question: Callable[[], Answer]) -> Answer | None:
    """Return the answer of ``question`` if all it needs is cached, else None; nothing is computed.

    To hand out what is kept takes less than to find a thread for it: the event loop may ask this itself.
    """
    before = _held_alone.set(True)
    try:
        return question()
    except _NotHeld:
        return None
    finally:
        _held_alone.reset(before)


def forget_older(version: str) -> None:
    """Forget what was made of another dataset than ``version``, which is in force now."""
    if version != _newest.version:
        _newest.version = version
        for forget in _newest.made:
            forget()


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
            if _held_alone.get():
                raise _NotHeld(name)
            packed = _under_way.once(key, lambda: marshal.dumps(plain(*bound.args)))
            _answers.put(key, packed)
        return cast(Answer, marshal.loads(packed))  # noqa: S302 - our own bytes

    return answered
