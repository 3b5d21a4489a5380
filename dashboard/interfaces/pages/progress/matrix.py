"""A status with its sign and its definition, goals × countries, and the arithmetic of several methods side by side."""

from typing import Any

import reflex as rx

from dashboard.interfaces.components.browser import link_page
from dashboard.interfaces.components.cards import draw_goal_badge
from dashboard.interfaces.components.controls import link_view
from dashboard.interfaces.components.figures import list_rows
from dashboard.interfaces.components.tables.matrix import GridKeys
from dashboard.locales import t


def draw_matrix(lang: str, matrix: Any, view: Any, turned: Any, cells: Any, opened: Any) -> rx.Component:
    """Goals × countries (a ``Matrix``) as a grid or, where ``view`` is "table", in words; ``turned`` is the other.

    ``cells``: goal and country (``16-KAZ``) → the view with the arithmetic of that cell, of which ``opened`` is shown.
    """
    words = {key: t(f"results.matrix.{key}", lang) for key in ("label", "goal", "focus", "refused", "empty", "words")}
    key = rx.el.ul(
        rx.foreach(matrix["legend"], rx.el.li),
        rx.el.li("– ", words["refused"]),
        rx.el.li("· ", words["empty"]),
        class_name="legend matrix-key",
    )
    return rx.el.div(
        rx.cond(view == "table", _draw_lines(lang, matrix, words), _draw_grid(matrix, words, cells, opened)),
        rx.el.div(
            key,
            link_view(
                rx.cond(view == "table", t("results.matrix.as_matrix", lang), t("results.matrix.as_table", lang)),
                to=turned,
                class_name="plain",
            ),
            class_name="matrix-foot",
        ),
        class_name="matrix goals-matrix",
    )


def _draw_grid(matrix: Any, words: dict[str, str], cells: Any, opened: Any) -> rx.Component:
    def mark(cell: Any) -> rx.Component:
        name = cell["iso3"].to(str) + "-" + cell["goal"].to_string()
        sign = rx.cond(cell["letters"] != "", cell["letters"], rx.cond(cell["refused"] > 0, "–", "·"))
        link = link_view(
            rx.foreach(sign.to(str).split(" "), lambda letter: rx.el.span(letter, aria_hidden="true")),
            rx.el.span(cell["text"], class_name="sr-only"),
            to=cells[name],
            dir="ltr",
            tab_index=-1,
            title=cell["text"],
            current=opened == name,
            custom_attrs={"data-cell": "true"},
        )
        return rx.el.td(link, custom_attrs={"data-tone": cell["tone"]})

    def line(goal: Any, place: Any) -> rx.Component:
        many = matrix["countries"].length()
        return rx.el.tr(
            rx.el.th(rx.el.span(draw_goal_badge(goal["id"]), " ", goal["label"]), scope="row"),
            rx.foreach(matrix["cells"][place * many : (place + 1) * many], mark),
        )

    def country(item: Any) -> rx.Component:
        name = rx.cond(item["note"] != "", item["label"].to(str) + " · " + item["note"].to(str), item["label"])
        return rx.el.th(
            rx.el.span(name, class_name="name"),
            rx.el.span(item["id"], class_name="code", aria_hidden="true"),
            scope="col",
            title=name,
            custom_attrs={"data-chosen": item["chosen"].to_string()},
        )

    return GridKeys.create(
        rx.el.table(
            rx.el.thead(rx.el.tr(rx.el.th(words["goal"], scope="col"), rx.foreach(matrix["countries"], country))),
            rx.el.tbody(rx.foreach(matrix["goals"], line)),
            role="grid",
            aria_label=words["label"],
        ),
        focus=words["focus"],
        class_name="scroll matrix-scroll",
        role="region",
        aria_label=words["label"],
    )


def _draw_lines(lang: str, matrix: Any, words: dict[str, str]) -> rx.Component:
    def line(cell: Any) -> rx.Component:
        return rx.cond(
            (cell["assessed"] > 0) | (cell["refused"] > 0),
            rx.el.tr(rx.el.th(cell["goal"], scope="row"), rx.el.td(rx.el.bdi(cell["iso3"])), rx.el.td(cell["text"])),
        )

    titles = (words["goal"], t("ui.table.country", lang), words["words"])
    return list_rows(words["label"], titles, matrix["cells"], line, class_name="")


def draw_verdict(lang: str, status: Any, words: Any, tone: Any, sign: Any = None) -> rx.Component:
    """A status word that leads to its definition; the caller says whose word it is.

    Where no target is set, "on track" has words and a definition of its own.
    """
    defined = rx.cond(words == t("progress.status.no_target.name", lang), "no_target", status)
    return rx.el.span(
        *([] if sign is None else [rx.el.span(sign, aria_hidden="true")]),
        link_page(words, to=f"/{lang}/method/status_{defined}/"),
        class_name="verdict",
        custom_attrs={"data-tone": tone, "data-status": status},
    )


def list_arithmetic(steps: Any) -> rx.Component:
    """A verdict's arithmetic, step by step."""
    return rx.el.ol(rx.foreach(steps, rx.el.li), class_name="small")


def draw_verdict_bar(lang: str, shares: Any, words: Any) -> rx.Component:
    """A bar with a part for each ``VerdictShare``, told apart by colour, sign and number; ``words`` say it."""
    return rx.el.span(
        rx.foreach(
            shares,
            lambda share: rx.el.span(
                rx.el.span(share["sign"], " ", share["count"]),
                style={"flexGrow": share["count"]},
                title=f"{share['text']}{t('ui.list.colon', lang)}{share['count']} ({share['share']})",
                custom_attrs={"data-tone": share["tone"], "data-status": share["status"]},
            ),
        ),
        class_name="verdict-bar",
        role="img",
        aria_label=words,
    )
