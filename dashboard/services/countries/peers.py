"""Countries to compare a country with, each with its reasons in words."""

from collections.abc import Mapping

from dashboard.locales import format_day, format_number, format_year, t
from dashboard.measures.peers import GDP_RATIO, POPULATION_RATIO, YEARS, Peer, Profile, classify_egdi
from dashboard.measures.peers import rank_peers as chosen
from dashboard.services.adoption.counting import find_adoption
from dashboard.services.base.cache import cached, kept
from dashboard.services.base.context import Context
from dashboard.services.base.lookup import find_country
from dashboard.services.base.rows import Row, find_latest
from dashboard.services.base.words import join_list, name_country, name_metric, translate_term
from dashboard.services.charts.compared import MOST_APART
from dashboard.services.countries.views import PeerEntry, PeerReason, PeersView, ReasonId
from dashboard.services.wording.citation import issue_of
from dashboard.services.wording.figures import format_value

GDP, EGDI, POPULATION = "gdp_per_capita", "egdi", "population"
"""Indicators that peers are chosen by, as far as the dataset has them."""

MOST = 12
"""Countries proposed unless more are asked for."""

NEIGHBOURS = 3
"""Countries of the same region that a short list holds, as far as there are any."""

REASONS: tuple[ReasonId, ...] = (
    "region", "income", "egdi_group", "gdp_per_head", "population", "years_since_opening",
)  # fmt: skip


@cached
def view_peers(ctx: Context, country: str, limit: int = MOST) -> PeersView:
    """Proposed peers of a country among all countries and areas; never chosen by an outcome.

    Raises:
        Unknown: no such country.
        Invalid: the country is named by an alpha-2 or M49 code.
    """
    iso3 = find_country(ctx, country).iso3
    profiles = _profiles(ctx.timeless)
    focus = profiles[iso3]
    ranked = chosen(focus, profiles.values())
    missing: list[ReasonId] = [reason for reason in REASONS if not _known(focus, reason)]
    return PeersView(
        dataset=ctx.dataset.name,
        as_of=ctx.today.isoformat(),
        country=iso3,
        name=name_country(ctx, iso3),
        text=t("comparison.peers.rule", ctx.lang),
        missing=missing,
        missing_text=_unknown_text(ctx, "missing", missing, name_country(ctx, iso3)),
        sources=[
            t(
                "comparison.peers.source",
                ctx.lang,
                indicator=name_metric(ctx, metric),
                source=issue_of(ctx, row, (row["edition"],)),
            )
            for metric in (GDP, EGDI, POPULATION)
            if (row := find_latest(ctx, metric).get(iso3))
        ],
        total=len(ranked),
        peers=[_entry(ctx, focus, it, profiles[it.country], missing) for it in ranked[:limit]],
    )


@kept(2)
def _profiles(ctx: Context) -> Mapping[str, Profile]:
    """ISO3 → what is known of every country and area."""
    gdp, egov, people = (find_latest(ctx, metric) for metric in (GDP, EGDI, POPULATION))
    return {
        iso3: Profile(
            country=iso3,
            region=it.subregion,
            income=it.income,
            egdi_group=classify_egdi(_value(egov.get(iso3))),
            gdp_per_head=_value(gdp.get(iso3)),
            population=_value(people.get(iso3)),
            years_since_opening=_years(ctx, iso3),
        )
        for iso3, it in ctx.book.countries.items()
    }


def _value(row: Row | None) -> float | None:
    """The published number, if it can stand in a ratio."""
    return row["value"] if row and row["value"] is not None and row["value"] > 0 else None


def _years(ctx: Context, iso3: str) -> float | None:
    """Whole years since the first opening whose date is known; coarse, since many dates are years only."""
    it = find_adoption(ctx, iso3)
    return float(ctx.today.year - int(it.opened[:4])) if it.opened and it.status == "operating" else None


def _known(profile: Profile, reason: ReasonId) -> bool:
    return getattr(profile, reason) not in (None, "")


def _entry(ctx: Context, focus: Profile, peer: Peer, other: Profile, missing: list[ReasonId]) -> PeerEntry:
    status = find_adoption(ctx, peer.country)
    unknown: list[ReasonId] = [
        reason
        for reason in peer.unknown
        if reason not in missing and (reason != "years_since_opening" or status.status == "operating")
    ]
    return PeerEntry(
        iso3=peer.country,
        name=name_country(ctx, peer.country),
        reasons=[_reason(ctx, reason, focus, other) for reason in peer.reasons],
        unknown=list(peer.unknown),
        unknown_text=_unknown_text(ctx, "unknown", unknown, name_country(ctx, peer.country)),
        adoption_status=status.status,
        adoption_text=translate_term(ctx, "adoption_status", "origin" if status.origin else status.status),
    )


def _unknown_text(ctx: Context, key: str, reasons: list[ReasonId], country: str) -> str:
    if not reasons:
        return ""
    names = join_list(ctx, (t(f"comparison.reason.{reason}.label", ctx.lang) for reason in reasons))
    return t(f"comparison.peers.{key}", ctx.lang, country=country, reasons=names)


def _reason(ctx: Context, reason: ReasonId, focus: Profile, other: Profile) -> PeerReason:
    values = {
        "region": lambda: {"region": translate_term(ctx, "region", other.region, "")},
        "income": lambda: {"group": translate_term(ctx, "income", other.income, "")},
        "egdi_group": lambda: {
            "group": t(f"comparison.egdi_group.{other.egdi_group}", ctx.lang),
            **_both(ctx, EGDI, focus, other),
        },
        "gdp_per_head": lambda: {"ratio": format_number(GDP_RATIO, ctx.lang), **_both(ctx, GDP, focus, other)},
        "population": lambda: {
            "ratio": format_number(POPULATION_RATIO, ctx.lang),
            **_both(ctx, POPULATION, focus, other),
        },
        "years_since_opening": lambda: {"years": format_number(YEARS, ctx.lang), **_openings(ctx, focus, other)},
    }[reason]()
    label = t(f"comparison.reason.{reason}.label", ctx.lang)
    return PeerReason(id=reason, label=label, text=t(f"comparison.reason.{reason}.text", ctx.lang, **values))


def _both(ctx: Context, metric: str, focus: Profile, other: Profile) -> dict[str, str]:
    """Both countries' figures, each with its country and year."""
    latest, it = find_latest(ctx, metric), ctx.book.metrics[metric]

    def figure_text(iso3: str) -> str:
        row = latest[iso3]
        value = format_value(ctx, it, row["value"], unit=True)
        return t(
            "comparison.peers.value",
            ctx.lang,
            country=name_country(ctx, iso3),
            value=value,
            year=format_year(row["year"], ctx.lang),
        )

    return {"one": figure_text(other.country), "other": figure_text(focus.country)}


def _openings(ctx: Context, focus: Profile, other: Profile) -> dict[str, str]:
    def opening_text(iso3: str) -> str:
        opened = format_day(find_adoption(ctx, iso3).opened, ctx.lang)
        return t("comparison.peers.opened", ctx.lang, country=name_country(ctx, iso3), date=opened)

    return {"one": opening_text(other.country), "other": opening_text(focus.country)}


def list_nearest_peers(ctx: Context, country: str) -> tuple[str, ...]:
    """The peers a country is judged against: as many of the nearest as a comparison can tell apart beside it.

    Raises:
        Unknown: no such country.
    """
    return tuple(one["iso3"] for one in shortlist_peers(ctx, country, (), MOST_APART - 1))


def shortlist_peers(ctx: Context, country: str, without: tuple[str, ...], most: int) -> list[PeerEntry]:
    """The first peers, up to ``NEIGHBOURS`` of the same region among them; ``without``: those compared already.

    Raises:
        Unknown: no such country.
    """
    every = [one for one in view_peers(ctx, country, len(ctx.book.countries))["peers"] if one["iso3"] not in without]
    near = [one for one in every if any(reason["id"] == "region" for reason in one["reasons"])][:NEIGHBOURS]
    others = [one for one in every if one not in near][: most - len(near)]
    chosen_ones = [one["iso3"] for one in (*near, *others)]
    return [one for one in every if one["iso3"] in chosen_ones]
