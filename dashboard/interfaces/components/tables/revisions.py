"""What vintages changed: the revisions of an indicator, the earlier values of a figure."""

from typing import Any

import reflex as rx

from dashboard.interfaces.components.browser import link_file, link_page, list_actions
from dashboard.interfaces.components.controls import ViewInput, link_view, make_view_form
from dashboard.interfaces.components.figures import list_rows, make_source_button
from dashboard.locales import t


def draw_revisions(lang: str, view: Any, show: Any, fields: Any, every: Any) -> rx.Component:
    """A ``RevisionsView``: which vintages changed which figures, in words where none did.

    ``show`` opens the drawer on an observation id; ``fields`` is what the form sends on, ``every`` all vintages.
    """
    heading = t("changes.revisions.heading", lang)
    titles = [t(f"changes.revisions.{key}", lang) for key in ("figure", "change", "difference", "when", "edition")]
    return rx.el.section(
        rx.el.h2(heading),
        rx.el.p(t("changes.revisions.lede", lang), class_name="note"),
        _make_since_form(lang, view, fields, every),
        rx.el.p(view["text"], role="status"),
        rx.cond(
            view["rows"].length() > 0,
            list_rows(heading, titles, view["rows"], lambda row: _make_row(lang, row, show), numeric=(1, 2)),
        ),
        rx.cond(view["more_text"] != "", rx.el.p(view["more_text"], class_name="note section")),
        list_actions(
            link_file(t("changes.revisions.json", lang), href=view["json"]),
            link_file(t("changes.revisions.feed", lang), href=view["feed"]),
        ),
        id="revisions",
    )


def _make_since_form(lang: str, view: Any, fields: Any, every: Any) -> rx.Component:
    return make_view_form(
        lang,
        rx.el.div(
            rx.el.label(t("changes.revisions.since_label", lang), html_for="since"),
            ViewInput.create(type="date", name="since", id="since", min=view["first"], max=view["last"]),
            class_name="field",
        ),
        rx.el.button(t("changes.revisions.show", lang), type="submit", class_name="button"),
        rx.cond(
            view["since"] != "",
            link_view(t("changes.revisions.all", lang), to=every, class_name="plain"),
        ),
        fields=fields,
        own=("since",),
        class_name="since",
    )


def _make_row(lang: str, row: Any, show: Any) -> tuple[Any, ...]:
    how, comma = t("ui.buttons.how_we_know", lang), t("ui.list.comma", lang)

    def value(text: Any, observation: Any) -> rx.Component:
        whose = f"{comma}{row['country']}{comma}{row['period']}. {how}"
        button = make_source_button(text, show(observation), whose)
        return rx.cond(observation != "", button, rx.el.span(text, class_name="absent"))

    return (
        [
            row["country"],
            comma,
            row["period"],
            rx.cond(row["dimensions"] != "", rx.el.small(row["dimensions"])),
            rx.el.small(row["source_text"]),
        ],
        [
            value(row["before"], row["id_before"]),
            rx.el.span(" → ", class_name="arrow", aria_hidden="true"),
            value(row["after"], row["id_after"]),
        ],
        row["difference"],
        [row["date_text"], rx.el.small(row["vintage_text"])],
        [row["edition_text"], rx.el.small(row["reason_text"])],
    )


def list_earlier_values(lang: str, view: Any) -> rx.Component:
    """The values a figure has had (``EarlierValue``), each with the pages as of a day on which it stood."""
    return rx.el.section(
        rx.el.h3(t("changes.earlier.heading", lang)),
        rx.cond(
            view["earlier"].length() > 1,
            rx.el.ol(
                rx.foreach(
                    view["earlier"],
                    lambda value: rx.el.li(
                        rx.cond(value["id"] == view["id"], rx.el.strong(value["text"]), rx.el.span(value["text"])),
                        rx.el.small(value["since_text"], " · ", value["until_text"]),
                        rx.el.small(value["edition"]),
                        rx.cond(
                            ~value["now"] & (value["href"] != ""),
                            rx.el.small(link_page(value["href_text"], to=value["href"])),
                        ),
                    ),
                ),
                class_name="earlier",
            ),
            rx.el.p(view["earlier_text"], class_name="note"),
        ),
    )
