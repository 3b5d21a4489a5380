"""No committed vector lies about unused."""

import json
import re
import subprocess
import sys

import pytest

from tests.reference import HERE, agree, copies


@pytest.mark.long
def test_every_vector_of_the_copies_is_run_by_a_test():
    ids = [vector["id"] for path in copies() for vector in json.loads(path.read_text(encoding="utf-8"))]
    assert len(ids) == len(set(ids)) > 100
    texts = {path: path.read_text(encoding="utf-8") for path in HERE.glob("**/test_*.py")}
    modules = [str(path) for path, text in texts.items() if "@reproduces(" in text or "vectors_" in text]
    listed = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-p", "no:cacheprovider", *modules],
        cwd=HERE.parent, capture_output=True, text=True, timeout=200, check=True,
    ).stdout  # fmt: skip
    run = set(re.findall(r"\[([^\]\s]+)\]", listed))
    assert [one for one in ids if one not in run and not any(f'"{one}"' in text for text in texts.values())] == []


VECTOR = {"id": "x", "tolerance": 0.01, "expected": {"share": 0.5, "band": "B", "limits": [1, 2], "pooled_wrong": 0.7}}
GIVEN = {"share": 0.505, "band": "B", "limits": (1.0, 2.0)}


def test_what_agrees_passes():
    agree(VECTOR, GIVEN)


@pytest.mark.parametrize(
    "given",
    [
        {"share": 0.52}, {"band": "A"}, {"band": None}, {"limits": [1, 2.1]}, {"limits": [1]}, {"share": None},
        {"extra": 0.7}, {"extra": {"deep": [0.7]}},
    ],
)  # fmt: skip
def test_what_differs_or_gives_a_mistakes_value_fails(given):
    with pytest.raises((AssertionError, TypeError)):
        agree(VECTOR, GIVEN | given)


def test_a_value_nobody_gives_fails():
    with pytest.raises(AssertionError, match="nothing gives band"):
        agree(VECTOR, {"share": 0.5, "limits": [1, 2]})
