"""Laws, strategies, targets, activities and texts, each with how and how surely it was read."""

from typing import Any

import reflex as rx

from dashboard.components.browser import page_link
from dashboard.components.figures import cell, head, reference, scroll
from dashboard.locales import t


def list_documents(lang: str, notes: Any, *, named: bool = False) -> rx.Component:
    """``DocumentNote`` as a timeline; ``named``: each says whose it is."""

    def note(it: Any) -> rx.Component:
        country = (
            rx.cond(
                it["country"] != "",
                rx.fragment(page_link(it["name"], to=f"/{lang}/countries/{it['country']}/?tab=adoption"), " · "),
            )
            if named
            else rx.fragment()
        )
        return rx.el.li(
            rx.el.span(it["date_text"], class_name="quiet"),
            rx.el.div(
                rx.el.strong(it["title"], lang="en", dir="auto"),
                rx.cond(it["original"] != "", rx.el.p(it["original"], class_name="note", dir="auto", lang="")),
                rx.el.p(
                    country,
                    it["kind_text"],
                    rx.cond(it["symbol"] != "", rx.el.bdi(" · ", it["symbol"], lang="en")),
                    rx.cond(it["body"] != "", rx.el.bdi(" · ", it["body"], lang="en")),
                    class_name="note",
                ),
                rx.el.p(it["detail"]),
                rx.cond(it["content"] != "", rx.el.p(it["content"], class_name="note", lang="en", dir="auto")),
                _how(lang, it),
            ),
            id=it["id"],
        )

    return rx.cond(
        notes.length() > 0,
        rx.el.ol(rx.foreach(notes, note), class_name="timeline"),
        rx.el.p(t("documents.page.none", lang), class_name="note"),
    )


def _how(lang: str, it: Any) -> rx.Component:
    """How the fact is known: read in an excerpt, the words of the source, what to heed, and where it stands."""
    return rx.el.details(
        rx.el.summary(
            rx.cond(it["read_text"] != "", it["read_text"], t("ui.buttons.how_we_know", lang)),
            rx.el.span(t("ui.list.comma", lang), it["id"], class_name="sr-only"),
        ),
        rx.cond(it["quote"] != "", rx.el.blockquote(it["quote"], dir="auto", lang="")),
        rx.cond(it["note"] != "", rx.el.p(it["note"], class_name="note", lang="en", dir="auto")),
        rx.el.p(rx.el.bdi(it["source"], lang="en"), " ", reference(it["source_parts"]), class_name="note"),
    )


def draw_targets(lang: str, targets: Any, *, named: bool = False) -> rx.Component:
    """``TargetNote`` as a table: never beside an indicator, because they count something else."""
    titles = [t(f"documents.column.{key}", lang) for key in ("target", "value", "year", "baseline", "body", "read")]

    def row(it: Any) -> rx.Component:
        country = (
            rx.fragment(
                page_link(it["name"], to=f"/{lang}/countries/{it['country']}/?tab=adoption"), t("ui.list.colon", lang)
            )
            if named
            else rx.fragment()
        )
        return rx.el.tr(
            rx.el.th(
                country,
                rx.el.span(it["counts"], lang="en", dir="auto"),
                rx.cond(it["nearest"] != "", rx.el.small(it["nearest"])),
                scope="row",
            ),
            cell(titles[1], it["value_text"]),
            cell(titles[2], it["year"], rx.el.small(it["kind_text"])),
            cell(titles[3], rx.el.span(it["baseline"], lang="en", dir="auto")),
            cell(titles[4], rx.el.span(it["body"], lang="en", dir="auto")),
            cell(titles[5], _how(lang, it)),
            id=it["id"],
        )

    return rx.fragment(
        rx.el.p(t("documents.page.targets_note", lang), class_name="note"),
        scroll(
            t("documents.page.targets", lang),
            rx.el.table(head(*titles), rx.el.tbody(rx.foreach(targets, row)), class_name="stacked"),
        ),
    )


def list_gaps(lang: str, found: Any) -> rx.Component:
    """``Sought`` as a table: what is a gap, and whose."""
    titles = [t(f"documents.column.{key}", lang) for key in ("what", "nearest", "owner")]

    def row(it: Any) -> rx.Component:
        return rx.el.tr(
            rx.el.th(it["question"], rx.el.small(it["what"], lang="en", dir="auto"), scope="row"),
            cell(titles[1], rx.el.span(it["nearest"], lang="en", dir="auto")),
            cell(titles[2], it["owner"]),
        )

    return rx.fragment(
        rx.el.p(t("documents.page.sought_note", lang), class_name="note"),
        scroll(
            t("documents.page.sought", lang),
            rx.el.table(head(*titles), rx.el.tbody(rx.foreach(found, row)), class_name="stacked"),
        ),
    )


def draw_groups(lang: str, tables: Any) -> rx.Component:
    """``GroupTable``: countries as squares of their status beside the counts of each group."""
    titles = [t(f"documents.column.{key}", lang) for key in ("group", "contact", "signed", "operating", "countries")]

    def country(it: Any) -> rx.Component:
        square = rx.el.span(class_name="tile", aria_hidden="true", custom_attrs={"data-status": it["status"]})
        link = page_link(it["name"], to=f"/{lang}/countries/{it['iso3']}/", title=it["text"])
        return rx.el.li(square, link, rx.el.span(t("ui.list.comma", lang), it["text"], class_name="sr-only"))

    def row(it: Any) -> rx.Component:
        return rx.el.tr(
            rx.el.th(it["label"], scope="row"),
            cell(titles[1], it["count"], class_name="num"),
            cell(titles[2], it["signed"], class_name="num"),
            cell(titles[3], it["operating"], class_name="num"),
            cell(titles[4], rx.el.ul(rx.foreach(it["countries"], country), class_name="squares")),
        )

    def table(it: Any) -> rx.Component:
        return rx.el.div(
            rx.el.h3(it["title"]),
            scroll(
                it["title"],
                rx.el.table(
                    head(*titles, numeric=(1, 2, 3)), rx.el.tbody(rx.foreach(it["rows"], row)), class_name="stacked"
                ),
            ),
        )

    return rx.fragment(rx.el.p(t("documents.page.by_group_note", lang), class_name="note"), rx.foreach(tables, table))
