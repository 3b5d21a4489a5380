"""Which functions, classes and methods of the product are reached from where it begins.

Read from the text: a definition is reached when code that is reached names it, directly, through an import or as an
attribute of a module; a method when its class is reached and its name is used anywhere. What a framework calls (routes,
commands, events: whatever a decorator registers; methods of classes from other packages) counts as reached.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

# module and definition: ("dashboard.analysis.measures.rounding", "rounded"), ("…", "Class.method")
Name = tuple[str, str]
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

SILENT = {
    "asynccontextmanager", "cache", "cached", "cached_property", "classmethod", "contextmanager", "dataclass", "kept",
    "kept_chart",
    "lru_cache", "overload", "override", "property", "staticmethod", "total_ordering",
}  # fmt: skip
"""Decorators that register a definition nowhere; any other may."""


CALLED = re.compile(r'"(dashboard(?:\.\w+)+):(\w+)"')
"""A function as a sandbox is told it (``dashboard.runtime.sandbox.pools``)."""


def called_in_sandboxes(room: Path) -> set[Name]:
    """The functions that the modules of a room name to a sandbox."""
    return {(found[1], found[2]) for path in room.rglob("*.py") for found in CALLED.finditer(path.read_text("utf-8"))}


@dataclass
class _Names:
    """What some code names: definitions, names of attributes, and words that may be looked up."""

    definitions: set[Name] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)


class Product:
    """Definitions of the modules given, and which of them are reached."""

    def __init__(self, modules: Mapping[str, Path]) -> None:
        self.trees = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in modules.items()}
        self.definitions: dict[Name, Definition] = {}
        self._methods: dict[str, set[Name]] = defaultdict(set)
        for module, tree in self.trees.items():
            for node in tree.body:
                if isinstance(node, Definition):
                    self.definitions[module, node.name] = node
                    for method in _methods(node):
                        name = (module, f"{node.name}.{method.name}")
                        self.definitions[name] = method
                        self._methods[method.name].add(name)
        self._imports = {module: _imports(tree, self.trees) for module, tree in self.trees.items()}

    def unreached(self, begins: Iterable[Name] = ()) -> list[Name]:
        """Definitions that nothing leads to; of a class that is not reached, its methods are not named.

        Args:
            begins: what is called by a name that no code holds, such as the entry point a folder must have.
        """
        reached: set[Name] = set()
        attributes: set[str] = set()
        waiting: list[Name] = []

        def reach(names: Iterable[Name]) -> None:
            new = [name for name in names if name in self.definitions and name not in reached]
            reached.update(new)
            waiting.extend(new)

        def use(module: str, nodes: Iterable[ast.AST]) -> None:
            named = self._named(module, nodes)
            reach(named.definitions)
            for attribute in named.attributes - attributes:
                attributes.add(attribute)
                reach(it for it in self._methods[attribute] if (it[0], it[1].partition(".")[0]) in reached)

        reach(begins)
        for module, tree in self.trees.items():
            for node in tree.body:
                if isinstance(node, Definition):
                    if _is_registered(node):
                        reach([(module, node.name)])
                elif not isinstance(node, ast.Import | ast.ImportFrom):
                    use(module, [node])
        while waiting:
            module, name = waiting.pop()
            node = self.definitions[module, name]
            if not isinstance(node, ast.ClassDef):
                use(module, [node])
                continue
            methods = list(_methods(node))
            use(module, [*node.decorator_list, *node.bases, *(it for it in node.body if it not in methods)])
            foreign = any(not (isinstance(base, ast.Name) and self._resolve(module, base.id)) for base in node.bases)
            reach(
                (module, f"{name}.{it.name}")
                for it in methods
                if foreign or it.name.startswith("__") or it.name in attributes or _is_registered(it)
            )
        left = set(self.definitions) - reached
        return sorted(it for it in left if (it[0], it[1].partition(".")[0]) not in left - {it})

    def _named(self, module: str, nodes: Iterable[ast.AST]) -> _Names:
        found = _Names()
        for node in (inner for outer in nodes for inner in ast.walk(outer)):
            if isinstance(node, ast.Name):
                found.definitions |= self._resolve(module, node.id)
            elif isinstance(node, ast.Attribute):
                found.attributes.add(node.attr)
                found.definitions |= self._of_module(module, node)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                place, _, name = node.value.partition(":")
                if name and place in self.trees:  # "dashboard.app:app", what a framework or a process is told to call
                    found.definitions |= self._resolve(place, name)
                elif node.value.isidentifier():
                    found.attributes.add(node.value)
        return found

    def _of_module(self, module: str, node: ast.Attribute) -> set[Name]:
        """``progress.ranges(…)`` where ``progress`` is a module: what that module calls ``ranges``."""
        parts: list[str] = []
        inner: ast.expr = node
        while isinstance(inner, ast.Attribute):
            parts.insert(0, inner.attr)
            inner = inner.value
        if not isinstance(inner, ast.Name):
            return set()
        found: set[Name] = set()
        for place, name in self._imports[module].get(inner.id, ()):
            current = f"{place}.{name}" if name else place
            for part in parts:
                if current in self.trees:
                    found |= self._resolve(current, part)
                current = f"{current}.{part}"
        return found

    def _resolve(self, module: str, name: str, seen: frozenset[Name] = frozenset()) -> set[Name]:
        """The definitions that a name stands for in a module."""
        if (module, name) in self.definitions:
            return {(module, name)}
        if module not in self.trees or (module, name) in seen:
            return set()
        found: set[Name] = set()
        for place, part in self._imports[module].get(name, ()):
            if part:
                found |= self._resolve(place, part, seen | {(module, name)})
        return found


def _methods(node: ast.stmt) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    if isinstance(node, ast.ClassDef):
        yield from (it for it in node.body if isinstance(it, ast.FunctionDef | ast.AsyncFunctionDef))


def _imports(tree: ast.Module, trees: Mapping[str, ast.Module]) -> dict[str, set[tuple[str, str]]]:
    """Name → the places it may come from: module and what of it, "" for the module itself."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                found[alias.asname or alias.name].add((node.module, alias.name))
        elif isinstance(node, ast.Import):
            for alias in node.names:
                found[alias.asname or alias.name.partition(".")[0]].add(
                    (alias.name if alias.asname else alias.name.partition(".")[0], "")
                )
    return found


def _is_registered(node: Definition) -> bool:
    """Whether a decorator may hand it to a framework."""
    for decorator in node.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        if name not in SILENT:
            return True
    return False
