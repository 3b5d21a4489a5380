"""``check``: hold a draft against the published figures."""

from pathlib import Path
from typing import Annotated

import typer

from dashboard.cli.output import fail


def check(
    file: Annotated[Path, typer.Argument(help="A draft: DOCX, PDF, XLSX, Markdown or text.")],
    lang: Annotated[str, typer.Option(help="Language of the answers.")] = "en",
    as_of: Annotated[str, typer.Option(help="The day the dataset is asked of, such as 2026-11-24.")] = "",
) -> None:
    """Check the figures of a draft; ends with code 1 where one differs or is superseded."""
    from dashboard.locales import t
    from dashboard.services.base.context import open_context
    from dashboard.services.base.errors import Invalid, NotReady
    from dashboard.services.drafts.draft import check_draft
    from dashboard.services.drafts.extraction import DraftRefused
    from dashboard.services.drafts.files import MOST_BYTES, read_file

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
        fail(t(f"drafts.refused.{error.key}", lang, size=str(MOST_BYTES // 2**20)), 2)
    for one in checked["numbers"]:
        if one["verdict"] != "not_ours":
            typer.echo(f"{one['verdict_text']}: {one['written']}  {one['text']}")
            typer.echo(f"    “{one['sentence']}”")
            if one["ours"]:
                typer.echo(f"    {one['ours']['citation']}")
    typer.echo(checked["text"])
    if checked["cut"]:
        typer.echo(t("drafts.page.cut", lang))
    if any(one["verdict"] in ("differs", "superseded") for one in checked["numbers"]):
        raise typer.Exit(1)
