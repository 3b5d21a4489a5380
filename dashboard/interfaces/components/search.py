"""Search: the field in the header of every page, and hits as the page of results lists them."""

from typing import Any

import reflex as rx

from dashboard.interfaces.components.browser import link_page
from dashboard.interfaces.components.scripts import COMBOBOX
from dashboard.locales import t


class SiteSearch(rx.Component):
    """A combobox that the API answers; ``/`` and Ctrl+K lead to it from anywhere on the page."""

    library = COMBOBOX
    tag = "SiteSearch"

    lang: rx.Var[str]
    text: rx.Var[dict[str, str]]


def make_site_search(lang: str) -> rx.Component:
    """The field of the header in ``lang``."""
    keys = ("label", "placeholder", "hint", "loading", "failed")
    asked_later = {"query": "{query}", "shown": "{shown}", "total": "{total}"}
    text = {key: t(f"search.field.{key}", lang) for key in keys}
    text |= {key: t(f"search.field.{key}", lang, **asked_later) for key in ("all", "more")}
    return SiteSearch.create(lang=lang, text=text)


def list_hits(hits: Any) -> rx.Component:
    """Hits, one a line: name, what it is, by which name it was found, and whether it has figures."""

    def line(hit: Any) -> rx.Component:
        return rx.el.li(
            link_page(hit["title"], to=hit["href"]),
            rx.el.small(
                hit["kind_text"], rx.cond(hit["found_by"] != "", " · ", ""), hit["found_by"], class_name="quiet after"
            ),
            rx.cond(hit["figures"] != "", rx.el.p(hit["figures"], class_name="note")),
        )

    return rx.el.ul(rx.foreach(hits, line), class_name="rows hits", role="list")
