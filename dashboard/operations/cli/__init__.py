"""The command line: ``python -m dashboard …``; one module per group of commands."""

import typer

from dashboard.operations.cli.account import app as account
from dashboard.operations.cli.backup import app as backup
from dashboard.operations.cli.check import check
from dashboard.operations.cli.claims import app as claims
from dashboard.operations.cli.codebook import app as codebook
from dashboard.operations.cli.database import app as database
from dashboard.operations.cli.dataset import app as dataset
from dashboard.operations.cli.delivery import app as delivery
from dashboard.operations.cli.delivery import probe
from dashboard.operations.cli.doctor import examine_installation
from dashboard.operations.cli.gather import gather
from dashboard.operations.cli.locales import app as locales
from dashboard.operations.cli.mcp import serve_assistants
from dashboard.operations.cli.sdmx import app as sdmx
from dashboard.operations.cli.serve import serve
from dashboard.operations.cli.snapshot import snapshot
from dashboard.operations.cli.source import app as source
from dashboard.operations.cli.submission import app as submission
from dashboard.operations.cli.survey import app as survey
from dashboard.operations.cli.training import serve_training
from dashboard.operations.cli.voice import app as voice

app = typer.Typer(name="dashboard", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def monitor() -> None:
    """ASAN SDG Monitor: gather, publish and serve."""


app.command()(serve)
app.command("training")(serve_training)
app.command()(gather)
app.command("doctor")(examine_installation)
app.command()(check)
app.command("mcp")(serve_assistants)
app.add_typer(snapshot, name="snapshot")
app.add_typer(codebook, name="codebook")
app.add_typer(claims, name="claims")
app.add_typer(locales, name="locales")
app.add_typer(dataset, name="dataset")
app.add_typer(sdmx, name="sdmx")
app.add_typer(backup, name="backup")
app.add_typer(database, name="database")
app.add_typer(source, name="source")
app.add_typer(delivery, name="delivery")
app.command()(probe)
app.add_typer(voice, name="voice")
app.add_typer(account, name="account")
app.add_typer(submission, name="submission")
app.add_typer(survey, name="survey")
