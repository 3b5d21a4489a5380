"""Everything the page of one indicator says."""

from dashboard.services.context import Context
from dashboard.services.views import IndicatorView


def indicator(
    ctx: Context, metric: str, countries: tuple[str, ...] = (), first: int | None = None, last: int | None = None
) -> IndicatorView:
    """The indicator page, in its order. No countries: the default selection (Azerbaijan first, then adopters).

    Raises:
        Unknown: no such indicator or country, with suggestions.
    """
    raise NotImplementedError
