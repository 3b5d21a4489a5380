"""The UN's codes for breakdowns and natures, and which code of a breakdown stands for the whole."""

from collections.abc import Mapping

TOTALS: Mapping[str, str] = {
    "Sex": "BOTHSEX",
    "Location": "ALLAREA",
    "Age": "ALLAGE",
    "Type of speed": "ANYS",
    "Grounds of discrimination": "ALL",
    "Disability status": "_T",
    "Activity": "TOTAL",
}
"""Breakdown → the code that stands for the whole, where a file has no table that says so (API replies have one)."""

POPULATIONS: Mapping[str, Mapping[str, str]] = {
    "SG_REG_BRTH": {"Age": "<5Y"},
    "SG_GEN_PARL": {"Sex": "FEMALE"},
    "SG_GEN_LOCGELS": {"Sex": "FEMALE"},
    "IC_GEN_MGTL": {"Sex": "FEMALE"},
    "IC_GEN_MGTN": {"Sex": "FEMALE"},
}
"""Series about a part of the population by definition: births of children under five, women among managers. For
these the code stands for the whole. A ``SeriesRef`` may name others in its options."""

NATURES = ("C", "CA", "E", "M", "G", "N")
"""Country data, country adjusted, estimated, modelled, global monitoring, non-relevant: in order of preference."""

NOT_DIMENSIONS = frozenset({"release", "rows", "area", "period", "dated", "note"})
"""Options of a ``SeriesRef`` that do not name the total of a breakdown."""


def find_wholes(series: str, options: Mapping[str, str]) -> dict[str, str]:
    """Breakdown → code for the whole, as the series' definition and the options of its reference say."""
    named = {dimension: code for dimension, code in options.items() if dimension not in NOT_DIMENSIONS}
    return {**POPULATIONS.get(series, {}), **named}


def rank_nature(nature: str) -> int:
    """Place of a nature in the order of preference; unknown ones come last."""
    return NATURES.index(nature) if nature in NATURES else len(NATURES)
