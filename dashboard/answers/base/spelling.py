"""What counts as the same spelling, in all languages at once: nobody says in which language they type."""

import re
import unicodedata

_PLAIN = str.maketrans(
    {
        "ı": "i", "ə": "e", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d",
        "ٱ": "ا", "ة": "ه", "ى": "ي", "ی": "ي", "ک": "ك", "ـ": None, "’": None, "'": None, "ʼ": None, "‘": None,
    }
)  # fmt: skip
"""What NFKD does not take apart: Azerbaijani and Nordic letters, Arabic and Persian forms, tatweel, apostrophes."""

_WORD = re.compile(r"\d+(?:\.[\da-z]+)+|[^\W_]+")
_ARTICLE = re.compile(r"^(?:وال|بال|ال|لل)(?=\w{2})")


def fold_spelling(text: str) -> str:
    """Return a text in lower case with plain letters and Latin digits: ``Şəki`` becomes ``seki``."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in bare.translate(_PLAIN))


def split_words(text: str) -> tuple[str, ...]:
    """Split a text into folded words; ``16.6.2`` is one word, Arabic words lose their article."""
    return tuple(_ARTICLE.sub("", word) for word in _WORD.findall(fold_spelling(text)))


def allow_slips(length: int) -> int:
    """Return how many letters may be wrong: none below four letters, one up to seven, else two (ours)."""
    return 0 if length < 4 else 1 if length < 8 else 2
