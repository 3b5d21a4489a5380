# ruff: noqa: E501
"""Files of ministries whose words around the figures say what their columns do not; and some that say nothing of it.

``python -m tests.contributions.submissions.hard_files`` tells of each whether it was read right, refused, or accepted wrongly;
with a folder behind it, of the files there, as their ``expected.json`` describes them. No file comes from a ministry.
"""

import io
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from dashboard.contributions.submissions.model import Finding, UploadRefused
from dashboard.contributions.submissions.reading.child import HISTORY
from dashboard.contributions.submissions.reading.extract import extract
from dashboard.contributions.submissions.reading.heads import key
from dashboard.contributions.submissions.rules import check
from dashboard.contributions.submissions.rules.ground import Ground
from dashboard.evidence.codebook import load_codebook

Row = Sequence[Any]
Fact = tuple[str, str, str, float]
"""Indicator, group, year, value."""

STATED = {
    "method": "registers", "who": "State Agency", "population": "Applications", "period_of_work": "January to December",
}  # fmt: skip
GROUPS = {
    "Total": "{}", "Women": '{"Sex":"FEMALE"}', "Men": '{"Sex":"MALE"}', "Urban": '{"Location":"URBAN"}',
    "Rural": '{"Location":"RURAL"}',
}  # fmt: skip
HEADS = {
    "ru": ("Показатель", "Год", "Значение"), "uz": ("Ko‘rsatkich", "Yil", "Qiymat"), "kk": ("Көрсеткіш", "Жыл", "Мәні"),
    "az": ("Göstərici", "İl", "Dəyər"), "fr": ("Indicateur", "Année", "Valeur"), "en": ("Indicator", "Year", "Value"),
    "es": ("Indicador", "Año", "Valor"), "ar": ("المؤشر", "السنة", "القيمة"), "id": ("Indikator", "Tahun", "Nilai"),
}  # fmt: skip
PLAIN: Mapping[str, Row] = {
    "csat_exit_poll": ("csat_exit_poll", 2024, 81.4), "waiting_median": ("waiting_median", 2024, 8.5),
    "bodies_integrated": ("bodies_integrated", 2024, 12), "cost_per_transaction": ("cost_per_transaction", 2024, 5.4),
    "availability": ("availability", 2024, 99.2),
}  # fmt: skip


@dataclass(frozen=True)
class HardFile:
    """A file, what its columns are said to be, and the figures that a careful reader takes from it."""

    kind: str
    name: str
    body: bytes
    expected: frozenset[Fact] = frozenset()
    readable: bool = False
    mapping: Mapping[str, str] = field(default_factory=dict)
    country: str = "KAZ"
    year: str = "2024"


def workbook(sheets: Mapping[str, Sequence[Row]]) -> bytes:
    """A workbook of these sheets, from their first row on."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for at, row in enumerate(rows):
                page.write_row(at, 0, row)
    return held.getvalue()


def make(
    kind: str, lang: str, *, sheet: str = "Data", title: Sequence[str] = (), heads: Row = (), under: Row = (),
    rows: Sequence[Row] = (PLAIN["csat_exit_poll"],), notes: Sequence[str] = (), country: str = "KAZ",
    mapping: Mapping[str, str] | None = None, readable: bool = False,
) -> HardFile:  # fmt: skip
    """A workbook of one table: ``title`` above, ``under`` a row below the heads, ``notes`` below the figures."""
    lines: list[Row] = [[text] for text in title]
    lines += [heads or HEADS[lang], *([under] if under else []), *rows, *([text] for text in notes)]
    facts = frozenset((row[0], "Total", str(row[1]), float(row[2])) for row in rows) if readable else frozenset()
    said = {key(head): name for head, name in (mapping or {}).items()}
    return HardFile(kind, "figures.xlsx", workbook({sheet: lines}), facts, readable, said, country)


def read(file: HardFile) -> tuple[set[Fact], list[Finding]]:
    """The figures of a file and its findings, as the product has them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(file.body)
        try:
            found = extract(path, file.name, file.mapping, load_codebook())
        except UploadRefused as error:
            return set(), [Finding("refused", "error", read=str(error))]
    ground = Ground(
        figures=found.figures, columns=found.columns, book=load_codebook(), country=file.country, period=file.year,
        today=date(int(file.year) + 1, 6, 1), history=pl.DataFrame(schema=HISTORY), method=found.method or STATED,
        stamp=found.stamp, evidence=found.evidence, unread=found.unread,
    )  # fmt: skip
    names = {words: name for name, words in GROUPS.items()}
    facts = {
        (row["indicator"], names.get(row["dimensions"], ""), row["period"] or file.year, round(row["value"], 9))
        for row in found.figures.filter(pl.col("value").is_not_null()).iter_rows(named=True)
    }
    return facts, check(ground, found.findings)


def judge(file: HardFile) -> tuple[str, list[str]]:
    """``right``, ``refused`` (or ``not read``, where it can be read) or ``wrong``, and the rules that refused it."""
    facts, findings = read(file)
    rules = sorted({one.rule for one in findings if one.severity == "error"})
    if rules:
        return ("not read" if file.readable else "refused"), rules
    return ("right" if facts == file.expected else "wrong"), []


def list_cases() -> list[HardFile]:
    """Every file of this module."""
    wait, count, cost = ([PLAIN[one]] for one in ("waiting_median", "bodies_integrated", "cost_per_transaction"))
    csat = PLAIN["csat_exit_poll"]
    files = [
        make("sheet names a group", lang, sheet=sheet)
        for lang, sheet in (
            ("ru", "Женщины"), ("ru", "Село 2024"), ("ru", "Ж"), ("uz", "Ayollar"), ("fr", "Femmes"), ("ar", "نساء"),
            ("kk", "Ауыл"), ("id", "Perempuan"), ("az", "Qadınlar"), ("es", "Mujeres"), ("en", "Urban"),
            ("en", "Men_2024"), ("kk", "Жастар"), ("fr", "Rural"), ("ru", "Мужчины (итог)"), ("ru", "Город"),
        )
    ]  # fmt: skip
    files += [
        make("title names a group", lang, title=[title])
        for lang, title in (
            ("uz", "So‘rovnoma natijalari: ayollar"), ("fr", "Enquête auprès des femmes, 2024"), ("kk", "Ерлер"),
            ("ru", "Респонденты 18–29 лет"), ("ru", "Удовлетворённость юридических лиц"), ("az", "Gənclər arasında"),
            ("es", "Encuesta a mujeres"), ("ar", "استطلاع رأي النساء"), ("id", "Survei responden perempuan"),
            ("en", "Satisfaction among pensioners"), ("ru", "Опрос женского населения"), ("fr", "Milieu rural"),
        )
    ]  # fmt: skip
    files += [
        make("title names a place", lang, title=[title], country=country)
        for lang, title, country in (
            ("ru", "г. Алматы", "KAZ"), ("uz", "Toshkent shahri", "UZB"), ("fr", "Région de Dakar", "SEN"),
            ("ar", "محافظة الرباط", "MAR"), ("az", "Bakı şəhəri", "AZE"), ("kk", "Шымкент", "KAZ"),
            ("id", "Kota Surabaya", "IDN"), ("ru", "Данные по Самаркандской области", "UZB"), ("en", "Almaty", "KAZ"),
            ("ru", "ЦОН г. Талгар", "KAZ"), ("es", "Medellín", "COL"), ("az", "Sumqayıt üzrə hesabat", "AZE"),
            ("uz", "Buxoro viloyati bo‘yicha", "UZB"), ("ru", "Отчёт по Бишкеку", "KGZ"), ("en", "Lahore district", "PAK"),
        )
    ]  # fmt: skip
    files += [
        make("sheet names a place", lang, sheet=sheet, country=country)
        for lang, sheet, country in (
            ("uz", "Samarqand", "UZB"), ("az", "Gəncə", "AZE"), ("ru", "Астана", "KAZ"), ("es", "Bogotá", "COL"),
            ("id", "Jakarta", "IDN"), ("fr", "Casablanca", "MAR"), ("ar", "الدار البيضاء", "MAR"), ("en", "Kampala", "UGA"),
        )
    ]  # fmt: skip
    files += [
        make("note names a part", lang, notes=[note], country=country)
        for lang, note, country in (
            ("ru", "* Данные по г. Астана", "KAZ"), ("uz", "Faqat Buxoro viloyati", "UZB"), ("fr", "Femmes seulement", "MAR"),
            ("ru", "Без учета сельской местности", "KAZ"), ("kk", "Тек Алматы қаласы бойынша", "KAZ"),
            ("es", "Sólo Medellín y Cali", "COL"), ("ar", "البيانات للنساء فقط", "MAR"), ("id", "Hanya kota Bandung", "IDN"),
            ("az", "Yalnız Bakı üzrə", "AZE"), ("en", "Excluding rural areas", "UGA"),
        )
    ]  # fmt: skip
    files += [
        make("unit below the head", lang, under=("", "", unit), rows=rows)
        for lang, unit, rows in (
            ("ru", "тыс. ед.", count), ("ru", "часы", wait), ("fr", "heures", wait), ("az", "saat", wait),
            ("ar", "ساعات", wait), ("es", "miles", count), ("id", "ribu", count), ("kk", "мың", count),
            ("uz", "soniya", wait), ("en", "(seconds)", wait), ("kk", "сағат", wait), ("id", "jam", wait),
            ("es", "horas", wait), ("ru", "(в секундах)", wait), ("ru", "млн тенге", cost), ("fr", "milliers", count),
        )
    ]  # fmt: skip
    files += [
        make("unit in the title", lang, title=[title], rows=rows)
        for lang, title, rows in (
            ("ru", "Сведения, тыс. единиц", count), ("ru", "Данные в тысячах", count), ("fr", "Durée en heures", wait),
            ("en", "Waiting times (in seconds)", wait), ("az", "Gözləmə müddəti, saatla", wait), ("ar", "المدة بالساعات", wait),
            ("es", "Cifras en miles", count), ("kk", "Мың бірлік", count), ("id", "Waktu tunggu dalam jam", wait),
            ("uz", "Kutish vaqti, soatda", wait), ("ru", "на 1 000 жителей", [csat]), ("en", "per 100,000 inhabitants", [csat]),
            ("ru", "Время ожидания в часах", wait), ("kk", "Күту уақыты, сағатпен", wait), ("ru", "промилле", [csat]),
        )
    ]  # fmt: skip
    files += [
        make("unit in a head", lang, heads=(*HEADS[lang][:2], head), rows=rows, mapping={head: "value"})
        for lang, head, rows in (
            ("uz", "Qiymat (soat)", wait), ("fr", "Valeur (milliers)", count), ("ru", "Значение, тыс.", count),
            ("es", "Valor (horas)", wait), ("kk", "Мәні, мың", count), ("ru", "Время часы", wait), ("id", "Nilai (detik)", wait),
            ("az", "Dəyər, saatla", wait), ("ar", "القيمة (بالساعات)", wait), ("en", "Hours waited", wait),
        )
    ]  # fmt: skip
    files += [
        make("currency", lang, rows=cost, **where)
        for lang, where in (
            ("ru", {"title": ["Стоимость в тенге"]}), ("fr", {"title": ["Montants en francs CFA"]}),
            ("uz", {"title": ["Summa, so‘m"]}), ("ru", {"heads": ("Показатель", "Год", "Значение (руб.)")}),
            ("en", {"sheet": "USD"}), ("az", {"under": ("", "", "manat")}), ("id", {"title": ["dalam rupiah"]}),
            ("kk", {"notes": ["Теңгемен"]}), ("ar", {"title": ["القيمة بالدرهم"]}), ("en", {"title": ["Cost, $"]}),
            ("ru", {"notes": ["Суммы указаны в нац. валюте"]}), ("es", {"heads": ("Indicador", "Año", "Valor (pesos)")}),
        )
    ]  # fmt: skip
    files += [
        make("negation", lang, **where)
        for lang, where in (
            ("fr", {"title": ["Insatisfaction des usagers"]}), ("uz", {"sheet": "Noroziligi"}),
            ("kk", {"title": ["Қанағаттанбағандар үлесі"]}), ("ar", {"title": ["نسبة غير الراضين"]}),
            ("id", {"title": ["Responden yang tidak puas"]}), ("az", {"heads": ("Göstərici", "İl", "Dəyər (narazı olanlar)")}),
            ("ru", {"heads": ("Показатель (доля неудовлетворённых)", "Год", "Значение")}),
            ("ru", {"notes": ["Указана доля недовольных"]}), ("en", {"title": ["Share of dissatisfied users"]}),
            ("es", {"sheet": "Insatisfechos"}), ("ru", {"title": ["Просроченные обращения"]}),
            ("en", {"heads": ("Indicator", "Year", "Value (not satisfied)")}), ("ru", {"sheet": "Не удовлетворены"}),
        )
    ]  # fmt: skip
    files += [
        make("base year", lang, **where)
        for lang, where in (
            ("fr", {"title": ["Satisfaction, en % de 2020"]}), ("kk", {"title": ["2020 жылға қарағанда, %"]}),
            ("ru", {"heads": ("Показатель", "Год", "Значение, в % к 2020 г.")}), ("en", {"title": ["Index (2020=100)"]}),
            ("az", {"title": ["2019-cu ilə nisbətən, faizlə"]}), ("uz", {"notes": ["2020 yilga nisbatan foizda"]}),
            ("es", {"title": ["Variación respecto a 2020"]}), ("id", {"title": ["Dibandingkan tahun 2020"]}),
            ("ar", {"title": ["مقارنة بعام 2020"]}), ("ru", {"sheet": "К уровню 2020"}), ("ru", {"title": ["Темп роста"]}),
            ("en", {"heads": ("Indicator", "Year", "Value (% of 2020)")}), ("ru", {"notes": ["2020 год = 100"]}),
        )
    ]  # fmt: skip
    files += [
        make("column that splits", lang, heads=(*HEADS[lang], head), rows=rows, mapping=mapping, country=country)
        for lang, head, rows, mapping, country in (
            ("ru", "Регион", [(*csat, "Алматы")], {"Регион": ""}, "KAZ"), ("ru", "Регион", [(*csat, "Алматы")], {}, "KAZ"),
            ("uz", "Hudud", [(*csat, "Farg‘ona")], {"Hudud": ""}, "UZB"), ("fr", "Devise", [(*cost[0], "XOF")], {"Devise": ""}, "SEN"),
            ("az", "Valyuta", [(*cost[0], "AZN")], {"Valyuta": ""}, "AZE"), ("ru", "Пол", [(*csat, "Ж")], {"Пол": ""}, "KAZ"),
            ("id", "Provinsi", [(*csat, "Bali")], {"Provinsi": ""}, "IDN"), ("kk", "Қала", [(*csat, "Орал")], {"Қала": ""}, "KAZ"),
            ("en", "Where", [(*csat, "Kampala")], {"Where": ""}, "UGA"), ("ru", "Где", [(*csat, "Алматы")], {"Где": ""}, "KAZ"),
            ("ru", "Служба", [(*csat, "А"), ("csat_exit_poll", 2023, 80, "Б"), ("availability", 2024, 99, "А")], {"Служба": ""}, "KAZ"),
            ("es", "Sexo", [(*csat, "Mujer")], {"Sexo": ""}, "COL"), ("ar", "المحافظة", [(*csat, "الرباط")], {}, "MAR"),
            ("ru", "Размерность", [(*count[0], "тыс.")], {"Размерность": ""}, "KAZ"), ("ru", "Ед. изм.", [(*wait[0], "часы")], {"Ед. изм.": ""}, "KAZ"),
        )
    ]  # fmt: skip
    odd: Mapping[str, Sequence[Sequence[Row]]] = {
        "share of one": ([csat, ("availability", 2024, 1)], [("availability", 2024, 1.0)], [csat, ("complaints_in_time", 2024, "1,0")]),
        "year left blank": ([csat, ("availability", "", 99.2)], [("csat_exit_poll", "", 81.4), PLAIN["availability"]]),
        "implausible": (
            [("bodies_integrated", 2024, 260.5)], [("waiting_median", 2024, 5100)], [("waiting_p90", 2024, 510)],
            [("complaint_resolution_days", 2024, 36500)], [("cost_per_transaction", 2024, 5400)], [("once_only", 2024, 2.5)],
            [("waiting_median", 2024, 30), ("waiting_p90", 2024, 12)], [("centre_staff_representation", 2024, 98)],
            [("complaints_rate", 2024, 12000)], [("languages_offered", 2024, -1)],
        ),
        "year as a day's number": ([("csat_exit_poll", 45292, 81.4)], [("availability", 45657, 99.2)]),
        "value of another unit": ([("waiting_median", 2024, "0,14 ч")], [("csat_exit_poll", 2024, "814 ‰")], [("waiting_median", 2024, "8 %")]),
    }  # fmt: skip
    files += [make(kind, "ru", rows=rows) for kind, several in odd.items() for rows in several]
    beside = ("Показатель", "Год", "Значение", "Число опрошенных", "Стандартная ошибка")
    files += [
        make("error that cannot be", "ru", heads=beside, rows=[row], mapping={"Стандартная ошибка": "std_error"})
        for row in (
            (*csat, 4200, 0.006), (*csat, "", 0.006), (*csat, 4200, 60), (*wait[0], 800, 12), (*csat, 9_000_000_000, 0.6),
        )
    ]  # fmt: skip
    files += [
        make("part of a year, or planned", lang, **where)
        for lang, where in (
            ("ru", {"title": ["I квартал 2024 года"]}), ("uz", {"title": ["2024 yil 9 oylik"]}), ("fr", {"title": ["1er semestre 2024"]}),
            ("ru", {"sheet": "План"}), ("az", {"title": ["Proqnoz göstəricilər"]}), ("en", {"title": ["January–June 2024"]}),
            ("kk", {"sheet": "Болжам"}), ("id", {"title": ["Triwulan III 2024"]}), ("es", {"heads": ("Indicador", "Año", "Valor (meta)")}),
        )
    ]  # fmt: skip
    files += [
        make("another year", lang, heads=HEADS[lang][::2], rows=[("csat_exit_poll", 81.4)], **where)
        for lang, where in (
            ("ru", {"title": ["Отчёт за 2024 год (данные 2023 года)"]}), ("fr", {"sheet": "2023"}), ("en", {"title": ["Results 2022"]}),
        )
    ]  # fmt: skip
    files += [
        make("harmless", lang, rows=rows, readable=True, **where)
        for lang, rows, where in (
            ("ru", [csat], {"title": ["Отчёт о работе ЦОН за 2024 год"]}), ("ru", [csat], {"title": ["Министерство сельского хозяйства"]}),
            ("ru", [csat], {"title": ["Показатели в области государственных услуг", "Утверждено 15.01.2025"]}),
            ("fr", [csat], {"title": ["Rapport annuel 2024"], "sheet": "Feuil1"}), ("uz", [csat], {"title": ["Yillik hisobot"], "sheet": "Varaq1"}),
            ("ru", [csat], {"notes": ["Источник: опрос посетителей на выходе"]}), ("es", [csat], {"sheet": "Hoja1", "title": ["Informe anual"]}),
            ("ru", [csat, PLAIN["availability"]], {"title": ["(в процентах)"]}), ("ru", wait, {"under": ("", "", "минуты")}),
            ("ru", [csat], {"notes": ["Опрос проведён во всех регионах, в 17 областях"]}), ("en", wait, {"title": ["Waiting time, minutes"]}),
            ("ru", [csat], {"notes": ["Опрошено 4,2 тыс. посетителей"]}), ("az", [csat], {"sheet": "Cədvəl 1", "title": ["Dövlət Agentliyi"]}),
            ("ar", [csat], {"title": ["التقرير السنوي 2024"]}), ("kk", [csat], {"title": ["Жылдық есеп"]}), ("id", [csat], {"title": ["Laporan tahunan"]}),
            ("en", cost, {"title": ["Cost, international dollars (PPP)"]}), ("en", [csat], {"title": ["Exit-poll customer satisfaction"]}),
            ("ru", [csat], {"heads": ("Показатель", "Год", "Значение", "Исполнитель"), "rows": None}),
        )
        if where.get("rows", rows) is not None
    ]  # fmt: skip
    notes = (
        "Рост связан с открытием новых центров",
        "Compared to 2023 more centres took part",
        "Опрос на выходе",
        "Source: register",
    )
    files += [
        HardFile("harmless", "figures.xlsx", workbook({"Data": [[*HEADS["en"], "Note", "Responsible"], [*csat, note, "A. Person"], [*PLAIN["availability"], "", "B. Person"]]}),
                 frozenset({("csat_exit_poll", "Total", "2024", 81.4), ("availability", "Total", "2024", 99.2)}), True)
        for note in notes
    ]  # fmt: skip
    both = [
        ["Indicator", "Group", "Year", "Value"],
        *(["csat_exit_poll", group, 2024, value] for group, value in (("Women", 82.0), ("Men", 80.0), ("Total", 81.4))),
    ]
    facts = frozenset(
        ("csat_exit_poll", group, "2024", value) for group, value in (("Women", 82.0), ("Men", 80.0), ("Total", 81.4))
    )
    files.append(
        HardFile(
            "harmless", "figures.xlsx", workbook({"By sex": [["Satisfaction of women and of men"], *both]}), facts, True
        )
    )
    marks = [
        ["Показатель", "Год", "Значение"],
        ["csat_exit_poll", 2024, "81,4¹"],
        ["availability", 2024, "99,2*"],
        ["waiting_median", 2024, "8,5 мин"],
    ]
    facts = frozenset(
        {
            ("csat_exit_poll", "Total", "2024", 81.4),
            ("availability", "Total", "2024", 99.2),
            ("waiting_median", "Total", "2024", 8.5),
        }
    )
    files.append(HardFile("harmless", "figures.xlsx", workbook({"Data": marks}), facts, True))
    return files


def of_folder(folder: Path) -> list[HardFile]:
    """The files of a folder with an ``expected.json``."""
    told = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return [
        HardFile(
            one["kind"], name, (folder / name).read_bytes(), frozenset((it[0], it[1], it[2], float(it[3])) for it in one["expect"]),
            one["kind"] == "read", {key(head): "" if said == "none" else said for head, said in one["map"].items()}, year=one["year"],
        )
        for name, one in sorted(told.items())
    ]  # fmt: skip


def main(files: Sequence[HardFile]) -> int:
    """Judge files and print what came of them; the exit code says whether none was accepted wrongly."""
    came: Counter[str] = Counter()
    for at, file in enumerate(files):
        verdict, rules = judge(file)
        came[verdict] += 1
        if verdict in ("wrong", "not read"):
            sys.stdout.write(f"{verdict}: {at} {file.name} ({file.kind}) {', '.join(rules)} {sorted(read(file)[0])}\n")
    sys.stdout.write(f"{len(files)} files: {dict(came)}\n")
    return 1 if came["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main(of_folder(Path(sys.argv[1])) if len(sys.argv) > 1 else list_cases()))
