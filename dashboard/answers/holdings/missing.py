"""What a country has no figure of, by the kind of the gap, and who can end it."""

from collections import Counter
from collections.abc import Sequence

from dashboard.answers.base.cache import cached
from dashboard.answers.base.context import Context
from dashboard.answers.base.lookup import find_country
from dashboard.answers.base.rows import find_latest, has_figure
from dashboard.answers.base.words import name_country, name_metric, translate_term
from dashboard.answers.holdings.gaps import classify_gap
from dashboard.answers.holdings.views import GapKind, MissingRow
from dashboard.answers.wording.figures import define_missing, describe_missing, name_supplier
from dashboard.evidence.codebook.tables import THEMES
from dashboard.locales import format_number, t


@cached
def list_missing(ctx: Context, iso3: str) -> list[MissingRow]:
    """Return every indicator without a figure of the country, by the commonest kind of gap, then theme.

    Raises:
        Unknown: no such country, with suggestions.
    """
    code = find_country(ctx, iso3).iso3
    gaps = _gaps(ctx, code)
    counted = Counter(gap["kind"] for gap in gaps)
    order = [kind for kind, _ in counted.most_common()]
    return sorted(gaps, key=lambda gap: order.index(gap["kind"]))


def count_kinds(ctx: Context, gaps: Sequence[MissingRow]) -> list[GapKind]:
    """Count and define the kinds of gap among ``gaps``, in their order."""
    counted = Counter(gap["kind"] for gap in gaps)
    return [
        GapKind(
            kind=kind,
            text=describe_missing(ctx, kind),
            definition=define_missing(ctx, kind),
            count=count,
            count_text=format_number(count, ctx.lang),
        )
        for kind, count in counted.items()
    ]


def summarise_missing(ctx: Context, iso3: str, gaps: Sequence[MissingRow]) -> str:
    """Say how many indicators have no figure of the country."""
    return t(
        "country.missing.text",
        ctx.lang,
        country=name_country(ctx, iso3),
        missing=format_number(len(gaps), ctx.lang),
        of=format_number(len(ctx.book.metrics), ctx.lang),
    )


def _gaps(ctx: Context, iso3: str) -> list[MissingRow]:
    """Return the gaps by theme; a gap filled in the country's own definition says so."""
    gaps = []
    for theme in THEMES:
        for metric in ctx.book.metrics.values():
            if metric.theme != theme or has_figure(find_latest(ctx, metric.id).get(iso3)):
                continue
            kind = classify_gap(ctx, metric, iso3)
            gaps.append(
                MissingRow(
                    indicator=metric.id,
                    name=name_metric(ctx, metric.id),
                    theme=theme,
                    theme_text=translate_term(ctx, "theme", theme),
                    kind=kind,
                    kind_text=describe_missing(ctx, kind),
                    who=name_supplier(ctx, metric, kind),
                    own=t("national.also", ctx.lang) if kind == "not_comparable" else "",
                )
            )
    return gaps
