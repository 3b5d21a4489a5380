"""How the figures are made, from the same data as the computations."""

from typing import Any

import reflex as rx

from dashboard.components.browser import AtAnchor, page_link
from dashboard.locales import t
from dashboard.pages.shell.frame import answered
from dashboard.pages.shell.page import Page
from dashboard.pages.shell.state import Shell
from dashboard.services.method.method import view_method
from dashboard.services.wording.views import MethodSection


class MethodState(Shell):
    """Definitions and rules."""

    sections: list[MethodSection] = []

    @rx.event
    async def load(self) -> None:
        """Definitions and rules."""
        view = await self._answer(lambda ctx, _: view_method(ctx))
        if view is not None:
            self.sections = view["sections"]


def body(lang: str) -> rx.Component:
    """The page in a language."""
    return rx.fragment(
        rx.el.h1(t("pages.method.heading", lang)),
        rx.el.p(t("pages.method.lede", lang), class_name="lede"),
        answered(lang, _answer, MethodState.load),
    )


def _answer(lang: str) -> rx.Component:
    return rx.fragment(
        rx.el.div(rx.foreach(MethodState.sections, _section), class_name="handbooks section"),
        rx.el.section(
            rx.el.h2(t("ui.nav.gallery", lang)),
            rx.el.p(page_link(t("pages.method.gallery", lang), to=f"/{lang}/gallery/")),
        ),
        AtAnchor.create(),
    )


def _section(part: Any) -> rx.Component:
    """Folded until its address asks for it: a handbook is looked up, not read from end to end."""
    return rx.el.details(
        rx.el.summary(rx.el.h2(part["title"])),
        rx.cond(part["text"] != "", rx.el.p(part["text"])),
        rx.el.dl(
            rx.foreach(
                part["terms"],
                lambda term: rx.el.div(rx.el.dt(term["label"]), rx.el.dd(term["definition"]), id=term["id"]),
            ),
            class_name="terms",
        ),
        id=part["id"],
        class_name="handbook",
    )


PAGE = Page(
    id="method",
    route="/{lang}/method/",
    body=body,
    load=MethodState.load,
    title=lambda lang: t("pages.method.heading", lang),
    description=lambda lang: t("pages.method.lede", lang),
    example="method/",
)
