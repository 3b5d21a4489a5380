"""What must hold of a file's figures: one function a rule, all of them run, all findings at once.

A rule takes ``Ground`` and yields findings; its words (what is expected, what to do) are in the catalogue
``submissions`` under ``rule.<id>``. To add one, write the function, put it into ``RULES`` and add its words.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from dashboard.submissions.model import MOST_PLACES, SEVERITIES, Finding
from dashboard.submissions.rules import codes, completeness, numbers, time
from dashboard.submissions.rules.ground import Ground

Rule = Callable[[Ground], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    codes.template_country,
    codes.template_version,
    codes.indicator_unknown,
    codes.indicator_not_accepted,
    codes.country_wrong,
    codes.breakdown_unknown,
    codes.unit_differs,
    codes.percent_sign,
    codes.reason_unknown,
    numbers.number_unread,
    numbers.out_of_bounds,
    numbers.unusual_value,
    numbers.share_as_fraction,
    numbers.numerator_alone,
    numbers.numerator_too_large,
    numbers.count_not_whole,
    numbers.value_not_ratio,
    numbers.total_outside_parts,
    numbers.interval_wrong,
    numbers.small_cell,
    numbers.small_rest,
    numbers.note_is_number,
    time.period_unread,
    time.period_not_year,
    time.period_wrong,
    time.period_future,
    time.row_twice,
    time.jump,
    time.definition_changed,
    completeness.rows_none,
    completeness.missing_no_reason,
    completeness.value_and_reason,
    completeness.reason_without_words,
    completeness.method_missing,
    completeness.comparability_missing,
    completeness.sample_missing,
    completeness.target_missing,
)


def check(ground: Ground, noticed: Iterable[Finding] = ()) -> list[Finding]:
    """Every finding of a file, errors first, then by sheet and row.

    Args:
        ground: the figures and what they are held against.
        noticed: what reading has found already.
    """
    return in_order([*noticed, *(finding for rule in RULES for finding in rule(ground))])


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
