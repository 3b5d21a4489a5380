"""Progress of a panel of indicators and countries by several methods."""

from collections.abc import Sequence

import polars as pl

from dashboard.analysis.measures.progress.constants import METHODS, MethodId, Rules
from dashboard.analysis.measures.progress.declared import complete_declarations
from dashboard.analysis.measures.progress.line import PAIR, select_last_changes, summarise_lines
from dashboard.analysis.measures.progress.methods.cagr import assess_by_eurostat, assess_by_statcan
from dashboard.analysis.measures.progress.methods.escap import assess_by_escap
from dashboard.analysis.measures.progress.methods.oecd import assess_by_oecd
from dashboard.analysis.measures.progress.methods.sdsn import assess_by_sdsn
from dashboard.analysis.measures.progress.methods.unsd import (
    assess_by_basque_office,
    assess_in_five_levels,
    assess_in_three_levels,
)
from dashboard.analysis.measures.progress.methods.weather import assess_by_weather
from dashboard.analysis.measures.progress.pairs import prepare_pairs

_COMPUTED = {
    "unsd_2026": assess_in_five_levels,
    "unsd_2023": assess_in_three_levels,
    "unsd_2023_basque": assess_by_basque_office,
    "eurostat": assess_by_eurostat,
    "statcan": assess_by_statcan,
    "escap": assess_by_escap,
    "sdsn": assess_by_sdsn,
    "oecd": assess_by_oecd,
    "weather": assess_by_weather,
}

RULES = Rules()


def assess_progress(
    points: pl.DataFrame | pl.LazyFrame,
    declared: pl.DataFrame,
    *,
    methods: Sequence[MethodId] = METHODS,
    targets: pl.DataFrame | None = None,
    as_of: int | None = None,
    rules: Rules = RULES,
) -> pl.DataFrame:
    """Return status, score and arithmetic by indicator, country and method, or the reason of a refusal.

    Args:
        points: ``indicator``, ``country``, ``year``, ``value``, at most one row a year, and optionally ``status``
            (``censored``, ``not_applicable``), ``std_error``, ``nature``, and ``series``, which changes where figures
            do not belong in one line.
        declared: declarations of the indicators, see ``declared.DECLARED``.
        methods: methods of ``METHODS``.
        targets: countries' own targets, see ``declared.TARGETS``.
        as_of: the year ages are counted to; later figures are ignored. None: no age is judged.

    Returns:
        ``answers.ANSWERS`` in the order of ``methods``, then indicator and country. Statuses are words of their method.
    """
    declared, rows = complete_declarations(declared), points.lazy()
    pairs = prepare_pairs(summarise_lines(rows, declared, rules, as_of), declared, targets, rules, as_of).sort(PAIR)
    frames = []
    for method in methods:
        selected = pairs
        if method == "weather":
            recent = select_last_changes(rows, pairs, int(rules("weather", "changes")))
            selected = pairs.join(recent, on=PAIR, how="left")
        frames.append(_COMPUTED[method](selected, rules))
    return pl.concat(frames)
