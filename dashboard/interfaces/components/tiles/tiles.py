"""The adoption map: one square per country, and the same as a list."""

from typing import Any

import reflex as rx

from dashboard.evidence.codebook import load_codebook
from dashboard.interfaces.components.browser import link_page
from dashboard.locales import t


def draw_tile_map(lang: str, tiles: Any, label: Any) -> rx.Component:
    """Squares on a grid: every country, those of ``tiles`` by status, each a link to its country.

    ``label`` says what the picture shows. Where squares are too small for a finger, the list stands in its place.
    """
    places = [country.tile for country in load_codebook().countries.values() if country.tile is not None]
    columns, rows = (max(place[axis] for place in places) + 1 for axis in (0, 1))
    ground = "".join(f"M{x}.03 {y}.03h.94v.94h-.94z" for x, y in places)

    def tile(item: Any) -> rx.Component:
        return rx.el.span(
            link_page(
                rx.el.span(item["iso2"], aria_hidden="true"),
                rx.el.span(item["text"], class_name="sr-only"),
                to=f"/{lang}/countries/{item['iso3']}/",
                class_name="tile",
                title=item["text"],
                custom_attrs={
                    "data-status": item["status"],
                    "data-counted": item["counted"].to_string(),
                    "data-origin": item["origin"].to_string(),
                    "data-disputed": item["disputed"].to_string(),
                },
            ),
            style={"gridColumn": (item["column"] + 1).to_string(), "gridRow": (item["row"] + 1).to_string()},
        )

    grid = {
        "gridTemplateColumns": f"repeat({columns}, minmax(0, 1fr))",
        "gridTemplateRows": f"repeat({rows}, minmax(0, 1fr))",
    }
    return rx.el.div(
        rx.el.svg(rx.el.path(d=ground), view_box=f"0 0 {columns} {rows}"),
        rx.el.div(rx.foreach(tiles, tile), style=grid),
        class_name="tiles",
        role="group",
        aria_label=label,
        style={"aspectRatio": f"{columns} / {rows}"},
    )


def draw_legend(entries: Any, disputed: str) -> rx.Component:
    """What the squares mean, with how many there are."""
    return rx.el.ul(
        rx.foreach(
            entries,
            lambda entry: rx.el.li(
                rx.el.span(
                    class_name="tile",
                    aria_hidden="true",
                    custom_attrs={"data-status": entry["id"], "data-origin": (entry["id"] == "origin").to_string()},
                ),
                rx.el.span(
                    entry["label"], " ", rx.el.span(entry["count"], class_name="quiet"), title=entry["definition"]
                ),
            ),
        ),
        rx.el.li(
            rx.el.span(
                class_name="tile",
                aria_hidden="true",
                custom_attrs={"data-status": "no_record", "data-disputed": "true"},
            ),
            disputed,
        ),
        class_name="legend",
    )


def list_tiles(lang: str, tiles: Any) -> rx.Component:
    """The countries as a list: in place of the map where squares are too small for a finger, else folded below it."""
    return rx.fragment(
        rx.el.div(_list_countries(lang, tiles), class_name="instead-of-map"),
        rx.el.details(
            rx.el.summary(t("pages.tiles.as_list", lang)), _list_countries(lang, tiles), class_name="fold below-map"
        ),
    )


def _list_countries(lang: str, tiles: Any) -> rx.Component:
    return rx.el.ul(
        rx.foreach(
            tiles,
            lambda item: rx.el.li(
                link_page(item["name"], to=f"/{lang}/countries/{item['iso3']}/"),
                rx.el.small(
                    item["status_text"],
                    rx.cond(item["disputed"], rx.el.span(" · ", t("terms.adoption_status.disputed.name", lang))),
                    class_name="quiet",
                ),
            ),
        ),
        class_name="columns register",
        aria_label=t("pages.tiles.label", lang),
    )
