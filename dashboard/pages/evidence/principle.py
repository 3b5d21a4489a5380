"""One CEPA principle: the indicators linked to it, how strongly and why."""

import reflex as rx

from dashboard.codebook import load_codebook
from dashboard.codebook.model import choose_text
from dashboard.components.browser import page_link
from dashboard.locales import t
from dashboard.pages.evidence.parts import way_in
from dashboard.pages.evidence.state import EvidenceState
from dashboard.pages.shell.frame import answered, crumbs
from dashboard.pages.shell.head import Head, describe_absent
from dashboard.pages.shell.page import Page
from dashboard.services.goals.principles import view_principle
from dashboard.services.site.brief import list_lines_of_evidence, open_page_context


def body(lang: str) -> rx.Component:
    """The page in a language."""
    return answered(lang, _answer, EvidenceState.load_principle, level="h1")


def _answer(lang: str) -> rx.Component:
    return rx.fragment(
        crumbs(lang, page_link(t("ways.principles.heading", lang), to=f"/{lang}/principles/")),
        way_in(lang, EvidenceState),
        rx.el.p(t("terms.cepa.definition", lang), class_name="note section"),
    )


def write_first_words(lang: str, name: str, as_of: str) -> Head:
    """Name, evidence and indicators of the principle of this id."""
    entry = load_codebook().principles.get(name)
    if entry is None:
        return describe_absent(lang, "principle", id=name[:60])
    title = choose_text(entry.name, lang)
    ctx = open_page_context(lang, as_of)
    lines = list_lines_of_evidence(ctx, view_principle(ctx, name)) if ctx else ()
    return Head(lang, title[:1].upper() + title[1:], t("terms.cepa.definition", lang), True, lines)


PAGE = Page(
    id="principle",
    route="/{lang}/principles/[principle_id]/",
    body=body,
    load=EvidenceState.load_principle,
    title=lambda lang: rx.cond(EvidenceState.name != "", EvidenceState.name, t("ui.nav.principle", lang)),
    description=lambda lang: t("terms.cepa.definition", lang),
    example="principles/integrity/",
    head=write_first_words,
    names=lambda: load_codebook().principles,
)
