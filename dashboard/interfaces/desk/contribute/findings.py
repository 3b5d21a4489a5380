"""Findings as a page shows them: those of one kind in one line with their cells, the worst first.

Over all sheets: 47 equal lines, a sheet each, hid the one that kept a file from being submitted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.contributions.submissions.model import SEVERITIES, Finding
from dashboard.contributions.submissions.workbooks.words import FindingText, finding_text
from dashboard.locales import t

SHOWN_FINDINGS = 2_000
"""Findings of which a page names the cells; the marked workbook has all."""

NAMED = 10
"""Cells of a line that are seen at once; the others are folded."""


@dataclass(frozen=True, slots=True)
class FindingCell:
    """One cell (row, sheet, file) of a line: where it is, whose figure stands there, what was read.

    ``words``: what is expected there and what to do, where that differs from cell to cell.
    """

    where: str
    subject: str
    read: str
    words: str


@dataclass(frozen=True, slots=True)
class FindingLine:
    """All findings of one rule and severity."""

    severity: str
    label: str
    expected: str
    todo: str
    places: Sequence[FindingCell]

    @property
    def named(self) -> Sequence[FindingCell]:
        """The places that are seen at once: all where folding would save one line alone."""
        return self.places if len(self.places) <= NAMED + 1 else self.places[:NAMED]

    @property
    def folded(self) -> Sequence[FindingCell]:
        """The others."""
        return self.places[len(self.named) :]


def group_findings(findings: Sequence[Finding], lang: str) -> list[FindingLine]:
    """Findings in lines: errors, warnings, suggestions; of each what concerns no single cell first, then the most."""
    kinds: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings[:SHOWN_FINDINGS]:
        kinds.setdefault((finding.severity, finding.rule), []).append(finding)
    several = len({finding.sheet for finding in findings if finding.sheet}) > 1
    ordered = sorted(
        kinds.values(), key=lambda of: (SEVERITIES.index(of[0].severity), any(finding.cell for finding in of), -len(of))
    )
    return [_line([(finding, finding_text(finding, lang)) for finding in of], several, lang) for of in ordered]


def _line(found: Sequence[tuple[Finding, FindingText]], several: bool, lang: str) -> FindingLine:
    first, text = found[0]
    same = [len({getattr(words, part) for _, words in found}) == 1 for part in ("expected", "todo")]
    own = t("submissions.finding.by_cell", lang)
    return FindingLine(
        severity=first.severity,
        label=text.severity,
        expected=text.expected if same[0] else own,
        todo=text.todo if same[1] else own,
        places=[
            FindingCell(
                _where(finding, words, several), words.subject, words.read,
                " ".join(part for part, alike in zip((words.expected, words.todo), same, strict=True) if not alike),
            )
            for finding, words in found
        ],
    )  # fmt: skip


def _where(finding: Finding, words: FindingText, several: bool) -> str:
    """``C7``; with its sheet where findings are of more than one; the sheet, or the whole file, without a cell."""
    if not words.cell:
        return words.sheet
    return f"{finding.sheet} · {words.cell}" if several and finding.sheet else words.cell
