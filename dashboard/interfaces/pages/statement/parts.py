"""The mark of an answer, told apart by colour and shape, and where its figure can be looked up."""

from typing import Any

import reflex as rx

from dashboard.interfaces.components.browser import link_page
from dashboard.locales import t


def draw_mark(answer: Any) -> rx.Component:
    """A small shape; the word of the answer stands beside it or is read out."""
    return rx.el.span(class_name="mark", aria_hidden="true", custom_attrs={"data-answer": answer})


def draw_quote(claim: Any) -> rx.Component:
    """The words of the original, and whether the article reports them or quotes them."""
    return rx.el.small(
        rx.el.q(claim["quote"], lang="en", dir="auto"),
        rx.cond(claim["reported"] != "", rx.el.span(f" ({claim['reported']})")),
    )


def look_up(lang: str, claim: Any) -> rx.Component:
    """The way to the figures behind an answer; nothing where there are none."""
    return rx.cond(
        claim["to"] != "",
        rx.el.small(
            link_page(
                claim["to_text"],
                rx.el.span(t("ui.list.colon", lang), claim["id"], class_name="sr-only"),
                to=f"/{lang}/{claim['to']}",
            )
        ),
    )
