"""Adoption effects: the plan in the address, its result in words."""

import logging
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

import reflex as rx

from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Busy, Invalid, NotReady, Unknown
from dashboard.answers.effects import estimates
from dashboard.answers.effects.overview import view_overview
from dashboard.answers.effects.query import METHODS, ask_plan, fit_window, list_treatable, propose_country
from dashboard.answers.effects.views import EffectsOverview, PlanView, ResultView
from dashboard.answers.effects.wording import view_plan, view_result
from dashboard.evidence.codebook import load_codebook
from dashboard.interfaces.pages.shell.address import YEARS, Field, PageAddress
from dashboard.interfaces.pages.shell.state import NOTHING, Shell
from dashboard.interfaces.protection.rates import count_action
from dashboard.locales import t

log = logging.getLogger(__name__)

DEFAULT_OUTCOME = "wgi_ge"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The plan as the address has it. Whatever cannot be read is ``ignored``."""

    method: str = METHODS[0]
    outcome: str = DEFAULT_OUTCOME
    country: str = ""
    first: int | None = None
    last: int | None = None
    without: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()  # ``name=value`` of what is none of the choices there are


def parse_plan(asked: Mapping[str, str]) -> Chosen:
    """The choices of a query string."""
    book = load_codebook()

    def codes(name: str) -> tuple[str, ...]:
        parts = [part.strip().upper() for part in asked.get(name, "").split(",")]
        return tuple(dict.fromkeys(part for part in parts if part in book.countries))

    def year(name: str) -> int | None:
        text = asked.get(name, "")
        return int(text) if re.fullmatch("[0-9]{4}", text) and YEARS[0] <= int(text) <= YEARS[1] else None

    first, last = year("from"), year("to")
    if first is not None and last is not None:
        first, last = sorted((first, last))
    ignored: list[str] = []

    def choice(name: str, among: Collection[str], otherwise: str) -> str:
        value = asked.get(name, "").strip()
        if value and value not in among:
            ignored.append(f"{name}={value[:40]}")
        return value if value in among else otherwise

    return Chosen(
        method=choice("by", METHODS, METHODS[0]),
        outcome=choice("indicator", book.metrics, choice("outcome", book.metrics, DEFAULT_OUTCOME)),
        country=(codes("country") or ("",))[0],
        first=first,
        last=last,
        without=codes("without"),
        own=codes("own"),
        ignored=tuple(ignored),
    )


def list_parameters(chosen: Chosen) -> list[Field]:
    """The parameters of these choices; defaults are not written."""
    parameters = {
        "by": "" if chosen.method == METHODS[0] else chosen.method,
        "indicator": "" if chosen.outcome == DEFAULT_OUTCOME else chosen.outcome,
        "country": chosen.country,
        "from": chosen.first,
        "to": chosen.last,
        "without": ",".join(chosen.without),
        "own": ",".join(chosen.own),
    }
    return [Field(name=name, value=str(value)) for name, value in parameters.items() if value]


def toggle_country(codes: tuple[str, ...], iso3: str) -> tuple[str, ...]:
    """The codes without that one, or with it."""
    return tuple(code for code in codes if code != iso3) if iso3 in codes else (*codes, iso3)


class EffectsState(Shell):
    """The plan and its result, which may have to be made first."""

    plan: PlanView = NOTHING
    overview: EffectsOverview = NOTHING
    result: ResultView = NOTHING
    stage: str = ""  # "making": the result is not there yet; "done": it is; "" nothing can be made
    trouble: str = ""
    removing: dict[str, str] = {}  # donor → the plan without it, or with it again
    owning: dict[str, str] = {}  # donor → the plan that says it runs a model of its own, or no longer says so
    _making: str = ""  # name of the plan whose result is waited for

    @rx.event
    async def load(self) -> Any:
        """Answer the address: the plan, and its result where it is there."""
        asked_choices = parse_plan(self.router.url.query_parameters)
        self.trouble = ""

        def question(ctx: Context, _: PageAddress) -> tuple[Chosen, PlanView, ResultView | None, EffectsOverview]:
            overview = view_overview(ctx)  # makes the estimates of the plans that are proposed
            chosen = _keep_usable(ctx, asked_choices)
            asked = _ask_effect(ctx, chosen)
            result = None if asked.plan.first > asked.plan.last else estimates.find_result(asked)
            view = view_plan(asked, chosen.without, chosen.own)
            shown = view_result(asked, result, chosen.without, chosen.own) if result else None
            return chosen, view, shown, overview

        answer = await self._ask_services(question)
        if answer is None:
            return None
        chosen, self.plan, result, self.overview = answer
        self._explain_left_out(asked_choices, chosen)
        self.fields = self._list_fields(chosen)
        donors = [donor["iso3"] for donor in self.plan["donors"]]
        self.removing = {
            iso3: self._write_plan_address(replace(chosen, without=toggle_country(chosen.without, iso3)))
            for iso3 in donors
        }
        self.owning = {
            iso3: self._write_plan_address(replace(chosen, own=toggle_country(chosen.own, iso3))) for iso3 in donors
        }
        self.result = result or NOTHING
        self.stage = "done" if result else "" if self.plan["empty"] else "making"
        if self.stage != "making":
            self._making = ""
            return None
        if self._making == self.plan["name"]:  # a page that is opened twice asks once
            return None
        self._making = self.plan["name"]
        return EffectsState.estimate

    @rx.event(background=True)
    async def estimate(self) -> None:
        """Have the result of the plan made, and show it if the page still shows that plan."""
        async with self:
            lang, asked_choices, name = self._get_lang(), parse_plan(self.router.url.query_parameters), self._making
            day, address = self._read_address().as_of or None, self.router.session.client_ip
        if not name:
            return

        def make() -> ResultView:
            ctx = open_context(lang, day)
            chosen = _keep_usable(ctx, asked_choices)
            asked = _ask_effect(ctx, chosen)
            return view_result(asked, estimates.answer_plan(asked, address), chosen.without, chosen.own)

        result, trouble = None, ""
        try:
            if not await count_action("jobs", address):
                raise Busy("too many plans of one address")
            result = await rx.run_in_thread(make)
        except Busy:
            trouble = t("effects.page.busy", lang)
        except (Unknown, Invalid):  # since the plan was shown
            trouble = t("effects.page.changed", lang)
        except NotReady:
            trouble = t("effects.page.failed", lang)
        except Exception:
            log.exception("the result of the plan %s could not be shown", name)
            trouble = t("effects.page.not_shown", lang)
        async with self:
            if self._making == name:
                self._making, self.trouble = "", trouble
                self.result, self.stage = result or NOTHING, "done" if result else ""

    def _explain_left_out(self, asked: Chosen, usable: Chosen) -> None:
        """Say what of the address is no choice, and which years the outcome has no figures for; without any figures the
        page says that."""
        if asked.ignored:
            left = t(
                "ui.errors.ignored",
                self._get_lang(),
                parts=t("ui.list.semicolon", self._get_lang()).join(asked.ignored),
            )
            self.ignored = " · ".join(filter(None, (self.ignored, left)))
        lang, pairs = self._get_lang(), (("from", asked.first, usable.first), ("to", asked.last, usable.last))
        parts = [f"{name}={year}" for name, year, used in pairs if year != used]
        if parts and not self.plan["empty"]:
            years, dropped = self.plan["years"], t("ui.list.semicolon", lang).join(parts)
            words = t("effects.page.period_ignored", lang, first=str(years[0]), last=str(years[-1]), parts=dropped)
            self.ignored = " · ".join(filter(None, (self.ignored, words)))

    def _list_fields(self, chosen: Chosen) -> list[Field]:
        """The parameters of these choices, with the day that is looked back to."""
        day = self._read_address().as_of
        return [*list_parameters(chosen), *([Field(name="as_of", value=day)] if day else [])]

    def _write_plan_address(self, chosen: Chosen) -> str:
        """The address of the page with these choices."""
        asked = urlencode(
            [(field["name"], field["value"]) for field in self._list_fields(chosen)], safe=",", quote_via=quote
        )
        return self.router.url.path + (f"?{asked}" if asked else "")


def _keep_usable(ctx: Context, chosen: Chosen) -> Chosen:
    """The choices without the years that the outcome has no figures for: they may come from another page."""
    first, last = fit_window(ctx, chosen.outcome, chosen.first, chosen.last)
    return replace(chosen, first=first, last=last)


def _ask_effect(ctx: Context, chosen: Chosen) -> Any:
    country = chosen.country if chosen.country in list_treatable(ctx) else propose_country(ctx, chosen.outcome)
    if chosen.method != METHODS[0]:
        country = ""  # stays in the address, for when the reader goes back to one country
    return ask_plan(ctx, chosen.method, chosen.outcome, country, chosen.without, chosen.own, chosen.first, chosen.last)
