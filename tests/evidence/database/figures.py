"""Observations and raw records to write vintages from."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
from sqlalchemy import Engine

from dashboard.evidence.database import vintages
from dashboard.evidence.database.incoming import REQUIRED_COLUMNS
from dashboard.evidence.database.observations import Vintage
from dashboard.evidence.database.records import RawRecord
from dashboard.evidence.dataset.identity import add_ids
from dashboard.evidence.dataset.schema import ROWS

SHA = "5f" * 32
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
NONE: tuple[str, ...] = ()


def figures(*changes: Mapping[str, Any], **common: Any) -> pl.DataFrame:
    """Rows with ids; what a row does not name is as in a plain national total."""
    plain = {
        "indicator": "trust", "country": "AZE", "period": "2020", "dimensions": "{}", "value": 61.5, "lower": None,
        "upper": None, "unit": "percent", "status": "normal", "nature": "C", "source": "un_sdg", "edition": "2026.Q1",
        "retrieved_at": START, "series": "IU_TRUST", "value_text": "61.5", "interval_level": None, "std_error": None,
        "source_detail": "Household survey", "footnote": "", "raw_sha256": SHA, "primary": True,
    }  # fmt: skip
    rows = [{**plain, **common, **change} for change in changes]
    rows = [{**row, "year": row.get("year", int(row["period"][:4]))} for row in rows]
    return add_ids(pl.DataFrame(rows, schema={name: ROWS[name] for name in REQUIRED_COLUMNS if name != "id"}))


def figure(value: float | None, **more: Any) -> dict[str, Any]:
    """A value with its text."""
    return {"value": value, "value_text": "" if value is None else str(value), **more}


def raw_record(sha256: str = SHA, **more: Any) -> RawRecord:
    """What the rows of ``figures`` were read from."""
    known = {
        "source": "un_sdg", "url": "https://publisher.example/trust", "status": 200, "retrieved_at": START, "size": 120,
        "params": {"seriesCode": "IU_TRUST"}, "publisher": "United Nations", "licence": "UN terms of use",
    }  # fmt: skip
    return RawRecord(sha256=sha256, **{**known, **more})


def issue(
    record: Engine, added: pl.DataFrame, superseded: Iterable[str] = NONE, *, days: int | None = None, note: str = ""
) -> Vintage:
    """Write the next vintage: each a day after the one before, or ``days`` after the first."""
    last = vintages.find_latest(record)
    moment = START if last is None else last.created_at + timedelta(days=1)
    if days is not None:
        moment = START + timedelta(days=days)
    return vintages.write_vintage(
        record, created_at=moment, note=note, run_id=None, added=added, superseded=superseded, records=[raw_record()]
    )


NOTHING = pl.DataFrame(schema={name: ROWS[name] for name in REQUIRED_COLUMNS})
"""No rows, in the right columns."""
