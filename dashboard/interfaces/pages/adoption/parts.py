"""The adoption register: its events as a table with their sources, and as lines for readers without script."""

from typing import Any

import reflex as rx

from dashboard.interfaces.components.browser import CopyLink, link_code, link_file, link_page, list_actions
from dashboard.interfaces.components.figures import link_reference, list_rows, make_pair
from dashboard.locales import t

COLUMNS = ("event", "country", "date", "scope", "source", "evidence", "standing", "counts")


def draw_events_table(lang: str, table: Any) -> rx.Component:
    """A ``RegisterTable`` with its file; each row has its address (``#AZE-01``) and opens how it is known."""

    yes, no = (t(f"register.counts.word_{word}", lang) for word in ("yes", "no"))

    def row(item: Any) -> tuple[Any, ...]:
        local = rx.cond(item["local_name"] != "", rx.el.strong(item["local_name"]))
        return (
            [rx.el.span(item["type_text"], class_name="initial"), rx.el.small(item["id"])],
            link_page(item["name"], to=f"/{lang}/countries/{item['country']}/"),
            [item["date_text"], rx.cond(item["reported_text"] != "", rx.el.small(item["reported_text"]))],
            [local, rx.el.small(item["scope"])],
            [rx.el.span(item["source_type_text"], class_name="initial"), _draw_source(lang, item)],
            item["evidence"],
            [rx.el.span(item["stance_text"], class_name="initial"), rx.el.small(item["review_text"])],
            [rx.cond(item["counts"], yes, no), rx.el.small(item["counts_text"])],
        )

    labels = [t(f"register.column.{key}", lang) for key in COLUMNS]
    return rx.el.div(
        rx.el.p(table["total_text"], role="status", class_name="asof"),
        rx.cond(
            table["shown"] > 0,
            list_rows(
                t("register.page.events", lang),
                labels,
                table["rows"],
                row,
                class_name="events stacked",
                props=lambda item: {"id": item["id"], "custom_attrs": {"data-counts": item["counts"].to_string()}},
                caption=rx.el.caption(t("register.table.caption", lang), class_name="sr-only"),
            ),
            rx.el.p(t("register.table.none", lang), class_name="empty"),
        ),
        list_actions(
            link_file(table["csv_text"], href=table["csv"], download=True),
            link_file(t("register.table.json", lang), href=table["json"]),
            link_code(lang, table["csv"]),
        ),
    )


def _draw_source(lang: str, item: Any) -> rx.Component:
    return rx.el.details(
        rx.el.summary(
            t("ui.buttons.how_we_know", lang), rx.el.span(t("ui.list.comma", lang), item["id"], class_name="sr-only")
        ),
        rx.el.dl(
            make_pair(t("register.column.source", lang), rx.el.span(item["source"], lang="en", dir="auto")),
            make_pair(t("register.detail.reference", lang), link_reference(item["source_parts"])),
            make_pair(
                t("register.column.evidence", lang),
                rx.fragment(item["evidence"], t("ui.list.colon", lang), item["evidence_text"]),
            ),
            rx.cond(item["note"] != "", make_pair(t("register.detail.note", lang), item["note"])),
            class_name="how",
        ),
        CopyLink.create(
            label=t("ui.buttons.copy_link", lang),
            done=t("ui.buttons.copied", lang),
            address=f"/{lang}/adoption/?q={item['id']}#{item['id']}",
        ),
    )
