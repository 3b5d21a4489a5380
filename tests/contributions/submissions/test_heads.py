"""Tables in the words and letters of offices: recognised where nothing else can be meant, else asked or refused."""

from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.contributions.submissions.model import UploadRefused
from dashboard.contributions.submissions.reading.extract import ExtractedFile, extract
from dashboard.contributions.submissions.reading.heads import FIELDS, SHOWN, key, labels, usual_words
from dashboard.contributions.submissions.reading.text import find_encoding
from dashboard.evidence.codebook.model import Codebook
from tests.contributions.submissions.conftest import YEAR, workbook

RUSSIAN = f"Код показателя;Группа;Год;Значение, %;Примечание\ncomplaints_in_time;Женщины;{YEAR};81,4;оценка\n"
WORDS = {
    "ru": ("Код показателя", "Группа", "Год", "Значение", "Число опрошенных", "Всего"),
    "uz": ("Ko‘rsatkich kodi", "Guruh", "Yil", "Qiymat", "Respondentlar soni", "Jami"),
    "uz_cyrillic": ("Кўрсаткич коди", "Гуруҳ", "Йил", "Қиймат", "Респондентлар сони", "Жами"),
    "kk": ("Көрсеткіш коды", "Санат", "Жыл", "Мәні", "Респонденттер саны", "Барлығы"),
    "ky": ("Көрсөткүчтүн коду", "Топтор", "Жыл", "Мааниси", "Респонденттердин саны", "Баары"),
    "tr": ("Gösterge kodu", "Grup", "Yıl", "Değer", "Katılımcı sayısı", "Toplam"),
    "ar": ("كود المؤشر", "الفئة", "العام", "النتيجة", "عدد المستجيبين", "الإجمالي"),
    "fr": ("Code indicateur", "Ventilation", "Période", "Résultat", "Échantillon", "Ensemble"),
    "az": ("Göstərici kodu", "Bölgü", "Hesabat ili", "Nəticə", "Respondentlərin sayı", "Cəmi"),
    "az_capitals": ("GÖSTƏRİCİ KODU", "BÖLGÜ", "HESABAT İLİ", "NƏTİCƏ", "RESPONDENTLƏRİN SAYI", "CƏMİ"),
    "tr_typed": ("Gosterge kodu", "GRUP", "YIL", "DEĞER", "Katılımcı  sayısı:", "TOPLAM"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def read(folder: Path, book: Codebook, body: bytes, **mapping: str) -> ExtractedFile:
    (folder / "file").write_bytes(body)
    return extract(folder / "file", "file", mapping, book)


def test_a_word_stands_under_one_field_and_contradicts_no_template() -> None:
    seen: dict[str, str] = {}
    for field, words in usual_words().items():
        for word in words:
            if field in (*FIELDS, *SHOWN):
                assert seen.setdefault(key(word), field) == field, word
                assert labels()[key(word)] == field, word
    assert {*FIELDS} <= {*labels().values()}


@pytest.mark.parametrize("lang", [lang for lang in WORDS if lang != "tr_typed"])
def test_heads_of_every_language_are_read_unasked(folder: Path, book: Codebook, lang: str) -> None:
    *heads, total = WORDS[lang]
    found = read(folder, book, workbook([("nps", total, int(YEAR), 40, 900)], heads, None))
    assert found.figures.select("indicator", "dimensions", "period", "value", "sample").rows() == [
        ("nps", "{}", YEAR, 40.0, 900.0)
    ]
    assert not found.asked


def test_what_is_nearly_a_word_is_asked_and_never_guessed(folder: Path, book: Codebook) -> None:
    *heads, total = WORDS["tr_typed"]
    found = read(folder, book, workbook([("nps", total, int(YEAR), 40, 900)], heads, None))
    assert found.asked == {"Gosterge kodu": {"field": "", "seen": ["nps"]}}
    assert {"column_missing", "column_unknown"} <= {one.rule for one in found.findings}


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "koi8-r", "cp866", "iso8859-5"]
)
def test_cyrillic_is_read_in_the_encoding_it_was_written_in(folder: Path, book: Codebook, encoding: str) -> None:
    figures = read(folder, book, RUSSIAN.encode(encoding)).figures
    assert figures.select("indicator", "dimensions", "value", "unit_head", "note").rows() == [
        ("complaints_in_time", '{"Sex":"FEMALE"}', 81.4, "%", "оценка")
    ]


@pytest.mark.parametrize(
    ("text", "encodings"),
    [
        ("Gösterge;Yıl;Değer\nBaşvuruların süresinde sonuçlanması;2024;81,4\n", ("cp1254",)),
        ("Indicateur;Année;Valeur\nDélai moyen à l’accueil;2024;5\n", ("cp1252", "cp1254")),
        ("رمز المؤشر;السنة;القيمة\nمدة الانتظار;2024;5\n", ("cp1256", "iso8859-6")),
        ("Көрсеткіш;Жыл;Мәні\nХалыққа қызмет көрсету орталығы;2024;5\n", ("kz1048", "ptcp154")),
    ],
)
def test_an_encoding_is_known_by_its_letters(text: str, encodings: tuple[str, ...]) -> None:
    for encoding in encodings:
        body = text.encode(encoding)
        assert body.decode(find_encoding(body)[0]) == text


@pytest.mark.parametrize(
    "body",
    [
        "nps;Год;Value\n".encode("cp1251"),  # three letters are words in KOI8-R, too
        "Gösterge;Yıl;Değer\n".encode("cp857"),
        "Показник;Рік;Значення\nЄдиний центр;2024;5\n".encode("cp1251"),
        bytes(range(128, 256)),
    ],
)
def test_an_encoding_that_two_may_be_is_refused(body: bytes) -> None:
    with pytest.raises(UploadRefused) as refused:
        find_encoding(body)
    assert refused.value.code == "encoding"


def test_of_a_head_that_nobody_knows_each_column_is_asked_with_what_stands_below(folder: Path, book: Codebook) -> None:
    rows = [("Что", "Кто", "Когда", "Сколько"), ("nps", "Total", int(YEAR), 40), ("nps", "Женщины", int(YEAR), 41.5)]
    body = workbook(rows, ("Отчёт ведомства",), None)
    found = read(folder, book, body)
    assert found.figures.is_empty()
    assert [one.values["field"] for one in found.findings if one.severity == "error"] == ["indicator", "value"]
    assert found.asked["Кто"] == {"field": "", "seen": ["Total", "Женщины"]}
    said = {"Что": "indicator", "Кто": "breakdown", "Когда": "", "Сколько": "value"}
    mapped = read(folder, book, body, **{key(head): field for head, field in said.items()})
    assert mapped.figures.select("indicator", "dimensions", "value").rows() == [
        ("nps", "{}", 40.0), ("nps", '{"Sex":"FEMALE"}', 41.5)
    ]  # fmt: skip
    assert {head: one["field"] for head, one in mapped.asked.items()} == {**said, "Когда": "none"}


def test_an_indicator_is_known_by_its_name_where_no_column_has_its_code(folder: Path, book: Codebook) -> None:
    for lang, head in (("en", "Indicator name"), ("fr", "Indicateur"), ("ar", "المؤشر"), ("az", "GÖSTƏRİCİLƏR")):
        name = book.metrics["complaints_in_time"].name[lang]
        found = read(folder, book, workbook([(name.upper(), int(YEAR), 81.4)], (head, "Year", "Value"), None))
        assert found.figures["indicator"].to_list() == ["complaints_in_time"], lang
    unknown = read(folder, book, workbook([("Обращения", int(YEAR), 81.4)], ("Показатель", "Год", "Значение"), None))
    assert unknown.figures["indicator"].to_list() == [None]


def test_a_name_that_two_indicators_share_tells_of_neither(folder: Path, book: Codebook) -> None:
    one = book.metrics["complaints_in_time"]
    other = replace(book.metrics["nps"], name={**book.metrics["nps"].name, "fr": one.name["en"].upper()})
    both = replace(book, metrics={**book.metrics, "nps": other}, version="two of one name")
    rows = [(one.name["en"], int(YEAR), 81.4), (one.name["az"], int(YEAR), 81.4), ("nps", int(YEAR), 40)]
    found = read(folder, both, workbook(rows, ("Indicator name", "Year", "Value"), None))
    assert found.figures["indicator"].to_list() == [None, "complaints_in_time", "nps"]
