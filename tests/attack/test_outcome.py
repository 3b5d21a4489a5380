"""What an attack by schemathesis is read as: server errors are what it found, an exit code alone is none."""

import pytest

from tests.attack.requests import read_outcome


@pytest.mark.parametrize(
    ("said", "code", "outcome"),
    [
        ("Test cases:\n  1,204 generated, 1,204 passed", 0, (1204, 0, False)),
        ("Test cases:\n  1,204 generated, 2 found 2 unique failures", 1, (1204, 2, False)),
        ("Test cases:\n  300 generated, 300 passed\nErrors:\n  Network Error: 1", 1, (300, 0, True)),
        ("Usage: cannot load the schema", 2, (0, 0, True)),
        ("", 0, (0, 0, True)),
    ],
)
def test_an_exit_code_is_no_server_error(said: str, code: int, outcome: tuple[int, int, bool]) -> None:
    assert read_outcome(said, code) == outcome
