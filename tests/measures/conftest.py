"""Test vectors of the methods, and small frames with the dataset's columns."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dashboard.dataset.schema import ROWS

VECTORS = {
    vector["id"]: vector
    for vector in json.loads((Path(__file__).parent / "vectors_first_measures.json").read_text(encoding="utf-8"))
}


@pytest.fixture(scope="session")
def vectors() -> dict[str, dict[str, Any]]:
    """Vector id → inputs, expected, tolerance."""
    return VECTORS


@pytest.fixture(scope="session")
def frame() -> Callable[..., pl.DataFrame]:
    """Builds a frame of ROWS from short dicts; what is not given is the same for all rows, or null."""

    def build(*rows: dict[str, Any]) -> pl.DataFrame:
        common = {
            "indicator": "x",
            "dimensions": "{}",
            "status": "normal",
            "source": "test",
            "series": "S",
            "edition": "1",
            "unit": "index",
        }
        return pl.DataFrame([common | row for row in rows], schema=ROWS)

    return build
