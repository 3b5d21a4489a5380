"""Pages at their addresses: whole documents, rendered on the server and kept; the reader's language at ``/``.

A document follows from dataset, codebook, language, address and day, and so is rendered once. Where no renderer answers
in time, the page as it was built leaves without figures, and the websocket brings them.
"""

import gzip
import hashlib
import json
import logging
import re
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from contextlib import suppress
from functools import cache, partial
from html import escape, unescape
from itertools import chain
from urllib.parse import quote

from anyio import to_thread
from babel.core import negotiate_locale
from starlette.datastructures import URL, Headers, QueryParams
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.answers.base.cache import BytesCache
from dashboard.answers.base.context import open_context
from dashboard.answers.base.errors import NotReady
from dashboard.answers.permalinks.series import list_codebook_series
from dashboard.answers.site.brief import open_page_context
from dashboard.answers.wording.addresses import locate_series, locate_vintage
from dashboard.answers.wording.citation import build_public_address
from dashboard.interfaces.pages.shell.build import SERVER, SHELL, finish_document, insert_answer
from dashboard.interfaces.pages.shell.guessing import find_guessed
from dashboard.interfaces.pages.shell.head import Head, list_alternates, write_preview
from dashboard.interfaces.pages.shell.page import Page
from dashboard.interfaces.pages.shell.state import write_first_answer
from dashboard.locales import LANGUAGES, t
from dashboard.runtime.renderer import START_TIMEOUT_S, Renderer, RenderError
from dashboard.runtime.templates import render
from dashboard.settings import settings

_LANGUAGE = re.compile(r"/(?P<lang>[a-z]{2})(?:/|$)")
_ANSWERED = re.compile(r"/(?P<lang>[a-z]{2})/(?P<kind>[a-z]+)/(?P<name>[^/]+)(?P<slash>/?)")
_TITLE = re.compile(r"<title>.*?</title>", re.S)
_CHART = re.compile(r'<img class="chart-image" src="([^"]*)"')
_SERVED = re.compile(r"/[a-z]{2}/(?:services/[^/]+/[^/]+|sdmx|series/.+|vintages/[^/]+|figures/[^/]+)/?")
"""Pages below a language that the server writes whole (``desk``): a centre, SDMX, a series, a vintage, a figure."""

log = logging.getLogger(__name__)

BY_LANGUAGE = {"vary": "Accept-Language", "cache-control": "no-cache"}
"""Of an answer that depends on the reader's language."""

MAX_WORDED = 4
"""Charts of a document whose words are in it; further down they come with the drawing."""

_documents = BytesCache(24 * 2**20)
"""Packed documents of pages whose answer follows from dataset, language and address (``Page.kept``)."""


def serve_pages(pages: Iterable[Page]) -> Callable[[ASGIApp], ASGIApp]:
    """Return what wraps the product so that every address of these ``pages`` answers with its document."""
    fixed = {page.route_in(lang).rstrip("/"): page for page in pages if not page.dynamic for lang in LANGUAGES}
    below = {page.route_in("").strip("/") for page in fixed.values()}
    answered = {page.route.split("/")[2]: page for page in pages if page.head}
    texts = {
        "/sitemap.xml": ("application/xml", partial(write_sitemap, tuple(pages))),
        "/robots.txt": ("text/plain", write_robots),
    }

    def wrap(app: ASGIApp) -> ASGIApp:
        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
                await app(scope, receive, send)
                return
            path: str = scope["path"]
            if path in texts:
                kind, write = texts[path]
                await Response(write(_get_origin(scope)), media_type=kind)(scope, receive, send)
            elif path in ("/", "/index.html"):
                await _redirect(scope, receive, send, f"/{_choose_reader_language(scope)}/", 307, BY_LANGUAGE)
            elif _SERVED.fullmatch(path):
                await app(scope, receive, send)
            elif path.rstrip("/") not in fixed and (to := _guess_address(path, below)):
                if to.startswith("//"):
                    await _redirect(
                        scope, receive, send, f"/{_choose_reader_language(scope)}{to[1:]}", 307, BY_LANGUAGE
                    )
                else:
                    await _redirect(scope, receive, send, to, 308)
            elif (match := _ANSWERED.fullmatch(path)) and match["lang"] in LANGUAGES and match["kind"] in answered:
                page, query = answered[match["kind"]], QueryParams(scope["query_string"])
                if page.moved and (to := page.moved(match["lang"], match["name"], query)):
                    await RedirectResponse(to, 308)(scope, receive, send)
                elif match["slash"]:
                    built = f"/{match['lang']}/{match['kind']}/{SHELL}"
                    await _send_page(app, scope, receive, send, page, built, match["name"])
                else:
                    await _redirect(scope, receive, send, f"{path}/", 308)
            elif (
                (lang := _LANGUAGE.match(path)) and path.rstrip("/") not in fixed and "." not in path.rsplit("/", 1)[-1]
            ):
                head = describe_absence(lang["lang"])
                document = await _read_built(app, scope, receive, f"/{head.lang}/{SHELL}")
                above = render("head.html", head.lang, head=head)
                document = _entitle(document, head).replace("<head>", f"<head>{above}", 1)
                await _send_document(scope, send, gzip.compress(document.encode(), 6, mtime=0), 404)
            elif path.endswith("/") and path.rstrip("/") in fixed:
                await _send_page(app, scope, receive, send, fixed[path.rstrip("/")], path, "")
            else:
                await app(scope, receive, send)

        return wrapped

    return wrap


def _choose_reader_language(scope: Scope) -> str:
    """The language that the reader's browser asks for."""
    return choose_language(Headers(scope=scope).get("accept-language", ""))


def _guess_address(path: str, pages: Collection[str]) -> str:
    """Return where another way to write an address leads: "" for none, ``//`` in front where it has no language."""
    lang, to = find_guessed(path, pages) or ("", path)
    if to.startswith("/"):
        return f"{to}?lang={lang}" if lang else "" if path.rstrip("/") == to.rstrip("/") else to  # its own already
    return "" if f"/{lang}/{to}" == path else f"/{lang}/{to}"


async def _send_page(
    app: ASGIApp, scope: Scope, receive: Receive, send: Send, page: Page, built: str, name: str
) -> None:
    """Send the document of a page: kept, rendered now, or as it was ``built`` where it cannot be rendered."""
    path, query = scope["path"], scope["query_string"].decode("latin-1")
    lang, parameters = path.split("/")[1], QueryParams(query)
    key: tuple[Hashable, ...] | None = None
    if page.kept and (ctx := await to_thread.run_sync(open_page_context, lang, parameters.get("as_of", ""))):
        varied = await to_thread.run_sync(page.vary, name, parameters) if page.vary else None
        key = (_get_origin(scope), path, query, ctx.key, varied)
    packed = _documents.get(key) if key else None
    if packed:
        await _send_document(scope, send, packed, 200)
        return
    head = await to_thread.run_sync(_describe, page, lang, name, parameters)
    answer = await write_first_answer(page.load, _get_origin(scope), path, query) if head.ready else ""
    document = await to_thread.run_sync(_render_document, path, query, answer) if answer else ""
    charts = _find_charts(document)
    if charts:
        answer = _add_charts(answer, {chart: await _ask(app, scope, receive, chart) for chart in charts})
        document = await to_thread.run_sync(_render_document, path, query, answer) or document
    whole = bool(document)
    if not whole:
        document = _entitle(await _read_built(app, scope, receive, built), head)
    above = render(
        "head.html", lang, head=head, places=list_alternates(path[len("/en/") :]), here=build_public_address(path)
    )
    if head.found:
        preview = charts[0] if charts else await to_thread.run_sync(_find_preview, page, lang, name, parameters)
        above += _write_shared_head(scope, lang, head.heading, head.description, preview)
    document = document.replace("<head>", f"<head>{above}", 1)
    if data := head.linked_data():  # last: the browser's React takes the first script it meets for its own
        block = f'<script data-page type="application/ld+json">{data}</script>'
        document = document.replace("</head>", f"{block}</head>", 1)
    packed = gzip.compress(document.encode(), 6, mtime=0)
    if whole and key and head.found:
        _documents.put(key, packed)
    await _send_document(scope, send, packed, head.status)


def _entitle(shell: str, head: Head) -> str:
    """Return a shell with the title of its address, in the element that React takes for its own."""
    return _TITLE.sub(lambda _: f"<title>{escape(head.title)}</title>", shell, count=1)


def _render_document(path: str, query: str, answer: str) -> str:
    """Return the document of an address with its first answer; "" where no renderer makes one in time."""
    try:
        document = get_renderer().render(f"{path}?{query}" if query else path, json.loads(answer))
    except RenderError as error:
        log.warning("A page leaves without its figures: %s", error)
        return ""
    return insert_answer(finish_document(document, path), answer)


@cache
def get_renderer() -> Renderer:
    """Return the renderer of the build that is served."""
    from reflex.utils.prerequisites import get_web_dir

    return Renderer(get_web_dir() / SERVER)


async def start_renderer() -> None:
    """Start the renderer with the server, so that the first readers find it ready."""
    with suppress(RenderError):
        await to_thread.run_sync(get_renderer().render, "/en/", {}, START_TIMEOUT_S)


async def _read_built(app: ASGIApp, scope: Scope, receive: Receive, built: str) -> str:
    """Return the document that was ``built``.

    Links of a shell lead to ``/-/``, the address it was built with: here they lead to the reader's own.
    """
    document = await _ask(app, scope, receive, built)
    return document.replace("/-/", quote(scope["path"][len("/en") :]) if SHELL in built else "/-/")


async def _ask(app: ASGIApp, scope: Scope, receive: Receive, address: str) -> str:
    """Return what the product itself has at an address, whatever the reader's browser holds; "" where it fails."""
    path, _, query = address.partition("?")
    withheld = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
    plain = [(name, value) for name, value in scope["headers"] if name not in withheld]
    asked = {"path": path, "raw_path": path.encode(), "query_string": query.encode(), "method": "GET"}
    body, status = b"", 0

    async def collect(message: Message) -> None:
        nonlocal body, status
        body, status = body + message.get("body", b""), message.get("status", status)

    await app({**scope, **asked, "headers": plain, "extensions": {}}, receive, collect)
    return body.decode("utf-8") if status == 200 else ""


def _find_charts(document: str) -> list[str]:
    """Return the addresses of the first charts of a document, as specifications."""
    pictures = (unescape(source) for source in _CHART.findall(document))
    return [source.removesuffix("&theme=light").replace(".svg?", ".json?") for source in pictures][:MAX_WORDED]


def _add_charts(answer: str, specifications: Mapping[str, str]) -> str:
    """Return the first answer of a page with the words of its charts, which stand until they are drawn."""
    words = {chart: json.loads(text)["usermeta"] for chart, text in specifications.items() if text}
    return json.dumps(json.loads(answer) | {"charts": words}, ensure_ascii=False, separators=(",", ":"))


async def _send_document(scope: Scope, send: Send, packed: bytes, status: int) -> None:
    """Send a packed document; 304 where the reader has it."""
    etag = f'"{hashlib.sha256(packed).hexdigest()[:20]}"'
    asked = Headers(scope=scope)
    headers = {"content-type": "text/html; charset=utf-8", "cache-control": "no-cache", "vary": "Accept-Encoding"}
    headers["etag"] = etag
    if status == 200 and asked.get("if-none-match") == etag:
        status, packed = 304, b""
    elif "gzip" in asked.get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
    else:
        packed = gzip.decompress(packed)
    if status != 304:
        headers["content-length"] = str(len(packed))
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else packed})


def _get_origin(scope: Scope) -> str:
    """Scheme and host the reader asked, without a slash at the end; the operator's public address where it is set."""
    return (settings().public_url or "").rstrip("/") or str(URL(scope=scope).replace(path="", query="")).rstrip("/")


def _describe(page: Page, lang: str, name: str, query: QueryParams) -> Head:
    """Return what the head of a page says."""
    if not page.dynamic:
        return Head(lang, page.title(lang), page.description(lang), found=True)
    try:
        return page.head(lang, name, query.get("as_of", "")) if page.head else describe_absence(lang)
    except NotReady:
        return Head(lang, t("ui.errors.unavailable", lang), "", found=False, ready=False)


def _find_preview(page: Page, lang: str, name: str, query: QueryParams) -> str:
    """The chart that stands for a page which begins with none, where its link is shared; "" for none."""
    try:
        return page.preview(lang, name, query) if page.preview else ""
    except NotReady:
        return ""


def _write_shared_head(scope: Scope, lang: str, heading: str, description: str, chart: str) -> str:
    """What a link to this view shows where it is shared, for the head of the page."""
    asked = scope["query_string"].decode("latin-1")
    address = quote(scope["path"]) + (f"?{asked}" if asked else "")
    return write_preview(lang, address, heading, description, QueryParams(asked), _get_origin(scope), chart)


def write_sitemap(pages: Iterable[Page], origin: str) -> str:
    """Return every address of every page in every language, as sitemaps.org describes it.

    A page changed last when the newest vintage was published; the page of a vintage, when that one was.
    """
    try:
        days = {int(row["number"]): row["created_at"].date().isoformat() for row in open_context().dataset.vintages()}
    except NotReady:
        days = {}
    series = (locate_series("", *series) for series in list_codebook_series())
    below = (*chain.from_iterable(page.addresses() for page in pages), "sdmx/", *(path[2:] for path in series))
    newest = days[max(days)] if days else ""
    dated = [(path, newest) for path in below]
    dated += [(locate_vintage("", number)[2:], day) for number, day in days.items()]
    places = ((quote(f"{origin}/{lang}/{path}", safe=":/%"), day) for path, day in dated for lang in LANGUAGES)
    return render("sitemap.xml", "en", places=places)


def write_robots(origin: str) -> str:
    """All may read all; where the list of pages is."""
    return f"User-agent: *\nAllow: /\nSitemap: {origin}/sitemap.xml\n"


def describe_absence(lang: str) -> Head:
    """What a shell says where there is no page, in the language of the address or in English."""
    lang = lang if lang in LANGUAGES else "en"
    return Head(lang, t("ui.errors.page", lang), t("ui.errors.page_help", lang), found=False)


def choose_language(accept_language: str) -> str:
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


async def _redirect(
    scope: Scope, receive: Receive, send: Send, to: str, status: int, headers: Mapping[str, str] | None = None
) -> None:
    """On to ``to``, a path that may have a query, with the query as it was asked."""
    path, _, own = to.partition("?")
    query = "&".join(filter(None, (own, scope.get("query_string", b"").decode("latin-1"))))
    await RedirectResponse(quote(path) + (f"?{query}" if query else ""), status, headers)(scope, receive, send)
