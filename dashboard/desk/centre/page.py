"""``/{lang}/services/<country>/<centre>/``: the page of one centre."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from dashboard.codebook import load_codebook
from dashboard.country_services import show_centre
from dashboard.desk.frame import public
from dashboard.locales import LANGUAGES, t

router = APIRouter(include_in_schema=False)

Lang = Annotated[str, Path(max_length=2)]
Code = Annotated[str, Path(max_length=64)]


@router.get("/{lang}/services/{iso3}/{code}/")
def page(request: Request, lang: Lang, iso3: str, code: Code) -> Response:
    """One centre: its figures, month by month."""
    if lang not in LANGUAGES:
        return public(request, "centre_absent.html", "en", 404, told=t("ui.errors.page", "en"), iso3="")
    found = show_centre(iso3, code, lang)
    if found is None:
        known = iso3 if iso3 in load_codebook().countries else ""
        return public(request, "centre_absent.html", lang, 404, told=t("delivery.centre.absent", lang), iso3=known)
    view, heard = found
    return public(request, "centre.html", lang, view=view, heard=heard, translated=f"/services/{view['iso3']}/{code}/")
