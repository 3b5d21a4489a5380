"""Every kind of chart on real figures: what a chart can look like, and the corpus of the browser tests."""

from typing import TypedDict

import reflex as rx

from dashboard.analysis.charts.gallery import EXAMPLES, Example
from dashboard.answers.adoption.counting import DEFAULT_RULE
from dashboard.answers.charts.url import change_form
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.interfaces.components.browser import link_page
from dashboard.interfaces.components.chart import draw_chart
from dashboard.interfaces.pages.shell.address import PageAddress, write_chart_url, write_counted_url
from dashboard.interfaces.pages.shell.frame import make_page
from dashboard.interfaces.pages.shell.provenance import ProvenanceState
from dashboard.interfaces.pages.shell.share import ShareState
from dashboard.interfaces.pages.shell.state import NOTHING, Shell
from dashboard.locales import t

UNDRAWN = ("breakdown_overlapping",)
"""Of which no publisher has figures of one year for two of its groups: drawn in tests only."""

SHOWN = tuple(
    example for example in EXAMPLES if example.lang == "en" and example.width > 360 and example.id not in UNDRAWN
)
"""The rest of the corpus differs in language or width only: the page itself has both."""


class GalleryExample(TypedDict):
    """An example at its full size."""

    id: str
    title: str
    note: str
    url: str
    shared: bool  # of an indicator, whose chart can be shared


def list_examples(lang: str) -> list[GalleryExample]:
    """Every kind of chart with its note and address; counts of countries have addresses of their own."""
    metrics = load_codebook().metrics
    counted = (
        ("claims", "register.chart.title", "register.chart.gallery"),
        ("pipeline", "results.pipeline.title", "results.pipeline.text"),
    )
    return [
        *(
            GalleryExample(
                id=example.id,
                title=" · ".join(
                    (t(f"ui.controls.{example.kind}", lang), choose_text(metrics[example.indicator].name, lang))
                ),
                # One on dark ground is described by its kind: here the reader chooses the ground.
                note=t(
                    f"charts.gallery.{example.id}" if example.theme == "light" else f"pages.gallery.{example.kind}",
                    lang,
                ),
                url=write_chart_url(example.kind, example.indicator, _write_example_address(example), lang),
                shared=True,
            )
            for example in SHOWN
        ),
        *(
            GalleryExample(
                id=kind,
                title=t(title, lang),
                note=t(note, lang),
                url=write_counted_url(kind, PageAddress(rule=DEFAULT_RULE), lang),
                shared=False,
            )
            for kind, title, note in counted
        ),
    ]


def _write_example_address(example: Example) -> PageAddress:
    return PageAddress(
        countries=example.countries,
        dimension=example.dimension.lower(),
        across=example.across,
        unequal=example.insist,
    )


class GalleryState(Shell):
    """The example that the address names."""

    example: GalleryExample = NOTHING

    @rx.event
    async def load(self) -> None:
        """Where the dataset stands, and the example at its full size; none where the address names none."""
        await self._ask_services(lambda ctx, _: None)
        address = self._read_address()
        examples = {example["id"]: example for example in list_examples(self._get_lang())}
        chosen = examples.get(address.kind)
        dated = f"&as_of={address.as_of}" if address.as_of else ""
        self.example = {**chosen, "url": chosen["url"] + dated} if chosen else NOTHING


def _draw_answer(lang: str) -> rx.Component:
    shown = GalleryState.example
    large = [
        draw_chart(lang, shown["url"], ProvenanceState.pick, share, heading=shown["title"], level="h3")
        for share in (ShareState.show, None)
    ]
    return rx.fragment(
        rx.cond(
            shown["id"].to(str),
            rx.el.section(
                rx.el.h2(shown["title"]),
                rx.el.p(shown["note"], class_name="note"),
                rx.cond(shown["shared"], *large),
                id="shown",
            ),
        ),
        rx.el.ul(*(_draw_thumbnail(lang, example) for example in list_examples(lang)), class_name="thumbnails"),
    )


def _draw_thumbnail(lang: str, example: GalleryExample) -> rx.Component:
    """The server's drawing of an example, which leads to the example itself."""
    return rx.el.li(
        link_page(
            *(
                rx.el.img(
                    src=f"{change_form(example['url'], 'svg')}&theme={theme}",
                    alt="",
                    loading="lazy",
                    class_name=f"when-{theme}",
                )
                for theme in ("light", "dark")  # the one not shown is not fetched
            ),
            rx.el.span(example["title"]),
            to=f"/{lang}/gallery/?kind={example['id']}",
            title=example["note"],
        ),
        id=example["id"],
    )


PAGE = make_page(
    "gallery",
    "pages.gallery.heading",
    "pages.gallery.lede",
    _draw_answer,
    GalleryState.load,
)
