"""``submission``: what countries have sent, and the same findings offline for a file not yet sent."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, get_args

import typer

from dashboard.contributions.submissions.model import State
from dashboard.operations.cli import given
from dashboard.operations.cli.output import count_words, fail
from dashboard.settings import settings

if TYPE_CHECKING:
    from dashboard.contributions.submissions.model import UploadRefused
    from dashboard.contributions.submissions.reading.process import FileReading

MICRODATA = (".sav", ".zsav", ".por", ".dta", ".parquet")

app = typer.Typer(help="Figures that countries send.", no_args_is_help=True)


@app.command("list")
def list_submissions(
    country: Annotated[str, typer.Option(help="ISO3 of a country; all when left out.")] = "",
    state: Annotated[str, typer.Option(help=f"Only those in this state: {', '.join(get_args(State))}.")] = "",
) -> None:
    """List submissions, oldest first."""
    from dashboard.contributions.submissions import store
    from dashboard.evidence.database.engine import reading

    iso3 = given.read_country(country) if country else ""
    if state:
        given.read_choice(state, "state", get_args(State))
    with reading(given.open_database(settings())) as connection:
        submissions = store.listing(connection, country=iso3)
    shown = [submission for submission in submissions if not state or submission.state == state]
    for submission in shown:
        counts = ", ".join(count_words(count, kind) for kind, count in submission.counts.items() if count)
        text = f"{submission.id}  {submission.created_at:%Y-%m-%d %H:%M}  {submission.country} {submission.period}"
        typer.echo(f"{text}  {submission.state}  {submission.created_office}" + (f"  {counts}" if counts else ""))
    if not shown:
        typer.echo("There are none.")


@app.command("data-call")
def write_data_call(
    country: Annotated[str, typer.Option(help="ISO3 of the country.")],
    out: Annotated[Path, typer.Option(help="File to write: .xlsx, or .zip of CSV.", dir_okay=False)],
    lang: Annotated[str, typer.Option(help="Language of its words.")] = "en",
) -> None:
    """Write a country's figures for UNDP's data call on SDG 16, and what is missing, in our own layout."""
    from datetime import UTC, datetime

    from dashboard.contributions.submissions.custodian import call, pack
    from dashboard.evidence.codebook import load_codebook
    from dashboard.locales import LANGUAGES

    iso3, book, now = given.read_country(country), load_codebook(), datetime.now(UTC)
    given.read_choice(lang, "lang", tuple(LANGUAGES))
    given.read_choice(out.suffix, "out", (".xlsx", ".zip"))
    given.open_database(settings())
    data_call = call.collect(settings(), book, iso3, now.date())
    write = pack.write_workbook_of if out.suffix == ".xlsx" else pack.write_archive
    out.write_bytes(write(book, data_call, lang, now))
    typer.echo(f"{count_words(len(data_call.figures), 'figure')}, {len(data_call.missing)} missing: {out}")


@app.command()
def check(
    file: Annotated[
        Path,
        typer.Argument(help="Workbook (XLSX), CSV or SDMX (CSV, XML); survey microdata.", exists=True, dir_okay=False),
    ],
    country: Annotated[str, typer.Option(help="ISO3 of the country that sends it.")],
    period: Annotated[str, typer.Option(help="The year, or the month of counts; default: the last whole one.")] = "",
    lang: Annotated[str, typer.Option(help="Language of the findings.")] = "en",
    marked: Annotated[
        Path | None, typer.Option(help="Write the file with its findings here (XLSX); not for a survey.")
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option(help="Survey microdata: JSON of field → column.", exists=True, dir_okay=False)
    ] = None,
    dataset: Annotated[
        str,
        typer.Option(
            help="figures, survey, counts (of services) or agreement_activities; by the file's ending when left out."
        ),
    ] = "",
    method: Annotated[
        list[str] | None,
        typer.Option(help="FIELD=WORDS of how the figures were made, where the file does not say; may come again."),
    ] = None,
) -> None:
    """Check a file as the upload does, without sending it; exit 1 on errors, 2 if it is unreadable."""
    import shutil
    import tempfile
    from datetime import UTC, datetime

    import polars as pl

    from dashboard.contributions.submissions import intake
    from dashboard.contributions.submissions.kinds.activities import ActivitiesKind
    from dashboard.contributions.submissions.kinds.activities import read_file as read_activities
    from dashboard.contributions.submissions.kinds.registry import KINDS
    from dashboard.contributions.submissions.model import METHOD_FIELDS, MoveNotAllowed, UploadRefused
    from dashboard.contributions.submissions.reading.child import HISTORY
    from dashboard.contributions.submissions.reading.process import read_file
    from dashboard.contributions.submissions.workbooks.marked import marked as with_findings

    today, iso3 = datetime.now(UTC).date(), given.read_country(country)
    given.read_language(lang)
    kind = KINDS[given.read_choice(dataset, "dataset", KINDS) if dataset else "figures"]
    if period and not kind.is_monthly:
        _check_year(period)
    if marked is not None and marked.resolve() == file.resolve():
        fail(f"--marked would write over {file}: name another file.", 2)
    statements = dict(statement.partition("=")[::2] for statement in method or ())
    try:
        stated = intake.stated({f"method.{name}": words for name, words in statements.items()})
    except MoveNotAllowed as error:
        fail(str(error), 2)
    if unknown := sorted(set(statements) - set(METHOD_FIELDS)):
        fail(f"--method: no fields: {', '.join(unknown)}. There are: {', '.join(METHOD_FIELDS)}", 2)
    if kind.is_sealed or mapping is not None or file.suffix.lower() in MICRODATA:
        if marked is not None:
            fail("--marked: findings are not written into a survey; leave it out to see them here.", 2)
        _check_survey(file, iso3, period or str(today.year - 1), lang, mapping)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "file"
        shutil.copyfile(file, copy)
        try:
            if kind.is_monthly:
                reading = _read_counts(copy, file.name, iso3, period)
            elif isinstance(kind, ActivitiesKind):
                reading = read_activities(copy, file.name, period=period or str(today.year))
            else:
                reading = read_file(
                    copy,
                    file.name,
                    country=iso3,
                    period=period or str(today.year - 1),
                    today=today,
                    history=pl.DataFrame(schema=HISTORY),
                    stated=stated,
                )
        except UploadRefused as error:
            _fail_unread(file, error)
        if marked is not None:
            marked.write_bytes(with_findings(copy, file.name, reading.findings, lang))
    _print_findings(reading, lang)


def _check_year(period: str) -> None:
    from dashboard.contributions.submissions.kinds.base import parse_year
    from dashboard.contributions.submissions.model import MoveNotAllowed

    try:
        parse_year(period)
    except MoveNotAllowed as error:
        fail(str(error), 2)


def _read_counts(path: Path, name: str, country: str, period: str) -> "FileReading":
    """Read counts against the centres and months of this installation, without creating its record."""
    from datetime import UTC, datetime

    from dashboard.contributions.delivery.metrics import shifted
    from dashboard.contributions.submissions.kinds.base import parse_month
    from dashboard.contributions.submissions.kinds.counts import CountsGround, load_ground, read_file
    from dashboard.contributions.submissions.model import MoveNotAllowed

    try:
        month = parse_month(period or f"{shifted(datetime.now(UTC).date(), -1):%Y-%m}")
    except MoveNotAllowed as error:
        fail(str(error), 2)
    ground, file = CountsGround(), settings().sqlite_path
    if file is None or file.exists():
        given.open_database(settings(), 2)
        ground = load_ground(settings(), country, month)
    else:
        typer.echo("No record here: the centres of the file alone are known.", err=True)
    return read_file(path, name, country=country, period=month, ground=ground)


@app.command()
def tidy() -> None:
    """Destroy survey files whose time has come."""
    from dashboard.contributions.submissions.microdata.retention import sweep

    given.open_database(settings())
    typer.echo(f"{count_words(sweep(settings()), 'survey file')} destroyed")


@app.command()
def release(
    submission: Annotated[int, typer.Argument(help="Its number.", min=1)],
    figures: Annotated[int | None, typer.Option(help="How many published figures it removes.", min=1)] = None,
) -> None:
    """List the published figures that a submission removes, or with their number release the removal."""
    from dashboard.contributions.submissions import removal, store, workflow
    from dashboard.contributions.submissions.model import SubmissionError
    from dashboard.evidence.codebook import load_codebook
    from dashboard.evidence.database.engine import reading

    with reading(given.open_database(settings())) as connection:
        stored = store.get(connection, submission)
        removed = removal.removed_on(connection, load_codebook(), stored) if stored else []
    if stored is None:
        fail(f"There is no submission {submission}: python -m dashboard submission list shows all")
    if figures is None:
        for figure in removed:
            typer.echo(str(figure))
        typer.echo(f"{count_words(len(removed), 'published figure')} would be removed.")
        return
    try:
        workflow.release(settings(), load_codebook(), None, submission, figures)
    except SubmissionError as error:
        fail(str(error))
    typer.echo(f"Released: submission {submission} removes {count_words(figures, 'published figure')}.")


def _check_survey(file: Path, country: str, period: str, lang: str, mapping: Path | None) -> None:
    import json

    from dashboard.contributions.submissions.kinds.survey import read_file
    from dashboard.contributions.submissions.microdata.model import fields
    from dashboard.contributions.submissions.model import UploadRefused

    try:
        answers = json.loads(mapping.read_text(encoding="utf-8")) if mapping else {}
    except ValueError as error:
        fail(f"{mapping} is not JSON: {error}", 2)
    unknown = sorted(set(answers) - set(fields())) if isinstance(answers, dict) else ["the whole"]
    if unknown:
        fail(f"{mapping}: no fields: {', '.join(unknown)}. There are: {', '.join(fields())}", 2)
    texts = {name: str(value) for name, value in answers.items()}
    try:
        reading, findings = read_file(file, file.name, key=b"", country=country, period=period, mapping=texts)
    except UploadRefused as error:
        _fail_unread(file, error)
    if not answers:
        typer.echo(f"Columns: {', '.join(column['name'] for column in findings['columns'])}")
        typer.echo(f"Fields: {', '.join(fields())}")
    for promise in findings["results"].get("promise", ()):
        typer.echo(
            f"99 % satisfied, {promise['block']}: {promise['verdict']} ({promise['value']:.1f} %, n = {promise['n']})"
        )
    _print_findings(reading, lang)


def _fail_unread(file: Path, error: "UploadRefused") -> NoReturn:
    """End with code 2 and why a file is unreadable, naming it once."""
    words = str(error)
    fail(words if words.startswith(file.name) else f"{file.name}: {words}", 2)


def _print_findings(read: "FileReading", lang: str) -> None:
    """Print findings in words and their number; end with 1 when there are errors."""
    from dashboard.contributions.submissions.workbooks.words import finding_text

    for finding in read.findings:
        words = finding_text(finding, lang)
        place = f"{words.sheet}!{words.cell}" if words.cell else words.sheet
        shown = f" “{words.read}”" if words.read else ""
        typer.echo(f"{words.severity}  {place}{shown}  {words.expected} {words.todo} ({finding.rule})")
    errors = sum(finding.severity == "error" for finding in read.findings)
    numbers = ((read.rows, "row"), (len(read.findings), "finding"), (errors, "error"))
    typer.echo(", ".join(count_words(count, word) for count, word in numbers))
    raise typer.Exit(1 if errors else 0)
