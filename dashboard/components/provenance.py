"""How do we know? The way of one value back to what was received."""

from typing import Any

import reflex as rx

from dashboard.components.browser import Cited, CopyLink, actions, file_link
from dashboard.components.tables.revisions import earlier_values
from dashboard.locales import t


def way(lang: str, view: Any, trouble: Any) -> rx.Component:
    """The steps of a ``ProvenanceView``: value, method, series, edition, retrieval, raw record, licence, vintage."""
    figure = view["figure"]
    return rx.cond(
        trouble != "",
        rx.el.p(trouble, class_name="trouble"),
        rx.cond(
            view["id"].to(str),
            rx.fragment(
                rx.el.p(view["indicator_name"], class_name="quiet"),
                rx.el.p(figure["text"], " ", rx.el.small(figure["unit"], class_name="quiet"), class_name="big"),
                rx.el.p(view["country"], t("ui.list.comma", lang), figure["period"]),
                rx.cond(figure["interval"] != "", rx.el.p(figure["interval"], class_name="note")),
                rx.cond(figure["caution"] != "", rx.el.p(figure["caution"], class_name="note")),
                rx.el.dl(rx.foreach(view["steps"], _step), class_name="pairs section"),
                earlier_values(lang, view),
                actions(
                    CopyLink.create(
                        label=t("ui.buttons.copy_link", lang),
                        done=t("ui.buttons.copied", lang),
                        address=view["json"],
                    ),
                    file_link(t("ui.provenance.as_json", lang), href=view["json"]),
                ),
                rx.el.div(Cited.create(words=view["citation"]), class_name="note section"),
                CopyLink.create(
                    label=t("ui.buttons.copy_citation", lang),
                    done=t("ui.buttons.citation_copied", lang),
                    words=view["citation"],
                ),
            ),
            rx.el.p(t("ui.provenance.loading", lang)),
        ),
    )


def _step(step: Any) -> rx.Component:
    text = rx.cond(
        step["href"] != "",
        file_link(step["text"], href=step["href"], rel="noopener"),
        rx.cond(
            (step["id"] == "raw_record") | (step["id"] == "series") | (step["id"] == "as_published"),
            rx.el.code(step["text"]),
            step["text"],
        ),
    )
    return rx.el.div(rx.el.dt(step["label"]), rx.el.dd(text))
