"""What the words around a table say of its figures is in their columns, or the file waits."""

import io
from collections import Counter

import pytest
import xlsxwriter

from dashboard.contributions.submissions import intake, store
from dashboard.contributions.submissions.reading.evidence import GROUPS, find_units, find_words
from dashboard.contributions.submissions.reading.heads import labels
from dashboard.contributions.submissions.rules.evidence import AROUND, MEASURES
from dashboard.evidence.codebook.model import Codebook
from dashboard.evidence.database.engine import open_engine, reading
from tests.contributions.submissions.conftest import YEAR, Desk, workbook
from tests.contributions.submissions.hard_files import HEADS, HardFile, judge, list_cases, make, read
from tests.contributions.submissions.hard_files import workbook as sheets

CASES = list_cases()
KINDS = sorted({one.kind for one in CASES})
EVIDENCE = (*GROUPS, "group", "place", *MEASURES, *AROUND)


@pytest.mark.parametrize("kind", KINDS)
def test_no_hard_file_is_accepted_wrongly_and_the_harmless_are_read(kind: str) -> None:
    files = [one for one in CASES if one.kind == kind]
    assert len(files) >= 2
    verdicts = Counter(judge(one)[0] for one in files)
    assert verdicts == {"right" if kind == "harmless" else "refused": len(files)}


def test_each_kind_is_refused_by_the_rule_that_names_it() -> None:
    refused = {kind: {rule for one in CASES if one.kind == kind for rule in judge(one)[1]} for kind in KINDS}
    for kind, rule in {
        "sheet names a group": "group_above", "title names a place": "place_above", "unit below the head": "unit_above",
        "currency": "unit_above", "negation": "meaning_above", "base year": "meaning_above",
        "column that splits": "column_splits", "share of one": "share_as_fraction", "year left blank": "period_blank",
        "implausible": "implausible_value", "another year": "year_above", "error that cannot be": "error_implausible",
    }.items():  # fmt: skip
        assert rule in refused[kind], kind


def test_heads_that_are_known_say_nothing_more() -> None:
    shown = {head: kind for head in labels() for kind in EVIDENCE if find_words(head, kind)}
    assert shown == {}


@pytest.mark.parametrize("lang", HEADS)
def test_a_table_without_other_words_is_read(lang: str) -> None:
    assert judge(make("plain", lang, readable=True)) == ("right", [])


@pytest.mark.parametrize(
    ("text", "kind", "country", "found"),
    [
        ("Бизнес и женщины", "FEMALE", "", True), ("Женева", "FEMALE", "", False), ("management", "MALE", "", False),
        ("в области услуг", "place", "", False), ("Самаркандская область", "place", "", True),
        ("Отчёт за 2024 г. Утверждено", "place", "", False), ("Almaty", "place", "KAZ", True),
        ("Almaty", "place", "UZB", False),
        ("на 10 000 обращений", "rate", "", True), ("на 2024 год", "rate", "", False),
        ("17 regions", "place", "", False), ("by regions", "place", "", True), ("2020 = 100", "base", "", True),
        ("к 2020", "base", "", True), ("2020", "base", "", False), ("План мероприятий", "planned", "", False),
        ("План", "planned", "", True), ("Показатели (план)", "planned", "", True), ("24 часа", "unit", "", False),
    ],
)  # fmt: skip
def test_words_are_found_as_words(text: str, kind: str, country: str, found: bool) -> None:
    assert bool(find_words(text, kind, country)) is found


@pytest.mark.parametrize(
    ("text", "units"),
    [("Время, мин", 1), ("Время (в минутах)", 1), ("Минуты внимания", 0), ("in per cent", 1), ("Сведения", 0)],
)
def test_a_unit_is_a_part_of_a_text(text: str, units: int) -> None:
    assert bool(find_units(text)) == bool(units)


def test_a_group_that_rows_have_is_mapped_and_one_that_none_has_is_not() -> None:
    heads = ["Indicator", "Group", "Year", "Value"]
    rows = [["csat_exit_poll", "Women", 2024, 82], ["csat_exit_poll", "Total", 2024, 81]]
    for sheet, rules in (("Women", []), ("Men", ["group_above"])):
        assert judge(HardFile("", "a.xlsx", sheets({sheet: [heads, *rows]})))[1] == rules, sheet


def test_a_column_of_one_thing_is_left_unread_and_of_two_is_not() -> None:
    heads = (*HEADS["ru"], "Служба")
    same = [("csat_exit_poll", 2024, 81.4, "А"), ("csat_exit_poll", 2023, 80.0, "А"), ("availability", 2024, 99.2, "А")]
    two = [same[0], (*same[1][:3], "Б"), same[2]]
    alone = [same[0], (*same[1][:3], "Б")]  # each once: a signature, not a branch
    found = [judge(make("", "ru", heads=heads, rows=rows, mapping={"Служба": ""}))[1] for rows in (same, two, alone)]
    assert found == [[], ["column_splits"], []]


def test_that_a_column_is_not_read_is_not_remembered_where_it_splits_the_nation(desk: Desk, book: Codebook) -> None:
    heads = ("Indicator", "Region", "Clerk", "Group", "Year", "Value")
    number = desk.send(workbook([("nps", "Bakı", "A. Person", "Total", YEAR, 40)], heads, None)).id
    intake.map_columns(desk.settings, book, desk.by, number, {"Region": "", "Clerk": ""})
    with reading(open_engine(desk.settings)) as connection:
        kept = store.mapping(connection, "AZE", 1)
        rules = {one.rule for one in store.findings_of(connection, number)}
    assert "column_splits" in rules
    assert kept == {"clerk": ""}


def test_a_note_beside_a_figure_explains_it_or_says_that_it_is_another() -> None:
    heads = ["Indicator", "Year", "Value", "Note"]
    for note, rules in (
        ("more than the previous year, since centres opened", []), ("only on working days", []),
        ("в тысячах", ["unit_above"]), ("данные за 2023 год", ["year_above"]), ("данные за 2024 год", []),
        ("г. Астана", ["place_above"]), ("доля недовольных", ["meaning_above"]), ("women", ["group_above"]),
    ):  # fmt: skip
        file = HardFile("", "a.xlsx", sheets({"Data": [heads, ["csat_exit_poll", 2024, 81.4, note]]}))
        assert judge(file)[1] == rules, note


def test_hidden_rows_with_figures_are_shown_or_deleted_first() -> None:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held) as made:
        page = made.add_worksheet("Data")
        for at, row in enumerate((HEADS["en"], ("csat_exit_poll", 2024, 81.4), ("availability", 2024, 12))):
            page.write_row(at, 0, row)
        page.set_row(2, None, None, {"hidden": True})
    _, findings = read(HardFile("", "a.xlsx", held.getvalue()))
    assert [(one.rule, one.row) for one in findings if one.severity == "error"] == [("hidden_rows", 3)]
