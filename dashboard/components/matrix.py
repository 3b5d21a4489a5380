"""Which adopter has which indicator: the heatmap, and the same as a table."""

from typing import Any

import reflex as rx

from dashboard.components.browser import ViewTabs, file_link
from dashboard.components.scripts import MATRIX
from dashboard.locales import t
from dashboard.locales.catalogue import messages

VIEWS = ("", "table")
"""The heatmap and the table, as the address names them."""

WORDS = (
    "label", "help", "loading", "error", "empty", "indicator", "covered", "points", "latest", "gaps", "recent", "older",
    "of", "cell", "cell_one", "cell_none", "span", "gap",
)  # fmt: skip


class AvailabilityMatrix(rx.Component):
    """Fetches the matrix by address and draws it: a grid that arrow keys walk, or a table of a line per indicator."""

    library = MATRIX
    tag = "AvailabilityMatrix"

    url: rx.Var[str]
    lang: rx.Var[str]
    view: rx.Var[str]  # "" is the heatmap, "table" the table
    by_theme: rx.Var[bool]  # the order is that of themes: each gets a heading
    text: rx.Var[dict[str, str]]


def availability_matrix(
    lang: str, url: Any, view: Any, choose_view: Any, by_theme: Any = True, csv: Any = ""
) -> rx.Component:
    """The matrix at ``url`` (an address of ``/api/v1/availability.json``) with its two views and its file.

    ``choose_view`` gets "" or "table".
    """
    forms = messages("availability", lang)
    text = {key: str(forms[f"availability.matrix.{key}"]) for key in WORDS} | {"retry": t("ui.buttons.retry", lang)}
    tabs = ViewTabs.create(
        name="tab",
        items=[{"id": one, "label": t(f"availability.view.{one or 'matrix'}", lang)} for one in VIEWS],
        chosen=view,
        label=t("availability.view.label", lang),
        on_pick=choose_view,
    )
    return rx.el.div(
        tabs,
        AvailabilityMatrix.create(url=url, lang=lang, view=view, by_theme=by_theme, text=text),
        rx.cond(
            csv != "",
            rx.el.ul(
                rx.el.li(
                    file_link(
                        t("availability.page.file", lang),
                        href=csv,
                        download=True,
                    )
                ),
                class_name="actions",
            ),
        ),
        class_name="section",
    )
