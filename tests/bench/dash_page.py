"""Overview, indicator and country drawn by a plain Dash page from the same answers: what our speed is compared with.

``python -m tests.bench.dash_page PORT`` serves it; ``MONITOR_DATA_DIR`` says which dataset. Nothing in it is slowed
down: one callback for all controls, figures made by Plotly in the browser, no debugging, texts of our services.
"""

import csv
import sys
from collections.abc import Sequence
from typing import Any

from dash import Dash, Input, Output, dash_table, dcc, html

from dashboard.services import charting
from dashboard.services.context import Context, context
from dashboard.services.country import country
from dashboard.services.indicator import indicator
from dashboard.services.overview import overview

INDICATOR, COUNTRY = "wgi_cc", "AZE"
CHOICES = ("AZE", "GEO", "UZB", "KAZ", "UGA", "ETH")
STATUS_COLOURS = {"operating": "#1b6e8c", "pilot": "#5aa2b8", "signed": "#9ccad6", "interest": "#d8e6ea"}

app = Dash(__name__, suppress_callback_exceptions=True)
app.layout = html.Div([dcc.Location(id="url"), html.Div(id="page")])


@app.callback(Output("page", "children"), Input("url", "pathname"))
def page(path: str) -> Any:
    """The page of an address."""
    ctx = context("en")
    return {"/indicator": _indicator, "/country": _country}.get(path, _overview)(ctx)


def _overview(ctx: Context) -> Any:
    view = overview(ctx)
    tiles = view["tiles"]
    figure = {
        "data": [
            {
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
        ],
        "layout": {"height": 700},
    }
    return html.Div(
        [
            html.H1("Overview"),
            html.P(view["purpose"]),
            html.P(view["counting"]["text"]),
            html.P(view["headline"]["text"]),
            html.P(view["headline"]["uncertainty"]),
            html.P(view["headline"]["gap"]),
            dcc.Graph(id="main", figure=figure),
            _table([{"theme": row["label"], "text": row["text"], "age": row["age_text"]} for row in view["coverage"]]),
            _table([{"when": row["when"], "claim": row["claim"]} for row in view["counting"]["claims"]]),
        ]
    )


def _indicator(ctx: Context) -> Any:
    view = indicator(ctx, INDICATOR)
    return html.Div(
        [
            html.H1(view["name"]),
            html.P(view["definition"]),
            dcc.Tabs(
                id="tab",
                value="trend",
                children=[dcc.Tab(label=kind["label"], value=kind["id"]) for kind in view["chart_kinds"]],
            ),
            dcc.Checklist(id="countries", options=list(CHOICES), value=list(CHOICES[:3])),
            dcc.Graph(id="main"),
            *(html.P(line) for line in (view["source_text"], view["range_text"], view["target_text"], *view["know"])),
            html.Ol([html.Li(step) for step in view["computed"]]),
            _table([{"target": link["target"], "why": link["rationale"]} for link in view["links"]]),
            html.P(view["citation"]),
            html.Ul([html.Li(card["name"]) for card in view["related"]]),
        ]
    )


@app.callback(Output("main", "figure"), Input("tab", "value"), Input("countries", "value"))
def draw(tab: str, countries: Sequence[str]) -> dict[str, Any]:
    """The figure of a tab and a choice of countries, from the rows our own chart draws."""
    drawn = charting.csv(charting.ask(context("en"), tab, INDICATOR, tuple(countries))).decode("utf-8-sig")
    values = [row | _numbers(row) for row in csv.DictReader(drawn.splitlines()) if row["value"]]
    if tab == "trend":
        data = [_line(iso3, [row for row in values if row["country"] == iso3]) for iso3 in countries]
    elif tab == "map":
        data = [
            {
                "type": "choropleth",
                "locations": [row["country"] for row in values],
                "z": [row["value"] for row in values],
            }
        ]
    elif tab == "ranking":
        data = [{"type": "bar", "x": [row["value"] for row in values], "y": [row["name"] for row in values]}]
        data[0]["orientation"] = "h"
    else:
        data = [{"type": "histogram", "x": [row["value"] for row in values]}]
    return {"data": data, "layout": {"height": 460, "hovermode": "closest"}}


def _numbers(row: dict[str, Any]) -> dict[str, float]:
    return {name: float(row[name]) for name in ("value", "lower", "upper") if row[name]}


def _line(iso3: str, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": iso3,
        "x": [row["period"] for row in rows],
        "y": [row["value"] for row in rows],
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [row["upper"] - row["value"] for row in rows],
            "arrayminus": [row["value"] - row["lower"] for row in rows],
        },
    }


def _country(ctx: Context) -> Any:
    view = country(ctx, COUNTRY)
    strip = view["strip"]
    figure = {
        "data": [
            {
                "type": "bar",
                "x": [goal["short"] for goal in strip],
                "y": [goal["with_data"] for goal in strip],
                "marker": {"color": [goal["colour"] for goal in strip]},
            }
        ]
    }
    return html.Div(
        [
            html.H1(view["name"]),
            html.P(view["text"]),
            html.Ul([html.Li(f"{event['date_text']}: {event['type_text']}") for event in view["adoption"]["events"]]),
            dcc.Graph(id="main", figure=figure),
            *(
                html.Div(
                    [
                        html.H2(theme["label"]),
                        _table(
                            [
                                {
                                    "indicator": row["name"],
                                    "value": row["figure"]["text"],
                                    "year": row["figure"]["period"],
                                    "beside": "; ".join(median["text"] for median in row["medians"]),
                                    "change": row["change_text"],
                                }
                                for row in theme["rows"]
                            ]
                        ),
                    ]
                )
                for theme in view["themes"]
            ),
            _table([{"indicator": row["name"], "gap": row["kind_text"], "who": row["who"]} for row in view["missing"]]),
        ]
    )


def _table(rows: Sequence[dict[str, Any]]) -> Any:
    columns = [{"name": name, "id": name} for name in (rows[0] if rows else {})]
    return dash_table.DataTable(data=list(rows), columns=columns, page_size=50)


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(sys.argv[1]), debug=False)
