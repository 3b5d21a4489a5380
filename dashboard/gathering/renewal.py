"""A newer embedded dataset, come with a new release, beside a record that is in use.

What was received later stands: a series gathered since the day of the new dataset stays as it is, every other becomes
what the dataset holds. Nothing is overwritten: the change is a vintage of the day it came.
"""

from pathlib import Path

import polars as pl

from dashboard.codebook import loader
from dashboard.codebook.model import Metric
from dashboard.database import runs, vintages
from dashboard.database.engine import engine
from dashboard.dataset.identity import with_ids
from dashboard.gathering import embedded, review
from dashboard.settings import Settings

NOTE = "Embedded dataset of {date}, which came with a new release of the product"

SAME = ("id", "primary")


def renew(settings: Settings, folder: Path) -> None:
    """Write what the embedded dataset in this folder changes as the next vintage; none when it changes nothing.

    Hold the lease of gathering.

    Raises:
        DamagedEmbedded: it is not whole.
    """
    manifest, raw, rows = embedded.read(folder)
    record, book, moment = engine(settings), loader.codebook(), embedded.moment_of(manifest)
    standing = runs.standing(record).filter(pl.col("last_success_at") >= moment)
    later = set(standing.select("indicator", "source", "series").rows())
    run = embedded.begin(settings, manifest)
    added: list[pl.DataFrame] = []
    gone: list[str] = []
    for part in with_ids(rows).partition_by("indicator", "source"):
        indicator, source = part.item(0, "indicator"), part.item(0, "source")
        kept = {series for name, id_, series in later if (name, id_) == (indicator, source)}
        if not kept <= set(part["series"]):  # received since under a name the dataset does not know: not both
            continue
        new = part.filter(~pl.col("series").is_in(kept))
        others = (_linked(book.metrics.get(indicator), source) - set(part["series"])) | kept
        old = vintages.current_rows(record, indicator, source).filter(~pl.col("series").is_in(others))
        added.append(new.join(old, on=SAME, how="anti"))
        gone += old.join(new, on=SAME, how="anti")["id"].to_list()
        embedded.received(settings, run, new, "changed" if old.height else "new", moment)
    number = None
    if gone or any(part.height for part in added):
        number = vintages.write(
            record,
            created_at=review.next_moment(settings),
            note=NOTE.format(date=manifest["date"]),
            run_id=run,
            added=added,
            superseded=gone,
            records=[embedded.record_of(entry) for entry in raw],
        ).number
    runs.finish(record, run, "succeeded", {"vintage": number, "rows": sum(part.height for part in added)})


def _linked(metric: Metric | None, source: str) -> set[str]:
    """Series of a source that the codebook knows for an indicator; a row of any other is a series' former name."""
    if metric is None:
        return set()
    links = (*metric.series, *(own.link for own in metric.national))
    return {link.series for link in links if link.source == source}
