"""There is no page at this address: said in the language of the address, with menu and search to go on."""

import reflex as rx

from dashboard.interfaces.components.browser import InLanguage
from dashboard.interfaces.components.trouble import link_onward
from dashboard.interfaces.pages.shell.frame import draw_header, draw_training_notice, share_part
from dashboard.interfaces.pages.shell.page import MenuEntry
from dashboard.locales import LANGUAGES, t
from dashboard.settings import settings


def draw_absent_page(menu: tuple[MenuEntry, ...]) -> rx.Component:
    """The page for addresses that lead nowhere, in every language; the browser shows the one of the address."""
    return rx.fragment(
        *(
            InLanguage.create(
                _draw_in_language(lang, menu),
                lang=lang,
                dir=language.dir,
                title=f"{t('ui.errors.page', lang)} · {t('ui.product.name', lang)}",
                others=list(LANGUAGES),
            )
            for lang, language in LANGUAGES.items()
        ),
        rx.cond(rx.State.is_hydrated, rx.el.span(id="hydrated", hidden=True)),
    )


def _draw_in_language(lang: str, menu: tuple[MenuEntry, ...]) -> rx.Component:
    return rx.fragment(
        *((draw_training_notice(lang),) if settings().training else ()),
        share_part(draw_header, lang, menu)(),
        rx.el.main(
            rx.el.h1(t("ui.errors.page", lang)),
            rx.el.p(t("ui.errors.page_help", lang), class_name="lede"),
            link_onward(lang),
            class_name="wrap",
        ),
    )
