"""``delivery``: files of centres and counts, addresses to ask; ``probe``: ask them."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli import given
from dashboard.cli.output import count_words, fail

if TYPE_CHECKING:
    from dashboard.submissions.counts.rows import RowFault

app = typer.Typer(help="Service delivery: centres, monthly counts, addresses to ask.", no_args_is_help=True)


@app.command()
def centres(
    file: Annotated[Path, typer.Argument(help="CSV with code, country, name, since and others; UTF-8.")],
) -> None:
    """Keep the centres of a file; a later row of the same code says what changed."""
    from dashboard.database.engine import migrate, open_engine
    from dashboard.delivery import store
    from dashboard.delivery.model import DeliveryError
    from dashboard.settings import settings
    from dashboard.submissions.counts.rows import read_centres

    text = given.read_csv(file)
    migrate(settings())
    database = open_engine(settings())
    try:
        rows, faults = read_centres(text, store.centres(database))
    except DeliveryError as error:
        fail(f"{file.name}: {error}", 2)
    saved = store.save_centres(database, rows)
    typer.echo(f"{count_words(saved, 'centre')} kept, {count_words(len({one.row for one in faults}), 'row')} not taken")
    _tell(file, faults)


@app.command()
def counts(
    file: Annotated[Path, typer.Argument(help="CSV with centre, service, channel, month and counts; UTF-8.")],
) -> None:
    """Keep the monthly counts of a file; sent again, they supersede the earlier ones and both stay in the record."""
    from dashboard.database.engine import migrate, open_engine
    from dashboard.delivery import store
    from dashboard.delivery.model import DeliveryError
    from dashboard.settings import settings
    from dashboard.submissions.counts.rows import read_reports

    text = given.read_csv(file)
    migrate(settings())
    database = open_engine(settings())
    known = store.centres(database)
    earlier = {row.key: row for country in store.countries(database) for row in store.reports(database, country)}
    now = datetime.now(UTC)
    try:
        rows, faults = read_reports(text, known, earlier, now.date())
    except DeliveryError as error:
        fail(f"{file.name}: {error}", 2)
    saved = 0
    for country in sorted({known[row.centre][-1].country for row in rows}):
        of_country = [row for row in rows if known[row.centre][-1].country == country]
        saved += store.save_reports(database, country, of_country, now)
    stopped = {one.row for one in faults if one.fault.severity == "error"}
    told = f"{count_words(saved, 'report')} new or changed, {len(rows) - saved:,} as before"
    typer.echo(f"{told}, {count_words(len(stopped), 'row')} not taken")
    _tell(file, faults)


@app.command()
def address(
    url: Annotated[str, typer.Argument(help="Public address of a service.")],
    country: Annotated[str, typer.Option(help="ISO3, such as AZE.")],
    name: Annotated[str, typer.Option(help="What it is called on the page.")],
    expects: Annotated[str, typer.Option(help="Text that its page holds only where the service is up.")],
    channel: Annotated[str, typer.Option(help="web or app.")] = "web",
) -> None:
    """Put an address on the list that a server asks every five minutes; told again, what is told now counts."""
    from dashboard.database.engine import migrate, open_engine
    from dashboard.delivery import store
    from dashboard.delivery.model import ONLINE, DeliveryError
    from dashboard.delivery.probing import checked_text, checked_url
    from dashboard.settings import settings

    country = given.read_country(country)
    if channel not in ONLINE:
        fail(f"There is no channel {channel[:40]!r} that can be asked: use {' or '.join(ONLINE)}.", 2)
    migrate(settings())
    try:
        asked, text = checked_url(url), checked_text(expects)
        now = datetime.now(UTC)
        store.save_address(open_engine(settings()), asked, country, name[:120], now, channel=channel, expects=text)
    except DeliveryError as error:
        fail(str(error), 2)
    typer.echo(f"{asked} is on the list of {country}: a running server asks it every five minutes")


@app.command()
def forget(url: Annotated[str, typer.Argument(help="Address that is asked no more.")]) -> None:
    """Take an address off the list; what it answered stays in the record."""
    from dashboard.database.engine import migrate, open_engine
    from dashboard.delivery import store
    from dashboard.settings import settings

    migrate(settings())
    if not store.stop_asking(open_engine(settings()), url.strip()):
        fail(f"{url[:80]!r} is not on the list.", 2)
    typer.echo(f"{url.strip()} is asked no more")


@app.command()
def elsewhere(
    folder: Annotated[Path, typer.Option("--from", help="Folder of publishers' files, by the paths of plan.toml.")],
    to: Annotated[Path | None, typer.Option("--to", help="File to write; the product's own when left out.")] = None,
) -> None:
    """Compute anew what governments that are no adopters publish, from their own files."""
    from dashboard.delivery.elsewhere.building import build_figures
    from dashboard.delivery.elsewhere.figures import FILE, write_figures
    from data_sources.errors import SourceError

    try:
        rows = build_figures(folder)
    except (SourceError, ValueError) as error:
        fail(str(error), 2)
    write_figures(rows, to or FILE)
    typer.echo(f"{count_words(len(rows), 'figure')} written to {to or FILE}")


def probe(every: Annotated[bool, typer.Option("--every", help="Go on, once in five minutes.")] = False) -> None:
    """Ask every address on the list once whether it is up; with --every again in each step of five minutes."""
    from dashboard.database.engine import migrate, open_engine
    from dashboard.delivery.probing import STEP, list_asked, round_of, step_of
    from dashboard.settings import settings

    migrate(settings())
    while True:
        now = datetime.now(UTC)
        probes = round_of(open_engine(settings()), now)
        if not list_asked(open_engine(settings()), now):
            typer.echo("No address is on the list: add one with python -m dashboard delivery address.", err=True)
        elif not probes:
            typer.echo("All were asked in these five minutes already, or another server asks them now.", err=True)
        for one in probes:
            typer.echo(f"{'up' if one.up else 'down'} {one.url} {one.status or ''} {one.error}".rstrip())
        if not every:
            return
        time.sleep(max(0.0, (step_of(now) + STEP - datetime.now(UTC)).total_seconds()))


def _tell(file: Path, faults: "Sequence[RowFault]") -> None:
    for one in faults[:200]:
        typer.echo(f"{file.name}, {one}", err=True)
    if len(faults) > 200:
        typer.echo(f"… and {len(faults) - 200:,} more", err=True)
    if any(one.fault.severity == "error" for one in faults):
        raise typer.Exit(1)
