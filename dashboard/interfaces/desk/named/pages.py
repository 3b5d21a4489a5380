"""Pages of a publisher's series, of a vintage and of one figure, by identifiers that never change."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import RedirectResponse, Response

from dashboard.answers.base.context import open_context
from dashboard.answers.base.errors import Unknown
from dashboard.answers.permalinks.series import find_present_code, view_series_page
from dashboard.answers.permalinks.views import Permalink
from dashboard.answers.permalinks.vintages import view_vintage_page
from dashboard.answers.revisions.provenance import find_observation, trace_observation
from dashboard.answers.site.brief import describe_observation, write_linked_data
from dashboard.answers.wording.addresses import locate_figure, locate_series, locate_vintage
from dashboard.interfaces.desk.frame import absent, public
from dashboard.locales import LANGUAGES, t

router = APIRouter(include_in_schema=False)

Lang = Annotated[str, Path(max_length=2)]
Name = Annotated[str, Path(max_length=80)]
Code = Annotated[str, Path(max_length=200)]


@router.get("/{lang}/series/{source}/{code:path}")
def show_series(request: Request, lang: Lang, source: Name, code: Code) -> Response:
    """One series; a code that the publisher has given up leads to the present one."""
    code = code.rstrip("/")
    present = find_present_code(source, code)
    if lang in LANGUAGES and present and (present != code or not request.url.path.endswith("/")):
        return RedirectResponse(locate_series(lang, source, present), 308)
    view = view_series_page(open_context(lang), source, code) if lang in LANGUAGES and present else None
    return _show(request, lang, view, "series", "sources")


@router.get("/{lang}/vintages/{number}/")
@router.get("/{lang}/vintages/{number}")
def show_vintage(request: Request, lang: Lang, number: Name) -> Response:
    """One vintage of the dataset."""
    valid = lang in LANGUAGES and number.isascii() and number.isdecimal() and len(number) < 7
    if valid and not request.url.path.endswith("/"):
        return RedirectResponse(locate_vintage(lang, int(number)), 308)
    view = view_vintage_page(open_context(lang), int(number)) if valid else None
    return _show(request, lang, view, "vintage", "changes")


@router.get("/{lang}/figures/{observation}/")
@router.get("/{lang}/figures/{observation}")
def show_figure(request: Request, lang: Lang, observation: Name) -> Response:
    """One figure, in force or superseded: the way back to what was received."""
    if lang not in LANGUAGES:
        return _show(request, lang, None, "figure", "indicators")
    if not request.url.path.endswith("/"):
        return RedirectResponse(locate_figure(lang, observation), 308)
    ctx = open_context(lang)
    try:
        view, row = trace_observation(ctx, observation), find_observation(ctx, observation)
    except Unknown:
        return _show(request, lang, None, "figure", "indicators")
    path, linked = f"/figures/{view['id']}/", write_linked_data(describe_observation(ctx, row))
    return public(request, "figure.html", lang, view=view, translated=path, linked=linked)


def _show(request: Request, lang: str, view: Permalink | None, kind: str, onward: str) -> Response:
    if view is None or lang not in LANGUAGES:
        lang = lang if lang in LANGUAGES else "en"
        message, title = t(f"stable.{kind}.absent", lang), t(f"ui.nav.{onward}", lang)
        return absent(request, lang, message, title, f"/{lang}/{onward}/")
    linked = write_linked_data(view["data"])
    return public(request, "named.html", lang, view=view, translated=view["path"], linked=linked)
