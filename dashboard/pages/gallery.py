"""Every kind of chart on real figures: what a chart can look like, and the corpus of the browser tests."""

import reflex as rx

from dashboard.components.chart import chart_figure
from dashboard.locales import t
from dashboard.pages.frame import answered
from dashboard.pages.page import Page
from dashboard.states.about import AboutState
from dashboard.states.address import Address, chart_url
from dashboard.states.provenance import ProvenanceState

EXAMPLES = (
    ("trend", "wgi_cc", ("AZE", "GEO", "UZB")),
    ("trend", "egdi", ("AZE", "IDN", "PAK")),
    ("ranking", "internet_users", ("AZE", "UGA")),
    ("map", "ti_cpi", ("AZE",)),
    ("distribution", "wgi_ge", ("AZE", "ETH")),
)
"""(kind, indicator, countries): a line with intervals, points per edition, a ranking, a map, a distribution."""


def body(lang: str, _: str) -> rx.Component:
    """The page in a language."""
    return rx.fragment(
        rx.el.h1(t("pages.gallery.heading", lang)),
        rx.el.p(t("pages.gallery.lede", lang), class_name="lede"),
        answered(
            lang,
            rx.fragment(
                *(
                    rx.el.section(
                        rx.el.h2(t(f"ui.controls.{kind}", lang)),
                        rx.el.p(t(f"pages.gallery.{kind}", lang), class_name="note"),
                        chart_figure(
                            lang,
                            chart_url(kind, indicator, Address(countries=countries), lang),
                            ProvenanceState.pick,
                            height=420,
                            level="h3",
                        ),
                    )
                    for kind, indicator, countries in EXAMPLES
                )
            ),
            AboutState.arrive,
        ),
    )


PAGE = Page(
    id="gallery",
    route="/{lang}/gallery/",
    body=body,
    arrive=AboutState.arrive,
    title=lambda lang, _: t("pages.gallery.heading", lang),
    description=lambda lang, _: t("pages.gallery.lede", lang),
    example="gallery/",
)
