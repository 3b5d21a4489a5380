"""What surrounds every page: skip link, header, selection, the state of the answer, footer, drawer."""

from collections.abc import Callable
from functools import cache
from typing import Any

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from dashboard.interfaces.components.browser import (
    Dialog,
    DocumentLanguage,
    LanguageLink,
    OnlyFor,
    link_file,
    link_page,
)
from dashboard.interfaces.components.controls import link_view
from dashboard.interfaces.components.figures import format_years
from dashboard.interfaces.components.search import make_site_search
from dashboard.interfaces.components.trouble import draw_placeholder, explain_failure, explain_not_found
from dashboard.interfaces.pages.shell.page import MenuEntry, Page, Words
from dashboard.interfaces.pages.shell.provenance import ProvenanceState, draw_provenance
from dashboard.interfaces.pages.shell.share import draw_share_dialog
from dashboard.interfaces.pages.shell.state import Shell
from dashboard.locales import LANGUAGES, t
from dashboard.settings import settings

API_DOCS = "/api/v1/docs"


def build_frame(
    lang: str,
    menu: tuple[MenuEntry, ...],
    content: rx.Component,
    selects: bool = False,
    section: MenuEntry | None = None,
) -> rx.Component:
    """``content`` inside the frame of the product.

    Args:
        selects: the page has its own controls for the selection, which is then not said above it.
        section: the section of the page, where it has more than one.
    """
    return rx.fragment(
        DocumentLanguage.create(lang=lang, dir=LANGUAGES[lang].dir),
        link_file(t("ui.nav.skip", lang), href="#main", class_name="skip"),
        *((share_part(draw_training_notice, lang)(),) if settings().training else ()),
        share_part(draw_header, lang, menu)(),
        share_part(_explain_past, lang)(),
        *(() if selects else (share_part(_draw_selection, lang)(),)),
        share_part(_explain_ignored, lang)(),
        *((_link_section(lang, section),) if section else ()),
        rx.el.main(
            content,
            id="main",
            class_name="wrap",
            tab_index=-1,
        ),
        share_part(_draw_footer, lang)(),
        share_part(_draw_drawer, lang)(),
        share_part(draw_share_dialog, lang)(),
        share_part(_explain_connection, lang)(),
        rx.cond(rx.State.is_hydrated, rx.el.span(id="hydrated", hidden=True)),
    )


_named: dict[tuple[str, str], Callable[..., rx.Component]] = {}
"""What the browser knows a part by: room and name, each in a language."""


@cache
def share_part(part: Callable[..., rx.Component], lang: str, *more: Any) -> Callable[[], rx.Component]:
    """``part`` in that language, compiled once and whole: the pages name it, and none of them holds a copy."""

    if not part.__name__.isidentifier():
        raise ValueError(f"{part.__name__} of {part.__module__} names a component in the browser: give it a name")

    def named() -> rx.Component:
        return part(lang, *more)

    named.__name__ = named.__qualname__ = f"{part.__name__.strip('_')}_{lang}"
    named.__module__ = f"{part.__module__}_{lang}"  # a file per room and language, lest the scripts of all become one
    if _named.setdefault((named.__module__, named.__name__), part) is not part:
        raise ValueError(f"{part.__module__} has two parts called {part.__name__}: the browser would show one for both")
    return rx.memo(named)


def show_answer(
    lang: str,
    part: Callable[[str], rx.Component],
    load: Any,
    pending: rx.Component | None = None,
    level: str = "h2",
) -> rx.Component:
    """``part`` when the answer for this address is there; its shape before, words when there is none.

    It is made only then: what a page says of an answer may be asked of it without asking whether it came. ``level`` is
    that of the words' heading: "h1" where the page's own is in ``part``.
    """
    return OnlyFor.create(
        rx.match(
            Shell.phase,
            ("ready", share_part(part, lang)()),
            ("unknown", explain_not_found(lang, Shell.said, Shell.help, Shell.suggestions, level)),
            explain_failure(lang, Shell.said, Shell.help, load, level),
        ),
        holds=Shell.shown,
        query=Shell.shown_query,
        pending=pending if pending is not None else draw_placeholder(lang),
    )


def draw_page_head(heading: Any, lede: Any, *more: rx.Component) -> rx.Component:
    """What a page is called, the sentence that says what it shows, and what leads on, in a line where there is room."""
    return rx.el.header(rx.el.h1(heading), rx.el.p(lede, class_name="lede"), *more, class_name="overview-head")


def make_page(
    id_: str,
    heading: str,
    lede: str,
    part: Callable[[str], rx.Component],
    load: Any,
    *,
    path: str = "",
    title: Words | None = None,
    example: str = "",
    framed: bool = False,
    **more: Any,
) -> Page:
    """A page of a fixed address that is its heading, its lede, and ``part`` when the answer is there.

    Args:
        heading: key of what it is called.
        lede: key of the sentence that says what it shows; it describes the page too.
        part: as of ``show_answer``.
        load: what answers the address.
        path: below the language, without slashes at its ends; "" for the id.
        title: of the window, where it is not the heading.
        example: as of ``Page``; "" for the path.
        framed: heading and lede stand in a header of their own (``draw_page_head``).
        more: further fields of ``Page``.
    """

    def body(lang: str) -> rx.Component:
        words = t(heading, lang), t(lede, lang)
        head = (draw_page_head(*words),) if framed else (rx.el.h1(words[0]), rx.el.p(words[1], class_name="lede"))
        return rx.fragment(*head, show_answer(lang, part, load))

    body.__module__ = part.__module__  # the browser knows it by name and room: see ``share_part``
    path = path or id_
    return Page(
        id=id_,
        route=f"/{{lang}}/{path}/",
        body=body,
        load=load,
        title=title or (lambda lang: t(heading, lang)),
        description=lambda lang: t(lede, lang),
        example=example or f"{path}/",
        **more,
    )


def link_follow(lang: str, query: Any) -> rx.Component:
    """To the form that tells by mail or webhook of what a query names, such as ``country=UGA``."""
    return link_file(t("follow.page.title", lang), href=f"/follow/?lang={lang}&{query}")


def link_brief(lang: str, query: Any, day: Any) -> rx.Component:
    """To a reader's own brief of what a query names, as of the ``day`` of the address, "" for the newest figures."""
    dated = rx.cond(day != "", f"&as_of={day}", "")
    return link_file(t("brief.page.title", lang), href=f"/brief/?lang={lang}&{query}{dated}")


def draw_crumbs(lang: str, *links: rx.Component) -> rx.Component:
    """The way down to this page."""
    return rx.el.nav(
        rx.el.ol(*(rx.el.li(link) for link in links)), class_name="crumbs", aria_label=t("ui.nav.breadcrumb", lang)
    )


def _list_sections(lang: str, menu: tuple[MenuEntry, ...]) -> rx.Component:
    def link(entry: MenuEntry) -> rx.Component:
        first, *others = (f"/{lang}/{path}" for _, path in entry.pages)
        return link_page(t(f"ui.nav.{entry.key}", lang), to=first, section=True, also=others)

    return rx.el.ul(*(rx.el.li(link(entry)) for entry in menu))


def _link_section(lang: str, section: MenuEntry) -> rx.Component:
    """The pages of a section beside each other."""
    made = [("sdmx.menu", f"/{lang}/sdmx/"), ("ui.nav.api", API_DOCS)] if section.key == "about" else []
    return rx.el.nav(
        rx.el.ul(
            *(
                rx.el.li(link_page(section.label(name, lang), to=f"/{lang}/{path}", section=True))
                for name, path in section.pages
            ),
            *(rx.el.li(link_file(t(key, lang), href=href)) for key, href in made),
        ),
        class_name="wrap section-links",
        aria_label=t(f"ui.nav.{section.key}", lang),
    )


def draw_header(lang: str, menu: tuple[MenuEntry, ...]) -> rx.Component:
    """Name, menu, search and tools, as every page begins."""
    label = t("ui.nav.label", lang)
    return rx.el.header(
        rx.el.div(
            link_page(t("ui.product.name", lang), to=f"/{lang}/", class_name="brand"),
            rx.el.nav(_list_sections(lang, menu), aria_label=label, class_name="bar"),
            rx.el.details(
                rx.el.summary(t("ui.nav.menu", lang)),
                rx.el.nav(_list_sections(lang, menu), aria_label=label),
                class_name="menu",
            ),
            rx.el.div(
                make_site_search(lang),
                _draw_bell(lang),
                _link_languages(lang),
                rx.el.button(
                    rx.el.span(t("ui.appearance.dark", lang), class_name="when-light"),
                    rx.el.span(t("ui.appearance.light", lang), class_name="when-dark"),
                    type="button",
                    on_click=rx.toggle_color_mode,
                ),
                class_name="tools",
            ),
            class_name="wrap",
        ),
        class_name="top",
    )


def _draw_bell(lang: str) -> rx.Component:
    """The way to the feed and the calendar: how to hear of new figures."""
    words = t("changes.calendar.subscribe", lang)
    drawing = rx.el.svg(
        rx.el.path(d="M5 16h14l-1.6-2.4V10a5.4 5.4 0 0 0-10.8 0v3.6zM10 18.5a2 2 0 0 0 4 0"),
        view_box="0 0 24 24",
        aria_hidden="true",
    )
    return link_page(
        drawing, rx.el.span(words, class_name="sr-only"), to=f"/{lang}/#news", class_name="bell", title=words
    )


def _link_languages(lang: str) -> rx.Component:
    """This very page in the other languages, folded under the name of its own."""
    return rx.el.details(
        rx.el.summary(
            rx.el.span(t("ui.language.label", lang), t("ui.list.colon", lang), class_name="sr-only"),
            LANGUAGES[lang].endonym,
        ),
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


def _draw_selection(lang: str) -> rx.Component:
    """The reader's selection, on every page without controls for it, with a way to compare it and to drop it."""
    chosen = ~Shell.default_selection | (Shell.first != "") | (Shell.last != "")
    names = rx.foreach(
        Shell.picked, lambda country: rx.el.li(link_page(country["label"], to=f"/{lang}/countries/{country['id']}/"))
    )
    return rx.cond(
        chosen,
        rx.el.aside(
            rx.el.div(
                rx.el.span(t("pages.tray.label", lang), class_name="quiet"),
                rx.cond(~Shell.default_selection, rx.el.ul(names, class_name="names")),
                rx.cond(
                    (Shell.first != "") | (Shell.last != ""),
                    format_years(
                        rx.cond(Shell.first != "", Shell.first, "…"), rx.cond(Shell.last != "", Shell.last, "…")
                    ),
                ),
                link_page(t("pages.tray.compare", lang), to=f"/{lang}/compare/"),
                link_view(t("ui.buttons.reset", lang), to=Shell.unselected, class_name="plain"),
                class_name="wrap",
            ),
            class_name="tray",
            aria_label=t("pages.tray.label", lang),
        ),
    )


def draw_training_notice(lang: str) -> rx.Component:
    """Said above every page of a training workspace."""
    return rx.el.aside(
        rx.el.p(t("training.notice", lang), class_name="wrap"),
        class_name="training",
        aria_label=t("training.notice", lang),
    )


def _explain_ignored(lang: str) -> rx.Component:
    """What was left out of an address, in the words of the answer."""
    return rx.cond(
        Shell.ignored != "",
        rx.el.div(rx.el.p(Shell.ignored, class_name="note"), class_name="wrap tray-note", role="status"),
    )


def _explain_past(lang: str) -> rx.Component:
    """Said above every page while an earlier day is looked at, with a way back."""
    return rx.cond(
        Shell.past != "",
        rx.el.aside(
            rx.el.div(
                rx.el.p(Shell.past, role="status"),
                link_view(t("changes.past.back", lang), to=Shell.newest, class_name="plain"),
                class_name="wrap",
            ),
            class_name="past",
            aria_label=t("changes.past.label", lang),
        ),
    )


def _explain_connection(lang: str) -> rx.Component:
    """Said when the server cannot be reached, or has not answered for a while; the page keeps what it shows."""

    def notice(after: str) -> rx.Component:
        again = link_file(t("ui.buttons.retry", lang), href="")
        return rx.el.p(t("ui.errors.offline", lang), " ", again, class_name=after)

    return rx.el.div(
        rx.cond(has_connection_errors, notice("soon"), rx.cond(rx.State.is_hydrated, rx.fragment(), notice("late"))),
        class_name="connection",
        role="alert",
    )


def _draw_footer(lang: str) -> rx.Component:
    dataset_status = Shell.dataset_status
    return rx.el.footer(
        rx.el.div(
            rx.el.div(
                rx.el.div(
                    rx.el.h2(t("pages.footer.dataset", lang)),
                    rx.cond(
                        dataset_status["version"].to(str),
                        rx.fragment(
                            rx.el.p(dataset_status["as_of_text"]),
                            rx.el.p(t("pages.footer.version", lang), " ", rx.el.code(dataset_status["version"])),
                            rx.cond(
                                dataset_status["change"] != "",
                                rx.el.p(dataset_status["change"]),
                                rx.el.p(t("pages.footer.first", lang)),
                            ),
                        ),
                        rx.el.p(t("pages.footer.pending", lang)),
                    ),
                ),
                rx.el.div(
                    rx.el.h2(t("pages.footer.rights", lang)),
                    rx.el.p(t("ui.footer.licence", lang, licence="Apache-2.0")),
                    rx.el.div(
                        link_page(t("ui.footer.sources", lang), to=f"/{lang}/sources/"),
                        link_page(t("availability.page.heading", lang), to=f"/{lang}/availability/"),
                        link_page(t("delivery.page.heading", lang), to=f"/{lang}/services/"),
                        link_page(t("submissions.public.title", lang), to=f"/{lang}/sending/"),
                        link_file(t("drafts.page.heading", lang), href=f"/check/?lang={lang}"),
                        link_file(t("pages.footer.api", lang), href=API_DOCS),
                        class_name="links",
                    ),
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


def _draw_drawer(lang: str) -> rx.Component:
    return Dialog.create(
        draw_provenance(lang, ProvenanceState.way, ProvenanceState.trouble),
        open=ProvenanceState.drawer,
        label=t("ui.provenance.title", lang),
        close_text=t("ui.buttons.close", lang),
        on_close=ProvenanceState.close,
    )
