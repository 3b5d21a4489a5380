"""The list of countries, and what the adoption register says of each."""

from dashboard.services.context import Context
from dashboard.services.views import AdoptionView, CountryCard


def countries(ctx: Context) -> list[CountryCard]:
    """All countries and areas, by name."""
    raise NotImplementedError


def adoption(ctx: Context) -> list[AdoptionView]:
    """Every country of the register with its derived status, events and disputes."""
    raise NotImplementedError


def adoption_of(ctx: Context, iso3: str) -> AdoptionView:
    """What the register says of one country; status no_record when it says nothing."""
    raise NotImplementedError
