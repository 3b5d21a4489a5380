"""The command line: ``python -m dashboard …``; one module per group of commands."""

import typer

from dashboard.cli.account import app as account
from dashboard.cli.backup import app as backup
from dashboard.cli.check import check
from dashboard.cli.claims import app as claims
from dashboard.cli.codebook import app as codebook
from dashboard.cli.dataset import app as dataset
from dashboard.cli.delivery import app as delivery
from dashboard.cli.delivery import probe
from dashboard.cli.doctor import doctor
from dashboard.cli.effects import effects
from dashboard.cli.gather import gather
from dashboard.cli.locales import app as locales
from dashboard.cli.mcp import mcp
from dashboard.cli.sdmx import app as sdmx
from dashboard.cli.serve import serve
from dashboard.cli.snapshot import snapshot
from dashboard.cli.source import app as source
from dashboard.cli.submission import app as submission
from dashboard.cli.training import training
from dashboard.cli.voice import app as voice

app = typer.Typer(name="dashboard", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def monitor() -> None:
    """ASAN SDG Monitor: gather, publish and serve."""


app.command()(serve)
app.command()(training)
app.command()(gather)
app.command()(doctor)
app.command()(effects)
app.command()(check)
app.command()(mcp)
app.add_typer(snapshot, name="snapshot")
app.add_typer(codebook, name="codebook")
app.add_typer(claims, name="claims")
app.add_typer(locales, name="locales")
app.add_typer(dataset, name="dataset")
app.add_typer(sdmx, name="sdmx")
app.add_typer(backup, name="backup")
app.add_typer(source, name="source")
app.add_typer(delivery, name="delivery")
app.command()(probe)
app.add_typer(voice, name="voice")
app.add_typer(account, name="account")
app.add_typer(submission, name="submission")
