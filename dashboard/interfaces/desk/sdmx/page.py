"""``/{lang}/sdmx/``: the mapping report of SDMX, with its entry points."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.answers.base.context import open_context
from dashboard.answers.sdmx.report import view_mapping
from dashboard.interfaces.desk.frame import absent, language_of, public
from dashboard.locales import LANGUAGES, t

router = APIRouter(include_in_schema=False)

Lang = Annotated[str, Path(max_length=2)]


@router.get("/sdmx/")
def choose_language(request: Request) -> Response:
    """Lead to the page in the reader's language."""
    return RedirectResponse(f"/{language_of(request, LANGUAGES)}/sdmx/", 307, {"Vary": "Accept-Language"})


@router.get("/{lang}/sdmx/")
@router.get("/{lang}/sdmx")
def show_mapping(request: Request, lang: Lang) -> Response:
    """The report in a language."""
    if lang not in LANGUAGES:
        return absent(request, "en", t("ui.errors.page", "en"), t("sdmx.heading", "en"), "/en/sdmx/")
    if not request.url.path.endswith("/"):
        return RedirectResponse(f"/{lang}/sdmx/", 308)
    return public(request, "sdmx.html", lang, view=view_mapping(open_context(lang)), translated="/sdmx/")
