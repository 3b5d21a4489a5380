"""No committed vector lies about unused."""

import json
import re
import subprocess
import sys

from tests.reference import HERE, copies


def test_every_vector_of_the_copies_is_run_by_a_test():
    ids = [vector["id"] for path in copies() for vector in json.loads(path.read_text(encoding="utf-8"))]
    assert len(ids) == len(set(ids)) > 100
    texts = {path: path.read_text(encoding="utf-8") for path in HERE.glob("*/test_*.py")}
    modules = [str(path) for path, text in texts.items() if "@reproduces(" in text or "vectors_" in text]
    listed = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-p", "no:cacheprovider", *modules],
        cwd=HERE.parent, capture_output=True, text=True, timeout=200, check=True,
    ).stdout  # fmt: skip
    run = set(re.findall(r"\[([^\]\s]+)\]", listed))
    assert [one for one in ids if one not in run and not any(f'"{one}"' in text for text in texts.values())] == []
