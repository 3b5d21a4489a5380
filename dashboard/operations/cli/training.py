"""``training``: the product to practise on, with invented figures, on this machine only."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from dashboard.operations.cli.output import fail


def serve_training(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of pages, API and websocket.")] = 3100,
    host: Annotated[str, typer.Option(help="Address to listen on; this machine only.")] = "127.0.0.1",
    folder: Annotated[Path, typer.Option(help="Folder of the workspace, for nothing else.")] = Path("var-training"),
    reset: Annotated[bool, typer.Option("--reset", help="Begin anew: what was done in it is lost.")] = False,
    make_only: Annotated[bool, typer.Option("--make-only", help="Make the workspace without serving it.")] = False,
) -> None:
    """Serve the product with invented figures of four invented countries, and print who can log in."""
    from dashboard.operations.cli.serve import serve
    from dashboard.operations.training import making, place
    from dashboard.settings import settings

    try:
        place.refuse_public(settings(), host)
        if reset:
            place.reset(folder)
        workspace = place.read_workspace(folder)
        started = workspace or making.begin_workspace(folder)
    except place.WorkspaceRefused as reason:
        fail(str(reason))
    os.environ |= making.make_environment(folder, port, started)
    settings.cache_clear()
    workspace = workspace or making.fill_workspace(settings(), started, datetime.now(UTC), typer.echo)
    typer.echo(f"Training: invented figures. Log in at http://localhost:{port}/account/login as")
    for person in workspace.people:
        typer.echo(f"  {person.email:<34} {person.role:<12} {person.country or '–':<4} {person.password}")
    typer.echo("Reviewer and administrator set up a one-time code at their first login.")
    typer.echo(f"A lesson for each role, about an hour in all: http://localhost:{port}/training/lessons/")
    if not make_only:
        serve(port=port, host=host)
