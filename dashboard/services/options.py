"""What select boxes and the sitemap need."""

from dashboard.services.context import Context
from dashboard.services.views import Options


def options(ctx: Context) -> Options:
    """Countries, indicators, rules and languages to choose from."""
    raise NotImplementedError


def default_countries(ctx: Context, indicator: str = "", most: int = 6) -> tuple[str, ...]:
    """Azerbaijan first, then adopters (furthest status first) that have figures of the indicator."""
    raise NotImplementedError
