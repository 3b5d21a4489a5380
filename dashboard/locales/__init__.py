"""Every word shown, in every language: catalogues, and numbers, units and dates as each language writes them."""

from dashboard.locales.catalogue import LANGUAGES, Language, has, no_break, placeholder_names, t
from dashboard.locales.editions import edition
from dashboard.locales.figures import date, ltr, number, period, quantity, unit_label, year
from dashboard.locales.letters import opening, order

__all__ = [
    "LANGUAGES",
    "Language",
    "date",
    "edition",
    "has",
    "ltr",
    "no_break",
    "number",
    "opening",
    "order",
    "period",
    "placeholder_names",
    "quantity",
    "t",
    "unit_label",
    "year",
]
