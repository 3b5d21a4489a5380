"""Parts of the Mapping page: controls, the pinned path, bars of evidence, the matrix of dots, the table."""

from typing import Any

import reflex as rx

from dashboard.answers.wording.evidence import STRENGTHS
from dashboard.evidence.codebook.tables import MEASURED
from dashboard.interfaces.components.browser import link_page
from dashboard.interfaces.components.cards import draw_evidence_bar
from dashboard.interfaces.components.controls import link_view
from dashboard.interfaces.components.figures import fold, list_rows, make_source_button
from dashboard.interfaces.pages.mapping.state import MappingState
from dashboard.interfaces.pages.shell.provenance import ProvenanceState
from dashboard.locales import t


def draw_controls(lang: str) -> rx.Component:
    """One line of links: strength, figures, country, last column, view."""
    view = MappingState.view
    return rx.el.div(
        _list_segments(t("mapping.strength.label", lang), view["strengths"]),
        _list_segments(t("mapping.figures.label", lang), view["figures"]),
        _make_country_choice(lang),
        _list_segments(t("mapping.side.label", lang), view["sides"], "sides"),
        _list_segments(t("mapping.view.label", lang), view["views"], "views"),
        class_name="mapping-controls",
    )


def _list_segments(label: str, ways: Any, class_name: str = "") -> rx.Component:
    return rx.el.ul(
        _list_ways(ways),
        aria_label=label,
        class_name=f"segments {class_name}".strip(),
    )


def _list_ways(ways: Any) -> rx.Component:
    return rx.foreach(ways, lambda way: rx.el.li(link_view(way["label"], to=way["to"], current=way["chosen"])))


def _make_country_choice(lang: str) -> rx.Component:
    view = MappingState.view
    return rx.el.details(
        rx.el.summary(
            rx.el.span(t("mapping.country.label", lang), t("ui.list.colon", lang), class_name="sr-only"),
            rx.cond(view["country"] != "", view["country"], t("mapping.country.all", lang)),
        ),
        rx.el.ul(_list_ways(view["countries"])),
        class_name="mapping-country",
        key=view["country"],  # a choice closes the list
    )


def draw_pinned(lang: str) -> rx.Component:
    """The links of the pinned path, with strength, reason and figures; nothing where none is pinned."""
    pinned_path = MappingState.view["pinned"]
    return rx.cond(
        pinned_path["title"] != "",
        rx.el.aside(
            rx.el.header(
                rx.el.h2(pinned_path["title"]),
                link_view(t("mapping.pin.close", lang), to=pinned_path["close"], class_name="close"),
            ),
            rx.el.p(
                pinned_path["count"],
                rx.cond(
                    MappingState.view["view"] == "picture",
                    link_view(t("mapping.pin.table", lang), to=pinned_path["table"]),
                ),
                class_name="note",
            ),
            rx.el.ul(rx.foreach(pinned_path["links"], lambda link: _draw_link(lang, link)), class_name="mapping-links"),
            aria_label=t("mapping.pin.label", lang),
            class_name="mapping-pinned",
            tab_index=0,
        ),
    )


def _draw_link(lang: str, link: Any) -> rx.Component:
    event = ProvenanceState.show(link["observation"])
    button = make_source_button(link["held"], event, ". ", t("ui.buttons.how_we_know", lang))
    figure = rx.cond(link["observation"] != "", button, rx.el.span(link["held"]))
    return rx.el.li(
        link_page(link["name"], to=f"/{lang}/indicators/{link['metric']}/"),
        rx.el.p(
            rx.cond(
                link["strength"] != "",
                rx.el.span(
                    link["strength_text"], class_name="strength", custom_attrs={"data-strength": link["strength"]}
                ),
            ),
            rx.cond(
                link["target"] != "",
                link_page(
                    link["target"],
                    to=f"/{lang}/targets/{link['target']}/",
                    class_name=f"badge goal-{link['goal']}",
                    title=link["target_title"],
                ),
            ),
            rx.cond(link["right"] != "", rx.el.span(link["right"])),
            rx.cond(
                link["status"] != "",
                rx.el.span(link["status"], class_name="verdict", custom_attrs={"data-tone": link["tone"]}),
            ),
            rx.cond(link["held"] != "", figure),
            class_name="link-marks",
        ),
        rx.el.p(link["reason"], class_name="note"),
    )


def draw_bars(lang: str) -> rx.Component:
    """Evidence per principle: a bar of indicators by their strongest link, the weakest first."""
    view = MappingState.view

    def bar(line: Any) -> rx.Component:
        return rx.el.li(
            link_view(
                rx.el.span(line["name"], class_name="name"),
                draw_evidence_bar(line["bar"]),
                to=line["to"],
            ),
        )

    return rx.el.section(
        rx.el.h2(t("mapping.evidence.heading", lang)),
        rx.el.p(view["bars_note"], class_name="note"),
        rx.el.ol(rx.foreach(view["bars"], bar), class_name="mapping-bars"),
        class_name="mapping-evidence",
    )


def list_missing(lang: str) -> rx.Component:
    """What the picture leaves out, each with the list of it."""
    return rx.el.section(
        rx.el.h2(t("mapping.honesty.heading", lang)),
        rx.el.ul(_list_ways(MappingState.view["missing"])),
        rx.el.p(t("mapping.about", lang), class_name="note"),
        fold(
            t("mapping.framework.heading", lang),
            rx.el.p(MappingState.view["framework"]),
            rx.el.ul(rx.foreach(MappingState.view["changes"], rx.el.li), class_name="points"),
        ),
        class_name="mapping-missing",
    )


def draw_matrix(lang: str) -> rx.Component:
    """Targets × themes as dots, then the last column as a list: the picture of a narrow screen."""

    def cell(content: Any) -> rx.Component:
        dot = rx.el.span(
            class_name="dot",
            custom_attrs={
                "data-size": content["size"],
                "data-strength": content["shade"],
                "data-ring": content["ring"],
            },
            aria_hidden="true",
        )
        return rx.el.td(
            rx.cond(
                content["to"] != "",
                link_view(
                    dot,
                    rx.el.span(content["text"], class_name="sr-only"),
                    to=content["to"],
                    current=content["chosen"],
                ),
                rx.el.span(content["text"], class_name="sr-only"),
            )
        )

    def row(line: Any) -> rx.Component:
        return rx.el.tr(
            rx.el.th(
                link_view(
                    rx.el.span(line["target"], class_name=f"badge goal-{line['goal']}"),
                    rx.el.span(line["title"], class_name="sr-only"),
                    to=line["to"],
                    title=line["title"],
                ),
                scope="row",
            ),
            rx.foreach(line["cells"], cell),
        )

    grid = rx.el.table(
        rx.el.caption(t("mapping.matrix.caption", lang)),
        rx.el.thead(
            rx.el.tr(
                rx.el.th(t("mapping.table.target", lang), scope="col"),
                *(rx.el.th(rx.el.span(t(f"mapping.theme.{theme}", lang)), scope="col") for theme in MEASURED),
            )
        ),
        rx.el.tbody(rx.foreach(MappingState.view["matrix"], row)),
        class_name="mapping-matrix",
    )
    ends = rx.el.ul(_list_ways(MappingState.view["ends"]), aria_label=t("mapping.side.label", lang))
    return rx.fragment(grid, rx.el.div(ends, class_name="mapping-ends"))


def draw_paths_table(lang: str) -> rx.Component:
    """The same as the picture, path by path; each opens the list of its links."""

    def row(line: Any) -> rx.Component:
        return rx.el.tr(
            rx.el.th(
                link_view(line["label"], to=line["to"], current=line["chosen"]),
                scope="row",
            ),
            *(rx.el.td(line[strength], class_name="num") for strength in STRENGTHS),
            rx.el.td(line["figures"], class_name="num"),
            id=line["id"],
        )

    caption = t("mapping.table.caption", lang)
    titles = [t("mapping.table.path", lang), *(t(f"terms.strength.{strength}.name", lang) for strength in STRENGTHS)]
    titles.append(t("mapping.table.figures", lang))
    return list_rows(
        caption,
        titles,
        MappingState.view["paths"],
        row,
        numeric=tuple(range(1, len(titles))),
        class_name="",
        caption=rx.el.caption(caption),
    )
