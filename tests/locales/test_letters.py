"""The order of alphabets, and capitals at the start of sentences."""

import pytest

from dashboard.locales import capitalise, order


@pytest.mark.parametrize(
    ("lang", "names"),
    [
        ("az", ["Azərbaycan", "Efiopiya", "Əfqanıstan", "Fransa", "Xorvatiya", "İndoneziya", "Qətər", "Özbəkistan"]),
        ("az", ["cüzi", "çox", "Irak", "İran", "Vyetnam", "Wallis", "Yəmən", "Zimbabve"]),
        ("fr", ["Danemark", "Éthiopie", "Îles Cook", "Inde", "Ouganda"]),
        ("ar", ["إثيوبيا", "أفغانستان", "أوغندا", "باكستان", "كولومبيا"]),
        ("en", ["Åland Islands", "Côte d’Ivoire", "Curaçao", "Türkiye"]),
    ],
)
def test_names_stand_in_the_order_of_their_alphabet(lang: str, names: list[str]) -> None:
    assert sorted(set(names), key=lambda name: order(name, lang)) == names


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("az", "ən azı", "Ən azı"), ("az", "işləyən", "İşləyən"), ("az", "ıldırım", "Ildırım"), ("fr", "état", "État"),
        ("en", "india", "India"), ("ar", "بلد", "بلد"), ("en", "14 countries", "14 countries"), ("en", "", ""),
    ],
)  # fmt: skip
def test_a_sentence_starts_with_a_capital_of_its_language(lang: str, text: str, expected: str) -> None:
    assert capitalise(text, lang) == expected
