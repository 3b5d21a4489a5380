"""A finding in words: what is expected, what to do, in a language."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.contributions.delivery.wording import count_name
from dashboard.contributions.submissions.methods.sheet import choice_key
from dashboard.contributions.submissions.model import (
    ACTIVITIES,
    BREAKDOWNS,
    FIGURE_REASONS,
    METHOD_CHOICES,
    METHOD_FIELDS,
    OF,
    ONE_UNIT,
    REPLACED,
    Finding,
)
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.locales import format_number, format_unit, has, list_placeholders, t

_OF_DIMENSIONS = {pairs[0][0]: name for name, pairs in BREAKDOWNS.items()}
"""Breakdown as the record writes it → as surveys and catalogues name it."""

READ_INDICATORS = ("target_missing", "left_empty", "definition_national")
"""Rules whose findings tell under *read* the ids of several indicators."""


@dataclass(frozen=True, slots=True)
class FindingText:
    """A finding as people read it."""

    severity: str
    sheet: str
    cell: str
    read: str
    expected: str
    todo: str
    subject: str = ""  # the name of the indicator of its row


def finding_text(finding: Finding, lang: str) -> FindingText:
    """Return the words of a finding; fields and units by their names in the language."""
    values = {name: _named(name, value, lang) for name, value in finding.values.items()}
    catalogue = "survey" if finding.rule.startswith("survey_") else "submissions"
    expected, todo = (_told(f"{catalogue}.rule.{finding.rule}", part, lang, values) for part in ("expected", "todo"))
    if finding.rule == "refused":
        expected = _refused(values.get("code", ""), lang) or values.get("message", expected)
    return FindingText(
        severity=t(f"submissions.severity.{finding.severity}", lang),
        sheet=finding.sheet or t("submissions.finding.whole_file", lang),
        cell=finding.cell or finding.column or (str(finding.row) if finding.row else ""),
        read=_names(finding.read, lang) if finding.rule in READ_INDICATORS else finding.read,
        expected=expected,
        todo=todo,
        subject=subject_text(finding.values[OF], lang) if finding.values.get(OF) else "",
    )


def _told(rule: str, part: str, lang: str, values: Mapping[str, str]) -> str:
    """Return the words of a rule: the catalogue's, or its own in English where no catalogue has them yet.

    Of a finding that was stored before its rule told these values, where to see them.
    """
    key = f"{rule}.{part}"
    if not has(key) and part in values:
        return values[part]
    if not list_placeholders(key) <= values.keys():
        return t("submissions.finding.older", lang)
    return t(key, lang, **values)


def _refused(code: str, lang: str) -> str:
    """Why a file is not read, in other languages than that of the message, which is in English and names the place."""
    key = f"submissions.refusal.{code}"
    return t(key, lang) if lang != "en" and code and has(key) else ""


def _names(ids: str, lang: str) -> str:
    """Return indicators by their names; what the codebook does not know, as it stands."""
    known = load_codebook().metrics
    return t("ui.list.comma", lang).join(
        choose_text(known[one].name, lang) if one in known else one for one in ids.split(", ")
    )


def group_text(dimensions: str, lang: str) -> str:
    """Return a breakdown in words, the total too; what is none (of a count: centre, service, channel) as it stands."""
    if not dimensions.startswith("{"):
        return dimensions
    named = []
    for value in json.loads(dimensions).values():
        keys = (f"submissions.breakdown.{value.lower()}", f"survey.category.{value}")
        named.append(next((t(key, lang) for key in keys if _is_key(key) and has(key)), value))
    return ", ".join(named) or t("submissions.breakdown.total", lang)


def reason_text(reason: str, lang: str) -> str:
    """Return a reason as it was given: its code, where it begins with one, in the reader's language."""
    code, colon, words = reason.partition(": ")
    if code not in (*FIGURE_REASONS, ONE_UNIT, REPLACED):
        return reason
    return t(f"submissions.reason.{code}", lang) + (t("ui.list.colon", lang) + words if colon else "")


def subject_text(indicator: str, lang: str) -> str:
    """Return what a figure is of: an indicator by its name, or a count of services."""
    metric = load_codebook().metrics.get(indicator)
    if metric is not None:
        return choose_text(metric.name, lang)
    if indicator == ACTIVITIES:
        return t("submissions.sheet.activities", lang)
    try:
        return count_name(indicator, lang)
    except (KeyError, ValueError):  # an indicator that the codebook has no more
        return indicator


def answer_text(name: str, words: str, lang: str) -> str:
    """Return an answer of *Method*: a choice in the reader's language, all else as it was written."""
    if words not in METHOD_CHOICES.get(name, ()):
        return words
    return f"{words}\u00a0%" if name == "interval_level" else t(choice_key(name, words), lang)


def method_words(method: Mapping[str, str], lang: str) -> list[tuple[str, str]]:
    """Return how figures were made: what was asked, and the answer."""
    return [
        (t(f"submissions.method.{name}", lang), answer_text(name, method[name], lang))
        for name in METHOD_FIELDS
        if method.get(name)
    ]


def _is_key(text: str) -> bool:
    """Return True if a text can be a key: a region of a survey is called as its file calls it."""
    return all(letter.isascii() and (letter.isalnum() or letter in "_.") for letter in text)


def _named(name: str, value: str, lang: str) -> str:
    if name == "group":
        return group_text(value, lang)
    if name in ("indicator", "instead"):
        return subject_text(value, lang)
    if name in ("kind", "only"):
        return answer_text("method", value, lang)
    if name in ("figure", "held"):
        return value if value == "–" else format_number(float(value), lang)
    if name == "field":
        for area in ("column", "method"):
            if has(f"submissions.{area}.{value}"):
                return t(f"submissions.{area}.{value}", lang)
    for area, where in (("block", "survey.block"), ("missing", "survey.item"), ("choice", "survey.single_psu")):
        if name == area:
            return ", ".join(t(f"{where}.{one}", lang) for one in value.split(", "))
    if name == "decimal":
        return format_number(float(value), lang, 4)  # three digits after the sign would be read in two ways again
    if name == "unit":
        return format_unit(value, lang)
    if name == "by" and value in _OF_DIMENSIONS:
        return t(f"survey.group.{_OF_DIMENSIONS[value]}", lang)
    return value
