"""Up to six countries on one indicator."""

from dashboard.services.context import Context
from dashboard.services.views import CompareView


def compare(
    ctx: Context,
    indicator: str,
    countries: tuple[str, ...] = (),
    first: int | None = None,
    last: int | None = None,
    page: int = 1,
) -> CompareView:
    """Lines, comparability notes and the table. More than six countries: the first six, and ``too_many`` says so.

    Raises:
        Unknown: no such indicator or country.
    """
    raise NotImplementedError
