"""What must hold of a mapped survey.

A finding names columns and the labels of the file's own lists, never a value of a row: it outlives the file. Its words
are in the catalogue ``survey`` under ``rule.<id>``.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

import polars as pl

from dashboard.analysis.measures.surveys.survey import ReplicateMethod, Replicates
from dashboard.contributions.submissions.microdata.files import Survey
from dashboard.contributions.submissions.microdata.model import (
    BLOCKS,
    CODED,
    REPLICATES,
    THRESHOLD,
    find_replicates,
    is_column,
    mapped_blocks,
    read_factors,
    stated_codes,
)
from dashboard.contributions.submissions.microdata.recode import LEVELS, Coding, code_of, codes_in, coding
from dashboard.contributions.submissions.model import SEVERITIES, Finding
from dashboard.contributions.submissions.rules.check import Checks, FindingPlace

MOST_REGIONS = 60
NEAR = (0.5, 2.0)
"""Least and most that the weights of a replicate may add up to, of the sampling weight. Ours."""
MOST_NAMED = 20


LONGEST_READ = 300


@dataclass(frozen=True)
class SurveyGround:
    """A survey, its mapping, and what the codes of its mapped columns mean (field of the mapping → coding)."""

    survey: Survey
    mapping: Mapping[str, str]
    codings: Mapping[str, Coding]

    def column(self, field: str) -> str:
        """The column of a field; "" where none is mapped or the file has none of that name."""
        name = self.mapping.get(field, "")
        return name if name in self.survey.columns else ""

    def numbers(self, field: str) -> pl.Series:
        """A mapped column as numbers; null where it is none."""
        return read_numbers(self.survey.rows, self.column(field))

    @property
    def weighs_again(self) -> bool:
        """Whether the mapping states replicate weights, rightly or not."""
        return any(self.mapping.get(field, "").strip() for field in ("replicates", "replicate_method"))

    @property
    def replicates(self) -> Replicates | None:
        """The replicate weights, once the rules have found nothing wrong with them."""
        method = self.mapping.get("replicate_method", "")
        columns = find_replicates(self.mapping.get("replicates", ""), self.survey.columns)
        if method not in REPLICATES or len(columns) < 2:
            return None
        stated = read_factors(self.mapping.get("replicate_factors", "")) or ()
        return Replicates(columns, cast(ReplicateMethod, method), stated)


def read_numbers(rows: pl.DataFrame, name: str) -> pl.Series:
    """A column as numbers; null where it is none."""
    if rows[name].dtype.is_numeric():
        return rows[name].cast(pl.Float64)
    return rows.select(code_of(name).cast(pl.Float64, strict=False)).to_series()


def ground(survey: Survey, mapping: Mapping[str, str]) -> SurveyGround:
    """Look up what every mapped question and group means."""
    codings: dict[str, Coding] = {}
    none = stated_codes(mapping, "no_answer")
    wanted = {
        f"item.{block.id}.{item}": (block.scale, block.id) for block in BLOCKS.values() for item in block.items
    } | {f"group.{name}": (name, name) for name in ("sex", "location", "disability")}
    for field, (scale, codes) in wanted.items():
        name = mapping.get(field, "")
        if name in survey.columns:
            codings[field] = coding(
                survey.columns[name], codes_in(survey.rows[name]), scale, stated_codes(mapping, codes), none
            )
    return SurveyGround(survey, mapping, codings)


CHECKS: Checks[SurveyGround] = Checks()
"""Everything that a survey is held against."""

check = CHECKS.check


@check("survey_few", "error")
def few(it: SurveyGround) -> Iterator[FindingPlace]:
    """Fewer respondents than anything may be told of."""
    if it.survey.rows.height < THRESHOLD:
        yield _place(least=str(THRESHOLD))


@check("survey_no_block", "error")
def no_block(it: SurveyGround) -> Iterator[FindingPlace]:
    """No block of questions is mapped."""
    if not mapped_blocks(it.mapping):
        yield _place()


@check("survey_block_incomplete", "error")
def block_incomplete(it: SurveyGround) -> Iterator[FindingPlace]:
    """A block of which only some questions are mapped."""
    for block in BLOCKS.values():
        given = [item for item in block.items if it.mapping.get(f"item.{block.id}.{item}")]
        if given and len(given) < len(block.items):
            missing = ", ".join(item for item in block.items if item not in given)
            yield _place(block=block.id, missing=missing)


@check("survey_column_unknown", "error")
def column_unknown(it: SurveyGround) -> Iterator[FindingPlace]:
    """A mapped column that the file does not have."""
    for field, name in it.mapping.items():
        if is_column(field) and name and name not in it.survey.columns:
            yield _place(name)


@check("survey_column_twice", "error")
def column_twice(it: SurveyGround) -> Iterator[FindingPlace]:
    """One column for two questions."""
    used = Counter(it.mapping[field] for field in it.mapping if field.startswith("item.") and it.mapping[field])
    for name, count in used.items():
        if count > 1:
            yield _place(name)


@check("survey_weight_missing", "error")
def weight_missing(it: SurveyGround) -> Iterator[FindingPlace]:
    """No weight."""
    if not it.column("weight"):
        yield _place()


@check("survey_weight_bad", "error")
def weight_bad(it: SurveyGround) -> Iterator[FindingPlace]:
    """Rows without a weight, or with one below 0; or none above it."""
    if name := it.column("weight"):
        weights = it.numbers("weight")
        if weights.is_null().any() or weights.is_nan().any() or (weights < 0).any() or not (weights > 0).any():
            yield _place(name)


@check("survey_design_missing", "warning")
def design_missing(it: SurveyGround) -> Iterator[FindingPlace]:
    """Nothing said of strata and sampling units."""
    if not it.weighs_again and not it.column("stratum") and not it.column("psu"):
        yield _place()


@check("survey_design_empty", "error")
def design_empty(it: SurveyGround) -> Iterator[FindingPlace]:
    """Rows without their stratum or sampling unit."""
    for field in ("stratum", "psu"):
        if (name := it.column(field)) and codes_in(it.survey.rows[name]).has_nulls():
            yield _place(name)


@check("survey_population_bad", "error")
def population_bad(it: SurveyGround) -> Iterator[FindingPlace]:
    """Sizes of strata that are none."""
    if name := it.column("population"):
        sizes = it.numbers("population")
        if sizes.is_null().any() or not (sizes >= 1).all():
            yield _place(name)


@check("survey_replicates_columns", "error")
def replicates_columns(it: SurveyGround) -> Iterator[FindingPlace]:
    """Replicate weights without columns that the file has, or of which nobody says how they were made."""
    if it.weighs_again and it.replicates is None:
        stated = it.mapping.get("replicates", "")
        yield _place(stated, count=str(len(find_replicates(stated, it.survey.columns))))


@check("survey_replicates_bad", "error")
def replicates_bad(it: SurveyGround) -> Iterator[FindingPlace]:
    """Replicate weights that are empty or below 0, or none above it."""
    for name in it.replicates.columns if it.replicates else ():
        weights = read_numbers(it.survey.rows, name)
        if weights.is_null().any() or weights.is_nan().any() or (weights < 0).any() or not (weights > 0).any():
            yield _place(name)


@check("survey_replicates_factors", "error")
def replicates_factors(it: SurveyGround) -> Iterator[FindingPlace]:
    """Factors of replicates that are none, or not as many as there are replicates."""
    if it.replicates is None:
        return
    text, count = it.mapping.get("replicate_factors", ""), len(it.replicates.columns)
    stated = read_factors(text)
    if it.replicates.method == "fay":
        right = stated is not None and len(stated) == 1 and 0 <= stated[0] < 1
    else:
        many = (1, count) if it.replicates.method == "jkn" else (0, 1)
        right = stated is not None and len(stated) in many and all(one > 0 for one in stated)
    if not right:
        yield _place(text, count=str(count))


@check("survey_replicates_scale", "error")
def replicates_scale(it: SurveyGround) -> Iterator[FindingPlace]:
    """Replicate weights that are no whole weights, but factors to multiply the weight by."""
    if it.replicates is None or not it.column("weight"):
        return
    whole = float(it.numbers("weight").sum())
    sums = [float(read_numbers(it.survey.rows, name).sum()) for name in it.replicates.columns]
    if whole > 0 and not NEAR[0] <= (times := sum(sums) / len(sums) / whole) <= NEAR[1]:
        yield _place(it.replicates.columns[0], times=f"{times:.3g}")


def _alone(it: SurveyGround, *, refused: bool) -> Iterator[FindingPlace]:
    """Strata in which no error can be seen, and what was chosen for them."""
    choice = it.mapping.get("single_psu") or "refuse"
    if (choice == "refuse") == refused and (alone := single_strata(it)):
        yield _place(count=str(len(alone)), choice=choice)


@check("survey_single_psu", "error")
def single_psu(it: SurveyGround) -> Iterator[FindingPlace]:
    """Strata in which no error can be seen, for which nothing was chosen."""
    yield from _alone(it, refused=True)


@check("survey_single_psu_choice", "warning")
def single_psu_choice(it: SurveyGround) -> Iterator[FindingPlace]:
    """Strata in which no error can be seen, for which something was chosen."""
    yield from _alone(it, refused=False)


@check("survey_codes_wrong", "error")
def codes_wrong(it: SurveyGround) -> Iterator[FindingPlace]:
    """Codes stated by hand that are not as many as their scale has levels, or twice the same."""
    for name in CODED:
        codes = stated_codes(it.mapping, name)
        levels = LEVELS[BLOCKS[name].scale if name in BLOCKS else name]
        if codes and (len(codes) != levels or len(set(codes)) != levels):
            yield _place(" ".join(codes), levels=str(levels))


@check("survey_label_unknown", "error")
def label_unknown(it: SurveyGround) -> Iterator[FindingPlace]:
    """Labels that nobody knows."""
    for field, one in it.codings.items():
        if one.unknown:
            yield _place(it.column(field), labels=", ".join(one.unknown[:MOST_NAMED]))


@check("survey_answer_unknown", "error")
def answer_unknown(it: SurveyGround) -> Iterator[FindingPlace]:
    """Answers that are none of their list."""
    for field, one in it.codings.items():
        if one.unknown_answers:
            yield _place(it.column(field), count=str(one.unknown_answers))


@check("survey_code_unlabelled", "error")
def code_unlabelled(it: SurveyGround) -> Iterator[FindingPlace]:
    """Codes without a label."""
    yield from (_place(it.column(field)) for field, one in it.codings.items() if one.unlabelled)


@check("survey_scale_assumed", "warning")
def scale_assumed(it: SurveyGround) -> Iterator[FindingPlace]:
    """A scale that was taken to be the United Nations' own."""
    yield from (_place(it.column(field)) for field, one in it.codings.items() if one.assumed)


@check("survey_age", "warning")
def age(it: SurveyGround) -> Iterator[FindingPlace]:
    """Ages that are none."""
    if name := it.column("group.age"):
        ages, given = it.numbers("group.age"), it.survey.rows[name].is_not_null()
        if ((ages.is_null() | (ages < 18) | (ages > 120)) & given).any():
            yield _place(name)


@check("survey_income", "warning")
def income(it: SurveyGround) -> Iterator[FindingPlace]:
    """Quintiles that are none."""
    if name := it.column("group.income"):
        levels = it.numbers("group.income").drop_nulls()
        if not levels.is_in([1.0, 2.0, 3.0, 4.0, 5.0]).all() or not levels.len():
            yield _place(name)


@check("survey_regions", "error")
def regions(it: SurveyGround) -> Iterator[FindingPlace]:
    """Too many regions."""
    if (name := it.column("group.region")) and codes_in(it.survey.rows[name]).n_unique() > MOST_REGIONS:
        yield _place(name, most=str(MOST_REGIONS))


@check("method_field", "warning")
def method_field(it: SurveyGround) -> Iterator[FindingPlace]:
    """What readers need to know of the survey and nobody has said."""
    for name in ("who", "population", "period_of_work"):
        if not it.mapping.get(f"method.{name}", "").strip():
            yield _place(field=name)


def check_survey(it: SurveyGround) -> list[Finding]:
    """Every finding of a mapped survey, errors first."""
    findings = CHECKS.findings(it)
    return sorted(findings, key=lambda one: (SEVERITIES.index(one.severity), one.rule, one.read))


def single_strata(it: SurveyGround) -> list[str]:
    """Strata with one sampling unit."""
    name, unit = it.column("stratum"), it.column("psu")
    if not name or it.weighs_again:
        return []
    few = it.survey.rows.group_by({name, unit or name}).len()  # each once, before they are made codes
    units = code_of(unit).n_unique() if unit else pl.col("len").sum()
    counted = few.group_by(code_of(name).alias("stratum")).agg(units.alias("units"))
    return sorted(counted.filter(pl.col("units") < 2)["stratum"].drop_nulls().to_list())


def _place(read: str = "", /, **values: str) -> FindingPlace:
    return FindingPlace(read=read[:LONGEST_READ], values=values)
