"""Around the built pages: the reader's language at ``/``, and for addresses answered at run time status and head.

A page such as ``/ar/countries/UGA/`` is one shell for all countries. Here, before it leaves, the shell gets the
language and direction of its address, title and description of what it will show, and 404 when there is no such thing.
What the page answers is asked for by its head, at its own address below ``FIRST`` (see ``write_first_answer``).
"""

import gzip
import logging
import re
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from itertools import chain
from urllib.parse import quote, urlencode

from anyio import move_on_after, to_thread
from babel.core import negotiate_locale
from starlette.datastructures import URL, Headers, MutableHeaders, QueryParams
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.answers.base.cache import BytesCache
from dashboard.answers.base.context import open_context
from dashboard.answers.base.errors import Invalid, NotReady, Unknown
from dashboard.answers.charts.url import change_form
from dashboard.answers.permalinks.series import list_codebook_series
from dashboard.answers.permalinks.vintages import list_vintage_numbers
from dashboard.answers.site.brief import open_page_context
from dashboard.answers.wording.addresses import locate_series, locate_vintage
from dashboard.interfaces.pages.shell.build import FIRST, SHELL
from dashboard.interfaces.pages.shell.guessing import find_guessed
from dashboard.interfaces.pages.shell.head import Head, list_alternates, write_preview
from dashboard.interfaces.pages.shell.page import Page
from dashboard.interfaces.pages.shell.state import write_first_answer
from dashboard.locales import LANGUAGES, t
from dashboard.runtime.templates import render
from dashboard.settings import settings

_LANGUAGE = re.compile(r"/(?P<lang>[a-z]{2})(?:/|$)")
_ANSWERED = re.compile(r"/(?P<lang>[a-z]{2})/(?P<kind>[a-z]+)/(?P<name>[^/]+)(?P<slash>/?)")
_SERVED = re.compile(r"/[a-z]{2}/(?:services/[^/]+/[^/]+|sdmx|series/.+|vintages/[^/]+|figures/[^/]+)/?")
"""Pages below a language that the server writes whole (``desk``): a centre, SDMX, a series, a vintage, a figure."""

log = logging.getLogger(__name__)

BY_LANGUAGE = {"vary": "Accept-Language", "cache-control": "no-cache"}
"""Of an answer that depends on the reader's language."""

FIGURES_TIMEOUT_S = 0.3
"""Seconds a page waits for its first figures: then it leaves without them, and they come with its answer."""

_answers = BytesCache(8 * 2**20)
"""First answers of pages whose answer follows from dataset, language and address (``Page.kept``), packed."""


def serve_pages(pages: Iterable[Page]) -> Callable[[ASGIApp], ASGIApp]:
    """What to wrap the product in, so that ``/`` leads to the reader's language and shells are honest.

    ``pages``: those whose fixed addresses exist as files and are passed on untouched.
    """
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
            elif path.startswith(f"{FIRST}/"):
                await _send_first_answer(scope, receive, send, _find_page(path.removeprefix(FIRST), fixed, answered))
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
                found, query = answered[match["kind"]], QueryParams(scope["query_string"])
                arguments = found, match["lang"], match["name"], query
                if found.moved and (to := found.moved(match["lang"], match["name"], query)):
                    await RedirectResponse(to, 308)(scope, receive, send)
                elif match["slash"]:
                    head, chart = await to_thread.run_sync(_describe_first, *arguments)
                    picture = _write_image(chart) if chart or not head.found else await _write_figures(*arguments)
                    sent = _announce(scope, send, chart) if head.found else send
                    shared = chart or await to_thread.run_sync(_find_preview, *arguments) if head.found else ""
                    await _send_shell(
                        app, scope, receive, sent, f"/{match['lang']}/{match['kind']}", head, picture, shared
                    )
                else:
                    await _redirect(scope, receive, send, f"{path}/", 308)
            elif (
                (lang := _LANGUAGE.match(path)) and path.rstrip("/") not in fixed and "." not in path.rsplit("/", 1)[-1]
            ):
                head = describe_absence(lang["lang"])
                await _send_shell(app, scope, receive, send, f"/{head.lang}", head)
            elif page := fixed.get(path.rstrip("/")):
                chart, query, liked = "", QueryParams(scope["query_string"]), path.split("/")[1]
                if page.chart and path.endswith("/"):
                    chart = await to_thread.run_sync(_find_chart, page, liked, "", query)
                sent = _announce(scope, send, chart)
                if (chart or query or page.lines) and path.endswith("/"):
                    preview = _write_shared_head(scope, liked, page.title(liked), page.description(liked), chart)
                    places = {"<head>": f"<head>{preview}"} | ({"<!--picture-->": _write_image(chart)} if chart else {})
                    places["<!--answer-->"] = await to_thread.run_sync(_write_plain_answer, page, liked, query, chart)
                    await _send_filled(app, scope, receive, sent, path, places)
                else:
                    await app(scope, receive, sent)
            else:
                await app(scope, receive, send)

        return wrapped

    return wrap


def _choose_reader_language(scope: Scope) -> str:
    """The language that the reader's browser asks for."""
    return choose_language(Headers(scope=scope).get("accept-language", ""))


def _guess_address(path: str, pages: Collection[str]) -> str:
    """Where another way to write an address leads: "" for none, with ``//`` in front where it has no language."""
    found = find_guessed(path, pages)
    to = f"/{found[0]}/{found[1]}" if found else ""
    return "" if to == path else to


def _find_page(path: str, fixed: Mapping[str, Page], answered: Mapping[str, Page]) -> Page | None:
    """The page of a path, if there is one."""
    match = _ANSWERED.fullmatch(path)
    if match and match["lang"] in LANGUAGES and match["kind"] in answered:
        return answered[match["kind"]]
    return fixed.get(path.rstrip("/"))


def _announce(scope: Scope, send: Send, chart: str = "") -> Send:
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
                headers.append("link", f"<{_write_image_url(chart, theme)}>; rel=preload; {shown}")
        await send(message)

    return sent


async def _send_first_answer(scope: Scope, receive: Receive, send: Send, page: Page | None) -> None:
    """What the page at this address answers; 204 where the websocket has to say it."""
    origin, path, query = _get_origin(scope), scope["path"].removeprefix(FIRST), scope["query_string"].decode("latin-1")
    ctx = (
        await to_thread.run_sync(open_page_context, path.split("/")[1], _read_day(scope))
        if page and page.kept
        else None
    )
    key: tuple[Hashable, ...] | None = (path, query, ctx.key) if ctx else None
    if key and page and page.vary:
        key += (await to_thread.run_sync(page.vary, path.strip("/").split("/")[-1], QueryParams(query)),)
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


def _get_origin(scope: Scope) -> str:
    """Scheme and host the reader asked, without a slash at the end; the operator's public address where it is set."""
    return (settings().public_url or "").rstrip("/") or str(URL(scope=scope).replace(path="", query="")).rstrip("/")


def _read_day(scope: Scope) -> str:
    return QueryParams(scope["query_string"]).get("as_of", "")


def _describe_first(page: Page, lang: str, name: str, query: QueryParams) -> tuple[Head, str]:
    """What a page is before its script runs, and the chart it will show; "" for none."""
    try:
        head = page.head(lang, name, query.get("as_of", "")) if page.head else describe_absence(lang)
    except NotReady:
        return Head(lang, t("ui.errors.unavailable", lang), "", found=False, ready=False), ""
    return head, _find_chart(page, lang, name, query) if head.found else ""


def _find_chart(page: Page, lang: str, name: str, query: QueryParams) -> str:
    """The chart a page will show; "" for none, and where what it draws is damaged and being restored."""
    try:
        return page.chart(lang, name, query) if page.chart else ""
    except NotReady:
        return ""


def _write_plain_answer(page: Page, lang: str, query: QueryParams, chart: str) -> str:
    """What a page of a fixed address answers where no script runs, as HTML; "" where it has no lines, or none now."""
    try:
        lines = tuple(page.lines(lang, query)) if page.lines else ()
    except (Invalid, NotReady, Unknown):  # the words for it come with the answer of the page
        return ""
    asks = tuple((name, t(f"pages.plain.{name}", lang), query.get(name, "")) for name in page.asks)
    image = change_form(chart, "svg") if chart else ""
    add_day = partial(_add_day, as_of=query.get("as_of", ""))
    heading = page.title(lang)
    return (
        render("answer.html", lang, lines=lines, asks=asks, image=image, heading=heading, kept=add_day) if lines else ""
    )


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


async def _write_figures(page: Page, lang: str, name: str, query: QueryParams) -> str:
    """The first figures of a page as HTML; "" where they take longer than a reader should see nothing, or fail."""
    if page.figures:
        try:
            with move_on_after(FIGURES_TIMEOUT_S):
                return await to_thread.run_sync(page.figures, lang, name, query, abandon_on_cancel=True)
        except Exception:  # the page's answer fails too, and says so in words
            log.exception("The first figures of %s failed", page.id)
    return ""


def write_sitemap(pages: Iterable[Page], origin: str) -> str:
    """Every address of every page in every language, as sitemaps.org describes it."""
    below = chain.from_iterable((*(page.addresses() for page in pages), list_served()))
    places = (f"{origin}/{lang}/{path}" for path in below for lang in LANGUAGES)
    return render("sitemap.xml", "en", places=(quote(place, safe=":/%") for place in places))


def list_served() -> Iterator[str]:
    """Addresses below a language of pages that the server writes: SDMX, every series, and the vintages there are."""
    yield "sdmx/"
    for source, series in list_codebook_series():
        yield locate_series("", source, series).removeprefix("//")
    with suppress(NotReady):
        yield from (locate_vintage("", number).removeprefix("//") for number in list_vintage_numbers(open_context()))


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


async def _send_shell(
    app: ASGIApp,
    scope: Scope,
    receive: Receive,
    send: Send,
    folder: str,
    head: Head,
    picture: str = "",
    chart: str = "",
) -> None:
    """The shell in this folder of the build, with a head and with what is read before its script runs.

    ``picture``: HTML of what stands there until the page has its answer; ``chart``: what a shared link shows.
    """
    below, as_of = scope["path"][len("/en/") :], _read_day(scope)
    entries = (("overview", ""), ("goals", "goals/"), ("indicators", "indicators/"), ("countries", "countries/"))
    places = {
        "<head>": "<head>"
        + render("head.html", head.lang, head=head, places=list_alternates(below))
        + (_write_shared_head(scope, head.lang, head.heading, head.description, chart) if head.found else ""),
        "<!--shell-->": render(
            "shell.html", head.lang, head=head, entries=entries, picture=picture, training=settings().training,
            kept=partial(_add_day, as_of=as_of),
        ),
    }  # fmt: skip
    if data := head.linked_data():  # last: the browser's React takes the first script it meets for its own
        places["</head>"] = f'<script data-page type="application/ld+json">{data}</script></head>'
    await _send_filled(app, scope, receive, send, f"{folder}/{SHELL}", places, head.status)


async def _send_filled(
    app: ASGIApp,
    scope: Scope,
    receive: Receive,
    send: Send,
    path: str,
    places: Mapping[str, str],
    status: int | None = None,
) -> None:
    """The page of ``app`` at ``path``, with HTML in the ``places`` it names, and another status where one is given.

    It is asked for whole and unpacked, whatever the browser holds.
    """
    withheld = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
    plain = [(name, value) for name, value in scope["headers"] if name not in withheld]
    inner = {**scope, "path": path, "method": "GET", "headers": plain, "extensions": {}}  # no sending of files past us
    start: Message = {}
    body = b""

    async def collect(message: Message) -> None:
        nonlocal start, body
        if message["type"] == "http.response.start":
            start = message
        else:
            body += message.get("body", b"")

    await app(inner, receive, collect)
    headers = MutableHeaders(scope=start)
    if headers.get("content-type", "").startswith("text/html"):
        page = body.decode("utf-8")
        for place, text in places.items():
            page = page.replace(place, text, 1)
        body = page.encode("utf-8")
        for name in ("etag", "last-modified", "accept-ranges"):
            if name in headers:
                del headers[name]
        headers["cache-control"] = "no-cache"
        headers["vary"] = "Accept-Encoding"
        if "gzip" in Headers(scope=scope).get("accept-encoding", ""):
            body = gzip.compress(body, 6, mtime=0)
            headers["content-encoding"] = "gzip"
        headers["content-length"] = str(len(body))
        start = {**start, "status": status or start["status"]}
    await send(start)
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def _write_image(chart: str) -> str:
    """The image of a chart in the colours that the reader's system prefers; "" for no chart."""
    if not chart:
        return ""
    light, dark = (_write_image_url(chart, theme) for theme in ("light", "dark"))
    return render("first_picture.html", "en", light=light, dark=dark)


def _write_image_url(chart: str, theme: str) -> str:
    """Where the image of a chart is; as the figure in the page writes it, so that it is asked for once."""
    return f"{change_form(chart, 'svg')}&theme={theme}"


def _add_day(to: str, as_of: str) -> str:
    """An address of ours with the day the reader looks back to."""
    if not as_of or not to.startswith("/") or "as_of=" in to:
        return to
    return f"{to}{'&' if '?' in to else '?'}{urlencode({'as_of': as_of})}"
