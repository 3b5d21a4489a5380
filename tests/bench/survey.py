"""Survey microdata: ten million rows of forty columns to estimates, and one share of a million rows beside ``svy``.

Answers are drawn at random, for speed only, and are part of nothing.
"""

import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import numpy as np
import polars as pl

from dashboard.analysis.measures.surveys.linearised import estimate_shares
from dashboard.analysis.measures.surveys.survey import Design
from dashboard.contributions.submissions.kinds.survey import read_file
from dashboard.contributions.submissions.microdata.model import BLOCKS
from tests.bench.measure import Figure

ROWS = 10_000_000
SECONDS, MEMORY = 60.0, 4096.0
_AREAS = [block for block in BLOCKS.values() if block.scale == "four"]
MAPPING = {
    "weight": "weight", "stratum": "stratum", "psu": "psu", "group.sex": "sex", "group.age": "age",
    "group.location": "location", "group.income": "income", "group.region": "region",
    "codes.sex": "2 1", "codes.location": "1 2",
    **{f"item.{block.id}.{item}": f"{block.id}_{item}" for block in _AREAS for item in block.items},
    "method.who": "bench", "method.population": "bench", "method.period_of_work": "bench",
}  # fmt: skip


def figures() -> Iterator[Figure]:
    """Seconds and memory of the whole, and seconds of one share against those of the library."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "survey.parquet"
        _answers(ROWS).write_parquet(path)
        began = time.perf_counter()
        read, found = read_file(path, path.name, key=b"", country="AZE", period="2024", mapping=MAPPING)
        span = time.perf_counter() - began
    assert found["rows"] == read.rows == 2 * len(_AREAS) * (1 + 2 + 6 + 2 + 5 + 10), found["findings"]
    assert pl.read_parquet(read.parquet)["value"].is_not_null().all()
    yield Figure(f"four areas by five breakdowns of {ROWS:,} rows of 40 columns", span, "s", SECONDS)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    yield Figure("memory of the process that estimated them", peak, "MiB", MEMORY)
    ours, theirs = _share(_answers(1_000_000))
    yield Figure("one share of 1,000,000 rows", 1000 * ours, "ms", 1000 * theirs)  # svy's own path is in Polars too
    yield Figure("the same by svy", 1000 * theirs, "ms")
    yield Figure("the same by svy, relative to ours", theirs / ours, "×")


def _answers(rows: int) -> pl.DataFrame:
    draw = np.random.default_rng(1)
    psu = draw.integers(0, 5_000, rows, dtype=np.int32)
    columns = {
        "weight": np.round(draw.uniform(1, 3, rows), 1), "stratum": (psu // 100).astype(np.int16), "psu": psu,
        "sex": draw.integers(1, 3, rows, dtype=np.int8), "age": draw.integers(18, 90, rows, dtype=np.int8),
        "location": draw.integers(1, 3, rows, dtype=np.int8), "income": draw.integers(1, 6, rows, dtype=np.int8),
        "region": draw.integers(1, 11, rows, dtype=np.int8),
    }  # fmt: skip
    for name in (name for field, name in MAPPING.items() if field.startswith("item.")):
        code = draw.integers(0, 5, rows, dtype=np.int8)
        columns[name] = np.where(code == 4, np.int8(98), code)
    columns |= {f"other_{at}": draw.integers(0, 3, rows, dtype=np.int8) for at in range(40 - len(columns))}
    return pl.DataFrame(columns)


def _share(rows: pl.DataFrame) -> tuple[float, float]:
    """Seconds of one share with its error, ours and those of ``svy`` alone, in turn; the figures are the same."""
    import svy

    answer = pl.when(pl.col("healthcare_overall") <= 3).then(pl.col("healthcare_overall") >= 2)
    design = Design("weight", "stratum", "psu")
    spans: tuple[list[float], list[float]] = ([], [])
    for _ in range(5):
        began = time.perf_counter()
        ours = estimate_shares(rows.lazy(), {"y": answer}, {"y": ["y"]}, design)[None]["y"]
        middle = time.perf_counter()
        sample = svy.Sample(
            rows.with_columns(answer.cast(pl.Float64).alias("y"), pl.col("healthcare_overall").le(3).alias("among")),
            svy.Design(wgt="weight", stratum="stratum", psu="psu"),
        )
        told = sample.estimation.mean("y", where=pl.col("among"), drop_nulls=True).estimates[0]
        spans[0].append(middle - began)
        spans[1].append(time.perf_counter() - middle)
    assert abs(ours.value - told.est) < 1e-9
    assert abs(ours.std_error - told.se) < 1e-9
    return median(spans[0]), median(spans[1])
