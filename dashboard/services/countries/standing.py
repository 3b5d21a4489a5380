"""Where a country stands among its peers, in one sentence with its confidence.

Each indicator with a figure is judged against every peer by the pairs of Compare (``services.compare.pairs``): a
country is *better* where it differs for the better from more than half of the peers it can be judged against, *worse*
where it does for the worse, and otherwise *level with its peers*. Fewer than ``FEWEST`` such peers, or a reason that
forbids all of them, is no verdict. Peers are the nearest by region, income, size and opening, never by a result.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dashboard.codebook.model import Metric
from dashboard.locales import format_number, t
from dashboard.measures.comparability import FEWEST
from dashboard.services.base.cache import kept
from dashboard.services.base.context import Context
from dashboard.services.base.rows import find_latest, has_figure, load_holdings
from dashboard.services.base.words import format_years, join_list, name_country, name_metric
from dashboard.services.compare.pairs import JudgedPairs, judge_countries
from dashboard.services.countries.peers import list_nearest_peers
from dashboard.services.countries.views import StandingRow, StandingView
from dashboard.services.wording.citation import summarise_editions
from dashboard.services.wording.figures import format_value

Place = Literal["better", "alike", "worse", "cannot_tell"]

SECOND_SCALE = "_score"
"""End of the name of an indicator that is another one on a second scale: it would be judged twice."""


@dataclass(frozen=True)
class PeerPlace:
    """The verdict on one indicator: how many of the peers judged it is better than, and worse than, beyond errors."""

    metric: Metric
    place: Place
    reason: str = ""
    better: int = 0
    worse: int = 0
    judged: int = 0
    editions: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    value: float | None = None


def view_standing(ctx: Context, iso3: str) -> StandingView:
    """The sentence on top of a country's page, and the verdict on each indicator that has one."""
    peers = list_nearest_peers(ctx, iso3)
    standings = _standings(ctx.timeless, iso3)
    judged = [it for it in standings if it.place != "cannot_tell"]
    unknown = [it for it in standings if it.place == "cannot_tell"]
    counts = Counter(it.place for it in standings)
    values = {
        "country": name_country(ctx, iso3),
        "judged": format_number(len(judged), ctx.lang),
        "measured": format_number(len(standings), ctx.lang),
        "unknown": format_number(len(unknown), ctx.lang),
        "peers": format_number(len(peers), ctx.lang),
        **{name: format_number(counts[name], ctx.lang) for name in ("better", "alike", "worse")},
    }
    key = "text" if judged else "none" if standings else "empty"
    missing = _explain_unknown(ctx, unknown) if judged and unknown else ""
    return StandingView(
        text=t(f"country.standing.{key}", ctx.lang, reasons=_count_reasons(ctx, unknown), **values),
        missing=missing,
        where=_explain_where(ctx, judged),
        peers=t("country.standing.peers", ctx.lang, names=join_list(ctx, (name_country(ctx, one) for one in peers)))
        if peers
        else "",
        compare=f"/{ctx.lang}/compare/?country={','.join((iso3, *peers))}" if peers else "",
        rows=[_row(ctx, it) for it in judged],
    )


@kept(256)
def _standings(ctx: Context, iso3: str) -> tuple[PeerPlace, ...]:
    """The verdict on every indicator of which the country has a figure, in the order of the codebook."""
    held = {name for name in load_holdings(ctx).latest if has_figure(find_latest(ctx, name).get(iso3))}
    once = [it for it in ctx.book.metrics.values() if it.id in held and not is_second_scale(it.id, held)]
    peers = list_nearest_peers(ctx, iso3)
    return tuple(_judge(ctx, it, iso3, peers) for it in once)


def is_second_scale(metric: str, held: set[str]) -> bool:
    """Whether an indicator is another one of those ``held`` on a second scale."""
    return metric.endswith(SECOND_SCALE) and metric.removesuffix(SECOND_SCALE) in held


def _judge(ctx: Context, metric: Metric, iso3: str, peers: Sequence[str]) -> PeerPlace:
    latest = find_latest(ctx, metric.id)
    rows = {one: [latest[one]] for one in (iso3, *peers) if one in latest}
    judged = judge_countries(ctx, metric, rows, [(iso3, peer) for peer in peers])
    return decide_place(metric, judged)


def decide_place(metric: Metric, judged: JudgedPairs) -> PeerPlace:
    """The place of a country from its pairs, the country first in each."""
    tested = judged.tested
    if not judged.tests:
        return PeerPlace(metric, "cannot_tell", "no_peers")
    if metric.direction not in ("higher", "lower"):
        return PeerPlace(metric, "cannot_tell", "no_direction")
    if len(tested) < FEWEST:
        reasons = Counter(it.reason for it in judged.tests if it.verdict == "cannot_tell")
        return PeerPlace(metric, "cannot_tell", reasons.most_common(1)[0][0] if not tested else "few_peers")
    sign = 1 if metric.direction == "higher" else -1
    apart = [sign * (it.difference or 0.0) for it in tested if it.verdict == "different"]
    better, worse = sum(lead > 0 for lead in apart), sum(lead < 0 for lead in apart)
    place: Place = "better" if 2 * better > len(tested) else "worse" if 2 * worse > len(tested) else "alike"
    editions, years = judged.list_places()
    value = judged.figures[tested[0].one]["value"]
    return PeerPlace(metric, place, "", better, worse, len(tested), tuple(editions), tuple(years), value)


def _row(ctx: Context, it: PeerPlace) -> StandingRow:
    return StandingRow(
        indicator=it.metric.id,
        name=name_metric(ctx, it.metric.id),
        place=it.place,
        place_text=t(f"country.standing.place.{it.place}", ctx.lang),
        figure="" if it.value is None else format_value(ctx, it.metric, it.value, unit=True),
        year=format_years(it.years[0], it.years[-1], ctx.lang),
        text=t(
            "country.standing.row",
            ctx.lang,
            better=format_number(it.better, ctx.lang),
            worse=format_number(it.worse, ctx.lang),
            alike=format_number(it.judged - it.better - it.worse, ctx.lang),
        ),
    )


def _explain_where(ctx: Context, judged: Sequence[PeerPlace]) -> str:
    """Editions and years of the verdicts, and how sure those of each indicator are together."""
    editions = sorted({edition for it in judged for edition in it.editions})
    years = sorted({year for it in judged for year in it.years})
    if not editions:
        return ""
    return t(
        "country.standing.where",
        ctx.lang,
        edition=summarise_editions(ctx, editions),
        years=format_years(years[0], years[-1], ctx.lang),
    )


def _explain_unknown(ctx: Context, unknown: Sequence[PeerPlace]) -> str:
    count = format_number(len(unknown), ctx.lang)
    return t("country.standing.unknown", ctx.lang, count=count, reasons=_count_reasons(ctx, unknown))


def _count_reasons(ctx: Context, unknown: Sequence[PeerPlace]) -> str:
    """Why there is no verdict, the commonest reason first, with how many indicators each is of."""
    counts = Counter(it.reason for it in unknown).most_common()
    colon = t("ui.list.colon", ctx.lang)
    return t("ui.list.semicolon", ctx.lang).join(
        f"{_reason(ctx, reason)}{colon}{format_number(number, ctx.lang)}" for reason, number in counts
    )


def _reason(ctx: Context, reason: str) -> str:
    own = reason in ("no_peers", "no_direction", "few_peers")
    return t(f"country.standing.reason.{reason}" if own else f"compare.pair.reason.{reason}", ctx.lang)
