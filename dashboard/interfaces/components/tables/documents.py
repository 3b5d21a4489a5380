"""Laws, strategies, targets, activities and texts, each with how and how surely it was read."""

from typing import Any

import reflex as rx

from dashboard.interfaces.components.browser import link_page
from dashboard.interfaces.components.figures import link_reference, list_rows
from dashboard.locales import t


def list_documents(lang: str, notes: Any) -> rx.Component:
    """``DocumentNote`` as a timeline: a line each, the words of the source folded below it."""

    def note(document: Any) -> rx.Component:
        return rx.el.li(
            rx.el.span(document["date_text"], class_name="quiet"),
            rx.el.div(
                rx.el.strong(document["title"], lang="en", dir="auto"),
                rx.el.p(
                    document["kind_text"],
                    rx.cond(document["symbol"] != "", rx.fragment(" · ", rx.el.bdi(document["symbol"], lang="en"))),
                    " · ",
                    document["detail"],
                    class_name="note",
                ),
                _explain_fact(
                    lang,
                    document,
                    rx.cond(
                        document["original"] != "",
                        rx.el.p(document["original"], class_name="note", dir="auto", lang=""),
                    ),
                    rx.cond(
                        document["body"] != "", rx.el.p(document["body"], class_name="note", lang="en", dir="auto")
                    ),
                    rx.cond(
                        document["content"] != "",
                        rx.el.p(document["content"], class_name="note", lang="en", dir="auto"),
                    ),
                ),
            ),
            id=document["id"],
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

    def row(count: Any) -> tuple[Any, ...]:
        name = link_page(count["name"], to=f"/{lang}/countries/{count['iso3']}/?tab=adoption")
        return name, *(count[kind] for kind in kinds)

    return list_rows(t("documents.page.by_country", lang), titles, counts, row, numeric=(1, 2, 3))


def _explain_fact(lang: str, fact: Any, *more: rx.Component) -> rx.Component:
    """How the fact is known: read in an excerpt, the words of the source, what to heed, and where it stands."""
    return rx.el.details(
        rx.el.summary(
            rx.cond(fact["read_text"] != "", fact["read_text"], t("ui.buttons.how_we_know", lang)),
            rx.el.span(t("ui.list.comma", lang), fact["id"], class_name="sr-only"),
        ),
        *more,
        rx.cond(fact["quote"] != "", rx.el.blockquote(fact["quote"], dir="auto", lang="")),
        rx.cond(fact["note"] != "", rx.el.p(fact["note"], class_name="note", lang="en", dir="auto")),
        rx.el.p(rx.el.bdi(fact["source"], lang="en"), " ", link_reference(fact["source_parts"]), class_name="note"),
    )


def draw_targets(lang: str, targets: Any) -> rx.Component:
    """``TargetNote`` as a table: never beside an indicator, because they count something else."""
    titles = [t(f"documents.column.{key}", lang) for key in ("target", "value", "year", "baseline", "body", "read")]

    def row(target: Any) -> tuple[Any, ...]:
        return (
            [
                rx.el.span(target["counts"], lang="en", dir="auto"),
                rx.cond(target["nearest"] != "", rx.el.small(target["nearest"])),
            ],
            target["value_text"],
            [target["year"], rx.el.small(target["kind_text"])],
            rx.el.span(target["baseline"], lang="en", dir="auto"),
            rx.el.span(target["body"], lang="en", dir="auto"),
            _explain_fact(lang, target),
        )

    return rx.fragment(
        rx.el.p(t("documents.page.targets_note", lang), class_name="note"),
        list_rows(t("documents.page.targets", lang), titles, targets, row, props=lambda target: {"id": target["id"]}),
    )


def list_gaps(lang: str, found: Any) -> rx.Component:
    """``Sought`` as a table: what is a gap, and whose."""
    titles = [t(f"documents.column.{key}", lang) for key in ("what", "nearest", "owner")]

    def row(gap: Any) -> tuple[Any, ...]:
        asked = [gap["question"], rx.el.small(gap["what"], lang="en", dir="auto")]
        return asked, rx.el.span(gap["nearest"], lang="en", dir="auto"), gap["owner"]

    return rx.fragment(
        rx.el.p(t("documents.page.sought_note", lang), class_name="note"),
        list_rows(t("documents.page.sought", lang), titles, found, row),
    )


def draw_groups(lang: str, tables: Any) -> rx.Component:
    """``GroupTable``: countries as squares of their status beside the counts of each group."""
    titles = [t(f"documents.column.{key}", lang) for key in ("group", "contact", "signed", "operating", "countries")]

    def country(entry: Any) -> rx.Component:
        square = rx.el.span(class_name="tile", aria_hidden="true", custom_attrs={"data-status": entry["status"]})
        link = link_page(entry["name"], to=f"/{lang}/countries/{entry['iso3']}/", title=entry["text"])
        return rx.el.li(square, link, rx.el.span(t("ui.list.comma", lang), entry["text"], class_name="sr-only"))

    def row(group: Any) -> tuple[Any, ...]:
        squares = rx.el.ul(rx.foreach(group["countries"], country), class_name="squares")
        return group["label"], group["count"], group["signed"], group["operating"], squares

    def table(grouped: Any) -> rx.Component:
        return rx.el.div(
            rx.el.h3(grouped["title"]),
            list_rows(grouped["title"], titles, grouped["rows"], row, numeric=(1, 2, 3)),
        )

    return rx.fragment(rx.el.p(t("documents.page.by_group_note", lang), class_name="note"), rx.foreach(tables, table))
