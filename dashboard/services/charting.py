"""Charts by address: parameters in, specification, rows, sentence and image out."""

from dashboard.services.context import Context
from dashboard.services.views import ChartText


def chart_text(
    ctx: Context,
    kind: str,
    indicator: str,
    countries: tuple[str, ...] = (),
    first: int | None = None,
    last: int | None = None,
    theme: str = "light",
) -> ChartText:
    """Title, sentence, row count and addresses of a chart, without fetching it."""
    raise NotImplementedError
