"""What is given to a command and is no free text: one of those there are, or a sentence that names them."""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

import typer

FEW = 12
"""As many as are all named."""


def country(given: str) -> str:
    """The ISO3 code of a country; ends with code 2 where there is none."""
    from dashboard.codebook import codebook

    code = given.strip().upper()
    if code not in codebook().countries:
        typer.echo(f"There is no country {given}: write its ISO3 code, such as AZE.", err=True)
        raise typer.Exit(2)
    return code


def language(given: str) -> str:
    """The code of a language of the product; ends with code 2 where it is none."""
    from dashboard.locales import LANGUAGES

    return one_of(given, "language", LANGUAGES)


def one_of(given: str, what: str, known: Iterable[str]) -> str:
    """What was given, where it is one of those there are; otherwise these, or the nearest of many, and code 2."""
    names = list(known)
    if given in names:
        return given
    near = names if len(names) <= FEW else get_close_matches(given, names, 3)
    there = f" There are: {', '.join(near)}." if near == names else f" Did you mean {', '.join(near)}?" if near else ""
    typer.echo(f"There is no {what} {given}.{there}", err=True)
    raise typer.Exit(2)


def folder(given: Path) -> Path:
    """A folder that exists; ends with code 2 where it does not, or is a file."""
    if given.is_dir():
        return given
    words = "is a file, but a folder is needed" if given.exists() else "does not exist: check how it is written"
    typer.echo(f"{given} {words}.", err=True)
    raise typer.Exit(2)
