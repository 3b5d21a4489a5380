"""What can be changed in a module, that a change is made where it was found, and which tests are shown it first."""

import ast
from pathlib import Path

import pytest

from tests.mutation.mutants import mutants, mutated, planted
from tests.mutation.nearest import Nearest

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


def test_a_test_that_names_the_address_is_nearer_than_one_that_says_the_word_often(tmp_path: Path) -> None:
    module = tmp_path / "dashboard" / "api" / "entry.py"
    module.parent.mkdir(parents=True)
    module.write_text('@router.get("/account/code/{at}")\ndef code_page():\n    return 1 + 2\n', encoding="utf-8")
    for name, says in (("a", "entry " * 40), ("b", "/account/code/7"), ("c", "")):
        path = tmp_path / "tests" / f"test_{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f'"""{says}"""\nfrom dashboard.api import entry\n', encoding="utf-8")
    apart = tmp_path / "tests" / "test_d.py"
    apart.write_text('"""/account/code/"""\n', encoding="utf-8")
    nearest = Nearest(tmp_path, sorted((tmp_path / "tests").glob("test_*.py")))
    for one in mutants(module):
        assert [path.stem for path in nearest.files(one)] == ["test_b", "test_a", "test_c"]
