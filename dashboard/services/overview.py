"""What the first page says: how many countries by which rule, one honest headline, what is covered."""

from dashboard.services.context import Context
from dashboard.services.views import OverviewView


def overview(ctx: Context, rule: str = "signed") -> OverviewView:
    """The first page, counted by ``rule`` (any_contact, signed, pilot_or_more, operating).

    Raises:
        Invalid: no such counting rule.
    """
    raise NotImplementedError
