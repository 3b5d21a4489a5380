"""What only the browser can do, as components: links that keep the selection, language, theme, dialog, clipboard."""

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.inline import A

from dashboard.components.scripts import BROWSER


class PageLink(A):
    """A link to a page of ours, without a reload; the reader's selection of the address goes along."""

    library = BROWSER
    tag = "PageLink"

    to: rx.Var[str]
    section: rx.Var[bool]


class LanguageLink(A):
    """A link to this very page in another language; ``to`` is the language's code."""

    library = BROWSER
    tag = "LanguageLink"

    to: rx.Var[str]


class SkipLink(rx.Component):
    """The first link of a page: past the menu, to the element of the id ``to``."""

    library = BROWSER
    tag = "SkipLink"

    to: rx.Var[str]


class DocumentLanguage(rx.Component):
    """Keeps ``lang`` and ``dir`` of the document right, also after navigation without a reload."""

    library = BROWSER
    tag = "DocumentLanguage"

    lang: rx.Var[str]
    dir: rx.Var[str]


class FirstAnswer(rx.Component):
    """Gives the states the answer that the head of the page asked for, while the state ``holds`` none."""

    library = BROWSER
    tag = "FirstAnswer"

    holds: rx.Var[str]


class Arrived(rx.Component):
    """Stands in the page (``#hydrated``) when the websocket has answered it: what readers do reaches the server."""

    library = BROWSER
    tag = "Arrived"


class OnlyFor(rx.Component):
    """Its children when the state ``holds`` the answer for the path of the address, ``pending`` until then."""

    library = BROWSER
    tag = "OnlyFor"

    holds: rx.Var[str]
    pending: rx.Var[rx.Component]


class InLanguage(rx.Component):
    """Its children when the address is in this language; the ``fallback`` also when it is in none of ours."""

    library = BROWSER
    tag = "InLanguage"

    lang: rx.Var[str]
    dir: rx.Var[str]
    title: rx.Var[str]
    fallback: rx.Var[bool]


class ThemeToggle(rx.Component):
    """A button between light and dark, kept in the browser."""

    library = BROWSER
    tag = "ThemeToggle"

    to_dark: rx.Var[str]
    to_light: rx.Var[str]


class Cited(rx.Component):
    """A reference (``words``) with the whole address of this site; ``code``: as an entry to be read by programs."""

    library = BROWSER
    tag = "Cited"

    words: rx.Var[str]
    code: rx.Var[bool]


class CopyLink(rx.Component):
    """A button that copies the page's address, or ``address``, or ``words``, to the clipboard and says so.

    Words are a reference as ``Cited`` shows it.
    """

    library = BROWSER
    tag = "CopyLink"

    label: rx.Var[str]
    done: rx.Var[str]
    address: rx.Var[str]
    words: rx.Var[str]


class PrintPage(rx.Component):
    """A button that prints the page."""

    library = BROWSER
    tag = "PrintPage"

    label: rx.Var[str]


class Dialog(rx.Component):
    """The browser's modal dialog, open while ``open`` is true."""

    library = BROWSER
    tag = "Dialog"

    open: rx.Var[bool]
    label: rx.Var[str]
    close_text: rx.Var[str]
    on_close: rx.EventHandler[rx.event.no_args_event_spec]


class ViewTabs(rx.Component):
    """Tabs that are addresses: the parameter ``name`` of the query is the chosen one."""

    library = BROWSER
    tag = "ViewTabs"

    name: rx.Var[str]
    items: rx.Var[list[Any]]  # of {"id": …, "label": …}; with "kind" where its chart is not called like it, "" for none
    chosen: rx.Var[str]
    label: rx.Var[str]
    on_pick: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class ShellText(rx.Component):
    """The place in a shell where the server writes what the page will be: ``<!--shell-->``."""

    library = BROWSER
    tag = "ShellText"


class AtAnchor(rx.Component):
    """Brings the part that the address names after ``#`` into sight, also when it came after the page was opened."""

    library = BROWSER
    tag = "AtAnchor"


class ConnectionNotice(rx.Component):
    """Says that the server cannot be reached, while it cannot, or while no answer has ``arrived`` for too long."""

    library = BROWSER
    tag = "ConnectionNotice"

    arrived: rx.Var[bool]
    text: rx.Var[str]
    retry_text: rx.Var[str]


def file_link(*children: Any, href: Any, **props: Any) -> rx.Component:
    """A link to something that is no page of ours: an answer of the API, a feed, its documentation.

    Without ``reloadDocument`` the browser's router would look for a page at the address.
    """
    return rx.el.a(*children, href=href, custom_attrs={"reloadDocument": True}, **props)


def page_link(*children: Any, to: str | rx.Var[str], **props: Any) -> rx.Component:
    """A link to a page of ours that keeps countries, period, rule and as-of date of the address."""
    return PageLink.create(*children, to=to, **props)
