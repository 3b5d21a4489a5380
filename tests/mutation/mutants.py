"""What can be changed in a module so that its result changes: one small change at a time, found in its syntax tree.

The bodies of functions and values that have a name are changed, by the operators of ``operators.py``. Annotations,
decorators, defaults, documentation and imports are left alone; so are ``strict`` of ``zip``, which computes nothing (it
refuses), and how wide a printed column is beside the others (``Column(words, 2.3)``): another width is as right, but
for 0, which keeps a column out of print.
"""

import ast
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.mutation.operators import KINDS, instead, keys_of, neighbours, replaced

ROOT = Path(__file__).parents[2]

Function = ast.FunctionDef | ast.AsyncFunctionDef

Found = tuple[str, ast.AST, ast.AST, Function | None, str]

SKIPPED = (ast.Import, ast.ImportFrom)

PLAIN = (
    ast.Constant, ast.Tuple, ast.List, ast.Set, ast.Dict, ast.BinOp, ast.UnaryOp, ast.Call, ast.Name, ast.Attribute,
    ast.operator, ast.unaryop, ast.expr_context, ast.keyword,
)  # fmt: skip
"""What a value with a name is made of, where it can be made again."""

MADE_BY = {"timedelta", "frozenset", "dict", "tuple", "date"}
LARGEST = 60
"""Numbers and words of a table that is changed; what is longer are data."""


@dataclass(frozen=True)
class Mutant:
    """One change. ``function`` is where it stands (its first line), None for a value with a name."""

    path: Path
    line: int
    before: str
    after: str
    number: int  # among the changes of this file
    function: int | None
    within: str  # the name of the function, or of the value
    kind: str = "computes"
    text: str = ""  # the whole file with the change, where it was planted by hand

    @property
    def name(self) -> str:
        """The name of a value that has one."""
        return self.within if self.function is None else ""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}  {self.before}  →  {self.after}"


def mutants(path: Path) -> list[Mutant]:
    """Every change of a file, in the order of its tree."""
    found = []
    for number, (kind, before, after, function, name) in enumerate(_changes(path)):
        line: int = before.lineno  # type: ignore[attr-defined]
        first = None if function is None else _first(function)
        found.append(Mutant(path, line, _text(before), _text(after), number, first, name, kind))
    return found


def drawn(every: Sequence[Mutant], count: int, seed: int) -> list[Mutant]:
    """A sample that holds as many of each kind as of the others, while there are any."""
    dice = random.Random(seed)
    piles = [[one for one in every if one.kind == kind] for kind in KINDS]
    for pile in piles:
        dice.shuffle(pile)
    dice.shuffle(piles)
    rows = [pile[place] for place in range(max(map(len, piles), default=0)) for pile in piles if place < len(pile)]
    return rows[:count]


def planted(path: Path, before: str, after: str) -> Mutant:
    """A change made by hand, of text that stands once in a function of the file.

    Raises:
        LookupError: it does not.
    """
    text = path.read_text(encoding="utf-8")
    if text.count(before) != 1 or before.count("\n") != after.count("\n"):
        raise LookupError(f"{path}: {before!r} stands there {text.count(before)} times")
    line = text[: text.index(before)].count("\n") + 1
    around = [one for one in _functions(ast.parse(text)) if _first(one) <= line <= (one.end_lineno or 0)]
    if not around:
        raise LookupError(f"{path}:{line}: no function is around {before!r}")
    return Mutant(path, line, before, after, -1, _first(around[0]), around[0].name, text=text.replace(before, after))


def mutated(mutant: Mutant) -> ast.Module:
    """The tree of the file with the change made."""
    if mutant.text:
        return ast.parse(mutant.text)
    tree = ast.parse(mutant.path.read_text(encoding="utf-8"))
    found = enumerate(_changes(mutant.path, tree))
    _, before, after, _, _ = next(change for number, change in found if number == mutant.number)

    class Change(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            return ast.copy_location(after, before) if node is before else self.generic_visit(node)

    changed: ast.Module = Change().visit(tree)
    return ast.fix_missing_locations(changed)


def _changes(
    path: Path, tree: ast.Module | None = None
) -> Iterator[tuple[str, ast.AST, ast.AST, Function | None, str]]:
    """A kind, a node, what it becomes, the outermost function around it, and the name of that or of the value."""
    tree = tree or ast.parse(path.read_text(encoding="utf-8"))
    following = _following(path)
    for statement in tree.body:
        if name := _named(statement):
            for kind, before, after in _revalued(statement.value, following):  # type: ignore[attr-defined]
                yield kind, before, after, None, name
    for function in _functions(tree):
        for before, after in keys_of(function):
            yield "key", before, after, function, function.name
        for part in function.body:
            for node in _walk(part):
                for kind, after in instead(node, following):
                    yield kind, node, after, function, function.name


@cache
def _following(path: Path) -> dict[str, str]:
    """Word → the next of its closed list, of the lists of a module and of those it imports from."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    known = neighbours(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            imported = ROOT / (node.module.replace(".", "/") + ".py")
            if imported.is_file():
                known = neighbours(ast.parse(imported.read_text(encoding="utf-8"))) | known
    return known


def _named(statement: ast.stmt) -> str:
    """The name of a value that can be made again; "" for anything else."""
    if isinstance(statement, ast.AnnAssign):
        target: ast.expr = statement.target
    elif isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        (target,) = statement.targets
    else:
        return ""
    if not isinstance(target, ast.Name) or statement.value is None:
        return ""
    parts = list(ast.walk(statement.value))
    calls = [one.func for one in parts if isinstance(one, ast.Call)]
    known = all(isinstance(one, ast.Name) and one.id in MADE_BY for one in calls)
    plain = known and all(isinstance(one, PLAIN) for one in parts)
    data = sum(isinstance(one, ast.Constant) for one in parts)
    return target.id if plain and 0 < data <= LARGEST else ""


def _revalued(value: ast.expr, following: dict[str, str]) -> Iterator[tuple[str, ast.AST, ast.AST]]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return  # a word that has a name is the same wherever it stands
    if isinstance(value, ast.Tuple | ast.List | ast.Set) and len(value.elts) > 1:
        for place in range(len(value.elts)):
            yield "condition", value, replaced(value, elts=[*value.elts[:place], *value.elts[place + 1 :]])
        if not isinstance(value, ast.Set):
            yield "order", value, replaced(value, elts=[*value.elts[1::-1], *value.elts[2:]])
    for node in _walk(value):
        for kind, after in instead(node, following):
            yield kind, node, after


def _functions(node: ast.AST) -> Iterator[Function]:
    """Functions of a module and methods of its classes, without those inside them."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield child
        elif isinstance(child, ast.ClassDef | ast.If):
            yield from _functions(child)


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, SKIPPED) or (isinstance(node, ast.keyword) and node.arg == "strict"):
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return  # documentation
    if not isinstance(node, ast.FormattedValue):
        yield node
    for name, value in ast.iter_fields(node):
        if isinstance(node, ast.keyword) and node.arg in ("reverse", "descending") and isinstance(value, ast.Constant):
            continue
        if name in ("annotation", "returns", "decorator_list", "slice", "args") and isinstance(
            node, ast.AnnAssign | ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
        ):
            continue
        if name == "format_spec":
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _is_width(node, child) and not _is_name(node, name, child):
                yield from _walk(child)


def _is_name(node: ast.AST, field: str, part: ast.AST) -> bool:
    """Whether a text is the name of a field, or stands between the values of a sentence, which changes by itself."""
    if not isinstance(part, ast.Constant) or not isinstance(part.value, str):
        return False
    fields = (isinstance(node, ast.Subscript) and field == "slice") or (isinstance(node, ast.Dict) and field == "keys")
    return fields or isinstance(node, ast.JoinedStr)


def _is_width(call: ast.AST, part: ast.AST) -> bool:
    """Whether a number says how wide a printed column is."""
    column = isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Column"
    return column and part in call.args[1:2] and isinstance(part, ast.Constant) and part.value != 0  # type: ignore[attr-defined]


def _first(function: Function) -> int:
    return min([function.lineno, *(one.lineno for one in function.decorator_list)])


def _text(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())[:110]
