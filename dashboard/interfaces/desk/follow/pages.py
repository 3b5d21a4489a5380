"""Following a country, an indicator, a claim or a view: plain pages without script or cookie.

Programs that look at mail open every link in it: opening one never confirms and never stops, it shows a page with a
button. Mail programs stop by a POST of their own (RFC 8058), without cookie, from anywhere; it is answered alike for a
link that is known, was used, or is nobody's. The form to ask comes from our own page, with a field people do not see.
"""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool

from dashboard.accounts.model import Impossible
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Invalid, Unknown
from dashboard.evidence.codebook.model import choose_text
from dashboard.interfaces.api.answers import get_public_base
from dashboard.interfaces.api.parameters import Configured
from dashboard.interfaces.desk.frame import absent, language_of, list_languages, read_form, rendered
from dashboard.interfaces.protection.rates import count_action
from dashboard.interfaces.protection.requests import get_address
from dashboard.interfaces.subscriptions import signup
from dashboard.interfaces.subscriptions.model import DAYS, FollowedSubject, can_mail, can_post, read_subject
from dashboard.interfaces.subscriptions.tables import Subscription
from dashboard.locales import LANGUAGES, order, t
from dashboard.settings import Settings

router = APIRouter(prefix="/follow", include_in_schema=False)
log = logging.getLogger(__name__)

LARGEST = 16 * 1024
"""Bytes of the form: twelve countries and twenty indicators in its address, and a webhook's."""

TRAP = "website"
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin", "X-Robots-Tag": "noindex"}
"""A link's token leaves with no address; forms of ours still say where they come from."""

Token = Annotated[str, Path(max_length=64)]


@router.get("/", response_class=HTMLResponse)
async def form(request: Request, configured: Configured) -> Response:
    """What can be followed, or the form of one thing."""
    lang = language_of(request, LANGUAGES)
    try:
        ctx, subject = await run_in_threadpool(_read, lang, request.query_params)
    except (Unknown, Invalid) as error:
        return absent(request, lang, str(error), t("follow.page.title", lang), f"/follow/?lang={lang}")
    return _form(configured, ctx, subject)


@router.post("/", response_class=HTMLResponse)
async def ask(request: Request, configured: Configured) -> Response:
    """Keep what somebody asks for until it is confirmed; the answer is the same whoever follows already."""
    fields = await read_form(request, LARGEST) or {}
    lang = fields.get("lang", "") if fields.get("lang", "") in LANGUAGES else language_of(request, LANGUAGES)
    try:
        ctx, subject = await run_in_threadpool(_read, lang, fields)
    except (Unknown, Invalid) as error:
        return absent(request, lang, str(error), t("follow.page.title", lang), f"/follow/?lang={lang}")

    def again(trouble: str, status: int, **headers: str) -> Response:
        return _form(configured, ctx, subject, fields, t(f"follow.error.{trouble}", lang), status, **headers)

    webhook = fields.get("channel") == "webhook"
    if not subject:
        return again("none", 422)
    if not (can_post(configured) if webhook else can_mail(configured)):
        return _form(configured, ctx, subject, status=404)  # not here, now or later
    if not _is_from_here(request, configured):
        return again("form", 403)
    if fields.get(TRAP):
        log.info("follow: a form with the hidden field filled in was turned away")
        return _asked(configured, ctx, subject)
    if not await count_action("follows", get_address(request.scope)):
        return again("limit", 429, **{"Retry-After": "3600"})
    days = fields.get("days", "")
    wish = signup.FollowWish(
        subject, "webhook" if webhook else "mail", fields.get("to", "")[: signup.MAX_ADDRESS_CHARS + 1], lang,
        int(days) if days in map(str, DAYS) else DAYS[1], fields.get("brief") == "1",
    )  # fmt: skip
    try:
        secret = await run_in_threadpool(signup.request, configured, wish, datetime.now(UTC))
    except Impossible:
        return again("webhook" if webhook else "email", 422)
    except signup.TooManyWait as error:
        log.warning("follow: %s", error)
        return again("limit", 429, **{"Retry-After": "3600"})
    return _asked(configured, ctx, subject, secret)


@router.get("/confirm/{token}", response_class=HTMLResponse)
async def confirmable(request: Request, token: Token, configured: Configured) -> Response:
    """A page with a button: whoever opens the link changes nothing."""
    found = await run_in_threadpool(signup.find_request, configured, token, datetime.now(UTC))
    return await _moved(request, configured, "confirm", found, button=True)


@router.post("/confirm/{token}", response_class=HTMLResponse)
async def confirmed(request: Request, token: Token, configured: Configured) -> Response:
    """Begin; again and again it is the same."""
    found = await run_in_threadpool(signup.confirm, configured, token, datetime.now(UTC))
    return await _moved(request, configured, "confirm", found, button=False)


@router.get("/stop/{token}", response_class=HTMLResponse)
async def stoppable(request: Request, token: Token, configured: Configured) -> Response:
    """A page with a button: whoever opens the link changes nothing."""
    return await _moved(request, configured, "stop", None, button=True)


@router.post("/stop/{token}", response_class=HTMLResponse)
async def stopped(request: Request, token: Token, configured: Configured) -> Response:
    """Stop and forget the address: without cookie, form token or redirect, as mail programs do it; once or again."""
    await run_in_threadpool(signup.stop, configured, token)
    return await _moved(request, configured, "stop", None, button=False)


def _read(lang: str, fields: Mapping[str, str]) -> tuple[Context, FollowedSubject]:
    ctx = open_context(lang)
    countries, indicators = (_split(fields.get(name, "")) for name in ("country", "indicator"))
    return ctx, read_subject(ctx, countries, indicators, fields.get("claim", "").strip())


def _split(text: str) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, text.split(","))))


def _form(
    configured: Settings, ctx: Context, subject: FollowedSubject, typed: Mapping[str, str] | None = None,
    error: str = "", status: int = 200, **headers: str,
) -> Response:  # fmt: skip
    lang, feed = ctx.lang, FollowedSubject(subject.countries, subject.indicators).query
    values = {
        "subject": subject, "name": subject.name(ctx), "page": subject.page(lang), "typed": typed or {},
        "feed": f"/api/v1/changes.atom?{feed}{'&' if feed else ''}lang={lang}",
        "calendar": f"/api/v1/calendar.ics?lang={lang}",
        "days": [(str(day), t(f"follow.days.{day}", lang)) for day in DAYS], "trap": TRAP,
        "mailing": can_mail(configured), "posting": can_post(configured),
        "briefed": subject.has_brief,
        "choices": [] if subject else _list_choices(ctx),
    }  # fmt: skip
    return _page("follow.html", lang, "/follow/", subject.query, status, headers, error=error, **values)


def _list_choices(ctx: Context) -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be followed: parameter, and the codes with their names."""
    named = (
        ("country", {country.iso3: choose_text(country.name, ctx.lang) for country in ctx.book.countries.values()}),
        ("indicator", {metric.id: choose_text(metric.name, ctx.lang) for metric in ctx.book.metrics.values()}),
    )
    lists = [(name, sorted(of.items(), key=lambda pair: order(pair[1], ctx.lang))) for name, of in named]
    claims = [(claim.id, f"{claim.id} {choose_text(claim.claim, ctx.lang)}") for claim in ctx.book.claims]
    return [*lists, ("claim", claims)]


def _asked(configured: Settings, ctx: Context, subject: FollowedSubject, secret: str = "") -> Response:
    name, page = subject.name(ctx), subject.page(ctx.lang)
    values = {"secret": secret, "name": name, "page": page}
    return _page("follow_asked.html", ctx.lang, "/follow/", subject.query, 200, {}, **values)


async def _moved(
    request: Request, configured: Settings, deed: str, found: Subscription | None, *, button: bool
) -> Response:
    lang = language_of(request, LANGUAGES)
    words = {"name": "", "often": ""}
    if found is not None:
        subject = found.subject
        words["name"] = await run_in_threadpool(lambda: subject.name(open_context(lang)))
        words["often"] = t(f"follow.days.{found.days}", lang)
    over = deed == "confirm" and found is None
    key = "over" if over else "text" if button else "done"
    values = {
        "deed": deed, "text": t(f"follow.{deed}.{key}", lang, **words), "button": button and not over,
        "action": f"{request.url.path}?lang={lang}",
    }  # fmt: skip
    return _page("follow_link.html", lang, request.url.path, "", 404 if over else 200, {}, **values)


def _page(
    template: str, lang: str, here: str, query: str, status: int, headers: Mapping[str, str], **values: Any
) -> Response:
    body = rendered(template, lang, here, kept=query, languages=list_languages(LANGUAGES, lang), **values)
    return HTMLResponse(body, status, {**HEADERS, **headers})


def _is_from_here(request: Request, configured: Settings) -> bool:
    """Whether the browser says that the form comes from our own page, where it says so at all."""
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
    return origin in (configured.origin, get_public_base(request, configured))
