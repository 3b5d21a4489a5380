"""``snapshot``: build the embedded dataset from publishers' files."""

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from dashboard.operations.cli.output import fail

snapshot = typer.Typer(help="The embedded dataset that a first start loads.", no_args_is_help=True)


@snapshot.callback()
def group() -> None:
    """The embedded dataset that a first start loads."""


@snapshot.command()
def build(
    origin: Annotated[Path, typer.Option("--from", help="Folder with publishers/ and provenance.csv.")],
    target: Annotated[
        Path | None, typer.Option("--to", help="Folder to write; the product's own when left out.")
    ] = None,
    date: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Date of the dataset; the plan's when left out.")
    ] = None,
) -> None:
    """Read publishers' files through the same parsers and checks as a gathering, and write the embedded dataset."""
    from dashboard.evidence.codebook.loader import load_codebook
    from dashboard.evidence.gathering import snapshot as builder

    def say(built: builder.Built) -> None:
        typer.echo(
            f"{built.indicator:<24} {built.source:<11} {built.figures:>6} figures, {built.countries:>3} countries, "
            + (f"{built.first}-{built.last}" if built.first else "no year")
            + (f", {built.regions} rows of regions left out" if built.regions else "")
        )
        counts = Counter(finding.code for finding in built.findings if finding.severity == "info")
        for finding in built.findings:
            if finding.severity == "warning":
                typer.echo(f"    {finding.code}: {finding.message}")
        for code, count in counts.items():
            typer.echo(f"    {code}: noted {count} times")

    folder = target or builder.FOLDER
    try:
        manifest = builder.build(origin, folder, load_codebook(), on=date.date() if date else None, say=say)
    except builder.SnapshotError as error:
        fail(f"Nothing was written.\n{error}")
    size = sum((folder / name).stat().st_size for name in (builder.OBSERVATIONS, builder.RECORDS, builder.MANIFEST))
    typer.echo(
        f"{folder}: {manifest['rows']} rows of {len(manifest['indicators'])} indicators and {manifest['countries']} "
        f"countries, dated {manifest['date']}, {size / 2**20:.2f} MB"
    )
