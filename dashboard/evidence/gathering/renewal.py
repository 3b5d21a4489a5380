"""A newer embedded dataset, come with a new release, beside a record that is in use.

What was received later stands: a series gathered since the day of the new dataset, or in a newer edition than the
dataset has, stays as it is; every other becomes what the dataset holds. Nothing is overwritten: the change is a vintage
of the day it came.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import polars as pl

from dashboard.evidence.codebook import loader
from dashboard.evidence.codebook.editions import is_older
from dashboard.evidence.codebook.model import Metric
from dashboard.evidence.database import runs, vintages
from dashboard.evidence.database.engine import open_engine, writing
from dashboard.evidence.dataset.identity import add_ids
from dashboard.evidence.dataset.layout import EMBEDDED_NOTE_PREFIX
from dashboard.evidence.dataset.publication import Connection, open_publication
from dashboard.evidence.gathering import embedded
from dashboard.evidence.gathering.review import review
from dashboard.settings import Settings

log = logging.getLogger(__name__)

NOTE = EMBEDDED_NOTE_PREFIX + " of {date}, which came with a new release of the product"
FIRST_NOTE = EMBEDDED_NOTE_PREFIX + " of {date}: newer editions of publishers' figures that come with the product"

SAME = ("id", "primary")


def renew(settings: Settings, folder: Path, at: datetime | None = None) -> None:
    """Write what the embedded dataset in this folder changes as the next vintage; none when it changes nothing.

    Hold the lease of gathering.

    Args:
        at: the moment of the vintage; now when left out, because readers saw the former figures until now.

    Raises:
        DamagedEmbedded: it is not whole.
    """
    manifest, raw, rows = embedded.read(folder)
    record, book, moment = open_engine(settings), loader.load_codebook(), embedded.read_moment(manifest)
    standing = runs.read_last_outcomes(record).filter(pl.col("last_success_at") > moment)
    later = set(standing.select("indicator", "source", "series").rows())
    run = embedded.begin(settings, manifest)
    added: list[pl.DataFrame] = []
    gone: list[str] = []
    for part in add_ids(rows).partition_by("indicator", "source"):
        indicator, source = part.item(0, "indicator"), part.item(0, "source")
        gathered = {series for name, id_, series in later if (name, id_) == (indicator, source)}
        current = vintages.read_current_rows(record, indicator, source)
        gathered |= _newer(part, current)
        if not gathered <= set(part["series"]):  # received since under a name the dataset does not know: not both
            continue
        new = part.filter(~pl.col("series").is_in(gathered))
        others = (_linked(book.metrics.get(indicator), source) - set(part["series"])) | gathered
        old = current.filter(~pl.col("series").is_in(others))
        added.append(new.join(old, on=SAME, how="anti"))
        gone += old.join(new, on=SAME, how="anti")["id"].to_list()
        embedded.record_received(settings, run, new, "changed" if old.height else "new", moment)
    moment, rows_added = at or review.choose_moment(settings), sum(part.height for part in added)
    with _transaction(settings, book.version, first=at is not None) as connection:
        number = None
        if gone or rows_added:
            vintages.lock_vintages_on(connection)
            added, gone = vintages.adjust_primary_on(connection, added, gone)
            number = vintages.write_vintage_on(
                connection,
                created_at=moment,
                note=(FIRST_NOTE if at else NOTE).format(date=manifest["date"]),
                run_id=run,
                added=added,
                superseded=gone,
                records=[embedded.record_of(entry) for entry in raw],
            ).number
        runs.finish_run_on(connection, run, "succeeded", {"vintage": number, "rows": rows_added})


@contextmanager
def _transaction(settings: Settings, codebook: str, *, first: bool) -> Iterator[Connection]:
    """What readers are served follows at once; of a record that is begun only when all of it is there."""
    if first:
        with writing(open_engine(settings)) as connection:
            yield connection
    else:
        with open_publication(open_engine(settings), settings.dataset_dir, codebook) as step:
            yield step.connection


def _newer(part: pl.DataFrame, published: pl.DataFrame) -> set[str]:
    """Series of which a newer edition is published than the one in the dataset; said in the log."""
    newer = set()
    for series in part["series"].unique().sort():
        ours, theirs = (", ".join(rows.filter(series=series)["edition"].unique().sort()) for rows in (part, published))
        if is_older(ours, theirs):
            newer.add(series)
            log.warning("%s: edition “%s” of the new release is older than “%s”, which stays", series, ours, theirs)
    return newer


def _linked(metric: Metric | None, source: str) -> set[str]:
    """Series of a source that the codebook knows for an indicator; a row of any other is a series' former name."""
    if metric is None:
        return set()
    links = (*metric.series, *(own.link for own in metric.national))
    return {link.series for link in links if link.source == source}
