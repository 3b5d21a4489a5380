"""One theme: its indicators, with strength and reason of their strongest link, coverage and age."""

import reflex as rx

from dashboard.codebook.tables import THEMES
from dashboard.components.browser import page_link
from dashboard.locales import t
from dashboard.pages.evidence.parts import way_in
from dashboard.pages.evidence.state import EvidenceState
from dashboard.pages.shell.frame import answered, crumbs
from dashboard.pages.shell.head import Head, describe_absent
from dashboard.pages.shell.page import Page
from dashboard.services.goals.principles import view_theme
from dashboard.services.site.brief import list_lines_of_evidence, open_page_context


def body(lang: str) -> rx.Component:
    """The page in a language."""
    return answered(lang, _answer, EvidenceState.load_theme, level="h1")


def _answer(lang: str) -> rx.Component:
    return rx.fragment(
        crumbs(lang, page_link(t("ways.themes.heading", lang), to=f"/{lang}/themes/")),
        way_in(lang, EvidenceState),
    )


def write_first_words(lang: str, name: str, as_of: str) -> Head:
    """Name, evidence and indicators of the theme of this id."""
    if name not in THEMES:
        return describe_absent(lang, "theme", id=name[:60])
    ctx = open_page_context(lang, as_of)
    lines = list_lines_of_evidence(ctx, view_theme(ctx, name)) if ctx else ()
    title, definition = (t(f"terms.theme.{name}.{part}", lang) for part in ("name", "definition"))
    return Head(lang, title, definition, True, lines)


PAGE = Page(
    id="theme",
    route="/{lang}/themes/[theme_id]/",
    body=body,
    load=EvidenceState.load_theme,
    title=lambda lang: rx.cond(EvidenceState.name != "", EvidenceState.name, t("ui.controls.theme", lang)),
    description=lambda lang: rx.cond(EvidenceState.about != "", EvidenceState.about, t("ways.themes.lede", lang)),
    example="themes/integrity/",
    head=write_first_words,
    names=lambda: THEMES,
)
