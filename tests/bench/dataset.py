"""Reading one series, and publishing a million observations against a raw SQLite insert of the same rows."""

from collections.abc import Iterator

from dashboard.evidence.dataset.store import Dataset
from dashboard.settings import Settings
from tests.bench.measure import Figure, milliseconds, quantile
from tests.bench.million import publish_ratio


def figures(settings: Settings) -> Iterator[Figure]:
    """Needs a published dataset in the settings' data directory."""
    dataset = Dataset.current(settings.dataset_dir)
    indicators = sorted(dataset.indicators())
    turn = iter(range(10**9))
    spans = milliseconds(lambda: dataset.rows(indicators[next(turn) % len(indicators)]).collect(), 400)
    yield Figure("one series from the dataset, median", quantile(spans, 0.5), "ms", 3)
    yield Figure("one series from the dataset, p95", quantile(spans, 0.95), "ms")
    yield Figure(
        "1 M observations recorded and published, relative to a raw SQLite insert", publish_ratio(1_000_000), "×", 3
    )
