"""Why a country has no figure of an indicator: one answer for every page, list and file."""

from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import find_latest, has_figure, select_own_totals
from dashboard.answers.holdings.coverage import is_gathered
from dashboard.answers.wording.figures import classify_missing
from dashboard.answers.wording.views import MissingKind
from dashboard.evidence.codebook.model import Metric


def classify_gap(ctx: Context, metric: Metric, iso3: str) -> MissingKind:
    """Return the kind of a gap; "" where there is a value, "censored" where there is a bound."""
    row = find_latest(ctx, metric.id).get(iso3)
    if not has_figure(row) and has_own_figure(ctx, metric, iso3):
        return "not_comparable"
    return classify_missing(metric, row, gathered=is_gathered(ctx, metric.id))


def has_own_figure(ctx: Context, metric: Metric, iso3: str) -> bool:
    """Return True if the country's own series has a figure under the indicator's number."""
    return any(
        has_figure(row)
        for own in metric.national
        if own.country == iso3
        for row in select_own_totals(ctx, own).collect().iter_rows(named=True)
    )
