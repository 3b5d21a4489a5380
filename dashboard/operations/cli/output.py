"""Print counts in words and end commands with a reason."""

from typing import NoReturn

import typer


def count_words(count: int, word: str, plural: str = "") -> str:
    """Return a count with its noun: ``1 row``, ``1,200 rows``; ``plural`` is an irregular plural."""
    return f"{count:,} {word if count == 1 else plural or word + 's'}"


def fail(message: str, code: int = 1) -> NoReturn:
    """End the command with this exit code and a message on standard error."""
    typer.echo(message, err=True)
    raise typer.Exit(code)
