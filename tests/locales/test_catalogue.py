"""Texts by key: languages, placeholders, plurals, fallback and errors."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from dashboard.locales import LANGUAGES, has, isolate_ltr, t

Write = Callable[[str, str], None]
DAYS = """
[days]
zero = 'صفر'
one = 'واحد'
two = 'اثنان'
few = '{count} قليل'
many = '{count} كثير'
other = '{count} آخر'
"""


def test_english_comes_first_and_arabic_runs_right_to_left() -> None:
    assert next(iter(LANGUAGES)) == "en"
    assert (LANGUAGES["en"].endonym, LANGUAGES["en"].dir) == ("English", "ltr")
    assert (LANGUAGES["ar"].endonym, LANGUAGES["ar"].dir) == ("العربية", "rtl")


def test_a_text_is_found_by_area_and_path() -> None:
    assert t("ui.nav.overview", "en") == "Overview"
    assert t("ui.nav.overview", "ar") == "نظرة عامة"


def test_placeholders_are_filled() -> None:
    assert t("ui.value.interval", "en", low="−1.2", high="0.3") == "between −1.2 and 0.3"
    assert t("ui.value.interval", "ar", low="1.2", high="3.4") == "بين 1.2 و3.4"


def test_a_year_is_not_grouped_and_a_count_is() -> None:
    assert t("ui.errors.goal", "en", number=2012) == "There is no goal 2012"
    assert t("ui.buttons.download_csv", "en", count=1234) == "CSV, 1,234 rows"


@pytest.mark.parametrize(("count", "text"), [(0, "CSV, 0 rows"), (1, "CSV, 1 row"), (2, "CSV, 2 rows")])
def test_english_has_two_plural_forms(count: int, text: str) -> None:
    assert t("ui.buttons.download_csv", "en", count=count) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "صفر"), (1, "واحد"), (2, "اثنان"), (3, "3 قليل"), (10, "10 قليل"), (11, "11 كثير"), (99, "99 كثير"),
     (100, "100 آخر"), (102, "102 آخر"), (103, "103 قليل"), (111, "111 كثير"), (1000, "1,000 آخر")],
)  # fmt: skip
def test_arabic_has_six_plural_forms(write: Write, count: int, text: str) -> None:
    write("en/ui.toml", "days = { one = '{count} day', other = '{count} days' }")
    write("ar/ui.toml", DAYS)
    assert t("ui.days", "ar", count=count) == text


def test_a_missing_translation_is_english_and_logged_once(write: Write, caplog: pytest.LogCaptureFixture) -> None:
    write("en/ui.toml", "a = 'Only English'\nrows = { one = '{count} row', other = '{count} rows' }")
    write("ar/ui.toml", "b = 'شيء'")
    with caplog.at_level(logging.WARNING):
        assert [t("ui.a", "ar") for _ in range(3)] == ["Only English"] * 3
        assert t("ui.rows", "ar", count=2) == "2 rows"  # with English plural rules, not Arabic ones
    assert [record.getMessage() for record in caplog.records] == [
        "ar/ui.toml has no ui.a: English is shown",
        "ar/ui.toml has no ui.rows: English is shown",
    ]


def test_an_area_without_a_file_in_the_language_is_english(write: Write) -> None:
    write("en/pages.toml", "a = 'A'")
    assert t("pages.a", "ar") == "A"


@pytest.mark.parametrize("key", ["ui.nav.nowhere", "nowhere.nav", "nowhere", "ui.nav", "ui.buttons.download_csv.one"])
def test_an_unknown_key_is_named(key: str) -> None:
    with pytest.raises(KeyError, match=key):
        t(key, "en")
    assert not has(key)


def test_an_unknown_language_is_named_with_those_there_are() -> None:
    with pytest.raises(KeyError, match="'xx': there are en, ar"):
        t("ui.nav.overview", "xx")


def test_a_value_left_out_is_named() -> None:
    with pytest.raises(KeyError, match=r"ui\.value\.interval needs a value for \{high\}"):
        t("ui.value.interval", "en", low="1")
    with pytest.raises(KeyError, match="it needs count"):
        t("ui.buttons.download_csv", "en")


def test_a_float_is_refused_because_it_would_be_shown_unrounded() -> None:
    with pytest.raises(TypeError, match="format_number or format_quantity"):
        t("ui.value.interval", "en", low=1.25, high="2")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="not the text"):
        t("ui.buttons.download_csv", "en", count="3")


def test_values_are_not_read_as_placeholders() -> None:
    assert t("ui.value.interval", "en", low="{high}", high="2") == "between {high} and 2"


def test_a_decimal_chooses_the_form_of_what_is_written(write: Write) -> None:
    write("en/ui.toml", "days = { one = '{figure} day', other = '{figure} days' }")
    assert t("ui.days", "en", count=Decimal("1.0"), figure="1.0") == "1.0 days"
    assert t("ui.days", "en", count=Decimal("1"), figure="1") == "1 day"


@pytest.mark.parametrize(
    ("text", "message"),
    [("a = [1]", r"en/ui\.toml: ui\.a must be a text or a table, not list"), ("a = ", r"en/ui\.toml: Invalid value")],
)
def test_a_broken_catalogue_names_file_and_place(write: Write, text: str, message: str) -> None:
    write("en/ui.toml", text)
    with pytest.raises(ValueError, match=message):
        t("ui.a", "en")


def test_many_threads_read_the_same_text(write: Write) -> None:
    write("en/ui.toml", "a = '{name} here'")
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: t("ui.a", "en", name=n), range(200)))
    assert found == [f"{n} here" for n in range(200)]


def test_codes_are_held_left_to_right_in_arabic() -> None:
    assert isolate_ltr("16.b.1") == "\u206616.b.1\u2069"


def test_no_french_line_begins_with_a_sign(write: Write) -> None:
    write("en/ui.toml", "said = 'Said'\ndays = { one = '{count} day', other = '{count} days: many' }")
    write("fr/ui.toml", "said = 'Dit : « oui » ; 90 % ? https://un.org !'\ndays = { other = '{count} jours : trop' }")
    assert t("ui.said", "fr") == "Dit\u00a0: «\u00a0oui\u00a0»\u00a0; 90\u00a0%\u00a0? https://un.org\u00a0!"
    assert t("ui.days", "fr", count=3) == "3 jours\u00a0: trop"
