"""Controls beside a chart: countries, period."""

from typing import Any

import reflex as rx

from dashboard.codebook import codebook
from dashboard.codebook.model import text
from dashboard.components.picker import Option, country_picker
from dashboard.locales import order, t


def country_options(lang: str) -> list[Option]:
    """Every country and area of the codebook, in the alphabet of the language."""
    named = [(text(country.name, lang), country.iso3) for country in codebook().countries.values()]
    return [
        {"id": iso3, "label": name, "note": iso3} for name, iso3 in sorted(named, key=lambda one: order(one[0], lang))
    ]


def selection(lang: str, shell: Any, years: Any, most: int, *more: rx.Component) -> rx.Component:
    """Chips and combobox for countries, two lists for the period; ``shell`` is the state whose handlers they call."""
    return rx.el.div(
        rx.el.div(
            *more,
            rx.el.fieldset(
                rx.el.legend(t("ui.controls.period", lang)),
                rx.el.div(
                    _year(
                        t("ui.controls.from", lang),
                        "from",
                        shell.first,
                        years,
                        shell.choose_first,
                        t("pages.controls.earliest", lang),
                    ),
                    rx.el.span("–", aria_hidden="true"),
                    _year(
                        t("ui.controls.to", lang),
                        "to",
                        shell.last,
                        years,
                        shell.choose_last,
                        t("ui.controls.latest_year", lang),
                    ),
                    class_name="period",
                ),
            ),
            class_name="line",
        ),
        country_picker(lang, country_options(lang), shell.picked, most, shell.add_country, shell.remove_country),
        rx.cond(
            ~shell.default_selection | (shell.first != "") | (shell.last != ""),
            rx.el.button(
                t("ui.buttons.reset", lang), type="button", class_name="plain", on_click=shell.reset_selection
            ),
        ),
        class_name="controls",
        role="group",
        aria_label=t("ui.controls.label", lang),
    )


def labelled_list(
    name: str, label: str, value: Any, choose: Any, *options: Any, wide: bool = False, **attributes: str
) -> rx.Component:
    """A native list with its label; ``options`` as ``listed`` gives them, or groups of such."""
    return rx.el.div(
        rx.el.label(label, html_for=name),
        rx.el.select(*options, id=name, value=value, on_change=choose, custom_attrs=attributes),
        class_name="field wide" if wide else "field",
    )


def listed(choices: Any, every: str = "") -> tuple[rx.Component, ...]:
    """Options of a list: pairs of value and words known when the page is made, or a state's ``Choice``s.

    ``every``: words of a first option that chooses none, "" for no such option.
    """
    first = (rx.el.option(every, value=""),) if every else ()
    if isinstance(choices, rx.Var):
        return (*first, rx.foreach(choices, lambda choice: rx.el.option(choice["label"], value=choice["id"])))
    return (*first, *(rx.el.option(words, value=value) for value, words in choices))


def changes(parameter: str) -> dict[str, str]:
    """Attributes of a native list whose value is this parameter of the charts on the page: they are asked for ahead."""
    return {"data-chart": parameter}


def _year(label: str, name: str, value: Any, years: Any, choose: Any, open_end: str) -> rx.Component:
    return rx.el.div(
        rx.el.label(label, html_for=f"{name}-year", class_name="sr-only"),
        rx.el.select(
            rx.el.option(open_end, value=""),
            rx.cond(  # a year of the address without figures: the list says it all the same
                (value != "") & ~years.to(list[int]).join(" ").contains(value), rx.el.option(value, value=value)
            ),
            rx.foreach(years, lambda year: rx.el.option(year, value=year.to_string())),
            id=f"{name}-year",
            value=value,
            on_change=choose,
            custom_attrs=changes(name),
        ),
    )
