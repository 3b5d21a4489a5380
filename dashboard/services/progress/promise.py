"""The promise of 99 % satisfaction as a test with three answers: met, not met, cannot tell."""

from collections.abc import Mapping

from dashboard.locales import format_day, format_number, format_quantity, t
from dashboard.measures.delivery.target99 import ALPHA, TARGET, count_fewest_answers, find_critical_counts
from dashboard.services.base.cache import cached
from dashboard.services.base.context import Context
from dashboard.services.base.words import name_country
from dashboard.services.progress.views import Promise, PromiseRow

EXAMPLE = 1_000
"""Valid answers of the sample by which the rule is explained."""


@cached
def check_promise(ctx: Context, iso3: str = "") -> Promise:
    """Every published satisfaction figure held against the promise. ``iso3``: of one country only.

    The figures an agency publishes of itself come without a number of answers, so nothing can be tested: the answer is
    "cannot tell", never "met".
    """
    decides = find_critical_counts(EXAMPLE)
    lang = ctx.lang
    rows = [
        _row(ctx, report)
        for report in ctx.book.agency_reports
        if report["metric"] == "satisfaction" and iso3 in ("", report["country"])
    ]
    return Promise(
        text=t("results.promise.text" if rows else "results.promise.none", lang, target=_percent(100 * TARGET, lang)),
        rule=t(
            "results.promise.rule",
            lang,
            alpha=_percent(100 * ALPHA, lang),
            n=format_number(EXAMPLE, lang),
            met=format_number(decides.met_at_least or 0, lang),
            missed=format_number(decides.not_met_at_most or 0, lang),
            fewest=format_number(count_fewest_answers(), lang),
        ),
        rows=rows,
    )


def _row(ctx: Context, report: Mapping[str, str]) -> PromiseRow:
    stated = _percent(float(report["value"]), ctx.lang)
    return PromiseRow(
        country=name_country(ctx, report["country"]),
        when=format_day(report["date"], ctx.lang, report["precision"]),
        figure=t(f"answers.claim.{report['qualifier']}", ctx.lang, number=stated),
        outcome="cannot_tell",
        outcome_text=t("results.promise.outcome.cannot_tell", ctx.lang),
        reason=t("results.promise.no_n", ctx.lang),
        source=report["source"],
    )


def _percent(value: float, lang: str) -> str:
    return format_quantity(value, "percent", lang)
