"""What is given to a command and is no free text: one of those there are, or a sentence that names them."""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from dashboard.cli.output import fail

FEW = 12
"""As many as are all named."""


def read_country(given: str) -> str:
    """The ISO3 code of a country; ends with code 2 where there is none."""
    from dashboard.codebook import load_codebook

    code = given.strip().upper()
    if code not in load_codebook().countries:
        fail(f"There is no country {given}: write its ISO3 code, such as AZE.", 2)
    return code


def read_language(given: str) -> str:
    """The code of a language of the product; ends with code 2 where it is none."""
    from dashboard.locales import DESK_LANGUAGES

    return read_choice(given, "language", DESK_LANGUAGES)


def read_choice(given: str, what: str, known: Iterable[str]) -> str:
    """What was given, where it is one of those there are; otherwise these, or the nearest of many, and code 2."""
    names = list(known)
    if given not in names:
        near = names if len(names) <= FEW else get_close_matches(given, names, 3)
        named = ", ".join(near)
        there = f" There are: {named}." if near == names else f" Did you mean {named}?" if near else ""
        fail(f"There is no {what} {given}.{there}", 2)
    return given


def read_folder(given: Path) -> Path:
    """A folder that exists; ends with code 2 where it does not, or is a file."""
    if not given.is_dir():
        words = "is a file, but a folder is needed" if given.exists() else "does not exist: check how it is written"
        fail(f"{given} {words}.", 2)
    return given


def read_csv(given: Path) -> str:
    """The text of a CSV file; ends with code 2 where it cannot be read."""
    try:
        return given.read_text(encoding="utf-8-sig")
    except OSError as error:
        fail(f"{given} cannot be read: {error.strerror}. Name a CSV file.", 2)
    except UnicodeDecodeError:
        fail(f"{given} is not UTF-8: save it as CSV in UTF-8.", 2)
