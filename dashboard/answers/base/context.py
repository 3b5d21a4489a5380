"""What every question is asked of: the codebook, one published dataset, a language and a date."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property

from dashboard.answers.base.cache import forget_older
from dashboard.answers.base.errors import Gone, Invalid, NoSuchDay, NotReady, quote_given
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import Codebook
from dashboard.evidence.dataset.store import AsOfTooEarly, Damaged, Dataset, NotPublished
from dashboard.locales import LANGUAGES
from dashboard.settings import settings


@dataclass(frozen=True, eq=False)
class Context:
    """Codebook + dataset + language + as-of date. Two contexts with the same ``key`` give the same answers."""

    book: Codebook
    dataset: Dataset  # as it stood on ``as_of``
    lang: str = "en"
    as_of: date | None = None  # the day asked for; None: the newest vintage
    pinned: str = ""  # the dataset version asked for, whose figures these are; "": none was

    @cached_property
    def key(self) -> tuple[str, int, str, str, str, str]:
        """Return all that an answer depends on besides its arguments."""
        return (self.dataset.version, self.dataset.vintage, self.book.version, self.lang, self.day, self.pinned)

    @property
    def day(self) -> str:
        """Return the day asked for as addresses write it; "" for the newest vintage."""
        return self.as_of.isoformat() if self.as_of else ""

    @property
    def today(self) -> date:
        """Return the day that ages are counted to: the one asked for or the newest vintage's."""
        return self.as_of or self.dataset.created_at.date()

    @cached_property
    def timeless(self) -> "Context":
        """Return the same context without language and day, for what depends on neither."""
        return replace(self, lang="en", as_of=None, pinned="")

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Context) and self.key == other.key


def open_context(lang: str = "en", as_of: str | date | None = None, version: str = "") -> Context:
    """Open the context of a question; the dataset is opened again after each publication.

    Args:
        lang: a language code of ``dashboard.locales``.
        as_of: ISO date; the dataset as it stood at the end of that day (UTC). None: the newest.
        version: name of a dataset version, whose figures are asked for. "": the newest.

    Raises:
        Invalid: an unknown language, or an as-of date that cannot be read, lies ahead, or before the first vintage;
            both a day and a version.
        Gone: the vintage of the version is not kept.
        NotReady: nothing has been published yet.
    """
    if lang not in LANGUAGES:
        raise Invalid("lang", f"There is no language {quote_given(lang)}: there are {', '.join(LANGUAGES)}.")
    try:
        dataset = Dataset.current(settings().dataset_dir)
    except Damaged:
        raise
    except NotPublished as error:
        raise NotReady(
            "No dataset has been published yet; it is being loaded, or nobody has run a gathering."
        ) from error
    forget_older(dataset.version)
    day = _read_day(as_of)
    if version and day is not None:
        raise Invalid("dataset", "A version of the dataset has its day: give either dataset or as_of.")
    if version:
        return Context(load_codebook(), _find_version(dataset, version), lang, pinned=version)
    if day is None:
        return Context(load_codebook(), dataset, lang)
    if day > max(datetime.now(UTC).date(), dataset.created_at.date()):
        raise NoSuchDay(day.isoformat())
    try:
        return Context(load_codebook(), dataset.as_of(day), lang, day)
    except AsOfTooEarly as error:
        raise NoSuchDay(day.isoformat(), first=error.since.date().isoformat()) from error


def _find_version(dataset: Dataset, version: str) -> Dataset:
    """Return the figures of a version: those of its vintage, which later versions hold unchanged."""
    if version == dataset.version:
        return dataset
    number, _, rest = version.partition("-")
    for vintage in dataset.vintages():
        if (str(vintage["number"]), vintage["created_at"].date().isoformat()) == (number, rest[:10]):
            return dataset.as_of(int(number))
    day = f"{dataset.created_at:%Y-%m-%d}"
    raise Gone(f"The dataset version {version} is not kept here. The newest is {dataset.version}, of {day}.")


def _read_day(day: str | date | None) -> date | None:
    if not day:
        return None
    if isinstance(day, date):
        return day
    try:
        return date.fromisoformat(day)
    except ValueError as error:
        raise Invalid("as_of", f"{quote_given(day)} is not a date such as 2024-11-02.") from error
