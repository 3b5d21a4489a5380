"""Pages of the desks as HTML: one frame, the product's own style sheets, no script."""

import logging
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from fastapi.responses import HTMLResponse, RedirectResponse, Response

from dashboard.accounts import oidc, sessions
from dashboard.accounts.model import AccountError, Impossible, Right, TooMany
from dashboard.accounts.sessions import Cookie
from dashboard.interfaces.api.access import get_status
from dashboard.interfaces.desk.frame import rendered
from dashboard.interfaces.desk.guard import BrowserRequest, By, Elsewhere, pages_for
from dashboard.locales import DESK_LANGUAGES, has, t

log = logging.getLogger(__name__)

PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "strict-origin", "X-Robots-Tag": "noindex"}
"""Nothing of these pages is kept, and no link's token leaves with the address, not even to our own log.

``no-referrer`` would say less, but browsers then send forms with ``Origin: null``, as another site would.
"""

AREAS = ("accounts", "submissions", "offices", "officers", "actions", "pull", "grid")
"""Catalogues that say what came of a form (``<area>.done.<name>``); no two have the same name."""


def page(
    ask: BrowserRequest, template: str, status: int = 200, *, error: AccountError | None = None,
    cookies: Iterable[Cookie] = (), **values: Any,
) -> Response:  # fmt: skip
    """A page of this room; ``error`` is said at its top."""
    form, fresh = sessions.ensure_form_cookie(ask.settings, ask.browser.cookie_header)
    header = ask.browser.cookie_header
    body = rendered(
        template,
        ask.lang,
        ask.path,
        **{
            "get": not ask.fields,
            "kept": _query_kept_over(ask),
            "training": ask.settings.training,
            "principal": ask.principal,
            "form_token": sessions.make_form_token(ask.settings, header, form),
            "error": words(error, ask.lang) if error else "",
            "done": _done_text(ask),
            "oidc": oidc.is_configured(ask.settings),
            "oidc_label": ask.settings.accounts.oidc.label,
            "endonyms": [(code, language.endonym) for code, language in DESK_LANGUAGES.items()],
            "passwords": ask.settings.accounts.passwords,
            **values,
        },
    )
    response = HTMLResponse(body, get_status(error) if error and status == 200 else status, PRIVATE)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.seconds)
    return with_cookies(response, [*([fresh] if fresh else []), *cookies])


def pages_only_for(right: Right, error: AccountError) -> tuple[Callable[..., By], Callable[..., By]]:
    """Dependencies of a page and of a form that only those with this right may open; others are told why not."""
    return pages_for(lambda ask: page(ask, "message.html", 403, error=error), right)


def refuse(
    ask: BrowserRequest, status: int, message: str, title: str, onward: tuple[str, str], **values: Any
) -> Response:
    """A page that says why not; ``onward`` is the address that leads on, and its words."""
    way = f"{onward[0]}?lang={ask.lang}", onward[1]
    return page(ask, "refused.html", status, told=message, title=title, onward=way, **({"removed": ()} | values))


def went(ask: BrowserRequest, to: str, *cookies: Cookie, done: str = "") -> Response:
    """On to another page of ours after a form was taken; ``done`` names what is said there."""
    query = urlencode({"lang": ask.lang} | ({"done": done} if done else {}))
    mark = "&" if "?" in to else "?"
    return with_cookies(RedirectResponse(f"{to}{mark}{query}", 303, PRIVATE), cookies)


def failed(ask: BrowserRequest, error: AccountError) -> Response:
    """What went wrong with an account; what is ours to mend is in the log."""
    status = get_status(error)
    if status >= 500:
        log.error("%s: %s", ask.path, error)
    return page(ask, "message.html", status, error=error)


def elsewhere(error: Elsewhere) -> Response:
    """To the login and back here afterwards, or why this page is not theirs."""
    ask = error.ask
    if ask.principal is None:
        return went(ask, f"/account/login?{urlencode({'next': error.back}, safe='/')}")
    if ask.principal.waits:
        waiting = Impossible("A reviewer of the programme has to confirm this account first", "waits")
        return page(ask, "message.html", 403, error=waiting)
    return error.refused(ask)


def with_cookies(response: Response, cookies: Iterable[Cookie]) -> Response:
    """The answer with these cookies set or removed."""
    for cookie in cookies:
        response.set_cookie(
            cookie.name,
            cookie.value,
            max_age=cookie.seconds,
            path="/",
            secure=cookie.secure,
            httponly=True,
            samesite="lax",
        )
    return response


def words(error: AccountError, lang: str) -> str:
    """What a reader is told of an error."""
    key = f"accounts.errors.{error.key}"
    return t(key, lang, **error.values) if error.key and has(key) else t("accounts.errors.other", lang)


def _done_text(ask: BrowserRequest) -> str:
    """What is said of the form that was taken before this page."""
    keys = (f"{area}.done.{ask.query.get('done', '')}" for area in AREAS)
    return next((t(key, ask.lang) for key in keys if has(key)), "")


def _query_kept_over(ask: BrowserRequest) -> str:
    """What of the address stays when the language is changed: never a token."""
    names = ("next", "page", "subject", "period", "intent", "country", "state")
    return urlencode({name: ask.query[name] for name in names if name in ask.query})
