"""A chart with everything it must never lose: title, unit, sentence, rows, downloads, link."""

from typing import Any

import reflex as rx

from dashboard.components.scripts import CHART
from dashboard.locales import t
from dashboard.locales.catalogue import messages

VEGA = ["vega@6.4.0", "vega-interpreter@2.2.1", "vega-tooltip@1.0.0"]
"""What draws compiled charts; a test asserts that it reads what the server compiles."""


class ChartFigure(rx.Component):
    """Fetches a specification by address and draws it; says title, sentence and row count from the specification."""

    library = CHART
    tag = "ChartFigure"
    lib_dependencies: list[str] = VEGA

    url: rx.Var[str]
    lang: rx.Var[str]
    height: rx.Var[int]
    level: rx.Var[str]
    heading: rx.Var[str]
    subtitle: rx.Var[str]
    text: rx.Var[dict[str, Any]]
    on_select: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_fail: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def chart_figure(
    lang: str, url: Any, on_select: Any, heading: Any = "", subtitle: Any = "", height: int = 420, level: str = "h2"
) -> rx.Component:
    """The figure of the chart at ``url`` (an address of ``/api/v1/charts/…json``; "" draws nothing).

    ``on_select`` gets the JSON of the selected point. ``heading`` and ``subtitle`` stand until the chart says its own.
    """
    text: dict[str, Any] = {
        "loading": t("ui.chart.loading", lang),
        "error": f"{t('ui.chart.error', lang)}. {t('ui.chart.error_help', lang)}",
        "slow": t("ui.chart.slow", lang),
        "retry": t("ui.buttons.retry", lang),
        "svg": t("ui.buttons.download_svg", lang),
        "png": t("ui.buttons.download_png", lang),
        "copy": t("ui.buttons.copy_link", lang),
        "copied": t("ui.buttons.copied", lang),
        "share": {
            key.removeprefix("reuse.share."): words
            for key, words in messages("reuse", lang).items()
            if key.startswith("reuse.share.")
        },
    }
    return ChartFigure.create(
        url=url,
        lang=lang,
        height=height,
        level=level,
        heading=heading,
        subtitle=subtitle,
        text=text,
        on_select=on_select,
    )
