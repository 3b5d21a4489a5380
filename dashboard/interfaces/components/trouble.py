"""Designed states: the shape of what comes, what is missing and why, what went wrong and what to do."""

from typing import Any

import reflex as rx

from dashboard.interfaces.components.browser import link_page
from dashboard.locales import t


def draw_placeholder(lang: str, lines: int = 5, chart: bool = True) -> rx.Component:
    """The shape of a page that is being asked for."""
    return rx.el.div(
        rx.el.span(t("ui.assistive.busy", lang), class_name="sr-only"),
        *(rx.el.span(class_name="ghost", aria_hidden="true") for _ in range(lines)),
        *([rx.el.span(class_name="ghost block", aria_hidden="true")] if chart else []),
        role="status",
        class_name="shape",
    )


def explain_nothing(title: Any, why: Any, *more: Any) -> rx.Component:
    """No figures, in words: what is missing, why, and who can supply it."""
    return rx.el.div(rx.el.p(rx.el.strong(title)), rx.el.p(why), *more, class_name="empty")


def explain_not_found(lang: str, title: Any, help_text: Any, suggestions: Any, level: str = "h2") -> rx.Component:
    """The thing asked for does not exist: what was asked, near names, and where to go on.

    ``level``: of the heading; "h1" where the page has none besides.
    """
    return rx.el.div(
        getattr(rx.el, level)(title),
        rx.cond(help_text != "", rx.el.p(help_text, class_name="lede")),
        rx.cond(
            suggestions.length() > 0,
            rx.el.div(
                getattr(rx.el, f"h{int(level[1:]) + 1}")(t("ui.errors.did_you_mean_list", lang)),
                rx.el.ul(
                    rx.foreach(
                        suggestions, lambda suggestion: rx.el.li(link_page(suggestion["label"], to=suggestion["id"]))
                    ),
                    class_name="rows",
                ),
                class_name="section",
            ),
        ),
        link_onward(lang),
    )


def explain_failure(lang: str, title: Any, help_text: Any, retry: Any, level: str = "h2") -> rx.Component:
    """The answer could not be had: words, and a way to try again. ``level`` is that of ``explain_not_found``."""
    return rx.el.div(
        rx.el.div(
            getattr(rx.el, level)(title),
            rx.cond(help_text != "", rx.el.p(help_text)),
            rx.el.button(t("ui.buttons.retry", lang), type="button", on_click=retry),
            class_name="trouble",
            role="alert",
        ),
        link_onward(lang),
    )


def link_onward(lang: str) -> rx.Component:
    """Where a reader who is lost can go on."""
    return rx.el.nav(
        rx.el.ul(
            *(
                rx.el.li(link_page(t(f"ui.nav.{key}", lang), to=f"/{lang}/{path}"))
                for key, path in (
                    ("overview", ""), ("indicators", "indicators/"), ("countries", "countries/"), ("goals", "goals/"),
                )
            ),
            class_name="rows",
        ),
        aria_label=t("ui.errors.onward", lang),
        class_name="section",
    )  # fmt: skip
