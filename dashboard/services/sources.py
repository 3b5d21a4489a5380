"""Where every figure comes from."""

from dashboard.services.context import Context
from dashboard.services.views import SourcesView


def sources(ctx: Context) -> SourcesView:
    """Publishers with licence, cadence, age, rows and failures."""
    raise NotImplementedError
