"""``/{lang}/services/<country>/<centre>/``: the page of one centre."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from dashboard.answers.country_services import show_centre
from dashboard.evidence.codebook import load_codebook
from dashboard.interfaces.desk.frame import absent, public
from dashboard.locales import LANGUAGES, t

router = APIRouter(include_in_schema=False)

Lang = Annotated[str, Path(max_length=2)]
Code = Annotated[str, Path(max_length=64)]


@router.get("/{lang}/services/{iso3}/{code}/")
def page(request: Request, lang: Lang, iso3: str, code: Code) -> Response:
    """One centre: its figures, month by month."""
    if lang not in LANGUAGES:
        return absent(request, "en", t("ui.errors.page", "en"), t("delivery.page.heading", "en"), "/en/services/")
    found = show_centre(iso3, code, lang)
    if found is None:
        country = f"{iso3}/" if iso3 in load_codebook().countries else ""
        message, title = t("delivery.centre.absent", lang), t("delivery.page.heading", lang)
        return absent(request, lang, message, title, f"/{lang}/services/{country}")
    view, heard = found
    return public(request, "centre.html", lang, view=view, heard=heard, translated=f"/services/{view['iso3']}/{code}/")
