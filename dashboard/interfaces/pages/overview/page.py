"""The first page: four figures, where the model is adopted, whether control of corruption changed, what is new."""

from dataclasses import replace
from typing import Any

import reflex as rx

from dashboard.answers.adoption.counting import DEFAULT_RULE
from dashboard.answers.site.overview import view_overview
from dashboard.answers.site.views import OverviewView
from dashboard.interfaces.components.browser import AtAnchor, link_page
from dashboard.interfaces.components.chart import draw_chart
from dashboard.interfaces.components.tiles.counting import link_rules
from dashboard.interfaces.components.tiles.tiles import draw_legend, draw_tile_map, list_tiles
from dashboard.interfaces.components.trouble import draw_placeholder
from dashboard.interfaces.pages.overview.parts import draw_coverage_bars, draw_kpis, draw_small_mapping, list_news
from dashboard.interfaces.pages.overview.visit import VisitState, tell_since_last_visit
from dashboard.interfaces.pages.shell.address import write_counted_url
from dashboard.interfaces.pages.shell.frame import draw_page_head, show_answer
from dashboard.interfaces.pages.shell.page import Page
from dashboard.interfaces.pages.shell.provenance import ProvenanceState
from dashboard.interfaces.pages.shell.state import NOTHING, RuleLink, Shell
from dashboard.locales import t


class OverviewState(Shell):
    """What the first page says by the counting rule of the address; countries without a record are not sent."""

    view: OverviewView = NOTHING
    rules: list[RuleLink] = []

    @rx.event
    async def load(self) -> None:
        """Answer the address."""
        view = await self._ask_services(
            lambda ctx, address: view_overview(ctx, address.rule or DEFAULT_RULE), cached=True
        )
        if view is not None:
            recorded = [tile for tile in view["tiles"] if tile["status"] != "no_record" or tile["origin"]]
            self.view = {**view, "tiles": recorded}
            self.rule = view["counting"]["rule"]
            self.rules = self._list_rules(view["counting"]["rules"])
            self.chart = write_counted_url(
                "corruption", replace(self._read_address(), rule=self.rule), self._get_lang()
            )


def draw_page(lang: str) -> rx.Component:
    """The page in a language."""
    return rx.fragment(
        draw_page_head(t("overview.heading", lang), t("overview.lede", lang)),
        tell_since_last_visit(lang),
        show_answer(lang, _draw_answer, OverviewState.load, pending=draw_placeholder(lang, 4, chart=True)),
    )


def _draw_answer(lang: str) -> rx.Component:
    view = OverviewState.view
    return rx.fragment(
        draw_kpis(lang, view["kpis"]),
        rx.el.div(_draw_map(lang, view), _draw_change(lang), class_name="overview-pictures"),
        rx.el.div(
            draw_coverage_bars(lang, view["coverage"]),
            rx.el.div(draw_small_mapping(lang, view["mapping"]), list_news(lang, view["news"])),
            class_name="overview-below",
        ),
        AtAnchor.create(),
    )


def _draw_map(lang: str, view: Any) -> rx.Component:
    counting = view["counting"]
    return rx.el.section(
        rx.el.div(
            rx.el.h2(t("overview.map", lang)),
            link_rules(t("ui.controls.counting_rule", lang), OverviewState.rules),
            class_name="picture-head",
        ),
        draw_legend(view["legend"], t("pages.tiles.disputed", lang)),
        draw_tile_map(lang, view["tiles"], counting["text"]),
        rx.el.p(
            counting["text"], ". ", link_page(t("register.page.from_overview", lang), to=f"/{lang}/adoption/"),
            class_name="note sentence",
        ),
        list_tiles(lang, view["tiles"]),
        rx.el.p(link_page(t("statement.page.open", lang), to=f"/{lang}/statement/"), class_name="note alone"),
    )  # fmt: skip


def _draw_change(lang: str) -> rx.Component:
    return rx.el.section(
        draw_chart(lang, OverviewState.chart, ProvenanceState.pick, height=372, level="h2"),
        rx.el.p(t("overview.change.note", lang, first="2012"), class_name="note"),
    )


PAGE = Page(
    id="overview",
    route="/{lang}/",
    body=draw_page,
    load=OverviewState.load,
    title=lambda lang: t("overview.heading", lang),
    description=lambda lang: t("ui.product.purpose", lang),
    example="",
    kept=True,
    after=(VisitState.greet,),
)
