"""The dialog "Share and reuse" of one chart: link, frame for other pages, citation, files."""

from collections.abc import Callable
from typing import Any, cast

import reflex as rx

from dashboard.answers.base.context import open_context
from dashboard.answers.base.errors import Invalid, NotReady, Unknown
from dashboard.answers.charts.url import change_form
from dashboard.answers.files.share import Shared, view_shared, write_frame, write_program
from dashboard.answers.files.snippets import PROGRAMS, Program
from dashboard.interfaces.components.browser import CopyLink, Dialog, link_file, list_actions
from dashboard.interfaces.pages.shell.state import NOTHING, Shell
from dashboard.locales import t

PINS = ("live", "pinned", "version")
THEMES = ("auto", "light", "dark")
MAX_ADDRESS_CHARS = 2000  # characters of an address


class ShareState(Shell):
    """The chart whose dialog is shown, and what the reader wants of its frame."""

    about: Shared = NOTHING
    url: str = ""
    pinned: str = PINS[0]
    colours: str = THEMES[0]
    code: str = ""
    program: str = "python"
    snippet: str = ""
    note: str = ""

    @rx.event
    async def show(self, url: str) -> None:
        """Open the dialog on the chart at an address of ours; anything else is not opened."""
        if not isinstance(url, str) or len(url) > MAX_ADDRESS_CHARS:
            return
        lang, as_of = self._get_lang(), self._read_address().as_of or None
        try:
            self.about = await rx.run_in_thread(lambda: view_shared(open_context(lang, as_of), url))
        except (Invalid, Unknown, NotReady):
            return
        self.url, self.pinned, self.colours, self.sharing = url, PINS[0], THEMES[0], True
        self._write()

    @rx.event
    def pin(self, which: str) -> None:
        """The newest figures, those of a day, or those of a dataset version."""
        if which in PINS and which in self.about.get("frames", {}):
            self.pinned = which
            self._write()

    @rx.event
    def colour(self, theme: str) -> None:
        """The colours of the frame."""
        if theme in THEMES and self.sharing:
            self.colours = theme
            self._write()

    @rx.event
    def choose_program(self, program: str) -> None:
        """The tool that the rows are read with."""
        if program in PROGRAMS and self.sharing:
            self.program = program
            self._write()

    @rx.event
    def close(self) -> None:
        """Close the dialog."""
        self.sharing = False

    def _write(self) -> None:
        about = self.about
        origin = str(self.router.url.origin).rstrip("/")
        self.code = write_frame(about, self.pinned, self.colours, origin)
        self.snippet = write_program(about, self.pinned, cast(Program, self.program), origin)
        note = f"reuse.share.{self.pinned}_note"
        words = {"pinned": {"date": about["date"]}, "version": {"version": about["version"]}}.get(self.pinned, {})
        self.note = t(note, self._get_lang(), **words)


def draw_share_dialog(lang: str) -> rx.Component:
    """The dialog in ``lang``."""
    state, about = ShareState, ShareState.about

    def word(key: str) -> str:
        return t(f"reuse.share.{key}", lang)

    def file(form: str) -> rx.Component:
        address = change_form(state.url, form)
        return link_file(form.upper(), href=address, download=True)

    def pin(choice: str) -> rx.Component:
        chosen = rx.el.input(
            type="radio", name="share-which", checked=state.pinned == choice, on_change=state.pin(choice)
        )
        return rx.el.label(chosen, word(choice))

    live, pinned, version = map(pin, PINS)
    which = rx.el.fieldset(
        rx.el.legend(word("which")), live, pinned, rx.cond(about["frames"].contains("version"), version)
    )
    colours = rx.el.label(
        rx.el.span(word("colours")),
        rx.el.select(
            *(rx.el.option(word(theme), value=theme) for theme in THEMES), value=state.colours, on_change=state.colour
        ),
        class_name="field",
    )
    code = rx.el.label(
        rx.el.span(word("code")),
        rx.el.textarea(read_only=True, rows="4", dir="ltr", value=state.code, spell_check=False),
        class_name="field",
    )
    programs = rx.el.label(
        rx.el.span(word("program")),
        rx.el.select(
            *(rx.el.option(title, value=program) for program, title in PROGRAMS.items()),
            value=state.program,
            on_change=state.choose_program,
        ),
        class_name="field",
    )
    snippet = rx.el.label(
        rx.el.span(word("code")),
        rx.el.textarea(read_only=True, rows="6", dir="ltr", value=state.snippet, spell_check=False),
        class_name="field",
    )
    return Dialog.create(
        rx.cond(
            state.sharing,
            rx.fragment(
                _draw_part(
                    "link", word, rx.el.p(word("link_note"), class_name="note"), _draw_copy_button(word, "link")
                ),
                _draw_part(
                    "embed",
                    word,
                    rx.el.p(word("embed_note"), class_name="note"),
                    which,
                    rx.el.p(state.note, class_name="note", aria_live="polite"),
                    colours,
                    code,
                    _draw_copy_button(word, "code", words=state.code),
                ),
                _draw_part(
                    "use",
                    word,
                    rx.el.p(word("use_note"), class_name="note"),
                    programs,
                    snippet,
                    _draw_copy_button(word, "snippet", words=state.snippet),
                ),
                rx.cond(
                    about["citation"] != "",
                    _draw_part(
                        "cite",
                        word,
                        rx.el.p(about["citation"], class_name="note"),
                        _draw_copy_button(word, "citation", words=about["citation"]),
                    ),
                ),
                _draw_part(
                    "files",
                    word,
                    rx.el.p(word("files_note"), class_name="note"),
                    list_actions(
                        *(file(form) for form in ("csv", "xlsx", "svg", "png")),
                        link_file(word("metadata"), href=change_form(state.url, "metadata.json")),
                    ),
                ),
            ),
        ),
        open=state.sharing,
        label=word("title"),
        close_text=word("close"),
        on_close=state.close,
        class_name="share",
    )


def _draw_part(key: str, word: Callable[[str], str], *children: rx.Component) -> rx.Component:
    return rx.el.section(rx.el.h3(word(key)), *children)


def _draw_copy_button(word: Callable[[str], str], what: str, **props: Any) -> rx.Component:
    button = CopyLink.create(label=word(f"copy_{what}"), done=word(f"copied_{what}"), **props)
    return list_actions(button)
