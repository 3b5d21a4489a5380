"""Where every figure comes from."""

from typing import Any

import reflex as rx

from dashboard.answers.freshness.sources import view_sources
from dashboard.answers.freshness.views import SourcesView
from dashboard.answers.site.availability import AvailabilityQuery
from dashboard.answers.site.matrix import MatrixPage, view_matrix_page
from dashboard.interfaces.components.browser import AtAnchor, link_outward, link_page
from dashboard.interfaces.components.figures import fold, list_rows, make_cell, make_pair
from dashboard.interfaces.components.tables.matrix import draw_availability
from dashboard.interfaces.pages.shell.address import ChoiceLink
from dashboard.interfaces.pages.shell.frame import make_page
from dashboard.interfaces.pages.shell.state import NOTHING, Shell
from dashboard.locales import t


class SourcesState(Shell):
    """Where the figures come from."""

    source_list: SourcesView = NOTHING
    matrix: MatrixPage = NOTHING
    around: list[str] = ["", ""]
    views: list[ChoiceLink] = []

    @rx.event
    async def load(self) -> None:
        """Publishers with licence, age and failures."""
        found = await self._ask_services(
            lambda ctx, a: (view_sources(ctx), view_matrix_page(ctx, AvailabilityQuery(), a.page))
        )
        if found is not None:
            self.source_list, self.matrix = found
            self.around = self._link_neighbours(self.matrix["page"], self.matrix["pages"])
            self.views = self._list_matrix_views()


def _draw_answer(lang: str) -> rx.Component:
    view = SourcesState.source_list
    return rx.fragment(
        rx.el.p(view["text"], class_name="asof"),
        _draw_table(lang, view["sources"]),
        _draw_coverage(lang),
        rx.el.div(rx.foreach(view["sources"], lambda source: _draw_source(lang, source)), class_name="source-folds"),
        AtAnchor.create(),
    )


def _draw_table(lang: str, sources: Any) -> rx.Component:
    titles = [
        t(key, lang)
        for key in (
            "ui.table.source",
            "sources.status.label",
            "ui.table.licence",
            "ui.table.newest",
            "ui.table.last_success",
            "ui.table.rows",
            "ui.table.failures",
        )
    ]

    def row(source: Any) -> tuple[Any, ...]:
        expected = t("ui.indicator.next_expected", lang), t("ui.list.colon", lang), source["next_text"]
        return (
            [link_page(source["title"], to=f"/{lang}/sources/#{source['id']}"), rx.el.small(source["publisher"])],
            link_page(
                source["status_text"],
                to=f"/{lang}/method/source_{source['status']}/",
                title=source["status_meaning"],
            ),
            link_outward(source["licence"], source["licence_url"]),
            [
                rx.cond(source["newest_text"] != "", source["newest_text"], t("answers.releases.unknown", lang)),
                rx.cond(source["newer_text"] != "", rx.el.small(rx.el.strong(source["newer_text"]))),
                rx.el.small(*expected),
            ],
            make_cell(titles[4], source["last_success_text"], class_name="moment"),
            source["rows_text"],
            source["failures"].length(),
        )

    return rx.el.div(
        list_rows(t("pages.sources.heading", lang), titles, sources, row, numeric=(5, 6)),
        class_name="section",
    )


def _draw_coverage(lang: str) -> rx.Component:
    """Adopters × indicators, all publishers together; the page of availability has the filters."""
    return rx.el.section(
        rx.el.h2(t("sources.coverage.heading", lang)),
        rx.el.p(
            t("sources.coverage.lede", lang),
            " ",
            link_page(t("availability.page.heading", lang), to=f"/{lang}/availability/"),
            class_name="note",
        ),
        draw_availability(
            lang,
            SourcesState.matrix,
            rx.cond(SourcesState.tab == "table", "table", ""),
            SourcesState.views,
            SourcesState.around,
        ),
        id="coverage",
    )


def _draw_source(lang: str, source: Any) -> rx.Component:
    pairs = (
        (t("ui.table.publisher", lang), link_outward(source["publisher"], source["homepage"])),
        (t("ui.provenance.attribution", lang), rx.el.span(source["attribution"])),
        (t("ui.provenance.redistribution", lang), rx.el.span(source["redistribution_text"])),
        (t("ui.provenance.evidence", lang), rx.el.span(source["evidence_text"])),
        (t("ui.table.last_success", lang), rx.el.span(source["last_success_text"], " ", source["copy_text"])),
    )
    return rx.el.details(
        rx.el.summary(
            rx.el.strong(source["title"]),
            rx.el.small(
                " · ",
                source["publisher"],
                " · ",
                t("ui.table.rows", lang),
                t("ui.list.colon", lang),
                source["rows_text"],
                class_name="quiet",
            ),
        ),
        rx.el.dl(
            *(make_pair(label, value) for label, value in pairs),
            rx.cond(
                source["editions"].length() > 0,
                make_pair(t("ui.table.edition", lang), source["editions"].join(t("ui.list.comma", lang))),
            ),
            class_name="pairs",
        ),
        rx.cond(
            source["indicators"].length() > 0,
            fold(
                [t("ui.nav.indicators", lang), " (", source["indicators"].length(), ")"],
                rx.el.ul(
                    rx.foreach(
                        source["indicators"],
                        lambda item: rx.el.li(link_page(item["label"], to=f"/{lang}/indicators/{item['id']}/")),
                    ),
                    class_name="columns",
                ),
            ),
        ),
        rx.cond(
            source["indicators"].length() > 0,
            rx.el.p(
                link_page(t("sources.coverage.own", lang), to=f"/{lang}/availability/?source={source['id']}"),
                class_name="after-text",
            ),
        ),
        rx.cond(source["failures"].length() > 0, _fold_failures(lang, source["failures"])),
        id=source["id"],
        class_name="fold source-fold",
    )


def _fold_failures(lang: str, failures: Any) -> rx.Component:
    titles = [
        t("ui.table.series", lang),
        t("ui.table.indicator", lang),
        t("ui.table.reason", lang),
        t("ui.table.date", lang),
    ]
    return fold(
        [t("ui.table.failures", lang), " (", failures.length(), ")"],
        list_rows(
            t("ui.table.failures", lang),
            titles,
            failures,
            lambda failure: rx.el.tr(
                rx.el.td(rx.el.code(failure["series"])),
                rx.el.td(failure["indicator_name"]),
                rx.el.td(failure["meaning"], rx.el.small(failure["reason"])),
                rx.el.td(failure["when"]),
            ),
            class_name="",
        ),
    )


PAGE = make_page(
    "sources",
    "pages.sources.heading",
    "pages.sources.lede",
    _draw_answer,
    SourcesState.load,
)
