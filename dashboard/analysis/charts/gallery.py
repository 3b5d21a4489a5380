"""The gallery: every kind of chart in its possible states, as questions to a dataset.

The gallery page asks them of the published dataset, the tests of small frames. A new kind needs an example here.
"""

from dataclasses import dataclass

from dashboard.analysis.charts.chart import Theme
from dashboard.analysis.charts.registry import select_kinds

SIX = ("AZE", "GEO", "UZB", "UGA", "IDN", "COD")
TWELVE = (*SIX, "ETH", "KAZ", "PAK", "RWA", "SEN", "MAR")


@dataclass(frozen=True, slots=True)
class Example:
    """A question that shows a feature of a kind; the page describes it by ``charts.gallery.<id>``."""

    id: str
    kind: str
    indicator: str
    countries: tuple[str, ...]
    lang: str = "en"
    theme: Theme = "light"
    width: int = 1100
    dimension: str = ""  # of a breakdown
    across: str = ""  # the second indicator of a scatter
    insist: bool = False  # joined against what the figures say of themselves


EXAMPLES = (
    Example("trend_intervals", "trend", "ti_cpi", ("AZE", "GEO", "UZB")),
    Example("trend_six", "trend", "wgi_cc", SIX, theme="dark"),
    Example("trend_one", "trend", "internet_users", ("AZE",)),
    Example("trend_points", "trend", "egdi", ("AZE", "IDN", "PAK")),
    Example("trend_few", "trend", "bribery_firms", ("AZE", "GEO", "UGA")),
    Example("trend_none", "trend", "bribery_persons", ("AZE",)),
    Example("trend_arabic", "trend", "wgi_cc", SIX, lang="ar"),
    Example("trend_narrow", "trend", "wgi_cc", SIX, width=360),
    Example("ranking_group", "ranking", "wgi_cc", ("AZE", "GEO", "UZB")),
    Example("ranking_long", "ranking", "ti_cpi", ("AZE", "GEO", "GBR")),
    Example("ranking_surveys", "ranking", "bribery_firms", ("AZE", "UGA"), theme="dark"),
    Example("ranking_centre", "ranking", "budget_reliability", ("AZE", "UGA")),
    Example("ranking_arabic", "ranking", "wgi_cc", ("AZE", "GEO", "UZB"), lang="ar"),
    Example("ranking_narrow", "ranking", "wgi_cc", ("AZE", "GEO", "UZB"), width=360),
    Example("map_world", "map", "ti_cpi", ("AZE", "GEO")),
    Example("map_gaps", "map", "bribery_persons", ("AZE", "UGA"), theme="dark"),
    Example("map_yes_no", "map", "census_10y", ("AZE",)),
    Example("map_arabic", "map", "wgi_cc", ("AZE", "UZB"), lang="ar"),
    Example("map_narrow", "map", "ti_cpi", ("AZE", "GEO"), width=360),
    Example("world_all", "world", "ti_cpi", ("AZE", "GEO")),
    Example("world_gaps", "world", "bribery_persons", ("AZE", "UGA"), theme="dark"),
    Example("world_arabic", "world", "wgi_cc", ("AZE", "UZB"), lang="ar"),
    Example("world_narrow", "world", "ti_cpi", ("AZE", "SGP"), width=360),
    Example("beside_interval", "beside", "wgi_cc", ("AZE",)),
    Example("beside_percent", "beside", "internet_users", ("UGA",), theme="dark"),
    Example("beside_arabic", "beside", "wgi_cc", ("UZB",), lang="ar"),
    Example("beside_narrow", "beside", "wgi_cc", ("GEO",), width=360),
    Example("projection_range", "projection", "internet_users", ("UGA",)),
    Example("projection_refused", "projection", "ti_cpi", ("AZE",), theme="dark"),
    Example("projection_arabic", "projection", "internet_users", ("UGA",), lang="ar"),
    Example("projection_narrow", "projection", "internet_users", ("UGA",), width=360),
    Example("distribution_world", "distribution", "wgi_cc", SIX),
    Example("distribution_percent", "distribution", "internet_users", ("AZE", "UGA"), theme="dark"),
    Example("distribution_arabic", "distribution", "wgi_cc", SIX, lang="ar"),
    Example("distribution_narrow", "distribution", "wgi_cc", SIX, width=360),
    Example("breakdown_gaps", "breakdown", "mobile_ownership", ("AZE", "UGA"), dimension="Sex"),
    Example(
        "breakdown_location", "breakdown", "basic_water", ("AZE", "UGA", "IDN"), theme="dark", dimension="Location"
    ),
    Example("breakdown_overlapping", "breakdown", "birth_registration", ("UGA", "AZE"), dimension="Age"),
    Example("breakdown_arabic", "breakdown", "basic_water", ("AZE", "UGA"), lang="ar", dimension="Location"),
    Example("breakdown_narrow", "breakdown", "mobile_ownership", ("AZE", "UGA"), width=360, dimension="Sex"),
    Example("trend_insisted", "trend", "egdi", ("AZE", "IDN", "PAK"), insist=True),
    Example("multiples_twelve", "multiples", "wgi_cc", TWELVE),
    Example("multiples_arabic", "multiples", "wgi_cc", TWELVE, lang="ar"),
    Example("multiples_narrow", "multiples", "wgi_cc", TWELVE, width=360),
    Example("slope_two_dates", "slope", "wgi_cc", SIX),
    Example("slope_unequal", "slope", "egdi", ("AZE", "IDN", "PAK"), theme="dark"),
    Example("slope_arabic", "slope", "wgi_cc", SIX, lang="ar"),
    Example("slope_narrow", "slope", "wgi_cc", SIX, width=360),
    Example("dumbbell_two_dates", "dumbbell", "internet_users", SIX),
    Example("dumbbell_insisted", "dumbbell", "egdi", ("AZE", "IDN", "PAK"), theme="dark", insist=True),
    Example("dumbbell_arabic", "dumbbell", "internet_users", SIX, lang="ar"),
    Example("dumbbell_narrow", "dumbbell", "internet_users", SIX, width=360),
    Example("scatter_world", "scatter", "wgi_cc", SIX, across="internet_users"),
    Example("scatter_arabic", "scatter", "wgi_cc", SIX, lang="ar", across="internet_users"),
    Example("scatter_narrow", "scatter", "wgi_cc", SIX, width=360, across="internet_users"),
    Example("aligned_opening", "aligned", "wgi_cc", ("AZE", "UZB", "UGA", "GEO")),
    Example("aligned_arabic", "aligned", "wgi_cc", ("AZE", "UZB", "UGA", "GEO"), lang="ar"),
    Example("aligned_narrow", "aligned", "wgi_cc", ("AZE", "UZB", "UGA", "GEO"), width=360),
)

CENTRES = (
    Example("funnel_one_outside", "funnel", "completion", ()),
    Example("like_with_like_one_hidden", "like_with_like", "completion", ()),
    Example("calendar_with_a_gap", "calendar", "waiting_p50", (), theme="dark"),
)
"""Examples drawn from service centres, for the tests alone; ``indicator`` is the metric."""

OF_ALL = tuple(kind.id for kind in select_kinds("series").values() if kind.countries != "chosen" and not kind.of_one)
"""Kinds that show all countries; the others show the chosen."""
