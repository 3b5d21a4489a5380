"""What commands print: numbers of things in words, and why they end."""

from typing import NoReturn

import typer


def count_words(count: int, word: str, plural: str = "") -> str:
    """``1 row``, ``1,200 rows``; ``plural`` is the word for several where it is not with an s."""
    return f"{count:,} {word if count == 1 else plural or word + 's'}"


def fail(message: str, code: int = 1) -> NoReturn:
    """End the command with that exit code, having said why on standard error."""
    typer.echo(message, err=True)
    raise typer.Exit(code)
