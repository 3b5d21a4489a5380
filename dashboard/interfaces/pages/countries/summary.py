"""The first screen of a country: satisfaction in three lanes, integrity, services, goals, strengths, timeline, law."""

from typing import Any

import reflex as rx

from dashboard.interfaces.components.browser import link_page
from dashboard.interfaces.components.cards import draw_goal_badge, draw_goal_signs
from dashboard.interfaces.components.figures import draw_figure, fold
from dashboard.interfaces.components.tiles.sparkline import draw_sparkline
from dashboard.interfaces.pages.countries.parts import draw_law
from dashboard.locales import t


def draw_summary(lang: str, view: Any, show: Any) -> rx.Component:
    """Three panels beside each other, three below; ``show`` opens the source of a figure."""
    look = view["summary"]
    return rx.fragment(
        rx.el.div(
            _draw_lanes(lang, look["lanes"], show),
            _draw_rows(lang, look, show),
            _draw_goals(lang, view),
            class_name="country-panels",
        ),
        rx.el.div(
            _list_extremes(lang, "strongest", look["strongest"]),
            _list_extremes(lang, "weakest", look["weakest"]),
            _draw_timeline(lang, view),
            class_name="country-panels below",
        ),
    )


def _draw_lanes(lang: str, lanes: Any, show: Any) -> rx.Component:
    def figure(item: Any) -> rx.Component:
        return rx.el.li(
            rx.el.p(
                rx.el.strong(draw_figure(lang, item["figure"], show, item["name"], interval=False, unit=True)),
                rx.el.small(item["figure"]["period"], class_name="quiet"),
                rx.cond(item["badge"] != "", rx.el.span(item["badge"], class_name="tag")),
            ),
            rx.cond(
                item["at"] != "",
                rx.el.span(
                    rx.cond(
                        item["start"] != "",
                        rx.el.b(style={"insetInlineStart": item["start"], "inlineSize": item["width"]}),
                    ),
                    rx.el.i(
                        style={"insetInlineStart": item["at"]},
                        class_name=rx.cond(item["figure"]["year"], "", "undated"),
                    ),
                    class_name="lane-scale",
                    aria_hidden="true",
                ),
            ),
            rx.el.small(link_page(item["name"], to=item["to"])),
            rx.cond(item["figure"]["caution"] != "", rx.el.small(item["figure"]["caution"], class_name="caution")),
        )

    def report(item: Any) -> rx.Component:
        return rx.el.li(
            rx.el.p(rx.el.strong(item["value_text"]), rx.el.small(item["date_text"], class_name="quiet")),
            rx.el.small(item["metric_text"], " · ", rx.el.span(item["source"], lang="en", dir="auto")),
        )

    return rx.el.section(
        rx.el.h2(t("country.summary.satisfaction", lang)),
        rx.foreach(
            lanes,
            lambda lane: rx.el.div(
                rx.el.h3(lane["label"], title=lane["definition"]),
                rx.cond(lane["empty"] != "", rx.el.p(lane["empty"], class_name="absent")),
                rx.el.ul(rx.foreach(lane["figures"], figure), rx.foreach(lane["reports"], report)),
                class_name="lane",
            ),
        ),
        id="satisfaction",
    )


def _draw_rows(lang: str, look: Any, show: Any) -> rx.Component:
    def row(item: Any) -> rx.Component:
        return rx.el.li(
            rx.el.p(link_page(item["name"], to=item["to"]), class_name="row-name"),
            rx.el.div(
                rx.el.strong(draw_figure(lang, item["figure"], show, item["name"], interval=False, unit=True)),
                rx.el.small(item["figure"]["period"], class_name="quiet"),
                draw_sparkline(item["spark"]),
                class_name="row-figure",
            ),
            rx.cond(
                item["at"] != "",
                rx.el.span(
                    rx.el.i(class_name="region", style={"insetInlineStart": item["peers_at"]}),
                    rx.el.i(class_name="own", style={"insetInlineStart": item["at"]}),
                    class_name="dots",
                    title=item["peers_text"],
                    role="img",
                    aria_label=item["peers_text"],
                ),
            ),
            rx.cond(item["change_text"] != "", rx.el.small(item["change_text"], class_name="sentence")),
        )

    return rx.el.section(
        rx.el.h2(t("country.summary.rows", lang)),
        rx.cond(
            look["rows"].length() > 0,
            rx.el.ul(rx.foreach(look["rows"], row), class_name="summary-rows"),
            rx.el.p(t("pages.country.no_theme", lang), class_name="absent"),
        ),
        rx.cond(
            look["peers_label"] != "",
            rx.el.p(
                rx.el.span(rx.el.i(class_name="own"), class_name="dots key", aria_hidden="true"),
                " ", t("pages.country.key.own", lang), " ",
                rx.el.span(rx.el.i(class_name="region"), class_name="dots key", aria_hidden="true"),
                " ", look["peers_label"],
                class_name="note key-line",
            ),
        ),
    )  # fmt: skip


def _draw_goals(lang: str, view: Any) -> rx.Component:
    look = view["summary"]

    def tile(goal: Any) -> rx.Component:
        return rx.el.li(
            link_page(
                draw_goal_badge(goal["number"]),
                rx.el.span(goal["short"], class_name="goal-short"),
                draw_goal_signs(goal),
                rx.el.span(goal["text"], " ", goal["status_text"], class_name="sr-only"),
                to=f"/{lang}/goals/{goal['number']}/",
                title=goal["text"],
            )
        )

    return rx.el.section(
        rx.el.h2(t("country.summary.goals", lang)),
        rx.el.ul(rx.foreach(look["goals"], tile), class_name="goal-tiles"),
        rx.el.p(look["unmeasured"], class_name="note"),
        fold(
            t("country.strip.legend_title", lang),
            rx.el.p(t("country.strip.note", lang), class_name="note"),
            rx.el.ul(rx.foreach(view["strip_legend"], lambda meaning: rx.el.li(meaning)), class_name="legend note"),
            rx.el.p(view["strip_how"], class_name="note"),
        ),
        rx.el.p(link_page(t("country.onward.progress", lang), to=f"/{lang}/progress/?country={view['iso3']}")),
        id="goals",
    )


def _list_extremes(lang: str, which: str, rows: Any) -> rx.Component:
    """Indicators in which a country stands out, each with its words."""
    return rx.cond(
        rows.length() > 0,
        rx.el.section(
            rx.el.h2(t(f"country.summary.{which}", lang)),
            rx.el.ul(
                rx.foreach(
                    rows,
                    lambda row: rx.el.li(
                        link_page(row["name"], to=f"/{lang}/indicators/{row['indicator']}/"), rx.el.p(row["text"])
                    ),
                ),
                class_name="rows",
            ),
        ),
    )


def _draw_timeline(lang: str, view: Any) -> rx.Component:
    adoption = view["adoption"]
    return rx.el.section(
        rx.el.h2(t("country.summary.timeline", lang)),
        rx.cond(
            adoption["events"].length() > 0,
            rx.el.ol(
                rx.foreach(
                    adoption["events"],
                    lambda event: rx.el.li(
                        rx.el.span(event["date_text"], class_name="quiet"),
                        rx.el.span(
                            event["type_text"],
                            rx.cond(
                                event["disputed"],
                                rx.el.small(" · ", t("terms.adoption_status.disputed.name", lang)),
                            ),
                        ),
                    ),
                ),
                class_name="timeline short",
            ),
            rx.el.p(t("ui.empty.no_events", lang), class_name="note"),
        ),
        rx.foreach(view["legal"], draw_law),
    )
