"""Every kind of chart on real figures: what a chart can look like, and the corpus of the browser tests."""

from typing import Any

import reflex as rx

from dashboard.charts.gallery import EXAMPLES, Example
from dashboard.components.chart import chart_figure
from dashboard.locales import t
from dashboard.pages.shell.address import PageAddress, write_chart_url, write_counted_url
from dashboard.pages.shell.frame import answered
from dashboard.pages.shell.page import Page
from dashboard.pages.shell.provenance import ProvenanceState
from dashboard.pages.shell.share import ShareState
from dashboard.pages.shell.state import Shell
from dashboard.services.adoption.counting import DEFAULT_RULE

UNDRAWN = ("breakdown_overlapping",)
"""Of which no publisher has figures of one year for two of its groups: drawn in tests only."""

SHOWN = tuple(
    example for example in EXAMPLES if example.lang == "en" and example.width > 360 and example.id not in UNDRAWN
)
"""The rest of the corpus differs in language or width only: the page itself has both."""


class GalleryState(Shell):
    """Only the footer's dataset."""

    @rx.event
    async def load(self) -> None:
        """Where the dataset stands."""
        await self._answer(lambda ctx, _: None)


def body(lang: str) -> rx.Component:
    """The page in a language."""
    return rx.fragment(
        rx.el.h1(t("pages.gallery.heading", lang)),
        rx.el.p(t("pages.gallery.lede", lang), class_name="lede"),
        answered(lang, _answer, GalleryState.load),
    )


def _answer(lang: str) -> rx.Component:
    return rx.el.div(
        *(_example(lang, example) for example in SHOWN),
        _counted(lang, "claims", "register.chart.title", "register.chart.gallery"),
        _counted(lang, "pipeline", "results.pipeline.title", "results.pipeline.text"),
        class_name="gallery",
    )


def _example(lang: str, example: Example) -> rx.Component:
    # An example on dark ground is described by its kind: here the reader chooses the ground.
    words = f"charts.gallery.{example.id}" if example.theme == "light" else f"pages.gallery.{example.kind}"
    chart_address = PageAddress(
        countries=example.countries,
        dimension=example.dimension.lower(),
        across=example.across,
        unequal=example.insist,
    )
    address = write_chart_url(example.kind, example.indicator, chart_address, lang)
    return _section(lang, example.id, t(f"ui.controls.{example.kind}", lang), words, address, 420, ShareState.show)


def _counted(lang: str, kind: str, title: str, note: str) -> rx.Component:
    """Counts of countries are no figures of an indicator: their charts have addresses of their own."""
    address = write_counted_url(kind, PageAddress(rule=DEFAULT_RULE), lang)
    return _section(lang, kind, t(title, lang), note, address, 360)


def _section(lang: str, id_: str, title: str, note: str, address: str, height: int, share: Any = None) -> rx.Component:
    dated = rx.cond(GalleryState.as_of != "", f"{address}&as_of={GalleryState.as_of}", address)
    return rx.el.section(
        rx.el.h2(title),
        rx.el.p(t(note, lang), class_name="note"),
        chart_figure(lang, dated, ProvenanceState.pick, share, height=height, level="h3"),
        id=id_,
    )


PAGE = Page(
    id="gallery",
    route="/{lang}/gallery/",
    body=body,
    load=GalleryState.load,
    title=lambda lang: t("pages.gallery.heading", lang),
    description=lambda lang: t("pages.gallery.lede", lang),
    example="gallery/",
)
