"""Choosing countries or indicators: an accessible combobox that is typed into to add one."""

from typing import Any, TypedDict

import reflex as rx

from dashboard.components.scripts import COMBOBOX
from dashboard.locales import t


class Option(TypedDict):
    """What can be chosen."""

    id: str
    label: str
    note: str


class Picker(rx.Component):
    """A combobox of a form: what is chosen is sent as the parameter ``name``; at most ``most`` at a time."""

    library = COMBOBOX
    tag = "Picker"

    name: rx.Var[str]
    options: rx.Var[list[Any]]
    chosen: rx.Var[list[Any]]
    most: rx.Var[int]
    text: rx.Var[dict[str, str]]
    charts: rx.Var[str]


def country_picker(
    lang: str, options: list[Option], chosen: rx.Var[list[Any]], most: int, charts: rx.Var[str]
) -> rx.Component:
    """The combobox that adds a country to the parameter ``country``; ``charts``: see ``Shell.charts_with``."""
    text = {key: t(f"pages.picker.{key}", lang) for key in ("add", "placeholder", "none")}
    text |= {"full": t("pages.picker.full", lang, count=most)}
    return Picker.create(name="country", options=options, chosen=chosen, most=most, text=text, charts=charts)


def indicator_picker(lang: str, options: Any, chosen: Any, most: int) -> rx.Component:
    """The same for further indicators, searched by name, of the parameter ``indicator``."""
    words = {"add": "further", "placeholder": "further_none", "full": "further_full"}
    text = {key: t(f"compare.page.{word}", lang) for key, word in words.items()}
    text |= {"none": t("pages.indicators.none", lang)}
    return Picker.create(name="indicator", options=options, chosen=chosen, most=most, text=text)
