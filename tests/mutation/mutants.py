"""What can be changed in a module so that its result changes: one small change at a time, found in its syntax tree.

Only the bodies of functions and numbers that have a name are changed: what a line computes. Texts, annotations,
decorators, defaults and imports are left alone; so are ``strict`` of ``zip``, which computes nothing (it refuses), and
how wide a printed column is beside the others (``Column(words, 2.3)``): another width is as right, but for 0, which
keeps a column out of print.
"""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SWAPPED: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,), ast.And: (ast.Or,), ast.Or: (ast.And,),
    ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.Div,), ast.Div: (ast.Mult,), ast.FloorDiv: (ast.Mult,),
    ast.Mod: (ast.Mult,), ast.Pow: (ast.Mult,), ast.BitAnd: (ast.BitOr,), ast.BitOr: (ast.BitAnd,),
}  # fmt: skip
"""Operator → what stands in its place: the neighbouring boundary, the opposite."""

Function = ast.FunctionDef | ast.AsyncFunctionDef

SKIPPED = (ast.Import, ast.ImportFrom, ast.JoinedStr)


@dataclass(frozen=True)
class Mutant:
    """One change. ``function`` is where it stands (its first line), None for a number with a name."""

    path: Path
    line: int
    before: str
    after: str
    number: int  # among the changes of this file
    function: int | None
    within: str  # the name of the function, or of the number
    value: float = 0.0
    text: str = ""  # the whole file with the change, where it was planted by hand

    @property
    def name(self) -> str:
        """The name of a number that has one."""
        return self.within if self.function is None else ""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}  {self.before}  →  {self.after}"


def mutants(path: Path) -> list[Mutant]:
    """Every change of a file, in the order of its tree."""
    found = []
    for number, (before, after, function) in enumerate(_changes(ast.parse(path.read_text(encoding="utf-8")))):
        line: int = before.lineno  # type: ignore[attr-defined]
        told = (path, line, _text(before), _text(after), number)
        if function is None:
            found.append(Mutant(*told, None, *_named(before, after)))
        else:
            found.append(Mutant(*told, _first(function), function.name))
    return found


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
    before, after, _ = next(change for number, change in enumerate(_changes(tree)) if number == mutant.number)

    class Change(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            return ast.copy_location(after, before) if node is before else self.generic_visit(node)

    changed: ast.Module = Change().visit(tree)
    return ast.fix_missing_locations(changed)


def _changes(tree: ast.Module) -> Iterator[tuple[ast.AST, ast.AST, Function | None]]:
    """A node, what it becomes, and the outermost function around it."""
    for statement in tree.body:
        if _constant(statement):
            yield statement, _replaced(statement, value=ast.Constant(_other(statement.value.value))), None  # type: ignore[attr-defined]
    for function in _functions(tree):
        for part in function.body:
            for node in _walk(part):
                for after in _instead(node):
                    yield node, after, function


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
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "slice", "args") and isinstance(
            node, ast.AnnAssign | ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
        ):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _is_width(node, child):
                yield from _walk(child)


def _is_width(call: ast.AST, part: ast.AST) -> bool:
    """Whether a number says how wide a printed column is."""
    column = isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Column"
    return column and part in call.args[1:2] and isinstance(part, ast.Constant) and part.value != 0  # type: ignore[attr-defined]


def _instead(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            for other in SWAPPED.get(type(operator), ()):
                yield _replaced(node, ops=[*node.ops[:place], other(), *node.ops[place + 1 :]])
    elif isinstance(node, ast.BoolOp | ast.BinOp | ast.AugAssign):
        for other in SWAPPED.get(type(node.op), ()):
            yield _replaced(node, op=other())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        yield node.operand
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        yield ast.Constant(_other(node.value))
    elif isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
        yield _replaced(node, value=ast.Constant(None))


def _constant(node: ast.stmt) -> bool:
    named = (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)) or isinstance(node, ast.AnnAssign)
    return named and isinstance(node.value, ast.Constant) and type(node.value.value) in (int, float)  # type: ignore[attr-defined]


def _first(function: Function) -> int:
    return min([function.lineno, *(one.lineno for one in function.decorator_list)])


def _named(before: ast.AST, after: ast.AST) -> tuple[str, float]:
    target = before.targets[0] if isinstance(before, ast.Assign) else before.target  # type: ignore[attr-defined]
    return target.id, after.value.value  # type: ignore[attr-defined]


def _other(value: float) -> float:
    return (not value) if isinstance(value, bool) else value + 1


def _replaced(node: ast.AST, **fields: object) -> ast.AST:
    after = copy.copy(node)
    for name, value in fields.items():
        setattr(after, name, value)
    return after


def _text(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())[:110]
