"""A figure on a page: its words, its interval, and the way to its source."""

from collections.abc import Callable, Iterable
from typing import Any

import reflex as rx
from reflex_components_core.base.fragment import Fragment
from reflex_components_core.core.foreach import Foreach
from reflex_components_core.el.elements.tables import Td

from dashboard.locales import t


def draw_figure(
    lang: str, figure: Any, show: Any, label: Any = "", interval: bool = True, unit: bool = False
) -> rx.Component:
    """The value as a button that opens the drawer; the kind of no data in words where there is no value.

    ``show`` makes the event from an observation id. ``label`` says whose figure it is, for screen readers.
    With ``unit`` its unit stands behind it, where no head or subtitle names it.
    """
    how, comma = t("ui.buttons.how_we_know", lang), t("ui.list.comma", lang)
    return rx.cond(
        figure["kind"] == "",
        rx.fragment(
            rx.el.button(
                figure["quantity" if unit else "text"],
                rx.el.span(f"{comma}{label}. {how}" if label is not None else how, class_name="sr-only"),
                type="button",
                class_name="value",
                title=figure["source_text"].to(str) + comma + figure["edition"].to(str),
                on_click=show(figure["id"]),
            ),
            *([rx.cond(figure["interval"] != "", rx.el.small(figure["interval"]))] if interval else []),
        ),
        rx.el.span(figure["text"], class_name="absent", title=figure["why"]),
    )


def make_source_button(words: Any, event: Any, *whose: Any) -> rx.Component:
    """A figure in ``words`` as a button whose ``event`` opens the drawer; screen readers are told ``whose`` it is."""
    hint = rx.el.span(*whose, class_name="sr-only")
    return rx.el.button(words, hint, type="button", class_name="value", on_click=event)


def fold(summary: Any, *children: Any, **props: Any) -> rx.Component:
    """What is folded away under its ``summary``, several things as a list, until a reader opens it."""
    parts = summary if isinstance(summary, list) else [summary]
    return rx.el.details(rx.el.summary(*parts), *children, class_name="fold", **props)


def make_pair(label: Any, value: Any) -> rx.Component:
    """A term of a list of descriptions, and what is said of it."""
    return rx.el.div(rx.el.dt(label), rx.el.dd(value))


def make_scrollable(label: Any, *children: Any) -> rx.Component:
    """A region of its own for what may be wider than the screen, reachable by keyboard."""
    return rx.el.div(*children, class_name="scroll", tab_index=0, role="region", aria_label=label)


def make_cell(title: Any, *children: Any, **props: Any) -> rx.Component:
    """A cell of a table of the class ``stacked``: on a narrow screen, where cells stand below each other, it says
    ``title``, the name of its column."""
    return rx.el.td(rx.el.div(*children), custom_attrs={"data-label": title}, **props)


def format_years(first: Any, last: Any) -> rx.Component:
    """``1996–2023``, from left to right in every language, as in charts."""
    return rx.el.bdi(first, "–", last, dir="ltr")


def make_head(*cells: Any, numeric: tuple[int, ...] = ()) -> rx.Component:
    """The header row of a table, with what a state makes of columns as it is; ``numeric``: the places of columns
    of numbers."""
    return rx.el.thead(
        rx.el.tr(
            *(
                name
                if isinstance(name, Foreach | Fragment)
                else rx.el.th(name, scope="col", **({"class_name": "num"} if place in numeric else {}))
                for place, name in enumerate(cells)
            )
        )
    )


def make_growing_head(first: Any, columns: Any) -> rx.Component:
    """The header row of a table whose further ``columns`` a state names."""
    return make_head(first, rx.foreach(columns, lambda name: rx.el.th(name, scope="col")))


def make_table(
    label: Any,
    heads: rx.Component,
    rows: Any,
    row: Callable[[Any], rx.Component],
    class_name: str | None = None,
    caption: rx.Component | None = None,
) -> rx.Component:
    """A table of a state's ``rows`` in a region of its own; ``row`` makes the line of one."""
    children = (*([caption] if caption else []), heads, rx.el.tbody(rx.foreach(rows, row)))
    return make_scrollable(label, rx.el.table(*children, **({} if class_name is None else {"class_name": class_name})))


def list_rows(
    label: Any,
    titles: Iterable[Any],
    rows: Any,
    row: Callable[[Any], rx.Component | tuple[Any, ...]],
    *,
    numeric: tuple[int, ...] = (),
    class_name: str = "stacked",
    caption: rx.Component | None = None,
    props: Callable[[Any], dict[str, Any]] = lambda item: {},
) -> rx.Component:
    """A table of a state's ``rows`` in a region of its own: ``row`` makes the line of one under the ``titles``.

    It gives the whole line, or what stands in its cells, of which the first heads it; several things in one cell are a
    list, and one that is no ``make_cell`` like the others is made by it. The line then has the ``props``.
    """
    heads = tuple(titles)

    def draw_line(of_table: Any) -> rx.Component:
        drawn = row(of_table)
        if not isinstance(drawn, tuple):
            return drawn
        first, *others = (content if isinstance(content, list) else [content] for content in drawn)
        cells = (
            content[0]
            if isinstance(content[0], Td)
            else make_cell(title, *content, **({"class_name": "num"} if place in numeric else {}))
            for place, (title, content) in enumerate(zip(heads[1:], others, strict=True), start=1)
        )
        return rx.el.tr(rx.el.th(*first, scope="row"), *cells, **props(of_table))

    return make_table(label, make_head(*heads, numeric=numeric), rows, draw_line, class_name, caption)


def link_reference(parts: Any) -> rx.Component:
    """What a reference names, one by one (``ReferencePart``): a link where it is an address."""
    return rx.el.span(
        rx.foreach(
            parts,
            lambda part, place: rx.fragment(
                rx.cond(place > 0, "; ", ""),
                rx.cond(part["href"] != "", rx.el.a(part["text"], href=part["href"], rel="noopener"), part["text"]),
            ),
        ),
        lang="en",
        dir="ltr",
    )
