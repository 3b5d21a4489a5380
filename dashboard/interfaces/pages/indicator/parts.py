"""What the page of an indicator says around its figures: facts, cautions, links, series, groups, citations, files."""

from typing import Any

import reflex as rx

from dashboard.interfaces.components.browser import Cited, CopyLink, link_file, link_outward, link_page, list_actions
from dashboard.interfaces.components.cards import draw_coverage
from dashboard.interfaces.components.controls import make_select, make_view_form
from dashboard.interfaces.components.figures import (
    draw_figure,
    format_years,
    list_rows,
    make_cell,
    make_head,
    make_pair,
    make_table,
)
from dashboard.locales import t


def list_facts(lang: str, view: Any) -> rx.Component:
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
        (t("ui.table.coverage", lang), draw_coverage(view)),
    )
    return rx.el.section(
        rx.el.h2(t("ui.indicator.about", lang)),
        rx.el.dl(
            *(
                rx.cond(value != "", make_pair(label, value))
                if not isinstance(value, rx.Component)
                else make_pair(label, value)
                for label, value in pairs
            ),
            class_name="pairs",
        ),
        id="about",
    )


def list_cautions(lang: str, view: Any) -> rx.Component:
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


def list_links(lang: str, view: Any) -> rx.Component:
    """SDG targets and CEPA principles with strength and reason of each link, and the human-rights reference."""
    titles = [t(f"ui.table.{key}", lang) for key in ("target", "principle", "strength", "rationale")]

    def row(link: Any) -> rx.Component:
        return rx.el.tr(
            make_cell(
                titles[0],
                rx.cond(
                    link["target"] != "",
                    rx.fragment(
                        link_page(
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
            make_cell(
                titles[1],
                rx.cond(
                    link["principle"] != "",
                    link_page(link["principle_name"], to=f"/{lang}/indicators/?principle={link['principle']}"),
                ),
            ),
            make_cell(
                titles[2],
                link_page(
                    link["strength_text"], to=f"/{lang}/method/{link['strength']}/", title=link["strength_meaning"]
                ),
            ),
            make_cell(titles[3], link["rationale"]),
        )

    return rx.el.section(
        rx.el.h2(t("ui.indicator.links", lang)),
        rx.el.p(t("terms.strength.note", lang), class_name="note"),
        list_rows(t("ui.indicator.links", lang), titles, view["links"], row),
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


def list_series(lang: str, view: Any) -> rx.Component:
    """The publishers' series that feed the indicator, with what the dataset holds of each."""
    titles = [t(f"ui.table.{key}", lang) for key in ("publisher", "series", "edition", "rows", "licence")]

    def row(series: Any) -> tuple[Any, ...]:
        years = rx.el.small(format_years(series["first_year"], series["last_year"]))
        return (
            [link_outward(series["source_text"], series["homepage"]), rx.el.small(series["role_text"])],
            rx.el.code(series["series"]),
            rx.foreach(series["editions"], lambda edition: rx.el.span(edition, " ")),
            [series["rows_text"], rx.cond(series["first_year"], years)],
            link_outward(series["licence"], series["licence_url"]),
        )

    return rx.cond(
        view["series"].length() > 0,
        rx.el.section(
            rx.el.h2(t("pages.indicator.series", lang)),
            list_rows(t("pages.indicator.series", lang), titles, view["series"], row, numeric=(3,)),
        ),
    )


def make_breakdown_controls(lang: str, view: Any, fields: Any) -> rx.Component:
    """Two lists of a ``BreakdownView``: the breakdown and the order of the countries."""
    dimension = view["dimension"].to(str).lower()
    return make_view_form(
        lang,
        make_select("dimension", t("breakdown.dimension", lang), dimension, view["dimensions"]),
        make_select("sort", t("breakdown.sort", lang), view["sort"], view["sorts"]),
        fields=fields,
        own=("dimension", "sort"),
        class_name="controls breakdown",
        aria_label=t("breakdown.dimension", lang),
    )


def draw_breakdown_table(lang: str, view: Any, show: Any) -> rx.Component:
    """The figures of the chart, a column per group; each opens the drawer by ``show``."""
    title, comma = t("breakdown.table", lang), t("ui.list.comma", lang)

    def row(item: Any) -> rx.Component:
        return rx.el.tr(
            rx.el.th(link_page(item["country"], to=f"/{lang}/countries/{item['iso3']}/"), scope="row"),
            rx.foreach(
                item["figures"],
                lambda figure: make_cell(
                    figure["dimensions"],
                    draw_figure(lang, figure, show, f"{item['country']}{comma}{figure['dimensions']}"),
                    class_name="num",
                ),
            ),
            make_cell(t("breakdown.gap_header", lang), item["gap_text"]),
        )

    return rx.cond(
        view["rows"].length() > 0,
        rx.el.div(
            rx.el.h3(title),
            make_table(
                title,
                make_head(
                    t("ui.table.country", lang),
                    rx.foreach(view["groups"], lambda name: rx.el.th(name, scope="col", class_name="num")),
                    t("breakdown.gap_header", lang),
                ),
                view["rows"],
                row,
                "stacked tight",
            ),
            class_name="section",
        ),
    )


def draw_citations(lang: str, forms: Any) -> rx.Component:
    """The reference in each form (``Citation``) with a button that copies it; words where there is nothing to cite."""
    return rx.el.section(
        rx.el.h2(t("ui.indicator.citation", lang)),
        rx.cond(
            forms.length() > 0,
            rx.fragment(
                rx.el.p(t("citation.text", lang), class_name="note"),
                rx.el.dl(rx.foreach(forms, _draw_citation), class_name="citations"),
            ),
            rx.el.p(t("citation.none", lang), class_name="note"),
        ),
        id="cite",
    )


def _draw_citation(form: Any) -> rx.Component:
    return rx.el.div(
        rx.el.dt(form["label"]),
        rx.el.dd(
            Cited.create(words=form["text"], code=form["id"] == "bibtex"),
            CopyLink.create(label=form["copy_text"], done=form["copied_text"], words=form["text"]),
        ),
    )


def link_downloads(lang: str, downloads: Any) -> rx.Component:
    """All rows of all countries as files, with the number of rows each holds."""
    return rx.el.section(
        rx.el.h2(t("citation.downloads", lang)),
        list_actions(
            link_file(
                t("pages.indicator.all", lang),
                " · ",
                downloads["rows_text"],
                href=downloads["csv"],
                download=True,
            ),
            link_file("JSON", href=downloads["json"]),
            CopyLink.create(label=t("ui.buttons.copy_link", lang), done=t("ui.buttons.copied", lang)),
        ),
        id="downloads",
    )
