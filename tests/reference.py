"""Reference vectors of the methods: committed copies, and the comparison every test of them makes.

Each room keeps ``vectors_<group>.json`` beside the tests that reproduce it. A test takes the vectors of a method by
``@reproduces(group, method)``, asks the product's public functions, and hands what they gave to ``agree``.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
Vector = dict[str, Any]

_NOT_RETURNED = ("must_not_be_used", "_wrong", "not_a_headline")
"""Endings of keys whose value a common mistake gives."""


def copies() -> list[Path]:
    """Every file of vectors."""
    return sorted(HERE.glob("**/vectors_*.json"))


def vectors(group: str) -> list[Vector]:
    """The vectors of a group, in the order of the file."""
    (path,) = HERE.glob(f"**/vectors_{group}.json")
    found: list[Vector] = json.loads(path.read_text(encoding="utf-8"))
    return found


def reproduces(group: str, *methods: str) -> pytest.MarkDecorator:
    """Runs a test once per vector of these methods, or of the whole group; the argument is ``vector``."""
    chosen = [it for it in vectors(group) if not methods or it["method"] in methods]
    if not chosen or set(methods) - {it["method"] for it in chosen}:
        raise LookupError(f"{group} has no vector of {methods}")
    return pytest.mark.parametrize("vector", chosen, ids=[it["id"] for it in chosen])


def agree(
    vector: Vector, given: Mapping[str, Any], *, beside: Collection[str] = (), tolerance: float | None = None
) -> None:
    """Every expected value is what the product gives, within the vector's tolerance; mistakes' values are not given.

    Args:
        vector: the vector.
        given: what the product's functions gave, under the keys of ``expected``.
        beside: expected keys that are no result of the product (other software's variants), each to be justified.
        tolerance: another tolerance than the vector's, where it prints fewer digits than it asks for.
    """
    within = float(vector.get("tolerance", 0)) if tolerance is None else tolerance
    for key, expected in vector["expected"].items():
        if key.endswith(_NOT_RETURNED):
            assert not _near(expected, given, within), f"{vector['id']}: the product gives {key}"
        elif key not in beside:
            assert key in given, f"{vector['id']}: nothing gives {key}"
            _same(given[key], expected, within, f"{vector['id']}: {key}")


def _same(given: Any, expected: Any, within: float, where: str) -> None:
    if isinstance(expected, Mapping):
        assert set(given) == set(expected), where
        for key, value in expected.items():
            _same(given[key], value, within, f"{where}.{key}")
    elif isinstance(expected, Sequence) and not isinstance(expected, str):
        assert len(given) == len(expected), where
        for at, value in enumerate(expected):
            _same(given[at], value, within, f"{where}[{at}]")
    elif isinstance(expected, bool) or not isinstance(expected, int | float):
        assert given == expected, where
        assert type(given) is type(expected), where
    else:
        assert given == pytest.approx(expected, abs=within, rel=0), where


def _near(wrong: Any, given: Any, within: float) -> bool:
    """Whether a mistake's value (or pair of values) is among all that was given."""
    if isinstance(wrong, Sequence):
        return any(
            isinstance(it, Sequence) and not isinstance(it, str) and it == pytest.approx(wrong, abs=1e-6)
            for it in _parts(given)
        )
    return any(isinstance(it, int | float) and abs(it - wrong) <= max(within, 1e-6) for it in _parts(given))


def _parts(given: Any) -> Iterator[Any]:
    yield given
    if isinstance(given, Mapping):
        given = list(given.values())
    if isinstance(given, Sequence) and not isinstance(given, str):
        for part in given:
            yield from _parts(part)
