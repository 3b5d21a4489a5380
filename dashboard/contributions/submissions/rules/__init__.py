"""What must hold of what ministries send: a check is one function, all are run, all findings are told at once.

``codes``, ``numbers``, ``time``, ``method``, ``completeness`` and ``evidence`` look at a file's figures, ``counts`` and
``contradictions`` at centres and their monthly counts, ``survey`` at a mapped survey; all have the shape of ``check``.
"""

from collections import Counter
from collections.abc import Iterable

from dashboard.contributions.submissions.model import MOST_PLACES, SEVERITIES, Finding
from dashboard.contributions.submissions.rules import codes as codes
from dashboard.contributions.submissions.rules import completeness as completeness
from dashboard.contributions.submissions.rules import contradictions as contradictions
from dashboard.contributions.submissions.rules import evidence as evidence
from dashboard.contributions.submissions.rules import method as method
from dashboard.contributions.submissions.rules import numbers as numbers
from dashboard.contributions.submissions.rules import time as time
from dashboard.contributions.submissions.rules.ground import CHECKS, Ground


def check(ground: Ground, noticed: Iterable[Finding] = ()) -> list[Finding]:
    """Every finding of a file of figures, errors first, then by sheet and row.

    Args:
        ground: the figures and what they are held against.
        noticed: what reading has found already.
    """
    return in_order([*noticed, *CHECKS.findings(ground)])


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Findings as they are told: errors first, then by sheet and row.

    At most ``MOST_PLACES`` places of one rule and sheet: more are read by nobody, and the rule's fault is one.
    """
    seen: Counter[tuple[str, str]] = Counter()
    capped = []
    for finding in findings:
        seen[finding.rule, finding.sheet] += 1
        if seen[finding.rule, finding.sheet] <= MOST_PLACES:
            capped.append(finding)
    return sorted(capped, key=lambda it: (SEVERITIES.index(it.severity), it.sheet, it.row, it.column, it.rule))
