"""Tables with a column for each year, and groups above or below them: read as they stand, or an error at its cell."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from dashboard.contributions.submissions.model import Finding
from dashboard.contributions.submissions.reading.extract import extract
from dashboard.contributions.submissions.workbooks.words import finding_text
from dashboard.evidence.codebook.model import Codebook
from tests.contributions.submissions.conftest import workbook
from tests.contributions.submissions.fuzz import check_extracted

MEN, WOMEN, ALL = '{"Sex":"MALE"}', '{"Sex":"FEMALE"}', "{}"
ID = "complaints_in_time"


def read(folder: Path, book: Codebook, body: bytes) -> tuple[list[tuple[str, str, float]], list[Finding]]:
    """Year, group and value of each figure; the errors of the file."""
    (folder / "file").write_bytes(body)
    found = extract(folder / "file", "file", {}, book)
    figures = found.figures.sort("period", "dimensions").select("period", "dimensions", "value").rows()
    return figures, [one for one in check_extracted(found) if one.severity == "error"]


def sheet(*rows: Sequence[object], **how: object) -> bytes:
    return workbook(rows[1:], rows[0], None, **how)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["Indicator code", 2023, 2024], [ID, 80, 81.5]], [("2023", ALL, 80.0), ("2024", ALL, 81.5)]),
        ([["Показатель", "2023 год", "2024 г."], [ID, None, "81,5"]], [("2024", ALL, 81.5)]),
        ([["Göstərici", "2023-cü il", "2024-cü il"], [ID, 80, 81]], [("2023", ALL, 80.0), ("2024", ALL, 81.0)]),
        ([["Показатель", "Группа", "2024"], [ID, "женщины", 81]], [("2024", WOMEN, 81.0)]),
        (
            [["Показатель", 2023, "", 2024, ""], ["", "Мужчины", "Женщины", "Мужчины", "Женщины"],
             [ID, 80, 81, 82, 83]],
            [("2023", WOMEN, 81.0), ("2023", MEN, 80.0), ("2024", WOMEN, 83.0), ("2024", MEN, 82.0)],
        ),
        (
            [["", "Мужчины", "", "Женщины", ""], ["Показатель", 2023, 2024, 2023, 2024], [ID, 80, 81, 82, 83]],
            [("2023", WOMEN, 82.0), ("2023", MEN, 80.0), ("2024", WOMEN, 83.0), ("2024", MEN, 81.0)],
        ),
        (
            [["Показатель", "Мужчины", "", "Женщины", ""], ["", 2023, 2024, 2023, 2024], [ID, 80, 81, 82, 83]],
            [("2023", WOMEN, 82.0), ("2023", MEN, 80.0), ("2024", WOMEN, 83.0), ("2024", MEN, 81.0)],
        ),
        (
            [["", "Женщины", ""], ["Показатель", 2023, 2024], [ID, 80, 81]],
            [("2023", WOMEN, 80.0), ("2024", WOMEN, 81.0)],
        ),
        ([["", "Проценты", ""], ["Показатель", 2023, 2024], [ID, 80, 81]], [("2023", ALL, 80.0), ("2024", ALL, 81.0)]),
        (
            [["Показатель", "Годы", ""], ["", 2023, 2024], [1, 2, 3], [ID, 80, 81]],
            [("2023", ALL, 80.0), ("2024", ALL, 81.0)],
        ),
    ],
)  # fmt: skip
def test_a_column_a_year_is_a_figure_a_cell(
    tmp_path: Path, book: Codebook, rows: list[list[object]], expected: list[tuple[str, str, float]]
) -> None:
    figures, errors = read(tmp_path, book, sheet(*rows))
    assert figures == expected
    assert {one.rule for one in errors} <= {"method_missing"}


@pytest.mark.parametrize(
    ("rows", "rule", "cell"),
    [
        ([["Показатель", 2023, 2023], [ID, 80, 81]], "column_twice", "C1"),
        ([["Показатель", 2023, "", 2024], [ID, 80, 81, 82]], "column_nameless", "C1"),
        ([["Показатель", 2023, 2024, "Выборка"], [ID, 80, 81, 900]], "column_of_which_year", "D1"),
        ([["Показатель", 2023, 2024], [ID, 80, "81 (82)"]], "number_unread", "C2"),
        ([["Показатель", 2023, 2024], [ID, 80, "–"]], "missing_no_reason", "C2"),
        ([["Показатель", 2023, "", 2024, ""], ["", "план", "факт", "план", "факт"], [ID, 1, 2, 3, 4]],
         "breakdown_unknown", "B3"),
        ([["Показатель", 2023, 2024], [ID, 80, 81], [ID, 80, 82]], "row_twice", "A3"),
        ([["Показатель", "Год", 2023, 2024], [ID, 2024, 80, 81]], "column_missing", ""),
        ([["Женщины"], ["Показатель", 2023, 2024], [ID, 80, 81]], "group_above", "A1"),
        ([["Женщины"], ["Показатель", "Год", "Значение"], [ID, 2024, 81]], "group_above", "A1"),
        ([["Показатель", "Год", "Значение"], ["Женщины:"], [ID, 2024, 81]], "group_above", "A2"),
        ([["Женщины", "", ""], ["", "Город", "Город"], ["Показатель", 2023, 2024], [ID, 80, 81]], "group_above", "A1"),
    ],
)  # fmt: skip
def test_what_cannot_be_told_of_a_table_of_years_is_an_error_at_its_cell(
    tmp_path: Path, book: Codebook, rows: list[list[object]], rule: str, cell: str
) -> None:
    _, errors = read(tmp_path, book, sheet(*rows))
    assert (rule, cell) in {(one.rule, one.cell) for one in errors}


def test_a_formula_without_a_value_among_years_is_no_empty_cell(tmp_path: Path, book: Codebook) -> None:
    body = sheet(["Показатель", 2023, 2024], [ID, 80], more=lambda _, page: page.write_formula("C2", "=A9", None, ""))
    _, errors = read(tmp_path, book, body)
    assert ("formula_no_value", "C2") in {(one.rule, one.cell) for one in errors}


def test_decimals_that_a_comma_has_made_another_year_s_figure_are_an_error(tmp_path: Path, book: Codebook) -> None:
    _, errors = read(tmp_path, book, f"Показатель,2023,2024\n{ID},81,4\n".encode())
    assert ("decimals_cut", "C2") in {(one.rule, one.cell) for one in errors}
    figures, errors = read(tmp_path, book, f"Показатель;2023;2024\n{ID};81,4;82,5\n".encode("cp1251"))
    assert figures == [("2023", ALL, 81.4), ("2024", ALL, 82.5)]
    assert {one.rule for one in errors} <= {"method_missing"}


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_finding_of_a_cell_names_its_indicator(tmp_path: Path, book: Codebook, lang: str) -> None:
    rows = [["Показатель", 2023, 2024], [ID, 80, "about 81"], ["Обращения", 5, 6]]
    _, errors = read(tmp_path, book, sheet(*rows))
    subjects = {one.cell: finding_text(one, lang).subject for one in errors if one.cell}
    assert subjects == {"C2": book.metrics[ID].name[lang], "A3": ""}


@pytest.mark.parametrize(
    ("rows", "name", "told"),
    [
        ([["Отчёт за 2024 год (данные 2023 года)"], ["Показатель", "Значение"], [ID, 80]], "A", "2023"),
        ([["Отчёт за 2024 год"], ["Утверждено 15.01.2025"], ["Показатель", "Значение"], [ID, 80]], "A", ""),
        ([["Отчёт за 2023 год"], ["Показатель", "Значение"], [ID, 80]], "A", "2023"),
        ([["Показатель", "Значение"], [ID, 80]], "2023", "2023"),
        ([["Показатель", "Значение"], [ID, 80]], "T20230101", ""),
        ([["2023, 2024"], ["Показатель", "Значение"], [ID, 80]], "A", "2023"),
        ([["2023"], ["Показатель", "Год", "Значение"], [ID, 2024, 80]], "2022", ""),
    ],
)  # fmt: skip
def test_a_year_above_rows_that_say_none_is_the_year_due_or_an_error(
    tmp_path: Path, book: Codebook, rows: list[list[object]], name: str, told: str
) -> None:
    (tmp_path / "file").write_bytes(sheet(*rows, sheet=name))
    findings = check_extracted(extract(tmp_path / "file", "file", {}, book), "2024")
    assert [one.values["years"] for one in findings if one.rule == "year_above"] == [told] * bool(told)
