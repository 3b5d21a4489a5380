"""Everything the page of one country says."""

from dashboard.services.context import Context
from dashboard.services.views import CountryView


def country(ctx: Context, iso3: str) -> CountryView:
    """Facts, adoption with sources, indicators by theme against medians, and what is missing.

    Raises:
        Unknown: no such country, with suggestions.
    """
    raise NotImplementedError
