"""Which test files execute a line that is changed: only those can notice, and one of them must.

Every test file of a room is run once as things are, and the lines of the product that it executes are kept beside the
results until the file or what it executes changes.
"""

import ast
import hashlib
import json
import re
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from tests.mutation.mutants import Mutant

Lines = dict[str, list[int]]

APART = re.compile(r"test_(kills|beside|browser|every_vector)\.py$")
"""Tests of processes of their own, which would run the code as it is."""


def executed(root: Path, kept: Path, tests: Sequence[Path], trace: Callable[[Path], Lines]) -> dict[Path, Lines]:
    """The lines of the product that each test file executes, by the path of the module; traced where not known yet."""
    found: dict[Path, Lines] = {}
    for test in tests:
        known = _known(root, kept, test)
        before = json.loads(known.read_text(encoding="utf-8")) if known.is_file() else {"of": "", "lines": {}}
        lines: Lines = {str(root / path): used for path, used in before["lines"].items()}
        if before["of"] != _state(test, lines):
            began = time.monotonic()
            lines = trace(test)
            took = time.monotonic() - began
            within = {str(Path(path).relative_to(root)): used for path, used in lines.items()}
            kept.mkdir(parents=True, exist_ok=True)
            known.write_text(json.dumps({"of": _state(test, lines), "took": took, "lines": within}), encoding="utf-8")
        found[test] = lines
    return found


def seconds(root: Path, kept: Path, test: Path, most: float) -> float:
    """How long the tests of a file may take with a change: several times what they take without, ``most`` at most."""
    known = _known(root, kept, test)
    took = json.loads(known.read_text(encoding="utf-8"))["took"] if known.is_file() else most
    return min(most, 20 + 3 * float(took))


def _known(root: Path, kept: Path, test: Path) -> Path:
    return kept / "-".join(test.relative_to(root).with_suffix(".json").parts)


def _state(test: Path, lines: Lines) -> str:
    """What a test file and the modules that it executes say, in short."""
    paths = [test, *map(Path, sorted(lines))]
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths if path.is_file())).hexdigest()


def executing(one: Mutant, by: dict[Path, Lines]) -> list[Path]:
    """Test files that execute what is changed, first those of whose lines most are in its module.

    A number with a name is changed wherever its name stands in a module that was executed, in its own module otherwise.
    """
    changed = {str(one.path): _statement(one.path, one.line)}
    if one.name:
        modules = {path for lines in by.values() for path in lines}
        changed = {path: used for path in modules if (used := _naming(Path(path), one.name))}

    def share(test: Path) -> tuple[float, str]:
        lines = by[test]
        return -len(lines.get(str(one.path), ())) / sum(map(len, lines.values())), str(test)

    able = [test for test, lines in by.items() if any(used & {*lines.get(path, ())} for path, used in changed.items())]
    if one.name and not able:
        able = [test for test, lines in by.items() if lines.get(str(one.path))]
    return sorted(able, key=share)


@cache
def _statements(path: Path) -> list[range]:
    """The lines of every statement of a module, of those that hold others only their heads; the shortest first."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.stmt):
            inside = getattr(node, "body", None) or getattr(node, "cases", None)
            last = _first(inside[0]) - 1 if inside else node.end_lineno or node.lineno
            found.append(range(node.lineno, max(last, node.lineno) + 1))
    return sorted(found, key=len)


def _first(node: ast.AST) -> int:
    return getattr(node, "lineno", 0) or node.pattern.lineno  # type: ignore[attr-defined,no-any-return]


def _statement(path: Path, line: int) -> set[int]:
    """The lines of the statement around a line."""
    return set(next((lines for lines in _statements(path) if line in lines), (line,)))


@cache
def _naming(path: Path, name: str) -> set[int]:
    """The lines of the statements in which a name stands."""
    text = path.read_text(encoding="utf-8")
    if name not in text:
        return set()
    named = [
        one.lineno for one in ast.walk(ast.parse(text)) if name in (getattr(one, "id", ""), getattr(one, "attr", ""))
    ]  # type: ignore[attr-defined]
    return {line for at in named for line in _statement(path, at)}
