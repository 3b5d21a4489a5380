"""Read arguments of commands and open the database, or end with a sentence about what is wrong."""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.operations.cli.output import fail

if TYPE_CHECKING:
    from dashboard.accounts.store import Engine
    from dashboard.settings import Settings

MAX_NAMED = 12
"""Choices that are all named."""


def read_country(typed: str) -> str:
    """Return the ISO3 code of a country; end with code 2 if it is unknown."""
    from dashboard.evidence.codebook import load_codebook

    code = typed.strip().upper()
    if code not in load_codebook().countries:
        fail(f"There is no country {typed}: write its ISO3 code, such as AZE.", 2)
    return code


def read_language(typed: str) -> str:
    """Return the code of a language of the product; end with code 2 if it is unknown."""
    from dashboard.locales import DESK_LANGUAGES

    return read_choice(typed, "language", DESK_LANGUAGES)


def read_choice(typed: str, noun: str, choices: Iterable[str]) -> str:
    """Return the argument if it is a valid choice; else name the choices or the nearest, and end with 2."""
    names = list(choices)
    if typed not in names:
        shown = names if len(names) <= MAX_NAMED else get_close_matches(typed, names, 3)
        named = ", ".join(shown)
        hint = f" There are: {named}." if shown == names else f" Did you mean {named}?" if shown else ""
        fail(f"There is no {noun} {typed}.{hint}", 2)
    return typed


def read_folder(folder: Path) -> Path:
    """Return a folder that exists; else end with code 2."""
    if not folder.is_dir():
        words = "is a file, but a folder is needed" if folder.exists() else "does not exist: check how it is written"
        fail(f"{folder} {words}.", 2)
    return folder


def read_csv(file: Path) -> str:
    """Return the text of a CSV file; end with code 2 where it cannot be read."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}. Name a CSV file.", 2)
    except UnicodeDecodeError:
        fail(f"{file} is not UTF-8: save it as CSV in UTF-8.", 2)


def open_database(configured: "Settings", code: int = 1) -> "Engine":
    """Return the migrated database; end with this code where it cannot be used."""
    from dashboard.evidence.database.engine import Unusable, migrate, open_engine

    try:
        migrate(configured)
    except Unusable as error:
        fail(str(error), code)
    return open_engine(configured)
