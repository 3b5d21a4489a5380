"""Estimates of a mapped survey with design-based intervals, hidden where too few answered, before anything is kept.

What is hidden is decided on unweighted counts before it is estimated, for all indicators of a block together: an
average and one of its two parts would give the other away.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import polars as pl

from dashboard.analysis.measures.delivery.target99 import judge_survey
from dashboard.analysis.measures.intervals import NEGLIGIBLE
from dashboard.analysis.measures.surveys.breakdowns import choose_hidden_categories
from dashboard.analysis.measures.surveys.differencing import TOTAL
from dashboard.analysis.measures.surveys.linearised import estimate_shares
from dashboard.analysis.measures.surveys.satisfaction import POSITIVE
from dashboard.analysis.measures.surveys.survey import Design, Estimate, SinglePsu
from dashboard.contributions.submissions.microdata.model import GROUPS, THRESHOLD, Block, mapped_blocks
from dashboard.contributions.submissions.microdata.recode import NONE, codes_in, replaced
from dashboard.contributions.submissions.model import LEVEL, ONE_UNIT
from dashboard.contributions.submissions.reading.figures import FIGURES
from dashboard.contributions.submissions.rules.survey import SurveyGround, read_numbers, single_strata
from data_sources.observations import canonicalise

ADULT = 18
PRECISE = 1_000
"""Answers from which a share has two decimals: its 95 % margin is then 3 points at most, and one answer 0.1. Ours."""

_TOP_THREE = 2  # of five levels counted from 0
_BANDS = ((25, "<25Y"), (35, "25-34"), (45, "35-44"), (55, "45-54"), (65, "55-64"), (121, "65+"))


@dataclass(frozen=True, slots=True)
class EstimateCell:
    """An estimate of one indicator in one group; without one, the reason (``too_few``, ``ONE_UNIT``)."""

    indicator: str
    dimensions: Mapping[str, str]
    estimate: Estimate | None = None
    n: int = 0
    reason: str = ""


@dataclass(frozen=True)
class Estimates:
    """Everything that is kept of a survey: cells, unweighted counts by question, and the test of the 99 % promise."""

    cells: tuple[EstimateCell, ...]
    results: Mapping[str, Any]


def estimate(ground: SurveyGround) -> Estimates:
    """Estimate every indicator whose questions are mapped, in total and by every group that is mapped.

    Raises:
        NotEstimable: the design does not allow it; the rules have found that before.
    """
    rows = _prepared(ground)
    stratum, psu, population = (part if part in rows.columns else "" for part in ("stratum", "psu", "population"))
    single = cast(SinglePsu, ground.mapping.get("single_psu") or "refuse")
    design = Design("weight", stratum, psu, population, single_psu=single, replicates=ground.replicates)
    blocks = mapped_blocks(ground.mapping)
    parts = {name: expr for block in blocks for name, expr in _parts(block).items()}
    averaged = {name: of for block in blocks for name, of in _figures(block).items()}
    breakdowns = ["", *(f"group.{group}" for group in GROUPS if f"group.{group}" in rows.columns)]
    made = {one: estimate_shares(rows.lazy(), parts, averaged, design, one) for one in breakdowns}
    cells: list[EstimateCell] = []
    promise, counts = [], []
    compared: dict[str, Any] = {}
    for block in blocks:
        counts += list(_counts(rows, block))
        groups = list(_groups(rows, block))
        for breakdown, category, hidden in groups:
            dimension = GROUPS[breakdown.removeprefix("group.")][0] if breakdown else ""
            dimensions = {dimension: category} if category is not None else {}
            estimates = None if hidden else _block(block, made[breakdown][category])
            reason = "too_few" if hidden else ONE_UNIT
            cells += [
                EstimateCell(name, dimensions, *(estimates[name] if estimates else (None, 0, reason)))
                for name in block.indicators
            ]
            if estimates is not None and not dimensions and block.scale == "four":
                promise.append(_promise(block, cells[-1]))
        compared[block.id] = _compared(rows, block, groups)
    alone = single_strata(ground)
    results = {
        "compared": compared,
        "rows": rows.height,
        "counts": counts,
        "promise": promise,
        "single_psu": {"strata": len(alone), "choice": ground.mapping.get("single_psu") or "refuse"},
        "hidden": sum(cell.reason == "too_few" for cell in cells),
        "one_unit": sum(cell.reason == ONE_UNIT for cell in cells),
    }
    return Estimates(tuple(cells), results)


def figures(estimates: Estimates, country: str, period: str) -> pl.DataFrame:
    """The cells as rows of a submission, in per cent; one without an estimate is missing with its reason, never 0."""
    made = []
    for at, cell in enumerate(estimates.cells, start=1):
        row: dict[str, Any] = dict.fromkeys(FIGURES, "")
        for name, kind in FIGURES.items():
            if kind == pl.Float64:
                row[name] = None
            elif kind == pl.Boolean:
                row[name] = False
        row |= {"row": at, "indicator": cell.indicator, "indicator_text": cell.indicator, "country": country,
                "period": period, "dimensions": canonicalise(cell.dimensions)}  # fmt: skip
        if cell.estimate is None:
            row["reason"] = cell.reason
        else:
            lower, upper = cell.estimate.estimate_interval(level=LEVEL / 100)
            told = [round(100 * one, places(cell.n)) for one in (cell.estimate.value, lower, upper)]
            row |= dict(zip(("value", "lower", "upper"), told, strict=True)) | {"sample": cell.n}
            row["value_text"] = f"{row['value']:.12g}"
        made.append(row)
    return pl.DataFrame(made, schema=FIGURES)


def places(n: int) -> int:
    """Return decimals of a share in per cent that so many answers support: one, and two from ``PRECISE`` on."""
    return 2 if n >= PRECISE else 1


def _compared(
    rows: pl.DataFrame, block: Block, groups: Sequence[tuple[str, str | None, bool]]
) -> dict[str, dict[str, Any]]:
    """Return what a later release of the block is held against (``differencing.Release``); nothing where it is hidden.

    The groups are those shown and the rest of a breakdown together: none of few people. Of a group are kept how many
    answered each question, and what is told of them anyway as seals.
    """
    parts = _parts(block)
    if groups[0][2]:
        return {}
    sums = [
        one
        for name, expr in parts.items()
        for one in (
            expr.is_not_null().sum().alias(f"n.{name}"),
            expr.sum().alias(f"x.{name}"),
            (pl.col("weight") * expr.is_not_null()).sum().alias(f"w.{name}"),
            pl.col("weight").filter(expr.fill_null(value=False)).sum().alias(f"v.{name}"),
        )
    ]
    names = list(dict.fromkeys(breakdown for breakdown, _, _ in groups[1:]))
    types = rows.lazy().group_by(names or pl.lit(0).alias("all")).agg(sums).collect(engine="streaming")
    shown: dict[str, set[str]] = {name: set() for name in names}
    for breakdown, category, hidden in groups[1:]:
        if category is not None and not hidden:
            shown[breakdown].add(category)
    compared = {TOTAL: {"": _sealed(types, parts)}}
    for name in names:
        group = pl.col(name).cast(pl.String)
        kept = {one: _sealed(types.filter(group == one), parts) for one in sorted(shown[name])}
        rest = types.filter(group.is_null() | ~group.is_in(sorted(shown[name])))
        compared[name] = kept | {"": _sealed(rest, parts)}
    return compared


def _sealed(types: pl.DataFrame, parts: Mapping[str, pl.Expr]) -> list[Any]:
    """Return how many answered each question; seals of how many of them positively, and of their weights."""
    row = types.select(pl.col("^[nxwv]\\..*$").sum()).row(0, named=True)
    n = [int(row[f"n.{name}"]) for name in parts]
    answers = ",".join(str(int(row[f"x.{name}"])) for name in parts)
    weights = ",".join(f"{row[f'{kind}.{name}']:.9g}" for name in parts for kind in ("w", "v"))
    return [n, *(hashlib.sha256(one.encode()).hexdigest()[:16] for one in (answers, weights))]


def _prepared(ground: SurveyGround) -> pl.DataFrame:
    """Weight, design, questions by level and groups by category, under names of ours; children leave the domain.

    Small types throughout: a file may have ten million rows.
    """
    columns = ground.survey.rows
    made: dict[str, pl.Series] = {"weight": ground.numbers("weight")}
    for part in ("stratum", "psu"):
        if name := ground.column(part):
            codes = codes_in(columns[name]).drop_nulls().unique().sort()
            numbered = dict(zip(codes, range(len(codes)), strict=True))
            made[part] = columns[name] if columns[name].dtype.is_integer() else replaced(columns[name], numbered)
    for name in ground.replicates.columns if ground.replicates else ():
        made[name] = read_numbers(columns, name)
    if ground.column("population"):
        made["population"] = ground.numbers("population")
    for field, coding in ground.codings.items():
        levels = {code: level for code, level in coding.levels.items() if level != NONE}
        group = field.removeprefix("group.")
        if group in GROUPS:
            yes, no = GROUPS[group][1]
            words = {code: yes if level else no for code, level in levels.items()}
            made[field] = replaced(columns[ground.column(field)], words, pl.Enum((yes, no)))
        else:
            made[field] = replaced(columns[ground.column(field)], levels, pl.Int8)
    if ground.column("group.age"):
        ages = ground.numbers("group.age")
        made["group.age"] = _bands(ages)
        for name in [name for name in made if name.startswith("item.")]:
            made[name] = made[name].set((ages < ADULT).fill_null(value=False), None)
    if name := ground.column("group.income"):
        quintiles = {str(level): f"Q{level}" for level in range(1, 6)}
        made["group.income"] = replaced(columns[name], quintiles, pl.Enum(GROUPS["income"][1]))
    if name := ground.column("group.region"):
        labels = ground.survey.columns[name].labels
        named = {code: labels.get(code, code)[:60] for code in codes_in(columns[name]).drop_nulls()}
        made["group.region"] = replaced(columns[name], named, pl.Enum(sorted(set(named.values()))))
    return pl.DataFrame(made)


def _bands(ages: pl.Series) -> pl.Series:
    band: Any = pl.when(pl.lit(False)).then(pl.lit(""))
    for below, name in _BANDS:
        band = band.when((pl.col("age") >= ADULT) & (pl.col("age") < below)).then(pl.lit(name))
    banded = pl.LazyFrame({"age": ages}).select(band.otherwise(None).cast(pl.Enum([name for _, name in _BANDS])))
    return banded.collect(engine="streaming").to_series()


def _groups(rows: pl.DataFrame, block: Block) -> Iterator[tuple[str, str | None, bool]]:
    """Total and every category: breakdown, category, and whether it is hidden for being small or to protect one."""
    valid = {f"n.{name}": expr.is_not_null() for name, expr in _parts(block).items()}
    groups = [name for group in GROUPS if (name := f"group.{group}") in rows.columns]
    counted = rows.lazy().group_by(groups or pl.lit(0)).agg(expr.sum().alias(name) for name, expr in valid.items())
    types = counted.collect(engine="streaming")
    small = min(types.select(pl.col(list(valid)).sum()).row(0)) < THRESHOLD
    yield "", None, small
    hidden = choose_hidden_categories(types, groups, list(valid), THRESHOLD)
    for name in groups:
        there = set(types[name].drop_nulls())
        for category in GROUPS[name.removeprefix("group.")][1] or sorted(there):
            if category in there:
                yield name, category, small or category in hidden[name]


def _parts(block: Block) -> dict[str, pl.Expr]:
    """Whether each question of a block was answered in the way that is counted; null where it was not answered."""
    columns = [f"item.{block.id}.{item}" for item in block.items]
    if block.id == "bribery":  # among those with a contact: paid or was asked, each person once; null where not known
        bribe_requested, paid = (pl.col(f"item.bribery.{item}") == 1 for item in ("asked", "paid"))
        return {"bribery": pl.when(pl.col("item.bribery.contact") == 1).then(bribe_requested | paid)}
    least = {"four": min(POSITIVE), "five": _TOP_THREE, "yes_no": 1}[block.scale]
    return {name: pl.col(name) >= least for name in columns}


def _figures(block: Block) -> dict[str, list[str]]:
    """Return the parts whose simple mean each indicator of a block is."""
    parts = list(_parts(block))
    if block.scale == "four":
        of = [parts[:-1], parts[-1:]]
    else:
        of = [[part] for part in parts] + ([parts] if len(block.indicators) > len(parts) else [])
    return dict(zip(block.indicators, of, strict=True))


def _block(block: Block, made: Mapping[str, Estimate | None]) -> dict[str, tuple[Estimate, int]] | None:
    """Return each indicator of a block in one domain with its answers; None where its strata have one unit each."""
    estimates = {}
    for name in block.indicators:
        one = made[name]
        try:
            if one is None:
                return None
            one.estimate_interval()
        except ValueError:
            return None
        estimates[name] = (one, one.n)
    return estimates


def _counts(rows: pl.DataFrame, block: Block) -> Iterator[dict[str, Any]]:
    """Valid answers and others of each question, unweighted; small ones are not told."""
    for item in block.items:
        valid = int(rows[f"item.{block.id}.{item}"].is_not_null().sum())
        others = rows.height - valid
        publishable = valid >= THRESHOLD and (others == 0 or others >= THRESHOLD)
        yield {
            "block": block.id,
            "item": item,
            "valid": valid if publishable else None,
            "others": others if publishable else None,
        }


def _promise(block: Block, cell: EstimateCell) -> dict[str, Any]:
    """Return whether 99 % are satisfied with a service: met, not met, or not to be told from so many answers."""
    assert cell.indicator.startswith("sat_overall")
    assert cell.estimate is not None
    p, error = cell.estimate.value, cell.estimate.std_error
    spread = p * (1 - p)
    deff = cell.n * error**2 / spread if spread > NEGLIGIBLE and error > NEGLIGIBLE else 1.0
    tested = judge_survey(p, cell.n, deff, cell.estimate.df)
    lower, upper = cell.estimate.estimate_interval(level=LEVEL / 100)
    return {"block": block.id, "verdict": tested.verdict, "value": 100 * p, "lower": 100 * lower,
            "upper": 100 * upper, "level": LEVEL, "decimals": places(cell.n), "n": cell.n}  # fmt: skip
