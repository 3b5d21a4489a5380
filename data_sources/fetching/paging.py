"""Pages of one answer: which are still to be asked, and whether they speak of the same state."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from data_sources.contract import Reply, Request
from data_sources.errors import Changed

_MOST_PAGES = 1000


@dataclass(frozen=True, slots=True)
class ReplyPage:
    """What a page says of itself. ``state`` is everything that must be the same on all pages."""

    reply: Reply
    number: int
    pages: int
    state: tuple[str, ...]


def read_count(text: object, what: str, reply: Reply) -> int:
    """Return a count in a reply.

    Raises:
        Changed: ``unexpected_shape``, it is not a whole number.
    """
    if not isinstance(text, str) or not (text.isascii() and text.isdigit()):
        raise Changed("unexpected_shape", f"{what} is {text!r}, not a number", url=reply.url)
    return int(text)


def list_missing_pages(pages: Sequence[ReplyPage]) -> list[Request]:
    """Return requests for the pages not yet received.

    Args:
        pages: the pages of one request received so far, the first of them first.

    Raises:
        Changed: the pages speak of different states (``totals_changed``), a page is not the one asked for
            (``wrong_page``), or there are more than a thousand (``too_many_pages``).
    """
    first = pages[0]
    for page in pages[1:]:
        if page.state != first.state or page.pages != first.pages:
            raise Changed(
                "totals_changed",
                f"page 1 speaks of {' / '.join(first.state)} in {first.pages} pages, "
                f"page {page.number} of {' / '.join(page.state)} in {page.pages}",
                url=page.reply.url,
            )
        page_number = page.reply.request.params.get("page")
        if page_number != str(page.number):
            raise Changed("wrong_page", f"page {page_number} was asked, page {page.number} came", url=page.reply.url)
    if first.pages > _MOST_PAGES:
        raise Changed("too_many_pages", f"{first.pages} pages are more than {_MOST_PAGES}", url=first.reply.url)
    here = {page.number for page in pages} | {1}
    request = first.reply.request
    return [
        replace(request, params={**request.params, "page": str(number)})
        for number in range(2, first.pages + 1)
        if number not in here
    ]
