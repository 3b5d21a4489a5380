"""No committed vector lies about unused."""

import json
import re
import subprocess
import sys

from tests.reference import HERE, copies


def test_every_vector_of_the_copies_is_run_by_a_test():
    ids = [vector["id"] for path in copies() for vector in json.loads(path.read_text(encoding="utf-8"))]
    assert len(ids) == len(set(ids)) > 100
    rooms = sorted({str(path.parent) for path in copies()})
    listed = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *rooms],
        cwd=HERE.parent, capture_output=True, text=True, timeout=200, check=True,
    ).stdout  # fmt: skip
    run = set(re.findall(r"\[([^\]\s]+)\]", listed))
    assert [vector for vector in ids if vector not in run] == []
