"""The tree tells the truth: names are the field's own, State is not a back door."""

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODULES = sorted(
    path
    for room in ("dashboard", "data_sources")
    for path in (ROOT / room).rglob("*.py")
    if "migrations/versions" not in path.as_posix()
)


def test_no_module_is_called_by_a_name_that_says_nothing() -> None:
    vague = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
    assert [p for p in MODULES if p.stem in vague] == []


def test_public_names_have_docstrings() -> None:
    bare = []
    for path in MODULES:
        tree, name = ast.parse(path.read_text(encoding="utf-8")), path.relative_to(ROOT).as_posix()
        if tree.body and not ast.get_docstring(tree):
            bare.append(f"{name}: the module")
        bare += [
            f"{name}: {node.name}"
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
        ]
    assert bare == []


def test_every_public_state_method_is_a_declared_event() -> None:
    """Reflex lets any client call any public method of a State: only declared events may be public."""
    open_doors = []
    for path in (ROOT / "dashboard" / "interfaces" / "pages").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ClassDef) or not {ast.unparse(base) for base in node.bases} & {
                "Shell",
                "rx.State",
            }:
                continue
            for method in node.body:
                if not isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef) or method.name.startswith("_"):
                    continue
                decorators = {ast.unparse(d).split("(")[0] for d in method.decorator_list}
                if not decorators & {"rx.event", "rx.var"}:
                    open_doors.append(f"{path.parent.name}: {node.name}.{method.name}")
    assert open_doors == []


def test_modules_are_short() -> None:
    long = {p.relative_to(ROOT).as_posix(): n for p in MODULES if (n := len(p.read_text().splitlines())) > 500}
    assert long == {}


ASKING_SQL = {"dashboard/evidence/database", "dashboard/evidence/dataset"}
"""Rooms that ask in SQL anywhere; the others do in a module ``store``."""


def test_sql_is_asked_by_stores_alone() -> None:
    """What ``lint-imports`` cannot see: a connection that was handed on, and asked in SQL without an import."""
    asked = [
        f"{path.relative_to(ROOT).as_posix()}:{node.lineno}"
        for path in MODULES
        if path.stem != "store" and path.parent.relative_to(ROOT).as_posix() not in ASKING_SQL
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (node.func.attr in ("exec_driver_sql", "scalars") or (node.func.attr == "execute" and node.args))
    ]
    assert asked == []


def test_no_polars_work_at_import() -> None:
    """A query at import time hangs forked workers and slows every start."""
    code = (
        "import sys, polars as pl\n"
        "calls = []\n"
        "for name in ('collect', 'collect_async'):\n"
        "    setattr(pl.LazyFrame, name, lambda self, *a, **k: calls.append(1) or sys.exit('query at import'))\n"
        "pl.read_parquet = pl.read_csv = lambda *a, **k: sys.exit('read at import')\n"
        "import dashboard.app\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


def test_statistics_are_loaded_only_where_a_method_asks_for_them() -> None:
    """SciPy and svy take a second to load, which no start and no page may pay."""
    code = (
        "import importlib, pkgutil, sys\n"
        "import dashboard.analysis.measures\n"
        "for it in pkgutil.walk_packages(dashboard.analysis.measures.__path__, 'dashboard.analysis.measures.'):\n"
        "    importlib.import_module(it.name)\n"
        "print(sorted({'scipy', 'svy', 'diff_diff', 'pysyncon'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_what_pages_ask_of_counts_loads_few_of_the_statistics() -> None:
    """``scipy.stats`` takes 60 MiB of the server for good and a second of whoever asks first."""
    code = (
        "import sys\n"
        "from dashboard.analysis.measures import intervals\n"
        "from dashboard.analysis.measures.counts import funnel, rates, surveillance\n"
        "from dashboard.analysis.measures.delivery import target99\n"
        "intervals.estimate_effective_n(0.9, 0.01, 500, 30, capped=True)\n"
        "rates.estimate_event_rate(3, 100), rates.bound_events(3, 100, 50)\n"
        "funnel.place_on_funnel([(9, 10), (80, 100)])\n"
        "target99.judge_count(99, 100), target99.find_critical_counts(100), target99.is_beyond_chance(2, 12)\n"
        "surveillance.compute_tail(0.5, surveillance.Scatter(0.1, 12))\n"
        "print('scipy.special' in sys.modules, 'scipy.stats' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("True False", "")


def test_files_are_linked_past_the_router() -> None:
    """A plain link is followed by the browser's router, which looks for a page at the address of a file."""
    plain = [
        f"{path.relative_to(ROOT).as_posix()}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and any(keyword.arg == "download" for keyword in node.keywords)
        and ast.unparse(node.func) == "rx.el.a"
    ]
    assert plain == []


def test_one_module_opens_the_file_of_the_record() -> None:
    """Any other descriptor on it takes a server's locks away when it is closed: its log is deleted under it then."""
    owner = "dashboard/evidence/database/file.py"
    found = []
    for path in MODULES:
        name, text = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        if name == owner or ("sqlite" not in text and "apsw" not in text):
            continue
        tree = ast.parse(text)
        found += [f"{name}: {words}" for words in _drivers(tree) + _openings(tree)]
    assert found == []


def _drivers(tree: ast.Module) -> list[str]:
    """Where SQLite is used past SQLAlchemy."""
    modules = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    modules += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return [f"imports {name}" for name in modules if name.partition(".")[0] in ("sqlite3", "_sqlite3", "apsw")]


OPENING = {"open", "read_bytes", "read_text", "write_bytes", "write_text", "touch", "copy", "copyfile", "copy2"}
MAKES_IT = {"touch"}
"""What ``migrate`` does to a file that is not there yet."""


def _openings(tree: ast.Module) -> list[str]:
    """Calls that open what a function took from ``sqlite_path``, by that name or the one it was given."""
    found = []
    for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]:
        names = {
            target.id
            for node in ast.walk(function)
            if isinstance(node, ast.Assign) and "sqlite_path" in ast.unparse(node.value)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for call in [node for node in ast.walk(function) if isinstance(node, ast.Call)]:
            verb = call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)
            given = [*call.args, *([call.func.value] if isinstance(call.func, ast.Attribute) else [])]
            of_it = any(
                (isinstance(node, ast.Name) and node.id in names)
                or (isinstance(node, ast.Attribute) and node.attr == "sqlite_path")
                for one in given
                for node in ast.walk(one)
            )
            if (
                verb in OPENING - MAKES_IT
                and of_it
                and not ast.unparse(call.func).startswith(("file.", "record_file."))
            ):
                found.append(f"{function.name} opens it with {verb}")
    return found
