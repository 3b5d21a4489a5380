"""The composition root: pages in every language, API, headers."""

from collections.abc import Callable
from functools import partial

import reflex as rx

from dashboard.api.assistants.endpoint import ENDPOINT
from dashboard.api.security import security_headers
from dashboard.api.warming import warm
from dashboard.components.browser import Written
from dashboard.desk.site import above
from dashboard.gathering.schedule.schedule import run_schedule
from dashboard.locales import LANGUAGES, t
from dashboard.operations.following import followed
from dashboard.operations.upkeep import do_hourly, keep_whole, look_through_often, send_messages
from dashboard.operations.watching.asking import ask_schedule
from dashboard.operations.watching.gauges import tell_of_operation
from dashboard.pages.registry import FOUND, MENU, PAGES, find_section
from dashboard.pages.shell import absent
from dashboard.pages.shell.frame import frame, shared
from dashboard.pages.shell.page import Page
from dashboard.pages.shell.serving import serving
from dashboard.protection.connections import guarded
from dashboard.protection.events import browser_failed, event_failed
from dashboard.protection.metrics import measured
from dashboard.protection.requests import contained, request_ids
from dashboard.protection.sockets import server
from dashboard.protection.states import keep_alive
from dashboard.services.effects.background import estimated
from dashboard.services.search.entries import add_page
from dashboard.settings import settings

marked = []
if settings().training:
    from dashboard.training.marking import mark

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
    hydrate_fallback=Written.create(name="shell", id="shell"),
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
    sio=server(),
    backend_exception_handler=event_failed,
    frontend_exception_handler=browser_failed,
    api_transformer=[above, serving(PAGES), security_headers, measured, guarded, *marked, contained, request_ids],
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
        return frame(lang, MENU, shared(page.body, lang)(), page.selects, find_section(page))

    return build


for code in LANGUAGES:
    for registered in PAGES:
        _add(registered, code)
for further in FOUND:
    for address in () if further.dynamic else further.addresses():
        add_page(further.id, address, {code: further.title(code) for code in LANGUAGES})
tell_of_operation()
app.register_lifespan_task(warm)
app.register_lifespan_task(ENDPOINT.served)
app.register_lifespan_task(run_schedule)
app.register_lifespan_task(keep_whole)
app.register_lifespan_task(followed)
app.register_lifespan_task(do_hourly)
app.register_lifespan_task(look_through_often)
app.register_lifespan_task(send_messages)
app.register_lifespan_task(ask_schedule)
app.register_lifespan_task(estimated)
app.register_lifespan_task(keep_alive, product=app)
app.add_page(partial(absent.body, MENU), route="/404", title=t("ui.errors.page", "en"))
