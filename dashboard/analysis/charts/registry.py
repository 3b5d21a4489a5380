"""Every kind of chart by its name in addresses, with its origin and features."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from dashboard.analysis.charts.chart import MAX_CHOSEN, SHARED_COLUMNS, Chart
from dashboard.analysis.charts.kinds import (
    aligned,
    beside,
    breakdown,
    calendar,
    change,
    claims,
    counted,
    distribution,
    dumbbell,
    effects,
    funnel,
    lanes,
    likeness,
    mapping,
    multiples,
    panel,
    pipeline,
    projection,
    ranking,
    scatter,
    slope,
    tilemap,
    trend,
    worldmap,
)
from dashboard.analysis.measures.ranks import MIN_RANKED

Format = Literal["json", "vega", "svg", "png", "csv", "xlsx", "metadata.json"]
FORMATS: tuple[Format, ...] = ("json", "vega", "svg", "png", "csv", "xlsx", "metadata.json")
PLAIN: tuple[Format, ...] = FORMATS[:5]
"""Formats of charts that show no series: without licence and citation of every figure."""

Origin = Literal["series", "adoption", "mapping", "plan", "effect", "services"]
"""Source of a kind: figures of an indicator, events of the adoption register, links of the codebook, the data of an
adoption plan, the result of such a plan, or counts of a country's service centres."""


@dataclass(frozen=True, slots=True)
class ChartKind:
    """A kind of chart: its builder, the columns of its rows, and its features.

    ``build`` takes the data of its origin and the ``ChartOptions``: rows of a series, ``CentreFigures`` of services.
    """

    id: str
    build: Callable[..., Chart]
    columns: tuple[str, ...]
    origin: Origin = "series"
    metrics: Literal["shares", "work", "months"] = "months"
    """Metrics of services: shares with limits, shares of work by service, or any by month."""

    file: str = ""  # how its files are called; "" where that is made of the question
    summary: str = ""  # what the API says it is
    description: str = ""
    countries: Literal["chosen", "adopters", "all"] = "all"  # whose figures: adopters with the chosen among them
    most: int = MAX_CHOSEN  # countries that can be chosen
    of_one: bool = False  # about one country: the first of those chosen
    period: Literal["span", "dates", "year"] = "span"  # figures between two years, at two dates, or near one year
    undated: bool = False  # also shows figures whose year is not published: it places none in time
    needs_second: bool = False  # a second indicator, on the horizontal axis
    from_event: bool = False  # years are counted from an event of the register
    by_groups: bool = False  # draws the groups of a breakdown, not totals
    beside_medians: bool = False  # stands a country beside medians of its groups
    projects: bool = False  # draws where a line may be in the target year
    boundaries: bool = False  # needs the shapes of countries
    squares: bool = False  # needs the places of the tile map
    joined: bool = False  # the reader may insist on joining figures that do not measure the same
    own_series: bool = False  # may draw a country's own series, alone
    compared: bool = False  # the page Compare shows it
    tab: int = 0  # place among the tabs of an indicator; 0 for none
    yes_no: bool = True  # says something of figures that are yes or no
    directed: bool = False  # a tab of indicators with a better end alone
    fewest_years: int = 1  # with figures, for a tab
    fewest_countries: int = 1  # the same
    tall: int = 700  # pixels that title, drawing, sentence and source take in a column of usual width

    @property
    def between_dates(self) -> bool:
        """True if it compares two dates."""
        return self.period == "dates"


_KINDS = (
    ChartKind(
        "trend", trend.build, SHARED_COLUMNS,
        countries="chosen", joined=True, own_series=True, tab=1, fewest_years=2, tall=680,
    ),
    ChartKind(
        "ranking", ranking.build, ranking.COLUMNS,
        countries="adopters", period="year", undated=True, tab=4, yes_no=False, directed=True,
        fewest_countries=MIN_RANKED, tall=860,
    ),
    ChartKind("map", tilemap.build, SHARED_COLUMNS, period="year", undated=True, squares=True, tab=2, tall=860),
    ChartKind(
        "world", worldmap.build, SHARED_COLUMNS, period="year", undated=True, boundaries=True, tab=3, tall=820
    ),
    ChartKind(
        "distribution", distribution.build, SHARED_COLUMNS,
        period="year", undated=True, tab=5, yes_no=False, fewest_countries=MIN_RANKED, tall=640,
    ),
    ChartKind(
        "breakdown", breakdown.build, breakdown.COLUMNS,
        countries="adopters", by_groups=True, tab=6, yes_no=False, tall=860,
    ),
    ChartKind(
        "multiples", multiples.build, SHARED_COLUMNS,
        countries="chosen", most=multiples.MAX_COUNTRIES, compared=True,
    ),
    ChartKind("slope", slope.build, SHARED_COLUMNS, countries="chosen", period="dates", joined=True, compared=True),
    ChartKind(
        "dumbbell", dumbbell.build, SHARED_COLUMNS,
        countries="chosen", most=dumbbell.MAX_COUNTRIES, period="dates", joined=True, compared=True,
    ),
    ChartKind("scatter", scatter.build, scatter.COLUMNS, period="year", needs_second=True, compared=True),
    ChartKind(
        "aligned", aligned.build, aligned.COLUMNS,
        countries="chosen", from_event=True, joined=True, compared=True,
    ),
    ChartKind("beside", beside.build, beside.COLUMNS, of_one=True, beside_medians=True, yes_no=False),
    ChartKind("projection", projection.build, projection.COLUMNS, countries="chosen", of_one=True, projects=True),
    ChartKind(
        "claims", claims.build, claims.COLUMNS, origin="adoption", file="counts_of_countries",
        summary="Counts of countries over time",
        description="Our counts by each rule as steps from dated events, and counts that others published as marks.",
    ),
    ChartKind(
        "pipeline", pipeline.build, pipeline.COLUMNS, origin="adoption", file="adoption-pipeline",
        summary="The adoption pipeline",
        description="How many countries had reached each rung of the register by when: dated events only.",
    ),
    ChartKind(
        "corruption", change.build, change.COLUMNS, origin="adoption", file="control-of-corruption",
        summary="Control of corruption of adopters since 2012",
        description="The figure of 2012 and the latest of each country the rule counts, and whether they differ beyond "
        "the errors.",
    ),
    ChartKind(
        "centres", counted.build, counted.COLUMNS, origin="adoption", file="centres-as-reported",
        summary="Centres over time, as reported",
        description="Counts of centres that the origin and adopters reported for the whole country, as steps: said by "
        "somebody on a day, no observations.",
    ),
    ChartKind(
        "lanes", lanes.build, lanes.COLUMNS, origin="adoption", file="adoption-events",
        summary="Events of the register, a lane a country",
        description="Every dated event of the origin and of the countries the rule counts; hollow where it is "
        "disputed.",
    ),
    ChartKind(
        "mapping", mapping.build, mapping.COLUMNS, origin="mapping",
        summary="Themes, SDG targets and what they serve",
        description="Every link from an indicator to an SDG target, and on to a principle, a reference or a goal.",
    ),
    ChartKind("panel", panel.build, panel.COLUMNS, origin="plan"),
    ChartKind("synthetic", effects.synthetic, effects.COLUMNS["synthetic"], origin="effect"),
    ChartKind("gap", effects.gap, effects.COLUMNS["gap"], origin="effect"),
    ChartKind("event_study", effects.event_study, effects.COLUMNS["event_study"], origin="effect"),
    ChartKind("funnel", funnel.build, funnel.COLUMNS, origin="services", metrics="shares"),
    ChartKind("like_with_like", likeness.build, likeness.COLUMNS, origin="services", metrics="work"),
    ChartKind("calendar", calendar.build, calendar.COLUMNS, origin="services"),
)  # fmt: skip

KINDS: dict[str, ChartKind] = {kind.id: kind for kind in _KINDS}
"""Name in the address → kind: ``KINDS["trend"].build(rows, options)``."""


def select_kinds(origin: Origin) -> dict[str, ChartKind]:
    """Return the kinds of an origin, in their order."""
    return {name: kind for name, kind in KINDS.items() if kind.origin == origin}


TABS = tuple(kind.id for kind in sorted(_KINDS, key=lambda it: it.tab) if kind.tab)
"""Kinds that are tabs of an indicator, in their order."""
