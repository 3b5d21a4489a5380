"""What rules look at, and how a finding names its cell."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from dashboard.contributions.submissions.model import MOST_PLACES, OF
from dashboard.contributions.submissions.reading.evidence import SurroundingText, UnreadColumn
from dashboard.contributions.submissions.rules.check import Checks, FindingPlace
from dashboard.evidence.codebook.model import Codebook, Metric


@dataclass(frozen=True)
class Ground:
    """A file's figures and all they are held against. Nothing here reads a clock or a database."""

    figures: pl.DataFrame  # reading.figures.FIGURES
    columns: Mapping[str, Mapping[str, str]]  # sheet → field → column letters
    book: Codebook
    country: str  # ISO3 of whoever sends
    period: str  # the year the file is due for
    today: date
    history: pl.DataFrame  # indicator, period, dimensions, value, unit, source: published, of the country
    method: Mapping[str, str] = field(default_factory=dict)
    methods: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # indicator → whole, where otherwise
    stamp: Mapping[str, str] = field(default_factory=dict)  # of the template; empty where the file is none of ours
    closed: frozenset[str] = frozenset()  # years that are published and closed
    evidence: tuple[SurroundingText, ...] = ()  # the texts around the tables
    unread: tuple[UnreadColumn, ...] = ()  # columns that are not read

    @property
    def read(self) -> pl.DataFrame:
        """Rows whose indicator, period and breakdown are known."""
        return self.figures.filter(
            pl.col("indicator").is_not_null(), pl.col("dimensions").is_not_null(), pl.col("period").is_not_null()
        ).with_columns(pl.col("period").replace("", self.period))

    def made(self) -> Iterator[tuple[Mapping[str, str], list[str], dict[str, str]]]:
        """Each account of how figures were made, the indicators with figures that it holds for, and of which it is.

        The last is for a finding: empty for the account of all.
        """
        sent = self.read.filter(pl.col("value").is_not_null())["indicator"].unique(maintain_order=True).to_list()
        if together := [one for one in sent if one not in self.methods]:
            yield self.method, together, {}
        for one in sent:
            if one in self.methods:
                yield self.methods[one], [one], {OF: one}

    def method_of(self, indicator: str) -> Mapping[str, str]:
        """How the figures of one indicator were made."""
        return self.methods.get(indicator, self.method)

    def metric(self, indicator: str) -> Metric:
        """The indicator of the codebook."""
        return self.book.metrics[indicator]

    def place(self, row: Mapping[str, object], column: str, read: object = "", /, **values: str) -> FindingPlace:
        """The cell of ``column`` of a row; the indicator's where the sheet has no such column."""
        letters = self.columns.get(str(row["sheet"]), {})
        own = str(row.get("value_column") or "")  # of a table of years: its head says year and group
        letter = (own if column == "value" else "") or letters.get(column) or own or letters.get("indicator", "")
        of = {OF: str(row["indicator"])} if row.get("indicator") else {}
        return FindingPlace(str(row["sheet"]), int(str(row["row"])), letter, str(read)[:200], values | of)


CHECKS: Checks[Ground] = Checks()
"""Everything that figures are held against; ``codes``, ``numbers``, ``time`` and ``completeness`` add theirs."""

check = CHECKS.check


def accepts(metric: Metric) -> bool:
    """Whether countries send this indicator: national ones, and those of surveys that statistics offices make."""
    return metric.sent_by_countries


def list_accepted(book: Codebook) -> list[Metric]:
    """The indicators that countries send, by theme."""
    return sorted((one for one in book.metrics.values() if accepts(one)), key=lambda one: (one.theme, one.id))


def some(rows: pl.DataFrame) -> Iterator[dict[str, object]]:
    """The first rows of a rule, as mappings."""
    yield from rows.head(MOST_PLACES).iter_rows(named=True)
