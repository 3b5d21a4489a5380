"""``dataset``: what is published, publishing again, and changes between vintages."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.operations.cli import given
from dashboard.operations.cli.output import fail

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl
    from rich.table import Table

    from dashboard.evidence.dataset.store import Dataset
    from dashboard.evidence.gathering.review.copies import Comparison

app = typer.Typer(help="The published dataset: state, vintages, differences.", no_args_is_help=True)


@app.command()
def status() -> None:
    """Say what is published, which series failed last, and whether all files are whole; exit 1 when not."""
    from dashboard.settings import settings

    dataset = _open_current()
    typer.echo(f"Version     {dataset.version}")
    typer.echo(f"Vintage     {dataset.vintage} of {dataset.created_at:%Y-%m-%d %H:%M} UTC")
    typer.echo(f"Rows        {dataset.manifest['rows']} in force, {dataset.manifest['rows_ever']} with history")
    typer.echo(f"Indicators  {len(dataset.indicators())}")
    typer.echo(f"Folder      {settings().dataset_dir}")
    failing = [outcome for outcome in dataset.outcomes() if outcome["state"] == "failed"]
    for outcome in failing:
        typer.echo(f"Failed      {outcome['source']} {outcome['series']}: {outcome['message']} ({outcome['code']})")
    faults = dataset.verify()
    for fault in faults:
        typer.echo(f"Damaged     {fault}", err=True)
    if faults:
        fail("Publish again: python -m dashboard dataset publish")


@app.command()
def publish() -> None:
    """Publish the database's newest vintage; does nothing when exactly this is published and whole."""
    from dashboard.evidence.codebook.loader import load_codebook
    from dashboard.evidence.database.engine import Unusable, migrate, open_engine
    from dashboard.evidence.dataset.agreement import require_agreement
    from dashboard.evidence.dataset.publish import EmptyRecord
    from dashboard.evidence.dataset.publish import publish as publish_record
    from dashboard.evidence.dataset.wholeness import RecordBehind
    from dashboard.settings import settings

    try:
        require_agreement(settings())
        migrate(settings())
        version = publish_record(open_engine(settings()), settings().dataset_dir, load_codebook().version)
    except (EmptyRecord, RecordBehind, Unusable) as error:
        fail(f"Nothing was published. {error}")
    done = "Published" if version.fresh else "Already published:"
    typer.echo(f"{done} {version.name}: vintage {version.vintage}, {version.rows} rows")


@app.command()
def rebuild() -> None:
    """Write the database anew from what is published, for one that is lost, damaged or too old; publish it again."""
    from dashboard.evidence.codebook.loader import load_codebook
    from dashboard.evidence.database.engine import Unusable, open_engine
    from dashboard.evidence.dataset.publish import publish as publish_record
    from dashboard.operations.rebuild import NotRebuilt
    from dashboard.operations.rebuild import rebuild as rebuild_record
    from dashboard.settings import settings

    try:
        number, aside = rebuild_record(settings())
    except (NotRebuilt, Unusable) as error:
        fail(f"The database was not rebuilt. {str(error).rstrip('.')}.")
    version = publish_record(open_engine(settings()), settings().dataset_dir, load_codebook().version)
    if aside is not None:
        typer.echo(f"The former file lies in {aside}")
    typer.echo(f"Rebuilt {number} vintages, each with the digest it had; {version.name} is published.")


@app.command()
def vintages() -> None:
    """List every vintage with its date, rows and note."""
    table = _make_table("vintage", "created (UTC)", "rows", "added", "superseded", "note", numbers=(0, 2, 3, 4))
    for vintage in _open_current().vintages():
        table.add_row(
            str(vintage["number"]),
            f"{vintage['created_at']:%Y-%m-%d %H:%M}",
            *(str(vintage[name]) for name in ("rows", "added", "superseded")),
            vintage["note"],
        )
    _print_table(table)


@app.command()
def editions() -> None:
    """List the edition held of every database, the newest known, its day, and when the next is expected."""
    from dashboard.answers.base.context import open_context
    from dashboard.answers.base.errors import NotReady
    from dashboard.answers.freshness.editions import describe_expected, describe_release_day, list_editions
    from dashboard.answers.wording.publishers import list_publishers
    from dashboard.locales import format_edition

    try:
        ctx = open_context()
    except NotReady as error:
        fail(str(error))
    table = _make_table("source", "database", "held", "figures to", "newest known", "published", "next expected")
    for source in list_publishers():
        for edition in list_editions(ctx, source):
            newest = ("not known",) * 2
            if edition.newest:
                newest = format_edition(edition.newest.edition, ctx.lang), describe_release_day(ctx, edition.newest)
            held = format_edition(edition.held, ctx.lang) if edition.held else "none"
            expected = describe_expected(ctx, edition)
            table.add_row(source, edition.title, held, str(edition.held_to or ""), *newest, expected)
    _print_table(table)


@app.command()
def waiting() -> None:
    """List the changes that wait for a person, with the reason of each."""
    from dashboard.evidence.database import proposals
    from dashboard.evidence.database.engine import open_engine
    from dashboard.settings import settings

    _migrate()
    listed = proposals.list_waiting(open_engine(settings()))
    for proposal in listed:
        typer.echo(
            f"{proposal.number}  {proposal.created_at:%Y-%m-%d %H:%M}  {proposal.source}: {proposal.rows} rows to add, "
            f"{len(proposal.superseded)} to supersede; {proposal.reason}"
        )
    if not listed:
        typer.echo("Nothing waits.")


@app.command()
def approve(number: Annotated[int, typer.Argument(help="Number of the waiting change (`dataset waiting`).")]) -> None:
    """Publish a change that waits: it becomes the next vintage, dated now."""
    from dashboard.evidence.codebook.loader import load_codebook
    from dashboard.evidence.database.vintages import Conflict
    from dashboard.evidence.gathering.review import review
    from dashboard.evidence.gathering.schedule.lease import GatheringBusy
    from dashboard.settings import settings

    _migrate()
    try:
        version = review.approve(settings(), load_codebook(), number)
    except (LookupError, GatheringBusy) as error:
        fail(str(error))
    except Conflict as error:
        fail(f"{error}. Gather again: what is still different will be proposed anew.")
    typer.echo(f"Published {version.name}: vintage {version.vintage}, {version.rows} rows")


@app.command()
def reject(number: Annotated[int, typer.Argument(help="Number of the waiting change (`dataset waiting`).")]) -> None:
    """Turn a waiting change down; what is published stays, and exactly this change is not proposed again."""
    from dashboard.evidence.gathering.review import review
    from dashboard.settings import settings

    _migrate()
    try:
        description = review.reject(settings(), number)
    except LookupError as error:
        fail(str(error))
    typer.echo(f"Rejected change {number} ({description}). What is published stays.")


@app.command()
def rollback(
    to: Annotated[int, typer.Argument(metavar="TO", help="Number of the vintage to go back to (`dataset vintages`).")],
) -> None:
    """Publish again what vintage TO held of publishers, after a mistaken approval: a new vintage; nothing is deleted.

    What offices have published since stays: a reviewer rolls that back. A gathering that would change these figures
    again waits for a person: approve it then, or reject it.
    """
    from dashboard.evidence.codebook.loader import load_codebook
    from dashboard.evidence.gathering.review import review
    from dashboard.evidence.gathering.schedule.lease import GatheringBusy
    from dashboard.settings import settings

    _migrate()
    try:
        version = review.rollback(settings(), load_codebook(), to)
    except (LookupError, GatheringBusy) as error:
        fail(str(error))
    typer.echo(f"Published {version.name}: vintage {version.vintage} holds what vintage {to} held, {version.rows} rows")


@app.command()
def compare(
    file: Annotated[Path, typer.Option("--with", exists=True, dir_okay=False, help="The copy: CSV or XLSX.")],
    indicator: Annotated[str, typer.Option(help="Which indicator its figures are of.")],
    country: Annotated[str, typer.Option(help="Its column of countries: codes or names.")] = "iso3",
    year: Annotated[str, typer.Option(help="Its column of years.")] = "year",
    value: Annotated[str, typer.Option(help="Its column of figures.")] = "value",
    where: Annotated[list[str] | None, typer.Option(help="COLUMN=TEXT that rows must have; may be repeated.")] = None,
    source: Annotated[str, typer.Option(help="Whose published figures; the shown ones when left out.")] = "",
    sheet: Annotated[str, typer.Option(help="The sheet of a workbook; the first when left out.")] = "",
    delimiter: Annotated[str, typer.Option(help="What separates the cells of a CSV file; \\t is a tab.")] = ",",
    every: Annotated[bool, typer.Option("--all", help="List every difference, not the first twenty.")] = False,
) -> None:
    """Check the published figures of an indicator against an independent copy of a publisher's file.

    Figures are compared at the precision at which both are printed. Exit code 1 when some differ.
    """
    import polars as pl

    from dashboard.evidence.codebook.loader import load_codebook
    from dashboard.evidence.gathering.review.copies import Columns, compare_copy, read_copy
    from data_sources.errors import SourceError

    book = load_codebook()
    given.read_choice(indicator, "indicator", book.metrics)
    delimiter = "\t" if delimiter == "\\t" else delimiter
    if len(delimiter) != 1 or delimiter in '"\r\n':
        fail("--delimiter is one character, such as ; (or \\t, a tab)", 2)
    pairs = [pair.partition("=") for pair in where or ()]
    if any(not middle for _, middle, _ in pairs):
        fail("--where is COLUMN=TEXT, such as --where Sex=Total", 2)
    columns = Columns(country, year, value, {name: text for name, _, text in pairs})
    rows = _open_current().scan([indicator]).filter(pl.col("dimensions") == "{}").collect()
    rows = rows.filter(source=source) if source else rows.filter("primary")
    if rows.is_empty():
        sources = ", ".join(sorted({link.source for link in book.metrics[indicator].series})) or "none"
        fail(f"Nothing is published of {indicator}{f' from {source}' if source else ''}; sources: {sources}")
    owner = source or rows.item(0, "source")
    try:
        table = read_copy(file.name, file.read_bytes(), columns, sheet or 0, delimiter)
        comparison = compare_copy(rows, table, columns, owner, book)
    except SourceError as error:
        fail(str(error), 2)
    for difference in comparison.differing if every else comparison.differing[:20]:
        typer.echo(
            f"{difference.country} {difference.year}: published {difference.published}, copy {difference.copied} "
            f"(to {difference.decimals} decimals)"
        )
    if len(comparison.differing) > 20 and not every:
        typer.echo(f"and {len(comparison.differing) - 20} more: --all lists them")
    editions = rows["edition"].unique()
    edition = editions.item() if len(editions) == 1 else f"{len(editions)} editions"
    typer.echo(
        f"{indicator} ({owner}, {edition}): {comparison.equal} equal, {len(comparison.differing)} differ, "
        f"{len(comparison.only_published)} only published, {len(comparison.only_copied)} only in {file.name}, "
        f"{comparison.unread} of its rows unread"
    )
    if not comparison.equal and not comparison.differing:
        typer.echo(f"Nothing was compared: {_explain_nothing(comparison, bool(pairs))}.", err=True)
    if comparison.differing or not comparison.equal:
        raise typer.Exit(1)


def _explain_nothing(comparison: "Comparison", chosen: bool) -> str:
    if comparison.only_copied:
        return "the figures of both are of different countries or years"
    if comparison.unread:
        return "no row has a country, a year and a figure; look at --country, --year and --value"
    return "no row fits --where and has a figure of a country" if chosen else "no row has a figure of a country"


@app.command()
def diff(
    a: Annotated[int, typer.Argument(metavar="A", help="Number of the earlier vintage.")],
    b: Annotated[int, typer.Argument(metavar="B", help="Number of the later vintage.")],
) -> None:
    """Say what changed from vintage A to vintage B, per indicator; sizes are in the indicator's unit."""
    from dashboard.evidence.dataset.changes import KINDS, find_changes, summarise_changes

    dataset = _open_current()
    numbers = [vintage["number"] for vintage in dataset.vintages()]
    for number in (a, b):
        if number not in numbers:
            fail(f"There is no vintage {number}: known are {numbers[0]} to {numbers[-1]}", 2)
    table = _make_table("indicator", *KINDS, "median revision", "largest revision", numbers=range(1, 7))
    later = dataset.as_of(b)
    changed = find_changes(dataset.as_of(a), later).collect()
    rows = summarise_changes(changed.lazy()).collect()
    for indicator, *counts, median, largest in rows.iter_rows():
        sizes = ("" if size is None else f"{size:.4g}" for size in (median, largest))
        table.add_row(indicator, *map(str, counts), *sizes)
    if rows.is_empty():
        typer.echo(f"Nothing changed from vintage {a} to vintage {b}.")
        return
    _print_table(table)
    for line in _describe_largest(changed, later):
        typer.echo(line)


MAX_NAMED = 5
"""Largest revisions, vanished figures and jumps that ``diff`` names."""


def _describe_largest(frame: "pl.DataFrame", later: "Dataset") -> "Iterator[str]":
    """Yield the largest revisions, vanished figures, and new figures far from those before."""
    import polars as pl

    from dashboard.analysis.measures.jumps import find_jumps

    revised = frame.filter(pl.col("kind") == "revised", pl.col("size") > 0).sort("size", descending=True)
    for row in revised.unique("indicator", keep="first", maintain_order=True).head(MAX_NAMED).iter_rows(named=True):
        before, after = f"{row['before']:.6g}", f"{row['after']:.6g}"
        yield f"{row['indicator']}: {row['country']} {row['period']} revised from {before} to {after}"
    gone = frame.filter(pl.col("kind") == "vanished")
    for row in gone.head(MAX_NAMED).iter_rows(named=True):
        yield f"{row['indicator']}: {row['country']} {row['period']} vanished"
    if gone.height > MAX_NAMED:
        yield f"and {gone.height - MAX_NAMED} more vanished"
    moved = frame.filter(pl.col("kind").is_in(["new", "revised"]))
    rows = later.scan(moved["indicator"].unique().to_list()).collect()
    for row in find_jumps(rows, moved).head(MAX_NAMED).iter_rows(named=True):
        yield (
            f"look at {row['indicator']}: {row['country']} {row['period']}: {row['value']:.6g} after "
            f"{row['before']:.6g} in {row['period_before']}, {row['times']:.0f} times the usual step"
        )


def _migrate() -> None:
    from dashboard.evidence.database.engine import Unusable, migrate
    from dashboard.evidence.dataset.agreement import require_agreement
    from dashboard.evidence.dataset.wholeness import RecordBehind
    from dashboard.settings import settings

    try:
        require_agreement(settings())
        migrate(settings())
    except (RecordBehind, Unusable) as error:
        fail(str(error))


def _open_current() -> "Dataset":
    from dashboard.evidence.dataset.store import Dataset, NotPublished
    from dashboard.settings import settings

    try:
        return Dataset.current(settings().dataset_dir)
    except NotPublished as error:
        _migrate()  # where the database cannot be reached, that is what is wrong
        fail(str(error))


def _make_table(*heads: str, numbers: "tuple[int, ...] | range" = ()) -> "Table":
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for place, head in enumerate(heads):
        table.add_column(head, justify="right" if place in numbers else "left")
    return table


def _print_table(table: "Table") -> None:
    import sys

    from rich.console import Console

    # Where no terminal says how wide it is, a line must not break in the middle of a name.
    Console(width=None if sys.stdout.isatty() else 200).print(table)
