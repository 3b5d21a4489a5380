"""``dataset``: what is published, publishing again, and what changed between vintages."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl
    from rich.table import Table

    from dashboard.dataset.store import Dataset

app = typer.Typer(help="The published dataset: state, vintages, differences.", no_args_is_help=True)


@app.command()
def status() -> None:
    """Say what is published, which series failed last, and whether all files are whole; exit 1 when not."""
    from dashboard.settings import settings

    dataset = _current()
    typer.echo(f"Version     {dataset.version}")
    typer.echo(f"Vintage     {dataset.vintage} of {dataset.created_at:%Y-%m-%d %H:%M} UTC")
    typer.echo(f"Rows        {dataset.manifest['rows']} in force, {dataset.manifest['rows_ever']} with history")
    typer.echo(f"Indicators  {len(dataset.indicators())}")
    typer.echo(f"Folder      {settings().dataset_dir}")
    failing = [outcome for outcome in dataset.outcomes() if outcome["state"] == "failed"]
    for outcome in failing:
        typer.echo(f"Failed      {outcome['source']} {outcome['series']}: {outcome['message']} ({outcome['code']})")
    faults = dataset.verify()
    for fault in faults:
        typer.echo(f"Damaged     {fault}", err=True)
    if faults:
        typer.echo("Publish again: python -m dashboard dataset publish", err=True)
        raise typer.Exit(1)


@app.command()
def publish() -> None:
    """Publish the database's newest vintage; does nothing when exactly this is published and whole."""
    from dashboard.codebook.loader import codebook
    from dashboard.database.engine import Unusable, engine, migrate
    from dashboard.dataset.publish import EmptyRecord
    from dashboard.dataset.publish import publish as publish_record
    from dashboard.settings import settings

    try:
        migrate(settings())
        version = publish_record(engine(settings()), settings().dataset_dir, codebook().version)
    except (EmptyRecord, Unusable) as error:
        typer.echo(f"Nothing was published. {error}", err=True)
        raise typer.Exit(1) from error
    done = "Published" if version.fresh else "Already published:"
    typer.echo(f"{done} {version.name}: vintage {version.vintage}, {version.rows} rows")


@app.command()
def vintages() -> None:
    """List every vintage with its date, rows and note."""
    table = _table("vintage", "created (UTC)", "rows", "added", "superseded", "note", numbers=(0, 2, 3, 4))
    for vintage in _current().vintages():
        table.add_row(
            str(vintage["number"]),
            f"{vintage['created_at']:%Y-%m-%d %H:%M}",
            *(str(vintage[name]) for name in ("rows", "added", "superseded")),
            vintage["note"],
        )
    _print(table)


@app.command()
def waiting() -> None:
    """List the changes that wait for a person, with the reason of each."""
    from dashboard.database import proposals
    from dashboard.database.engine import engine
    from dashboard.settings import settings

    _migrated()
    found = proposals.waiting(engine(settings()))
    for one in found:
        typer.echo(
            f"{one.number}  {one.created_at:%Y-%m-%d %H:%M}  {one.source}: {one.rows} rows to add, "
            f"{len(one.superseded)} to supersede; {one.reason}"
        )
    if not found:
        typer.echo("Nothing waits.")


@app.command()
def approve(number: Annotated[int, typer.Argument(help="Number of the waiting change (`dataset waiting`).")]) -> None:
    """Publish a change that waits: it becomes the next vintage, dated now."""
    from dashboard.codebook.loader import codebook
    from dashboard.database.vintages import Conflict
    from dashboard.gathering import review
    from dashboard.gathering.lease import Busy
    from dashboard.settings import settings

    _migrated()
    try:
        version = review.approve(settings(), codebook(), number)
    except (LookupError, Busy) as error:
        raise _refused(str(error)) from error
    except Conflict as error:
        raise _refused(f"{error}. Gather again: what is still different will be proposed anew.") from error
    typer.echo(f"Published {version.name}: vintage {version.vintage}, {version.rows} rows")


@app.command()
def reject(number: Annotated[int, typer.Argument(help="Number of the waiting change (`dataset waiting`).")]) -> None:
    """Turn a waiting change down; what is published stays, and exactly this change is not proposed again."""
    from dashboard.gathering import review
    from dashboard.settings import settings

    _migrated()
    try:
        what = review.reject(settings(), number)
    except LookupError as error:
        raise _refused(str(error)) from error
    typer.echo(f"Rejected change {number} ({what}). What is published stays.")


@app.command()
def diff(
    a: Annotated[int, typer.Argument(metavar="A", help="Number of the earlier vintage.")],
    b: Annotated[int, typer.Argument(metavar="B", help="Number of the later vintage.")],
) -> None:
    """Say what changed from vintage A to vintage B, per indicator; sizes are in the indicator's unit."""
    from dashboard.dataset.changes import KINDS, changes, summary

    dataset = _current()
    known = [vintage["number"] for vintage in dataset.vintages()]
    for number in (a, b):
        if number not in known:
            typer.echo(f"There is no vintage {number}: known are {known[0]} to {known[-1]}", err=True)
            raise typer.Exit(2)
    table = _table("indicator", *KINDS, "median revision", "largest revision", numbers=range(1, 7))
    later = dataset.as_of(b)
    told = changes(dataset.as_of(a), later).collect()
    rows = summary(told.lazy()).collect()
    for indicator, *counts, median, largest in rows.iter_rows():
        sizes = ("" if size is None else f"{size:.4g}" for size in (median, largest))
        table.add_row(indicator, *map(str, counts), *sizes)
    if rows.is_empty():
        typer.echo(f"Nothing changed from vintage {a} to vintage {b}.")
        return
    _print(table)
    for line in _named(told, later):
        typer.echo(line)


NAMED = 5
"""Largest revisions, vanished figures and jumps that ``diff`` names."""


def _named(told: "pl.DataFrame", later: "Dataset") -> "Iterator[str]":
    """The largest revisions, what vanished, and new figures far from those before them."""
    import polars as pl

    from dashboard.measures.jumps import jumps

    revised = told.filter(pl.col("kind") == "revised", pl.col("size") > 0).sort("size", descending=True)
    for row in revised.unique("indicator", keep="first", maintain_order=True).head(NAMED).iter_rows(named=True):
        before, after = f"{row['before']:.6g}", f"{row['after']:.6g}"
        yield f"{row['indicator']}: {row['country']} {row['period']} revised from {before} to {after}"
    gone = told.filter(pl.col("kind") == "vanished")
    for row in gone.head(NAMED).iter_rows(named=True):
        yield f"{row['indicator']}: {row['country']} {row['period']} vanished"
    if gone.height > NAMED:
        yield f"and {gone.height - NAMED} more vanished"
    moved = told.filter(pl.col("kind").is_in(["new", "revised"]))
    rows = later.scan(moved["indicator"].unique().to_list()).collect()
    for row in jumps(rows, moved).head(NAMED).iter_rows(named=True):
        yield (
            f"look at {row['indicator']}: {row['country']} {row['period']}: {row['value']:.6g} after "
            f"{row['before']:.6g} in {row['period_before']}, {row['times']:.0f} times the usual step"
        )


def _migrated() -> None:
    from dashboard.database.engine import Unusable, migrate
    from dashboard.settings import settings

    try:
        migrate(settings())
    except Unusable as error:
        raise _refused(str(error)) from error


def _refused(message: str) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(1)


def _current() -> "Dataset":
    from dashboard.dataset.store import Dataset, NotPublished
    from dashboard.settings import settings

    try:
        return Dataset.current(settings().dataset_dir)
    except NotPublished as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


def _table(*heads: str, numbers: "tuple[int, ...] | range" = ()) -> "Table":
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for place, head in enumerate(heads):
        table.add_column(head, justify="right" if place in numbers else "left")
    return table


def _print(table: "Table") -> None:
    import sys

    from rich.console import Console

    # Where no terminal says how wide it is, a line must not break in the middle of a name.
    Console(width=None if sys.stdout.isatty() else 200).print(table)
