"""Adoption effects: the plan in the address, the job behind it, its result in words."""

import asyncio
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from secrets import token_hex
from typing import Any
from urllib.parse import quote, urlencode

import reflex as rx

from dashboard.codebook import load_codebook
from dashboard.locales import t
from dashboard.pages.shell.address import YEARS, Field, PageAddress
from dashboard.pages.shell.state import NOTHING, Shell
from dashboard.protection.rates import allowed
from dashboard.services.base.context import Context, open_context
from dashboard.services.base.errors import Busy, Invalid, NotReady, NotYours, Unknown
from dashboard.services.effects import jobs
from dashboard.services.effects.query import METHODS, ask, proposed_country, treatable, usable_window
from dashboard.services.effects.views import PlanView, ResultView
from dashboard.services.effects.wording import plan_view, result_view

log = logging.getLogger(__name__)

DEFAULT_OUTCOME = "wgi_ge"
PAUSE = 0.4
"""Seconds between two looks at a job."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The plan as the address has it. Whatever cannot be read is left out."""

    method: str = METHODS[0]
    outcome: str = DEFAULT_OUTCOME
    country: str = ""
    event: str = ""
    first: int | None = None
    last: int | None = None
    without: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    job: str = ""


def read(asked: Mapping[str, str]) -> Chosen:
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
    job = asked.get("job", "")
    outcome = asked.get("outcome", "")
    return Chosen(
        method=asked.get("by", "") if asked.get("by", "") in METHODS else METHODS[0],
        outcome=outcome if outcome in book.metrics else DEFAULT_OUTCOME,
        country=(codes("country") or ("",))[0],
        event=asked.get("when", "")[:40],
        first=first,
        last=last,
        without=codes("without"),
        own=codes("own"),
        job=job if jobs.NAME.fullmatch(job) else "",
    )


def list_parameters(chosen: Chosen) -> list[Field]:
    """The parameters of these choices; defaults are not written."""
    said = {
        "by": "" if chosen.method == METHODS[0] else chosen.method,
        "outcome": "" if chosen.outcome == DEFAULT_OUTCOME else chosen.outcome,
        "country": chosen.country,
        "when": chosen.event,
        "from": chosen.first,
        "to": chosen.last,
        "without": ",".join(chosen.without),
        "own": ",".join(chosen.own),
        "job": chosen.job,
    }
    return [Field(name=name, value=str(value)) for name, value in said.items() if value]


def toggle_country(codes: tuple[str, ...], iso3: str) -> tuple[str, ...]:
    """The codes without that one, or with it."""
    return tuple(code for code in codes if code != iso3) if iso3 in codes else (*codes, iso3)


class EffectsState(Shell):
    """The plan, where its job stands, and its result."""

    plan: PlanView = NOTHING
    result: ResultView = NOTHING
    job: str = ""
    stage: str = ""  # "" no job; else a state of jobs
    done: int = 0
    of: int = 0
    progress_text: str = ""
    trouble: str = ""
    led_to: str = ""  # address of the plan that has been fixed
    removing: dict[str, str] = {}  # donor → the plan without it, or with it again
    owning: dict[str, str] = {}  # donor → the plan that says it runs a model of its own, or no longer says so
    _watcher: str = ""  # who follows the job: whoever began last

    @rx.event
    async def load(self) -> Any:
        """Answer the address: the plan, and the result where its job is over."""
        given = read(self.router.url.query_parameters)
        self.trouble = self.led_to = ""

        def question(ctx: Context, _: PageAddress) -> tuple[Chosen, PlanView, jobs.Job | None, ResultView | None]:
            chosen = _usable(ctx, given)
            asked = _asked(ctx, chosen)
            view = plan_view(asked, chosen.without, chosen.own)
            try:
                job = jobs.jobs().status(chosen.job) if chosen.job else None
            except Unknown:
                job = None  # cleared away: the plan can be fixed again
            if job is None or job["plan"] != view["name"]:
                return chosen, view, None, None
            return chosen, view, job, result_view(ctx, job["job"])

        answer = await self._answer(question)
        if answer is None:
            return None
        chosen, self.plan, job, result = answer
        self._name_left_out(given, chosen)
        self.fields = self._said(replace(chosen, job=""))
        donors = [donor["iso3"] for donor in self.plan["donors"]]
        plan = replace(chosen, job="")
        self.removing = {one: self._view(replace(plan, without=toggle_country(plan.without, one))) for one in donors}
        self.owning = {one: self._view(replace(plan, own=toggle_country(plan.own, one))) for one in donors}
        self.result = result or NOTHING
        self._stand(job)
        return EffectsState.watch if self.stage in ("waiting", "running") else None

    @rx.event
    async def fix(self) -> None:
        """Write the plan down and have it carried out."""
        lang, chosen = self._lang(), read(self.router.url.query_parameters)

        session = self.router.session
        who = session.client_token, session.client_ip

        def submit() -> Chosen:
            ctx = open_context(lang, self._address().as_of or None)
            usable = _usable(ctx, chosen)
            return replace(usable, job=jobs.jobs().submit(_asked(ctx, usable), *who)["job"])

        try:
            if not await allowed("jobs", session.client_ip):
                raise Busy("too many plans of one address")
            fixed = await rx.run_in_thread(submit)
        except Busy:
            self.trouble = t("effects.page.busy", lang)
        except (Unknown, Invalid):  # since the plan was shown
            self.trouble = t("effects.page.changed", lang)
        except NotReady:
            self.trouble = t("ui.errors.unavailable", lang)
        else:
            self.led_to = self._view(fixed)

    @rx.event
    async def cancel(self) -> Any:
        """End the job that is under way."""
        name, owner = self.job, self.router.session.client_token
        if not name:
            return None
        try:
            self._stand(await rx.run_in_thread(lambda: jobs.jobs().cancel(name, owner)))
        except NotYours:
            self.trouble = t("effects.page.not_yours", self._lang())
            return None
        except Unknown:
            self._stand(None)
        return EffectsState.load

    @rx.event(background=True)
    async def watch(self) -> None:
        """Follow the job until it is over, then show its result; whoever followed it before stops."""
        async with self:
            name, lang = self.job, self._lang()
            self._watcher = watcher = token_hex(8)
        if not name:
            return
        job: jobs.Job | None = None
        result: ResultView | None = None
        trouble, over = "", False
        while not over:
            try:
                job, result = await rx.run_in_thread(lambda: _looked_at(name, lang))
            except Exception:
                log.exception("the job %s could not be shown", name)
                job, trouble = None, t("effects.page.not_shown", lang)
            over = job is None or job["state"] in jobs.OVER
            async with self:
                if (self.job, self._watcher) != (name, watcher):
                    return
                self._stand(job)
                if over:
                    self.result, self.trouble = result or NOTHING, trouble or self.trouble
            if not over:
                await asyncio.sleep(PAUSE)

    def _name_left_out(self, asked: Chosen, usable: Chosen) -> None:
        """Say which years of the address the outcome has no figures for; without any figures the page says that."""
        lang, pairs = self._lang(), (("from", asked.first, usable.first), ("to", asked.last, usable.last))
        parts = [f"{name}={year}" for name, year, used in pairs if year != used]
        if parts and not self.plan["empty"]:
            years, said = self.plan["years"], t("ui.list.semicolon", lang).join(parts)
            words = t("effects.page.period_ignored", lang, first=str(years[0]), last=str(years[-1]), parts=said)
            self.ignored = " · ".join(filter(None, (self.ignored, words)))

    def _said(self, chosen: Chosen) -> list[Field]:
        """The parameters of these choices, with the day that is looked back to."""
        day = self._address().as_of
        return [*list_parameters(chosen), *([Field(name="as_of", value=day)] if day else [])]

    def _view(self, chosen: Chosen) -> str:
        """The address of the page with these choices."""
        asked = urlencode([(one["name"], one["value"]) for one in self._said(chosen)], safe=",", quote_via=quote)
        return self.router.url.path + (f"?{asked}" if asked else "")

    def _stand(self, job: jobs.Job | None) -> None:
        lang = self._lang()
        self.job, self.stage = (job["job"], job["state"]) if job else ("", "")
        self.done, self.of = (job["done"], job["of"]) if job else (0, 0)
        self.progress_text = t("effects.page.progress", lang, done=str(self.done), of=str(self.of)) if self.of else ""
        if self.stage in ("failed", "cancelled", "interrupted"):
            self.trouble = t(f"effects.page.{'cancelled' if self.stage == 'cancelled' else 'failed'}", lang)


def _looked_at(name: str, lang: str) -> tuple[jobs.Job | None, ResultView | None]:
    """Where a job stands, and its result where it is over; None for a job that was cleared away."""
    try:
        job = jobs.jobs().status(name)
        return job, result_view(open_context(lang), name) if job["state"] in jobs.OVER else None
    except Unknown:
        return None, None


def _usable(ctx: Context, chosen: Chosen) -> Chosen:
    """The choices without the years that the outcome has no figures for: they may come from another page."""
    first, last = usable_window(ctx, chosen.outcome, chosen.first, chosen.last)
    return replace(chosen, first=first, last=last)


def _asked(ctx: Context, chosen: Chosen) -> Any:
    country = chosen.country if chosen.country in treatable(ctx) else proposed_country(ctx, chosen.outcome)
    if chosen.method != METHODS[0]:
        country = ""  # stays in the address, for when the reader goes back to one country
    return ask(
        ctx, chosen.method, chosen.outcome, country, chosen.event, chosen.without, chosen.own, chosen.first, chosen.last
    )
