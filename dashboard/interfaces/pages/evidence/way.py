"""One CEPA principle or one theme: its indicators, how strongly they are linked and why, with coverage and age."""

import reflex as rx

from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.evidence.codebook.tables import THEMES
from dashboard.interfaces.components.browser import link_page
from dashboard.interfaces.components.cards import list_linked_indicators
from dashboard.interfaces.pages.evidence.state import EvidenceState
from dashboard.interfaces.pages.shell.frame import draw_crumbs, show_answer
from dashboard.interfaces.pages.shell.head import Head, describe_absent
from dashboard.interfaces.pages.shell.page import Page
from dashboard.locales import t


def principle_body(lang: str) -> rx.Component:
    """The page of a principle in a language."""
    return show_answer(lang, _draw_principle, EvidenceState.load_principle, level="h1")


def theme_body(lang: str) -> rx.Component:
    """The page of a theme in a language."""
    return show_answer(lang, _draw_theme, EvidenceState.load_theme, level="h1")


def _draw_principle(lang: str) -> rx.Component:
    return rx.fragment(
        _draw_evidence(lang, "principles"), rx.el.p(t("terms.cepa.definition", lang), class_name="note section")
    )


def _draw_theme(lang: str) -> rx.Component:
    return _draw_evidence(lang, "themes")


def _draw_evidence(lang: str, kind: str) -> rx.Component:
    """The evidence in words, the indicators with strength, reason and coverage, the others."""
    state = EvidenceState
    return rx.fragment(
        draw_crumbs(lang, link_page(t(f"ways.{kind}.heading", lang), to=f"/{lang}/{kind}/")),
        rx.el.h1(state.name),
        rx.el.p(state.about, class_name="lede"),
        rx.el.p(state.evidence["text"], class_name="asof"),
        rx.el.section(
            rx.el.h2(t("ways.principle.indicators", lang)),
            list_linked_indicators(lang, state.having, state.without, t("ways.principle.none", lang)),
        ),
    )


def write_principle(lang: str, name: str, as_of: str) -> Head:
    """Return the head of the principle of this id."""
    entry = load_codebook().principles.get(name)
    if entry is None:
        return describe_absent(lang, "principle", id=name[:60])
    title = choose_text(entry.name, lang)
    return Head(lang, title[:1].upper() + title[1:], t("terms.cepa.definition", lang), found=True)


def write_theme(lang: str, name: str, as_of: str) -> Head:
    """Return the head of the theme of this id."""
    if name not in THEMES:
        return describe_absent(lang, "theme", id=name[:60])
    title, definition = (t(f"terms.theme.{name}.{part}", lang) for part in ("name", "definition"))
    return Head(lang, title, definition, found=True)


PRINCIPLE = Page(
    id="principle",
    route="/{lang}/principles/[principle_id]/",
    body=principle_body,
    load=EvidenceState.load_principle,
    title=lambda lang: rx.cond(EvidenceState.name != "", EvidenceState.name, t("ui.nav.principle", lang)),
    description=lambda lang: t("terms.cepa.definition", lang),
    example="principles/integrity/",
    head=write_principle,
    names=lambda: load_codebook().principles,
)

THEME = Page(
    id="theme",
    route="/{lang}/themes/[theme_id]/",
    body=theme_body,
    load=EvidenceState.load_theme,
    title=lambda lang: rx.cond(EvidenceState.name != "", EvidenceState.name, t("ui.controls.theme", lang)),
    description=lambda lang: rx.cond(EvidenceState.about != "", EvidenceState.about, t("ways.themes.lede", lang)),
    example="themes/integrity/",
    head=write_theme,
    names=lambda: THEMES,
)
