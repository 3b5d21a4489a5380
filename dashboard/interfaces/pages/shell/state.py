"""What every page has: the reader's selection as the address says it, where the dataset stands, and trouble in words.

``on_load`` of a page is the one place that reads the address and answers it. A control is a link to an address that is
written here: it changes nothing but the address. ``write_first_answer`` is that answer by address, there before the
websocket is, which then says the same.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from secrets import token_hex
from typing import Any, TypedDict, TypeVar, cast
from urllib.parse import parse_qsl

import reflex as rx
from reflex.istate.data import RouterData
from reflex_base.utils.format import json_dumps

from dashboard.answers.adoption.views import RuleChoice
from dashboard.answers.base.cache import find_cached
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Invalid, NoSuchDay, NotReady, Unknown
from dashboard.answers.base.views import Choice
from dashboard.answers.freshness.dataset_status import describe_dataset
from dashboard.answers.freshness.views import DatasetStatus
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.interfaces.pages.shell.address import (
    MAX_COMPARED,
    MAX_COUNTRIES,
    ChoiceLink,
    Field,
    PageAddress,
    list_fields,
    parse_address,
    remove_country,
    write_address,
)
from dashboard.locales import LANGUAGES, format_day, isolate_ltr, t

log = logging.getLogger(__name__)
T = TypeVar("T")

NOTHING = cast(Any, {})
"""The value of a view before it is asked for."""


class RuleLink(TypedDict):
    """A rule of counting countries: what it is, what it gives, and the view by it."""

    label: str
    definition: str
    count: int
    to: str
    current: bool


class Shell(rx.State):
    """Selection, dataset and trouble; the page's own answer is in a substate."""

    dataset_status: DatasetStatus = NOTHING
    picked: list[ChoiceLink] = []  # the countries; each leads to the view without it
    picked_ids: str = ""
    default_selection: bool = True  # the reader has chosen no countries: these are ours
    first: str = ""
    last: str = ""
    rule: str = ""
    as_of: str = ""
    past: str = ""  # says that an earlier day is looked at; "" when it is the newest
    newest: str = ""  # address of this view of the newest dataset
    unselected: str = ""  # address without countries, period and day
    fields: list[Field] = []  # what a form of the page sends on of the address
    tab: str = ""
    chart: str = ""  # address of the chart's specification
    charts_with: str = ""  # addresses of the charts with one more country; ``address.ANY`` stands for its code
    ignored: str = ""
    shown: str = ""  # path of the page whose answer the state holds: its controls lead to views of it
    shown_query: str = ""  # the query of that address, with its "?"
    phase: str = "ready"  # ready, unknown, starting, trouble
    said: str = ""  # what went wrong, in words
    help: str = ""
    suggestions: list[Choice] = []
    drawer: bool = False  # whether the way of one figure is shown over the page
    sharing: bool = False  # whether the dialog that shares a chart is

    def _get_lang(self) -> str:
        """The language of the address; English where it names none of ours."""
        part = self.router.url.path.strip("/").split("/")[0]
        return part if part in LANGUAGES else "en"

    def _get_entry(self) -> str:
        """The last part of the path: the country, indicator or target asked for."""
        parts = self.router.url.path.strip("/").split("/")
        return parts[2] if len(parts) > 2 else ""

    def _read_address(self) -> PageAddress:
        """What the address says."""
        url = self.router.url
        most = MAX_COMPARED if url.path.rstrip("/").endswith("/compare") else MAX_COUNTRIES
        return parse_address(url.query_parameters, load_codebook().countries, most, load_codebook().metrics)

    async def _ask_services(self, question: Callable[[Context, PageAddress], T], cached: bool = False) -> T | None:
        """Read the address, ask the services in a thread, and keep words for whatever goes wrong.

        None when there is no answer; ``phase``, ``said``, ``help`` and ``suggestions`` then say why. ``cached``: all
        that ``question`` asks is kept once it was answered (``answers.base.cache``): no thread is needed from then on.
        """
        lang, address, url = self._get_lang(), self._read_address(), self.router.url

        def ask() -> tuple[T, DatasetStatus]:
            ctx = open_context(lang, address.as_of or None)
            return question(ctx, address), describe_dataset(ctx)

        answer: T | None = None
        self.said = self.help = ""
        self.drawer = self.sharing = False  # a page that is opened or reloaded is not covered
        self.suggestions = []
        try:
            cached_answer = (
                find_cached(ask) if cached and not address.as_of else None
            )  # the figures of a day may have to be opened
            answer, self.dataset_status = cached_answer or await rx.run_in_thread(ask)
            self.phase = "ready"
        except Unknown as error:
            self._report_unknown(error, lang)
        except NoSuchDay as error:
            self._report_missing_day(error, lang)
        except Invalid as error:
            self._report_invalid(error, lang)
        except NotReady:
            self.phase, self.said = "starting", t("ui.errors.unavailable", lang)
        except Exception:
            reference = token_hex(4)
            log.exception("%s could not be shown (reference %s)", url.path, reference)
            self.phase, self.said = "trouble", t("ui.errors.server", lang)
            self.help = t("ui.errors.server_help", lang, reference=reference)
        self.shown = url.path
        self.shown_query = f"?{url.query}" if url.query else ""
        self._show_selection(address, lang)
        return answer

    def _report_unknown(self, error: Unknown, lang: str) -> None:
        key = error.kind.replace("official indicator", "sdg_indicator").replace(" ", "_")
        values = dict.fromkeys(("code", "id", "number"), error.name[:60])
        self.phase = "unknown"
        self.said = t(f"ui.errors.{key}", lang, **values)
        self.help = (
            t(f"ui.errors.{key}_help", lang)
            if key in ("country", "indicator", "goal", "target", "principle", "theme", "claim")
            else ""
        )
        book = load_codebook()
        found: list[Choice] = []
        for name in error.suggestions:
            if name in book.countries:
                label, to = choose_text(book.countries[name].name, lang), f"/{lang}/countries/{name}/"
            elif name in book.metrics:
                label, to = choose_text(book.metrics[name].name, lang), f"/{lang}/indicators/{name}/"
            elif name in book.targets:
                label, to = f"{name} {choose_text(book.targets[name].title, lang)}", f"/{lang}/targets/{name}/"
            else:
                continue
            found.append({"id": to, "label": label, "note": "", "chosen": False})
        self.suggestions = found

    def _report_invalid(self, error: Invalid, lang: str) -> None:
        if error.key == "country":  # by another of its codes
            self._report_unknown(Unknown("country", error.values["code"], error.options), lang)
            return
        apart = isolate_ltr if LANGUAGES[lang].dir == "rtl" else str
        self.phase = "trouble"
        self.said = t(f"ui.errors.{error.key}", lang, **{"control": apart(error.parameter), **error.values})
        if error.options:
            options = t("ui.list.comma", lang).join(map(apart, error.options))
            self.help = t("ui.errors.option_help", lang, options=options)

    def _report_missing_day(self, error: NoSuchDay, lang: str) -> None:
        key = "day" if error.first else "day_ahead"
        self.phase = "unknown"
        self.said = t(f"ui.errors.{key}", lang, date=format_day(error.day, lang))
        self.help = t("ui.errors.day_help", lang, first=format_day(error.first, lang)) if error.first else ""

    def _show_selection(self, address: PageAddress, lang: str) -> None:
        """Show the controls as the address has them."""
        self._show_view(address, address.countries)
        self.charts_with = ""  # of the page before
        self.default_selection = not address.countries
        self.first = str(address.first or "")
        self.last = str(address.last or "")
        self.rule, self.as_of, self.tab = address.rule, address.as_of, address.tab
        key = "text" if self.phase == "ready" else "asked"
        self.past = t(f"changes.past.{key}", lang, date=format_day(address.as_of, lang)) if address.as_of else ""
        self.newest = self._write_address(replace(address, as_of=""))
        self.unselected = self._write_address(replace(address, countries=(), first=None, last=None, as_of=""))
        parts = t("ui.list.semicolon", lang).join(address.ignored)
        self.ignored = t("ui.errors.ignored", lang, parts=parts) if parts else ""

    def _show_view(self, address: PageAddress, countries: tuple[str, ...]) -> None:
        """Write what forms send on of ``address``, and the countries shown: ours where the reader chose none."""
        lang, book = self._get_lang(), load_codebook()
        shown = replace(address, countries=countries)
        self._update(fields=list_fields(address))
        self.picked = [
            self._make_link(
                iso3, choose_text(book.countries[iso3].name, lang), remove_country(shown, iso3), current=True
            )
            for iso3 in countries
        ]
        self.picked_ids = ",".join(countries)

    def _write_address(self, address: PageAddress, page: int = 1) -> str:
        """The address of a view of the page that is shown; any change leads to the first page of its table."""
        return write_address(self.shown, address if address.page == page else replace(address, page=page))

    def _make_link(
        self, id_: str, label: str, address: PageAddress, current: bool = False, chart: str = ""
    ) -> ChoiceLink:
        """A choice of a control, which leads to that view of this page."""
        return ChoiceLink(id=id_, label=label, to=self._write_address(address), current=current, chart=chart)

    def _list_choices(
        self, key: str, names: Iterable[str], shown: str, address: PageAddress, field: str, plain: str
    ) -> list[ChoiceLink]:
        """The values of a ``field`` of the address as choices; ``plain`` is the one that addresses leave out.

        ``key`` of the catalogue has a word for each of the ``names``.
        """
        views: dict[str, dict[str, Any]] = {name: {field: "" if name == plain else name} for name in names}
        return [
            self._make_link(name, t(f"{key}.{name}", self._get_lang()), replace(address, **view), name == shown)
            for name, view in views.items()
        ]

    def _list_rules(self, rules: list[RuleChoice]) -> list[RuleLink]:
        """The rules of counting as choices; ``self.rule`` is the one that is shown."""
        address = self._read_address()
        return [
            RuleLink(
                label=rule["label"],
                definition=rule["definition"],
                count=rule["count"],
                to=self._write_address(replace(address, rule=rule["id"]), address.page),
                current=rule["id"] == self.rule,
            )
            for rule in rules
        ]

    def _list_kinds(self, counts: Iterable[Any], shown: str, address: PageAddress) -> list[ChoiceLink]:
        """The kinds of what a page lists as choices, each with its number (``counts``); ``shown`` is the one shown."""
        return [
            self._make_link(
                kind, f"{count['label']} ({count['count_text']})", replace(address, kind=kind), kind == shown
            )
            for count in counts
            for kind in (count["kind"],)
        ]

    def _list_matrix_views(self) -> list[ChoiceLink]:
        """A matrix and the same as a table."""
        shown = "table" if self.tab == "table" else "matrix"
        return self._list_choices(
            "availability.view", ("matrix", "table"), shown, self._read_address(), "tab", "matrix"
        )

    def _link_neighbours(self, page: int, pages: int) -> list[str]:
        """Where the pages of a table before and after this one are; this one itself, where there is none."""
        address = self._read_address()
        return [self._write_address(address, n if 1 <= n <= pages else page) for n in (page - 1, page + 1)]

    def _update(self, **said: Any) -> None:
        """Set what is not as it was: a long list that stays is not sent again."""
        for name, value in said.items():
            if getattr(self, name) != value:
                setattr(self, name, value)


async def write_first_answer(load: Any, origin: str, path: str, query: str) -> str:
    """What a new reader's states become when the page has arrived, as JSON: name of a state → its changed vars.

    Args:
        load: the page's ``on_load`` handler, of a substate of ``Shell``.
        origin: scheme and host that the reader asked.
        path: the path of the address, from its language on.
        query: the query of the address as it stands there, without "?".

    Returns:
        "" where that is not ready, or not all: the websocket then brings the words for it.
    """
    root = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]  # of no session: it is read and dropped
    router_data = {"pathname": path, "asPath": f"{path}?{query}" if query else path, "query": dict(parse_qsl(query))}
    root.router = RouterData.from_router_data(router_data | {"headers": {"origin": origin}})
    state: Any = root.get_substate(load.state_full_name.split("."))
    more = await load.fn(state)
    if more is not None or state.phase not in ("ready", "unknown"):
        return ""
    changed = await root._get_resolved_delta()
    ours = {name: fields for name, fields in changed.items() if name.startswith(Shell.get_full_name())}
    return json_dumps(ours, separators=(",", ":"))
