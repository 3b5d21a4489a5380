"""The method page, made of the same constants and catalogue as the computations."""

from dashboard.services.context import Context
from dashboard.services.views import MethodView


def method(ctx: Context) -> MethodView:
    """Definitions of statuses, strengths, evidence levels, kinds of no data, rounding, intervals, counting rules."""
    raise NotImplementedError
