"""The command line: ``python -m dashboard …``; one module per group of commands."""

import typer

from dashboard.cli.serve import serve

app = typer.Typer(
    name="dashboard", help="ASAN SDG Monitor: gather, publish and serve.", no_args_is_help=True, pretty_exceptions_enable=False
)
app.command()(serve)
