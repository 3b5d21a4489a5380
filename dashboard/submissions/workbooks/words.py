"""A finding in words: what is expected, what to do, in a language."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.codebook import codebook
from dashboard.codebook.model import text
from dashboard.locales import has, number, placeholder_names, t, unit_label
from dashboard.submissions.model import Finding


@dataclass(frozen=True, slots=True)
class FindingText:
    """A finding as people read it."""

    severity: str
    sheet: str
    cell: str
    read: str
    expected: str
    todo: str


def finding_text(finding: Finding, lang: str) -> FindingText:
    """The words of a finding; fields and units by their names in the language."""
    values = {name: _named(name, value, lang) for name, value in finding.values.items()}
    catalogue = "survey" if finding.rule.startswith("survey_") else "submissions"
    expected, todo = (_told(f"{catalogue}.rule.{finding.rule}.{part}", lang, values) for part in ("expected", "todo"))
    if finding.rule == "refused":
        expected = _refused(values.get("code", ""), lang) or values.get("message", expected)
    return FindingText(
        severity=t(f"submissions.severity.{finding.severity}", lang),
        sheet=finding.sheet or t("submissions.finding.whole_file", lang),
        cell=finding.cell or finding.column or (str(finding.row) if finding.row else ""),
        read=_names(finding.read, lang) if finding.rule == "target_missing" else finding.read,
        expected=expected,
        todo=todo,
    )


def _told(key: str, lang: str, values: Mapping[str, str]) -> str:
    """The words of a rule; of a finding that was stored before its rule told these values, where to see them."""
    if not placeholder_names(key) <= values.keys():
        return t("submissions.finding.older", lang)
    return t(key, lang, **values)


def _refused(code: str, lang: str) -> str:
    """Why a file is not read, in other languages than that of the message, which is in English and names the place."""
    key = f"submissions.refusal.{code}"
    return t(key, lang) if lang != "en" and code and has(key) else ""


def _names(ids: str, lang: str) -> str:
    """Indicators by their names; what the codebook does not know, as it stands."""
    known = codebook().metrics
    return t("ui.list.comma", lang).join(
        text(known[one].name, lang) if one in known else one for one in ids.split(", ")
    )


def _named(name: str, value: str, lang: str) -> str:
    if name == "field":
        for area in ("column", "method"):
            if has(f"submissions.{area}.{value}"):
                return t(f"submissions.{area}.{value}", lang)
    for area, where in (("block", "survey.block"), ("missing", "survey.item"), ("choice", "survey.single_psu")):
        if name == area:
            return ", ".join(t(f"{where}.{one}", lang) for one in value.split(", "))
    if name == "decimal":
        return number(float(value), lang, 4)  # three digits after the sign would be read in two ways again
    if name == "unit":
        return unit_label(value, lang)
    return value
