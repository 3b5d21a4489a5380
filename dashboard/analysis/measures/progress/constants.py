"""The constants of the progress methods as rows; the method page shows them, computations read ``Rules``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Mark = Literal["official", "second-hand", "unverified", "ours", "textbook"]
"""``official``: the publisher's own rule. ``second-hand``: read through somebody else's implementation. ``unverified``:
not compared with its text yet. ``ours``: this product's choice. ``textbook``: standard."""

MethodId = Literal[
    "unsd_2026", "unsd_2023", "unsd_2023_basque", "eurostat", "statcan", "escap", "sdsn", "oecd", "weather"
]


@dataclass(frozen=True, slots=True)
class Constant:
    """A number of a method; ``method`` is ``all`` for numbers that every method uses."""

    method: MethodId | Literal["all"]
    edition: str
    constant: str
    value: float
    source: str
    mark: Mark


UNSD_2026 = "UN Statistics Division, SDG Report 2026, technical note for progress assessment"
UNSD_2023 = "UN Statistics Division, progress assessment note 2023"
BASQUE = "Basque statistical office, variant of the UNSD note of 2023"
CAGR = "Compound annual growth rate method as published with Open SDG 2.4"
STATCAN = "Statistics Canada, as published with Open SDG 2.4"
EUROSTAT = "Eurostat, as read through Open SDG 2.4"
ESCAP = "UN ESCAP, progress assessment methodology"
SDSN = "SDSN, Sustainable Development Report 2025, codebook and dashboard rules"
DESTATIS = "Destatis, rules of the weather symbols of its national SDG site"
OWN = "This monitor"

EDITIONS: Mapping[MethodId, str] = MappingProxyType(
    {
        "unsd_2026": "2026",
        "unsd_2023": "2023",
        "unsd_2023_basque": "2023",
        "eurostat": "Open SDG 2.4",
        "statcan": "Open SDG 2.4",
        "escap": "2015 base",
        "sdsn": "2025",
        "oecd": "1",
        "weather": "1",
    }
)
"""The edition of each method that is computed. Methods and their order, the default first."""

METHODS: tuple[MethodId, ...] = tuple(EDITIONS)

NOT_BEFORE_2015 = "UN Statistics Division: the value of 2015, or else the first later one"

_ROWS: tuple[tuple[MethodId | Literal["all"], str, float, str, Mark], ...] = (
    ("all", "base_year", 2015, NOT_BEFORE_2015, "official"),
    ("all", "target_year", 2030, "2030 Agenda", "official"),
    ("all", "fewest_points", 2, UNSD_2026, "second-hand"),
    ("all", "near_limit_share", 0.05, OWN, "ours"),
    ("all", "short_span_years", 3, OWN, "ours"),
    ("all", "old_latest_years", 5, OWN, "ours"),
    ("all", "late_base_after", 2018, OWN, "ours"),
    ("all", "error_z", 1.645, "World Bank, Worldwide Governance Indicators, 90 %", "official"),
    ("all", "range_fewest_points", 4, OWN, "ours"),
    ("unsd_2026", "ratio_on_track", 0.95, UNSD_2026, "second-hand"),
    ("unsd_2026", "ratio_moderate", 0.50, UNSD_2026, "second-hand"),
    ("unsd_2026", "ratio_marginal", 0.10, UNSD_2026, "second-hand"),
    ("unsd_2026", "ratio_stagnation", 0.0, UNSD_2026, "second-hand"),
    ("unsd_2026", "ratio_most", 1.5, UNSD_2026, "second-hand"),
    ("unsd_2026", "ratio_least", -0.5, UNSD_2026, "second-hand"),
    ("unsd_2026", "growth_on_track", 0.02, UNSD_2026, "second-hand"),
    ("unsd_2026", "growth_moderate", 0.0125, UNSD_2026, "second-hand"),
    ("unsd_2026", "growth_marginal", 0.005, UNSD_2026, "second-hand"),
    ("unsd_2026", "growth_stagnation", 0.0, UNSD_2026, "second-hand"),
    ("unsd_2026", "growth_most", 0.05, UNSD_2026, "second-hand"),
    ("unsd_2026", "growth_least", -0.05, UNSD_2026, "second-hand"),
    ("unsd_2023", "ratio_on_track", 0.95, UNSD_2023, "second-hand"),
    ("unsd_2023", "ratio_fair", 0.10, UNSD_2023, "second-hand"),
    ("unsd_2023", "growth_on_track", 0.02, UNSD_2023, "second-hand"),
    ("unsd_2023", "growth_fair", 0.005, UNSD_2023, "second-hand"),
    ("unsd_2023_basque", "ratio_on_track", 0.95, UNSD_2023, "second-hand"),
    ("unsd_2023_basque", "ratio_fair", 0.10, UNSD_2023, "second-hand"),
    ("unsd_2023_basque", "growth_on_track", 0.02, UNSD_2023, "second-hand"),
    ("unsd_2023_basque", "growth_fair", 0.005, UNSD_2023, "second-hand"),
    ("unsd_2023_basque", "met_within_points", 1, BASQUE, "official"),
    ("eurostat", "ratio_significant", 0.95, CAGR, "second-hand"),
    ("eurostat", "ratio_moderate", 0.60, CAGR, "second-hand"),
    ("eurostat", "ratio_insufficient", 0.0, CAGR, "second-hand"),
    ("eurostat", "growth_significant", 0.01, EUROSTAT, "second-hand"),
    ("eurostat", "growth_moderate", 0.0, EUROSTAT, "second-hand"),
    ("eurostat", "growth_moderate_away", -0.01, EUROSTAT, "second-hand"),
    ("statcan", "ratio_substantial", 0.95, STATCAN, "official"),
    ("statcan", "ratio_moderate", 0.60, STATCAN, "official"),
    ("statcan", "ratio_limited", 0.0, STATCAN, "official"),
    ("statcan", "growth_substantial", 0.015, STATCAN, "official"),
    ("statcan", "growth_moderate", 0.005, STATCAN, "official"),
    ("statcan", "growth_limited", 0.0, STATCAN, "official"),
    ("statcan", "ratio_score_least", -0.60, STATCAN, "second-hand"),
    ("statcan", "ratio_score_zero", 0.60, STATCAN, "second-hand"),
    ("statcan", "ratio_score_most", 1.30, STATCAN, "second-hand"),
    ("statcan", "growth_score_least", -0.02, STATCAN, "second-hand"),
    ("statcan", "growth_score_below", 0.0, STATCAN, "second-hand"),
    ("statcan", "growth_score_zero", 0.005, STATCAN, "second-hand"),
    ("statcan", "growth_score_above", 0.015, STATCAN, "second-hand"),
    ("statcan", "growth_score_most", 0.02, STATCAN, "second-hand"),
    ("statcan", "score_most", 5.0, STATCAN, "second-hand"),
    ("statcan", "score_substantial", 2.5, STATCAN, "second-hand"),
    ("statcan", "limit_exponent", 4.44, STATCAN, "second-hand"),
    ("escap", "status_most", 10, ESCAP, "official"),
    ("escap", "gap_maintain", 10, "ESCAP's cut points", "unverified"),
    ("escap", "gap_accelerate", 100, "ESCAP's cut points", "unverified"),
    ("escap", "weight_first_year", 1, "The weights ESCAP uses are not established: (t − first + 1) is ours", "ours"),
    ("sdsn", "base_year", 2015, SDSN, "official"),
    ("sdsn", "trend_moderate_share", 0.5, "SDSN's cut point", "unverified"),
    ("oecd", "band_small", 0.5, "OECD's bands", "unverified"),
    ("oecd", "band_medium", 1.5, "OECD's bands", "unverified"),
    ("oecd", "spread_least_countries", 10, OWN, "ours"),
    ("weather", "changes", 5, DESTATIS, "official"),
    ("weather", "fewest_points", 4, DESTATIS, "official"),
    ("weather", "missed_sun", 0.05, DESTATIS, "official"),
    ("weather", "missed_sun_cloud", 0.20, DESTATIS, "official"),
)


CONSTANTS: tuple[Constant, ...] = tuple(
    Constant(method, "" if method == "all" else EDITIONS[method], name, float(value), source, mark)
    for method, name, value, source, mark in _ROWS
)


class Rules:
    """The constants by method and name: ``rules("unsd_2026", "ratio_on_track")``."""

    def __init__(self, constants: Iterable[Constant] = CONSTANTS) -> None:
        self._values = {(row.method, row.constant): row.value for row in constants}

    def __call__(self, method: MethodId | Literal["all"], constant: str) -> float:
        """Return a constant, or raise ``KeyError``."""
        return self._values[method, constant]
