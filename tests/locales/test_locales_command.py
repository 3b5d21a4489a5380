"""``python -m dashboard locales status``: what each language lacks."""

from collections.abc import Callable

from typer.testing import CliRunner

from dashboard.operations.cli import app

Write = Callable[[str, str], None]


def _run() -> str:
    result = CliRunner().invoke(app, ["locales", "status"])
    assert result.exit_code == 0, result.output
    return result.output


def _row(output: str, *cells: str) -> bool:
    rows = [[cell.strip() for cell in line.strip("│┃ ").replace("┃", "│").split("│")] for line in output.splitlines()]
    return list(cells) in rows


def test_missing_and_extra_keys_are_listed_by_file(write: Write) -> None:
    write("en/ui.toml", "a = 'A'\nb = '{x} b'\nrows = { one = 'row', other = 'rows' }")
    write("ar/ui.toml", "b = 'ب'\nc = 'ج'\nrows = { one = 'صف', other = 'صفوف' }")
    output = _run()
    assert _row(output, "ar", "ui", "3", "1", "1", "1", "1")
    for line in ("missing ui.a", "extra ui.c", "placeholders ui.b", "plurals ui.rows"):
        assert f"ar/ui.toml: {line}" in output


def test_codebook_texts_still_to_be_translated_are_counted() -> None:
    assert _row(_run(), "ar", "principle", "11", "0")
