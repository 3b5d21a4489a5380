"""A small line without axes, and a row of dots: pictures whose words stand beside them."""

from typing import Any

import reflex as rx

from dashboard.interfaces.components.browser import link_page
from dashboard.locales import t


def draw_sparkline(spark: Any) -> rx.Component:
    """A ``Sparkline``; nothing where there are too few figures for one."""
    return rx.cond(
        spark["path"] != "",
        rx.el.span(
            rx.el.svg(
                rx.el.path(d=spark["path"]),
                rx.el.circle(cx=spark["x"].to_string(), cy=spark["y"].to_string(), r="2.5"),
                view_box="0 0 120 28",
            ),
            rx.el.small(rx.el.bdi(spark["first"], "–", spark["last"], dir="ltr")),
            class_name="spark",
            aria_hidden="true",
        ),
    )


def draw_count_bars(bars: Any) -> rx.Component:
    """A ``Sparkline`` of ``draw_count_bars``: a bar a year; nothing where nobody has a figure."""
    return rx.cond(
        bars["path"] != "",
        rx.el.span(
            rx.el.svg(rx.el.path(d=bars["path"]), view_box="0 0 120 28"),
            rx.el.small(
                rx.cond(
                    bars["first"] == bars["last"], bars["last"], rx.el.bdi(bars["first"], "–", bars["last"], dir="ltr")
                )
            ),
            class_name="spark count-bars",
            aria_hidden="true",
        ),
    )


def draw_small_picture(lang: str, picture: Any) -> rx.Component:
    """A ``SmallPicture``: a dot on its scale with the interval, the course, whether it changed, and the figure."""
    mark = rx.match(picture["change"], ("rise", "▲"), ("fall", "▼"), ("unclear", "≈"), "")
    scale = rx.el.span(
        rx.cond(
            picture["start"] != "",
            rx.el.b(style={"insetInlineStart": picture["start"], "inlineSize": picture["width"]}),
        ),
        rx.el.i(style={"insetInlineStart": picture["at"]}),
        class_name="lane-scale",
        aria_hidden="true",
    )
    return rx.cond(
        picture["missing"],
        rx.el.small(picture["value"], class_name="absent"),
        rx.el.span(
            rx.el.span(rx.cond(picture["at"] != "", scale), draw_sparkline(picture["spark"]), class_name="pictures"),
            rx.el.small(
                link_page(picture["value"], to=f"/{lang}/indicators/{picture['indicator']}/", title=picture["text"]),
                rx.cond(mark != "", rx.el.span(" ", mark, aria_hidden="true", title=picture["change_text"])),
                rx.el.span(t("ui.list.comma", lang), picture["text"], class_name="sr-only"),
            ),
            class_name="small-picture",
        ),
    )


def draw_country_dots(dots: Any) -> rx.Component:
    """A row of ``Dot``: one country each, told apart by colour and by shape."""
    return rx.cond(
        dots.length() > 0,
        rx.el.ul(
            rx.foreach(
                dots,
                lambda dot: rx.el.li(
                    rx.el.span(dot["text"], class_name="sr-only"),
                    title=dot["text"],
                    custom_attrs={"data-tone": dot["tone"], "data-country": dot["iso3"]},
                ),
            ),
            class_name="country-dots",
        ),
    )
