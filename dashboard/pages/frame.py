"""What surrounds every page: skip link, header, selection, the state of the answer, footer, drawer."""

from collections.abc import Callable
from functools import cache
from typing import Any

import reflex as rx

from dashboard.components.browser import (
    Arrived,
    ConnectionNotice,
    Dialog,
    DocumentLanguage,
    FirstAnswer,
    LanguageLink,
    OnlyFor,
    SkipLink,
    ThemeToggle,
    file_link,
    page_link,
)
from dashboard.components.figures import year_range
from dashboard.components.provenance import way
from dashboard.components.search import site_search
from dashboard.components.trouble import failed, not_found, shape
from dashboard.locales import LANGUAGES, t
from dashboard.states.provenance import ProvenanceState
from dashboard.states.shell import Shell

API_DOCS = "/api/v1/docs"


def frame(lang: str, menu: tuple[tuple[str, str], ...], content: rx.Component, selects: bool = False) -> rx.Component:
    """``content`` inside the frame of the product.

    Args:
        lang: the language.
        menu: (key of ``ui.nav``, path below the language).
        content: the page.
        selects: the page has its own controls for the selection, which is then not said above it.
    """
    return rx.fragment(
        DocumentLanguage.create(lang=lang, dir=LANGUAGES[lang].dir),
        FirstAnswer.create(holds=Shell.shown),
        SkipLink.create(t("ui.nav.skip", lang), to="main"),
        shared(_header, lang, menu)(),
        shared(_past, lang)(),
        *(() if selects else (shared(_tray, lang)(),)),
        shared(_ignored, lang)(),
        rx.el.noscript(
            rx.el.p(
                t("pages.without_script", lang),
                " ",
                file_link(t("pages.footer.api", lang), href=API_DOCS),
                class_name="wrap note",
            )
        ),
        rx.el.main(content, id="main", class_name="wrap", tab_index=-1),
        shared(_footer, lang)(),
        shared(_drawer, lang)(),
        ConnectionNotice.create(
            arrived=rx.State.is_hydrated,
            text=t("ui.errors.offline", lang),
            retry_text=t("ui.buttons.retry", lang),
        ),
        rx.cond(rx.State.is_hydrated, Arrived.create()),
    )


@cache
def shared(part: Callable[..., rx.Component], lang: str, *more: Any) -> Callable[[], rx.Component]:
    """``part`` in that language, compiled once and whole: the pages name it, and none of them holds a copy."""

    def named() -> rx.Component:
        return part(lang, *more)

    named.__name__ = named.__qualname__ = f"{part.__name__.strip('_')}_{lang}"
    named.__module__ = f"{part.__module__}_{lang}"  # a file per room and language, lest the scripts of all become one
    return rx.memo(named)


def answered(
    lang: str, part: Callable[[str], rx.Component], arrive: Any, pending: rx.Component | None = None
) -> rx.Component:
    """``part`` when the answer for this address is there; its shape before, words when there is none.

    It is made only then: what a page says of an answer may be asked of it without asking whether it came.
    """
    return OnlyFor.create(
        rx.match(
            Shell.phase,
            ("ready", shared(part, lang)()),
            ("unknown", not_found(lang, Shell.said, Shell.help, Shell.suggestions)),
            failed(lang, Shell.said, Shell.help, arrive),
        ),
        holds=Shell.shown,
        pending=pending if pending is not None else shape(lang),
    )


def crumbs(lang: str, *links: rx.Component) -> rx.Component:
    """The way down to this page."""
    return rx.el.nav(
        rx.el.ol(*(rx.el.li(link) for link in links)), class_name="crumbs", aria_label=t("ui.nav.breadcrumb", lang)
    )


def _links(lang: str, menu: tuple[tuple[str, str], ...]) -> rx.Component:
    return rx.el.ul(
        *(rx.el.li(page_link(t(f"ui.nav.{key}", lang), to=f"/{lang}/{path}", section=True)) for key, path in menu)
    )


def _header(lang: str, menu: tuple[tuple[str, str], ...]) -> rx.Component:
    label = t("ui.nav.label", lang)
    return rx.el.header(
        rx.el.div(
            page_link(t("ui.product.name", lang), to=f"/{lang}/", class_name="brand"),
            rx.el.nav(_links(lang, menu), aria_label=label, class_name="bar"),
            rx.el.details(
                rx.el.summary(t("ui.nav.menu", lang)),
                rx.el.nav(_links(lang, menu), aria_label=label),
                class_name="menu",
            ),
            rx.el.div(
                site_search(lang),
                _languages(lang),
                ThemeToggle.create(to_dark=t("ui.appearance.dark", lang), to_light=t("ui.appearance.light", lang)),
                class_name="tools",
            ),
            class_name="wrap",
        ),
        class_name="top",
    )


def _languages(lang: str) -> rx.Component:
    """This very page in the other languages, folded under the name of its own."""
    return rx.el.details(
        rx.el.summary(rx.el.span(t("ui.language.label", lang), ": ", class_name="sr-only"), LANGUAGES[lang].endonym),
        rx.el.ul(
            *(
                rx.el.li(
                    LanguageLink.create(
                        other.endonym, to=code, title=t("ui.language.read_in", code, language=other.endonym)
                    )
                )
                for code, other in LANGUAGES.items()
                if code != lang
            )
        ),
        class_name="languages",
    )


def _tray(lang: str) -> rx.Component:
    """The reader's selection, on every page without controls for it, with a way to compare it and to drop it."""
    chosen = ~Shell.default_selection | (Shell.first != "") | (Shell.last != "")
    names = rx.foreach(
        Shell.picked, lambda country: rx.el.li(page_link(country["label"], to=f"/{lang}/countries/{country['id']}/"))
    )
    return rx.cond(
        chosen,
        rx.el.aside(
            rx.el.div(
                rx.el.span(t("pages.tray.label", lang), class_name="quiet"),
                rx.cond(~Shell.default_selection, rx.el.ul(names, class_name="names")),
                rx.cond(
                    (Shell.first != "") | (Shell.last != ""),
                    year_range(
                        rx.cond(Shell.first != "", Shell.first, "…"), rx.cond(Shell.last != "", Shell.last, "…")
                    ),
                ),
                page_link(t("pages.tray.compare", lang), to=f"/{lang}/compare/"),
                rx.el.button(
                    t("ui.buttons.reset", lang), type="button", class_name="plain", on_click=Shell.reset_selection
                ),
                class_name="wrap",
            ),
            class_name="tray",
            aria_label=t("pages.tray.label", lang),
        ),
    )


def _ignored(lang: str) -> rx.Component:
    """What was left out of an address, in the words of the answer."""
    return rx.cond(
        Shell.ignored != "",
        rx.el.div(rx.el.p(Shell.ignored, class_name="note"), class_name="wrap tray-note", role="status"),
    )


def _past(lang: str) -> rx.Component:
    """Said above every page while an earlier day is looked at, with a way back."""
    return rx.cond(
        Shell.past != "",
        rx.el.aside(
            rx.el.div(
                rx.el.p(Shell.past, role="status"),
                rx.el.button(
                    t("changes.past.back", lang), type="button", class_name="plain", on_click=Shell.leave_past
                ),
                class_name="wrap",
            ),
            class_name="past",
            aria_label=t("changes.past.label", lang),
        ),
    )


def _footer(lang: str) -> rx.Component:
    stand = Shell.stand
    return rx.el.footer(
        rx.el.div(
            rx.el.div(
                rx.el.div(
                    rx.el.h2(t("pages.footer.dataset", lang)),
                    rx.cond(
                        stand["version"].to(str),
                        rx.fragment(
                            rx.el.p(stand["as_of_text"]),
                            rx.el.p(t("pages.footer.version", lang), " ", rx.el.code(stand["version"])),
                            rx.cond(
                                stand["change"] != "", rx.el.p(stand["change"]), rx.el.p(t("pages.footer.first", lang))
                            ),
                        ),
                        rx.el.p(t("pages.footer.pending", lang)),
                    ),
                ),
                rx.el.div(
                    rx.el.h2(t("pages.footer.rights", lang)),
                    rx.el.p(t("ui.footer.licence", lang, licence="Apache-2.0")),
                    rx.el.p(page_link(t("ui.footer.sources", lang), to=f"/{lang}/sources/")),
                    rx.el.p(page_link(t("availability.page.heading", lang), to=f"/{lang}/availability/")),
                    rx.el.p(file_link(t("pages.footer.api", lang), href=API_DOCS)),
                ),
                rx.el.div(
                    rx.el.h2(t("pages.footer.read", lang)),
                    rx.el.p(t("ui.product.independence", lang)),
                    rx.el.p(t("pages.footer.adopters", lang)),
                    rx.el.p(t("ui.footer.note", lang)),
                ),
                class_name="cols",
            ),
            class_name="wrap",
        ),
        class_name="foot",
    )


def _drawer(lang: str) -> rx.Component:
    return Dialog.create(
        way(lang, ProvenanceState.way, ProvenanceState.trouble),
        open=ProvenanceState.drawer,
        label=t("ui.provenance.title", lang),
        close_text=t("ui.buttons.close", lang),
        on_close=ProvenanceState.close,
    )
