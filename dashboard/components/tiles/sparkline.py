"""A small line without axes, and a row of dots: pictures whose words stand beside them."""

from typing import Any

import reflex as rx


def sparkline(spark: Any) -> rx.Component:
    """A ``Sparkline``; nothing where there are too few figures for one."""
    return rx.cond(
        spark["path"] != "",
        rx.el.span(
            rx.el.svg(
                rx.el.path(d=spark["path"]),
                rx.el.circle(cx=spark["x"].to_string(), cy=spark["y"].to_string(), r="2.5"),
                view_box="0 0 120 28",
                focusable="false",
            ),
            rx.el.small(rx.el.bdi(spark["first"], "–", spark["last"], dir="ltr")),
            class_name="spark",
            aria_hidden="true",
        ),
    )


def country_dots(dots: Any) -> rx.Component:
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
