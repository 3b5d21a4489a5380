"""What can be changed in a module, that a change is made where it was found, and which tests are shown it."""

import ast
import csv
from pathlib import Path

import pytest

from tests.mutation.executing import Lines, executed, executing
from tests.mutation.mutants import mutants, mutated, planted
from tests.mutation.running import ROOT

MODULE = '''"""A module."""

MOST = 3


def inside(value: int = 1, low: float = 0.5) -> bool:
    """Whether it is."""
    dict(zip("a", "b", strict=True))
    return low < value and not value + 2 == -1
'''


@pytest.fixture
def module(tmp_path: Path) -> Path:
    path = tmp_path / "module.py"
    path.write_text(MODULE, encoding="utf-8")
    return path


def test_comparisons_arithmetic_numbers_and_returns_are_changed_and_defaults_are_not(module: Path) -> None:
    found = mutants(module)
    assert [(one.line, one.before, one.after) for one in found] == [
        (3, "MOST = 3", "MOST = 4"),
        (9, "return low < value and (not value + 2 == -1)", "return None"),
        (9, "low < value and (not value + 2 == -1)", "low < value or not value + 2 == -1"),
        (9, "low < value", "low <= value"),
        (9, "low < value", "low >= value"),
        (9, "not value + 2 == -1", "value + 2 == -1"),
        (9, "value + 2 == -1", "value + 2 != -1"),
        (9, "value + 2", "value - 2"),
        (9, "2", "3"),
        (9, "-1", "1"),
        (9, "1", "2"),
    ]
    assert [(one.function, one.within) for one in found[:2]] == [(None, "MOST"), (6, "inside")]
    assert found[0].value == 4


def test_a_width_or_a_claim_is_left_alone_and_whether_a_column_is_printed_is_not(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    returned = "Column(words(3), 2.5), Column('a', 0), zip(a, b, strict=True), sorted(a, reverse=True)"
    module.write_text(f"def columns():\n    return {returned}\n", encoding="utf-8")
    assert [one.before for one in mutants(module)][1:] == ["3", "0", "True"]


def test_each_change_is_the_only_one(module: Path) -> None:
    whole = ast.unparse(ast.parse(MODULE)).splitlines()
    for one in mutants(module):
        changed = ast.unparse(mutated(one)).splitlines()
        assert sum(before != after for before, after in zip(whole, changed, strict=True)) == 1, one


def test_a_change_by_hand_stands_once_in_a_function(module: Path) -> None:
    one = planted(module, "low < value", "value < low")
    assert (one.line, one.function) == (9, 6)
    assert "value < low" in ast.unparse(mutated(one))
    for absent in ("nothing of it", "MOST"):
        with pytest.raises(LookupError):
            planted(module, absent, "x")


def test_what_executes_the_statement_is_asked_first_what_does_little_else(module: Path) -> None:
    own = str(module)
    by = {
        Path("test_a.py"): {own: [8, 9], "other": list(range(30))},
        Path("test_b.py"): {own: [9]},
        Path("test_c.py"): {own: [8], "other": [1]},
    }
    returned = next(one for one in mutants(module) if one.line == 9)
    assert [path.stem for path in executing(returned, by)] == ["test_b", "test_a"]


def test_a_number_with_a_name_is_where_its_name_is_executed_otherwise_in_its_module(tmp_path: Path) -> None:
    one, other = tmp_path / "one.py", tmp_path / "other.py"
    one.write_text("MOST = 3\n\n\ndef here(value=MOST):\n    return value\n", encoding="utf-8")
    other.write_text("import one\n\n\ndef there():\n    return (\n        one.MOST\n    )\n", encoding="utf-8")
    (named,) = [it for it in mutants(one) if it.name]
    by = {Path("test_a.py"): {str(one): [5]}, Path("test_b.py"): {str(other): [5, 6]}}
    assert [path.stem for path in executing(named, by)] == ["test_b"]
    del by[Path("test_b.py")]
    assert [path.stem for path in executing(named, by)] == ["test_a"]


def test_a_statement_that_holds_others_is_its_head(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        "def f(x):\n    if (\n        x > 1\n    ):\n        return x + 2\n    return x - 1\n", encoding="utf-8"
    )
    ran: dict[Path, Lines] = {Path(f"test_{at}.py"): {str(module): [at]} for at in (2, 5, 6)}
    asked = {one.before: [path.stem for path in executing(one, ran)] for one in mutants(module)}
    assert {"x > 1": ["test_2"], "x + 2": ["test_5"], "x - 1": ["test_6"]}.items() <= asked.items()


def test_a_file_is_traced_again_when_it_or_what_it_executes_changed(tmp_path: Path) -> None:
    test, module, other = (tmp_path / f"{name}.py" for name in ("test_a", "module", "other"))
    for path in (test, module, other):
        path.write_text("1\n", encoding="utf-8")
    traced: list[Path] = []

    def trace(path: Path) -> Lines:
        traced.append(path)
        return {str(module): [len(traced)]}

    for changed in (None, None, test, other, module):
        if changed:
            changed.write_text("2\n", encoding="utf-8")
        found = executed(tmp_path, tmp_path / "kept", [test], trace)
    assert traced == [test] * 3
    assert found == {test: {str(module): [3]}}


def test_every_change_that_is_planted_can_be() -> None:
    with Path(__file__).with_name("planted.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    for row in rows:
        planted(ROOT / row["file"], row["before"], row["after"])
        assert (ROOT / row["tests"]).is_file(), row["tests"]
