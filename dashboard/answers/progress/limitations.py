"""What the figures cannot say, counted from refusals and gaps: made of the same rows as the verdicts."""

from collections import Counter

from dashboard.answers.adoption.counting import check_rule, list_adopters
from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.words import join_sentences
from dashboard.answers.progress.assessment import assess_lines
from dashboard.answers.progress.results import ResultsQuery
from dashboard.answers.progress.statuses import choose_tone, explain_reason
from dashboard.answers.progress.views import Limitation
from dashboard.locales import format_number, t


@cached
def list_limitations(ctx: Context, query: ResultsQuery) -> list[Limitation]:
    """Count missing figures, targets and direct links, then refusals, the commonest first."""
    lang = ctx.lang
    members = (query.iso3,) if query.iso3 else list_adopters(ctx, check_rule(query.rule))
    rows = assess_lines(ctx, countries=members, methods=[query.method])
    every = ctx.book.metrics.values()
    having = {row["indicator"] for row in rows}
    there = [metric for metric in every if metric.id in having]

    def of(count: int, whole: int) -> str:
        return t("results.frame.of", lang, count=count, of=format_number(whole, lang))

    limitations = [
        Limitation(id=name, count=of(count, whole), text=t(f"results.unsaid.{name}", lang))
        for name, count, whole in (
            ("no_figure", len(every) - len(there), len(every)),
            ("no_target", sum(1 for metric in there if metric.target_2030 is None), len(there)),
            ("not_direct", sum(1 for metric in there if not metric.direct), len(there)),
        )
        if count
    ]
    refusals = Counter(row["reason"] for row in rows if choose_tone(row) == "none")
    limitations += [
        Limitation(
            id=reason or "no_status",
            count=of(count, len(rows)),
            text=join_sentences([t("results.unsaid.refused", lang), explain_reason(ctx, reason or "")]),
        )
        for reason, count in refusals.most_common()
    ]
    return [*limitations, Limitation(id="no_cause", count="", text=t("results.unsaid.no_cause", lang))]
