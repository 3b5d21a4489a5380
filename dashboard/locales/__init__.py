"""Every word shown, in every language: catalogues, and numbers, units and dates as each language writes them."""

from dashboard.locales.catalogue import (
    DESK_LANGUAGES,
    LANGUAGES,
    Language,
    choose_public,
    has,
    keep_signs_together,
    list_placeholders,
    t,
)
from dashboard.locales.editions import format_edition
from dashboard.locales.figures import (
    format_day,
    format_number,
    format_period,
    format_quantity,
    format_unit,
    format_year,
    isolate_ltr,
)
from dashboard.locales.letters import capitalise, order

__all__ = [
    "DESK_LANGUAGES",
    "LANGUAGES",
    "Language",
    "capitalise",
    "choose_public",
    "format_day",
    "format_edition",
    "format_number",
    "format_period",
    "format_quantity",
    "format_unit",
    "format_year",
    "has",
    "isolate_ltr",
    "keep_signs_together",
    "list_placeholders",
    "order",
    "t",
]
