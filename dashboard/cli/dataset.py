"""``dataset``: what is published, publishing again, and what changed between vintages."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
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
    rows = summary(changes(dataset.as_of(a), dataset.as_of(b))).collect()
    for indicator, *counts, median, largest in rows.iter_rows():
        sizes = ("" if size is None else f"{size:.4g}" for size in (median, largest))
        table.add_row(indicator, *map(str, counts), *sizes)
    if rows.is_empty():
        typer.echo(f"Nothing changed from vintage {a} to vintage {b}.")
    else:
        _print(table)


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
