"""Progress of a whole panel, in a process of its own so that its memory is its own."""

import json
import subprocess
import sys
from collections.abc import Iterator

from tests.bench.measure import Figure, milliseconds, most_memory

AREAS, METRICS, YEARS = 250, 300, range(2000, 2025)
METHODS = ("unsd_2026", "statcan", "escap", "sdsn", "oecd")
TIMES = 7


def figures() -> Iterator[Figure]:
    """Seconds and peak memory of five methods over 250 areas × 300 metrics × 25 years, then of all nine."""
    told = subprocess.run([sys.executable, "-m", "tests.bench.panel"], check=True, capture_output=True, text=True)
    found = json.loads(told.stdout)
    name = f"progress of {AREAS} areas × {METRICS} metrics × {len(YEARS)} years"
    yield Figure(f"{name} by {len(METHODS)} methods", found["five"], "ms", 500)
    yield Figure(f"{name} by all methods", found["all"], "ms")
    yield Figure(f"{name}, peak memory of the process", found["memory"], "MiB", 1024)


def _measure() -> dict[str, float]:
    """The figures are a pattern without meaning, for speed only."""
    import polars as pl

    from dashboard.analysis.measures.progress.declared import build_declarations
    from dashboard.analysis.measures.progress.panel import assess_progress

    rows = (
        pl.LazyFrame({"indicator": [f"metric_{at:03}" for at in range(METRICS)]})
        .join(pl.LazyFrame({"country": [f"C{at:03}" for at in range(AREAS)]}), how="cross")
        .join(pl.LazyFrame({"year": pl.Series(YEARS, dtype=pl.Int32)}), how="cross")
        .with_columns(value=10 + (pl.int_range(pl.len()) * 7919 % 80_007) / 1000)
        .collect()
    )
    told = build_declarations(
        {
            "indicator": f"metric_{at:03}", "direction": "lower" if at % 3 else "higher", "low": 0.0, "high": 100.0,
            "target": None if at % 5 == 0 else 5.0 if at % 3 else 95.0,
            "sdsn_lower": 5.0, "sdsn_red": 40.0, "sdsn_green": 70.0, "sdsn_optimum": 95.0,
        }
        for at in range(METRICS)
    )  # fmt: skip
    spans = milliseconds(lambda: assess_progress(rows, told, methods=METHODS, as_of=2025), TIMES)
    memory = most_memory()
    everything = milliseconds(lambda: assess_progress(rows, told, as_of=2025), 3)
    return {"five": spans[len(spans) // 2], "all": everything[1], "memory": memory}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_measure()))
