"""Where two sources of one indicator differ, in words, after a gathering."""

from collections.abc import Sequence

import polars as pl

from dashboard.analysis.measures.moves import compare_sources, find_disagreements
from dashboard.evidence.database import vintages
from dashboard.evidence.database.engine import open_engine
from dashboard.evidence.gathering.plan import Planned
from dashboard.settings import Settings


def describe_disagreements(settings: Settings, chosen: Sequence[Planned]) -> tuple[str, ...]:
    """In words, where a second source of the indicators gathered gives other figures than the one shown."""
    sentences = []
    for metric in {planned.metric.id: planned.metric for planned in chosen}.values():
        sources = sorted({link.source for link in metric.series})
        if len(sources) < 2:
            continue
        rows = pl.concat([vintages.read_current_rows(open_engine(settings), metric.id, source) for source in sources])
        both, apart = compare_sources(rows), find_disagreements(rows)
        for other in apart["other_source"].unique(maintain_order=True):
            theirs = apart.filter(other_source=other)
            first = theirs.row(0, named=True)
            sentences.append(
                f"{metric.id}: {theirs.height} of {both.filter(other_source=other).height} figures differ between "
                f"{first['source']} (shown) and {other}, most in {first['country']} {first['period']}: "
                f"{first['value']:.6g} and {first['other_value']:.6g}"
            )
    return tuple(sentences)
