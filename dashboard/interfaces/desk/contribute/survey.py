"""``/contribute/{number}/survey``: what the columns of a survey are, what came of it, and the end of its file."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from dashboard.accounts.model import Right
from dashboard.contributions.delivery.wording import country_name
from dashboard.contributions.submissions import intake, workflow
from dashboard.contributions.submissions.intake import map_survey
from dashboard.contributions.submissions.kinds.survey import find_survey_file
from dashboard.contributions.submissions.microdata import retention
from dashboard.contributions.submissions.microdata.model import (
    BLOCKS,
    CODED,
    DESIGN,
    GROUPS,
    LONGEST,
    METHOD,
    REPLICATES,
    SINGLE_PSU,
    THRESHOLD,
    fields,
    proposed,
)
from dashboard.evidence.codebook import load_codebook
from dashboard.interfaces.api.parameters import RowNumber
from dashboard.interfaces.desk.page import page, went
from dashboard.interfaces.desk.submissions import PageRequest, Posted
from dashboard.locales import format_number as as_number
from dashboard.locales import t

TESTED = 90.0
"""Level of the limits that were kept of surveys before theirs was kept beside them, in per cent."""

router = APIRouter(include_in_schema=False)

MOST_COLUMNS = 2_000


@router.get("/contribute/{number}/survey")
def survey(by: PageRequest, number: RowNumber) -> Response:
    """The mapping of a survey's columns, unweighted counts, and whether 99 per cent are satisfied."""
    ask, principal = by
    submission = workflow.see(ask.settings, principal, number)
    file = find_survey_file(ask.settings, number)
    lang, results = ask.lang, file.results
    open_ = file.destroyed_at is None and submission.state in ("draft", "checked", "returned")
    if open_ and not file.columns:
        return went(ask, f"/contribute/{number}")  # it could not be read: there is nothing to map, and why stands there
    guess = {} if file.mapping else proposed(str(column["name"]) for column in file.columns[:MOST_COLUMNS])
    return page(
        ask,
        "survey.html",
        found=submission,
        country=country_name(submission.country, lang),
        columns=[_column(column) for column in file.columns[:MOST_COLUMNS]],
        mapping=file.mapping or guess,
        guessed=bool(guess),
        may_map=open_ and principal.may(Right.SUBMIT),
        design=[(name, t(f"survey.design.{name}", lang)) for name in DESIGN],
        choices=[(name, t(f"survey.single_psu.{name}", lang)) for name in SINGLE_PSU],
        replicates=[(name, t(f"survey.replicates.{name}", lang)) for name in REPLICATES],
        blocks=[
            (block.id, t(f"survey.block.{block.id}", lang),
             [(f"item.{block.id}.{item}", t(f"survey.item.{item}", lang)) for item in block.items])
            for block in BLOCKS.values()
        ],
        groups=[(f"group.{group}", t(f"survey.group.{group}", lang)) for group in GROUPS],
        coded=[(f"codes.{name}", t(f"survey.codes.{name}", lang)) for name in (*CODED, "no_answer")],
        method=[(f"method.{name}", t(f"submissions.method.{name}", lang)) for name in METHOD],
        counts=[_count(count, lang) for count in results.get("counts", ())],
        promise=[_promise(result, lang) for result in results.get("promise", ())],
        single=results.get("single_psu", {"strata": 0}),
        least=THRESHOLD,
        destroyed=retention.receipt(file, submission.sha256),
        expires=file.expires_at,
    )  # fmt: skip


@router.post("/contribute/{number}/survey")
def mapped(by: Posted, number: RowNumber) -> Response:
    """Keep the mapping and check again."""
    ask, principal = by
    mapping = {name: ask.field(name, LONGEST) for name in fields()}
    map_survey(ask.settings, principal, number, mapping, ask.browser.address)
    intake.check(ask.settings, load_codebook(), principal, number)
    return went(ask, f"/contribute/{number}/survey", done="check")


def _column(column: dict[str, Any]) -> tuple[str, str]:
    name, label = str(column["name"]), str(column["label"])
    return name, f"{name}: {label}"[:120] if label else name


def _count(counted: dict[str, Any], lang: str) -> dict[str, str]:
    def shown(count: int | None) -> str:
        return t("survey.page.few", lang) if count is None else as_number(count, lang, 0)

    return {
        "block": t(f"survey.block.{counted['block']}", lang),
        "item": t(f"survey.item.{counted['item']}", lang),
        "valid": shown(counted["valid"]),
        "others": shown(counted["others"]),
    }


def _promise(result: dict[str, Any], lang: str) -> dict[str, str]:
    decimals = result.get("decimals", 1)
    return {
        "block": t(f"survey.block.{result['block']}", lang),
        "verdict": t(f"survey.verdict.{result['verdict']}", lang),
        "value": as_number(result["value"], lang, decimals),
        "range": t(
            "submissions.detail.interval",
            lang,
            lower=as_number(result["lower"], lang, decimals),
            upper=as_number(result["upper"], lang, decimals),
            level=as_number(result.get("level", TESTED), lang, 0),
        ),
        "n": as_number(result["n"], lang, 0),
    }
