"""A class name means one thing, in the whole product."""

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[2]

OF_THE_API = ("dashboard.services.public",)
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
