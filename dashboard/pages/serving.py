"""Around the built pages: the reader's language at ``/``, and for addresses answered at run time status and head.

A page such as ``/ar/countries/UGA/`` is one shell for all countries. Here, before it leaves, the shell gets the
language and direction of its address, title and description of what it will show, and 404 when there is no such thing.
"""

import gzip
import html
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from babel.core import negotiate_locale
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.codebook import codebook
from dashboard.codebook.model import text
from dashboard.locales import LANGUAGES, t
from dashboard.pages.page import Page

_LANGUAGE = re.compile(r"/(?P<lang>[a-z]{2})(?:/|$)")
_ANSWERED = re.compile(r"/(?P<lang>[a-z]{2})/(?P<kind>countries|indicators|targets)/(?P<name>[^/]+)(?P<slash>/?)")
_HTML = re.compile(r"<html\b[^>]*>")
_TITLE = re.compile(r"<title>.*?</title>", re.S)


@dataclass(frozen=True)
class Head:
    """What a shell says of the page it will become; ``files`` are the same figures for readers without script."""

    lang: str
    heading: str
    description: str
    found: bool
    files: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The title of the window."""
        return f"{self.heading} · {t('ui.product.name', self.lang)}"


def serving(pages: Iterable[Page]) -> Callable[[ASGIApp], ASGIApp]:
    """What to wrap the product in, so that ``/`` leads to the reader's language and shells are honest.

    ``pages``: those whose fixed addresses exist as files and are passed on untouched.
    """
    fixed = {
        route.rstrip("/") for page in pages if not page.dynamic for lang in LANGUAGES for route, _ in page.routes(lang)
    }

    def wrap(app: ASGIApp) -> ASGIApp:
        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
                await app(scope, receive, send)
                return
            path: str = scope["path"]
            if path in ("/", "/index.html"):
                await _redirect(
                    scope, send, f"/{preferred(Headers(scope=scope).get('accept-language', ''))}/", 307, vary=True
                )
            elif (match := _ANSWERED.fullmatch(path)) and match["lang"] in LANGUAGES:
                if match["slash"]:
                    await _shell(app, scope, receive, send, head_of(match["lang"], match["kind"], match["name"]))
                else:
                    await _redirect(scope, send, f"{path}/", 308)
            elif (
                (lang := _LANGUAGE.match(path)) and path.rstrip("/") not in fixed and "." not in path.rsplit("/", 1)[-1]
            ):
                await _shell(app, scope, receive, send, absence(lang["lang"]))
            else:
                await app(scope, receive, send)

        return wrapped

    return wrap


def absence(lang: str) -> Head:
    """What a shell says where there is no page, in the language of the address or in English."""
    lang = lang if lang in LANGUAGES else "en"
    return Head(lang, t("ui.errors.page", lang), t("ui.errors.page_help", lang), found=False)


def preferred(accept_language: str) -> str:
    """The language of ours that the reader likes most; English when none is named."""
    wishes = []
    for part in accept_language.split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            continue
        if tag and weight > 0:
            wishes.append((-weight, tag))
    ranked = [tag for _, tag in sorted(wishes, key=lambda wish: wish[0])]
    found = negotiate_locale(ranked, list(LANGUAGES), sep="-")
    return found if found in LANGUAGES else "en"


@lru_cache(maxsize=2048)
def head_of(lang: str, kind: str, name: str) -> Head:
    """What is said of a country, indicator or target, or of its absence."""
    book = codebook()
    if kind == "countries":
        if (country := book.countries.get(name.upper())) is not None:
            title = text(country.name, lang)
            about = t("pages.country.description", lang, country=title)
            return Head(lang, title, about, True, (f"/api/v1/observations.csv?country={country.iso3}",))
        return Head(lang, t("ui.errors.country", lang, code=name[:60]), t("ui.errors.country_help", lang), found=False)
    if kind == "indicators":
        if (metric := book.metrics.get(name)) is not None:
            file = f"/api/v1/observations.csv?indicator={metric.id}"
            return Head(lang, text(metric.name, lang), text(metric.definition, lang), True, (file,))
        return Head(
            lang, t("ui.errors.indicator", lang, id=name[:60]), t("ui.errors.indicator_help", lang), found=False
        )
    if (target := book.targets.get(name.lower())) is not None:
        return Head(lang, f"{t('ui.nav.target', lang)} {target.code}", text(target.title, lang), True)
    return Head(lang, t("ui.errors.target", lang, code=name[:60]), t("ui.errors.target_help", lang), found=False)


async def _redirect(scope: Scope, send: Send, to: str, status: int, vary: bool = False) -> None:
    query = scope.get("query_string", b"").decode("latin-1")
    location = quote(to) + (f"?{query}" if query else "")
    headers = [(b"location", location.encode("latin-1")), (b"content-length", b"0")]
    if vary:
        headers += [(b"vary", b"Accept-Language"), (b"cache-control", b"no-cache")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _shell(app: ASGIApp, scope: Scope, receive: Receive, send: Send, head: Head) -> None:
    """The answer of ``app`` with its head rewritten: asked for whole and unpacked, whatever the browser holds."""
    packed = "gzip" in Headers(scope=scope).get("accept-encoding", "")
    withheld = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
    plain = [(name, value) for name, value in scope["headers"] if name not in withheld]
    asked = {**scope, "method": "GET", "headers": plain, "extensions": {}}  # no sending of files past us
    await app(asked, receive, _Rewrite(send, head, packed, scope["method"] == "HEAD"))


class _Rewrite:
    """Holds an HTML answer back, rewrites its head, sets its status, and sends it on."""

    def __init__(self, send: Send, head: Head, packed: bool, without_body: bool) -> None:
        self.send, self.head, self.packed, self.without_body = send, head, packed, without_body
        self.start: Message = {}
        self.body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
            return
        self.body += message.get("body", b"")
        if message.get("more_body", False):
            return
        headers = MutableHeaders(scope=self.start)
        if not headers.get("content-type", "").startswith("text/html"):
            await self.send(self.start)
            await self.send({"type": "http.response.body", "body": bytes(self.body)})
            return
        body = written(self.body.decode("utf-8"), self.head).encode("utf-8")
        for name in ("etag", "last-modified", "accept-ranges"):
            if name in headers:
                del headers[name]
        headers["cache-control"] = "no-cache"
        headers["vary"] = "Accept-Encoding"
        if self.packed:
            body = gzip.compress(body, 6, mtime=0)
            headers["content-encoding"] = "gzip"
        headers["content-length"] = str(len(body))
        await self.send({**self.start, "status": 200 if self.head.found else 404})
        await self.send({"type": "http.response.body", "body": b"" if self.without_body else body})


def written(page: str, head: Head) -> str:
    """The HTML with language, direction, title and description of ``head``, marked for the browser to take out."""
    opening = f'<html lang="{head.lang}" dir="{LANGUAGES[head.lang].dir}">'
    title = f"<title data-shell>{html.escape(head.title)}</title>"
    about = f'<meta data-shell name="description" content="{html.escape(head.description)}"/>'
    robots = "" if head.found else '<meta data-shell name="robots" content="noindex"/>'
    page = _HTML.sub(lambda _: opening, page, count=1)
    page = _TITLE.sub("", page)
    page = page.replace("<head>", f"<head>{title}{about}{robots}", 1)
    return page.replace("<!--shell-->", _body(head), 1)


def _body(head: Head) -> str:
    """What is read before the script runs, or without it: the page's own words, and the figures as files."""
    lang = head.lang
    ways = (("overview", ""), ("goals", "goals/"), ("indicators", "indicators/"), ("countries", "countries/"))
    links = [f'<li><a href="/{lang}/{path}">{html.escape(t(f"ui.nav.{key}", lang))}</a></li>' for key, path in ways]
    links += [f'<li><a href="{html.escape(file)}">{html.escape(file)}</a></li>' for file in head.files]
    return (
        '<header class="top"><div class="wrap">'
        f'<a class="brand" href="/{lang}/">{html.escape(t("ui.product.name", lang))}</a></div></header>'
        f'<main class="wrap"><h1>{html.escape(head.heading)}</h1><p class="lede">{html.escape(head.description)}</p>'
        f'<noscript><p class="asof">{html.escape(t("pages.without_script", lang))}</p>'
        f'<ul class="rows section">{"".join(links)}</ul></noscript></main>'
    )
