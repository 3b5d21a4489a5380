"""The sheet *Method* of a file: one row for all indicators and one for each, or, in older templates, one block."""

import re
from collections.abc import Mapping
from functools import lru_cache

from dashboard.contributions.submissions.model import LONGEST_METHOD, METHOD_CHOICES, METHOD_FIELDS, OF, Finding
from dashboard.contributions.submissions.reading.cells import folded
from dashboard.contributions.submissions.reading.figures import find_indicator
from dashboard.contributions.submissions.reading.heads import key
from dashboard.contributions.submissions.reading.sheet import UploadSheet
from dashboard.evidence.codebook.model import Codebook
from dashboard.locales import DESK_LANGUAGES, t

ALL = "all"
"""Whose row is of all indicators."""

EARLIER = {"method": {"استطلاع المستخدمين": "user_survey"}}
"""What choices are called in templates that were downloaded before the word was changed."""

_PERCENT = re.compile(r"([0-9]{2})(?:\.0+)? ?%?")


def read_methods(sheet: UploadSheet, book: Codebook) -> tuple[dict[str, str], dict[str, dict[str, str]], list[Finding]]:
    """Return what a sheet says of all figures, indicator → what it says of its own, and what cannot be told.

    Args:
        sheet: the sheet *Method*.
        book: the codebook, by which indicators are known.
    """
    rows = sheet.texts.rows()
    for at, row in enumerate(rows):
        fields = {place: name for place, cell in enumerate(row) if (name := _labels().get(key(cell)))}
        if "indicator" in fields.values() and len(set(fields.values()) - {"indicator", "name"}) > 1:
            return _of_table(sheet, at, fields, book)
    return _of_block(rows), {}, []


def _of_table(
    sheet: UploadSheet, head: int, fields: Mapping[int, str], book: Codebook
) -> tuple[dict[str, str], dict[str, dict[str, str]], list[Finding]]:
    whole: dict[str, str] = {}
    apart: dict[str, dict[str, str]] = {}
    seen: set[str] = set()
    findings: list[Finding] = []
    at_indicator = next(place for place, name in fields.items() if name == "indicator")
    for line, row in enumerate(sheet.texts.rows()[head + 1 :], start=head + 2):
        said = {
            name: read_answer(name, row[place])
            for place, name in fields.items()
            if name in METHOD_FIELDS and row[place].strip()
        }
        texts = [row[place].strip() for place, name in fields.items() if name in ("indicator", "name")]
        of = next(filter(None, texts), "")
        if not said:
            continue  # a row that was left empty: as for all
        indicator = ALL if key(of) in _all() else find_indicator(of, book)
        if not indicator:
            findings.append(_of(sheet, line, at_indicator, "method_of_unknown", of))
        elif indicator in seen:
            of_metric = {} if indicator == ALL else {OF: indicator}
            findings.append(_of(sheet, line, at_indicator, "method_twice", of, **of_metric))
        elif indicator == ALL:
            whole = said
        else:
            apart[indicator] = said
        seen.add(indicator or "")
    return whole, apart, findings


def _of_block(rows: list[tuple[str, ...]]) -> dict[str, str]:
    """Field → what was written beside its label."""
    texts: dict[str, str] = {}
    for row in rows:
        for at, cell in enumerate(row[:-1]):
            if (name := _labels().get(key(cell))) in METHOD_FIELDS:
                texts[name] = read_answer(name, row[at + 1])
                break
    return texts


def read_answer(name: str, text: str) -> str:
    """Return what was answered to a field: a choice by its code where it is known, else as it stands."""
    words = text.strip()[:LONGEST_METHOD]
    if name == "interval_level" and (match := _PERCENT.fullmatch(folded(words))):
        return match[1]
    return _choices().get(name, {}).get(folded(words).casefold(), words)


def _of(sheet: UploadSheet, line: int, at: int, rule: str, read: str, **values: str) -> Finding:
    return Finding(rule, "error", sheet.name, line, sheet.letter(at), read[:200], values)


@lru_cache
def _labels() -> Mapping[str, str]:
    """Folded label → field of *Method*, ``indicator`` or ``name``."""
    known = {name: name for name in (*METHOD_FIELDS, "indicator")}
    for lang in DESK_LANGUAGES:
        known |= {key(t(f"submissions.method.{name}", lang)): name for name in METHOD_FIELDS}
        known |= {key(t(f"submissions.column.{name}", lang)): name for name in ("indicator", "name")}
    return known


@lru_cache
def _all() -> frozenset[str]:
    return frozenset({ALL, "*", *(key(t("making.of.all", lang)) for lang in DESK_LANGUAGES)})


@lru_cache
def _choices() -> Mapping[str, Mapping[str, str]]:
    """Field → words of a choice in any language → its code."""
    return {
        name: {
            **{t(choice_key(name, code), lang).casefold(): code for code in codes for lang in DESK_LANGUAGES},
            **EARLIER.get(name, {}),
            **{code: code for code in codes},
        }
        for name, codes in METHOD_CHOICES.items()
        if name != "interval_level"
    }


def choice_key(name: str, code: str) -> str:
    """Return the catalogues' key of a choice."""
    return f"submissions.kind.{code}" if name == "method" else f"making.definition_used.{code}"
