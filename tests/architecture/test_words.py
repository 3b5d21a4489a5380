"""Names are words: a function begins with a verb that says what it does."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]

LEAST = 0.79
"""Share of public functions that begin with a verb today: it may only become larger.

Measured elsewhere in the same way: datasette 0.40, httpx 0.47, wagtail 0.60.
"""

_WRITTEN = """
accept acquire add admit adopt aggregate align allow analyse announce answer append apply approve arrange ask assert
assess assign attach audit authorise await begin believe bind block bound bring build cache calculate call can cancel
canonicalise capitalise capture carry cast change check choose cite classify clean clear clip close collect combine
compare compile complete compose compute confirm connect contain convert copy correct count cover create cut decide
declare decode decompose decrypt define delete demand derive describe destroy detect discard dismiss display divide do
download draft draw drop email embed emit encode encrypt end enforce ensure enter escape estimate examine exclude
execute expand expect expire explain export extend extract fail fetch fill filter find finish fit fix flag flush fold
follow foresee forget form format freeze gather generate get give go grade group guard guess handle harmonise has hash
hide highlight hold identify import include insert inspect install interpolate introduce invite invoke is isolate
issue iterate join judge jump keep know label last lay lead leave lift limit link list listen load locate lock log
look lose make map mark mask match may measure merge migrate mount move multiply name need nest normalise notice
observe offer omit open order pack pad parse pass paste pause permit pick pin place plan plot pool prepare present
print probe project propose prove provide prune publish pull push put query queue quote raise randomise rank read
rebuild receive recode recognise reconcile record redact redirect reduce refer refuse register reject relate release
reload remember remove rename render renew reopen repair repeat replace reply report request require reset reshape
resolve respond restore retrain retry return revoke rewrite roll rollback rotate round run sample save say scaffold
scale scan score seal search select send separate serve set settle shade shift shorten should show skim skip sort
spell split spread stamp start stop store strip submit suggest sum summarise supersede suppress sweep switch sync take
tell test tidy title toggle touch trace track train transform translate travel treat trim try turn unlock unseal untie
update upgrade upload use validate verify view visit wait walk warm watch weigh widen will withdraw withhold work wrap
write
"""

VERBS = frozenset(_WRITTEN.split())
"""Plain English verbs in the imperative, and the five that ask. Words that are more often a noun here (*number*,
*index*, *state*, *note*) are not among them."""


def _public(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Class ("" for none) and name of what others call by name: no properties, and no names that begin with ``_``."""
    for node in tree.body:
        owner, members = (node.name, node.body) if isinstance(node, ast.ClassDef) else ("", [node])
        for member in members:
            if not isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef) or member.name.startswith("_"):
                continue
            if not any("property" in ast.unparse(decorator) for decorator in member.decorator_list):
                yield owner, member.name


def begins_with_a_verb(name: str) -> bool:
    return name.partition("_")[0] in VERBS


def functions() -> list[tuple[str, str]]:
    """Module and name of every public function and method of the product; routes, commands and events count too."""
    found = []
    for room in ("dashboard", "data_sources"):
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                tree = ast.parse(path.read_text(encoding="utf-8"))
                found += [(module, f"{owner}.{name}" if owner else name) for owner, name in _public(tree)]
    return found


def test_functions_begin_with_a_verb() -> None:
    names = functions()
    assert len(names) > 2_000
    without = [f"{module}.{name}" for module, name in names if not begins_with_a_verb(name.rpartition(".")[2])]
    share = 1 - len(without) / len(names)
    assert share >= LEAST, "\n".join(without)
    assert share < LEAST + 0.05, f"{share:.3f} begin with a verb: raise LEAST"


def test_what_counts_as_a_verb() -> None:
    names = {"read_plan": True, "is_open": True, "withhold_cells": True, "one": False, "reader": False}
    assert {name: begins_with_a_verb(name) for name in names} == names
    tree = ast.parse(
        "def read(): ...\n\ndef _hidden(): ...\n\n"
        "class Kind:\n    def keep(self): ...\n\n    def __len__(self): ...\n\n"
        "    @property\n    def name(self): ...\n\n    @cached_property\n    def size(self): ...\n"
    )
    assert list(_public(tree)) == [("", "read"), ("Kind", "keep")]
