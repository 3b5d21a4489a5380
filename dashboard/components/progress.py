"""A status with its sign and its definition, goals × countries, and the arithmetic of several methods side by side."""

from typing import Any

import reflex as rx

from dashboard.components.browser import ViewTabs, page_link
from dashboard.components.scripts import PROGRESS_MATRIX
from dashboard.locales import t

WORDS = ("label", "help", "goal", "loading", "error", "focus", "refused", "empty", "words")


class ProgressMatrix(rx.Component):
    """Fetches goals × countries by address: a grid that arrow keys walk, or a line in words for each pair."""

    library = PROGRESS_MATRIX
    tag = "ProgressMatrix"

    url: rx.Var[str]
    view: rx.Var[str]  # "" is the grid, "table" the lines
    country: rx.Var[str]  # the chosen one, "" for none
    text: rx.Var[dict[str, str]]


def progress_matrix(lang: str, url: Any, view: Any, country: Any, choose_view: Any) -> rx.Component:
    """The matrix at ``url`` (an address of ``/api/v1/progress/matrix.json``); ``choose_view`` gets "" or "table"."""
    text = {key: t(f"results.matrix.{key}", lang) for key in WORDS}
    text |= {"country": t("ui.table.country", lang), "retry": t("ui.buttons.retry", lang)}
    tabs = ViewTabs.create(
        name="tab",
        items=[
            {"id": "", "label": t("results.matrix.as_matrix", lang)},
            {"id": "table", "label": t("results.matrix.as_table", lang)},
        ],
        chosen=view,
        label=t("results.matrix.view", lang),
        on_pick=choose_view,
    )
    return rx.fragment(tabs, ProgressMatrix.create(url=url, view=view, country=country, text=text))


def verdict_word(lang: str, status: Any, words: Any, tone: Any, sign: Any = None, count: Any = None) -> rx.Component:
    """A status word that leads to its definition; the caller says whose word it is."""
    return rx.el.span(
        *([] if sign is None else [rx.el.span(sign, aria_hidden="true")]),
        page_link(words, to=f"/{lang}/method/#status_{status}"),
        *([] if count is None else [rx.el.span(count, class_name="num")]),
        class_name="verdict",
        custom_attrs={"data-tone": tone},
    )


def arithmetic(steps: Any) -> rx.Component:
    """A verdict's arithmetic, step by step."""
    return rx.el.ol(rx.foreach(steps, rx.el.li), class_name="small")
