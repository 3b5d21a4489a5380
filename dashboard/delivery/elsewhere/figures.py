"""The figures as they are shipped, and whose licence lets them be shown."""

import csv
import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from pathlib import Path

from dashboard.release import code_version
from data_sources.info import SourceInfo

FILE = Path(__file__).with_name("figures.csv")


@dataclass(frozen=True, slots=True)
class ElsewhereFigure:
    """One figure of one service standard (or channel, or survey) of a place, with where it comes from.

    A share that is computed here has numerator and denominator; one that its government published has neither.
    """

    id: str  # the standard; its words are ``elsewhere.row.<id>``
    part: str  # of which departments, kind of standard or channel; "" for the whole
    country: str  # ISO3
    metric: str  # our metric that comes nearest (``metrics.csv``); "" for none
    since: str  # the first day, "" where a figure is of one day
    until: str  # the last day
    how: str  # "counts", computed here from them; "published" or "survey" as the government says it
    value: float
    unit: str  # "percent" or "months"
    numerator: float | None
    denominator: float | None
    records: int | None  # rows of the publisher that it is computed from
    left_out: int | None  # rows without a number, or with more in the part than in the whole
    promise: float | None  # what the government promised, in the unit
    source: str
    series: str
    edition: str
    retrieved: str
    obtained: str  # where the copy was read from
    sha256: str  # of that copy


COLUMNS = tuple(field.name for field in fields(ElsewhereFigure))
_FLOATS, _WHOLE = ("value", "numerator", "denominator", "promise"), ("records", "left_out")


@lru_cache
def read_figures(file: Path = FILE) -> tuple[ElsewhereFigure, ...]:
    """Every figure of the file, in its order."""
    with file.open(encoding="utf-8", newline="") as opened:
        return tuple(_read(row) for row in csv.DictReader(opened))


def write_figures(rows: Iterable[ElsewhereFigure], file: Path = FILE) -> None:
    """Write the file anew."""
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows({k: "" if v is None else v for k, v in asdict(row).items()} for row in rows)


def find_publishers(rows: Iterable[ElsewhereFigure]) -> dict[str, SourceInfo]:
    """The publishers of the figures by id, as they are declared."""
    from data_sources.registry import list_infos  # knows httpx: not needed to start

    declared = list_infos()
    return {source: declared[source] for source in dict.fromkeys(row.source for row in rows)}


def is_shown(info: SourceInfo, confirmed: Collection[str]) -> bool:
    """Whether figures of a publisher may be shown: its licence allows it, or an operator has confirmed that it does."""
    return info.redistribution != "no" or info.id in confirmed


def mark(confirmed: Collection[str]) -> str:
    """What changes whenever the figures do, or whose are shown, or the code."""
    held = (FILE.read_bytes(), sorted(confirmed), code_version())
    return hashlib.sha256(repr(held).encode()).hexdigest()[:16]


def _read(row: Mapping[str, str]) -> ElsewhereFigure:
    told: dict[str, str | float | int | None] = dict(row)
    told |= {name: float(row[name]) if row[name] else None for name in _FLOATS}
    told |= {name: int(row[name]) if row[name] else None for name in _WHOLE}
    return ElsewhereFigure(**told)  # type: ignore[arg-type]
