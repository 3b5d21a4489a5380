"""``training``: the product to practise on, with invented figures, on this machine only."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from dashboard.cli.output import fail


def training(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of pages, API and websocket.")] = 3100,
    host: Annotated[str, typer.Option(help="Address to listen on; this machine only.")] = "127.0.0.1",
    folder: Annotated[Path, typer.Option(help="Folder of the workspace, for nothing else.")] = Path("var-training"),
    reset: Annotated[bool, typer.Option("--reset", help="Begin anew: what was done in it is lost.")] = False,
    make_only: Annotated[bool, typer.Option("--make-only", help="Make the workspace without serving it.")] = False,
) -> None:
    """Serve the product with invented figures of four invented countries, and print who can log in."""
    from dashboard.cli.serve import serve
    from dashboard.settings import settings
    from dashboard.training import making, place

    try:
        place.refuse_public(settings(), host)
        if reset:
            place.reset(folder)
        held = place.made(folder)
        begun = held or making.begin(folder)
    except place.WorkspaceRefused as reason:
        fail(str(reason))
    os.environ |= making.settings_for(folder, port, begun)
    settings.cache_clear()
    held = held or making.fill(settings(), begun, datetime.now(UTC), typer.echo)
    typer.echo(f"Training: invented figures. Log in at http://localhost:{port}/account/login as")
    for one in held.people:
        typer.echo(f"  {one.email:<34} {one.role:<12} {one.country or '–':<4} {one.password}")
    typer.echo("Reviewer and administrator set up a one-time code at their first login.")
    typer.echo(f"A lesson for each role, about an hour in all: http://localhost:{port}/training/lessons/")
    if not make_only:
        serve(port=port, host=host)
