"""The command line: ``python -m dashboard …``; one module per group of commands."""

import typer

app = typer.Typer(
    name="dashboard", help="ASAN SDG Monitor: gather, publish and serve.", no_args_is_help=True, pretty_exceptions_enable=False
)
