"""A copy of the codebook's files that a test may spoil."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.evidence.codebook.loader import DATA

Spoil = Callable[..., int]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "codebook"
    shutil.copytree(DATA, copy, ignore=shutil.ignore_patterns("*.md", "translations"))
    return copy


@pytest.fixture
def spoil(folder: Path) -> Spoil:
    """``spoil(file, {column: value, …}, **where)`` changes the first row that ``where`` names; its line is returned."""

    def change(file: str, values: dict[str, str], **where: str) -> int:
        path = folder / file
        with path.open(encoding="utf-8", newline="") as source:
            reader = csv.DictReader(source)
            rows, columns = list(reader), list(reader.fieldnames or ())
        number = next(n for n, row in enumerate(rows) if all(row[name] == value for name, value in where.items()))
        rows[number].update(values)
        with path.open("w", encoding="utf-8", newline="") as target:
            writer = csv.DictWriter(target, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        return number + 2

    return change
