"""Texts in several languages."""

from collections.abc import Mapping

Texts = Mapping[str, str]
"""Language code → text. ``text(texts, lang)`` falls back to English."""


OFFICIAL = ("en", "fr", "es", "ar", "ru", "zh")
"""Languages in which the United Nations itself publishes the goals, targets and indicators."""


def is_official(lang: str) -> bool:
    """Return True if the UN itself publishes titles in ``lang``."""
    return lang in OFFICIAL


def choose_title_language(titles: Texts, lang: str) -> str:
    """Return ``lang`` if there is a title in it, else English."""
    return lang if lang in titles else "en"


def choose_text(texts: Texts, lang: str) -> str:
    """Return the text in ``lang``, or in English if there is none."""
    return texts.get(lang) or texts.get("en", "")
