"""``locales``: look after the languages."""

import sys
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.table import Table

PIPED_WIDTH = 160
"""Columns of the table where no terminal says how wide it is."""

app = typer.Typer(help="The languages the product speaks: see what each lacks.", no_args_is_help=True)


@app.callback()
def locales() -> None:
    """Keep the group a group while it has one command."""


@app.command()
def status() -> None:
    """List missing and extra keys per language and area, and codebook texts still to be translated."""
    from rich.console import Console
    from rich.table import Table

    from dashboard.locales.status import count_translations as compare_all

    table = Table("language", "area", "keys", "missing", "extra", "placeholders", "plurals")
    words = []
    for area in compare_all():
        faults = {name: getattr(area, name) for name in ("missing", "extra", "placeholders", "plurals")}
        table.add_row(area.lang, area.area, str(area.keys), *(str(len(keys)) for keys in faults.values()))
        words += [f"{area.lang}/{area.area}.toml: {name} {key}" for name, keys in faults.items() for key in keys]
    console = Console(width=None if sys.stdout.isatty() else PIPED_WIDTH, markup=False)
    console.print(table)
    for line in words:
        typer.echo(line)
    console.print(_make_codebook_table())


def _make_codebook_table() -> "Table":
    """Count the codebook's translated texts by language and kind."""
    from collections import Counter

    from rich.table import Table

    from dashboard.evidence.codebook.check import collect_english_texts
    from dashboard.evidence.codebook.loader import DATA
    from dashboard.evidence.codebook.reading import read_tables
    from dashboard.locales import LANGUAGES

    tables, _ = read_tables(DATA)
    texts = collect_english_texts(tables)
    table = Table("language", "codebook texts", "translated", "missing")
    for lang in list(LANGUAGES)[1:]:
        there = {(row["kind"], row["id"], row["field"]) for row in tables.translations.get(lang, [])}
        total, done = Counter(key[0] for key in texts), Counter(key[0] for key in texts if key in there)
        for kind, count in total.items():
            table.add_row(lang, kind, str(done[kind]), str(count - done[kind]))
    return table
