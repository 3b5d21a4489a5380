"""What must hold of a mapped survey: one function a rule, all of them run, every finding at once.

A finding names columns and the labels of the file's own lists, never a value of a row: it outlives the file. Its words
are in the catalogue ``survey`` under ``rule.<id>``.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from dashboard.submissions.microdata.files import Survey
from dashboard.submissions.microdata.model import (
    BLOCKS,
    CODED,
    THRESHOLD,
    is_column,
    mapped_blocks,
    stated_codes,
)
from dashboard.submissions.microdata.recode import LEVELS, Coding, code_of, codes_in, coding
from dashboard.submissions.model import SEVERITIES, Finding, Severity

MOST_REGIONS = 60
MOST_NAMED = 20


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
        values = self.survey.rows[self.column(field)]
        if values.dtype.is_numeric():
            return values.cast(pl.Float64)
        return self.survey.rows.select(code_of(values.name).cast(pl.Float64, strict=False)).to_series()


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


def columns_unknown(it: SurveyGround) -> Iterator[Finding]:
    """A mapped column that the file does not have."""
    for field, name in it.mapping.items():
        if is_column(field) and name and name not in it.survey.columns:
            yield _finding("survey_column_unknown", "error", name)


def column_twice(it: SurveyGround) -> Iterator[Finding]:
    """One column for two questions."""
    used = Counter(it.mapping[field] for field in it.mapping if field.startswith("item.") and it.mapping[field])
    for name, count in used.items():
        if count > 1:
            yield _finding("survey_column_twice", "error", name)


def blocks(it: SurveyGround) -> Iterator[Finding]:
    """No block of questions, or one of which only some are mapped."""
    if not mapped_blocks(it.mapping):
        yield _finding("survey_no_block", "error")
    for block in BLOCKS.values():
        given = [item for item in block.items if it.mapping.get(f"item.{block.id}.{item}")]
        if given and len(given) < len(block.items):
            missing = ", ".join(item for item in block.items if item not in given)
            yield _finding("survey_block_incomplete", "error", "", block=block.id, missing=missing)


def weight(it: SurveyGround) -> Iterator[Finding]:
    """No weight, or rows without one."""
    name = it.column("weight")
    if not name:
        yield _finding("survey_weight_missing", "error")
        return
    weights = it.numbers("weight")
    if weights.is_null().any() or weights.is_nan().any() or (weights < 0).any() or not (weights > 0).any():
        yield _finding("survey_weight_bad", "error", name)


def design(it: SurveyGround) -> Iterator[Finding]:
    """Nothing said of strata and sampling units, or rows without theirs."""
    if not it.column("stratum") and not it.column("psu"):
        yield _finding("survey_design_missing", "warning")
    for field in ("stratum", "psu"):
        if (name := it.column(field)) and codes_in(it.survey.rows[name]).has_nulls():
            yield _finding("survey_design_empty", "error", name)
    if name := it.column("population"):
        sizes = it.numbers("population")
        if sizes.is_null().any() or not (sizes >= 1).all():
            yield _finding("survey_population_bad", "error", name)


def single_psu(it: SurveyGround) -> Iterator[Finding]:
    """Strata in which no error can be seen, and what was chosen for them."""
    alone = single_strata(it)
    if alone:
        rule = it.mapping.get("single_psu") or "refuse"
        refused = rule == "refuse"
        name = "survey_single_psu" if refused else "survey_single_psu_choice"
        yield _finding(name, "error" if refused else "warning", count=str(len(alone)), choice=rule)


def labels(it: SurveyGround) -> Iterator[Finding]:
    """Labels that nobody knows, codes without a label, and a scale that was taken to be the United Nations' own."""
    for field, one in it.codings.items():
        name = it.column(field)
        if one.unknown:
            shown = ", ".join(one.unknown[:MOST_NAMED])
            yield _finding("survey_label_unknown", "error", name, labels=shown)
        if one.unknown_answers:
            yield _finding("survey_answer_unknown", "error", name, count=str(one.unknown_answers))
        if one.unlabelled:
            yield _finding("survey_code_unlabelled", "error", name)
        if one.assumed:
            yield _finding("survey_scale_assumed", "warning", name)


def codes_stated(it: SurveyGround) -> Iterator[Finding]:
    """Codes stated by hand that are not as many as their scale has levels, or twice the same."""
    for name in CODED:
        codes = stated_codes(it.mapping, name)
        levels = LEVELS[BLOCKS[name].scale if name in BLOCKS else name]
        if codes and (len(codes) != levels or len(set(codes)) != levels):
            yield _finding("survey_codes_wrong", "error", " ".join(codes), levels=str(levels))


def groups(it: SurveyGround) -> Iterator[Finding]:
    """Ages that are none, quintiles that are none, too many regions."""
    if name := it.column("group.age"):
        ages, given = it.numbers("group.age"), it.survey.rows[name].is_not_null()
        if ((ages.is_null() | (ages < 18) | (ages > 120)) & given).any():
            yield _finding("survey_age", "warning", name)
    if name := it.column("group.income"):
        levels = it.numbers("group.income").drop_nulls()
        if not levels.is_in([1.0, 2.0, 3.0, 4.0, 5.0]).all() or not levels.len():
            yield _finding("survey_income", "warning", name)
    if name := it.column("group.region"):
        count = codes_in(it.survey.rows[name]).n_unique()
        if count > MOST_REGIONS:
            yield _finding("survey_regions", "error", name, most=str(MOST_REGIONS))


def size(it: SurveyGround) -> Iterator[Finding]:
    """Fewer respondents than anything may be told of."""
    if it.survey.rows.height < THRESHOLD:
        yield _finding("survey_few", "error", least=str(THRESHOLD))


def method(it: SurveyGround) -> Iterator[Finding]:
    """What readers need to know of the survey and nobody has said."""
    for name in ("who", "population", "period_of_work"):
        if not it.mapping.get(f"method.{name}", "").strip():
            yield _finding("method_field", "warning", field=name)


RULES: tuple[Callable[[SurveyGround], Iterator[Finding]], ...] = (
    size, blocks, columns_unknown, column_twice, weight, design, single_psu, codes_stated, labels, groups, method,
)  # fmt: skip


def check(it: SurveyGround) -> list[Finding]:
    """Every finding of a mapped survey, errors first."""
    findings = [finding for rule in RULES for finding in rule(it)]
    return sorted(findings, key=lambda one: (SEVERITIES.index(one.severity), one.rule, one.read))


def single_strata(it: SurveyGround) -> list[str]:
    """Strata with one sampling unit."""
    name, unit = it.column("stratum"), it.column("psu")
    if not name:
        return []
    few = it.survey.rows.group_by({name, unit or name}).len()  # each once, before they are made codes
    units = code_of(unit).n_unique() if unit else pl.col("len").sum()
    counted = few.group_by(code_of(name).alias("stratum")).agg(units.alias("units"))
    return sorted(counted.filter(pl.col("units") < 2)["stratum"].drop_nulls().to_list())


def _finding(rule: str, severity: Severity, read: str = "", /, **values: str) -> Finding:
    return Finding(rule, severity, read=read[:300], values=values)
