"""A brief of chosen countries, indicators and parts as PDF, XLSX and PPTX."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from pydantic import Field

from dashboard.analysis.reports.forms import Form
from dashboard.answers.reports import query as ask
from dashboard.answers.reports.files import read_file
from dashboard.interfaces.api.answers import PDF, PPTX, XLSX, answer
from dashboard.interfaces.api.parameters import COUNTRY, INDICATOR, Codes, Countries, Question
from dashboard.interfaces.api.routes.read import FAULTS, open_question
from dashboard.interfaces.protection.admission import WorkPlaces

router = APIRouter()

MEDIA = {"pdf": PDF, "xlsx": XLSX, "pptx": PPTX}
ANSWERS: dict[int | str, dict[str, Any]] = {
    **FAULTS,
    200: {
        "content": {media: {} for media in MEDIA.values()},
        "description": "Equal addresses of one version, equal bytes.",
    },
}
_setting = WorkPlaces(1, counted=True)
"""Made one at a time: with twenty charts it takes some seconds of a processor."""


class OwnBriefQuestion(Question):
    """The contents of a brief."""

    country: Countries = Field(description=COUNTRY + " Up to twelve.")
    indicator: Codes = Field(description=INDICATOR + " Up to twenty.")
    part: Codes = Field(
        default_factory=list, description=f"Parts, of {', '.join(ask.PARTS)}; without one all.", max_length=9
    )


@router.get("/brief.{form}", summary="A brief of one's own", response_class=Response, responses=ANSWERS)
async def download_brief(
    request: Request,
    form: Annotated[Form, Path(description="`pdf`, `xlsx` or `pptx`.", examples=["pptx"])],
    question: Annotated[OwnBriefQuestion, Query()],
) -> Response:
    """The latest figures of the countries with edition and source or the reason why there is none, charts, adoption.

    Slides have native text and tables, and a picture for each chart with its source and alternative text.
    """
    ctx = await open_question(question)
    query = ask.ask_own(ctx, question.country, question.indicator, question.part, str(request.base_url))
    return await answer(
        request,
        ctx,
        ("own", query.countries, query.indicators, query.parts, query.base, form),
        lambda: read_file(query, form),
        MEDIA[form],
        query.filename(form),
        save=form != "pdf",
        admission=_setting,
    )
