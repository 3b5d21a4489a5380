"""Every word shown, in every language: catalogues, and numbers, units and dates as each language writes them."""

from dashboard.locales.catalogue import LANGUAGES, Language, has, placeholder_names, t
from dashboard.locales.figures import date, ltr, number, period, quantity, unit_label, year
from dashboard.locales.letters import opening, order

__all__ = [
    "LANGUAGES",
    "Language",
    "date",
    "has",
    "ltr",
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
