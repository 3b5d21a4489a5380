"""How do we know? The way of one value back to what was received."""

from dashboard.services.context import Context
from dashboard.services.views import ProvenanceView


def provenance(ctx: Context, observation: str) -> ProvenanceView:
    """The whole way of one observation, current or superseded.

    Raises:
        Unknown: no such observation.
    """
    raise NotImplementedError
