"""Which test files are nearest to a change: by imports, then by room, then by how they name what is changed.

A route is named by its address: who tests ``/account/code`` rarely writes the name of the function that answers there.
A word that a test says often (``entry``) says no more than one that it says five times.
"""

import ast
import re
from collections import deque
from functools import cache
from pathlib import Path

from tests.mutation.mutants import Mutant

OFTEN, SHORTEST = 5, 4
APART = re.compile(r"test_(kills|browser|every_vector)\.py$")
"""Tests of processes of their own, which would run the code as it is."""


class Nearest:
    """Distances between test files and the product's modules."""

    def __init__(self, root: Path, tests: list[Path]) -> None:
        self._root = root
        self._tests = {path: path.read_text(encoding="utf-8") for path in tests if not APART.search(path.name)}
        self._far = {path: self._distances(path) for path in self._tests}

    def files(self, one: Mutant) -> list[Path]:
        """Test files that reach the changed module by imports, the nearest first."""
        addresses = {at: line == one.function for at, line in _addresses(one.path).items()}
        words = (one.path.parent.name if one.path.stem in ("state", "page", "views") else one.path.stem, one.within)

        def rank(path: Path) -> tuple[bool, bool, bool, int, str]:
            text = self._tests[path]
            named = 20 * (words[0] in path.stem) + sum(min(text.count(word), OFTEN) for word in words if word)
            named += sum((OFTEN if own else 1) * (address in text) for address, own in addresses.items())
            named += 100 * (bool(one.name) and one.name in text)
            room = path.parent.name
            elsewhere = not one.path.parent.name.startswith(room), room not in one.path.parts
            return self._far[path][one.path] != 1, *elsewhere, -named, path.name

        return sorted((path for path, far in self._far.items() if one.path in far), key=rank)

    def _distances(self, test: Path) -> dict[Path, int]:
        far, left = {test: 0}, deque([test, *(one for one in [test.with_name("conftest.py")] if one.is_file())])
        while left:
            here = left.popleft()
            for there in _imported(self._root, here):
                if there not in far:
                    far[there] = far.get(here, 0) + 1
                    left.append(there)
        return far


@cache
def _addresses(path: Path) -> dict[str, int]:
    """Addresses that routes of a module answer, up to what differs in them, and the first line of the function."""
    found = {}
    for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for one in getattr(function, "decorator_list", ()):
            for given in getattr(one, "args", ())[:1]:
                if isinstance(given, ast.Constant) and isinstance(given.value, str):
                    found[given.value.split("{")[0].lstrip("/")] = one.lineno
    return {address: line for address, line in found.items() if len(address) >= SHORTEST}


@cache
def _imported(root: Path, path: Path) -> frozenset[Path]:
    """The project's modules that a file imports, at its head or in its functions."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
    places = (root.joinpath(*name.split(".")) for name in names if name.split(".")[0] in ("dashboard", "tests"))
    found = {one for place in places for one in (place.with_suffix(".py"), place / "__init__.py")}
    return frozenset(one for one in found if one.is_file())
