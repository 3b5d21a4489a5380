"""Countries' own figures: each with its label, its definition and what to be careful about."""

from typing import Any

import reflex as rx

from dashboard.interfaces.components.browser import outward_link, page_link
from dashboard.interfaces.components.chart import chart_figure
from dashboard.interfaces.components.controls import view_link
from dashboard.interfaces.components.figures import figure_value, listing, pair
from dashboard.locales import t


def national_figures(
    lang: str, series: Any, note: Any, links: Any, chosen: Any, show: Any, pick: Any, share: Any
) -> rx.Component:
    """The tab of a country's page: its national series in a table, the chosen one with definition and chart below.

    ``series`` is a list of ``NationalView``; nothing is shown where it is empty. ``links`` lead from the id of an
    indicator to the view that shows its series, ``chosen`` is the one shown. ``show`` makes the event from an
    observation id, ``pick`` from a mark of a chart, ``share`` from its address.
    """
    titles = [t("ui.table.indicator", lang), t("national.field.latest", lang), t("ui.table.year", lang)]
    titles += [t(f"national.field.{name}", lang) for name in ("evidence", "points")]

    def row(item: Any) -> tuple[Any, ...]:
        current, age = item["indicator"] == chosen, item["figure"]["age_text"]
        return (
            view_link(item["name"], to=links[item["indicator"]], current=current, chart=item["chart"].to(str)),
            _latest(lang, item, show, item["name"]),
            [item["figure"]["period"], rx.cond(age != "", rx.el.small(age))],
            item["evidence_text"],
            item["points_text"],
        )

    def props(item: Any) -> dict[str, Any]:
        return {"custom_attrs": {"data-chosen": item["indicator"] == chosen}}

    return _section(
        lang,
        series,
        note,
        rx.cond(
            series.length() > 1,
            listing(t("national.title", lang), titles, series, row, numeric=(1,), props=props),
        ),
        rx.foreach(
            series,
            lambda item: rx.cond(
                item["indicator"] == chosen,
                _card(lang, item, show, _chart(lang, item, pick, share)),
            ),
        ),
    )


def _latest(lang: str, item: Any, show: Any, label: Any) -> rx.Component:
    """The latest figure; where its figures are not copied here, the way to the office's own platform."""
    return rx.cond(
        item["elsewhere"] != "",
        outward_link(t("national.elsewhere.link", lang), item["homepage"]),
        figure_value(lang, item["figure"], show, label, unit=True),
    )


def _section(lang: str, series: Any, note: Any, *children: rx.Component) -> rx.Component:
    return rx.cond(
        series.length() > 0,
        rx.el.section(rx.el.h2(t("national.title", lang)), rx.el.p(note, class_name="note"), *children, id="national"),
    )


def _card(lang: str, item: Any, show: Any, *chart: rx.Component) -> rx.Component:
    figure = item["figure"]
    latest = rx.fragment(
        _latest(lang, item, show, item["name"]),
        rx.cond(item["elsewhere"] != "", rx.el.small(" ", item["elsewhere"])),
        rx.cond(
            figure["kind"] == "",
            rx.el.small(
                figure["period"],
                rx.cond(figure["age_text"] != "", rx.el.span(" · ", figure["age_text"])),
            ),
        ),
    )
    pairs = (
        ("latest", latest),
        ("target", item["target_text"]),
        ("definition", item["definition"]),
        ("caution", item["caution"]),
        ("question", item["question"]),
        ("population", item["population"]),
        ("method", item["method"]),
        ("relation", item["relation_text"]),
        ("compiled_by", item["compiled_by"]),
        ("source", outward_link(item["source_text"], item["homepage"])),
        ("evidence", item["evidence_text"]),
        ("points", item["points_text"]),
    )
    return rx.el.article(
        rx.el.h3(page_link(item["name"], to=f"/{lang}/indicators/{item['indicator']}/")),
        rx.el.p(rx.el.strong(item["label"], class_name="tag"), class_name="note"),
        rx.el.div(
            rx.el.dl(*(_pair(t(f"national.field.{name}", lang), value) for name, value in pairs), class_name="pairs"),
            *chart,
            class_name="beside-chart",
        ),
        class_name="national",
    )


def _chart(lang: str, item: Any, pick: Any, share: Any) -> rx.Component:
    return rx.cond(
        item["chart"] != "",
        chart_figure(
            lang, item["chart"], pick, share, heading=item["name"], subtitle=item["label"], height=300, level="h4"
        ),
    )


def _pair(label: str, value: Any) -> rx.Component:
    made = pair(label, value)
    return made if isinstance(value, rx.Component) else rx.cond(value != "", made)


def national_list(lang: str, series: Any, show: Any) -> rx.Component:
    """The section of an indicator's page: which countries publish figures of their own under its number."""
    titles = [t("ui.table.country", lang), t("national.field.latest", lang), t("ui.table.year", lang)]
    titles += [t(f"national.field.{name}", lang) for name in ("definition", "caution")]

    def row(item: Any) -> tuple[Any, ...]:
        place = f"/{lang}/countries/{item['iso3']}/?indicator={item['indicator']}&tab=national"
        return (
            [page_link(item["country"], to=place), rx.el.small(item["label"])],
            _latest(lang, item, show, item["country"]),
            [item["figure"]["period"], rx.el.small(item["points_text"])],
            item["definition"],
            item["caution"],
        )

    return rx.cond(
        series.length() > 0,
        rx.el.section(
            rx.el.h2(t("national.countries.title", lang)),
            rx.el.p(t("national.countries.note", lang), class_name="note"),
            listing(t("national.countries.title", lang), titles, series, row, numeric=(1,)),
            id="national",
        ),
    )
