"""``delivery``: files of centres and counts, addresses to ask; ``probe``: ask them."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.operations.cli import given
from dashboard.operations.cli.output import count_words, fail
from dashboard.settings import settings

if TYPE_CHECKING:
    from dashboard.contributions.submissions.counts.rows import RowFault

app = typer.Typer(help="Service delivery: centres, monthly counts, addresses to ask.", no_args_is_help=True)


@app.command()
def centres(
    file: Annotated[Path, typer.Argument(help="CSV with code, country, name, since and others; UTF-8.")],
) -> None:
    """Keep the centres of a file; a later row of the same code says what changed."""
    from dashboard.contributions.delivery import store
    from dashboard.contributions.delivery.model import DeliveryError
    from dashboard.contributions.submissions.counts.rows import read_centres

    text = given.read_csv(file)
    database = given.open_database(settings())
    try:
        rows, faults = read_centres(text, store.centres(database))
    except DeliveryError as error:
        fail(f"{file.name}: {error}", 2)
    saved = store.save_centres(database, rows)
    typer.echo(
        f"{count_words(saved, 'centre')} kept, {count_words(len({fault.row for fault in faults}), 'row')} not taken"
    )
    _print_faults(file, faults)


@app.command()
def counts(
    file: Annotated[Path, typer.Argument(help="CSV with centre, service, channel, month and counts; UTF-8.")],
) -> None:
    """Keep the monthly counts of a file; sent again, they supersede the earlier ones and both stay in the record."""
    from dashboard.contributions.delivery import store
    from dashboard.contributions.delivery.model import DeliveryError
    from dashboard.contributions.submissions.counts.rows import read_reports

    text = given.read_csv(file)
    database = given.open_database(settings())
    centres = store.centres(database)
    earlier = {row.key: row for country in store.countries(database) for row in store.reports(database, country)}
    now = datetime.now(UTC)
    try:
        rows, faults = read_reports(text, centres, earlier, now.date())
    except DeliveryError as error:
        fail(f"{file.name}: {error}", 2)
    saved = 0
    for country in sorted({centres[row.centre][-1].country for row in rows}):
        of_country = [row for row in rows if centres[row.centre][-1].country == country]
        saved += store.save_reports(database, country, of_country, now)
    stopped = {fault.row for fault in faults if fault.fault.severity == "error"}
    text = f"{count_words(saved, 'report')} new or changed, {len(rows) - saved:,} as before"
    typer.echo(f"{text}, {count_words(len(stopped), 'row')} not taken")
    _print_faults(file, faults)


@app.command()
def address(
    url: Annotated[str, typer.Argument(help="Public address of a service.")],
    country: Annotated[str, typer.Option(help="ISO3, such as AZE.")],
    name: Annotated[str, typer.Option(help="What it is called on the page.")],
    expects: Annotated[str, typer.Option(help="Text that its page holds only where the service is up.")],
    channel: Annotated[str, typer.Option(help="web or app.")] = "web",
) -> None:
    """Put an address on the list that a server asks every five minutes; told again, what is told now counts."""
    from dashboard.contributions.delivery import store
    from dashboard.contributions.delivery.model import ONLINE, DeliveryError
    from dashboard.contributions.delivery.probing import checked_text, checked_url

    country = given.read_country(country)
    if channel not in ONLINE:
        fail(f"There is no channel {channel[:40]!r} that can be asked: use {' or '.join(ONLINE)}.", 2)
    try:
        checked_address, text = checked_url(url), checked_text(expects)
        now = datetime.now(UTC)
        store.save_address(
            given.open_database(settings()), checked_address, country, name[:120], now, channel=channel, expects=text
        )
    except DeliveryError as error:
        fail(str(error), 2)
    typer.echo(f"{checked_address} is on the list of {country}: a running server asks it every five minutes")


@app.command()
def forget(url: Annotated[str, typer.Argument(help="Address that is asked no more.")]) -> None:
    """Take an address off the list; what it answered stays in the record."""
    from dashboard.contributions.delivery import store

    if not store.stop_asking(given.open_database(settings()), url.strip()):
        fail(f"{url[:80]!r} is not on the list.", 2)
    typer.echo(f"{url.strip()} is asked no more")


def probe(every: Annotated[bool, typer.Option("--every", help="Go on, once in five minutes.")] = False) -> None:
    """Ask every address on the list once whether it is up; with --every again in each step of five minutes."""
    from dashboard.contributions.delivery.probing import STEP, list_asked, round_of, step_of

    database = given.open_database(settings())
    while True:
        now = datetime.now(UTC)
        probes = round_of(database, now)
        if not list_asked(database, now):
            typer.echo("No address is on the list: add one with python -m dashboard delivery address.", err=True)
        elif not probes:
            typer.echo("All were asked in these five minutes already, or another server asks them now.", err=True)
        for result in probes:
            typer.echo(f"{'up' if result.up else 'down'} {result.url} {result.status or ''} {result.error}".rstrip())
        if not every:
            return
        time.sleep(max(0.0, (step_of(now) + STEP - datetime.now(UTC)).total_seconds()))


def _print_faults(file: Path, faults: "Sequence[RowFault]") -> None:
    for fault in faults[:200]:
        typer.echo(f"{file.name}, {fault}", err=True)
    if len(faults) > 200:
        typer.echo(f"… and {len(faults) - 200:,} more", err=True)
    if any(fault.fault.severity == "error" for fault in faults):
        raise typer.Exit(1)
