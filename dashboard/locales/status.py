"""What each language lacks, compared with English, area by area."""

from dataclasses import dataclass

from babel import Locale

from dashboard.locales.catalogue import LANGUAGES, REFERENCE, Message, find_placeholders, list_areas, load_messages


@dataclass(frozen=True, slots=True)
class AreaStatus:
    """One area of one language: the number of keys it has, and the keys that are not as they should be."""

    area: str
    lang: str
    keys: int
    missing: tuple[str, ...]  # in English, not here: shown in English
    extra: tuple[str, ...]  # here, not in English: never shown
    placeholders: tuple[str, ...]  # other placeholders than in English
    plurals: tuple[str, ...]  # not exactly the plural forms of the language, or plural here and not in English


def compare(area: str, lang: str) -> AreaStatus:
    """Return the catalogue of ``area`` in ``lang`` against the English one.

    Raises:
        ValueError: a catalogue is not valid TOML.
    """
    reference, translated = load_messages(area, REFERENCE), load_messages(area, lang)
    shared = [key for key in reference if key in translated]
    return AreaStatus(
        area=area,
        lang=lang,
        keys=len(translated),
        missing=tuple(key for key in reference if key not in translated),
        extra=tuple(key for key in translated if key not in reference),
        placeholders=tuple(
            key for key in shared if find_placeholders(translated[key]) != find_placeholders(reference[key])
        ),
        plurals=tuple(key for key in shared if not _forms_agree(translated[key], reference[key], lang)),
    )


def _forms_agree(message: Message, reference: Message, lang: str) -> bool:
    if isinstance(message, str):
        return True
    return not isinstance(reference, str) and message.keys() == list_plural_categories(lang)


def list_plural_categories(lang: str) -> set[str]:
    """Return the plural categories a language has (Unicode CLDR): ``{"one", "other"}`` in English."""
    return {*Locale.parse(lang).plural_form.tags, "other"}


def count_translations() -> list[AreaStatus]:
    """Return every area in every language, English first."""
    return [compare(area, lang) for lang in LANGUAGES for area in list_areas()]
