"""``check``: list the figures of a draft that we hold."""

from pathlib import Path
from typing import Annotated

import typer

from dashboard.operations.cli.output import fail


def check(
    file: Annotated[Path, typer.Argument(help="A draft: DOCX, PDF, XLSX, Markdown or text.")],
    lang: Annotated[str, typer.Option(help="Language of the answers.")] = "en",
    as_of: Annotated[str, typer.Option(help="The day the dataset is asked of, such as 2026-11-24.")] = "",
) -> None:
    """List the figures of a draft that we hold, with ours; ends with code 1 where one is not ours as written."""
    from dashboard.answers.base.context import open_context
    from dashboard.answers.base.errors import Invalid, NotReady
    from dashboard.answers.drafts.draft import check_draft
    from dashboard.answers.drafts.extraction import DraftRefused
    from dashboard.answers.drafts.files import MAX_BYTES, read_file
    from dashboard.locales import t

    try:
        ctx = open_context(lang, as_of or None)
        body = file.read_bytes()
    except (Invalid, NotReady) as error:
        fail(str(error), 2)
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}.", 2)
    try:
        checked = check_draft(ctx, read_file(file.name, body))
    except DraftRefused as error:
        fail(t(f"drafts.refused.{error.key}", lang, size=str(MAX_BYTES // 2**20)), 2)
    numbers = [number for number in checked["numbers"] if number["ours"]]
    for number in numbers:
        typer.echo(f"{number['written']}  {number['text']}")
        typer.echo(f"    “{number['sentence']}”")
        if number["ours"]:
            typer.echo(f"    {number['ours']['citation']}")
    typer.echo(checked["text"])
    if checked["cut"]:
        typer.echo(t("drafts.page.cut", lang))
    if any(number["difference"] for number in numbers):
        raise typer.Exit(1)
