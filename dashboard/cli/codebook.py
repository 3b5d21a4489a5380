"""``codebook``: look after what is measured and why."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli.output import count_words, fail

if TYPE_CHECKING:
    from dashboard.codebook.faults import Fault

PIPED_WIDTH = 200
"""Columns of the table where no terminal says how wide it is."""

app = typer.Typer(help="What is measured and why: check the codebook's files.", no_args_is_help=True)


@app.callback()
def codebook() -> None:
    """Keep the group a group while it has one command."""


@app.command()
def check(
    folder: Annotated[
        Path | None, typer.Option(help="Folder with the codebook's files; the product's own when left out.")
    ] = None,
) -> None:
    """Explain every fault by file, row and column, and what to do; exit 1 when one is an error."""
    from dashboard.codebook.check import examine
    from dashboard.codebook.loader import DATA

    chosen = DATA if folder is None else folder
    if not chosen.is_dir():
        fail(f"No folder {chosen}. Name one that holds goals.csv, metrics.csv and the others.", 2)
    tables, faults = examine(chosen)
    rows, files = tables.count
    read = f"{count_words(rows, 'row')} in {count_words(files, 'file')}"
    if not faults:
        typer.echo(f"{read}, no fault")
        return
    errors = sum(fault.severity == "error" for fault in faults)
    _print(faults)
    warnings = len(faults) - errors
    typer.echo(f"{read}, {count_words(errors, 'error')}, {count_words(warnings, 'warning')}")
    if errors:
        typer.echo("Put these right and check again: rules that build on them have waited.")
        raise typer.Exit(1)


def _print(faults: "Sequence[Fault]") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("severity", "where", "rule", "what is wrong", "what to do")
    for fault in faults:
        table.add_row(fault.severity, fault.place, fault.rule, fault.message, fault.remedy)
    Console(width=None if sys.stdout.isatty() else PIPED_WIDTH, markup=False).print(table)
