"""The composition root: pages in every language, API, headers."""

from collections.abc import Callable

import reflex as rx

from dashboard.api.app import api
from dashboard.api.security import security_headers
from dashboard.api.warming import noticing, warm
from dashboard.components.browser import ShellText
from dashboard.gathering.schedule import scheduled
from dashboard.locales import LANGUAGES, t
from dashboard.pages import absent
from dashboard.pages.frame import frame, shared
from dashboard.pages.page import Page
from dashboard.pages.registry import MENU, PAGES
from dashboard.pages.serving import serving

app = rx.App(
    stylesheets=[
        "/tokens.css",
        "/base.css",
        "/goals.css",
        "/changes.css",
        "/matrix.css",
        "/progress.css",
        "/search.css",
        "/register.css",
        "/indicator.css",
        "/country.css",
        "/effects.css",
        "/compare.css",
        "/print.css",
    ],
    reset_style=False,
    toaster=None,
    app_wraps={},
    hydrate_fallback=ShellText.create(),
    head_components=[
        *(
            rx.el.link(
                rel="preload",
                href=f"/fonts/monitor-sans-latin-{weight}.woff2",
                custom_attrs={"as": "font", "crossOrigin": ""},
                type="font/woff2",
            )
            for weight in ("regular", "semibold")
        ),
        rx.el.link(rel="stylesheet", href="/fonts/fonts.css"),  # its own file: its fonts are found beside it
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
        *(
            rx.el.meta(name="theme-color", content=colour, custom_attrs={"media": f"(prefers-color-scheme: {scheme})"})
            for scheme, colour in (("light", "#fbfaf7"), ("dark", "#1a1d22"))
        ),
    ],
    api_transformer=[api, serving(PAGES), security_headers, noticing],
)


def _add(page: Page, lang: str) -> None:
    name = t("ui.product.name", lang)
    app.add_page(
        _built(page, lang),
        route=page.route_in(lang),
        title=f"{page.title(lang)} · {name}",
        description=page.description(lang),
        image="/favicon.ico",
        on_load=page.arrive,
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
        return frame(lang, MENU, shared(page.body, lang)(), page.selects)

    return build


for code in LANGUAGES:
    for registered in PAGES:
        _add(registered, code)
app.register_lifespan_task(warm)
app.register_lifespan_task(scheduled)
app.add_page(absent.body, route="/404", title=t("ui.errors.page", "en"))
