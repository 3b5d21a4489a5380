"""What the page of an indicator says around its figures: facts, cautions, method, links, series."""

from typing import Any

import reflex as rx

from dashboard.components.browser import outward_link, page_link
from dashboard.components.cards import coverage
from dashboard.components.figures import cell, listing, year_range
from dashboard.locales import t


def facts(lang: str, view: Any) -> rx.Component:
    """Source, last update, next expected, unit, period, direction, target and coverage."""
    pairs = (
        (t("ui.table.source", lang), view["source_text"]),
        (t("ui.indicator.last_updated", lang), view["updated_text"]),
        (t("ui.indicator.next_expected", lang), view["next_text"]),
        (t("ui.table.unit", lang), view["unit"]),
        (t("ui.controls.period", lang), view["range_text"]),
        (t("ui.indicator.direction", lang), view["direction_text"]),
        (
            t("ui.indicator.target", lang),
            rx.cond(view["target_text"] != "", view["target_text"], t("ui.indicator.no_target", lang)),
        ),
        (t("ui.table.coverage", lang), coverage(view)),
    )
    return rx.el.section(
        rx.el.h2(t("ui.indicator.about", lang)),
        rx.el.dl(
            *(
                rx.cond(value != "", rx.el.div(rx.el.dt(label), rx.el.dd(value)))
                if not isinstance(value, rx.Component)
                else rx.el.div(rx.el.dt(label), rx.el.dd(value))
                for label, value in pairs
            ),
            class_name="pairs",
        ),
        id="about",
    )


def know(lang: str, view: Any) -> rx.Component:
    """What you should know, and how a figure comes about, each where there is something to say."""
    return rx.fragment(
        rx.cond(
            view["know"].length() > 0,
            rx.el.section(
                rx.el.h2(t("ui.indicator.caveats", lang)),
                rx.el.ul(rx.foreach(view["know"], lambda point: rx.el.li(point)), class_name="points"),
                id="know",
            ),
        ),
        rx.cond(
            view["computed"].length() > 0,
            rx.el.section(
                rx.el.h2(t("ui.indicator.how_computed", lang)),
                rx.el.ol(rx.foreach(view["computed"], lambda step: rx.el.li(step)), class_name="steps"),
                id="computed",
            ),
        ),
    )


def links(lang: str, view: Any) -> rx.Component:
    """SDG targets and CEPA principles with strength and reason of each link, and the human-rights reference."""
    titles = [t(f"ui.table.{key}", lang) for key in ("target", "principle", "strength", "rationale")]

    def row(link: Any) -> rx.Component:
        return rx.el.tr(
            cell(
                titles[0],
                rx.cond(
                    link["target"] != "",
                    rx.fragment(
                        page_link(
                            rx.el.bdi(link["target"]),
                            to=f"/{lang}/targets/{link['target']}/",
                            title=link["target_title"],
                        ),
                        rx.cond(
                            link["sdg_indicator"] != "",
                            rx.el.small(t("ui.indicator.official", lang), " ", rx.el.bdi(link["sdg_indicator"])),
                        ),
                    ),
                ),
            ),
            cell(
                titles[1],
                rx.cond(
                    link["principle"] != "",
                    page_link(link["principle_name"], to=f"/{lang}/indicators/?principle={link['principle']}"),
                ),
            ),
            cell(
                titles[2],
                page_link(
                    link["strength_text"], to=f"/{lang}/method/#{link['strength']}", title=link["strength_meaning"]
                ),
            ),
            cell(titles[3], link["rationale"]),
        )

    return rx.el.section(
        rx.el.h2(t("ui.indicator.links", lang)),
        rx.el.p(t("terms.strength.note", lang), class_name="note"),
        listing(t("ui.indicator.links", lang), titles, view["links"], row),
        rx.el.p(
            t("ui.indicator.rights_hook", lang), t("ui.list.colon", lang),
            rx.cond(view["rights_hook"] != "", view["rights_hook"], t("ui.indicator.no_rights_hook", lang)),
            rx.cond(
                (view["rights_hook"] != "") & (view["rights_checked"] != ""),
                rx.el.span(" · ", view["rights_checked"]),
            ),
            class_name="note section",
        ),
        id="links",
    )  # fmt: skip


def series_table(lang: str, view: Any) -> rx.Component:
    """The publishers' series that feed the indicator, with what the dataset holds of each."""
    titles = [t(f"ui.table.{key}", lang) for key in ("publisher", "series", "edition", "rows", "licence")]

    def row(series: Any) -> rx.Component:
        return rx.el.tr(
            rx.el.th(
                outward_link(series["source_text"], series["homepage"]),
                rx.el.small(series["role_text"]),
                scope="row",
            ),
            cell(titles[1], rx.el.code(series["series"])),
            cell(titles[2], rx.foreach(series["editions"], lambda edition: rx.el.span(edition, " "))),
            cell(
                titles[3],
                series["rows_text"],
                rx.cond(series["first_year"], rx.el.small(year_range(series["first_year"], series["last_year"]))),
                class_name="num",
            ),
            cell(titles[4], outward_link(series["licence"], series["licence_url"])),
        )

    return rx.cond(
        view["series"].length() > 0,
        rx.el.section(
            rx.el.h2(t("pages.indicator.series", lang)),
            listing(t("pages.indicator.series", lang), titles, view["series"], row, numeric=(3,)),
        ),
    )
