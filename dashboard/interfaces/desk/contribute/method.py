"""``/contribute/{number}/method``: how the figures were made, said once for all indicators, and apart for each."""

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from dashboard.accounts.model import Principal, Right
from dashboard.contributions.submissions import intake, workflow
from dashboard.contributions.submissions.kinds.registry import kind_of
from dashboard.contributions.submissions.methods.earlier import ANEW, find_earlier
from dashboard.contributions.submissions.methods.resolving import evidence_level
from dashboard.contributions.submissions.model import (
    LONGEST_METHOD,
    METHOD_CHOICES,
    METHOD_FIELDS,
    NOT_SUBMITTED,
    SAME,
    MoveNotAllowed,
    Submission,
)
from dashboard.contributions.submissions.workbooks.words import answer_text, method_words, subject_text
from dashboard.evidence.codebook import load_codebook
from dashboard.interfaces.api.parameters import RowNumber
from dashboard.interfaces.desk.page import page, went
from dashboard.interfaces.desk.submissions import PageRequest, Posted, line
from dashboard.locales import t

router = APIRouter(include_in_schema=False)


def may_say(by: Principal, submission: Submission) -> bool:
    """Whether somebody says how the figures of a submission were made: a contributor, until it is submitted."""
    return by.may(Right.SUBMIT) and kind_of(submission).is_typed and submission.state in NOT_SUBMITTED


def summary(submission: Submission, lang: str) -> list[tuple[str, str, str]]:
    """Each indicator whose figures were made otherwise than all: name, way, evidence level."""
    return [
        (
            subject_text(indicator, lang),
            answer_text("method", answers.get("method", ""), lang),
            t("submissions.detail.level", lang, level=str(evidence_level(answers))),
        )
        for indicator, answers in sorted(submission.methods.items())
    ]


@router.get("/contribute/{number}/method")
def method(by: PageRequest, number: RowNumber) -> Response:
    """What is said so far, to change while it is not submitted; what was said last time, to confirm."""
    ask, principal = by
    submission = workflow.see(ask.settings, principal, number)
    writes, lang = may_say(principal, submission), ask.lang
    sent = intake.list_indicators(ask.settings, principal, number)
    last = find_earlier(ask.settings, submission) if writes else None
    return page(
        ask,
        "method.html",
        one=line(submission, lang),
        number=number,
        writes=writes,
        whole=list_fields("method", submission.method, lang),
        told=method_words(submission.method, lang),
        apart=[
            {
                "id": indicator,
                "name": subject_text(indicator, lang),
                "same": indicator not in submission.methods,
                "fields": list_fields(f"method.{indicator}", submission.methods.get(indicator, {}), lang),
                "told": method_words(submission.methods.get(indicator, {}), lang),
            }
            for indicator in sent
        ],
        last=_proposal(last, sent, lang) if last else None,
        longest=LONGEST_METHOD,
    )


@router.post("/contribute/{number}/method")
def say(by: Posted, number: RowNumber) -> Response:
    """Keep what is said, or that it is as last time, and check the file again."""
    ask, principal = by
    book, address = load_codebook(), ask.browser.address
    if ask.field("confirm"):
        stated = intake.stated({f"method.{name}": ask.whole(f"method.{name}") for name in ANEW})
        intake.confirm_method(ask.settings, book, principal, number, stated, address)
        return went(ask, f"/contribute/{number}", done="method_confirmed")
    submission = workflow.see(ask.settings, principal, number)
    stated = intake.stated(_said(ask.fields, intake.list_indicators(ask.settings, principal, number), submission))
    intake.set_method(ask.settings, book, principal, number, stated, address)
    return went(ask, f"/contribute/{number}", done="method")


def _said(fields: Mapping[str, str], sent: list[str], submission: Submission) -> dict[str, str]:
    """The fields of the form that hold: of an indicator that is ticked as all none, whatever stands in them."""
    answers = {f"method.{name}": fields.get(f"method.{name}", "") for name in METHOD_FIELDS}
    for indicator in sent:
        own = {name: fields.get(name, "") for name in (f"method.{indicator}.{field}" for field in METHOD_FIELDS)}
        if not fields.get(f"same.{indicator}"):
            answers |= own
        elif indicator in submission.methods:
            answers[f"method.{indicator}.{SAME}"] = "yes"
    if not any(words.strip() for words in answers.values()):
        raise MoveNotAllowed("method_empty", "Say how the figures were made before you save.")
    return answers


def list_fields(
    prefix: str, answers: Mapping[str, str], lang: str, names: Iterable[str] = METHOD_FIELDS
) -> list[dict[str, Any]]:
    """The fields of a form, each with what is said already; those of a list with its choices."""
    return [
        {
            "name": f"{prefix}.{name}",
            "label": t(f"submissions.method.{name}", lang),
            "said": answers.get(name, ""),
            "choices": [(code, answer_text(name, code, lang)) for code in METHOD_CHOICES.get(name, ())],
        }
        for name in names
    ]


def _proposal(last: Submission, sent: list[str], lang: str) -> dict[str, Any]:
    """What was said last time, without what is asked anew."""

    def told(answers: Mapping[str, str]) -> list[tuple[str, str]]:
        return method_words({name: words for name, words in answers.items() if name not in ANEW}, lang)

    return {
        "number": last.id,
        "period": last.period,
        "told": told(last.method),
        "apart": [
            (subject_text(indicator, lang), told(last.methods[indicator]))
            for indicator in sent
            if indicator in last.methods
        ],
        "anew": [(f"method.{name}", t(f"submissions.method.{name}", lang)) for name in ANEW],
    }
