"""Countries to compare a country with, each with its reasons in words."""

from collections.abc import Mapping

from dashboard.analysis.measures.peers import (
    GDP_RATIO,
    MAX_PEERS,
    MAX_YEARS_APART,
    MIN_NEIGHBOURS,
    POPULATION_RATIO,
    Peer,
    Profile,
    classify_egdi,
    rank_peers,
)
from dashboard.answers.adoption.counting import find_adoption
from dashboard.answers.base.cache import cached, kept
from dashboard.answers.base.context import Context
from dashboard.answers.base.lookup import find_country
from dashboard.answers.base.rows import Row, find_latest
from dashboard.answers.base.words import join_list, name_country, name_metric, translate_term
from dashboard.answers.countries.views import PeerEntry, PeerReason, PeersView, ReasonId
from dashboard.answers.wording.citation import name_issue
from dashboard.answers.wording.figures import format_value
from dashboard.locales import format_day, format_number, format_year, t

GDP, EGDI, POPULATION = "gdp_per_capita", "egdi", "population"
"""Indicators that peers are chosen by, as far as the dataset has them."""

REASONS: tuple[ReasonId, ...] = (
    "region", "income", "egdi_group", "gdp_per_head", "population", "years_since_opening",
)  # fmt: skip


@cached
def view_peers(ctx: Context, country: str, limit: int = MAX_PEERS) -> PeersView:
    """Return proposed peers of a country; they are never chosen by an outcome.

    Raises:
        Unknown: no such country.
        Invalid: the country is named by an alpha-2 or M49 code.
    """
    iso3 = find_country(ctx, country).iso3
    profiles = _load_profiles(ctx.timeless)
    focus = profiles[iso3]
    ranked = rank_peers(focus, profiles.values())
    missing: list[ReasonId] = [reason for reason in REASONS if not _is_known(focus, reason)]
    return PeersView(
        dataset=ctx.dataset.name,
        as_of=ctx.today.isoformat(),
        country=iso3,
        name=name_country(ctx, iso3),
        text=explain_peers(ctx),
        missing=missing,
        missing_text=_describe_unknown(ctx, "missing", missing, name_country(ctx, iso3)),
        sources=[
            t(
                "comparison.peers.source",
                ctx.lang,
                indicator=name_metric(ctx, metric),
                source=name_issue(ctx, row, (row["edition"],)),
            )
            for metric in (GDP, EGDI, POPULATION)
            if (row := find_latest(ctx, metric).get(iso3))
        ],
        total=len(ranked),
        peers=[_view_peer(ctx, focus, peer, profiles[peer.country], missing) for peer in ranked[:limit]],
    )


def explain_peers(ctx: Context) -> str:
    """Return in words how peers are chosen."""
    first, near = (format_number(number, ctx.lang) for number in (MAX_PEERS, MIN_NEIGHBOURS))
    return t("comparison.peers.rule", ctx.lang, peers=first, neighbours=near)


@kept(2)
def _load_profiles(ctx: Context) -> Mapping[str, Profile]:
    """Return ISO3 → what peers are chosen by, of every country and area."""
    gdp, egov, people = (find_latest(ctx, metric) for metric in (GDP, EGDI, POPULATION))
    return {
        iso3: Profile(
            country=iso3,
            region=entry.subregion,
            income=entry.income,
            egdi_group=classify_egdi(_read_positive(egov.get(iso3))),
            gdp_per_head=_read_positive(gdp.get(iso3)),
            population=_read_positive(people.get(iso3)),
            years_since_opening=_count_years_since_opening(ctx, iso3),
        )
        for iso3, entry in ctx.book.countries.items()
    }


def _read_positive(row: Row | None) -> float | None:
    """Return the published number if it can stand in a ratio."""
    return row["value"] if row and row["value"] is not None and row["value"] > 0 else None


def _count_years_since_opening(ctx: Context, iso3: str) -> float | None:
    """Return the years since the first opening of a known date; coarse, as many dates are years only."""
    adoption = find_adoption(ctx, iso3)
    return (
        float(ctx.today.year - int(adoption.opened[:4])) if adoption.opened and adoption.status == "operating" else None
    )


def _is_known(profile: Profile, reason: ReasonId) -> bool:
    return getattr(profile, reason) not in (None, "")


def _view_peer(ctx: Context, focus: Profile, peer: Peer, other: Profile, missing: list[ReasonId]) -> PeerEntry:
    status = find_adoption(ctx, peer.country)
    unknown: list[ReasonId] = [
        reason
        for reason in peer.unknown
        if reason not in missing and (reason != "years_since_opening" or status.status == "operating")
    ]
    return PeerEntry(
        iso3=peer.country,
        name=name_country(ctx, peer.country),
        reasons=[_view_reason(ctx, reason, focus, other) for reason in peer.reasons],
        unknown=list(peer.unknown),
        unknown_text=_describe_unknown(ctx, "unknown", unknown, name_country(ctx, peer.country)),
        adoption_status=status.status,
        adoption_text=translate_term(ctx, "adoption_status", "origin" if status.origin else status.status),
    )


def _describe_unknown(ctx: Context, key: str, reasons: list[ReasonId], country: str) -> str:
    if not reasons:
        return ""
    names = join_list(ctx, (t(f"comparison.reason.{reason}.label", ctx.lang) for reason in reasons))
    return t(f"comparison.peers.{key}", ctx.lang, country=country, reasons=names)


def _view_reason(ctx: Context, reason: ReasonId, focus: Profile, other: Profile) -> PeerReason:
    values = {
        "region": lambda: {"region": translate_term(ctx, "region", other.region, "")},
        "income": lambda: {"group": translate_term(ctx, "income", other.income, "")},
        "egdi_group": lambda: {
            "group": t(f"comparison.egdi_group.{other.egdi_group}", ctx.lang),
            **_describe_both(ctx, EGDI, focus, other),
        },
        "gdp_per_head": lambda: {"ratio": format_number(GDP_RATIO, ctx.lang), **_describe_both(ctx, GDP, focus, other)},
        "population": lambda: {
            "ratio": format_number(POPULATION_RATIO, ctx.lang),
            **_describe_both(ctx, POPULATION, focus, other),
        },
        "years_since_opening": lambda: {
            "years": format_number(MAX_YEARS_APART, ctx.lang),
            **_describe_openings(ctx, focus, other),
        },
    }[reason]()
    label = t(f"comparison.reason.{reason}.label", ctx.lang)
    return PeerReason(id=reason, label=label, text=t(f"comparison.reason.{reason}.text", ctx.lang, **values))


def _describe_both(ctx: Context, metric: str, focus: Profile, other: Profile) -> dict[str, str]:
    """Return both countries' figures, each with its country and year."""
    latest, entry = find_latest(ctx, metric), ctx.book.metrics[metric]

    def figure_text(iso3: str) -> str:
        row = latest[iso3]
        value = format_value(ctx, entry, row["value"], unit=True)
        return t(
            "comparison.peers.value",
            ctx.lang,
            country=name_country(ctx, iso3),
            value=value,
            year=format_year(row["year"], ctx.lang),
        )

    return {"one": figure_text(other.country), "other": figure_text(focus.country)}


def _describe_openings(ctx: Context, focus: Profile, other: Profile) -> dict[str, str]:
    def opening_text(iso3: str) -> str:
        opened = format_day(find_adoption(ctx, iso3).opened, ctx.lang)
        return t("comparison.peers.opened", ctx.lang, country=name_country(ctx, iso3), date=opened)

    return {"one": opening_text(other.country), "other": opening_text(focus.country)}


def list_peers(ctx: Context, country: str) -> tuple[str, ...]:
    """Return the peers a country is judged against: those of ``/api/v1/peers``.

    Raises:
        Unknown: no such country.
    """
    return tuple(peer["iso3"] for peer in view_peers(ctx, country)["peers"])
