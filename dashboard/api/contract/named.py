"""Names that version 1 of the API gave to parts of answers which are otherwise those of a page."""

from typing import Any

V1 = {"dataset_status": "stand", "assessed": "judged"}
"""Our name → the name in files and programs, which stays."""


def as_v1(answer: Any) -> Any:
    """The answer with the names of version 1, in the same order."""
    if isinstance(answer, dict):
        return {V1.get(name, name): as_v1(value) for name, value in answer.items()}
    return [as_v1(value) for value in answer] if isinstance(answer, list) else answer
