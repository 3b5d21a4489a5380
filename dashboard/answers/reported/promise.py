"""The promise of 99 % satisfaction as a test with three answers: met, not met, cannot tell."""

from dashboard.analysis.measures.delivery.target99 import ALPHA, TARGET, count_fewest_answers, find_critical_counts
from dashboard.answers.adoption.counting import list_adopters, list_origins
from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.words import name_country
from dashboard.answers.progress.views import Promise, PromiseRow
from dashboard.answers.reported.figures import OWN, ReportedFigure, list_reported, write_period, write_value
from dashboard.locales import format_number, format_quantity, t

EXAMPLE = 1_000
"""Valid answers of the sample by which the rule is explained."""


@cached
def check_promise(ctx: Context, iso3: str = "") -> Promise:
    """Hold every published satisfaction figure against the promise; ``iso3`` limits it to a country.

    The figures an agency publishes of itself come without a number of answers, so nothing can be tested: the answer is
    "cannot tell", never "met".
    """
    decides = find_critical_counts(EXAMPLE)
    lang = ctx.lang
    rows = [
        _row(ctx, figure)
        for figure in list_reported(iso3)
        if figure.measure == OWN and figure.country in (*list_origins(ctx), *list_adopters(ctx))
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


def _row(ctx: Context, figure: ReportedFigure) -> PromiseRow:
    return PromiseRow(
        country=name_country(ctx, figure.country),
        when=write_period(figure, ctx.lang),
        figure=write_value(figure, ctx.lang),
        outcome="cannot_tell",
        outcome_text=t("results.promise.outcome.cannot_tell", ctx.lang),
        reason=t("results.promise.no_n", ctx.lang),
        source=figure.publisher,
    )


def _percent(value: float, lang: str) -> str:
    return format_quantity(value, "percent", lang)
