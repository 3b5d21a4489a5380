"""The corpus is measured as the guide says, and the measure sees what leaks and what is lost."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from dashboard.contributions.voice.redaction import names
from dashboard.contributions.voice.redaction.redact import redact
from dashboard.contributions.voice.wordlists import languages_of
from tests.checks import all_of
from tests.contributions.voice.redaction.__main__ import MOST_LEAKED, MOST_LOST
from tests.contributions.voice.redaction.corpus import (
    APART,
    PARTS,
    PLACES,
    SEEN,
    find_taken,
    measure,
    measure_parts,
    parse_line,
    read_texts,
)

GUIDE = Path(__file__).parents[4] / "docs" / "user-guide.md"


@pytest.mark.parametrize("parts", [SEEN, APART], ids=["looked at", "kept apart"])
def test_secrets_leak_and_harmless_words_go_within_limits(parts: tuple[str, ...]) -> None:
    leak, loss = (lambda done: (done.leak, done.loss))(measure_parts(parts))  # texts kept apart are not told
    assert leak <= MOST_LEAKED
    assert loss <= MOST_LOST


def test_the_corpus_is_as_large_as_was_promised() -> None:
    texts = {language: [one for part in PARTS for one in read_texts(part, language)] for language in PLACES}
    assert min(map(len, texts.values())) >= 100
    assert len({one.text for each in texts.values() for one in each}) >= 1_500
    kinds = {kind for each in texts.values() for one in each for kind, _, _ in one.secrets}
    assert kinds == {"name", "address", "number", "plate", "email", "link", "birth"}
    assert all_of(sum(not one.secrets for one in each) >= 25 for each in texts.values())


def test_the_guide_has_the_figures_that_are_measured() -> None:
    told = re.findall(
        r"^\| (\w\w) \| (\d+) \| (\d+) \| ([\d.]+) \| ([\d.]+) \| (\d+) \| ([\d.]+) \| ([\d.]+) \|$",
        GUIDE.read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    found = []
    for language in PLACES:
        seen, apart = (measure_parts(parts, [language]) for parts in (SEEN, APART))
        told_of = [f"{seen.texts + apart.texts}"]
        for one in (seen, apart):
            told_of += [f"{one.secrets}", f"{one.leak:.1f}", f"{one.loss:.1f}"]
        found.append((language, *told_of))
    assert told == found


def test_lists_of_names_are_what_finds_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "LISTS", {})
    assert measure_parts(APART).leak >= 10


def test_the_measure_sees_a_leak_and_a_loss() -> None:
    leaking = parse_line("en", "{name:Qwertz} sat there, and Brenda Akello too, at {address:the moon}")
    done = measure([leaking])
    assert [(kind, secret) for kind, secret, _ in done.leaked] == [("name", "Qwertz"), ("address", "the moon")]
    assert [word for word, _ in done.lost] == ["Brenda", "Akello"]
    assert (done.texts, done.secrets, done.words) == (1, 2, 7)


def test_half_a_name_or_one_digit_left_is_a_leak() -> None:
    assert list(find_taken("a Moses b 12 c", "a [name] b [number]2 c")) == [(2, 7), (10, 11)]
    halves = [parse_line("en", "thanks {name:Moses qwertz} sat"), parse_line("en", "{number:0772418036 7} is mine")]
    assert [secret for _, secret, _ in measure(halves[:1]).leaked] == ["Moses qwertz"]
    assert measure(halves[1:]).leak == 0


def test_redacting_again_takes_next_to_nothing_more() -> None:
    changed = []
    for part in PARTS:
        for language, country in PLACES.items():
            for one in read_texts(part, language):
                once = redact(one.text, country, languages_of(country)).text
                if (again := redact(once, country, languages_of(country)).text) != once:
                    changed.append((once, again))
    assert len(changed) <= 2, changed


def test_lists_are_read_when_needed_and_once() -> None:
    words = (
        "from dashboard.contributions.voice.redaction import lists, redact\n"
        "print(lists.load_names.cache_info().misses, end=' ')\n"
        "all = {name for names in lists.LISTS.values() for name in names}\n"
        "for country in [*lists.LISTS, *lists.LISTS]: redact.redact('Brenda came', country, ('en',))\n"
        "print(len(all), lists.load_names.cache_info().misses)"
    )
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["0", "19", "19"]


def test_a_country_without_lists_is_redacted_by_capitals_and_endings() -> None:
    assert redact("I asked Qwertzulu twice", "XXX", ("en",)).text == "I asked [name] twice"


@pytest.mark.parametrize(
    ("country", "text", "left"),
    [
        ("AZE", "Nizami küçəsindəki mərkəz", "Nizami küçəsindəki mərkəz"),
        ("AZE", "Nizami küçəsi 45, mənzil 12", "[address]"),
        ("KAZ", "на улице 230 человек ждали", "на улице 230 человек ждали"),
        ("UGA", "born 14 March 1987", "born [birth]"),
        ("UGA", "I came on 14 March 1987", "I came on 14 March 1987"),
        ("TUR", "Mehmet'in evrakı", "[name]'in evrakı"),
        ("UGA", "The 9.10, was called at 11.45", "The 9.10, was called at 11.45"),
        ("TUR", "mail: leyla.k88 et hotmail nokta com", "mail: [email]"),
        ("KAZ", "председатель КСК Степаныч подписал", "председатель КСК [name] подписал"),
        ("UGA", "Brenda came. Only brenda", "[name] came. Only [name]"),
        ("KAZ", "пр. Мира 118, под. 2, кв 7", "[address]"),
        ("TUR", "Gül Sok. No: 4 D: 61", "[address]"),
        ("SEN", "la loi n° 2008-12", "la loi n° 2008-12"),
        ("SEN", "dossier n° 2008-12", "dossier n° [number]"),
        ("MAR", "شارع محمد الخامس", "شارع محمد الخامس"),
        ("UGA", "IBAN GB29 NWBK 6016 1331 9268 19.", "IBAN [number]."),
        ("KAZ", "тел. 42 18 90, вечером", "тел. [number], вечером"),
    ],
)
def test_what_stands_beside_decides(country: str, text: str, left: str) -> None:
    assert redact(text, country, languages_of(country)).text == left
