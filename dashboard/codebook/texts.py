"""A text in the languages there are."""

from collections.abc import Mapping

Texts = Mapping[str, str]
"""Language code → text. ``text(texts, lang)`` falls back to English."""


OFFICIAL = ("en", "fr", "es", "ar", "ru", "zh")
"""Languages in which the United Nations itself publishes the goals, targets and indicators."""


def is_official(lang: str) -> bool:
    """Whether titles of the framework in ``lang`` are the UN's own; others were made by national platforms."""
    return lang in OFFICIAL


def choose_title_language(titles: Texts, lang: str) -> str:
    """The language in which a title can be shown to a reader of ``lang``: their own, else English."""
    return lang if lang in titles else "en"


def choose_text(texts: Texts, lang: str) -> str:
    """The text in ``lang``, in English where the language has none."""
    return texts.get(lang) or texts.get("en", "")
