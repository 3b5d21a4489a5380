"""Beside the verdicts: the adoption pipeline, the promise of 99 % as a test, and what the figures cannot say."""

from typing import Any

import reflex as rx

from dashboard.interfaces.components.browser import link_page
from dashboard.interfaces.components.chart import draw_chart
from dashboard.interfaces.components.figures import fold, list_rows
from dashboard.locales import t


def draw_promise(lang: str, view: Any) -> rx.Component:
    """The published figures held against the promise (a ``Promise``)."""
    titles = [t(f"results.promise.{key}", lang) for key in ("country", "when", "figure", "verdict", "reason", "source")]
    return rx.el.section(
        rx.el.h2(t("results.page.promise", lang)),
        rx.el.p(view["text"]),
        rx.cond(
            view["rows"].length() > 0,
            list_rows(
                t("results.page.promise", lang),
                titles,
                view["rows"],
                lambda case: (
                    *(case[key] for key in ("country", "when", "figure", "outcome_text", "reason")),
                    rx.el.small(case["source"], dir="auto"),
                ),
            ),
        ),
        rx.el.p(view["rule"], class_name="note section"),
        id="promise",
    )


def list_limitations(lang: str, gaps: Any) -> rx.Component:
    """What the figures cannot say, with how often (a list of ``Unsaid``)."""
    return rx.el.section(
        rx.el.h2(t("results.page.unsaid", lang)),
        rx.el.p(t("results.unsaid.note", lang), class_name="note"),
        list_rows(
            t("results.page.unsaid", lang),
            (t("results.unsaid.count", lang), t("results.unsaid.what", lang)),
            gaps,
            lambda limitation: rx.el.tr(rx.el.td(limitation["count"], class_name="num"), rx.el.td(limitation["text"])),
            numeric=(0,),
            class_name="unsaid",
        ),
        id="unsaid",
    )


def draw_pipeline(lang: str, view: Any, url: Any, pick: Any) -> rx.Component:
    """The chart at ``url``, its steps with their events, and the events without a date (a ``Pipeline``)."""
    titles = [
        t(f"results.pipeline.{key}", lang) for key in ("country", "date", "stage", "event", "evidence", "event_source")
    ]

    def step(event: Any) -> tuple[Any, ...]:
        disputed = rx.cond(event["disputed"], rx.el.small(t("terms.adoption_status.disputed.name", lang)))
        return (
            link_page(event["country"], to=f"/{lang}/countries/{event['iso3']}/?country="),
            event["date_text"],
            link_page(event["stage_text"], to=f"/{lang}/method/{event['stage']}/"),
            [event["type_text"], disputed],
            link_page(event["evidence"], to=f"/{lang}/method/register_level/"),
            rx.el.small(event["source"], lang="en", dir="auto"),
        )

    def listed(summary: Any, steps: Any) -> rx.Component:
        return fold(summary, list_rows(summary, titles, steps, step))

    return rx.el.section(
        rx.el.h2(t("results.page.pipeline", lang)),
        rx.el.p(view["text"], class_name="note"),
        draw_chart(lang, url, pick, heading=t("results.pipeline.title", lang), level="h3"),
        listed(t("results.pipeline.steps", lang), view["steps"]),
        rx.cond(view["undated_text"] != "", listed(view["undated_text"], view["undated"])),
        id="pipeline",
    )
