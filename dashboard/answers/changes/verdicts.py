"""What follows from figures and changed with them: statuses by a method, targets crossed, answers to claims."""

from collections.abc import Collection
from typing import Any

from dashboard.analysis.measures.moves import has_reached
from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import find_latest
from dashboard.answers.base.words import name_country, name_metric
from dashboard.answers.changes.figures import write_figure_address
from dashboard.answers.changes.views import BLANK, ChangedLine
from dashboard.answers.claims.finding import SentCounts
from dashboard.answers.claims.rules import find_answer
from dashboard.answers.progress.assessment import BUDGET_BAND, TARGET_YEAR, assess_lines
from dashboard.answers.progress.statuses import choose_word, explain_reason, list_tones, name_status
from dashboard.answers.wording.figures import format_value
from dashboard.evidence.codebook.model import Metric, choose_text
from dashboard.locales import t

Verdict = dict[str, Any]


def list_status_changes(
    then: Context, now: Context, method: str, metrics: Collection[Metric], countries: Collection[str]
) -> list[ChangedLine]:
    """Return countries and indicators whose status changed, those with a status in both first.

    Worse statuses come before better ones among them. A refusal is no status; another reason for it is no change.
    """
    asked = {"metrics": [metric.id for metric in metrics], "countries": list(countries), "methods": [method]}
    before, after = ({_find_pair(row): row for row in assess_lines(ctx, **asked)} for ctx in (then, now))
    changed = [
        (before.get(pair), after.get(pair))
        for pair in sorted({*before, *after})
        if _choose_status(before.get(pair)) != _choose_status(after.get(pair))
    ]
    order = list(list_tones())

    def weigh(sides: tuple[Verdict | None, Verdict | None]) -> tuple[bool, int, str, str]:
        words = [_choose_status(side) for side in sides]
        step = order.index(words[0]) - order.index(words[1]) if all(words) else 0
        return not all(words), step, *_find_pair(sides[1] or sides[0] or {})

    return [_describe_status(now, *sides) for sides in sorted(changed, key=weigh)]


def _find_pair(row: Verdict) -> tuple[str, str]:
    return row["indicator"], row["country"]


def _choose_status(row: Verdict | None) -> str:
    """Return the status as readers see it; "" where there is none."""
    return choose_word(row["status"], row["target"]) if row and row["status"] else ""


def _describe_status(ctx: Context, before: Verdict | None, after: Verdict | None) -> ChangedLine:
    row = after or before or {}
    metric = ctx.book.metrics[row["indicator"]]
    ends = [_describe_end(ctx, metric, side) for side in (before, after)]
    reason = explain_reason(ctx, after["reason"] or "") if after and not after["status"] else ""
    return {
        **BLANK,
        "kind": "status",
        "indicator": metric.id,
        "iso3": row["country"],
        "name": name_metric(ctx, metric.id),
        "country": name_country(ctx, row["country"]),
        "before": _name(ctx, before),
        "after": _name(ctx, after),
        "note": reason
        or (t("changes.between.step", ctx.lang, before=ends[0], after=ends[1]) if all(ends) else ends[1]),
        "to": f"{write_figure_address(ctx, metric.id, row['country'])}&part=status",
    }


def _name(ctx: Context, row: Verdict | None) -> str:
    if row and row["status"]:
        return name_status(ctx, row["status"], row["target"])
    return t("changes.between.no_status" if row else "changes.between.no_figure", ctx.lang)


def _describe_end(ctx: Context, metric: Metric, row: Verdict | None) -> str:
    """Return the latest figure that a verdict rests on, with its year."""
    if not row or row["latest_value"] is None:
        return ""
    return f"{format_value(ctx, metric, row['latest_value'], unit=True)} ({row['latest_year']})"


def list_crossed_targets(
    then: Context, now: Context, metrics: Collection[Metric], countries: Collection[str]
) -> list[ChangedLine]:
    """Return the latest figures that crossed their target in either direction, losses first.

    A country's own target for the year takes the place of the framework's.
    """
    own = {
        (target.metric, target.country): target.value
        for target in now.book.national_targets
        if (target.kind, target.year) == ("target", TARGET_YEAR)
    }
    lines = []
    for metric in metrics:
        rows = find_latest(then, metric.id), find_latest(now, metric.id)
        for iso3 in countries:
            common = metric.centre if metric.direction == "centre" else metric.target_2030
            target = own.get((metric.id, iso3), common)
            values = [side[iso3]["value"] if iso3 in side else None for side in rows]
            if target is None or metric.direction == "none" or None in values:
                continue
            slack = BUDGET_BAND.get(metric.id, 0.0)
            met = [has_reached(value, target, metric.direction, slack) for value in values if value is not None]
            if met[0] != met[1]:
                lines.append((met[1], _describe_crossing(now, metric, iso3, target, [side[iso3] for side in rows])))
    return [line for _, line in sorted(lines, key=lambda crossing: crossing[0])]


def _describe_crossing(
    ctx: Context, metric: Metric, iso3: str, target: float, rows: list[dict[str, Any]]
) -> ChangedLine:
    before, after = (f"{format_value(ctx, metric, row['value'], unit=True)} ({row['period']})" for row in rows)
    return {
        **BLANK,
        "kind": "target",
        "indicator": metric.id,
        "iso3": iso3,
        "name": name_metric(ctx, metric.id),
        "country": name_country(ctx, iso3),
        "before": before,
        "after": after,
        "note": t("changes.between.target", ctx.lang, target=format_value(ctx, metric, target, unit=True)),
        "to": write_figure_address(ctx, metric.id, iso3),
        "id_before": rows[0]["id"],
        "id_after": rows[1]["id"],
    }


def list_changed_claims(then: Context, now: Context, sent: SentCounts) -> list[ChangedLine]:
    """Return claims whose answer changed; register and sent counts are today's in both."""
    lines: list[ChangedLine] = []
    for claim in now.book.claims:
        answers = [find_answer(ctx, claim, sent).answer for ctx in (then, now)]
        if answers[0] != answers[1]:
            before, after = (t(f"statement.answer.{answer}.name", now.lang) for answer in answers)
            lines.append(
                {
                    **BLANK,
                    "kind": "claim",
                    "name": t("ui.list.colon", now.lang).join((claim.id, choose_text(claim.claim, now.lang))),
                    "before": before,
                    "after": after,
                    "to": f"/{now.lang}/statement/{claim.id}/",
                }
            )
    return lines
