"""What a publisher's room gives and takes: tasks, requests, replies and the one frame of observations."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

import polars as pl

from data_sources.info import SourceInfo

AreaScheme = Literal["iso3", "m49", "name", "wb"]
Severity = Literal["error", "warning", "info"]
"""``error``: the series is not to be used. ``warning``: it is, and a person should look. ``info``: good to know."""

OBSERVATIONS = pl.Schema(
    {
        "series": pl.String,  # the publisher's series code
        "area": pl.String,  # the publisher's own area code or name (M49 padded to three digits)
        "area_scheme": pl.String,  # AreaScheme
        "area_name": pl.String,  # the publisher's own name of the area
        "period": pl.String,  # "2015", or "2015/2025": a year within this span, which one is not published
        "dimensions": pl.String,  # canonical JSON of the breakdown, sorted keys; "{}" is the national total
        "value": pl.Float64,  # null when missing or censored, never 0 in place of missing
        "value_text": pl.String,  # the value exactly as published, e.g. "<2.5"
        "lower": pl.Float64,
        "upper": pl.Float64,
        "interval_level": pl.Float64,  # 90.0 when lower/upper are a 90 % interval; null for a censoring bound
        "std_error": pl.Float64,
        "unit": pl.String,  # the publisher's unit code or text
        "status": pl.String,  # STATUSES
        "nature": pl.String,  # C CA E M G N, or "" when the publisher does not say
        "source_detail": pl.String,  # the publisher's own account of where the figure comes from
        "footnote": pl.String,
        "edition": pl.String,  # release, lastupdated or edition of the publisher
        "raw_sha256": pl.String,  # the stored reply or file the row was read from
    }
)
"""Columns and types of the frame every source returns."""

SPAN = r"^\d{4}/\d{4}$"
"""A period of which only the first and the last possible year are published, as ISO 8601 writes an interval."""


def extract_year() -> pl.Expr:
    """The calendar year of column ``period``; null for a span, which belongs to no year, and for anything else."""
    return pl.col("period").str.extract(r"^(\d{4})$").cast(pl.Int32)


STATUSES = ("normal", "estimated", "provisional", "unreliable", "censored", "missing", "not_applicable")
"""``censored``: the publisher printed a bound (``<2.5``); the bound stands in lower or upper, the value is null.
``unreliable``: it rests on few people, or its error is large beside it.
``missing`` / ``not_applicable``: the publisher answered without a value (null, NaN, NV, NA, N)."""


@dataclass(frozen=True, slots=True)
class SeriesRef:
    """A publisher's series that feeds one of our indicators."""

    code: str
    indicator: str
    companions: Mapping[str, str] = field(default_factory=dict)  # e.g. {"std_error": "GOV_WGI_CC.SE"}
    options: Mapping[str, str] = field(default_factory=dict)  # e.g. {"source": "3"}; totals such as {"Age": "<5Y"}


@dataclass(frozen=True, slots=True)
class Request:
    """A question to a publisher, as planned; ``key`` names its part in the task (``value``, ``std_error`` …).

    With a ``payload`` it is a POST of that payload as JSON on one line, else a GET. What comes for ``json`` media must
    be JSON, for ``file`` anything but an empty body or a web page; the rest is the room's to judge.

    An ``optional`` one is something the publisher may not have (a standard error, the list of releases): a refusal is
    noted and the series read without it. An optional or ``shared`` one is asked once in a run, however many series
    want it.
    """

    url: str
    params: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    key: str = "value"
    optional: bool = False
    shared: bool = False
    payload: Mapping[str, str | Sequence[str]] | None = None
    media: Literal["json", "file"] = "json"

    @property
    def question(self) -> str:
        """What is asked, as one text: equal for requests that must get the same answer."""
        parts: list[object] = [self.url, sorted(self.params.items())]
        if self.payload is not None:
            parts.append(sorted(self.payload.items()))
        return json.dumps(parts, default=list)


class Document:
    """What a body was read as, kept beside it while its task is under way: checking, following and parsing a reply
    need it decoded, which is done once. Nobody changes it.
    """

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        self._kept: tuple[bytes, object] | None = None

    def of(self, body: bytes, read: Callable[[], object]) -> object:
        """What these very bytes are read as, by ``read`` the first time; whatever it raises is not kept."""
        cached = self._kept
        if cached is None or cached[0] is not body:
            cached = self._kept = (body, read())
        return cached[1]


@dataclass(frozen=True, slots=True)
class Reply:
    """What was received, byte for byte, with where and when. Only one of status 304 has no bytes but their hash."""

    request: Request
    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    sha256: str
    retrieved_at: datetime
    document: Document = field(default_factory=Document, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Task:
    """One series to fetch: it succeeds or fails as a whole, without touching other series."""

    source: str
    series: SeriesRef
    requests: tuple[Request, ...]


@dataclass(frozen=True, slots=True)
class SourceFinding:
    """Something a person should know about a reply: rule id, severity, words, and where."""

    code: str
    severity: Severity
    message: str
    series: str = ""
    where: str = ""
    count: int = 1


@dataclass(frozen=True)
class Parsed:
    """Rows read from replies, and everything noticed on the way. ``rejected`` counts rows that could not be read."""

    observations: pl.DataFrame
    edition: str
    findings: tuple[SourceFinding, ...] = ()
    rejected: int = 0


class Source(Protocol):
    """A publisher: what to ask and how to read the answer. No network code inside."""

    info: SourceInfo

    def plan(self, series: Sequence[SeriesRef]) -> list[Task]:
        """Return one task per series, with the first requests of each."""
        ...

    def follow(self, task: Task, replies: Sequence[Reply]) -> list[Request]:
        """Return requests still needed after these replies, such as further pages; empty when complete.

        Raises:
            Changed: the replies contradict each other (totals changed between pages): start the task again.
            Rejected: the publisher says the request is wrong.
        """
        ...

    def parse(self, task: Task, replies: Sequence[Reply]) -> Parsed:
        """Return rows in the ``OBSERVATIONS`` schema.

        Raises:
            Changed: the shape is not the documented one.
            Rejected: the publisher answered with an error message.
        """
        ...
