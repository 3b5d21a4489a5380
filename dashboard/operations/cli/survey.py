"""``survey``: public surveys whose microdata the operator has downloaded."""

import hashlib
from pathlib import Path
from typing import Annotated

import typer

from dashboard.operations.cli.given import read_choice
from dashboard.operations.cli.output import fail

app = typer.Typer(help="Public surveys: estimates from a file of answers that you have.", no_args_is_help=True)


@app.callback()
def survey() -> None:
    """Keep the group a group while it has one command."""


@app.command()
def lits(
    file: Annotated[Path, typer.Argument(help="The Stata file (.dta) of a round, as the EBRD publishes it.")],
    survey_round: Annotated[str, typer.Option("--round", help="lits_iii (2016) or lits_iv (2022 to 2024).")],
    satisfied: Annotated[str, typer.Option(help="Column: satisfaction with official documents.")] = "",
    paid: Annotated[str, typer.Option(help="Column: an unofficial payment was made for official documents.")] = "",
    used: Annotated[str, typer.Option(help="Column: official documents were asked for. Only these people count.")] = "",
    psu: Annotated[str, typer.Option(help="Column of sampling units, where the round declares none.")] = "",
    no_answer: Annotated[str, typer.Option(help="Codes that are no answer though no label says so.")] = "",
    accept_terms: Annotated[
        bool, typer.Option(help="I have read the EBRD's terms, and they allow showing these estimates: show them.")
    ] = False,
) -> None:
    """Estimate shares on official documents by country; without columns, list those whose label speaks of documents."""
    from dashboard.contributions.submissions.microdata import files
    from dashboard.contributions.submissions.microdata.lits import Question, estimate_round, list_questions, load_rounds
    from dashboard.contributions.submissions.microdata.results import save_results
    from dashboard.contributions.submissions.model import UploadRefused
    from dashboard.settings import settings

    read_choice(survey_round, "round", load_rounds())
    try:
        body = file.read_bytes()
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}.", 2)
    typed: dict[Question, str] = {"satisfied": satisfied, "paid": paid, "used": used}
    columns = {question: name for question, name in typed.items() if name}
    try:
        answers = files.read([body], file.name)
        if not (satisfied or paid):
            for column in list_questions(answers):
                typer.echo(f"{column.name}  {column.label}  [{'; '.join(column.labels.values())}]")
            return
        estimate = estimate_round(
            answers,
            survey_round,
            columns,
            psu=psu,
            no_answer=no_answer.split(),
            sha256=hashlib.sha256(body).hexdigest(),
        )
    except UploadRefused as error:
        fail(str(error), 2)
    for result in estimate.results:
        interval = f"{result.lower} to {result.upper}" if result.lower else "no interval: no sampling units"
        typer.echo(f"{result.country}  {result.topic:<15} {result.value} % ({interval}), {result.n} answers")
    for iso3, question, n in estimate.too_few:
        typer.echo(f"{iso3}  {question}: {n} answers, too few")
    if accept_terms:
        saved = save_results(settings().surveys_dir, survey_round, estimate.results)
        typer.echo(f"Shown on the pages of these countries from the next start on; delete {saved} to take them off.")
    else:
        typer.echo("Not shown anywhere: --accept-terms says that the EBRD's terms allow it.")
