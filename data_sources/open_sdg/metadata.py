"""What a platform says of an indicator: its national definition, source, limits and reporting status.

Built platforms give JSON with the words of one language. Data repositories hold YAML, or Markdown with YAML before it,
whose values may be keys of translation files (``sources.16-6-2-source_data_1``).
"""

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import yaml

from data_sources.errors import Changed
from data_sources.fetching.replies import parse_json, read_text

_KEY = re.compile(r"([A-Za-z_]+)\.([A-Za-z0-9_.-]+)", re.ASCII)
_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|$)", re.DOTALL)
_MARKUP = re.compile(r"<[A-Za-z/!][^<>]*>")
_LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]*)\)")
_UPDATED = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\b")
_UNIT = ("computation_units", "measurement_units")
_NOTES = (
    ("Indicator", ("indicator_name_national", "indicator_name")),
    ("National indicator", ("indicator_available", "national_indicator_available")),
    ("National description", ("national_indicator_description",)),
    ("Definition", ("computation_definitions",)),
    ("Calculation", ("computation_calculations",)),
    ("Unit", _UNIT),
    ("Limitations", ("comments_limitations",)),
)
_SOURCE = ("source_organisation", "source_compilation", "source_data")
_SOURCES = range(1, 7)


@dataclass(frozen=True)
class Metadata:
    """Fields of one indicator, as the platform names them, and what its translation keys stand for."""

    fields: Mapping[str, object] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    def text(self, *names: str) -> str:
        """Return the first of these fields with words; empty when none has, or only a key nobody translates."""
        return next((words for name in names if (words := self._words(name))), "")

    def missing_groups(self) -> list[str]:
        """Translation files that would say what the fields used here stand for."""
        groups = (_KEY.fullmatch(text) for name in _used() if (text := _scalar(self.fields.get(name))))
        return sorted({match[1] for match in groups if match and match[0] not in self.words})

    @property
    def notes(self) -> tuple[str, ...]:
        """The national definition and its limits, each with its heading."""
        sections = [(heading, self.text(*names)) for heading, names in _NOTES]
        status = self.text("reporting_status")
        sections.append(("Reporting status", status if status not in ("", "complete") else ""))
        return tuple(f"{heading}: {words}" for heading, words in sections if words)

    @property
    def status(self) -> str:
        """The reporting status, its letters alone: ``notstarted`` for ``Not started`` and ``status.notstarted`` too.

        Open SDG has ``complete``, ``inprogress``, ``notstarted`` and ``notapplicable``, a platform may have others;
        ``nonstatistical`` where the platform says that an indicator has no figures.
        """
        if str(self.fields.get("data_non_statistical")).strip().lower() == "true":
            return "nonstatistical"
        word = _scalar(self.fields.get("reporting_status")).rpartition(".")[2]
        return "".join(letter for letter in word.casefold() if letter.isalpha())

    @property
    def unit(self) -> str:
        """The unit of the figures, which a platform shows beside them where their table has no column of units."""
        return self.text(*_UNIT)

    @property
    def source(self) -> str:
        """Organisations the figures come from, with the survey or register where it is named."""
        parts = []
        for n in _SOURCES:
            if self.fields.get(f"source_active_{n}") is False:
                continue
            words = [text for name in _SOURCE if (text := self.text(f"{name}_{n}"))]
            parts.append(", ".join(dict.fromkeys(words)))
        return "; ".join(dict.fromkeys(filter(None, parts)))

    @property
    def updated(self) -> str:
        """The day the data were last changed (``2020-02-07``); empty when the platform does not say."""
        match = _UPDATED.match(self.text("national_data_update_url_text"))
        return match[1] if match else ""

    def _words(self, name: str) -> str:
        text = _scalar(self.fields.get(name))
        if _KEY.fullmatch(text):
            text = self.words.get(text, "")
        return strip_markup(text)


def read_metadata(name: str, body: bytes) -> Mapping[str, object]:
    """Return the fields of a metadata file: JSON, YAML, or Markdown with YAML before it, by its name.

    Raises:
        Retriable, Changed: it is not what its name says.
    """
    if name.endswith(".json"):
        return _fields(name, parse_json(body, name))
    text = read_text(body, name)
    if name.endswith(".md"):
        front = _FRONT_MATTER.match(text)
        text = front[1] if front else ""
    return _fields(name, _yaml(name, text))


def read_translations(group: str, name: str, body: bytes) -> dict[str, str]:
    """Key → words of a translation file. Keys are with or without the group's name."""
    prefix = f"{group}."
    entries = _fields(name, _yaml(name, read_text(body, name)))
    return {prefix + key.removeprefix(prefix): _scalar(value) for key, value in entries.items() if _scalar(value)}


def strip_markup(text: str) -> str:
    """Words without mark-up: HTML tags left out, ``[words](address)`` as ``words (address)``, blanks single."""
    text = _LINK.sub(lambda match: f"{match[1]} ({match[2]})" if match[2] != match[1] else match[1], text)
    return " ".join(html.unescape(_MARKUP.sub(" ", text)).split())


def merge_metadata(files: Iterable[Mapping[str, object]], words: Mapping[str, str]) -> Metadata:
    """Metadata from several files; a later one has precedence where it says something."""
    fields: dict[str, object] = {}
    for file in files:
        fields |= {key: value for key, value in file.items() if value not in (None, "")}
    return Metadata(fields, words)


def _used() -> Sequence[str]:
    return [
        *(name for _, names in _NOTES for name in names),
        *(f"{name}_{n}" for n in _SOURCES for name in _SOURCE),
        "reporting_status",
    ]


def _scalar(value: object) -> str:
    """Return the words of a single value; empty for lists, tables and nothing."""
    return str(value).strip() if isinstance(value, (str, int, float, date)) and not isinstance(value, bool) else ""


def _fields(name: str, content: object) -> Mapping[str, object]:
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise Changed("unexpected_shape", f"{name}: metadata are not fields with values")
    return {str(key): value for key, value in content.items()}


def _yaml(name: str, text: str) -> object:
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        message = " ".join(str(error).split())[:200]
        raise Changed("invalid_yaml", f"{name} is not YAML: {message}") from error
