"""Small frames with the dataset's columns."""

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from dashboard.evidence.dataset.schema import ROWS


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
