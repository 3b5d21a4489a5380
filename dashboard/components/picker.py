"""Choosing countries: chips to remove, an accessible combobox to add."""

from typing import Any, TypedDict

import reflex as rx

from dashboard.components.scripts import PICKER
from dashboard.locales import t


class Option(TypedDict):
    """A country that can be chosen."""

    id: str
    label: str
    note: str


class CountryPicker(rx.Component):
    """Chips of the chosen countries and a combobox to add one; ``most`` at a time."""

    library = PICKER
    tag = "CountryPicker"

    options: rx.Var[list[Any]]
    chosen: rx.Var[list[Any]]
    most: rx.Var[int]
    text: rx.Var[dict[str, str]]
    on_add: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_remove: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def country_picker(
    lang: str, options: list[Option], chosen: rx.Var[list[Any]], most: int, on_add: Any, on_remove: Any
) -> rx.Component:
    """The picker in ``lang``; ``on_add`` and ``on_remove`` get the ISO3 code."""
    keys = ("add", "placeholder", "chosen", "remove", "none")
    text = {key: t(f"pages.picker.{key}", lang) for key in keys} | {"full": t("pages.picker.full", lang, count=most)}
    return CountryPicker.create(
        options=options, chosen=chosen, most=most, text=text, on_add=on_add, on_remove=on_remove
    )
