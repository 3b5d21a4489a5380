"""The promise of 99 % satisfaction as a test with three answers: met, not met, cannot tell."""

from collections.abc import Mapping

from dashboard.locales import date, number, quantity, t
from dashboard.services.base.cache import cached
from dashboard.services.base.context import Context
from dashboard.services.base.words import country_name
from dashboard.services.progress.views import Promise, PromiseRow

EXAMPLE = 1_000
"""Valid answers of the sample by which the rule is explained."""


@cached
def promise(ctx: Context, iso3: str = "") -> Promise:
    """Every published satisfaction figure held against the promise. ``iso3``: of one country only.

    The figures an agency publishes of itself come without a number of answers, so nothing can be tested: the answer is
    "cannot tell", never "met".
    """
    from dashboard.measures.delivery.target99 import ALPHA, TARGET, critical, fewest_answers

    decides = critical(EXAMPLE)
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
            n=number(EXAMPLE, lang),
            met=number(decides.met_at_least or 0, lang),
            missed=number(decides.not_met_at_most or 0, lang),
            fewest=number(fewest_answers(), lang),
        ),
        rows=rows,
    )


def _row(ctx: Context, report: Mapping[str, str]) -> PromiseRow:
    stated = _percent(float(report["value"]), ctx.lang)
    return PromiseRow(
        country=country_name(ctx, report["country"]),
        when=date(report["date"], ctx.lang, report["precision"]),
        figure=t(f"answers.claim.{report['qualifier']}", ctx.lang, number=stated),
        outcome="cannot_tell",
        outcome_text=t("results.promise.outcome.cannot_tell", ctx.lang),
        reason=t("results.promise.no_n", ctx.lang),
        source=report["source"],
    )


def _percent(value: float, lang: str) -> str:
    return quantity(value, "percent", lang)
