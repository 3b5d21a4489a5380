"""Overview, indicator and country drawn by a plain Dash page of the same content: what our speed is compared with.

``python -m tests.bench.dash_page PORT OUTLINES`` serves it; ``MONITOR_DATA_DIR`` says which dataset. ``OUTLINES`` holds
what our own pages say (``tests/bench/outline.py``). Nothing in it is slowed down: words are ready and not worked out
anew, boxes and looks are left out, one callback draws for all controls, figures are made by Plotly in the browser.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dash import Dash, Input, Output, dcc, html

from dashboard.codebook import codebook
from dashboard.codebook.model import text
from dashboard.services import charting
from dashboard.services.context import context
from dashboard.services.country import country
from dashboard.services.indicator import indicator
from dashboard.services.overview import overview
from dashboard.states.beside import beside, charted

INDICATOR, COUNTRY = "wgi_cc", "AZE"
CHOSEN = ("AZE", "GEO", "UZB")
STATUS_COLOURS = {"operating": "#1b6e8c", "pilot": "#5aa2b8", "signed": "#9ccad6", "interest": "#d8e6ea"}
OUTLINES: dict[str, list[Any]] = {}

app = Dash(__name__, suppress_callback_exceptions=True)
app.layout = html.Div([dcc.Location(id="url"), html.Div(id="page")])


@app.callback(Output("page", "children"), Input("url", "pathname"))
def page(path: str) -> Any:
    """The page of an address."""
    name = path.strip("/") or "overview"
    parts = {"overview": _overview, "indicator": _indicator, "country": _country}[name]()
    return _said(OUTLINES[name], parts)


def _said(outline: Sequence[Any], parts: dict[str, Any]) -> list[Any]:
    """The components of an outline; ``parts``: those that stand for what it only names."""
    return [one if isinstance(one, str) else _element(one, parts) for one in outline]


def _element(one: dict[str, Any], parts: dict[str, Any]) -> Any:
    if one["tag"] in parts:
        return parts[one["tag"]]
    more = {"href": one["href"]} if "href" in one else {"id": "said"} if one["tag"] == "figcaption" else {}
    return getattr(html, one["tag"].capitalize())(_said(one["inside"], parts), **more)


def _overview() -> dict[str, Any]:
    tiles = [tile for tile in overview(context("en"))["tiles"] if tile["status"] != "no_record" or tile["origin"]]
    places = [country.tile for country in codebook().countries.values() if country.tile is not None]
    ground = {
        "type": "scatter",
        "mode": "markers",
        "x": [column for column, _ in places],
        "y": [-row for _, row in places],
        "marker": {"symbol": "square", "size": 30, "color": "#eeeeee"},
        "hoverinfo": "skip",
    }
    adopters = {
        "type": "scatter",
        "mode": "markers+text",
        "x": [tile["column"] for tile in tiles],
        "y": [-tile["row"] for tile in tiles],
        "text": [tile["iso3"] for tile in tiles],
        "hovertext": [tile["text"] for tile in tiles],
        "marker": {
            "symbol": "square",
            "size": 30,
            "color": [STATUS_COLOURS.get(tile["status"], "#eeeeee") for tile in tiles],
        },
    }
    return {"chart": dcc.Graph(id="main", figure={"data": [ground, adopters], "layout": {"height": 700}})}


def _indicator() -> dict[str, Any]:
    kinds = [kind for kind in indicator(context("en"), INDICATOR)["chart_kinds"] if kind["id"] != "world"]
    countries = [{"label": text(it.name, "en"), "value": it.iso3} for it in codebook().countries.values()]
    tabs = [dcc.Tab(label=kind["label"], value=kind["id"], className="tab") for kind in kinds]
    return {
        "tabs": dcc.Tabs(id="tab", value="trend", children=tabs),
        "countries": dcc.Dropdown(id="countries", options=countries, value=list(CHOSEN), multi=True),
        "chart": dcc.Graph(id="main"),
    }


def _country() -> dict[str, Any]:
    view = country(context("en"), COUNTRY)
    first = charted(view, beside(view, "en"))[0]["id"]
    return {"chart": dcc.Graph(id="main", figure=_figure("beside", first, (COUNTRY,))[0])}


@app.callback(Output("main", "figure"), Output("said", "children"), Input("tab", "value"), Input("countries", "value"))
def draw(tab: str, countries: Sequence[str]) -> tuple[dict[str, Any], str]:
    """The figure of a tab and a choice of countries, and the sentence of what it shows."""
    return _figure(tab, INDICATOR, tuple(countries))


def _figure(kind: str, metric: str, countries: tuple[str, ...]) -> tuple[dict[str, Any], str]:
    """A figure of the rows that our own chart draws, and its sentence."""
    asked = charting.ask(context("en"), kind, metric, countries)
    rows = [row for row in charting.rows_drawn(asked) if row["value"] is not None]
    values, names = [row["value"] for row in rows], [row["name"] or row["group"] for row in rows]
    if kind == "trend":
        data = [_line([row for row in rows if row["country"] == iso3]) for iso3 in countries]
    elif kind == "map":
        data = [{"type": "choropleth", "locations": [row["country"] for row in rows], "z": values, "text": names}]
    elif kind == "ranking":
        data = [{"type": "bar", "x": values, "y": names, "orientation": "h", "error_x": _errors(rows)}]
    elif kind == "beside":
        data = [{"type": "scatter", "mode": "markers", "x": values, "y": names}]
    else:
        data = [{"type": "histogram", "x": values}]
    return {"data": data, "layout": {"height": 460, "hovermode": "closest"}}, charting.chart_of(asked).sentence


def _line(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": rows[0]["name"],
        "x": [row["period"] for row in rows],
        "y": [row["value"] for row in rows],
        "error_y": _errors(rows),
    }


def _errors(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "type": "data",
        "symmetric": False,
        "array": [row["upper"] - row["value"] for row in rows],
        "arrayminus": [row["value"] - row["lower"] for row in rows],
    }


if __name__ == "__main__":
    OUTLINES.update(json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")))
    app.run(host="127.0.0.1", port=int(sys.argv[1]), debug=False)
