"""One target: its official indicators and ours."""

from typing import Any

import reflex as rx

from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.interfaces.components.browser import AtAnchor, link_page
from dashboard.interfaces.components.cards import draw_goal_badge, list_linked_indicators
from dashboard.interfaces.pages.goals.state import GoalsState
from dashboard.interfaces.pages.shell.frame import draw_crumbs, show_answer
from dashboard.interfaces.pages.shell.head import Head, describe_absent
from dashboard.interfaces.pages.shell.page import Page
from dashboard.locales import t


def body(lang: str) -> rx.Component:
    """The page in a language."""
    return show_answer(lang, _draw_answer, GoalsState.load_target, level="h1")


def _draw_answer(lang: str) -> rx.Component:
    view = GoalsState.target_view
    goal = f"/{lang}/goals/{view['goal']}/"
    return rx.fragment(
        draw_crumbs(
            lang,
            link_page(t("ui.nav.goals", lang), to=f"/{lang}/goals/"),
            link_page(view["goal"], " ", view["goal_short"], to=goal),
        ),
        rx.el.div(
            draw_goal_badge(view["goal"], large=True),
            rx.el.h1(t("ui.nav.target", lang), " ", rx.el.bdi(view["code"])),
            class_name="goal-head",
        ),
        rx.el.p(view["title"], class_name="lede", lang=view["title_lang"]),
        rx.cond(view["title_note"] != "", rx.el.p(view["title_note"], class_name="note")),
        rx.el.p(view["kind_text"], ". ", view["text"], class_name="asof"),
        rx.el.section(
            rx.el.h2(t("pages.target.official", lang)),
            rx.el.ul(rx.foreach(view["sdg_indicators"], lambda card: _draw_official(lang, card)), class_name="rows"),
        ),
        rx.el.section(
            rx.el.h2(t("pages.target.ours", lang)),
            list_linked_indicators(lang, GoalsState.having, GoalsState.without, t("pages.target.none", lang)),
        ),
        AtAnchor.create(),
    )


def _draw_official(lang: str, card: Any) -> rx.Component:
    return rx.el.li(
        rx.el.p(rx.el.strong(rx.el.bdi(card["code"])), " ", rx.el.span(card["title"], lang=card["title_lang"])),
        rx.el.p(
            t("ui.indicator.custodian", lang), t("ui.list.colon", lang), card["custodian"], " · ",
            card["tier_text"],
            class_name="note",
        ),
        id=f"sdg-{card['code']}",
    )  # fmt: skip


def write_head(lang: str, name: str, as_of: str) -> Head:
    """Return the head of the target of this code."""
    target = load_codebook().targets.get(name.lower())
    if target is None:
        return describe_absent(lang, "target", code=name[:60])
    heading = f"{t('ui.nav.target', lang)} {target.code}"
    return Head(lang, heading, choose_text(target.title, lang), found=True)


PAGE = Page(
    id="target",
    route="/{lang}/targets/[target]/",
    body=body,
    load=GoalsState.load_target,
    title=lambda lang: rx.cond(
        GoalsState.target_view["code"].to(str),
        f"{t('ui.nav.target', lang)} {GoalsState.target_view['code']}",
        t("ui.nav.target", lang),
    ),
    description=lambda lang: rx.cond(
        GoalsState.target_view["title"].to(str), GoalsState.target_view["title"], t("ui.product.purpose", lang)
    ),
    example="targets/16.5/",
    head=write_head,
    names=lambda: load_codebook().targets,
    kept=True,
)
