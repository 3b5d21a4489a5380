"""Words that a question can lose without losing its subject."""

import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from dashboard.answers.base.spelling import split_words


@cache
def _read(part: str) -> frozenset[str]:
    lists = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))[part]
    return frozenset(word for words in lists.values() for listed in words for word in split_words(listed))


def drop_grammar(words: Sequence[str]) -> tuple[str, ...]:
    """Return the words that carry meaning."""
    return tuple(word for word in words if word not in _read("grammar"))


def shorten(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield the words, then without grammar, then without vague words; each once, never none."""
    content = drop_grammar(words)
    subject = tuple(word for word in content if word not in _read("vague"))
    yield from filter(None, dict.fromkeys((tuple(words), content, subject)))
