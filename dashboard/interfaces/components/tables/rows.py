"""The table view: the same rows as the chart and the download, a page at a time."""

from typing import Any

import reflex as rx

from dashboard.interfaces.components.browser import link_code, link_file, list_actions
from dashboard.interfaces.components.controls import draw_pager
from dashboard.interfaces.components.figures import draw_figure, list_rows
from dashboard.interfaces.components.trouble import explain_nothing
from dashboard.locales import t


def draw_rows_table(lang: str, table: Any, show: Any, around: Any) -> rx.Component:
    """A ``TableView`` with its pager and download; ``show`` opens the drawer, ``around`` are the pages beside."""
    labels = [t(f"ui.table.{key}", lang) for key in ("country", "year", "value", "status", "source")]

    comma = t("ui.list.comma", lang)

    def row(item: Any) -> tuple[Any, ...]:
        figure = item["figure"]
        whose = f"{item['country']}{comma}{figure['period']}"
        return (
            item["country"],
            figure["period"],
            draw_figure(lang, figure, show, whose),
            [
                rx.el.small(figure["status_text"]),
                rx.cond(figure["caution"] != "", rx.el.small(figure["caution"])),
            ],
            rx.el.small(figure["source_text"], comma, figure["edition"]),
        )

    return rx.el.div(
        list_rows(
            t("ui.table.caption", lang),
            labels,
            table["rows"],
            row,
            numeric=(2,),
            caption=rx.el.caption(table["title"], " · ", table["unit"], " · ", table["total_text"]),
        ),
        rx.cond(
            table["total"] == 0,
            explain_nothing(t("ui.empty.no_data", lang), t("ui.empty.no_data_help", lang)),
            rx.fragment(),
        ),
        draw_pager(lang, t("ui.table.caption", lang), table["page"], table["pages"], around),
        list_actions(
            link_file(
                table["downloads"]["rows_text"],
                href=table["downloads"]["csv"],
                download=True,
            ),
            link_file(
                table["downloads"]["xlsx_text"],
                href=table["downloads"]["xlsx"],
                download=True,
            ),
            link_code(lang, table["downloads"]["csv"]),
        ),
        class_name="rows-table",
    )
