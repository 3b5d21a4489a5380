"""What every question is asked of: the codebook, one published dataset, a language and a date."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from dashboard.codebook.model import Codebook

if TYPE_CHECKING:
    from dashboard.dataset.store import Dataset


@dataclass(frozen=True, eq=False)
class Context:
    """Codebook + dataset + language + as-of date. Two contexts with the same ``key`` give the same answers."""

    book: Codebook
    dataset: "Dataset"
    lang: str
    as_of: date | None

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Dataset version, codebook version, language, as-of date: all an answer depends on besides its arguments."""
        return (self.dataset.version, self.book.version, self.lang, self.as_of.isoformat() if self.as_of else "")

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Context) and self.key == other.key


def context(lang: str = "en", as_of: str | date | None = None) -> Context:
    """The context of a question. Opens the published dataset at first use and again after each publication.

    Args:
        lang: a language code of ``dashboard.locales``.
        as_of: ISO date; the dataset as it stood at the end of that day. None: the newest.

    Raises:
        Invalid: an unknown language, or an as-of date that cannot be read or lies before the first vintage.
        NotReady: nothing has been published yet.
    """
    raise NotImplementedError
