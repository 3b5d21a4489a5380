"""What the answers of all subjects share: options to choose from, and pages of rows."""

from typing import NamedTuple, TypedDict


class Choice(TypedDict):
    """One option of a select box, a tab or a filter."""

    id: str
    label: str
    note: str
    chosen: bool


def make_choice(id_: str, label: str, chosen: str = "", note: str = "") -> Choice:
    """Return an option, marked where its id is the chosen one."""
    return Choice(id=id_, label=label, note=note, chosen=id_ == chosen)


class PageCut(NamedTuple):
    """Where a page of rows begins and ends, its number, and how many pages there are."""

    rows: slice
    number: int
    pages: int


def cut_page(total: int, page: int, size: int) -> PageCut:
    """Return the place of a page, from 1, among ``total`` rows; a page beyond the last is the last."""
    pages = max(1, -(-total // size))
    number = min(max(page, 1), pages)
    return PageCut(slice((number - 1) * size, number * size), number, pages)
