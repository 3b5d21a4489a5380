"""Medians of countries' figures around a country's own: ours, labelled so, and only of like figures.

Like means: same source, series, edition and unit. For each country the figure nearest to the compared one within two
years counts (``dashboard.analysis.measures.latest``). A licence that forbids derived figures gets no median, nor a
claim without a method (evidence level 1).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from dashboard.analysis.measures.comparability import LIKE_COLUMNS, MIN_FIGURES
from dashboard.analysis.measures.latest import WINDOW_YEARS
from dashboard.answers.adoption.counting import DEFAULT_RULE, list_adopters
from dashboard.answers.base.cache import kept
from dashboard.answers.base.context import Context
from dashboard.answers.base.rows import Row, find_latest, select_lean_totals, select_shown
from dashboard.answers.base.words import translate_term
from dashboard.answers.wording.evidence import is_claim
from dashboard.answers.wording.publishers import is_unmodified_only
from dashboard.evidence.codebook.model import Country
from dashboard.locales import t

SAME = ("indicator", *LIKE_COLUMNS)


@dataclass(frozen=True, slots=True)
class Middle:
    """A median with how many figures it is of, of how many countries, and from when.

    ``value`` is None below ``MIN_FIGURES``.
    """

    value: float | None
    n: int
    of: int  # countries of the group, whether they have a figure or not
    first_year: int | None
    last_year: int | None


def find_groups(ctx: Context, it: Country) -> dict[str, tuple[str, tuple[str, ...]]]:
    """The groups a country stands beside: id → label and members. No income group where the country has none."""
    every, region = ctx.book.countries.values(), it.subregion or it.region
    rule = translate_term(ctx, "counting_rule", DEFAULT_RULE)
    groups = {
        "region": (
            translate_term(ctx, "region", region, ""),
            (c.iso3 for c in every if (c.subregion or c.region) == region),
        ),
        "income": (translate_term(ctx, "income", it.income, ""), (c.iso3 for c in every if c.income == it.income)),
        "world": (translate_term(ctx, "country_group", "world", ""), ctx.book.countries),
        "adopters": (t("answers.medians.adopters", ctx.lang, rule=rule), list_adopters(ctx)),
    }
    return {name: (label, tuple(members)) for name, (label, members) in groups.items() if name != "income" or it.income}


def list_groups_beside(ctx: Context, metric: str, iso3: str) -> dict[str, tuple[str, ...]]:
    """The same groups by label, as a chart of an indicator names them."""
    groups = find_groups(ctx, ctx.book.countries[iso3]).values()
    return {label: _counted(ctx, metric, members) for label, members in groups}


def _counted(ctx: Context, metric: str, members: Iterable[str]) -> tuple[str, ...]:
    """Those of a group that a map of the indicator counts: all but areas that it neither draws nor has a figure of."""
    latest, countries = find_latest(ctx, metric), ctx.book.countries
    return tuple(iso3 for iso3 in members if countries[iso3].tile is not None or iso3 in latest)


def compute_medians(
    ctx: Context, references: Mapping[str, Row], groups: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, Middle]]:
    """Indicator → group → median around the reference row of the indicator.

    Args:
        ctx: the dataset.
        references: indicator → the row compared; rows without a value get no medians.
        groups: name → ISO3 codes of its members.
    """
    wanted = {metric: row for metric, row in references.items() if _derivable(ctx, metric, row)}
    if not wanted:
        return {}
    near = _nearest(select_lean_totals(ctx, wanted).select(*SAME, "country", "year", "value"), wanted.values())
    result: dict[str, dict[str, Middle]] = {metric: {} for metric in wanted}
    for group, members in groups.items():
        those = near.filter(pl.col("country").is_in(list(members)))
        summary = those.group_by("indicator").agg(
            pl.col("value").median(), pl.len().alias("n"), first=pl.col("year").min(), last=pl.col("year").max()
        )
        for row in summary.iter_rows(named=True):
            enough = row["n"] >= MIN_FIGURES
            of = len(_counted(ctx, row["indicator"], members))
            result[row["indicator"]][group] = Middle(
                row["value"] if enough else None, row["n"], of, row["first"], row["last"]
            )
    return result


def list_figures_behind(ctx: Context, metric: str, iso3: str, members: Sequence[str]) -> list[Row]:
    """The figures that the median of ``members`` around a country's figure is of, lowest first; too few are none."""
    row = find_latest(ctx, metric).get(iso3)
    if row is None or not _derivable(ctx, metric, row):
        return []
    near = _nearest(select_shown(ctx, [metric]), [row]).filter(pl.col("country").is_in(list(members)))
    return near.sort("value", "country").to_dicts() if near.height >= MIN_FIGURES else []


def list_comparable_values(ctx: Context, metric: str, row: Row) -> tuple[float, ...]:
    """The values among which a figure has its place: of all countries, as those of a median around it; too few are
    none."""
    if not _derivable(ctx, metric, row) or row["year"] is None:
        return ()
    values = _comparable_values(ctx.timeless, tuple(row[name] for name in SAME), row["year"])
    return values if len(values) >= MIN_FIGURES else ()


@kept(512)
def _comparable_values(ctx: Context, same: tuple[str, ...], year: int) -> tuple[float, ...]:
    reference = dict(zip(SAME, same, strict=True)) | {"year": year}
    near = _nearest(select_lean_totals(ctx, same[:1]).select(*SAME, "country", "year", "value"), [reference])
    return tuple(near["value"].sort())


def _derivable(ctx: Context, metric: str, row: Row) -> bool:
    """Whether anything may be derived from a figure: its licence allows it, and it is a number by a known method."""
    return (
        row["value"] is not None
        and not is_unmodified_only(row["source"])
        and row["unit"] != "yes_no"
        and not is_claim(ctx.book.metrics[metric], row)
    )


def _nearest(rows: pl.LazyFrame, references: Iterable[Row]) -> pl.DataFrame:
    """One figure per indicator and country: the nearest to the year of the reference, of two the later."""
    requested = pl.DataFrame(
        [{**{name: row[name] for name in SAME}, "about": row["year"]} for row in references],
        schema={**dict.fromkeys(SAME, pl.String), "about": pl.Int32},
    )
    distance = (pl.col("year") - pl.col("about")).abs()
    return (
        rows.filter(pl.col("value").is_not_null())
        .join(requested.lazy(), on=list(SAME))
        .filter(distance <= WINDOW_YEARS)
        .sort("indicator", "country", distance, -pl.col("year"))
        .unique(["indicator", "country"], keep="first", maintain_order=True)
        .collect()
    )
