"""What the answers of ``answers.base`` hold: plain, JSON-safe values, every text in the reader's language."""

from typing import TypedDict


class Choice(TypedDict):
    """One option of a select box, a tab or a filter."""

    id: str
    label: str
    note: str
    chosen: bool
