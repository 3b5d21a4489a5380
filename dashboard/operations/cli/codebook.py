"""``codebook``: look after what is measured and why."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.operations.cli.output import count_words, fail

if TYPE_CHECKING:
    from dashboard.evidence.codebook.faults import Fault

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
    from dashboard.evidence.codebook.check import check_folder
    from dashboard.evidence.codebook.loader import DATA

    target = DATA if folder is None else folder
    if not target.is_dir():
        fail(f"No folder {target}. Name one that holds goals.csv, metrics.csv and the others.", 2)
    tables, faults = check_folder(target)
    rows, files = tables.count
    summary = f"{count_words(rows, 'row')} in {count_words(files, 'file')}"
    if not faults:
        typer.echo(f"{summary}, no fault")
        return
    errors = sum(fault.severity == "error" for fault in faults)
    _print_faults(faults)
    warnings = len(faults) - errors
    typer.echo(f"{summary}, {count_words(errors, 'error')}, {count_words(warnings, 'warning')}")
    if errors:
        typer.echo("Put these right and check again: rules that build on them have waited.")
        raise typer.Exit(1)


def _print_faults(faults: "Sequence[Fault]") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("severity", "where", "rule", "what is wrong", "what to do")
    for fault in faults:
        table.add_row(fault.severity, fault.place, fault.rule, fault.message, fault.remedy)
    Console(width=None if sys.stdout.isatty() else PIPED_WIDTH, markup=False).print(table)
