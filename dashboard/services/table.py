"""The table view: the same rows as the chart and the download, a page at a time."""

from dashboard.services.context import Context
from dashboard.services.views import TableView


def table(
    ctx: Context,
    indicator: str,
    countries: tuple[str, ...] = (),
    first: int | None = None,
    last: int | None = None,
    page: int = 1,
    size: int = 50,
    totals_only: bool = True,
) -> TableView:
    """Rows newest first within a country, countries in the order asked; ``size`` at most 100. No countries: all.

    Raises:
        Unknown: no such indicator or country.
        Invalid: page or size out of range.
    """
    raise NotImplementedError
