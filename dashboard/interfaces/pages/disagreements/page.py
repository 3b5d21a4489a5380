"""Where publishers disagree: the answer, how often by kind, every pair of figures with the reason where it is known."""

from dataclasses import replace
from typing import Any

import reflex as rx

from dashboard.answers.base.context import Context
from dashboard.answers.revisions.disagreements import WORLD, ask, view_disagreements
from dashboard.answers.revisions.views import DisagreementsView
from dashboard.interfaces.components.browser import link_code, link_file, link_page, list_actions
from dashboard.interfaces.components.controls import (
    draw_pager,
    draw_tabs,
    link_view,
    list_country_options,
    make_select,
    make_view_form,
)
from dashboard.interfaces.components.figures import list_rows, make_source_button
from dashboard.interfaces.components.trouble import explain_nothing
from dashboard.interfaces.pages.shell.address import ChoiceLink, PageAddress
from dashboard.interfaces.pages.shell.frame import make_page
from dashboard.interfaces.pages.shell.provenance import ProvenanceState
from dashboard.interfaces.pages.shell.state import NOTHING, Shell
from dashboard.locales import t


class DisagreementsState(Shell):
    """The disagreements of the address, and where its controls lead."""

    view: DisagreementsView = NOTHING
    kinds: list[ChoiceLink] = []
    indicator: str = ""
    everywhere: str = ""  # where all countries are told of; "" where they are
    cleared: str = ""
    around: list[str] = ["", ""]

    @rx.event
    async def load(self) -> None:
        """Answer the address."""

        def question(ctx: Context, a: PageAddress) -> DisagreementsView:
            return view_disagreements(ctx, ask(ctx, a.countries, a.indicator, a.group, a.kind), a.page)

        view = await self._ask_services(question, cached=True)
        if view is None:
            return
        address, self.view = self._read_address(), view
        self.indicator = address.indicator
        self.around = self._link_neighbours(view["page"], view["pages"])
        self.kinds = self._list_kinds(view["counts"], view["kind"], address)
        self.everywhere = (
            "" if address.group or address.countries else self._write_address(replace(address, group=WORLD))
        )
        self.cleared = self._write_address(PageAddress(as_of=address.as_of))


def _draw_answer(lang: str) -> rx.Component:
    view = DisagreementsState.view
    return rx.fragment(
        rx.el.p(view["text"], role="status", class_name="answer-words sentence"),
        _make_controls(lang, view),
        draw_tabs(t("disagreements.kinds", lang), DisagreementsState.kinds),
        rx.foreach(
            view["counts"],
            lambda count: rx.cond(
                count["kind"] == view["kind"],
                rx.el.p(count["definition"], " ", view["rule"], " ", count["text"], class_name="note"),
            ),
        ),
        rx.cond(
            view["total"] > 0,
            rx.fragment(
                _draw_table(lang, view["rows"]),
                draw_pager(
                    lang, t("disagreements.heading", lang), view["page"], view["pages"], DisagreementsState.around
                ),
            ),
            explain_nothing(t("disagreements.nothing", lang), t("disagreements.nothing_help", lang)),
        ),
        list_actions(
            link_file(t("disagreements.csv", lang), href=view["csv"], download=True),
            link_file(t("changes.between.json", lang), href=view["json"]),
            link_code(lang, view["csv"]),
        ),
    )


def _make_controls(lang: str, view: Any) -> rx.Component:
    state, every = DisagreementsState, t("ui.controls.all", lang)
    countries = [(option["id"], option["label"]) for option in list_country_options(lang)]
    return make_view_form(
        lang,
        make_select(
            "country",
            t("ui.table.country", lang),
            state.picked_ids,
            countries,
            t("changes.between.of_register", lang),
        ),
        make_select("indicator", t("ui.table.indicator", lang), state.indicator, view["indicators"], every),
        rx.cond(
            state.everywhere != "",
            link_view(t("changes.between.everywhere", lang), to=state.everywhere, class_name="plain"),
        ),
        link_view(t("ui.buttons.clear", lang), to=state.cleared, class_name="plain"),
        fields=state.fields,
        own=("country", "indicator"),
        class_name="controls filters",
        aria_label=t("ui.controls.filter", lang),
    )


def _draw_table(lang: str, rows: Any) -> rx.Component:
    titles = [
        t("ui.table.indicator", lang),
        t("disagreements.column.shown", lang),
        t("disagreements.column.other", lang),
        t("changes.revisions.difference", lang),
        t("disagreements.column.reason", lang),
    ]

    def value(line: Any, which: str) -> rx.Component:
        whose = f"{t('ui.list.comma', lang)}{line['country']}. {t('ui.buttons.how_we_know', lang)}"
        return rx.fragment(
            make_source_button(line[f"{which}value"], ProvenanceState.show(line[f"{which}id"]), whose),
            rx.el.small(line[f"{which}source"]),
        )

    def bar(length: Any) -> rx.Component:
        return rx.el.span(rx.el.span(style={"inlineSize": length}), class_name="apart-bar", aria_hidden="true")

    def row(line: Any) -> tuple[Any, ...]:
        place = link_page(line["country"], t("ui.list.comma", lang), line["period"], to=line["to"])
        apart = [line["difference"], rx.cond(line["length"] != "", bar(line["length"]))]
        whole = [place, rx.el.small(line["name"])]
        return whole, value(line, ""), value(line, "other_"), apart, rx.el.small(line["reason"])

    return list_rows(t("disagreements.heading", lang), titles, rows, row, numeric=(3,))


PAGE = make_page(
    "disagreements",
    "disagreements.heading",
    "disagreements.lede",
    _draw_answer,
    DisagreementsState.load,
    framed=True,
    kept=True,
)
