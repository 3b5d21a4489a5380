"""What tests ask of the product: its public names, and a result that can be told. The lists only grow shorter."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parents[1]

PRIVATE: dict[str, int] = {
    "accounts/test_access.py": 1,
    "accounts/test_login.py": 4,
    "accounts/test_sessions.py": 1,
    "interfaces/api/test_api_faults.py": 1,
    "interfaces/api/test_api_unavailable.py": 3,
    "architecture/test_needs.py": 1,
    "analysis/charts/test_compiled.py": 1,
    "analysis/charts/test_render.py": 1,
    "operations/cli/test_frontend.py": 2,
    "operations/cli/test_serve.py": 1,
    "data_sources/test_proxy.py": 1,
    "evidence/database/test_vintages.py": 1,
    "evidence/dataset/test_agreement.py": 2,
    "evidence/dataset/test_identity.py": 1,
    "evidence/gathering/test_disk_full.py": 1,
    "evidence/gathering/test_words.py": 1,
    "locales/test_catalogue_files.py": 2,
    "operations/test_backup.py": 10,
    "operations/test_condition.py": 1,
    "operations/test_logs.py": 1,
    "operations/test_supervision.py": 1,
    "interfaces/pages/test_first_answer.py": 1,
    "interfaces/pages/test_pages.py": 1,
    "interfaces/protection/test_around.py": 4,
    "interfaces/protection/test_messages.py": 5,
    "interfaces/protection/test_shared.py": 1,
    "answers/test_service_availability.py": 1,
    "answers/test_service_counting.py": 1,
    "answers/test_effect_panel.py": 1,
    "answers/test_service_freshness.py": 1,
    "answers/test_service_report_parts.py": 1,
    "answers/test_service_reports.py": 1,
    "answers/test_service_verdicts.py": 2,
    "interfaces/states/test_edges.py": 1,
    "interfaces/states/test_handlers.py": 3,
    "interfaces/states/test_register_state.py": 1,
    "contributions/submissions/test_files.py": 1,
    "contributions/submissions/test_places.py": 1,
    "operations/training/test_apart.py": 1,
    "contributions/voice/test_form.py": 4,
    "contributions/voice/test_officers.py": 3,
    "contributions/voice/test_taking.py": 1,
}
"""Test files that touch names which begin with ``_``, and how many times: found when this was written, to be mended."""

BARE: dict[str, int] = {
    "accounts/test_pages.py": 1,
    "operations/cli/test_frontend.py": 1,
    "e2e/test_effects_page.py": 2,
    "e2e/test_firefox.py": 1,
    "e2e/test_indicator.py": 1,
    "e2e/test_keyboard.py": 2,
    "locales/test_locale_figures.py": 1,
    "locales/test_locales_command.py": 1,
    "answers/test_service_register.py": 1,
}
"""Test files with tests that only ask whether something is there, and how many."""

TOLD = {
    "all", "all_of", "any", "isinstance", "issubclass", "hasattr", "startswith", "endswith", "fullmatch", "match",
    "search", "equals", "exists", "is_file", "is_dir", "is_symlink", "issubset", "issuperset", "isdisjoint", "is_empty",
    "is_running", "is_alive", "is_set", "isdigit", "samefile", "holds_all",
}  # fmt: skip
"""Questions whose answer is yes or no."""


def test_no_further_test_touches_a_private_name() -> None:
    assert _more({name: len(list(_private(tree))) for name, tree in _trees()}, PRIVATE) == {}


def test_no_further_test_asks_only_whether_something_is_there() -> None:
    assert _more({name: len(list(_bare(tree))) for name, tree in _trees()}, BARE) == {}


def test_what_these_find() -> None:
    tree = ast.parse(
        "from dashboard.x import _y\n"
        "def test_a(): assert made._z\n"
        "def test_b(monkeypatch):\n    monkeypatch.setattr(made, '_w', 1)\n    assert len(made) == 2\n"
        "def test_c(): assert made.__doc__ or self._own\n"
        "def test_d(): assert find(made)\n"
        "def test_e():\n    assert find(made)\n    assert found == 3\n"
        "def test_f():\n    with pytest.raises(ValueError):\n        find()\n    assert made\n"
        "def test_g(): assert made is not None\n"
        "def test_h(): assert not made and made.startswith('x')\n"
    )
    assert sorted(_private(tree)) == ["_w", "_y", "_z"]
    assert list(_bare(tree)) == ["test_a", "test_d", "test_g"]


def _trees() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(TESTS.rglob("test_*.py")):
        yield str(path.relative_to(TESTS)), ast.parse(path.read_text(encoding="utf-8"))


def test_all_of_nothing_passes_only_where_nothing_may_be_there() -> None:
    """`all(…)` is true of an empty list, `tests.checks.all_of` is not; the rest walk lists that may be empty."""
    bare = Counter(name for name, tree in _trees() for node in ast.walk(tree) if _asserts_all(node))
    assert bare.total() <= 41, bare


def test_either_of_two_results_is_right_only_where_the_first_part_is_a_condition() -> None:
    """``not a or b`` says that b follows from a; any other ``or`` lets a wrong result pass."""
    either = Counter(name for name, tree in _trees() for node in ast.walk(tree) if _asserts_either(node))
    assert either.total() <= 17, either


def _asserts_either(node: ast.AST) -> bool:
    claim = node.test if isinstance(node, ast.Assert) else None
    if not isinstance(claim, ast.BoolOp) or isinstance(claim.op, ast.And):
        return False
    first = claim.values[0]
    if isinstance(first, ast.Compare):
        return not isinstance(first.ops[0], ast.Is | ast.Eq | ast.NotEq)
    return not isinstance(first, ast.UnaryOp)


def _asserts_all(node: ast.AST) -> bool:
    call = node.test if isinstance(node, ast.Assert) else None
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "all"


def _more(found: dict[str, int], known: dict[str, int]) -> dict[str, int]:
    """Files with more than they are known to have."""
    return dict(Counter({name: count for name, count in found.items() if count > known.get(name, 0)}))


def _private(tree: ast.Module) -> Iterator[str]:
    """Private names, of the product or of others, that are read, imported or replaced."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and _hidden(node.attr):
            if not (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")):
                yield node.attr
        elif isinstance(node, ast.ImportFrom):
            yield from (one.name for one in node.names if _hidden(one.name))
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "setattr":
            names = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            yield from (name.rpartition(".")[2] for name in names if _hidden(name.rpartition(".")[2]))


def _hidden(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def _bare(tree: ast.Module) -> Iterator[str]:
    """Tests all of whose claims are that something is not empty."""
    for test in ast.walk(tree):
        if isinstance(test, ast.FunctionDef | ast.AsyncFunctionDef) and test.name.startswith("test_"):
            claims = [node.test for node in ast.walk(test) if isinstance(node, ast.Assert)]
            calls = [ast.unparse(node.func) for node in ast.walk(test) if isinstance(node, ast.Call)]
            refuses = any(call.endswith((".raises", ".fail", ".warns")) for call in calls)
            if claims and not refuses and all(map(_is_there, claims)):
                yield test.name


def _is_there(claim: ast.expr) -> bool:
    if isinstance(claim, ast.Call):
        return ast.unparse(claim.func).rpartition(".")[2] not in TOLD
    if isinstance(claim, ast.Compare):
        return isinstance(claim.ops[0], ast.IsNot) and ast.unparse(claim.comparators[0]) == "None"
    return isinstance(claim, ast.Name | ast.Attribute | ast.Subscript)
