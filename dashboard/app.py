"""The composition root: pages in every language, API, headers."""

from collections.abc import Callable
from functools import partial

import reflex as rx

from dashboard.answers.search.entries import add_page
from dashboard.evidence.gathering.schedule.schedule import run_schedule
from dashboard.interfaces.api.assistants.endpoint import ENDPOINT
from dashboard.interfaces.api.security import add_security_headers
from dashboard.interfaces.api.warming import warm
from dashboard.interfaces.desk.site import above
from dashboard.interfaces.pages.registry import FOUND, MENU, PAGES, find_section
from dashboard.interfaces.pages.shell import absent
from dashboard.interfaces.pages.shell.frame import build_frame, share_part
from dashboard.interfaces.pages.shell.page import Page
from dashboard.interfaces.pages.shell.serving import serve_pages, start_renderer
from dashboard.interfaces.protection.connections import limit_connections
from dashboard.interfaces.protection.events import log_browser_error, log_event_error
from dashboard.interfaces.protection.metrics import measure_requests
from dashboard.interfaces.protection.requests import assign_request_ids, contain_errors
from dashboard.interfaces.protection.sockets import create_server
from dashboard.interfaces.protection.states import keep_alive
from dashboard.locales import LANGUAGES, t
from dashboard.operations.following import follow_publications
from dashboard.operations.upkeep import do_hourly, keep_whole, look_through_often, send_messages
from dashboard.operations.watching.asking import ask_schedule
from dashboard.operations.watching.gauges import register_metrics
from dashboard.settings import settings

marked = []
if settings().training:
    from dashboard.operations.training.marking import mark

    marked = [mark]

app = rx.App(
    stylesheets=[
        "/tokens.css",
        "/base.css",
        "/goals.css",
        "/overview.css",
        "/changes.css",
        "/matrix.css",
        "/progress.css",
        "/search.css",
        "/register.css",
        "/indicator.css",
        "/country.css",
        "/effects.css",
        "/compare.css",
        "/mapping.css",
        "/services.css",
        "/statement.css",
        "/print.css",
    ],
    reset_style=False,
    toaster=None,
    app_wraps={},
    head_components=[
        rx.el.link(  # the bold one would hold up style and first text on a slow link: it comes once they are there
            rel="preload",
            href="/fonts/monitor-sans-latin-regular.woff2",
            custom_attrs={"as": "font", "crossOrigin": "", "fetchPriority": "low"},
            type="font/woff2",
        ),
        rx.el.link(rel="stylesheet", href="/fonts/fonts.css"),  # its own file: its fonts are found beside it
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
        *(
            rx.el.meta(name="theme-color", content=colour, custom_attrs={"media": f"(prefers-color-scheme: {scheme})"})
            for scheme, colour in (("light", "#fbfaf7"), ("dark", "#1a1d22"))
        ),
    ],
    sio=create_server(),
    backend_exception_handler=log_event_error,
    frontend_exception_handler=log_browser_error,
    api_transformer=[
        above,
        serve_pages(PAGES),
        add_security_headers,
        measure_requests,
        limit_connections,
        *marked,
        contain_errors,
        assign_request_ids,
    ],
)


def _add(page: Page, lang: str) -> None:
    name = t("ui.product.name", lang)
    app.add_page(
        _built(page, lang),
        route=page.route_in(lang),
        title=f"{page.title(lang)} · {name}",
        description=page.description(lang),
        image="/favicon.ico",
        on_load=[*page.before, page.load, *page.after],
        meta=[_feed(lang)],
    )


def _feed(lang: str) -> rx.Component:
    """Where readers of feeds find what changed."""
    return rx.el.link(
        rel="alternate",
        type="application/atom+xml",
        title=t("changes.feed.title", lang),
        href=f"/api/v1/changes.atom?lang={lang}",
    )


def _built(page: Page, lang: str) -> Callable[[], rx.Component]:
    """The page as Reflex calls it."""

    def build() -> rx.Component:
        return build_frame(lang, MENU, share_part(page.body, lang)(), page.selects, find_section(page))

    return build


for code in LANGUAGES:
    for registered in PAGES:
        _add(registered, code)
for further in FOUND:
    for address in () if further.dynamic else further.addresses():
        add_page(further.id, address, {code: further.title(code) for code in LANGUAGES})
register_metrics()
app.register_lifespan_task(warm)
app.register_lifespan_task(start_renderer)
app.register_lifespan_task(ENDPOINT.served)
app.register_lifespan_task(run_schedule)
app.register_lifespan_task(keep_whole)
app.register_lifespan_task(follow_publications)
app.register_lifespan_task(do_hourly)
app.register_lifespan_task(look_through_often)
app.register_lifespan_task(send_messages)
app.register_lifespan_task(ask_schedule)
app.register_lifespan_task(keep_alive, product=app)
app.add_page(partial(absent.draw_absent_page, MENU), route="/404", title=t("ui.errors.page", "en"))
