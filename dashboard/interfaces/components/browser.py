"""What only the browser can do, as components: links that keep the selection, language, theme, dialog, clipboard."""

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.inline import A

from dashboard.interfaces.components.scripts import BROWSER
from dashboard.locales import t


class PageLink(A):
    """A link to a page of ours, without a reload; the reader's selection of the address goes along."""

    library = BROWSER
    tag = "PageLink"

    to: rx.Var[str]
    section: rx.Var[bool]
    also: rx.Var[list[str]]


class LanguageLink(A):
    """A link to this very page in another language; ``to`` is the language's code."""

    library = BROWSER
    tag = "LanguageLink"

    to: rx.Var[str]


class DocumentLanguage(rx.Component):
    """Keeps ``lang`` and ``dir`` of the document right, also after navigation without a reload."""

    library = BROWSER
    tag = "DocumentLanguage"

    lang: rx.Var[str]
    dir: rx.Var[str]


class OnlyFor(rx.Component):
    """Its children when the state ``holds`` the answer for the path of the address, ``pending`` until then.

    While the state's ``query`` is not that of the address, the page says that it is busy.
    """

    library = BROWSER
    tag = "OnlyFor"

    holds: rx.Var[str]
    query: rx.Var[str]
    pending: rx.Var[rx.Component]


class InLanguage(rx.Component):
    """Its children when the address is in this language; in English also when it is in none of the ``others``."""

    library = BROWSER
    tag = "InLanguage"

    lang: rx.Var[str]
    dir: rx.Var[str]
    title: rx.Var[str]
    others: rx.Var[list[str]]


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


class Dialog(rx.Component):
    """The browser's modal dialog, open while ``open`` is true; closed by a reader, it leads ``to`` there or calls."""

    library = BROWSER
    tag = "Dialog"

    open: rx.Var[bool]
    label: rx.Var[str]
    close_text: rx.Var[str]
    to: rx.Var[str]
    on_close: rx.EventHandler[rx.event.no_args_event_spec]


class AtAnchor(rx.Component):
    """Brings the part that the address names after ``#`` into sight, also when it came after the page was opened."""

    library = BROWSER
    tag = "AtAnchor"


def link_file(*children: Any, href: Any, **props: Any) -> rx.Component:
    """A link to something that is no page of ours: an answer of the API, a feed, its documentation.

    Without ``reloadDocument`` the browser's router would look for a page at the address.
    """
    return rx.el.a(*children, href=href, custom_attrs={"reloadDocument": True}, **props)


def link_code(lang: str, rows: Any) -> rx.Component:
    """To the code that reads a table in Python, R, Excel and others; ``rows`` is the address of its CSV file."""
    return link_file(t("reuse.table.use", lang), href="/code" + rows)


def list_actions(*links: rx.Component) -> rx.Component:
    """What can be done with what stands above, in a line: files, copies, further pages."""
    return rx.el.ul(*(rx.el.li(link) for link in links), class_name="actions")


def fold_actions(lang: str, *links: rx.Component) -> rx.Component:
    """What else can be done, behind *More*: the last entry of a row of actions."""
    return rx.el.details(rx.el.summary(t("ui.chart.more", lang)), list_actions(*links))


def link_outward(label: Any, address: Any) -> rx.Component:
    """A link to a publisher or a licence; the words alone where there is no address, as of what a ministry sends."""
    return rx.cond(address != "", rx.el.a(label, href=address, rel="noopener"), rx.el.span(label))


def link_page(*children: Any, to: str | rx.Var[str], **props: Any) -> rx.Component:
    """A link to a page of ours that keeps countries, period, rule and as-of date of the address."""
    return PageLink.create(*children, to=to, **props)
