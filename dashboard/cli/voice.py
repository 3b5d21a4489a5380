"""``voice``: keys, files of opinions, the classifier, release of counts, and what must be done every day."""

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli import given
from dashboard.cli.output import count_words, fail

if TYPE_CHECKING:
    from dashboard.voice.inbox import Keyring

app = typer.Typer(help="Citizens' voice: take in, train, release, look after.", no_args_is_help=True)


@app.command()
def key(name: Annotated[str, typer.Option(help="Name of the key, such as 2026-11.")] = "") -> None:
    """Make a key for MONITOR_VOICE__KEYS; print it once and keep it nowhere."""
    from dashboard.voice.inbox import new_key

    if ":" in name:
        fail(f"A name ends at its colon, which stands before the key: {name} has one.", 2)
    typer.echo(new_key(name or f"{datetime.now(UTC):%Y-%m}"))


@app.command("import")
def import_(file: Annotated[Path, typer.Argument(help="CSV with text, centre, said_on and others; UTF-8.")]) -> None:
    """Take in the opinions of a file; faults by row, exit 1 where there are any. Sent again, nothing counts twice."""
    from dashboard.database.engine import migrate, open_engine
    from dashboard.delivery import store as delivery
    from dashboard.settings import settings
    from dashboard.voice.intake import take_rows
    from dashboard.voice.review import sort_new

    lines, reader = _table(file, "centre")
    migrate(settings())
    database = open_engine(settings())
    countries = {code: rows[-1].country for code, rows in delivery.centres(database).items()}
    with _as_csv(file, reader):
        receipts, faults = take_rows(database, _keys(), countries, reader, datetime.now(UTC), _progress(lines))
    if trouble := sort_new(database, settings().voice_dir):
        typer.echo(trouble, err=True)
    refused = len({one.row for one in faults})
    typer.echo(f"{receipts.fresh:,} new, {receipts.known:,} taken before, {refused:,} not taken")
    for one in faults[:200]:
        place = f"{file.name}, row {one.row + 1}, {one.fault.field}"  # as a spreadsheet counts: the head is row 1
        typer.echo(f"{place} ({one.fault.rule}): {one.fault.message}", err=True)
    if faults:
        raise typer.Exit(1)


@app.command()
def queue(
    country: Annotated[str, typer.Argument(help="ISO3, such as AZE.")],
    file: Annotated[Path, typer.Argument(help="CSV to write: redacted words, what is offered, no theme.")],
    coder: Annotated[str, typer.Option(help="Who will label; what they have labelled is left out.")],
    most: Annotated[int, typer.Option(min=1, help="Opinions at most.")] = 200,
) -> None:
    """Write what waits for a person, least certain first, newest first; integrity reports are never in it."""
    from dashboard.database.engine import migrate, open_engine
    from dashboard.settings import settings
    from dashboard.voice.review import Reviewer
    from dashboard.voice.review import queue as waiting

    country = given.read_country(country)
    if file.exists():
        fail(f"{file} is there already, perhaps with labels: keep those, and name another.", 2)
    migrate(settings())
    rows = waiting(open_engine(settings()), Reviewer(coder, frozenset({country})), most)
    with file.open("x", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("opinion", "language", "text", "offered", "kind", "theme"))
        for one in rows:
            kept = one.opinion
            writer.writerow((kept.id, kept.language, _harmless(kept.text), one.offered, kept.kind, ""))
    typer.echo(
        f"{count_words(len(rows), 'opinion')} in {file.name}: fill in theme, correct kind, "
        "then keep them with voice label"
    )


@app.command()
def label(
    country: Annotated[str, typer.Argument(help="ISO3, such as AZE.")],
    file: Annotated[Path, typer.Argument(help="The CSV of “queue” with theme and kind filled in.")],
    coder: Annotated[str, typer.Option(help="Who labelled.")],
) -> None:
    """Keep the labels of a person; rows without a theme are left, a label given again corrects.

    What is labelled integrity leaves the open at once, as in the moderators' room.
    """
    from dashboard.database.engine import migrate, open_engine
    from dashboard.settings import settings
    from dashboard.voice.intake import BEYOND, MOVED
    from dashboard.voice.model import INTEGRITY, VoiceError
    from dashboard.voice.moderation.opinions import pass_on
    from dashboard.voice.review import Reviewer, agreement, give_label

    country = given.read_country(country)
    _, reader = _table(file, "opinion", "theme")
    migrate(settings())
    database, who = open_engine(settings()), Reviewer(coder, frozenset({country}))
    kept = faults = 0
    with _as_csv(file, reader):
        rows = list(enumerate(reader, start=2))
    for line, row in rows:
        theme = (row.get("theme") or "").strip()
        if not theme:
            continue
        if row.get(BEYOND):
            faults += 1
            typer.echo(f"{file.name}, row {line}: {MOVED.message}", err=True)
            continue
        try:
            kind = (row.get("kind") or "opinion").strip()
            id_ = (row.get("opinion") or "").strip()
            keys = _keys() if theme == INTEGRITY else None
            give_label(database, who, id_, kind, theme, datetime.now(UTC))
            if keys is not None:
                pass_on(database, keys, id_)
            kept += 1
        except VoiceError as error:
            faults += 1
            typer.echo(f"{file.name}, row {line}: {error}", err=True)
    alpha = agreement(database, who.countries)[""]
    said = "no opinion has two coders yet" if alpha is None else f"coders agree at alpha {alpha:.2f}"
    typer.echo(f"{count_words(kept, 'label')} kept, {count_words(faults, 'row')} not taken; {said}")
    if faults:
        raise typer.Exit(1)


@app.command()
def train() -> None:
    """Train the classifier on all labels and say how well it does on labels it was not trained on.

    A server does so by itself where labels have come since.
    """
    from dashboard.database.engine import migrate, open_engine
    from dashboard.sandbox.pools import SandboxError
    from dashboard.settings import settings
    from dashboard.voice.classifier import TooFewLabels
    from dashboard.voice.review import retrain

    migrate(settings())
    now, folder = datetime.now(UTC), settings().voice_dir
    try:
        model = retrain(open_engine(settings()), folder, now, vectors=settings().voice.vectors)
    except TooFewLabels as few:
        fail(str(few))
    except SandboxError as error:
        fail(f"Nothing was trained: {error}. The classifier before it stays in force.")
    typer.echo(f"model {model.version}, sees {'sentence vectors' if model.report['sees'] == 'vectors' else 'words'}")
    for one in model.report["languages"]:
        said = "abstains"
        if one["threshold"] is not None:
            said = f"answers from {one['threshold']:.2f} on, {one['coverage']:.0%} of opinions"
        right = (
            ""
            if one["precision"] is None
            else f", {one['precision']:.1%} right (at least {one['precision_lower'] or 0:.1%})"
        )
        typer.echo(f"{one['language']}: {count_words(one['labels'], 'label')}, {said}{right}")
    if model.report["elsewhere"] is not None:
        typer.echo(f"other languages: answers from {model.report['elsewhere']:.2f} on, not measured there")


@app.command()
def release(country: Annotated[str, typer.Argument(help="ISO3, such as AZE.")]) -> None:
    """Release a country's counts of the months that are over; what is below ten, and would give it away, is hidden.

    A server does so by itself once a month. Run again, it releases only what has changed since.
    """
    from dashboard.database.engine import migrate
    from dashboard.dataset.publication import Unpublished
    from dashboard.settings import settings
    from dashboard.voice.publication.release import describe, publish

    country = given.read_country(country)
    migrate(settings())
    try:
        done = publish(settings(), country, datetime.now(UTC))
    except Unpublished as error:
        fail(str(error))
    if done.trouble:
        typer.echo(done.trouble, err=True)
    if not done.release:
        fail(f"{country}: {describe(done, 'en')}")
    typer.echo(f"{country}: {describe(done, 'en')}")


@app.command()
def expire() -> None:
    """Destroy raw words that are older than 90 days now; a server does so every hour."""
    from dashboard.database.engine import migrate, open_engine
    from dashboard.settings import settings
    from dashboard.voice import store

    migrate(settings())
    typer.echo(f"{count_words(store.expire(open_engine(settings()), datetime.now(UTC)), 'sealed text')} destroyed")


@app.command()
def rotate() -> None:
    """Seal with the newest key what older keys have sealed; afterwards the older keys may leave the settings."""
    from dashboard.database.engine import migrate, open_engine
    from dashboard.settings import settings
    from dashboard.voice import store
    from dashboard.voice.model import VoiceError

    migrate(settings())
    try:
        typer.echo(f"{store.rotate(open_engine(settings()), _keys()):,} sealed anew")
    except VoiceError as error:
        fail(str(error))


def _keys() -> "Keyring":
    from dashboard.settings import settings
    from dashboard.voice.inbox import Keyring, NoKey

    try:
        return Keyring([one.get_secret_value() for one in settings().voice.keys])
    except NoKey as error:
        fail(str(error), 2)


def _harmless(text: str) -> str:
    """Words that a spreadsheet will not take for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def _table(file: Path, *needed: str) -> "tuple[int, csv.DictReader[str]]":
    """Number of lines of a CSV file, and its rows; ends with code 2 where it lacks a column that must be there."""
    from dashboard.voice.intake import BEYOND

    text = given.read_csv(file)
    reader = csv.DictReader(io.StringIO(text), restkey=BEYOND)
    with _as_csv(file, reader):
        missing = [name for name in needed if name not in (reader.fieldnames or ())]
    if missing:
        head = f"it needs {' and '.join(needed)} in its first row, with commas between the cells"
        fail(f"{file.name} has no column '{missing[0]}': {head}.", 2)
    return text.count("\n"), reader


@contextmanager
def _as_csv(file: Path, reader: "csv.DictReader[str]") -> Iterator[None]:
    """Says where a file is no CSV, and ends with code 2."""
    try:
        yield
    except csv.Error as error:
        where = f"{file.name} is no CSV after line {reader.line_num} ({error})"
        fail(f"{where}: look for a quotation mark that is not closed.", 2)


def _progress(lines: int) -> Callable[[int], None]:
    def told(seen: int) -> None:
        if seen % 10_000 == 0 and seen:
            typer.echo(f"{seen:,} of about {lines:,}", err=True)

    return told
