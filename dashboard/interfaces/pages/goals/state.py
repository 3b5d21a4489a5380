"""Goals, one goal, one target: three questions of the same shape."""

import reflex as rx

from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import Unknown
from dashboard.answers.goals.goals import list_goals, view_goal, view_target
from dashboard.answers.goals.views import GoalCard, GoalView, TargetView
from dashboard.answers.indicators.views import IndicatorCard
from dashboard.interfaces.pages.shell.address import PageAddress
from dashboard.interfaces.pages.shell.cards import TargetLines, build_target_lines, split_by_figures
from dashboard.interfaces.pages.shell.state import NOTHING, Shell


def read_number(name: str) -> int:
    """The number of a goal in an address; 0 for whatever is none."""
    return int(name) if name.isdecimal() and len(name) <= 2 else 0


class GoalsState(Shell):
    """All goals, or the one of the page."""

    cards: list[GoalCard] = []  # of the goals that something of ours is linked to
    rest: list[GoalCard] = []
    goal_view: GoalView = NOTHING
    targets: list[TargetLines] = []
    target_view: TargetView = NOTHING
    having: list[IndicatorCard] = []  # indicators of the target with figures
    without: list[IndicatorCard] = []

    @rx.event
    async def load(self) -> None:
        """All seventeen goals."""
        answer = await self._ask_services(lambda ctx, _: list_goals(ctx), cached=True)
        if answer is not None:
            self.cards = [card for card in answer if card["indicators"]]
            self.rest = [card for card in answer if not card["indicators"]]

    @rx.event
    async def load_goal(self) -> None:
        """The goal whose number ends the path."""
        asked = self._get_entry()

        def question(ctx: Context, _: PageAddress) -> GoalView:
            if not read_number(asked):
                raise Unknown("goal", asked)
            return view_goal(ctx, read_number(asked))

        self.goal_view = NOTHING  # or the window would be called by the goal before, where there is no answer
        view = await self._ask_services(question, cached=True)
        if view is not None:
            self.goal_view = {**view, "targets": []}
            self.targets = [build_target_lines(card) for card in view["targets"]]

    @rx.event
    async def load_target(self) -> None:
        """The target whose code ends the path."""
        code = self._get_entry()
        self.target_view = NOTHING
        view = await self._ask_services(lambda ctx, _: view_target(ctx, code), cached=True)
        if view is not None:
            self.target_view = {**view, "indicators": []}
            self.having, self.without = split_by_figures(view["indicators"])
