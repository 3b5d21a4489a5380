"""The index of indicators, searched and filtered."""

from dashboard.services.context import Context
from dashboard.services.views import IndicatorIndex


def indicators(ctx: Context, query: str = "", theme: str = "", goal: int = 0, principle: str = "") -> IndicatorIndex:
    """Indicators that match all filters given, those with data first. ``""`` and 0 mean no filter."""
    raise NotImplementedError
