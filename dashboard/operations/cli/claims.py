"""``claims``: what can be shown of the public statement today."""

from typing import Annotated

import typer

from dashboard.operations.cli.output import fail

app = typer.Typer(help="The claims of the statement of April 2025: what can be shown of each.", no_args_is_help=True)


@app.callback()
def claims() -> None:
    """Keep the group a group while it has one command."""


@app.command()
def check(
    lang: Annotated[str, typer.Option(help="Language of the answers.")] = "en",
    as_of: Annotated[str, typer.Option(help="The day the dataset is asked of, such as 2026-11-24.")] = "",
) -> None:
    """List every claim with today's answer and the figure that decides it."""
    from dashboard.answers.base.context import open_context
    from dashboard.answers.base.errors import Invalid, NotReady
    from dashboard.answers.claims.statement import view_statement
    from dashboard.interfaces.api.contract.sent import count_sent_of_origin
    from dashboard.locales import t

    try:
        ctx = open_context(lang, as_of or None)
    except (Invalid, NotReady) as error:
        fail(str(error), 2)
    view = view_statement(ctx, count_sent_of_origin(ctx))
    for group in view["groups"]:
        typer.echo(group["title"])
        for claim in group["claims"]:
            evidence = claim["evidence_text"] if claim["evidence"] != "none" else ""
            found = "; ".join(filter(None, (claim["figure"], evidence)))
            answer = f"{claim['answer_text']}{found and f' ({found})'}"
            typer.echo(f"  {claim['id']}  {t('ui.list.colon', lang).join((answer, claim['claim']))}")
    typer.echo(view["text"])
