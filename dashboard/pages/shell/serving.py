"""Around the built pages: the reader's language at ``/``, and for addresses answered at run time status and head.

A page such as ``/ar/countries/UGA/`` is one shell for all countries. Here, before it leaves, the shell gets the
language and direction of its address, title and description of what it will show, and 404 when there is no such thing.
What the page answers is asked for by its head, at its own address below ``FIRST`` (see ``write_first_answer``).
"""

import gzip
import html
import logging
import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from urllib.parse import quote, urlencode

from anyio import move_on_after, to_thread
from babel.core import negotiate_locale
from starlette.datastructures import URL, Headers, MutableHeaders, QueryParams
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.locales import LANGUAGES, t
from dashboard.pages.shell.first_answer import write_first_answer
from dashboard.pages.shell.head import Head, write_alternate_links
from dashboard.pages.shell.page import Page
from dashboard.plugins import FIRST, SHELL
from dashboard.services.base.cache import BytesCache
from dashboard.services.base.errors import NotReady
from dashboard.services.charts.url import in_form
from dashboard.services.site.brief import open_page_context
from dashboard.settings import settings
from dashboard.templates import render

_LANGUAGE = re.compile(r"/(?P<lang>[a-z]{2})(?:/|$)")
_ANSWERED = re.compile(r"/(?P<lang>[a-z]{2})/(?P<kind>[a-z]+)/(?P<name>[^/]+)(?P<slash>/?)")
_SERVED = re.compile(r"/[a-z]{2}/services/[^/]+/[^/]+/?")
"""Pages below a language that the server writes whole (``api/delivery``): one centre."""

log = logging.getLogger(__name__)

WAIT = 0.3
"""Seconds a page waits for its first figures: then it leaves without them, and they come with its answer."""

_answers = BytesCache(8 * 2**20)
"""First answers of pages whose answer follows from dataset, language and address (``Page.kept``), packed."""

_HTML = re.compile(r"<html\b[^>]*>")
_TITLE = re.compile(r"<title>.*?</title>", re.S)


def serving(pages: Iterable[Page]) -> Callable[[ASGIApp], ASGIApp]:
    """What to wrap the product in, so that ``/`` leads to the reader's language and shells are honest.

    ``pages``: those whose fixed addresses exist as files and are passed on untouched.
    """
    fixed = {page.route_in(lang).rstrip("/"): page for page in pages if not page.dynamic for lang in LANGUAGES}
    answered = {page.route.split("/")[2]: page for page in pages if page.head}
    texts = {"/sitemap.xml": ("application/xml", partial(sitemap, tuple(pages))), "/robots.txt": ("text/plain", robots)}

    def wrap(app: ASGIApp) -> ASGIApp:
        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
                await app(scope, receive, send)
                return
            path: str = scope["path"]
            if path in texts:
                kind, write = texts[path]
                await Response(write(_origin(scope)), media_type=kind)(scope, receive, send)
            elif path.startswith(f"{FIRST}/"):
                await _first_answer(scope, receive, send, _page_at(path.removeprefix(FIRST), fixed, answered))
            elif path in ("/", "/index.html"):
                await _redirect(
                    scope, send, f"/{preferred(Headers(scope=scope).get('accept-language', ''))}/", 307, vary=True
                )
            elif (match := _ANSWERED.fullmatch(path)) and match["lang"] in LANGUAGES and match["kind"] in answered:
                if match["slash"]:
                    arguments = (
                        answered[match["kind"]],
                        match["lang"],
                        match["name"],
                        QueryParams(scope["query_string"]),
                    )
                    head, chart = await to_thread.run_sync(_first, *arguments)
                    picture = _image(chart) if chart or not head.found else await _figures(*arguments)
                    sent = _announcing(scope, send, chart) if head.found else send
                    await _shell(app, scope, receive, sent, head, picture)
                else:
                    await _redirect(scope, send, f"{path}/", 308)
            elif _SERVED.fullmatch(path):
                await app(scope, receive, send)
            elif (
                (lang := _LANGUAGE.match(path)) and path.rstrip("/") not in fixed and "." not in path.rsplit("/", 1)[-1]
            ):
                await _shell(app, scope, receive, send, absence(lang["lang"]))
            elif page := fixed.get(path.rstrip("/")):
                chart = ""
                if page.chart and path.endswith("/"):
                    query = QueryParams(scope["query_string"])
                    chart = await to_thread.run_sync(_chart, page, path.split("/")[1], "", query)
                sent = _announcing(scope, send, chart)
                if chart:
                    await _rewritten(app, scope, receive, sent, path, partial(with_picture, picture=_image(chart)))
                else:
                    await app(scope, receive, sent)
            else:
                await app(scope, receive, send)

        return wrapped

    return wrap


def _page_at(path: str, fixed: Mapping[str, Page], answered: Mapping[str, Page]) -> Page | None:
    """The page of a path, if there is one."""
    match = _ANSWERED.fullmatch(path)
    if match and match["lang"] in LANGUAGES and match["kind"] in answered:
        return answered[match["kind"]]
    return fixed.get(path.rstrip("/"))


def _announcing(scope: Scope, send: Send, chart: str = "") -> Send:
    """``send`` that names the first answer and the first image of the page in its header.

    The browser asks for both before it has read the page, and so before the scripts, which are most of what it reads.
    """
    query = quote(scope["query_string"].decode("latin-1"), safe="=&%+,:;@/?!$'()*~")
    address = FIRST + quote(scope["path"]) + (f"?{query}" if query else "")

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.append("link", f"<{address}>; rel=preload; as=fetch; crossorigin")
            for theme in ("light", "dark") if chart else ():
                shown = f'as=image; fetchpriority=high; media="(prefers-color-scheme: {theme})"'
                headers.append("link", f"<{_image_url(chart, theme)}>; rel=preload; {shown}")
        await send(message)

    return sent


async def _first_answer(scope: Scope, receive: Receive, send: Send, page: Page | None) -> None:
    """What the page at this address answers; 204 where the websocket has to say it."""
    origin, path, query = _origin(scope), scope["path"].removeprefix(FIRST), scope["query_string"].decode("latin-1")
    ctx = await to_thread.run_sync(open_page_context, path.split("/")[1], _as_of(scope)) if page and page.kept else None
    key = (origin, path, query, ctx.key) if ctx else None
    packed = _answers.get(key) if key else None
    if packed is None and page:
        body = (await write_first_answer(page.load, origin, path, query)).encode()
        packed = gzip.compress(body, 5, mtime=0) if body else b""
        if key and packed:
            _answers.put(key, packed)
    headers = {"cache-control": "no-store", "vary": "Accept-Encoding"}
    body = packed or b""
    if body and "gzip" in Headers(scope=scope).get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
    elif body:
        body = gzip.decompress(body)
    await Response(body, 200 if body else 204, headers, "application/json")(scope, receive, send)


def _origin(scope: Scope) -> str:
    """Scheme and host the reader asked, without a slash at the end; the operator's public address where it is set."""
    return (settings().public_url or "").rstrip("/") or str(URL(scope=scope).replace(path="", query="")).rstrip("/")


def _as_of(scope: Scope) -> str:
    return QueryParams(scope["query_string"]).get("as_of", "")


def _first(page: Page, lang: str, name: str, query: QueryParams) -> tuple[Head, str]:
    """What a page is before its script runs, and the chart it will show; "" for none."""
    try:
        head = page.head(lang, name, query.get("as_of", "")) if page.head else absence(lang)
    except NotReady:
        return Head(lang, t("ui.errors.unavailable", lang), "", found=False, ready=False), ""
    return head, _chart(page, lang, name, query) if head.found else ""


def _chart(page: Page, lang: str, name: str, query: QueryParams) -> str:
    """The chart a page will show; "" for none, and where what it draws is damaged and being restored."""
    try:
        return page.chart(lang, name, query) if page.chart else ""
    except NotReady:
        return ""


async def _figures(page: Page, lang: str, name: str, query: QueryParams) -> str:
    """The first figures of a page as HTML; "" where they take longer than a reader should see nothing, or fail."""
    if page.figures:
        try:
            with move_on_after(WAIT):
                return await to_thread.run_sync(page.figures, lang, name, query, abandon_on_cancel=True)
        except Exception:  # the page's answer fails too, and says so in words
            log.exception("The first figures of %s failed", page.id)
    return ""


def sitemap(pages: Iterable[Page], origin: str) -> str:
    """Every address of every page in every language, as sitemaps.org describes it."""
    places = (f"{origin}/{lang}/{below}" for page in pages for below in page.addresses() for lang in LANGUAGES)
    urls = "".join(f"<url><loc>{html.escape(quote(place, safe=':/'))}</loc></url>" for place in places)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
    )


def robots(origin: str) -> str:
    """All may read all; where the list of pages is."""
    return f"User-agent: *\nAllow: /\nSitemap: {origin}/sitemap.xml\n"


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
    language = negotiate_locale(ranked, list(LANGUAGES), sep="-")
    return language if language in LANGUAGES else "en"


async def _redirect(scope: Scope, send: Send, to: str, status: int, vary: bool = False) -> None:
    query = scope.get("query_string", b"").decode("latin-1")
    location = quote(to) + (f"?{query}" if query else "")
    headers = [(b"location", location.encode("latin-1")), (b"content-length", b"0")]
    if vary:
        headers += [(b"vary", b"Accept-Language"), (b"cache-control", b"no-cache")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _shell(app: ASGIApp, scope: Scope, receive: Receive, send: Send, head: Head, picture: str = "") -> None:
    """The answer of ``app`` with its head rewritten."""
    shell = f"{scope['path'].rsplit('/', 2)[0]}/{SHELL}"  # where there is none, the fallback of all pages answers
    below = scope["path"][len("/en/") :]
    rewrite = partial(written, head=head, below=below, as_of=_as_of(scope), picture=picture)
    await _rewritten(app, scope, receive, send, shell, rewrite, head.status)


async def _rewritten(
    app: ASGIApp,
    scope: Scope,
    receive: Receive,
    send: Send,
    path: str,
    rewrite: Callable[[str], str],
    status: int | None = None,
) -> None:
    """The answer of ``app`` at ``path``, rewritten: asked for whole and unpacked, whatever the browser holds."""
    packed = "gzip" in Headers(scope=scope).get("accept-encoding", "")
    withheld = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
    plain = [(name, value) for name, value in scope["headers"] if name not in withheld]
    inner = {**scope, "path": path, "method": "GET", "headers": plain, "extensions": {}}  # no sending of files past us
    await app(inner, receive, _Rewrite(send, rewrite, status, packed, scope["method"] == "HEAD"))


class _Rewrite:
    """Holds an HTML answer back, rewrites it, sets its status where one is given, and sends it on."""

    def __init__(
        self, send: Send, rewrite: Callable[[str], str], status: int | None, packed: bool, without_body: bool
    ) -> None:
        self.send, self.rewrite, self.status, self.packed, self.without_body = (
            send,
            rewrite,
            status,
            packed,
            without_body,
        )
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
        body = self.rewrite(self.body.decode("utf-8")).encode("utf-8")
        for name in ("etag", "last-modified", "accept-ranges"):
            if name in headers:
                del headers[name]
        headers["cache-control"] = "no-cache"
        headers["vary"] = "Accept-Encoding"
        if self.packed:
            body = gzip.compress(body, 6, mtime=0)
            headers["content-encoding"] = "gzip"
        headers["content-length"] = str(len(body))
        await self.send({**self.start, "status": self.status or self.start["status"]})
        await self.send({"type": "http.response.body", "body": b"" if self.without_body else body})


def written(page: str, head: Head, below: str, as_of: str = "", picture: str = "") -> str:
    """The HTML with language, direction, title and description of ``head``, marked for the browser to take out.

    ``below``: the path below the language, under which the page is in the other languages too; ``as_of``: the day the
    reader looks back to, which its links keep; ``picture``: HTML of what stands there meanwhile.
    """
    opening = f'<html lang="{head.lang}" dir="{LANGUAGES[head.lang].dir}">'
    marked = f"<title data-shell>{html.escape(head.title)}</title>"
    marked += f'<meta data-shell name="description" content="{html.escape(head.description)}"/>'
    if head.found:
        marked += write_alternate_links(below)
    else:
        marked += '<meta data-shell name="robots" content="noindex"/>'
    page = _HTML.sub(lambda _: opening, page, count=1)
    page = _TITLE.sub("", page)
    page = page.replace("<head>", f"<head>{marked}", 1)
    if data := head.linked_data():  # last: the browser's React takes the first script it meets for its own
        page = page.replace("</head>", f'<script data-page type="application/ld+json">{data}</script></head>', 1)
    return page.replace("<!--shell-->", _body(head, as_of, picture), 1)


def _body(head: Head, as_of: str, picture: str) -> str:
    """What is read before the script runs, or without it: the page's own words and figures, and files of them."""
    entries = (("overview", ""), ("goals", "goals/"), ("indicators", "indicators/"), ("countries", "countries/"))
    return render(
        "shell.html", head.lang, head=head, entries=entries, picture=picture, training=settings().training,
        kept=partial(_with_as_of, as_of=as_of),
    )  # fmt: skip


def with_picture(page: str, picture: str) -> str:
    """The HTML of a page with its first picture where its answer will stand."""
    return page.replace("<!--picture-->", picture, 1)


def _image(chart: str) -> str:
    """The image of a chart in the colours that the reader's system prefers; "" for no chart."""
    if not chart:
        return ""
    light, dark = (_image_url(chart, theme) for theme in ("light", "dark"))
    return render("first_picture.html", "en", light=light, dark=dark)


def _image_url(chart: str, theme: str) -> str:
    """Where the image of a chart is; as the figure in the page writes it, so that it is asked for once."""
    return f"{in_form(chart, 'svg')}&theme={theme}"


def _with_as_of(to: str, as_of: str) -> str:
    """An address of ours with the day the reader looks back to."""
    if not as_of or not to.startswith("/") or "as_of=" in to:
        return to
    return f"{to}{'&' if '?' in to else '?'}{urlencode({'as_of': as_of})}"
