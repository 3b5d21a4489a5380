"""Figures as a browser's reader meets them, and as files and the interface would have them printed."""

import re
from typing import Any

from playwright.sync_api import Locator

from dashboard.analysis.measures.rounding import choose_decimals, round_for_print
from dashboard.evidence.codebook import load_codebook
from dashboard.locales import format_number


def read(value: Locator) -> str:
    """The figure of a cell, without what only a screen reader says and without marks of direction."""
    said = value.evaluate("one => [...one.childNodes].filter(n => n.nodeType === 3).map(n => n.data).join('')")
    return re.sub("[\u2066-\u2069]", "", str(said)).strip()


def printed(indicator: str, row: dict[str, Any]) -> str:
    """A value of a file or of the interface as the table prints it in English digits."""
    metric, value = load_codebook().metrics[indicator], float(row["value"])
    if metric.unit == "yes_no":
        return "Yes" if value else "No"
    if not metric.quantity:
        return f"{value:g}"
    decimals = choose_decimals(metric.decimals, metric.unit, row.get("std_error"))
    rounded = round_for_print(value, decimals, metric.unit)
    written = format_number(rounded.value, "en", decimals)
    return f"{rounded.sign} {written}" if rounded.sign else written
