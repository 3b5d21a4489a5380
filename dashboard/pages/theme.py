"""One theme: its indicators, with strength and reason of their strongest link, coverage and age."""

import reflex as rx

from dashboard.codebook.tables import THEMES
from dashboard.components.browser import page_link
from dashboard.components.ways import way_in
from dashboard.locales import t
from dashboard.pages.frame import answered, crumbs
from dashboard.pages.head import Head, absent
from dashboard.pages.page import Page
from dashboard.services.brief import asked, lines_of_way
from dashboard.services.principles import theme
from dashboard.states.ways import WaysState


def body(lang: str) -> rx.Component:
    """The page in a language."""
    return answered(lang, _answer, WaysState.arrive_at_theme)


def _answer(lang: str) -> rx.Component:
    return rx.fragment(
        crumbs(lang, page_link(t("ways.themes.heading", lang), to=f"/{lang}/themes/")),
        way_in(lang, WaysState),
    )


def first_words(lang: str, name: str, as_of: str) -> Head:
    """Name, evidence and indicators of the theme of this id."""
    if name not in THEMES:
        return absent(lang, "theme", id=name[:60])
    ctx = asked(lang, as_of)
    lines = lines_of_way(ctx, theme(ctx, name)) if ctx else ()
    title, definition = (t(f"terms.theme.{name}.{part}", lang) for part in ("name", "definition"))
    return Head(lang, title, definition, True, lines)


PAGE = Page(
    id="theme",
    route="/{lang}/themes/[theme_id]/",
    body=body,
    arrive=WaysState.arrive_at_theme,
    title=lambda lang: rx.cond(WaysState.name != "", WaysState.name, t("ui.controls.theme", lang)),
    description=lambda lang: rx.cond(WaysState.about != "", WaysState.about, t("ways.themes.lede", lang)),
    example="themes/integrity/",
    head=first_words,
    names=lambda: THEMES,
)
