"""A class name means one thing in the whole product, and docstrings name the parameters that there are."""

import ast
import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[2]

OF_THE_API = ("dashboard.answers.public",)
"""Shapes that readers of the API meet in its description by these names; they keep them."""


def classes() -> dict[str, list[str]]:
    """Name of each public class → the modules that have one of it."""
    found = defaultdict(list)
    for room in ("dashboard", "data_sources"):
        for path in sorted((ROOT / room).rglob("*.py")):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            if "migrations" in path.parts or module.startswith(OF_THE_API):
                continue
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    found[node.name].append(module)
    return found


def test_a_class_name_means_one_thing() -> None:
    found = classes()
    assert len(found) > 700
    assert {name: modules for name, modules in found.items() if len(modules) > 1} == {}


def misnamed_parameters(source: str) -> list[str]:
    """Return the names under ``Args`` in docstrings that are no parameter of their function."""
    misnamed = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            _, _, described = (ast.get_docstring(node) or "").partition("Args:\n")
            section = re.split(r"^\S", described, maxsplit=1, flags=re.MULTILINE)[0]
            parameters = {argument.arg for argument in ast.walk(node.args) if isinstance(argument, ast.arg)}
            named = re.findall(r"^ {4}(\w[\w, ]*):", section, re.MULTILINE)
            misnamed += [name for names in named for name in names.split(", ") if name not in parameters]
    return misnamed


def test_docstrings_name_the_parameters_that_there_are() -> None:
    files = [path for room in ("dashboard", "data_sources") for path in sorted((ROOT / room).rglob("*.py"))]
    found = {str(path.relative_to(ROOT)): misnamed_parameters(path.read_text(encoding="utf-8")) for path in files}
    assert {path: names for path, names in found.items() if names} == {}
    renamed = 'def f(new: int) -> None:\n    """Do.\n\n    Args:\n        old: a number.\n    """'
    assert misnamed_parameters(renamed) == ["old"]
