"""There is no page at this address: said in the language of the address."""

import reflex as rx

from dashboard.components.browser import InLanguage
from dashboard.components.trouble import onward
from dashboard.locales import LANGUAGES, t
from dashboard.pages.shell.frame import training
from dashboard.settings import settings


def body() -> rx.Component:
    """The page for addresses that lead nowhere, in every language; the browser shows the one of the address."""
    return rx.fragment(
        *(
            InLanguage.create(
                _in_language(lang),
                lang=lang,
                dir=language.dir,
                title=f"{t('ui.errors.page', lang)} · {t('ui.product.name', lang)}",
                fallback=lang == "en",
            )
            for lang, language in LANGUAGES.items()
        ),
        rx.cond(rx.State.is_hydrated, rx.el.span(id="hydrated", hidden=True)),
    )


def _in_language(lang: str) -> rx.Component:
    return rx.fragment(
        *((training(lang),) if settings().training else ()),
        rx.el.header(
            rx.el.div(rx.el.a(t("ui.product.name", lang), href=f"/{lang}/", class_name="brand"), class_name="wrap"),
            class_name="top",
        ),
        rx.el.main(
            rx.el.h1(t("ui.errors.page", lang)),
            rx.el.p(t("ui.errors.page_help", lang), class_name="lede"),
            onward(lang),
            class_name="wrap",
        ),
    )
