"""The language of an opinion: declared, told apart among the country's, or unknown."""

import csv
import tomllib
from pathlib import Path

import pytest

from dashboard.contributions.voice.language import identify

DATA = Path(__file__).parents[3] / "dashboard" / "evidence" / "codebook" / "data"

WRITTEN = tomllib.loads(Path(__file__).with_name("sentences.toml").read_text(encoding="utf-8"))
SHORT, OF_THE_FORM = WRITTEN["short"], WRITTEN["of_the_form"]


def titles(language: str) -> list[str]:
    """Public text: titles of goals and targets as countries print them, whole and their starts."""
    path = DATA / "titles" / f"{language}.csv"
    if path.is_file():
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        whole = [row[column] for column in ("title", "short") for row in rows]
    else:
        with (DATA / "translations" / f"{language}.csv").open(encoding="utf-8", newline="") as file:
            whole = [row["text"] for row in csv.DictReader(file) if row["field"] in ("name", "definition", "title")]
    return whole[:60] + [" ".join(text.split()[:5]) for text in whole[:60]]


@pytest.mark.parametrize("language", SHORT)
def test_short_opinions_are_told_right_or_unknown(language: str) -> None:
    country, texts = SHORT[language]["country"], SHORT[language]["texts"]
    wrong = [
        (text, found) for text in texts if (found := identify(text, "", country).code) not in (language, "unknown")
    ]
    right = sum(identify(text, "", country).code == language for text in texts)
    assert wrong == []
    assert right >= 0.7 * len(texts)


FEWEST = 40


def sentences(language: str) -> list[str]:
    """Short opinions and longer ones, or titles where they are kept."""
    short = SHORT[language]["texts"] if language in SHORT else []
    return [*short, *(WRITTEN["written"].get(language) or [text for text in titles(language) if len(text) > 8])]


@pytest.mark.parametrize("language", [*SHORT, "kk"])
def test_forty_sentences_of_each_language_are_told_right(language: str) -> None:
    country = SHORT[language]["country"] if language in SHORT else "KAZ"
    texts = sentences(language)
    found = [(text, identify(text, "", country).code) for text in texts]
    wrong = [(text, code) for text, code in found if code not in (language, "unknown")]
    known = sum(code == language for _, code in found)
    assert len(texts) >= FEWEST
    assert len(wrong) <= 0.1 * len(texts), wrong
    assert known >= 0.9 * len(texts)


@pytest.mark.parametrize("language", OF_THE_FORM)
def test_short_texts_in_a_language_of_the_form_are_not_taken_for_another(language: str) -> None:
    from dashboard.contributions.voice.form.words import find_language

    country, texts = OF_THE_FORM[language]["country"], OF_THE_FORM[language]["texts"]
    found = [identify(text, "", country).code for text in texts]
    told = [find_language(code) or code for code in found]  # what is told as Serbian is answered in Montenegrin
    assert sum(one not in (language, "unknown") for one in told) <= 1, told
    assert told.count(language) >= 7, told


def test_every_language_of_the_form_and_of_the_pages_is_among_them() -> None:
    from dashboard.contributions.voice.form.words import languages
    from dashboard.locales import LANGUAGES

    assert {*LANGUAGES, *languages()} <= {*SHORT, *OF_THE_FORM, "kk"}


def test_what_is_declared_is_believed_and_signs_are_nobodys_language() -> None:
    assert identify("thank you", "ky", "KGZ").code == "ky"
    assert identify("👍👍👍", "", "AZE").code == "unknown"
    assert identify("ok", "", "AZE").code == "unknown"
    assert identify("Ég beið í þrjá tíma og enginn svaraði", "", "UGA").how in ("unknown", "found")
