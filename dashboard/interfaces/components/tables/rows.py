"""The table view: the same rows as the chart and the download, a page at a time."""

from typing import Any

import reflex as rx

from dashboard.interfaces.components.browser import actions, file_link, link_code
from dashboard.interfaces.components.controls import pager
from dashboard.interfaces.components.figures import figure_value, listing
from dashboard.interfaces.components.trouble import nothing
from dashboard.locales import t


def rows_table(lang: str, table: Any, show: Any, around: Any) -> rx.Component:
    """A ``TableView`` with its pager and download; ``show`` opens the drawer, ``around`` are the pages beside."""
    labels = [t(f"ui.table.{key}", lang) for key in ("country", "year", "value", "status", "source")]

    comma = t("ui.list.comma", lang)

    def row(item: Any) -> tuple[Any, ...]:
        figure = item["figure"]
        whose = f"{item['country']}{comma}{figure['period']}"
        return (
            item["country"],
            figure["period"],
            figure_value(lang, figure, show, whose),
            [
                rx.el.small(figure["status_text"]),
                rx.cond(figure["caution"] != "", rx.el.small(figure["caution"])),
            ],
            rx.el.small(figure["source_text"], comma, figure["edition"]),
        )

    return rx.el.div(
        listing(
            t("ui.table.caption", lang),
            labels,
            table["rows"],
            row,
            numeric=(2,),
            caption=rx.el.caption(table["title"], " · ", table["unit"], " · ", table["total_text"]),
        ),
        rx.cond(
            table["total"] == 0, nothing(t("ui.empty.no_data", lang), t("ui.empty.no_data_help", lang)), rx.fragment()
        ),
        pager(lang, t("ui.table.caption", lang), table["page"], table["pages"], around),
        actions(
            file_link(
                table["downloads"]["rows_text"],
                href=table["downloads"]["csv"],
                download=True,
            ),
            file_link(
                table["downloads"]["xlsx_text"],
                href=table["downloads"]["xlsx"],
                download=True,
            ),
            link_code(lang, table["downloads"]["csv"]),
        ),
        class_name="rows-table",
    )
