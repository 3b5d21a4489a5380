"""How to cite, in forms to copy, and what can be taken away."""

from typing import Any

import reflex as rx

from dashboard.components.browser import Cited, CopyLink, actions, file_link
from dashboard.locales import t


def citation_section(lang: str, forms: Any) -> rx.Component:
    """The reference in each form (``Citation``) with a button that copies it; words where there is nothing to cite."""
    return rx.el.section(
        rx.el.h2(t("ui.indicator.citation", lang)),
        rx.cond(
            forms.length() > 0,
            rx.fragment(
                rx.el.p(t("citation.text", lang), class_name="note"),
                rx.el.dl(rx.foreach(forms, _form), class_name="citations"),
            ),
            rx.el.p(t("citation.none", lang), class_name="note"),
        ),
        id="cite",
    )


def _form(form: Any) -> rx.Component:
    return rx.el.div(
        rx.el.dt(form["label"]),
        rx.el.dd(
            Cited.create(words=form["text"], code=form["id"] == "bibtex"),
            CopyLink.create(label=form["copy_text"], done=form["copied_text"], words=form["text"]),
        ),
    )


def downloads_section(lang: str, downloads: Any) -> rx.Component:
    """All rows of all countries as files, with the number of rows each holds."""
    return rx.el.section(
        rx.el.h2(t("citation.downloads", lang)),
        actions(
            file_link(
                t("pages.indicator.all", lang),
                " · ",
                downloads["rows_text"],
                href=downloads["csv"],
                download=True,
            ),
            file_link("JSON", href=downloads["json"]),
            CopyLink.create(label=t("ui.buttons.copy_link", lang), done=t("ui.buttons.copied", lang)),
        ),
        id="downloads",
    )
