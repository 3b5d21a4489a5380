"""Parts of the overview: four figures, what each theme serves, data by theme, what is new."""

from typing import Any

import reflex as rx

from dashboard.interfaces.components.browser import link_file, link_page
from dashboard.interfaces.components.figures import make_pair
from dashboard.interfaces.components.tiles.sparkline import draw_country_dots, draw_sparkline
from dashboard.locales import t


def draw_level_lane(lane: Any) -> rx.Component:
    """A ``LevelLane``: a dot a country on a scale from 0 to 100 %, and the same in words."""
    return rx.el.div(
        rx.el.h3(lane["label"]),
        rx.cond(
            lane["dots"].length() > 0,
            rx.el.span(
                rx.foreach(lane["dots"], lambda dot: rx.el.i(title=dot["text"], style={"insetInlineStart": dot["at"]})),
                class_name="lane-scale",
                aria_hidden="true",
            ),
        ),
        rx.el.small(lane["text"]),
        class_name="kpi-lane",
    )


def draw_kpis(lang: str, tiles: Any) -> rx.Component:
    """Four figures, each with its course or its countries, how it is known, and where it leads."""

    def tile(item: Any) -> rx.Component:
        return rx.el.article(
            rx.el.h2(link_page(item["label"], to=item["to"])),
            rx.cond(
                item["value"] != "",
                rx.el.p(
                    rx.el.strong(item["value"], class_name="kpi-value"),
                    draw_sparkline(item["spark"]),
                    class_name="kpi-figure",
                ),
            ),
            rx.cond(item["mark"] != "", rx.el.p(rx.el.span(item["mark"], class_name="tag"))),
            draw_country_dots(item["dots"]),
            rx.foreach(item["lanes"], draw_level_lane),
            rx.cond(
                item["lines"].length() > 0,
                rx.el.dl(
                    rx.foreach(item["lines"], lambda line: make_pair(line["label"], line["value"])),
                    class_name="kpi-lines",
                ),
            ),
            rx.cond(item["text"] != "", rx.el.p(item["text"], class_name="note sentence")),
            rx.el.details(rx.el.summary(t("overview.how", lang)), rx.el.p(item["how"], class_name="note")),
            class_name="kpi",
            id=item["id"],
        )

    return rx.el.div(rx.foreach(tiles, tile), class_name="kpis")


def draw_coverage_bars(lang: str, themes: Any) -> rx.Component:
    """A bar per theme: which share of possible figures there is, of how many countries, and of which years."""
    return rx.el.section(
        rx.el.h2(t("overview.coverage", lang)),
        rx.el.p(t("overview.coverage_key", lang), class_name="note"),
        rx.el.ul(
            rx.foreach(
                themes,
                lambda theme: rx.el.li(
                    link_page(theme["label"], to=f"/{lang}/indicators/?theme={theme['theme']}"),
                    rx.el.span(rx.el.span(style={"inlineSize": theme["share"]}), class_name="bar", aria_hidden="true"),
                    rx.el.span(theme["share_text"], class_name="num"),
                    rx.el.small(theme["text"], " · ", theme["age_text"]),
                ),
            ),
            class_name="bars",
        ),
        rx.el.p(link_page(t("availability.page.link", lang), to=f"/{lang}/availability/")),
    )


def draw_small_mapping(lang: str, mapping: Any) -> rx.Component:
    """Themes and the goals they serve, joined by ribbons; a theme opens the mapping at its links."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2(t("overview.small_mapping", lang)),
            link_page(t("overview.open_mapping", lang), to=f"/{lang}/mapping/"),
            class_name="small-mapping-head",
        ),
        rx.el.div(
            rx.el.ul(
                rx.foreach(
                    mapping["themes"],
                    lambda theme: rx.el.li(
                        link_page(theme["label"], to=theme["to"]),
                        rx.el.span(theme["count"], aria_hidden="true", class_name="num"),
                        rx.el.span(theme["links"], class_name="sr-only"),
                        style={"insetBlockStart": theme["top"]},
                    ),
                )
            ),
            rx.el.svg(
                rx.foreach(mapping["ribbons"], lambda ribbon: rx.el.path(d=ribbon)),
                view_box="0 0 100 100",
                preserve_aspect_ratio="none",
                aria_hidden="true",
            ),
            rx.el.ul(
                rx.foreach(
                    mapping["goals"],
                    lambda goal: rx.el.li(
                        rx.el.span(goal["id"], class_name=f"badge goal-{goal['id']}"),
                        rx.el.span(goal["label"], class_name="name"),
                        rx.el.span(goal["links"], class_name="sr-only"),
                        style={"insetBlockStart": goal["top"]},
                    ),
                )
            ),
            class_name="small-mapping",
        ),
        id="mapping",
    )


def list_news(lang: str, items: Any) -> rx.Component:
    """The latest vintages, and how to hear of the next."""
    return rx.el.section(
        rx.el.h2(t("overview.news", lang)),
        rx.el.ol(
            rx.foreach(
                items,
                lambda item: rx.el.li(
                    rx.el.span(item["date_text"], class_name="quiet"),
                    rx.el.div(rx.el.strong(item["title"]), rx.el.p(item["text"], class_name="note")),
                ),
            ),
            class_name="timeline",
        ),
        rx.el.p(
            link_page(t("changes.between.link", lang), to=f"/{lang}/changes/"),
            " · ",
            rx.el.strong(t("overview.subscribe", lang)),
            " ",
            link_file(t("overview.feed", lang), href=f"/api/v1/changes.atom?lang={lang}"),
            " · ",
            link_file(t("changes.calendar.link", lang), href=f"/api/v1/calendar.ics?lang={lang}"),
            " · ",
            link_file(t("follow.page.mail", lang), href=f"/follow/?lang={lang}"),
            class_name="note",
            id="subscribe",
        ),
        id="news",
    )
