"""Laws, strategies, targets, activities and texts, each with how and how surely it was read."""

from typing import Any

import reflex as rx

from dashboard.interfaces.components.browser import page_link
from dashboard.interfaces.components.figures import listing, reference
from dashboard.locales import t


def list_documents(lang: str, notes: Any) -> rx.Component:
    """``DocumentNote`` as a timeline: a line each, the words of the source folded below it."""

    def note(it: Any) -> rx.Component:
        return rx.el.li(
            rx.el.span(it["date_text"], class_name="quiet"),
            rx.el.div(
                rx.el.strong(it["title"], lang="en", dir="auto"),
                rx.el.p(
                    it["kind_text"],
                    rx.cond(it["symbol"] != "", rx.fragment(" · ", rx.el.bdi(it["symbol"], lang="en"))),
                    " · ",
                    it["detail"],
                    class_name="note",
                ),
                _how(
                    lang,
                    it,
                    rx.cond(it["original"] != "", rx.el.p(it["original"], class_name="note", dir="auto", lang="")),
                    rx.cond(it["body"] != "", rx.el.p(it["body"], class_name="note", lang="en", dir="auto")),
                    rx.cond(it["content"] != "", rx.el.p(it["content"], class_name="note", lang="en", dir="auto")),
                ),
            ),
            id=it["id"],
        )

    return rx.cond(
        notes.length() > 0,
        rx.el.ol(rx.foreach(notes, note), class_name="timeline"),
        rx.el.p(t("documents.page.none", lang), class_name="note"),
    )


def draw_counts(lang: str, counts: Any) -> rx.Component:
    """``DocumentCount`` as a table: how much is known of each country, and the way to it."""
    kinds = ("acts", "strategies", "targets")
    titles = [t("documents.column.country", lang), *(t(f"documents.page.{kind}", lang) for kind in kinds)]

    def row(it: Any) -> tuple[Any, ...]:
        name = page_link(it["name"], to=f"/{lang}/countries/{it['iso3']}/?tab=adoption")
        return name, *(it[kind] for kind in kinds)

    return listing(t("documents.page.by_country", lang), titles, counts, row, numeric=(1, 2, 3))


def _how(lang: str, it: Any, *more: rx.Component) -> rx.Component:
    """How the fact is known: read in an excerpt, the words of the source, what to heed, and where it stands."""
    return rx.el.details(
        rx.el.summary(
            rx.cond(it["read_text"] != "", it["read_text"], t("ui.buttons.how_we_know", lang)),
            rx.el.span(t("ui.list.comma", lang), it["id"], class_name="sr-only"),
        ),
        *more,
        rx.cond(it["quote"] != "", rx.el.blockquote(it["quote"], dir="auto", lang="")),
        rx.cond(it["note"] != "", rx.el.p(it["note"], class_name="note", lang="en", dir="auto")),
        rx.el.p(rx.el.bdi(it["source"], lang="en"), " ", reference(it["source_parts"]), class_name="note"),
    )


def draw_targets(lang: str, targets: Any) -> rx.Component:
    """``TargetNote`` as a table: never beside an indicator, because they count something else."""
    titles = [t(f"documents.column.{key}", lang) for key in ("target", "value", "year", "baseline", "body", "read")]

    def row(it: Any) -> tuple[Any, ...]:
        return (
            [
                rx.el.span(it["counts"], lang="en", dir="auto"),
                rx.cond(it["nearest"] != "", rx.el.small(it["nearest"])),
            ],
            it["value_text"],
            [it["year"], rx.el.small(it["kind_text"])],
            rx.el.span(it["baseline"], lang="en", dir="auto"),
            rx.el.span(it["body"], lang="en", dir="auto"),
            _how(lang, it),
        )

    return rx.fragment(
        rx.el.p(t("documents.page.targets_note", lang), class_name="note"),
        listing(t("documents.page.targets", lang), titles, targets, row, props=lambda it: {"id": it["id"]}),
    )


def list_gaps(lang: str, found: Any) -> rx.Component:
    """``Sought`` as a table: what is a gap, and whose."""
    titles = [t(f"documents.column.{key}", lang) for key in ("what", "nearest", "owner")]

    def row(it: Any) -> tuple[Any, ...]:
        asked = [it["question"], rx.el.small(it["what"], lang="en", dir="auto")]
        return asked, rx.el.span(it["nearest"], lang="en", dir="auto"), it["owner"]

    return rx.fragment(
        rx.el.p(t("documents.page.sought_note", lang), class_name="note"),
        listing(t("documents.page.sought", lang), titles, found, row),
    )


def draw_groups(lang: str, tables: Any) -> rx.Component:
    """``GroupTable``: countries as squares of their status beside the counts of each group."""
    titles = [t(f"documents.column.{key}", lang) for key in ("group", "contact", "signed", "operating", "countries")]

    def country(it: Any) -> rx.Component:
        square = rx.el.span(class_name="tile", aria_hidden="true", custom_attrs={"data-status": it["status"]})
        link = page_link(it["name"], to=f"/{lang}/countries/{it['iso3']}/", title=it["text"])
        return rx.el.li(square, link, rx.el.span(t("ui.list.comma", lang), it["text"], class_name="sr-only"))

    def row(it: Any) -> tuple[Any, ...]:
        squares = rx.el.ul(rx.foreach(it["countries"], country), class_name="squares")
        return it["label"], it["count"], it["signed"], it["operating"], squares

    def table(it: Any) -> rx.Component:
        return rx.el.div(
            rx.el.h3(it["title"]),
            listing(it["title"], titles, it["rows"], row, numeric=(1, 2, 3)),
        )

    return rx.fragment(rx.el.p(t("documents.page.by_group_note", lang), class_name="note"), rx.foreach(tables, table))
