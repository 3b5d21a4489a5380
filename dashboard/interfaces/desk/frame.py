"""Pages written by the server: one frame, the product's own style sheets, no script.

``rendered(template, lang, here, …)`` for all of them; ``public(…)`` for those that everybody may read: they set no
cookie, know nobody, and are kept by browsers until what they say has changed.
"""

import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from babel.core import negotiate_locale
from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from dashboard.answers.wording.citation import build_public_address
from dashboard.locales import DESK_LANGUAGES, LANGUAGES, Language
from dashboard.runtime.templates import render
from dashboard.settings import settings

PUBLIC_FIELDS = 20
"""Fields of a form that everybody may send."""


def rendered(template: str, lang: str, here: str, **values: Any) -> str:
    """A page as HTML.

    Args:
        template: its file in ``templates``, of all desks or of one.
        lang: its language.
        here: the path of its address, which stays when the language is changed.
        values: what it says, and what differs from a page that nobody is logged in to.
    """
    texts = {
        "languages": list_languages(DESK_LANGUAGES, lang),
        "endonym": DESK_LANGUAGES[lang].endonym,
        "here": here,
        "get": True,
        "kept": "",
        "training": settings().training,
        "principal": None,
        "error": "",
        "done": "",
        "translated": "",  # path below the language, where the language is part of the path
    }
    return render(template, lang, **(texts | values))


def public(request: Request, template: str, lang: str, status: int = 200, **values: Any) -> Response:
    """A page for everybody; 304 where the browser has it as it is."""
    own: dict[str, Any] = {"robots": "noindex", "languages": list_languages(LANGUAGES, lang)}
    if status == 200:
        own |= {"robots": "index", "canonical": build_public_address(request.url.path)}
    body = rendered(template, lang, request.url.path, **(own | values))
    tag = f'"{hashlib.sha256(body.encode()).hexdigest()}"'
    headers = {"ETag": tag, "Cache-Control": "public, max-age=0, must-revalidate"}
    if status == 200 and tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return HTMLResponse(body, status, headers)


def absent(request: Request, lang: str, message: str, title: str, to: str) -> Response:
    """A page for everybody that says that there is no such thing; ``to`` leads on, in the words of the title."""
    return public(request, "refused.html", lang, 404, told=message, title=title, onward=(to, title), removed=())


async def read_form(request: Request, most: int) -> dict[str, str] | None:
    """The fields of a public form; none where there are more than any has, None where it has more bytes than ``most``,
    of which no more than that are read."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most:
            return None
    try:
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=PUBLIC_FIELDS))
    except ValueError:
        return {}


def list_languages(spoken: Mapping[str, Language], lang: str) -> list[tuple[str, str]]:
    """The other languages of a page, by code and own name."""
    return [(code, language.endonym) for code, language in spoken.items() if code != lang]


def language_of(request: Request, spoken: Mapping[str, Language] = DESK_LANGUAGES) -> str:
    """The language asked for in the address, else the one the browser likes best, else English; public pages have
    fewer than desks."""
    wished = request.query_params.get("lang", "")
    if wished in spoken:
        return wished
    wishes = [part.split(";")[0].strip() for part in request.headers.get("accept-language", "").split(",")]
    lang = negotiate_locale([wish for wish in wishes if wish], list(spoken), sep="-")
    return lang or "en"
