"""Goals, targets and official indicators, with what of ours maps to them."""

from dashboard.services.context import Context
from dashboard.services.views import GoalCard, GoalView, SdgIndicatorView, TargetView


def goals(ctx: Context) -> list[GoalCard]:
    """The seventeen goals with how many of our indicators map to each."""
    raise NotImplementedError


def goal(ctx: Context, number: int) -> GoalView:
    """One goal: official title, its targets, our indicators per target with strength and reason.

    Raises:
        Unknown: no such goal.
    """
    raise NotImplementedError


def target(ctx: Context, code: str) -> TargetView:
    """One target, its official indicators, and ours.

    Raises:
        Unknown: no such target.
    """
    raise NotImplementedError


def sdg_indicator(ctx: Context, code: str) -> SdgIndicatorView:
    """One official indicator: custodian, tier as of its date, what of ours maps to it, or that nothing does.

    Raises:
        Unknown: no such official indicator.
    """
    raise NotImplementedError
