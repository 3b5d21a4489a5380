"""``voice``: keys, files of opinions, the classifier, release of counts, and what must be done every day."""

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.operations.cli import given
from dashboard.operations.cli.output import count_words, fail
from dashboard.settings import settings

if TYPE_CHECKING:
    from dashboard.contributions.voice.inbox import Keyring

app = typer.Typer(help="Citizens' voice: take in, train, release, look after.", no_args_is_help=True)


@app.command()
def key(name: Annotated[str, typer.Option(help="Its name, unlike all others; else day and chance.")] = "") -> None:
    """Make a key for MONITOR_VOICE__KEYS; print it once and keep it nowhere."""
    from dashboard.contributions.voice.inbox import new_key

    if ":" in name:
        fail(f"A name ends at its colon, which stands before the key: {name} has one.", 2)
    typer.echo(new_key(name))


@app.command("import")
def import_(file: Annotated[Path, typer.Argument(help="CSV with text, centre, said_on and others; UTF-8.")]) -> None:
    """Take in the opinions of a file; faults are listed by row. Sent again, nothing counts twice."""
    from dashboard.contributions.delivery import store as delivery
    from dashboard.contributions.voice.intake import take_rows
    from dashboard.contributions.voice.review import sort_new

    lines, reader = _read_table(file, "centre")
    database = given.open_database(settings())
    countries = {code: rows[-1].country for code, rows in delivery.centres(database).items()}
    with _explain_csv_errors(file, reader):
        receipts, faults = take_rows(
            database, _load_keys(), countries, reader, datetime.now(UTC), _make_progress(lines)
        )
    if trouble := sort_new(database, settings().voice_dir):
        typer.echo(trouble, err=True)
    refused = len({fault.row for fault in faults})
    typer.echo(f"{receipts.fresh:,} new, {receipts.known:,} taken before, {refused:,} not taken")
    for fault in faults[:200]:
        place = f"{file.name}, row {fault.row + 1}, {fault.fault.field}"  # as a spreadsheet counts: the head is row 1
        typer.echo(f"{place} ({fault.fault.rule}): {fault.fault.message}", err=True)
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
    from dashboard.analysis.reports.csv_text import write_cells
    from dashboard.contributions.voice.review import Reviewer
    from dashboard.contributions.voice.review import queue as waiting

    country = given.read_country(country)
    if file.exists():
        fail(f"{file} is there already, perhaps with labels: keep those, and name another.", 2)
    rows = waiting(given.open_database(settings()), Reviewer(coder, frozenset({country})), most)
    with file.open("x", encoding="utf-8-sig", newline="") as out:
        out.write(write_cells(("opinion", "language", "text", "offered", "kind", "theme")))
        for item in rows:
            opinion = item.opinion
            out.write(write_cells((opinion.id, opinion.language, opinion.text, item.offered, opinion.kind, "")))
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
    """Store a person's labels; rows without a theme are skipped, a label given again corrects.

    What is labelled integrity leaves the open at once, as in the moderators' room.
    """
    from dashboard.contributions.voice.intake import BEYOND, MOVED
    from dashboard.contributions.voice.model import INTEGRITY, VoiceError
    from dashboard.contributions.voice.moderation.opinions import pass_on
    from dashboard.contributions.voice.review import Reviewer, agreement, give_label

    country = given.read_country(country)
    _, reader = _read_table(file, "opinion", "theme")
    database, who = given.open_database(settings()), Reviewer(coder, frozenset({country}))
    saved = faults = 0
    with _explain_csv_errors(file, reader):
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
            keys = _load_keys() if theme == INTEGRITY else None
            give_label(database, who, id_, kind, theme, datetime.now(UTC))
            if keys is not None:
                pass_on(database, keys, id_)
            saved += 1
        except VoiceError as error:
            faults += 1
            typer.echo(f"{file.name}, row {line}: {error}", err=True)
    alpha = agreement(database, who.countries)[""]
    agreement_text = "no opinion has two coders yet" if alpha is None else f"coders agree at alpha {alpha:.2f}"
    typer.echo(f"{count_words(saved, 'label')} kept, {count_words(faults, 'row')} not taken; {agreement_text}")
    if faults:
        raise typer.Exit(1)


@app.command()
def train() -> None:
    """Train the classifier on all labels, and report its quality on labels it was not trained on.

    A server does so by itself where labels have come since.
    """
    from dashboard.contributions.voice.classifier import TooFewLabels
    from dashboard.contributions.voice.review import retrain
    from dashboard.runtime.sandbox.pools import SandboxError

    now, folder = datetime.now(UTC), settings().voice_dir
    try:
        model = retrain(given.open_database(settings()), folder, now, vectors=settings().voice.vectors)
    except TooFewLabels as few:
        fail(str(few))
    except SandboxError as error:
        fail(f"Nothing was trained: {error}. The classifier before it stays in force.")
    typer.echo(f"model {model.version}, sees {'sentence vectors' if model.report['sees'] == 'vectors' else 'words'}")
    for report in model.report["languages"]:
        answer_text = "abstains"
        if report["threshold"] is not None:
            answer_text = f"answers from {report['threshold']:.2f} on, {report['coverage']:.0%} of opinions"
        precision_text = (
            ""
            if report["precision"] is None
            else f", {report['precision']:.1%} right (at least {report['precision_lower'] or 0:.1%})"
        )
        typer.echo(f"{report['language']}: {count_words(report['labels'], 'label')}, {answer_text}{precision_text}")
    if model.report["elsewhere"] is not None:
        typer.echo(f"other languages: answers from {model.report['elsewhere']:.2f} on, not measured there")


@app.command()
def release(country: Annotated[str, typer.Argument(help="ISO3, such as AZE.")]) -> None:
    """Release a country's counts of finished months; counts below ten, or that reveal one, are hidden.

    A server does so by itself once a month. Run again, it releases only what has changed since.
    """
    from dashboard.contributions.voice.publication.release import describe, publish
    from dashboard.evidence.dataset.publication import Unpublished

    country = given.read_country(country)
    given.open_database(settings())
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
    """Destroy raw words older than 90 days now; a server does so every hour."""
    from dashboard.contributions.voice import store

    typer.echo(
        f"{count_words(store.expire(given.open_database(settings()), datetime.now(UTC)), 'sealed text')} destroyed"
    )


@app.command()
def rotate() -> None:
    """Encrypt sealed words with the newest key; older keys may then leave the settings."""
    from dashboard.contributions.voice import store
    from dashboard.contributions.voice.model import VoiceError

    keys = _load_keys()
    try:
        count = store.rotate(given.open_database(settings()), keys)
    except VoiceError as error:
        fail(f"{error} Nothing was changed.")
    typer.echo(f"{count:,} sealed anew; key {keys.current} seals everything now.")
    if older := keys.names[1:]:
        typer.echo(f"May leave MONITOR_VOICE__KEYS: {', '.join(older)}")


def _load_keys() -> "Keyring":
    from dashboard.contributions.voice.inbox import NoKey, keyring

    try:
        return keyring(settings())
    except NoKey as error:
        fail(str(error), 2)


def _read_table(file: Path, *needed: str) -> "tuple[int, csv.DictReader[str]]":
    """Return the number of lines and the rows of a CSV file; end with code 2 where a column is missing."""
    from dashboard.contributions.voice.intake import BEYOND

    text = given.read_csv(file)
    reader = csv.DictReader(io.StringIO(text), restkey=BEYOND)
    with _explain_csv_errors(file, reader):
        missing = [name for name in needed if name not in (reader.fieldnames or ())]
    if missing:
        head = f"it needs {' and '.join(needed)} in its first row, with commas between the cells"
        fail(f"{file.name} has no column '{missing[0]}': {head}.", 2)
    return text.count("\n"), reader


@contextmanager
def _explain_csv_errors(file: Path, reader: "csv.DictReader[str]") -> Iterator[None]:
    """Report where a file is not valid CSV, and end with code 2."""
    try:
        yield
    except csv.Error as error:
        where = f"{file.name} is no CSV after line {reader.line_num} ({error})"
        fail(f"{where}: look for a quotation mark that is not closed.", 2)


def _make_progress(lines: int) -> Callable[[int], None]:
    def report(seen: int) -> None:
        if seen % 10_000 == 0 and seen:
            typer.echo(f"{seen:,} of about {lines:,}", err=True)

    return report
