"""A text in the languages there are."""

from collections.abc import Mapping

Texts = Mapping[str, str]
"""Language code → text. ``text(texts, lang)`` falls back to English."""


def text(texts: Texts, lang: str) -> str:
    """The text in ``lang``, in English where the language has none."""
    return texts.get(lang) or texts.get("en", "")
