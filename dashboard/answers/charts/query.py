"""What is asked of a chart: one frozen question, read and checked once, then passed whole."""

from dataclasses import dataclass, field
from typing import Literal, cast, get_args

from dashboard.analysis.charts.registry import KINDS, TABS, ChartKind, select_kinds
from dashboard.answers.adoption.counting import choose_default_countries
from dashboard.answers.base.context import Context
from dashboard.answers.base.errors import Invalid, NoOption, Unknown, quote_given
from dashboard.answers.base.lookup import find_countries, find_metric, find_national
from dashboard.answers.base.rows import find_latest, find_stats, has_figure
from dashboard.answers.holdings.dimensions import check_dimension, list_dimensions
from dashboard.evidence.codebook.model import Metric, NationalSeries
from dashboard.evidence.codebook.register.model import EventType

SORTS = ("gap", "name")
MAX_COUNTRIES_APART = max(kind.most for kind in select_kinds("series").values())
"""Most countries of a chart that gives each a panel or a row of its own."""

MAX_METRICS = 4
"""Most indicators that are compared at once."""

DEFAULT_EVENT: EventType = "centre_opened"
NEVER_COUNTED_FROM = ("all_centres_closed",)
EVENTS: tuple[EventType, ...] = tuple(kind for kind in get_args(EventType) if kind not in NEVER_COUNTED_FROM)
"""Events of the register that years can be counted from."""


@dataclass(frozen=True, slots=True)
class ChartQuery:
    """A chart asked for, normalised: equal questions are equal, and what its kind does not use is left out."""

    kind: str
    metric: str
    countries: tuple[str, ...]
    first: int | None
    last: int | None
    theme: Literal["light", "dark"]
    series: str  # a country's own series; "" draws the indicator's
    dimension: str  # of a breakdown: the publisher's name of it; "" in all other kinds
    sort: str  # of a breakdown: gap or name
    second: str  # the indicator on the horizontal axis
    event: str  # kind of event that years are counted from
    unequal: bool  # the reader insists on joining figures that do not measure the same
    ctx: Context = field(repr=False)
    own: NationalSeries | None = field(default=None, repr=False, compare=False)  # the series of that code

    @property
    def shape(self) -> ChartKind:
        """Return the registry's entry of the kind."""
        return KINDS[self.kind]

    @property
    def indicator(self) -> Metric:
        """Return the indicator of the chart."""
        return self.ctx.book.metrics[self.metric]

    @property
    def near(self) -> int | None:
        """Return the year that figures are to be near to; None for a span or each country's latest."""
        return self.first if self.first == self.last and self.shape.period == "year" else None


def ask_chart(
    ctx: Context,
    kind: str,
    indicator: str,
    countries: tuple[str, ...] = (),
    first: int | None = None,
    last: int | None = None,
    theme: str = "light",
    series: str = "",
    dimension: str = "",
    sort: str = "",
    second: str = "",
    event: str = "",
    *,
    unequal: bool = False,
) -> ChartQuery:
    """Check a question; without countries it takes the default selection.

    ``dimension`` and ``sort`` are of a breakdown: the first there is, by gap.

    Raises:
        Unknown: no such kind, indicator, country or breakdown, with suggestions.
        Invalid: a breakdown asked of another kind, more countries than the kind can tell apart, no second indicator
            where one is needed, an event years cannot be counted from, an unknown theme, an indicator whose figures
            are no quantities, or a national series that does not exist, is asked of another country, or is to be
            ranked or mapped.
    """
    shape = KINDS.get(kind)
    if shape is None or shape.origin != "series":
        raise Unknown("chart", kind, tuple(select_kinds("series")))
    metric = find_metric(ctx, indicator)
    chosen = find_countries(ctx, countries)
    if len(chosen) > shape.most:
        raise Invalid(
            "country", f"A chart of this kind tells {shape.most} countries apart; {len(chosen)} were asked for."
        )
    if shape.of_one and len(chosen) > 1:
        raise Invalid("country", f"A chart of the kind {kind} is of one country; {len(chosen)} were asked for.")
    if theme not in ("light", "dark"):
        raise Invalid("theme", "There are the themes light and dark.")
    if not metric.quantity:
        raise Invalid(
            "indicator", f"The figures of {metric.id} are codes or years, not quantities: they are not drawn."
        )
    second = _find_second(ctx, second) if shape.needs_second else ""
    event = check_event(event) if shape.from_event else ""
    own = find_national(metric, series) if series else None
    if own:
        chosen = _require_own_country(shape, own, chosen)
    if shape.by_groups:
        dimension, sort = check_dimension(ctx, metric, dimension), sort or "gap"
        if sort not in SORTS:
            raise NoOption("sort", sort, SORTS, f"Countries are in the order of {' or '.join(SORTS)}.")
    elif dimension or sort:
        raise Invalid("dimension", "Only the kind breakdown takes a dimension and an order.")
    chosen = chosen or choose_default_countries(ctx, metric.id)
    if shape.beside_medians and metric.unit == "yes_no":
        raise Invalid("indicator", f"{metric.id} is yes or no: there is no median to stand beside it.")
    return ChartQuery(
        kind=kind,
        metric=metric.id,
        countries=chosen[:1] if shape.of_one else chosen,
        first=first,
        last=last,
        theme=cast(Literal["light", "dark"], theme),
        series=series,
        dimension=dimension,
        sort=sort,
        second=second,
        event=event,
        unequal=unequal and shape.joined,
        ctx=ctx,
        own=own,
    )


def check_event(event: str) -> str:
    """Return the event that years are counted from, the usual one where none is given.

    Raises:
        Invalid: years cannot be counted from it; the message names those they can.
    """
    if event and event not in EVENTS:
        words = f"Years can be counted from {', '.join(EVENTS)}; not from {quote_given(event)}."
        raise NoOption("event", event, EVENTS, words)
    return event or DEFAULT_EVENT


def _find_second(ctx: Context, name: str) -> str:
    """Return the id of the second indicator of a scatter."""
    if not name:
        raise Invalid("with", "A scatter needs a second indicator: with=egdi, for instance.")
    metric = find_metric(ctx, name)
    if not metric.quantity:
        raise Invalid("with", f"The figures of {metric.id} are codes or years, not quantities: they are not drawn.")
    return metric.id


def _require_own_country(shape: ChartKind, own: NationalSeries, chosen: tuple[str, ...]) -> tuple[str, ...]:
    """Return the country of a national series, which is always drawn alone."""
    if not shape.own_series:
        raise Invalid("series", "A national series is only drawn as a trend: it is never ranked, mapped or compared.")
    if chosen not in ((), (own.country,)):
        raise Invalid("country", f"The series {own.series} is {own.country}'s own: no other country is drawn with it.")
    return (own.country,)


def list_kinds(ctx: Context, metric: Metric) -> list[str]:
    """Return the kinds of chart that say something of an indicator, in the order of tabs.

    The trend comes last where most countries' figures have no year: it would open on an empty frame.
    """
    stats = find_stats(ctx, metric.id)
    if not metric.quantity or not stats.countries:
        return []

    def fits(kind: ChartKind) -> bool:
        return (
            (kind.yes_no or metric.unit != "yes_no")
            and (metric.direction != "none" or not kind.directed)
            and len(stats.years) >= kind.fewest_years
            and stats.countries >= kind.fewest_countries
            and (not kind.by_groups or bool(list_dimensions(ctx, metric.id)))
        )

    undated = sum(has_figure(row) and row["year"] is None for row in find_latest(ctx, metric.id).values())
    names = [name for name in TABS if fits(KINDS[name])]
    return sorted(names, key="trend".__eq__) if 2 * undated > stats.countries else names
