"""Controls of a page: links to the address of another view, or forms that ask for one. ``on_load`` answers."""

from typing import Any, TypedDict

import reflex as rx
from reflex_components_core.el.elements.forms import Input, Select
from reflex_components_core.react_router import ReactRouterLink

from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.interfaces.components.scripts import COMBOBOX, CONTROLS
from dashboard.locales import order, t


class ViewForm(rx.el.Div):
    """A GET form of the page; a list in it sends it at once."""

    library = CONTROLS
    tag = "ViewForm"

    own: rx.Var[list[str]]


class ViewSelect(Select):
    """A native list with the value of the address."""

    library = CONTROLS
    tag = "ViewField"


class ViewInput(Input):
    """A field with the value of the address alone: an answer may still be that of the address before."""

    library = CONTROLS
    tag = "ViewField"


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


def link_view(*children: Any, to: Any, current: Any = None, chart: Any = "", **props: Any) -> rx.Component:
    """A link to another view of this page, which stays where it is; Back undoes it.

    Args:
        children: what the link says.
        to: the whole address, as ``pages.shell`` writes it.
        current: whether it is the view that is shown; None for links that are no choice.
        chart: addresses of that view's charts, parted by spaces: they are asked for when pointer or keyboard reach the
            link.
        props: of the link.
    """
    attributes = dict(props.pop("custom_attrs", {}))
    if current is not None:
        attributes["aria-current"] = rx.cond(current, "true", "false")
    if not isinstance(chart, str) or chart:
        attributes["data-chart"] = chart
    return ReactRouterLink.create(
        *children, to=to, prevent_scroll_reset=True, discover="none", custom_attrs=attributes, **props
    )


def draw_tabs(label: str, links: Any, class_name: str = "tabs") -> rx.Component:
    """Views to choose from: a state's list of ``Link``."""
    return rx.el.nav(
        rx.el.ul(
            rx.foreach(
                links,
                lambda link: rx.el.li(
                    link_view(link["label"], to=link["to"], current=link["current"], chart=link["chart"].to(str))
                ),
            )
        ),
        class_name=class_name,
        aria_label=label,
    )


def make_view_form(lang: str, *children: Any, fields: Any, own: tuple[str, ...], **props: Any) -> rx.Component:
    """Return a form of this page that sends on the parameters in ``fields``, but for its ``own``.

    Its lists are sent as soon as one is changed; without scripts, by a button.
    """

    def hidden_field(field: Any) -> rx.Component:
        mine = field["name"] == own[0]
        for name in own[1:]:
            mine |= field["name"] == name
        return rx.cond(mine, rx.fragment(), rx.el.input(type="hidden", name=field["name"], value=field["value"]))

    send = rx.el.noscript(rx.el.button(t("ui.buttons.apply", lang), type="submit", class_name="button"))
    return ViewForm.create(rx.foreach(fields, hidden_field), *children, send, own=list(own), **props)


def make_default_field(name: str, value: Any) -> rx.Component:
    """What a form adds to: the values of ``name`` that the address has, or, where it has none, ``value``."""
    return rx.el.input(type="hidden", name=name, value=value, custom_attrs={"data-kept": ""})


def make_select(
    name: str, label: str, value: Any, choices: Any, every: str = "", default: str = "", *, wide: bool = False,
    id_: str = "",
) -> rx.Component:  # fmt: skip
    """Return a native list with its label.

    Args:
        name: the parameter of the address.
        label: its words.
        value: what the address says.
        choices: a state's ``Choice``s, pairs of value and words, or ready options.
        every: words of a first option that chooses none; "" for no such option.
        default: the value that addresses leave out.
        wide: it takes a line of its own.
        id_: of the element, where it is not that of the parameter.
    """
    place = id_ or f"by-{name}"
    value = rx.cond(value == default, "", value) if default else value
    return rx.el.div(
        rx.el.label(label, html_for=place),
        ViewSelect.create(*make_options(choices, every, default), id=place, name=name, value=value),
        class_name="field wide" if wide else "field",
    )


def make_options(choices: Any, every: str = "", default: str = "") -> list[rx.Component]:
    """Return the options of a native list, as ``make_select`` takes them."""
    first = [rx.el.option(every, value="")] if every else []
    if isinstance(choices, rx.Var):

        def draw_option(choice: Any) -> rx.Component:
            return rx.el.option(choice["label"], value=rx.cond(choice["id"] == default, "", choice["id"]))

        return [*first, rx.foreach(choices, draw_option)]
    return first + [
        item if isinstance(item, rx.Component) else rx.el.option(item[1], value="" if item[0] == default else item[0])
        for item in choices
    ]


def make_search_field(lang: str, label: str, id_: str = "q") -> rx.Component:
    """A field for words (``q``) and the button that sends them."""
    return rx.el.div(
        rx.el.div(
            rx.el.label(label, html_for=id_),
            ViewInput.create(type="search", name="q", id=id_, max_length=80),
            class_name="field",
        ),
        rx.el.button(t("ui.buttons.search", lang), type="submit", class_name="button"),
        class_name="search",
        role="search",
        aria_label=label,
    )


def draw_pager(lang: str, label: str, page: Any, pages: Any, around: Any) -> rx.Component:
    """Page ``page`` of ``pages``, and links to the pages ``around`` it: the one before and the one after.

    At either end the link stays, disabled, and leads to the page itself: whoever turned pages keeps the focus.
    """

    def turn(key: str, to: Any, end: Any) -> rx.Component:
        disabled = {"aria-disabled": rx.cond(end, "true", "false")}
        return link_view(t(f"ui.buttons.{key}", lang), to=to, class_name="button", custom_attrs=disabled)

    return rx.cond(
        pages > 1,
        rx.el.nav(
            turn("previous", around[0], page <= 1),
            rx.el.span(page, " / ", pages),
            turn("next", around[1], page >= pages),
            class_name="pager",
            aria_label=label,
        ),
    )


def list_goal_choices(lang: str) -> list[tuple[str, str]]:
    """Return number and short title of every goal."""
    return [
        (str(goal.number), f"{goal.number} {choose_text(goal.short, lang)}") for goal in load_codebook().goals.values()
    ]


def list_country_options(lang: str) -> list[Option]:
    """Every country and area of the codebook, in the alphabet of the language."""
    named = [(choose_text(country.name, lang), country.iso3) for country in load_codebook().countries.values()]
    return [
        {"id": iso3, "label": name, "note": iso3} for name, iso3 in sorted(named, key=lambda pair: order(pair[0], lang))
    ]


def draw_selection(
    lang: str, shell: Any, years: Any, most: int, *more: rx.Component, own: tuple[str, ...] = ()
) -> rx.Component:
    """Chips and combobox for countries, two lists for the period; ``shell`` is the state of the page.

    ``more``: further controls before the period; ``own``: their parameters.
    """
    period = rx.el.fieldset(
        rx.el.legend(t("ui.controls.period", lang)),
        rx.el.div(
            _make_year_select(
                t("ui.controls.from", lang), "from", shell.first, years, t("pages.controls.earliest", lang)
            ),
            rx.el.span("–", aria_hidden="true"),
            _make_year_select(t("ui.controls.to", lang), "to", shell.last, years, t("ui.controls.latest_year", lang)),
            class_name="period",
        ),
    )
    return rx.el.div(
        make_view_form(lang, *more, period, fields=shell.fields, own=("from", "to", *own), class_name="line"),
        rx.el.div(
            make_view_form(
                lang,
                make_default_field("country", shell.picked_ids),
                make_country_picker(lang, list_country_options(lang), shell.picked, most, shell.charts_with),
                fields=shell.fields,
                own=("country", "group"),
            ),
            list_chips(t("pages.picker.chosen", lang), t("pages.picker.remove", lang), shell.picked),
            class_name="picker",
        ),
        rx.cond(
            ~shell.default_selection | (shell.first != "") | (shell.last != ""),
            link_view(t("ui.buttons.reset", lang), to=shell.unselected, class_name="plain"),
        ),
        class_name="controls",
        role="group",
        aria_label=t("ui.controls.label", lang),
    )


def make_country_picker(
    lang: str, options: list[Option], chosen: rx.Var[list[Any]], most: int, charts: rx.Var[str]
) -> rx.Component:
    """The combobox that adds a country to the parameter ``country``; ``charts``: see ``Shell.charts_with``."""
    text = {key: t(f"pages.picker.{key}", lang) for key in ("add", "placeholder", "none")}
    text |= {"full": t("pages.picker.full", lang, count=most)}
    return Picker.create(name="country", options=options, chosen=chosen, most=most, text=text, charts=charts)


def make_indicator_picker(lang: str, options: Any, chosen: Any, most: int) -> rx.Component:
    """The same for further indicators, searched by name, of the parameter ``indicator``."""
    words = {"add": "further", "placeholder": "further_none", "full": "further_full"}
    text = {key: t(f"compare.page.{word}", lang) for key, word in words.items()}
    text |= {"none": t("pages.indicators.none", lang)}
    return Picker.create(name="indicator", options=options, chosen=chosen, most=most, text=text)


def list_chips(label: str, remove: str, picked: Any) -> rx.Component:
    """What is chosen (``Link``), each a link to the view without it."""

    def chip(link: Any) -> rx.Component:
        return rx.el.li(
            link_view(
                rx.el.span(remove, " ", class_name="sr-only"),
                link["label"],
                rx.el.span("×", class_name="cross", aria_hidden="true"),
                to=link["to"],
                chart=link["chart"].to(str),
                class_name="chip",
            )
        )

    return rx.el.ul(rx.foreach(picked, chip), class_name="chips", aria_label=label)


def _make_year_select(label: str, name: str, value: Any, years: Any, open_end: str) -> rx.Component:
    return rx.el.div(
        rx.el.label(label, html_for=f"{name}-year", class_name="sr-only"),
        ViewSelect.create(
            rx.el.option(open_end, value=""),
            rx.cond(  # a year of the address without figures: the list says it all the same
                (value != "") & ~years.to(list[int]).join(" ").contains(value), rx.el.option(value, value=value)
            ),
            rx.foreach(years, lambda year: rx.el.option(year, value=year.to_string())),
            id=f"{name}-year",
            name=name,
            value=value,
        ),
    )
