"""Countries' own figures: each with its label, its definition and what to be careful about."""

from typing import Any

import reflex as rx

from dashboard.interfaces.components.browser import link_outward, link_page
from dashboard.interfaces.components.chart import draw_chart
from dashboard.interfaces.components.controls import link_view
from dashboard.interfaces.components.figures import draw_figure, list_rows, make_pair
from dashboard.locales import t


def draw_national_figures(
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
            link_view(item["name"], to=links[item["indicator"]], current=current, chart=item["chart"].to(str)),
            _draw_latest(lang, item, show, item["name"]),
            [item["figure"]["period"], rx.cond(age != "", rx.el.small(age))],
            item["evidence_text"],
            item["points_text"],
        )

    def props(item: Any) -> dict[str, Any]:
        return {"custom_attrs": {"data-chosen": item["indicator"] == chosen}}

    return _draw_section(
        lang,
        series,
        note,
        rx.cond(
            series.length() > 1,
            list_rows(t("national.title", lang), titles, series, row, numeric=(1,), props=props),
        ),
        rx.foreach(
            series,
            lambda item: rx.cond(
                item["indicator"] == chosen,
                _draw_card(lang, item, show, _draw_chart(lang, item, pick, share)),
            ),
        ),
    )


def _draw_latest(lang: str, item: Any, show: Any, label: Any) -> rx.Component:
    """The latest figure; where its figures are not copied here, the way to the office's own platform."""
    return rx.cond(
        item["elsewhere"] != "",
        link_outward(t("national.elsewhere.link", lang), item["homepage"]),
        draw_figure(lang, item["figure"], show, label, unit=True),
    )


def _draw_section(lang: str, series: Any, note: Any, *children: rx.Component) -> rx.Component:
    return rx.cond(
        series.length() > 0,
        rx.el.section(rx.el.h2(t("national.title", lang)), rx.el.p(note, class_name="note"), *children, id="national"),
    )


def _draw_card(lang: str, item: Any, show: Any, *chart: rx.Component) -> rx.Component:
    figure = item["figure"]
    latest = rx.fragment(
        _draw_latest(lang, item, show, item["name"]),
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
        ("source", link_outward(item["source_text"], item["homepage"])),
        ("evidence", item["evidence_text"]),
        ("points", item["points_text"]),
    )
    return rx.el.article(
        rx.el.h3(link_page(item["name"], to=f"/{lang}/indicators/{item['indicator']}/")),
        rx.el.p(rx.el.strong(item["label"], class_name="tag"), class_name="note"),
        rx.el.div(
            rx.el.dl(
                *(_make_pair(t(f"national.field.{name}", lang), value) for name, value in pairs), class_name="pairs"
            ),
            *chart,
            class_name="beside-chart",
        ),
        class_name="national",
    )


def _draw_chart(lang: str, item: Any, pick: Any, share: Any) -> rx.Component:
    return rx.cond(
        item["chart"] != "",
        draw_chart(
            lang, item["chart"], pick, share, heading=item["name"], subtitle=item["label"], height=300, level="h4"
        ),
    )


def _make_pair(label: str, value: Any) -> rx.Component:
    made = make_pair(label, value)
    return made if isinstance(value, rx.Component) else rx.cond(value != "", made)


def list_national_figures(lang: str, series: Any, show: Any) -> rx.Component:
    """The section of an indicator's page: which countries publish figures of their own under its number."""
    titles = [t("ui.table.country", lang), t("national.field.latest", lang), t("ui.table.year", lang)]
    titles += [t(f"national.field.{name}", lang) for name in ("definition", "caution")]

    def row(item: Any) -> tuple[Any, ...]:
        place = f"/{lang}/countries/{item['iso3']}/?indicator={item['indicator']}&tab=national"
        return (
            [link_page(item["country"], to=place), rx.el.small(item["label"])],
            _draw_latest(lang, item, show, item["country"]),
            [item["figure"]["period"], rx.el.small(item["points_text"])],
            item["definition"],
            item["caution"],
        )

    return rx.cond(
        series.length() > 0,
        rx.el.section(
            rx.el.h2(t("national.countries.title", lang)),
            rx.el.p(t("national.countries.note", lang), class_name="note"),
            list_rows(t("national.countries.title", lang), titles, series, row, numeric=(1,)),
            id="national",
        ),
    )
