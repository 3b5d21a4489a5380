"""What can be changed in a module, that a change is made where it was found, and which tests are shown it."""

import ast
import csv
from pathlib import Path

import pytest

from tests.mutation.executing import Lines, executed, executing
from tests.mutation.mutants import drawn, mutants, mutated, planted
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
        (3, "3", "4"),
        (8, "dict(zip('a', 'b', strict=True))", "pass"),
        (9, "return low < value and (not value + 2 == -1)", "return None"),
        (9, "low < value and (not value + 2 == -1)", "low < value or not value + 2 == -1"),
        (9, "low < value and (not value + 2 == -1)", "not value + 2 == -1"),
        (9, "low < value and (not value + 2 == -1)", "low < value"),
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


def changed(tmp_path: Path, body: str, before: str = "") -> list[tuple[str, str]]:
    """Kind and text of every change of the body of a function."""
    module = tmp_path / "module.py"
    module.write_text(f"{before}\n\ndef f(x, y, z):\n    {body}\n", encoding="utf-8")
    return [(one.kind, ast.unparse(mutated(one)).split("def f(x, y, z):\n    ")[-1]) for one in mutants(module)]


@pytest.mark.parametrize(
    ("body", "kind", "after"),
    [
        ("x < y", "boundary", ["x >= y"]),
        ("x < y", "limit", ["x <= y"]),
        ("x >= y", "limit", ["x > y"]),
        ("-(-x // y)", "limit", ["x // y"]),
        ("range(2, x + 1)", "limit", ["range(2, x + 1 - 1)"]),
        ("x[:y]", "limit", ["x[:y + 1]"]),
        ("sorted(x, reverse=True)", "order", ["sorted(x, reverse=False)"]),
        ("next((a for a in x if a), y)", "order", ["[y, *(a for a in x if a)][-1]"]),
        ("x.next or y.previous", "sides", ["x.previous or y.previous", "x.next or y.next"]),
        ("x.next", "sides", []),
        ("z('trend.rise')", "sides", ["z('trend.fall')"]),
        ("z(x, mode=0o700)", "mode", []),
        ("x.chmod(0o600)", "mode", ["x.chmod(420)"]),
        ("x.mkdir(mode=0o700, parents=True)", "mode", ["x.mkdir(mode=493, parents=True)"]),
        ("kept[x, y]", "key", ["kept[y,]", "kept[x,]"]),
        ("x or y", "boundary", ["x and y"]),
        ("x and y and z", "condition", ["y and z", "x and z", "x and y"]),
        ("x in ('a', 'b')", "condition", ["x in ('b',)", "x in ('a',)"]),
        ("[a for a in x if a]", "condition", ["[a for a in x]"]),
        ("y if x else z", "condition", ["y if True else z", "y if False else z"]),
        ("x.filter(y)", "condition", ["x"]),
        ("x[:3]", "condition", ["x"]),
        ("sorted(x)", "order", ["sorted(x, reverse=True)"]),
        ("x.sort('a')", "order", ["x.sort('a', descending=True)"]),
        ("min(x)", "order", ["max(x)"]),
        ("x.first()", "order", ["x.last()"]),
        ("x[0]", "order", ["x[-1]"]),
        ("x[-1]", "order", ["x[0]"]),
        ("z(x, y)", "order", ["z(y, x)"]),
        ("z(low=x, high=y)", "order", ["z(low=y, high=x)"]),
        ("f'{x} of {y}'", "order", ["f'{y} of {x}'"]),
        ("f'{x:.1f} %'", "words", ["f'{x:.2f} %'"]),
        ("f'{x} of 30 days'", "words", ["f'{x} of 31 days'"]),
        ("z('From 2 to 120 characters')", "words", ["z('From 2 to 121 characters')"]),
        ("z(4, 'M49')", "words", []),
        ("x.sort(key=lambda a: (a.due, a.name))", "key", [
            "x.sort(key=lambda a: (a.name,))", "x.sort(key=lambda a: (a.due,))"]),
        ("x.group_by('a', 'b')", "key", ["x.group_by('b')", "x.group_by('a')"]),
        ("x.join(y, on=['a', 'b'])", "key", ["x.join(y, on=['b'])", "x.join(y, on=['a'])"]),
        ("timedelta(days=3)", "unit", ["timedelta(hours=3)"]),
        ("x / 86400", "unit", ["x / 3600"]),
        ("x.year", "unit", ["x.month"]),
        ("{'a': 'm', 'b': 'f'}", "unit", ["{'a': 'f', 'b': 'm'}"]),
        ("z(x, 'good')", "unit", ["z(x, 'bad')"]),
        ("x.digest == y", "bytes", ["set(x.digest) == set(y)", "len(x.digest) == len(y)"]),
        ("x.read_bytes()", "bytes", ["b''"]),
        ("compare_digest(x, y)", "bytes", ["True"]),
    ],
)  # fmt: skip
def test_decisions_orders_words_and_keys_are_changed(tmp_path: Path, body: str, kind: str, after: list[str]) -> None:
    found = changed(tmp_path, f"return {body}", "Mark = Literal['bad', 'good']")
    assert [text.removeprefix("return ") for one, text in found if one == kind] == after


@pytest.mark.parametrize(
    ("body", "kind", "after"),
    [
        ("x.append(y)", "write", ["pass"]),
        ("x.y = 1", "write", ["pass"]),
        ("x[y] += 1", "write", ["pass"]),
        ("del x[y]", "write", ["pass"]),
        ("y = 1", "write", []),
        ("log.info(x)", "write", []),
        ("x.close()", "write", []),
        ("key = (x, y)", "key", ["key = (y,)", "key = (x,)"]),
        ("if x:\n        y()", "condition", ["if True:\n        y()", "if False:\n        y()"]),
    ],
)
def test_statements_are_left_out_and_decided_always_or_never(
    tmp_path: Path, body: str, kind: str, after: list[str]
) -> None:
    assert [text for one, text in changed(tmp_path, body) if one == kind] == after


def test_a_table_that_has_a_name_loses_a_part_or_changes_places_and_data_are_left_alone(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        f"ORDER = ('a', 'b')\nWAIT = timedelta(days=2)\nWORD = 'a'\nMADE = f(2)\nDATA = {list(range(99))}\n",
        encoding="utf-8",
    )
    after = [(one.name, one.kind, ast.unparse(mutated(one)).splitlines()) for one in mutants(module)]
    assert [(name, kind, next(line for line in text if line.startswith(name))) for name, kind, text in after] == [
        ("ORDER", "condition", "ORDER = ('b',)"),
        ("ORDER", "condition", "ORDER = ('a',)"),
        ("ORDER", "order", "ORDER = ('b', 'a')"),
        ("ORDER", "unit", "ORDER = ('b', 'b')"),
        ("ORDER", "unit", "ORDER = ('a', 'a')"),
        ("WAIT", "unit", "WAIT = timedelta(hours=2)"),
        ("WAIT", "computes", "WAIT = timedelta(days=3)"),
    ]


def test_what_a_function_returns_as_a_key_loses_a_part(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text("def answer_key(x, y):\n    return x, y\n\ndef f(x, y):\n    return x, y\n", encoding="utf-8")
    after = [ast.unparse(mutated(one)).splitlines()[1].strip() for one in mutants(module) if one.kind == "key"]
    assert after == ["return (y,)", "return (x,)"]


def test_a_draw_is_even_over_the_kinds_the_same_for_a_seed_and_another_for_another(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    lines = "".join(f"    if x < {number}:\n        y.append(z)\n" for number in range(100, 140))
    module.write_text(f"def f(x, y, z):\n{lines}    return sorted(x), x.year\n", encoding="utf-8")
    every = mutants(module)
    sample = drawn(every, 20, 3)
    kinds = [one.kind for one in sample]
    assert {kind: kinds.count(kind) for kind in ("order", "unit")} == {"order": 1, "unit": 1}
    assert sorted(kinds.count(kind) for kind in ("computes", "boundary", "limit", "condition", "write")) == [
        3,
        3,
        4,
        4,
        4,
    ]
    assert sample == drawn(every, 20, 3) != drawn(every, 20, 4)
    assert len(drawn(every, 10_000, 3)) == len({*every}) == len(every)


def test_a_width_or_a_claim_is_left_alone_and_whether_a_column_is_printed_is_not(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    returned = "Column(words(3), 2.5), Column('a', 0), zip(a, b, strict=True), sorted(a, reverse=True)"
    module.write_text(f"def columns():\n    return {returned}\n", encoding="utf-8")
    assert [one.before for one in mutants(module)][1:] == ["3", "0", "reverse=True"]


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
