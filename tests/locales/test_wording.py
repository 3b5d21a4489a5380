"""Sentences that read like a translation stay out, in the language they were written in and in the others."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

import dashboard
from dashboard.evidence.codebook.loader import DATA
from dashboard.evidence.codebook.reading import read_tables
from dashboard.locales import format_edition, keep_signs_together
from dashboard.locales.catalogue import list_areas, load_messages

REPLACED = tomllib.loads(Path(__file__).with_name("replaced.toml").read_text(encoding="utf-8"))
"""Language → what stood in sentences that were replaced."""


@pytest.mark.parametrize("lang", REPLACED)
def test_a_sentence_that_was_replaced_is_replaced_everywhere(lang: str) -> None:
    texts = [
        text
        for area in list_areas()
        for message in load_messages(area, lang).values()
        for text in ([message] if isinstance(message, str) else message.values())
    ]
    assert len(texts) > 1000
    assert [text for text in texts if re.search("|".join(REPLACED[lang]), text)] == []


def _texts(lang: str) -> list[str]:
    own = [message for area in list_areas() for message in load_messages(area, lang).values()]
    shown = [text for one in own for text in ([one] if isinstance(one, str) else one.values())]
    tables, _ = read_tables(DATA)
    return shown + [row["text"] for row in tables.translations[lang]]


def test_azerbaijani_quotes_as_its_government_does() -> None:
    texts = _texts("az")
    assert [text for text in texts if re.search("[«»„]", text)] == []
    assert [text for text in texts if text.count("“") != text.count("”")] == []


def test_no_french_line_begins_with_a_sign() -> None:
    assert (
        keep_signs_together("« de 25 » : 99 % ; non ?", "fr")
        == "«\u00a0de 25\u00a0»\u00a0: 99\u00a0%\u00a0; non\u00a0?"
    )
    assert keep_signs_together("a ; b, 99 %", "en") == "a ; b, 99\u00a0%"
    from dashboard.evidence.codebook import load_codebook

    assert load_codebook().metrics["birth_reg_90"].name["en"].count("\u00a0%") == 1
    said = [record.claim["fr"] for record in load_codebook().reported_counts]
    said += [metric.name["fr"] for metric in load_codebook().metrics.values()]
    assert any("\u00a0»" in text for text in said)
    assert [text for text in said if re.search("« | [»:;?!%]", text)] == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("WGI 2024 edition", ("WGI 2024 edition", "WGI, édition 2024", "WGI، إصدار 2024", "WGI, 2024 buraxılışı")),
        (
            "WDI, pull of May 2026",
            (
                "WDI, downloaded May 2026", "WDI, téléchargé (mai 2026)", "WDI، نُزّل في مايو 2026",
                "WDI, yüklənib: may 2026",
            ),
        ),
        ("October 2020", ("October 2020", "octobre 2020", "أكتوبر 2020", "oktyabr 2020")),
        ("CPI 2025", ("CPI 2025",) * 4),
        (
            "2026.Q2.G.02",
            (
                "2026 Q2 release (G.02)", "version T2 2026 (G.02)", "إصدار الربع 2 من 2026 (G.02)",
                "2026 buraxılışı, rüb: 2 (G.02)",
            ),
        ),
        ("2026.rev3", ("2026.rev3", "2026.rev3", "\u20662026.rev3\u2069", "2026.rev3")),
    ],
)  # fmt: skip
def test_an_edition_is_named_in_the_language_of_the_reader(name: str, words: tuple[str, str, str, str]) -> None:
    assert tuple(format_edition(name, lang) for lang in ("en", "fr", "ar", "az")) == words


def test_each_language_sets_its_own_comma_and_colon() -> None:
    """“Organisme responsable: UNDP” lacks the space that French has before a colon; Arabic has its own comma."""
    folder = Path(dashboard.__file__).parent
    modules = [
        module for room in ("interfaces/pages", "interfaces/components") for module in (folder / room).rglob("*.py")
    ]
    written = [
        f"{module.relative_to(folder)}: {node.value!r}"
        for module in modules
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch("[,:;] ", node.value)
    ]
    assert written == ["interfaces/components/figures.py: '; '"]  # between references, which are in English
