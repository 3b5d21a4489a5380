"""The house is as docs/architecture.md draws it: what may stand where, how deep, and nothing that nobody reaches."""

import ast
import re
import subprocess
from collections import Counter, defaultdict
from pathlib import Path

from tests.architecture.reachability import called_in_sandboxes
from tests.checks import all_of

ROOT = Path(__file__).parents[2]
ROOMS = ("dashboard", "data_sources")

TOP_LEVEL = {
    ".ci", ".dockerignore", ".gitignore", ".npmrc", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile",
    "README.md", "SECURITY.md", "assets", "bunfig.toml", "dashboard", "data_sources", "deploy", "docs", "examples",
    "pyproject.toml", "reflex.lock", "requirements.txt", "requirements.lock", "requirements-dev.txt",
    "requirements-dev.lock", "requirements-uv.txt", "rxconfig.py", "tests",
}  # fmt: skip

MOST_MODULES = 12
OF_LIKE_THINGS = {
    "dashboard/analysis/charts/kinds",
    "dashboard/operations/cli",
    "dashboard/interfaces/api/routes",
    "dashboard/contributions/submissions/rules",
}
"""Folders whose modules are of one kind each, and that hold nothing else."""

MOST_JAVASCRIPT = 760
"""Lines of our own: the user asked for a pure-Python app."""

AT_DESKS = {"assets/grid.js": 90}
"""Scripts of pages that people with an account see, which work without; and the lines each may have (decision 74)."""

STARTS = ("dashboard.app", "dashboard.__main__", "dashboard.operations.cli.server", "dashboard.operations.cli.builder")
"""Where the product begins; what none of them leads to is dead."""

COMMANDS = ("dashboard.runtime.sandbox.bare",)
"""Modules that are run as processes of their own; what is called in a sandbox is found by its name."""


def _tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True,
        check=True,
    ).stdout.splitlines()  # fmt: skip
    return [name for name in listed if (ROOT / name).exists()]


def _modules() -> dict[str, Path]:
    found = {}
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if "migrations" not in parts:
                found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def _imports(path: Path, modules: dict[str, Path]) -> set[str]:
    """Modules of ours that a module names in an import anywhere, those for types only included."""
    named = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                named.add(whole if whole in modules else node.module)
    return named & modules.keys()


def _graph() -> dict[str, set[str]]:
    modules = _modules()
    return {name: _imports(path, modules) - {name} for name, path in modules.items()}


def test_only_what_belongs_stands_at_the_top() -> None:
    assert {name.split("/")[0] for name in _tracked()} - TOP_LEVEL == set()


def test_no_folder_is_crowded() -> None:
    counted = Counter(
        path.parent.relative_to(ROOT).as_posix() for path in _modules().values() if path.name != "__init__.py"
    )
    assert {folder: n for folder, n in counted.items() if n > MOST_MODULES and folder not in OF_LIKE_THINGS} == {}


def test_no_import_goes_in_a_circle() -> None:
    """Tarjan's strongly connected components; a package and the modules it gathers count apart."""
    graph, index, low, stack, circles = _graph(), {}, {}, [], []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in sorted(graph[name]):
            if other not in index:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            circle = []
            while not circle or circle[-1] != name:
                circle.append(stack.pop())
            if len(circle) > 1:
                circles.append(sorted(circle))

    for name in sorted(graph):
        if name not in index:
            visit(name)
    assert circles == []


def test_every_module_is_reached() -> None:
    graph, reached = _graph(), set()
    parents = defaultdict(set)
    for name in graph:
        if "." in name:
            parents[name].add(name.rsplit(".", 1)[0])
    # a publisher's room is found by its folder (data_sources/registry.py), not by an import
    called = (module for module, _ in called_in_sandboxes(ROOT / "dashboard"))
    waiting = [*STARTS, *COMMANDS, *called, *(name for name in graph if name.startswith("data_sources."))]
    while waiting:
        name = waiting.pop()
        if name in reached or name not in graph:
            continue
        reached.add(name)
        waiting += [*graph[name], *parents[name]]
    assert sorted(graph.keys() - reached) == []


def test_javascript_stays_small() -> None:
    ours = [name for name in _tracked() if name.endswith((".js", ".jsx"))]
    lines = {name: len((ROOT / name).read_text(encoding="utf-8").splitlines()) for name in ours}
    assert sum(count for name, count in lines.items() if name not in AT_DESKS) <= MOST_JAVASCRIPT, lines
    assert all_of(lines[name] <= most for name, most in AT_DESKS.items()), lines


ELEMENT = re.compile(r"</?(a|body|div|form|h\d|head|html|input|li|link|main|meta|p|span|table|td|tr|ul)\b[^>]*>")


def _writes_pages(source: str) -> bool:
    """Whether a module answers with HTML, or has elements of it among its words."""
    tree = ast.parse(source)
    named = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    words = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return bool({"HTMLResponse", "Jinja2Templates"} & named) or any(ELEMENT.search(word) for word in words)


def test_the_api_writes_no_page() -> None:
    folder = ROOT / "dashboard" / "interfaces" / "api"
    assert [*folder.rglob("*.html")] == []
    assert [path.name for path in folder.rglob("*.py") if _writes_pages(path.read_text(encoding="utf-8"))] == []


def test_a_page_written_in_python_is_found() -> None:
    assert _writes_pages('def page(name: str) -> str:\n    return f"<p>{name}</p>"')
    assert _writes_pages("from fastapi.responses import HTMLResponse\nanswer = HTMLResponse('')")
    assert not _writes_pages('"""``/api/v1/services/<country>/``"""')


MAY_SKIP = {
    "tests/needs.py": "what the machine lacks; on CI it fails",
    "tests/architecture/test_needs.py": "tests that it does",
    "tests/operations/cli/test_serve.py": "a container may have no ::1, and none can be installed",
    "tests/contributions/delivery/test_delivery.py": "the readings of Warsaw lie beside the checkout, not in it",
    "tests/answers/test_service_snippets.py": "R runs its code where it is; CI installs no half gigabyte",
}


def test_nothing_is_skipped_in_silence() -> None:
    """What a test needs of the machine goes through tests/needs.py, so that CI fails where it is missing."""
    skipping = {
        name
        for name in _tracked()
        if name.startswith("tests/")
        and name.endswith(".py")
        and any(
            isinstance(node, ast.Attribute) and node.attr in ("skip", "skipif", "importorskip")
            for node in ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8")))
        )
    }
    assert skipping == MAY_SKIP.keys()


def test_nothing_given_to_a_template_has_the_name_of_a_macro_that_it_imports() -> None:
    """The macro would stand in its place, and is always true: who asks for the value is never told no."""
    desks = ROOT / "dashboard/interfaces/desk"
    imported = {
        path.name: {
            name.strip().split(" as ")[-1]
            for names in re.findall(r"{% from \"[^\"]+\" import (.*?)(?: with context)? %}", path.read_text("utf-8"))
            for name in names.split(",")
        }
        for path in desks.rglob("*.html")
    }
    given = [
        (template.value, keyword.arg)
        for path in desks.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        for template in call.args
        if isinstance(template, ast.Constant) and str(template.value).endswith(".html")
        for keyword in call.keywords
    ]
    assert len(given) > 100
    assert [one for one in given if one[1] in imported.get(str(one[0]), ())] == []


NAMED = re.compile(r"(?<![\w./-])dashboard(?:[.:][A-Za-z_]\w*)+")


def test_what_strings_name_is_there() -> None:
    """Sandboxes, commands and documentation name modules and what stands in them: it moves with these names."""
    modules, missing, found = _modules(), [], 0
    for path in modules.values():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for name in NAMED.findall(node.value) if isinstance(getattr(node, "value", None), str) else ():
                owner = name = name.replace(":", ".")
                while owner not in modules:
                    owner = owner.rpartition(".")[0]
                part, found = name[len(owner) + 1 :].partition(".")[0], found + 1
                if part and not re.search(rf"\b{part}\b", modules[owner].read_text(encoding="utf-8")):
                    missing.append(f"{path.relative_to(ROOT)}: {name}")
    assert found > 30
    assert missing == []
