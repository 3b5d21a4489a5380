"""``source``: how the publishers stand, whether they answer, and a new one's folder."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from dashboard.operations.cli.output import fail

app = typer.Typer(help="The publishers: how they stand, whether they answer, a new one.", no_args_is_help=True)


@app.command("list")
def list_publishers() -> None:
    """List every publisher with its last success, age, next due date and last failure."""
    from dashboard.evidence.codebook import CodebookError, load_codebook
    from dashboard.evidence.database.engine import Unusable, migrate
    from dashboard.evidence.gathering.standing import list_standings
    from dashboard.settings import settings

    now = datetime.now(UTC)
    try:
        migrate(settings())
        rows = list_standings(settings(), load_codebook())
    except (CodebookError, Unusable, ValueError) as error:
        fail(str(error))
    for standing in rows:
        if standing.last_success is None:
            received = "never received"
        else:
            received = (
                f"received {standing.last_success:%Y-%m-%d} ({max(0, (now - standing.last_success).days)} days ago)"
            )
        if standing.next_due is None:
            unasked = "asked for with gather --secondary only" if standing.series else "no series of the codebook"
            due = unasked if standing.askable else "no address configured"
        else:
            due = f"{'due since' if standing.next_due <= now else 'due'} {standing.next_due:%Y-%m-%d}"
        typer.echo(f"{standing.source:<11} {standing.series:>3} series  {received:<37} {due}")
        if standing.last_failure:
            typer.echo(
                f"{'':<11} {standing.failing} failed, last {standing.last_failure}; what was published of them stays"
            )


@app.command()
def check(
    source: Annotated[list[str] | None, typer.Argument(help="Publishers to ask; all when left out.")] = None,
) -> None:
    """Ask publishers, and every site of a platform, for one small series, and say what came; exit 1 when one fails.

    Nothing is kept.
    """
    from dashboard.evidence.codebook import CodebookError, load_codebook
    from dashboard.evidence.dataset.store import Dataset, NotPublished
    from dashboard.evidence.gathering.plan import NothingToGather
    from dashboard.evidence.gathering.standing import probe
    from dashboard.settings import settings

    try:
        try:
            indicators = Dataset.current(settings().dataset_dir).manifest["indicators"]
        except NotPublished:
            indicators = {}
        sizes = {indicator: counts["rows"] for indicator, counts in indicators.items()}
        probes = probe(settings(), load_codebook(), tuple(source or ()), sizes)
    except (CodebookError, NothingToGather, ValueError) as error:
        fail(str(error), 2)
    for result in probes:
        name = f"{result.source} {result.site}".strip()
        typer.echo(f"{'well' if result.well else 'FAILED':<7} {name:<15} {result.words}")
    if not all(result.well for result in probes):
        raise typer.Exit(1)


@app.command()
def new(
    source: Annotated[str, typer.Argument(help="Its id: lower-case letters, digits and _.")],
    title: Annotated[str, typer.Option(help="What it publishes.")],
    publisher: Annotated[str, typer.Option(help="Who publishes it.")],
    homepage: Annotated[str, typer.Option(help="Where people read about it.")],
    licence: Annotated[str, typer.Option(help="Its licence.")],
    licence_url: Annotated[str, typer.Option(help="Where the licence stands.")],
    base_url: Annotated[str, typer.Option(help="Where its API answers.")],
) -> None:
    """Make the folder of a new publisher in data_sources/, and say what else it needs."""
    from dashboard.evidence.gathering.scaffolding import Publisher, Refused, scaffold

    try:
        made = Publisher(source, title, publisher, homepage, licence, licence_url, base_url)
        folder, line = scaffold(made)
    except Refused as error:
        fail(str(error))
    typer.echo(f"Made {folder}. Add this line to CASES in tests/data_sources/test_source_contract.py:\n{line}")
    typer.echo("Then a row for each of its series in dashboard/evidence/codebook/data/series.csv.")
