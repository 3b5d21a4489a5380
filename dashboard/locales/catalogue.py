"""The catalogues: every word shown, per language, found by dotted keys.

A catalogue is a TOML file ``<lang>/<area>.toml`` below this folder; the key of a message is its area, then its path in
the file: ``[nav] overview = "Overview"`` in ``en/ui.toml`` is ``ui.nav.overview``. English is the reference: it has
every key.
"""

import logging
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from babel import Locale
from babel.numbers import format_decimal

log = logging.getLogger(__name__)

FOLDER = Path(__file__).parent
REFERENCE = "en"
PLURAL_CATEGORIES = ("zero", "one", "two", "few", "many", "other")

Message = str | Mapping[str, str]
"""A text, or the texts of a plural message by plural category."""

NO_BREAK_SPACE = "\u00a0"
_SPACES = re.compile(r"(?<=[\d}]) (?=%)")
_FRENCH_SPACES = re.compile(r"(?<=«) | (?=[:;?!»%])")
_PER_CENT = re.compile(r"(?<![\u2066\d.,+−])(\d[\d.,]*%)")
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Language:
    """A language the product speaks: its code, its own name for itself, and its direction of writing."""

    code: str
    endonym: str
    dir: Literal["ltr", "rtl"]


def _languages(catalogue: str) -> dict[str, Language]:
    found = (path.parent.name for path in FOLDER.glob(f"*/{catalogue}.toml"))
    codes = sorted(found, key=lambda code: (code != REFERENCE, code))
    languages = {}
    for code in codes:
        locale = Locale.parse(code)
        name = locale.display_name or code
        languages[code] = Language(
            code, name[:1].upper() + name[1:], "rtl" if locale.text_direction == "rtl" else "ltr"
        )
    return languages


LANGUAGES: dict[str, Language] = _languages("pages")
"""The languages of the whole product, which have a ``pages`` catalogue, English first; name and direction come from the
Unicode CLDR."""

DESK_LANGUAGES: dict[str, Language] = _languages("ui")
"""The languages of the desks, templates, findings and mail: those, and such as have a ``ui`` catalogue only."""


@lru_cache
def list_areas() -> tuple[str, ...]:
    """Return the areas of the English catalogues, such as ``ui``, in alphabetical order."""
    return tuple(sorted(path.stem for path in FOLDER.glob(f"{REFERENCE}/*.toml")))


@lru_cache
def load_messages(area: str, lang: str) -> Mapping[str, Message]:
    """Load all messages of an area in a language by full key; empty without such a file.

    Raises:
        ValueError: the file is not valid TOML, or a value is neither text nor table; the message names file and key.
    """
    path = FOLDER / lang / f"{area}.toml"
    if not path.exists():
        return MappingProxyType({})
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{lang}/{path.name}: {error}") from error
    result: dict[str, Message] = {}
    _flatten(tree, area, f"{lang}/{path.name}", result)
    return MappingProxyType({key: _spaced(message, lang) for key, message in result.items()})


def keep_signs_together(words: str, lang: str) -> str:
    """The words with spaces that do not break where one sets off a sign: no line may begin with that of per cent, and
    in French not with others either."""
    return (_FRENCH_SPACES if lang == "fr" else _SPACES).sub(NO_BREAK_SPACE, words)


def _spaced(message: Message, lang: str) -> Message:
    if isinstance(message, str):
        return keep_signs_together(message, lang)
    return MappingProxyType({form: keep_signs_together(text, lang) for form, text in message.items()})


def _flatten(table: Mapping[str, object], prefix: str, file: str, result: dict[str, Message]) -> None:
    for name, value in table.items():
        key = f"{prefix}.{name}"
        if isinstance(value, str):
            result[key] = value
        elif not isinstance(value, dict):
            raise ValueError(f"{file}: {key} must be a text or a table, not {type(value).__name__}")
        elif "other" in value and value.keys() <= set(PLURAL_CATEGORIES):
            result[key] = MappingProxyType(value)
        else:
            _flatten(value, key, file, result)


def find_placeholders(message: Message) -> frozenset[str]:
    """Return the names in braces of a message, over all its plural forms."""
    texts = [message] if isinstance(message, str) else message.values()
    return frozenset(name for text in texts for name in _PLACEHOLDER.findall(text))


def choose_plural(count: int | Decimal, lang: str) -> str:
    """Return the plural category of a number (Unicode CLDR): Arabic has six, English two."""
    return str(Locale.parse(lang).plural_form(count))


@lru_cache
def _language(lang: str) -> str:
    if lang not in DESK_LANGUAGES:
        raise KeyError(f"unknown language {lang!r}: there are {', '.join(DESK_LANGUAGES)}")
    return lang


def choose_public(lang: str) -> str:
    """Return the language in which a reader of ``lang`` finds the public pages: their own, else English."""
    return lang if lang in LANGUAGES else REFERENCE


@cache
def _find(key: str, lang: str) -> tuple[Message, str]:
    """Return the message and the language it is in; cached, so a missing translation is logged once."""
    area = key.split(".", 1)[0]
    message = load_messages(area, _language(lang)).get(key)
    if message is not None:
        return message, lang
    fallback = load_messages(area, REFERENCE).get(key)
    if fallback is None:
        raise KeyError(f"no message {key!r} in {REFERENCE}/{area}.toml")
    log.warning("%s/%s.toml has no %s: English is shown", lang, area, key)
    return fallback, REFERENCE


def has(key: str) -> bool:
    """Return True if the English catalogues have a message of this key."""
    return key in load_messages(key.split(".", 1)[0], REFERENCE)


def list_placeholders(key: str) -> frozenset[str]:
    """Return the values that the text of a key is filled with."""
    return find_placeholders(_find(key, REFERENCE)[0])


def t(key: str, lang: str, **values: str | int | Decimal) -> str:
    """Return the text of ``key`` in ``lang``, with ``{name}`` replaced by the value of that name.

    ``count`` chooses the form of a plural message and is written as a whole number of that language (``1,234``). Other
    values are put in as they are: write figures with ``format_number`` or ``format_quantity`` first, so that nothing is
    shown unrounded. A text missing in ``lang`` is given in English and logged once. From right to left the sign of per
    cent would change sides with what stands before the number: both are isolated (U+2066 … U+2069).

    Raises:
        KeyError: the key, the language or the value of a placeholder is unknown; the message names it.
        TypeError: a value is a float.
    """
    message, found_in = _find(key, lang)
    if not isinstance(message, str):
        if "count" not in values:
            raise KeyError(f"{key} is a plural message: it needs count")
        count = values["count"]
        if isinstance(count, str):
            raise TypeError(f"{key}: count must be a number, not the text {count!r}")
        message = message.get(choose_plural(count, found_in)) or message["other"]

    def fill(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in values:
            raise KeyError(f"{key} needs a value for {{{name}}}")
        return _format_value(key, name, values[name], found_in)

    text = _PLACEHOLDER.sub(fill, message) if "{" in message else message
    return _PER_CENT.sub("\u2066\\1\u2069", text) if "%" in text and DESK_LANGUAGES[found_in].dir == "rtl" else text


def _format_value(key: str, name: str, value: str | int | Decimal, lang: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        raise TypeError(f"{key}: {name} is the float {value!r}; write it with format_number or format_quantity first")
    if name == "count":
        return format_decimal(value, format="#,##0.###", locale=lang, numbering_system="latn")
    return str(value)
