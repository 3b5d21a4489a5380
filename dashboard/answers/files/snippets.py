"""Code that reads the rows of a view in somebody's own tool: a few lines that run as they are."""

from typing import Literal, get_args

Program = Literal["python", "r", "excel", "powerbi", "stata"]

PROGRAMS: dict[Program, str] = {
    "python": "Python",
    "r": "R",
    "excel": "Excel",
    "powerbi": "Power BI",
    "stata": "Stata",
}
"""The tools there is code for, and what they are called in every language."""


def write_snippet(program: Program, address: str, numbers: tuple[str, ...]) -> str:
    """Return code that reads a CSV file: numbers as numbers, the rest as text, blanks as missing.

    Args:
        address: of the CSV file, absolute.
        numbers: its columns that hold numbers.

    Raises:
        ValueError: a program there is no code for, or an address that would break out of the code.
    """
    if program not in get_args(Program):
        raise ValueError(f"There is no code for {program!r}")
    if any(letter in address for letter in "\"'\\\n\r`$"):
        raise ValueError("An address with quotes cannot stand in code")
    if program == "python":
        typed = f"rows = rows.with_columns(pl.col({_quote_names(numbers)}).cast(pl.Float64))\n" if numbers else ""
        return (
            "from urllib.request import urlopen\n\n"
            "import polars as pl\n\n"
            f'rows = pl.read_csv(urlopen("{address}").read(), infer_schema=False)\n{typed}'
        )
    if program == "r":
        typed = f"numbers <- c({_quote_names(numbers)})\nrows[numbers] <- lapply(rows[numbers], as.numeric)\n"
        return (
            f'rows <- read.csv("{address}",\n'
            '                 colClasses = "character", na.strings = "", encoding = "UTF-8")\n'
            f"{typed if numbers else ''}"
        )
    if program == "stata":
        typed = f"destring {' '.join(numbers)}, replace\n" if numbers else ""
        return (
            f'import delimited using "{address}", ///\n'
            f'    varnames(1) case(preserve) encoding("utf-8") stringcols(_all) clear\n{typed}'
        )
    return _write_query(address, numbers)


def _write_query(address: str, numbers: tuple[str, ...]) -> str:
    """Return a query of Power Query, as Excel and Power BI take it."""
    typed = ", ".join(f'{{"{name}", type number}}' for name in numbers)
    return (
        "let\n"
        f'    File = Csv.Document(Web.Contents("{address}"),\n'
        '        [Delimiter = ",", Encoding = 65001, QuoteStyle = QuoteStyle.Csv]),\n'
        "    Rows = Table.PromoteHeaders(File, [PromoteAllScalars = true]),\n"
        '    Empty = Table.ReplaceValue(Rows, "", null, Replacer.ReplaceValue, Table.ColumnNames(Rows)),\n'
        f'    Typed = Table.TransformColumnTypes(Empty, {{{typed}}}, "en-US")\n'
        "in\n"
        "    Typed\n"
    )


def _quote_names(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)
