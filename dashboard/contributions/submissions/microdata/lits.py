"""Life in Transition Survey: shares on official documents by country, from the file that an operator has downloaded.

The European Bank for Reconstruction and Development publishes one file a round, a row a respondent. Its design columns
are declared in ``lits.toml``; which columns hold the questions on documents the operator says, and the file's own label
of the column must speak of documents. The question is the survey's own, not that of SDG 16.6.2 or 16.5.1.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import polars as pl

from dashboard.analysis.measures.surveys.linearised import estimate_shares
from dashboard.analysis.measures.surveys.survey import Design, Estimate
from dashboard.contributions.submissions.microdata.estimates import places
from dashboard.contributions.submissions.microdata.files import Survey
from dashboard.contributions.submissions.microdata.model import THRESHOLD, SurveyColumn
from dashboard.contributions.submissions.microdata.recode import LEVELS, NONE, codes_in, coding, replaced
from dashboard.contributions.submissions.microdata.results import LEVEL, EstimatedResult
from dashboard.contributions.submissions.model import UploadRefused
from dashboard.contributions.submissions.rules.survey import read_numbers

ORGANISATION = "European Bank for Reconstruction and Development, with the World Bank"
URL = "https://www.ebrd.com/what-we-do/economic-research-and-data/data/lits.html"
COMPARE = (
    "The survey's own question, not that of SDG 16.6.2 or 16.5.1; never joined with another survey or another round."
)

Question = Literal["satisfied", "paid", "used"]
_SCALES: Mapping[Question, str] = {"satisfied": "satisfied", "paid": "yes_no", "used": "yes_no"}
_TOPICS: Mapping[Question, str] = {"paid": "bribe_documents", "satisfied": "satisfaction"}
_LEAST: Mapping[Question, int] = {"satisfied": LEVELS["satisfied"] - 2, "paid": 1}
"""Lowest level that counts: satisfied or very satisfied; yes."""


@dataclass(frozen=True, slots=True)
class Round:
    """Where a file of one round says country, weight and sampling unit."""

    survey: str
    year: int
    start: str
    end: str
    country: str
    weight: str
    psu: str
    cautions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RoundResults:
    """Results of a file, and why a share of a country is not among them (country, question, answers)."""

    results: tuple[EstimatedResult, ...]
    too_few: tuple[tuple[str, Question, int], ...]


@cache
def load_rounds() -> Mapping[str, Round]:
    """Return the rounds whose layout is declared."""
    return {name: Round(**table) for name, table in _read_layout().items() if name != "countries"}


def list_questions(survey: Survey) -> list[SurveyColumn]:
    """Return the columns whose label speaks of documents, for an operator to choose from."""
    return [column for column in survey.columns.values() if _speaks_of_documents(column)]


def estimate_round(
    survey: Survey, survey_round: str, columns: Mapping[Question, str], *, psu: str = "", no_answer: Sequence[str] = (),
    sha256: str = "",
) -> RoundResults:  # fmt: skip
    """Estimate the shares that the columns allow in each of the declared countries.

    Args:
        survey: the file as read, with its labels.
        survey_round: a name of ``load_rounds``.
        columns: question → column: ``used``, whose *yes* makes a person count, and one or both of the others.
        psu: the column of sampling units, where the layout declares none.
        no_answer: codes that are no answer though no label says so.
        sha256: of the file, printed with every result.

    Raises:
        UploadRefused: a column is missing (``columns``), is not labelled as a question on documents (``question``), has
            answers nobody knows (``labels``), or rows have no weight or unit (``design``); or no country is known.
    """
    layout = load_rounds()[survey_round]
    psu = psu or layout.psu
    if "used" not in columns:
        raise UploadRefused("columns", "A share needs the column of those who used the service: used.")
    _find_columns(survey, [layout.country, layout.weight, *([psu] if psu else []), *columns.values()])
    rows = _prepare(survey, layout, psu, columns, no_answer)
    results: list[EstimatedResult] = []
    too_few: list[tuple[str, Question, int]] = []
    for iso3 in sorted(set(rows["country"].drop_nulls())):
        people = rows.filter(pl.col("country") == iso3)
        for question in _TOPICS:
            if question not in columns:
                continue
            estimate, n = _estimate(people, question, "psu" if psu else "")
            if estimate is None or n < THRESHOLD:
                too_few.append((iso3, question, n))
                continue
            results.append(
                EstimatedResult(
                    round=survey_round,
                    survey=layout.survey,
                    organisation=ORGANISATION,
                    country=iso3,
                    topic=_TOPICS[question],
                    question=survey.columns[columns[question]].label,
                    population=_describe_population(question, survey.columns[columns["used"]].label),
                    year=layout.year,
                    **_write_share(estimate, n, clustered=bool(psu)),
                    n=n,
                    fieldwork_start=layout.start,
                    fieldwork_end=layout.end,
                    compare=" ".join(filter(None, (COMPARE, layout.cautions.get(iso3)))),
                    terms=_describe_terms(columns, sha256),
                    url=URL,
                )
            )
    return RoundResults(tuple(results), tuple(too_few))


def _prepare(
    survey: Survey, layout: Round, psu: str, columns: Mapping[Question, str], no_answer: Sequence[str]
) -> pl.DataFrame:
    """Country, weight, sampling unit and levels of answers of the rows in declared countries."""
    answers = survey.rows
    codes = codes_in(answers[layout.country]).drop_nulls()
    labels = survey.columns[layout.country].labels
    declared = _read_layout()["countries"]
    named = {code: declared.get(labels.get(code, code).strip().casefold()) for code in codes}
    known = {code: iso3 for code, iso3 in named.items() if iso3}
    if not known:
        there = ", ".join(sorted(labels.get(code, code) for code in codes)[:40])
        raise UploadRefused("countries", f"Column {layout.country} names no country of lits.toml. It has: {there}.")
    made = {
        "country": replaced(answers[layout.country], known, pl.String),
        "weight": read_numbers(answers, layout.weight),
    }
    if psu:
        units = codes_in(answers[psu]).drop_nulls().unique().sort()
        made["psu"] = replaced(answers[psu], dict(zip(units, range(len(units)), strict=True)))
    for question, name in columns.items():
        made[question] = _read_levels(survey, name, question, tuple(no_answer))
    rows = pl.DataFrame(made).filter(pl.col("country").is_not_null())
    bad = rows["weight"].is_null() | rows["weight"].is_nan() | (rows["weight"] <= 0)
    if bad.any() or (psu and rows["psu"].has_nulls()):
        raise UploadRefused("design", f"Rows have no weight ({layout.weight}) or no sampling unit ({psu}).")
    return rows


def _read_levels(survey: Survey, name: str, question: Question, no_answer: tuple[str, ...]) -> pl.Series:
    column = survey.columns[name]
    if not _speaks_of_documents(column):
        labelled = f"labelled “{column.label}”" if column.label else "without a label"
        raise UploadRefused(
            "question", f"Column {name} is {labelled}: only one whose label speaks of documents is taken. Use the .dta."
        )
    means = coding(column, codes_in(survey.rows[name]), _SCALES[question], (), no_answer)
    if means.unknown or means.unknown_answers or means.unlabelled:
        words = ", ".join(means.unknown) or "codes without a label"
        raise UploadRefused("labels", f"Column {name}, {question}: not known are {words}. Nothing was estimated.")
    levels = {code: level for code, level in means.levels.items() if level != NONE}
    return replaced(survey.rows[name], levels, pl.Int8)


def _estimate(people: pl.DataFrame, question: Question, psu: str) -> tuple[Estimate | None, int]:
    """Return share of valid answers that count, and how many are valid."""
    counts = pl.when(pl.col("used") == 1).then(pl.col(question) >= _LEAST[question])
    n = int(people.select(counts.is_not_null().sum()).item())
    made = estimate_shares(people.lazy(), {question: counts}, {question: [question]}, Design("weight", psu=psu))
    return made[None][question], n


def _write_share(estimate: Estimate, n: int, *, clustered: bool) -> dict[str, str]:
    """Value and bounds in per cent; no bounds where people of one unit are not known to be of one unit."""
    shares: list[float | None] = [estimate.value, None, None]
    if clustered and estimate.df > 0:
        shares[1:] = estimate.estimate_interval(level=LEVEL)
    told = ["" if share is None else f"{100 * share:.{places(n)}f}" for share in shares]
    return dict(zip(("value", "lower", "upper"), told, strict=True))


def _describe_population(question: Question, used: str) -> str:
    counted = "satisfied or very satisfied" if question == "satisfied" else "yes"
    return f"{counted}, of the adults who said yes to “{used}”"


def _describe_terms(columns: Mapping[Question, str], sha256: str) -> str:
    names = ", ".join(f"{question} = {name}" for question, name in columns.items())
    file = f", SHA-256 {sha256}" if sha256 else ""
    return (
        f"Estimated on this site from the microdata ({names}{file}); publisher's terms, accepted by the operator: the "
        "answers are not passed on"
    )


def _speaks_of_documents(column: SurveyColumn) -> bool:
    return "document" in column.label.casefold()


def _find_columns(survey: Survey, names: Sequence[str]) -> None:
    if missing := [name for name in names if name not in survey.columns]:
        raise UploadRefused(
            "columns", f"The file has no column {', '.join(missing)}: it is of another round or edited."
        )


@cache
def _read_layout() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("lits.toml").read_text(encoding="utf-8"))
