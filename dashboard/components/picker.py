"""Choosing countries or indicators: chips to remove, an accessible combobox that is typed into to add."""

from typing import Any, TypedDict

import reflex as rx

from dashboard.components.scripts import PICKER
from dashboard.locales import t


class Option(TypedDict):
    """What can be chosen."""

    id: str
    label: str
    note: str


class Picker(rx.Component):
    """Chips of what is chosen and a combobox to add one; ``most`` at a time.

    ``parameter`` is what the chosen are called in the address of the page's charts, "" where they are not in it.
    """

    library = PICKER
    tag = "Picker"

    options: rx.Var[list[Any]]
    chosen: rx.Var[list[Any]]
    most: rx.Var[int]
    parameter: rx.Var[str]
    text: rx.Var[dict[str, str]]
    on_add: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_remove: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def country_picker(
    lang: str, options: list[Option], chosen: rx.Var[list[Any]], most: int, on_add: Any, on_remove: Any
) -> rx.Component:
    """The picker in ``lang``; ``on_add`` and ``on_remove`` get the ISO3 code."""
    keys = ("add", "placeholder", "chosen", "remove", "none")
    text = {key: t(f"pages.picker.{key}", lang) for key in keys} | {"full": t("pages.picker.full", lang, count=most)}
    return Picker.create(
        options=options,
        chosen=chosen,
        most=most,
        parameter="country",
        text=text,
        on_add=on_add,
        on_remove=on_remove,
    )


def indicator_picker(lang: str, options: Any, chosen: Any, most: int, on_add: Any, on_remove: Any) -> rx.Component:
    """The same for further indicators, searched by name; ``on_add`` and ``on_remove`` get the id."""
    words = {"add": "further", "placeholder": "further_none", "chosen": "further_chosen", "remove": "remove"}
    text = {key: t(f"compare.page.{word}", lang) for key, word in words.items()}
    text |= {"none": t("pages.indicators.none", lang), "full": t("compare.page.further_full", lang)}
    return Picker.create(
        options=options, chosen=chosen, most=most, parameter="", text=text, on_add=on_add, on_remove=on_remove
    )
