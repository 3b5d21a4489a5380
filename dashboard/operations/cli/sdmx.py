"""``sdmx``: the global SDG structure that figures are given by, and what it does not hold."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from dashboard.operations.cli.output import fail

app = typer.Typer(help="SDMX: the global SDG structure spoken, and what it does not hold.", no_args_is_help=True)


@app.callback()
def sdmx() -> None:
    """SDMX: the global SDG structure spoken, and what it does not hold."""


@app.command()
def load(
    file: Annotated[Path, typer.Argument(help="A structure message (SDMX-ML) of IAEG-SDGs:SDG with its codelists.")],
) -> None:
    """Speak a newer version of the global SDG structure from now on."""
    from dashboard.analysis.sdmx.reading import StructureUnreadable
    from dashboard.answers.sdmx.standard import StructureNotNewer, load_standard

    try:
        structure = load_standard(file)
    except (OSError, StructureUnreadable, StructureNotNewer) as error:
        fail(f"Nothing was loaded.\n{error}")
    codes = sum(len(codes.items) for codes in structure.codelists.values())
    typer.echo(f"{structure.name} is spoken from now on: {len(structure.codelists)} codelists, {codes} codes.")
    typer.echo("A running server takes it up with its next start.")


@app.command()
def mapping() -> None:
    """Say how many figures the global structure holds, and why it holds no others."""
    from dashboard.answers.base.context import open_context
    from dashboard.answers.base.errors import NotReady
    from dashboard.answers.sdmx.report import report_mapping

    try:
        report = report_mapping(open_context())
    except NotReady as error:
        fail(str(error), 2)
    typer.echo(report["note"])
    typer.echo(f"{report['mapped']} of {report['rows']} figures are in the dataflow SDG.")
    counted: Counter[str] = Counter()
    for row in report["unmapped"]:
        counted[f"{row['reason']}: {row['text']}"] += row["rows"]
    for reason, rows in counted.most_common():
        typer.echo(f"{rows:>8}  {reason}")
