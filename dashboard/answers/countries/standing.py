"""Where a country stands among its peers, in one sentence with its confidence.

Each indicator with a figure is judged against the mean of the peers it can be compared with
(``dashboard.analysis.measures.standing``); beside the verdict stands how many of them it is better and worse than in
the pairs of Compare (``answers.compare.pairs``). Peers are those of ``/api/v1/peers``, never chosen by a result. The
indicators of one survey or index share its sources: they are named one by one, and never counted as so many findings.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import get_args

from dashboard.analysis.measures.standing import PeerGap, PeerVerdict, judge_gaps, measure_peer_gap
from dashboard.answers.base.cache import kept
from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import Row, find_latest, has_figure, load_holdings
from dashboard.answers.base.words import (
    format_years,
    join_countries,
    join_list,
    join_sentences,
    name_country,
    name_metric,
)
from dashboard.answers.compare.pairs import JudgedPairs, judge_countries
from dashboard.answers.countries.peers import list_peers
from dashboard.answers.countries.views import StandingRow, StandingView
from dashboard.answers.wording.citation import summarise_editions
from dashboard.answers.wording.figures import format_value
from dashboard.evidence.codebook.model import Metric
from dashboard.locales import format_number, format_year, t

SECOND_SCALE = "_score"
"""End of the name of an indicator that is another one on a second scale: it would be judged twice."""


@dataclass(frozen=True)
class PeerStanding:
    """An indicator with the verdict on it, or with the reason why the country cannot be compared with its peers."""

    metric: Metric
    verdict: PeerVerdict = "cannot_tell"
    reason: str = ""
    gap: PeerGap | None = None
    edition: str = ""
    year: int | None = None


def view_standing(ctx: Context, iso3: str) -> StandingView:
    """Return the sentence on top of a country's page, and the verdict on each indicator that can be compared."""
    peers = list_peers(ctx, iso3)
    standings = list_standings(ctx, iso3)
    compared = [standing for standing in standings if standing.gap]
    unknown = [standing for standing in standings if not standing.gap]
    values = {
        "country": name_country(ctx, iso3),
        "measured": format_number(len(standings), ctx.lang),
        "peers": format_number(len(peers), ctx.lang),
    }
    if compared:
        text = _summarise(ctx, compared, values)
    else:
        key = "none" if standings else "empty"
        text = t(f"country.standing.{key}", ctx.lang, reasons=_count_reasons(ctx, unknown), **values)
    return StandingView(
        text=text,
        caution=_explain_limits(ctx, compared, unknown) if compared else "",
        missing=_explain_unknown(ctx, unknown) if compared and unknown else "",
        where=_explain_where(ctx, compared),
        peers=t("country.standing.peers", ctx.lang, names=join_countries(ctx, peers)) if peers else "",
        judged_against=list(peers),
        compare=f"/{ctx.lang}/compare/?country={','.join((iso3, *peers))}" if peers else "",
        rows=[_view_row(ctx, standing, standing.gap) for standing in compared if standing.gap],
    )


def list_standings(ctx: Context, iso3: str) -> tuple[PeerStanding, ...]:
    """Return the verdict on every indicator of which the country has a figure, in the order of the codebook."""
    return _load_standings(ctx.timeless, iso3)


@kept(256)
def _load_standings(ctx: Context, iso3: str) -> tuple[PeerStanding, ...]:
    with_figure = {name for name in load_holdings(ctx).latest if has_figure(find_latest(ctx, name).get(iso3))}
    once = [
        metric
        for metric in ctx.book.metrics.values()
        if metric.id in with_figure and not is_second_scale(metric.id, with_figure)
    ]
    peers = list_peers(ctx, iso3)
    measured = [_measure(ctx, metric, iso3, peers) for metric in once]
    verdicts = iter(judge_gaps([standing.gap for standing in measured if standing.gap]))
    return tuple(replace(standing, verdict=next(verdicts)) if standing.gap else standing for standing in measured)


def is_second_scale(metric: str, metrics: set[str]) -> bool:
    """Return True if an indicator is another one of ``metrics`` on a second scale."""
    return metric.endswith(SECOND_SCALE) and metric.removesuffix(SECOND_SCALE) in metrics


def _measure(ctx: Context, metric: Metric, iso3: str, peers: Sequence[str]) -> PeerStanding:
    latest = find_latest(ctx, metric.id)
    countries = [country for country in (iso3, *peers) if country in latest]
    # every pair, not only the country's own: the comparison that the page links to judges as many
    judged = judge_countries(
        metric, {country: [latest[country]] for country in countries}, combinations((iso3, *peers), 2)
    )
    return measure_standing(metric, iso3, judged, latest)


def measure_standing(metric: Metric, iso3: str, judged: JudgedPairs, latest: Mapping[str, Row]) -> PeerStanding:
    """Return the gap between a country and its peers, before it is judged together with those of other indicators.

    Args:
        judged: all pairs of the country and its peers.
        latest: the figures of all countries, of which the margin is made.
    """
    own_pairs = [test for test in judged.tests if iso3 in (test.first, test.second)]
    if not own_pairs:
        return PeerStanding(metric, reason="no_peers")
    if metric.direction not in ("higher", "lower"):
        return PeerStanding(metric, reason="no_direction")
    gap = measure_peer_gap(iso3, own_pairs, judged.figures, metric.direction, latest.values())
    if gap is None:
        reasons = Counter(test.reason for test in own_pairs if test.reason)
        few = len(own_pairs) > reasons.total()
        return PeerStanding(metric, reason="few_peers" if few else reasons.most_common(1)[0][0])
    own = judged.figures[iso3]
    return PeerStanding(metric, gap=gap, edition=own["edition"], year=own["year"])


def _summarise(ctx: Context, compared: Sequence[PeerStanding], values: Mapping[str, str]) -> str:
    """Return the verdicts with the indicators that have them; a publisher named below is not repeated with each."""
    shared = _list_shared_surveys(compared)

    def name(metric: Metric) -> str:
        words = name_metric(ctx, metric.id)
        return words.rpartition(" (")[0] or words if metric.compared.get("instrument") in shared else words

    clauses = [
        t(f"country.standing.summary.{verdict}", ctx.lang, names=join_list(ctx, names))
        for verdict in get_args(PeerVerdict)
        if (names := [name(standing.metric) for standing in compared if standing.verdict == verdict])
    ]
    return t("country.standing.text", ctx.lang, list=t("ui.list.semicolon", ctx.lang).join(clauses), **values)


def _list_shared_surveys(compared: Sequence[PeerStanding]) -> list[str]:
    """Return the surveys from which more than one of the indicators comes."""
    surveys = Counter(standing.metric.compared.get("instrument", "") for standing in compared)
    return [code for code, count in surveys.items() if code and count > 1]


def _explain_limits(ctx: Context, compared: Sequence[PeerStanding], unknown: Sequence[PeerStanding]) -> str:
    """Return which indicators share sources, and how many cannot be compared."""
    shared = [
        t("country.standing.shared", ctx.lang, name=t(f"comparison.value.instrument.{code}", ctx.lang))
        for code in _list_shared_surveys(compared)
    ]
    count = format_number(len(unknown), ctx.lang)
    return join_sentences([*shared, t("country.standing.rest", ctx.lang, count=count) if unknown else ""])


def _view_row(ctx: Context, standing: PeerStanding, gap: PeerGap) -> StandingRow:
    counts = {"better": gap.better, "worse": gap.worse, "peers": len(gap.peers)}
    side = "above" if gap.value > gap.mean else "below"
    apart, error = (format_value(ctx, standing.metric, number) for number in (abs(gap.value - gap.mean), gap.std_error))
    details = [t(f"country.standing.{side}", ctx.lang, difference=apart, error=error)]
    if gap.margin is not None:
        details.append(t("country.standing.margin", ctx.lang, margin=format_value(ctx, standing.metric, gap.margin)))
    return StandingRow(
        indicator=standing.metric.id,
        name=name_metric(ctx, standing.metric.id),
        place=standing.verdict,
        place_text=t(f"country.standing.place.{standing.verdict}", ctx.lang),
        figure=format_value(ctx, standing.metric, gap.value, unit=True),
        year=format_year(standing.year, ctx.lang) if standing.year else "",
        text=t("country.standing.row", ctx.lang, **{name: format_number(n, ctx.lang) for name, n in counts.items()}),
        detail=t("ui.list.semicolon", ctx.lang).join(details),
        peers=list(gap.peers),
    )


def _explain_where(ctx: Context, compared: Sequence[PeerStanding]) -> str:
    """Return editions and years of the verdicts, and how sure they are together."""
    editions = sorted({standing.edition for standing in compared})
    years = sorted({standing.year for standing in compared if standing.year})
    if not editions:
        return ""
    return t(
        "country.standing.where",
        ctx.lang,
        edition=summarise_editions(ctx, editions),
        years=format_years(years[0], years[-1], ctx.lang),
    )


def _explain_unknown(ctx: Context, unknown: Sequence[PeerStanding]) -> str:
    count = format_number(len(unknown), ctx.lang)
    return t("country.standing.unknown", ctx.lang, count=count, reasons=_count_reasons(ctx, unknown))


def _count_reasons(ctx: Context, unknown: Sequence[PeerStanding]) -> str:
    """Return why there is no verdict, commonest reason first, with numbers of indicators."""
    counts = Counter(standing.reason for standing in unknown).most_common()
    colon = t("ui.list.colon", ctx.lang)
    return t("ui.list.semicolon", ctx.lang).join(
        f"{_translate_reason(ctx, reason)}{colon}{format_number(number, ctx.lang)}" for reason, number in counts
    )


def _translate_reason(ctx: Context, reason: str) -> str:
    own = reason in ("no_peers", "no_direction", "few_peers")
    return t(f"country.standing.reason.{reason}" if own else f"compare.pair.reason.{reason}", ctx.lang)
