"""A chart with everything it must never lose: title, unit, caption, how to read it, rows, downloads, link."""

from typing import Any

import reflex as rx

from dashboard.answers.charts.url import change_form
from dashboard.interfaces.components.scripts import CHART
from dashboard.locales import t

VEGA = ["vega@6.4.0", "vega-interpreter@2.2.1", "vega-tooltip@1.0.0"]
"""What draws compiled charts; a test asserts that it reads what the server compiles."""


class ChartFigure(rx.Component):
    """Fetches a specification by address and draws it; says title, caption and row count from the specification."""

    library = CHART
    tag = "ChartFigure"
    lib_dependencies: list[str] = VEGA

    url: rx.Var[str]
    files: rx.Var[dict[str, str]]  # csv, xlsx, svg, png → address; "" where there is none
    height: rx.Var[int]
    level: rx.Var[str]
    heading: rx.Var[str]
    subtitle: rx.Var[str]
    text: rx.Var[dict[str, str]]
    on_select: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_share: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def draw_chart(
    lang: str,
    url: Any,
    on_select: Any = None,
    on_share: Any = None,
    heading: Any = "",
    subtitle: Any = "",
    height: int = 420,
    level: str = "h2",
) -> rx.Component:
    """The figure of the chart at ``url`` (an address of ``/api/v1/…json?…``; "" draws nothing).

    ``on_select`` gets the JSON of the selected point. ``on_share`` gets the address; without it, the chart is not of an
    indicator: no workbook is written of it. ``heading`` and ``subtitle`` stand until the chart says its own.
    """
    address = url if isinstance(url, rx.Var) else rx.Var.create(url)
    address = address.to(str)

    def file(form: str, more: str = "") -> Any:
        return rx.cond(address != "", change_form(address, form) + more, "")

    text = {
        "loading": t("ui.chart.loading", lang),
        "reading": t("ui.chart.reading", lang),
        "error": f"{t('ui.chart.error', lang)}. {t('ui.chart.error_help', lang)}",
        "slow": t("ui.chart.slow", lang),
        "retry": t("ui.buttons.retry", lang),
        "more": t("ui.chart.more", lang),
        "svg": t("ui.buttons.download_svg", lang),
        "png": t("ui.buttons.download_png", lang),
        "copy": t("ui.buttons.copy_link", lang),
        "copied": t("ui.buttons.copied", lang),
        "share": t("reuse.share.open", lang),
    }
    of_indicator = on_share is not None
    files = {"csv": file("csv", "&bom=true" if of_indicator else "")}  # Excel knows UTF-8 by its mark
    files |= {"xlsx": file("xlsx") if of_indicator else "", "svg": file("svg"), "png": file("png")}
    more = {"on_share": on_share} if of_indicator else {}
    more |= {"on_select": on_select} if on_select is not None else {}
    return ChartFigure.create(
        url=url,
        files=files,
        height=height,
        level=level,
        heading=heading,
        subtitle=subtitle,
        text=text,
        **more,
    )
