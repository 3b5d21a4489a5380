"""CEPA principles and themes: the other two ways into the indicators."""

from dashboard.services.context import Context
from dashboard.services.views import PrincipleView, ThemeView


def principles(ctx: Context) -> list[PrincipleView]:
    """The eleven principles with the indicators linked to each."""
    raise NotImplementedError


def themes(ctx: Context) -> list[ThemeView]:
    """The themes with their indicators."""
    raise NotImplementedError
