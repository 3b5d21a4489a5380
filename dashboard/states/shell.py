"""What every page has: the reader's selection as the address says it, where the dataset stands, and trouble in words.

``on_load`` of a page is the one place that reads the address. A control changes the state *and* the address in one
event, so that the chart is drawn anew at once; the navigation that follows then asks the services for the rest.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from secrets import token_hex
from typing import Any, TypeVar, cast

import reflex as rx

from dashboard.codebook import codebook
from dashboard.codebook.model import text
from dashboard.locales import LANGUAGES, date, t
from dashboard.services.context import Context, context
from dashboard.services.errors import Invalid, NoSuchDay, NotReady, Unknown
from dashboard.services.stand import stand
from dashboard.services.views import Choice, Stand
from dashboard.states.address import (
    MOST_COMPARED,
    MOST_COUNTRIES,
    RULES,
    TABS,
    YEARS,
    Address,
    chart_url,
    parse,
    query,
    with_country,
    with_period,
    without_country,
)

log = logging.getLogger(__name__)
T = TypeVar("T")

NOTHING = cast(Any, {})
"""The value of a view before it is asked for."""


class Shell(rx.State):
    """Selection, dataset and trouble; the page's own answer is in a substate."""

    stand: Stand = NOTHING
    picked: list[Choice] = []
    default_selection: bool = True  # the reader has chosen no countries: these are ours
    first: str = ""
    last: str = ""
    rule: str = ""
    as_of: str = ""
    past: str = ""  # says that an earlier day is looked at; "" when it is the newest
    tab: str = ""
    chart: str = ""  # address of the chart's specification
    ignored: str = ""
    shown: str = ""  # path of the page whose answer the state holds
    phase: str = "ready"  # ready, unknown, starting, trouble
    said: str = ""  # what went wrong, in words
    help: str = ""
    suggestions: list[Choice] = []
    drawer: bool = False  # whether the way of one figure is shown over the page

    _kind: str = ""
    _subject: str = ""
    _going: tuple[str, Address] | None = None  # where the reader was when a control changed the address, and to what

    def _lang(self) -> str:
        """The language of the address; English where it names none of ours."""
        part = self.router.url.path.strip("/").split("/")[0]
        return part if part in LANGUAGES else "en"

    def _asked(self) -> str:
        """The last part of the path: the country, indicator or target asked for."""
        parts = self.router.url.path.strip("/").split("/")
        return parts[2] if len(parts) > 2 else ""

    def _address(self) -> Address:
        """What the address says; what it will say, while the change by an earlier control is on its way."""
        if self._going and self._going[0] == str(self.router.url):
            return self._going[1]
        compared = self.router.url.path.rstrip("/").endswith("/compare")
        most = MOST_COMPARED if compared else MOST_COUNTRIES
        return parse(self.router.url.query_parameters, codebook().countries, most)

    async def _answer(self, question: Callable[[Context, Address], T], kind: str = "", name: str = "") -> T | None:
        """Read the address, ask the services in a thread, and keep words for whatever goes wrong.

        None when there is no answer; ``phase``, ``said``, ``help`` and ``suggestions`` then say why.
        """
        self._going = None  # arrived
        lang, address, path = self._lang(), self._address(), self.router.url.path

        def ask() -> tuple[T, Stand]:
            ctx = context(lang, address.as_of or None)
            return question(ctx, address), stand(ctx)

        answer: T | None = None
        self.said = self.help = ""
        self.drawer = False  # a page that is opened or reloaded is not covered
        self.suggestions = []
        try:
            answer, self.stand = await rx.run_in_thread(ask)
            self.phase = "ready"
        except Unknown as error:
            self._unknown(error, lang)
        except NoSuchDay as error:
            self._no_such_day(error, lang)
        except Invalid as error:
            self.phase, self.said = "trouble", str(error)
        except NotReady:
            self.phase, self.said = "starting", t("ui.errors.unavailable", lang)
        except Exception:
            reference = token_hex(4)
            log.exception("%s could not be shown (reference %s)", path, reference)
            self.phase, self.said = "trouble", t("ui.errors.server", lang)
            self.help = t("ui.errors.server_help", lang, reference=reference)
        self._select(address, lang)
        self.shown = path
        return answer

    def _unknown(self, error: Unknown, lang: str) -> None:
        key = error.kind.replace("official indicator", "sdg_indicator").replace(" ", "_")
        values = dict.fromkeys(("code", "id", "number"), error.name[:60])
        self.phase = "unknown"
        self.said = t(f"ui.errors.{key}", lang, **values)
        self.help = (
            t(f"ui.errors.{key}_help", lang)
            if key in ("country", "indicator", "goal", "target", "principle", "theme")
            else ""
        )
        book = codebook()
        found: list[Choice] = []
        for name in error.suggestions:
            if name in book.countries:
                label, to = text(book.countries[name].name, lang), f"/{lang}/countries/{name}/"
            elif name in book.metrics:
                label, to = text(book.metrics[name].name, lang), f"/{lang}/indicators/{name}/"
            elif name in book.targets:
                label, to = f"{name} {text(book.targets[name].title, lang)}", f"/{lang}/targets/{name}/"
            else:
                continue
            found.append({"id": to, "label": label, "note": "", "chosen": False})
        self.suggestions = found

    def _no_such_day(self, error: NoSuchDay, lang: str) -> None:
        key = "day" if error.first else "day_ahead"
        self.phase = "unknown"
        self.said = t(f"ui.errors.{key}", lang, date=date(error.day, lang))
        self.help = t("ui.errors.day_help", lang, first=date(error.first, lang)) if error.first else ""

    def _select(self, address: Address, lang: str) -> None:
        """Show the controls as the address has them."""
        self.picked = [self._choice(iso3, lang) for iso3 in address.countries]
        self.default_selection = not address.countries
        self.first = str(address.first or "")
        self.last = str(address.last or "")
        self.rule, self.as_of, self.tab = address.rule, address.as_of, address.tab
        key = "text" if self.phase == "ready" else "asked"
        self.past = t(f"changes.past.{key}", lang, date=date(address.as_of, lang)) if address.as_of else ""
        parts = t("ui.list.semicolon", lang).join(address.ignored)
        self.ignored = t("ui.errors.ignored", lang, parts=parts) if parts else ""

    def _choice(self, iso3: str, lang: str) -> Choice:
        return {"id": iso3, "label": text(codebook().countries[iso3].name, lang), "note": "", "chosen": True}

    def _renew(self, **said: Any) -> None:
        """Set what is not as it was: a long list that stays is not sent again."""
        for name, value in said.items():
            if getattr(self, name) != value:
                setattr(self, name, value)

    def _draw(self, kind: str, subject: str, address: Address) -> None:
        """Say which chart is on the page: its kind, its indicator and the countries in it."""
        self._kind, self._subject = kind, subject
        self.chart = chart_url(kind, subject, address, self._lang()) if subject and kind in TABS[:-1] else ""

    def _go(self, address: Address, replace_entry: bool = True, section: str = "") -> Any:
        """Change the controls and the address in one event; ``section`` is the part of the page that stays in sight."""
        lang, now, ours, shown = self._lang(), self._address(), self.picked, address
        self._going = str(self.router.url), address
        self._select(address, lang)
        if not address.countries and not now.countries and address.indicator == now.indicator:
            self.picked = ours  # our choice is of the indicator: it stays with it
            shown = replace(address, countries=tuple(choice["id"] for choice in ours))
        if self._subject:
            self._draw(address.tab or self._kind, self._subject, shown)
        said, place = query(address), f"#{section}" if section else ""
        return rx.redirect(self.router.url.path + (f"?{said}" if said else "") + place, replace=replace_entry)

    def _chosen(self) -> Address:
        """The address with the countries that are shown, also where they are our default."""
        address = self._address()
        return address if address.countries else replace(address, countries=tuple(c["id"] for c in self.picked))

    @rx.event
    def add_country(self, iso3: str) -> Any:
        """Add a country to the selection."""
        if iso3 not in codebook().countries or len(self.picked) >= MOST_COUNTRIES:
            return None
        return self._go(with_country(self._chosen(), iso3), replace_entry=False)

    @rx.event
    def remove_country(self, iso3: str) -> Any:
        """Take a country out of the selection."""
        address = self._chosen()
        return self._go(without_country(address, iso3), replace_entry=False) if iso3 in address.countries else None

    @rx.event
    def choose_first(self, year: str) -> Any:
        """Set the first year; "" takes all."""
        address = self._address()
        return self._go(with_period(address, _year(year), address.last))

    @rx.event
    def choose_last(self, year: str) -> Any:
        """Set the last year; "" takes all."""
        address = self._address()
        return self._go(with_period(address, address.first, _year(year)))

    @rx.event
    def choose_rule(self, rule: str) -> Any:
        """Set the rule by which countries are counted."""
        return self._go(replace(self._address(), rule=rule)) if rule in RULES else None

    @rx.event
    def choose_tab(self, tab: str) -> Any:
        """Show another view of the same figures."""
        return self._go(replace(self._address(), tab=tab, page=1)) if tab in TABS else None

    @rx.event
    def turn_to(self, page: int) -> Any:
        """Show another page of the table."""
        return self._go(replace(self._address(), page=page)) if isinstance(page, int) and 1 <= page <= 100_000 else None

    @rx.event
    def leave_past(self) -> Any:
        """Back to the newest dataset."""
        return self._go(replace(self._address(), as_of="", page=1))

    @rx.event
    def reset_selection(self) -> Any:
        """Forget countries, period and as-of date."""
        return self._go(replace(self._address(), countries=(), first=None, last=None, as_of="", page=1))


def _year(value: object) -> int | None:
    text_ = str(value)
    return int(text_) if text_.isascii() and text_.isdigit() and YEARS[0] <= int(text_) <= YEARS[1] else None
