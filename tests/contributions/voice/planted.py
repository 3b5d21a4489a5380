"""Texts with planted personal data, written apart from the rules of redaction, to measure what is missed."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import phonenumbers

from dashboard.contributions.voice.redaction.redact import REGIONS

TEXTS = tomllib.loads(Path(__file__).with_name("planted.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Planted:
    """A text, what was planted in it, and where it comes from."""

    category: str
    language: str
    country: str
    secret: str
    text: str


def planted() -> Iterator[Planted]:
    """Every e-mail, telephone, card, number and plate in every sentence of every language and country."""
    for language, held in TEXTS["languages"].items():
        sentences = held["sentences"]
        for country in held["countries"]:
            region = REGIONS[country]
            mobile = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
            fixed = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.FIXED_LINE)
            phones = {
                phonenumbers.format_number(number, form)
                for number in (mobile, fixed)
                if number is not None
                for form in (
                    phonenumbers.PhoneNumberFormat.E164,
                    phonenumbers.PhoneNumberFormat.NATIONAL,
                    phonenumbers.PhoneNumberFormat.INTERNATIONAL,
                )
            }
            secrets = {
                "email": TEXTS["emails"],
                "card": TEXTS["cards"],
                "phone": tuple(sorted(phones)),
                "number": TEXTS["numbers"][country],
                "plate": TEXTS["plates"][country],
            }
            for category, given in secrets.items():
                for at, secret in enumerate(given):
                    for sentence in (sentences[at % 4], sentences[(at + 1) % 4]):
                        yield Planted(category, language, country, secret, sentence.format(secret))


def named() -> Iterator[Planted]:
    """Titled names of every language."""
    for language, held in TEXTS["languages"].items():
        for text, secret in held["named"]:
            yield Planted("name", language, held["countries"][0], secret, text)
