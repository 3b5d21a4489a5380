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


def find_groups(ctx: Context, country: Country) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return the groups a country is compared with: id → label and members, income only if known."""
    every, region = ctx.book.countries.values(), country.subregion or country.region
    rule = translate_term(ctx, "counting_rule", DEFAULT_RULE)
    groups = {
        "region": (
            translate_term(ctx, "region", region, ""),
            (c.iso3 for c in every if (c.subregion or c.region) == region),
        ),
        "income": (
            translate_term(ctx, "income", country.income, ""),
            (c.iso3 for c in every if c.income == country.income),
        ),
        "world": (translate_term(ctx, "country_group", "world", ""), ctx.book.countries),
        "adopters": (t("answers.medians.adopters", ctx.lang, rule=rule), list_adopters(ctx)),
    }
    return {
        name: (label, tuple(members)) for name, (label, members) in groups.items() if name != "income" or country.income
    }


def list_groups_beside(ctx: Context, metric: str, iso3: str) -> dict[str, tuple[str, ...]]:
    """Return the same groups by label, as an indicator's chart names them."""
    groups = find_groups(ctx, ctx.book.countries[iso3]).values()
    return {label: _counted(ctx, metric, members) for label, members in groups}


def _counted(ctx: Context, metric: str, members: Iterable[str]) -> tuple[str, ...]:
    """Return the members that a map counts: all but areas neither drawn nor with a figure."""
    latest, countries = find_latest(ctx, metric), ctx.book.countries
    return tuple(iso3 for iso3 in members if countries[iso3].tile is not None or iso3 in latest)


def compute_medians(
    ctx: Context, references: Mapping[str, Row], groups: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, Middle]]:
    """Compute the median of each group around each indicator's reference row.

    Args:
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
    """Return the figures behind a group's median, lowest first; none where they are too few."""
    row = find_latest(ctx, metric).get(iso3)
    if row is None or not _derivable(ctx, metric, row):
        return []
    near = _nearest(select_shown(ctx, [metric]), [row]).filter(pl.col("country").is_in(list(members)))
    return near.sort("value", "country").to_dicts() if near.height >= MIN_FIGURES else []


def list_comparable_values(ctx: Context, metric: str, row: Row) -> tuple[float, ...]:
    """Return the values of all countries like a figure, sorted; none where they are too few."""
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
    """Return True if figures may be derived from a row: by licence, unit and a known method."""
    return (
        row["value"] is not None
        and not is_unmodified_only(row["source"])
        and row["unit"] != "yes_no"
        and not is_claim(ctx.book.metrics[metric], row)
    )


def _nearest(rows: pl.LazyFrame, references: Iterable[Row]) -> pl.DataFrame:
    """Return one figure per indicator and country: that nearest the reference year, the later of two."""
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
