"""Vintages of the embedded dataset by SDMX, against its own rows: what came, what went, what stood."""

import csv
import io
from collections import Counter

import httpx
import polars as pl
import pytest

from dashboard.evidence.dataset.store import Dataset
from dashboard.interfaces.desk.site import api
from dashboard.settings import Settings

FLOW = "/api/sdmx/v2/data/dataflow/ASAN_MONITOR/MONITOR/1.0/A.*.AZE"
KEY = ["indicator", "country", "period", "dimensions", "source", "series"]


async def _ask(query: str) -> list[dict[str, str]]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=api), base_url="http://test") as client:
        answer = await client.get(f"{FLOW}?{query}&format=csv")
        assert answer.status_code in (200, 404), answer.text
        return list(csv.DictReader(io.StringIO(answer.text, newline=""))) if answer.status_code == 200 else []


@pytest.fixture
def rows(embedded: Settings) -> pl.DataFrame:
    """All rows of Azerbaijan, superseded ones too: vintages 1 to 3."""
    found = Dataset.current(embedded.dataset_dir).ever().filter(pl.col("country") == "AZE").collect()
    assert set(found["vintage"]) == {1, 2, 3}
    return found


async def test_each_vintage_is_what_it_was(rows: pl.DataFrame) -> None:
    for day, number in (("2026-11-24", 1), ("2026-11-25", 1), ("2026-11-26", 2), ("2026-12-01", 3)):
        stood = rows.filter(
            pl.col("vintage") <= number, pl.col("superseded").is_null() | (pl.col("superseded") > number)
        )
        assert Counter(row["OBS_ID"] for row in await _ask(f"asOf={day}")) == Counter(stood["id"])


async def test_history_brings_every_row_and_takes_what_has_no_successor(rows: pl.DataFrame) -> None:
    found = await _ask("includeHistory=true")
    assert Counter(row["OBS_ID"] for row in found if row["ACTION"] == "R") == Counter(rows["id"])
    gone = pl.concat(
        [
            rows.filter(pl.col("superseded") == number).join(
                rows.filter(pl.col("vintage") == number), on=KEY, how="anti"
            )
            for number in (2, 3)
        ]
    )
    assert gone.height > 0
    taken = [row for row in found if row["ACTION"] == "D"]
    assert Counter(row["OBS_ID"] for row in taken) == Counter(gone["id"])
    assert {row["VALID_TO"] for row in taken} <= {"2026-11-26T00:00:00Z", "2026-12-01T00:00:00Z"}


async def test_updates_are_what_a_copy_lacks(rows: pl.DataFrame) -> None:
    for since in ("2026-11-27", "2026-11-26T00:00:00Z"):  # a copy of the second vintage, to the third
        found = await _ask(f"updatedAfter={since}")
        came = [row["OBS_ID"] for row in found if row["ACTION"] == "R"]
        gone = rows.filter(pl.col("superseded") == 3).join(rows.filter(pl.col("vintage") == 3), on=KEY, how="anti")
        assert Counter(came) == Counter(rows.filter(pl.col("vintage") == 3)["id"])
        assert Counter(row["OBS_ID"] for row in found if row["ACTION"] == "D") == Counter(gone["id"])
    assert await _ask("updatedAfter=2026-12-01T00:00:00Z") == []
    assert Counter(row["ACTION"] for row in await _ask("updatedAfter=2000-01-01")).keys() == {"R"}


async def test_what_is_mapped_and_what_is_not_make_the_whole(embedded: Settings) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=api), base_url="http://test") as client:
        report = (await client.get("/api/sdmx/mapping.json")).json()
    held = Dataset.current(embedded.dataset_dir).scan().select(pl.len()).collect().item()
    counted: Counter[str] = Counter()
    for row in report["unmapped"]:
        counted[row["reason"]] += row["rows"]
    assert report["mapped"] + counted.total() == report["rows"] == held
    assert {"publisher", "national", "former", "series", "breakdown", "admitted"} <= counted.keys()
    former = {row["detail"] for row in report["unmapped"] if row["reason"] == "former"}
    assert former == {"IT_NET_BBP → IT_NET_BBND", "VC_PRS_UNSEC → VC_PRS_UNSNT"}
