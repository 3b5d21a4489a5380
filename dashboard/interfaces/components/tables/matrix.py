"""Tables used as matrices: cells that arrow keys walk, or the same in words."""

import re
from typing import Any

import reflex as rx

from dashboard.interfaces.components.browser import link_code, link_file, link_page, list_actions
from dashboard.interfaces.components.controls import draw_pager, draw_tabs
from dashboard.interfaces.components.figures import list_rows
from dashboard.interfaces.components.scripts import CONTROLS
from dashboard.locales import t
from dashboard.locales.catalogue import load_messages


class GridKeys(rx.el.Div):
    """Makes the cells (``data-cell``) of the table in it one stop of the keyboard; arrow keys walk them.

    With ``focus``, the words of the cell in focus stand below the table, ``focus`` before.
    """

    library = CONTROLS
    tag = "GridKeys"

    focus: rx.Var[str]


def fill_phrase(words: str, **values: Any) -> Any:
    """The words of a catalogue with Vars in the places of their names: ``{country}``."""
    text: Any = rx.Var.create("")
    for part in re.split(r"(\{\w+\})", words):
        value = values[part[1:-1]] if part.startswith("{") else rx.Var.create(part)
        text = text + value.to(str)
    return text


def draw_availability(lang: str, matrix: Any, view: Any, views: Any, around: Any, csv: Any = "") -> rx.Component:
    """A ``MatrixPage`` as heatmap or, where ``view`` is "table", as lines; ``views`` are the two as links.

    ``around`` are the pages beside it, ``csv`` the address of all cells as a file.
    """
    forms = load_messages("availability", lang)
    text = {key.removeprefix("availability.matrix."): str(words) for key, words in forms.items()}
    return rx.el.div(
        draw_tabs(t("availability.view.label", lang), views),
        rx.el.div(
            rx.el.p(matrix["text"], aria_live="polite"),
            rx.cond(
                matrix["rows"].length() > 0,
                rx.fragment(
                    _draw_key(matrix["key"]),
                    rx.cond(view == "table", _draw_lines(matrix["rows"], text), _draw_grid(lang, matrix, text)),
                    draw_pager(lang, text["label"], matrix["page"], matrix["pages"], around),
                ),
                rx.el.p(text["empty"], class_name="empty"),
            ),
            class_name="matrix",
        ),
        rx.cond(
            csv != "",
            list_actions(link_file(t("availability.page.file", lang), href=csv, download=True), link_code(lang, csv)),
        ),
        class_name="section",
    )


def _draw_key(entries: Any) -> rx.Component:
    return rx.el.ul(
        rx.foreach(
            entries,
            lambda entry: rx.el.li(
                rx.el.span(
                    entry["mark"], class_name="mark", aria_hidden="true", custom_attrs={"data-state": entry["state"]}
                ),
                rx.el.span(entry["words"]),
                title=entry["note"],
            ),
        ),
        class_name="legend matrix-key",
    )


def _draw_grid(lang: str, matrix: Any, text: dict[str, str]) -> rx.Component:
    countries, gaps = matrix["countries"], matrix["gap_names"]

    def cell(row: Any, content: Any, place: Any) -> rx.Component:
        names = {"indicator": row["name"], "country": countries[place]["label"]}
        latest = rx.cond(content["state"] == "undated", t("period.no_year", lang), content["mark"])
        words = rx.cond(
            content["points"] == "",
            fill_phrase(text["cell_none"], **names, gap=gaps[content["state"]]),
            rx.cond(
                content["points"] == "1",
                fill_phrase(text["cell_one"], **names, latest=latest),
                fill_phrase(text["cell"], **names, points=content["points"], latest=latest),
            ),
        )
        link = link_page(
            rx.el.span(content["mark"], aria_hidden="true"),
            rx.cond(content["points"] != "", rx.el.small(content["points"], aria_hidden="true")),
            rx.el.span(words, class_name="sr-only"),
            to=f"/{lang}/indicators/{row['id']}/?country={countries[place]['id']}",
            tab_index=-1,
            title=words,
            custom_attrs={"data-cell": "true"},
        )
        return rx.cond(
            content["state"] == "",
            rx.el.td(class_name="other"),
            rx.el.td(link, custom_attrs={"data-state": content["state"]}),
        )

    def line(row: Any) -> rx.Component:
        return rx.fragment(
            rx.cond(
                row["theme"] != "",
                rx.el.tr(
                    rx.el.th(rx.el.span(row["theme"]), scope="row", col_span=countries.length() + 2),
                    class_name="theme",
                ),
            ),
            rx.el.tr(
                rx.el.th(link_page(row["name"], to=f"/{lang}/indicators/{row['id']}/", tab_index=-1), scope="row"),
                rx.el.td(row["covered"], class_name="num"),
                rx.foreach(row["cells"], lambda content, place: cell(row, content, place)),
            ),
        )

    return rx.fragment(
        rx.el.p(text["help"], class_name="note"),
        GridKeys.create(
            rx.el.table(
                rx.el.thead(
                    rx.el.tr(
                        rx.el.th(text["indicator"], scope="col"),
                        rx.el.th(text["covered"], scope="col", class_name="num"),
                        rx.foreach(countries, draw_country_heading),
                    )
                ),
                rx.el.tbody(rx.foreach(matrix["rows"], line)),
                role="grid",
                aria_label=text["label"],
            ),
            class_name="scroll matrix-scroll",
            role="region",
            aria_label=text["label"],
        ),
    )


def draw_country_heading(country: Any) -> rx.Component:
    """The head of a country's column: its name, and on telephones its code."""
    return rx.el.th(
        rx.el.span(country["label"], class_name="name"),
        rx.el.span(country["id"], class_name="code", aria_hidden="true"),
        scope="col",
        title=country["label"],
    )


def _draw_lines(rows: Any, text: dict[str, str]) -> rx.Component:
    def line(row: Any) -> rx.Component:
        return rx.el.tr(
            rx.el.th(row["name"], scope="row"),
            rx.el.td(row["covered"], class_name="num"),
            rx.el.td(row["points"], class_name="num"),
            rx.el.td(row["span"]),
            rx.el.td(rx.foreach(row["gaps"], lambda words: rx.el.small(words))),
        )

    titles = [text[key] for key in ("indicator", "covered", "points", "latest", "gaps")]
    return list_rows(text["label"], titles, rows, line, class_name="")
