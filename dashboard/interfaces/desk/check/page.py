"""``/check/``: paste or choose a draft, and see each of its numbers beside ours; nothing of it is kept."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool

from dashboard.answers.base.context import open_context
from dashboard.answers.base.errors import Busy, NotReady
from dashboard.answers.drafts.draft import check_draft
from dashboard.answers.drafts.extraction import DraftRefused
from dashboard.interfaces.api.routes.drafts import MEGABYTES, PLACES, describe_refusal, read_draft, receive_draft
from dashboard.interfaces.desk.frame import language_of, rendered
from dashboard.locales import LANGUAGES, t

router = APIRouter(include_in_schema=False)

HEADERS = {"Cache-Control": "no-store"}


@router.get("/check/")
def show_form(request: Request) -> Response:
    """The form."""
    return _page(request)


@router.post("/check/")
async def check(request: Request) -> Response:
    """The form's text or file, checked."""
    lang = language_of(request, LANGUAGES)
    try:
        ctx = await run_in_threadpool(open_context, lang)
        name, body, text = await receive_draft(request)
        checked: dict[str, Any] = {}

        def make() -> bytes:
            checked.update(check_draft(ctx, read_draft(name, body, text)))
            return b"checked"

        await PLACES.run(request, lambda: None, make)
    except DraftRefused as error:
        return _page(request, 413 if error.key == "too_large" else 422, error=describe_refusal(error, lang))
    except (Busy, NotReady) as error:
        return _page(request, 429 if isinstance(error, Busy) else 503, error=t("drafts.refused.busy", lang))
    return _page(request, checked=checked)


def _page(request: Request, status: int = 200, **values: Any) -> Response:
    lang = language_of(request, LANGUAGES)
    others = [(code, language.endonym) for code, language in LANGUAGES.items() if code != lang]
    shown = {"checked": None, "size": MEGABYTES, "languages": others, "robots": "index"} | values
    wait = {"Retry-After": "10"} if status in (429, 503) else {}
    return HTMLResponse(rendered("check.html", lang, "/check/", **shown), status, HEADERS | wait)
