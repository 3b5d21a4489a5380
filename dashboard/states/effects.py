"""Adoption effects: the plan in the address, the job behind it, its result in words."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

import reflex as rx

from dashboard.codebook import codebook
from dashboard.locales import t
from dashboard.services.context import Context, context
from dashboard.services.effects import jobs
from dashboard.services.effects.asking import METHODS, ask, treatable
from dashboard.services.effects.words import plan_view, result_view
from dashboard.services.errors import Busy, Unknown
from dashboard.services.views.effects import PlanView, ResultView
from dashboard.states.address import YEARS, Address
from dashboard.states.shell import NOTHING, Shell

DEFAULT_OUTCOME = "wgi_ge"
CONTROLS = ("method", "outcome", "country", "event", "first", "last")
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
    book = codebook()

    def codes(name: str) -> tuple[str, ...]:
        parts = [part.strip().upper() for part in asked.get(name, "").split(",")]
        return tuple(dict.fromkeys(part for part in parts if part in book.countries))

    def year(name: str) -> int | None:
        text = asked.get(name, "")
        return int(text) if text.isascii() and text.isdigit() and YEARS[0] <= int(text) <= YEARS[1] else None

    first, last = year("from"), year("to")
    if first is not None and last is not None and first > last:
        first, last = last, first
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


def written(chosen: Chosen) -> str:
    """The query string of these choices; defaults are not written."""
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
    return urlencode({name: value for name, value in said.items() if value}, safe=",", quote_via=quote)


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

    @rx.event
    async def arrive(self) -> Any:
        """Answer the address: the plan, and the result where its job is over."""
        chosen = read(self.router.url.query_parameters)
        self.trouble = ""

        def question(ctx: Context, _: Address) -> tuple[PlanView, jobs.Job | None, ResultView | None]:
            asked = _asked(ctx, chosen)
            view = plan_view(asked, chosen.without, chosen.own)
            try:
                job = jobs.jobs().status(chosen.job) if chosen.job else None
            except Unknown:
                job = None  # cleared away: the plan can be fixed again
            if job is None or job["plan"] != view["name"]:
                return view, None, None
            return view, job, result_view(ctx, job["job"])

        answer = await self._answer(question)
        if answer is None:
            return None
        self.plan, job, result = answer
        self.result = result or NOTHING
        self._stand(job)
        return EffectsState.watch if self.stage in ("waiting", "running") else None

    @rx.event
    def choose(self, control: str, value: str) -> Any:
        """Change one choice of the plan; a fixed plan is left behind."""
        if control not in CONTROLS or not isinstance(value, str):
            return None
        value = value[:80]
        chosen = replace(read(self.router.url.query_parameters), job="")
        if control == "method" and value in METHODS:
            return self._turn(replace(chosen, method=value, event="", without=(), own=()))
        if control == "outcome" and value in codebook().metrics:
            return self._turn(replace(chosen, outcome=value, first=None, last=None, without=(), own=()))
        if control == "country" and value in codebook().countries:
            return self._turn(replace(chosen, country=value, event="", without=(), own=()))
        if control == "event":
            return self._turn(replace(chosen, event=value[:40]))
        if control in ("first", "last") and value.isascii() and value.isdigit() and len(value) == 4:
            return self._turn(
                replace(chosen, first=int(value)) if control == "first" else replace(chosen, last=int(value))
            )
        return None

    @rx.event
    def toggle(self, what: str, iso3: str) -> Any:
        """Take a donor out or in (``without``), or say that it runs a one-stop model of its own (``own``)."""
        if what not in ("without", "own") or iso3 not in codebook().countries:
            return None
        chosen = replace(read(self.router.url.query_parameters), job="")
        now = chosen.without if what == "without" else chosen.own
        after = tuple(code for code in now if code != iso3) if iso3 in now else (*now, iso3)
        return self._turn(replace(chosen, without=after) if what == "without" else replace(chosen, own=after))

    @rx.event
    async def fix(self) -> Any:
        """Write the plan down and have it carried out."""
        lang, chosen = self._lang(), read(self.router.url.query_parameters)

        def submit() -> str:
            ctx = context(lang, self._address().as_of or None)
            return jobs.jobs().submit(_asked(ctx, chosen))["job"]

        try:
            name = await rx.run_in_thread(submit)
        except Busy:
            self.trouble = t("effects.page.busy", lang)
            return None
        return self._turn(replace(chosen, job=name))

    @rx.event
    async def cancel(self) -> Any:
        """End the job that is under way."""
        name = self.job
        if not name:
            return None
        try:
            self._stand(await rx.run_in_thread(lambda: jobs.jobs().cancel(name)))
        except Unknown:
            self._stand(None)
        return EffectsState.arrive

    @rx.event(background=True)
    async def watch(self) -> None:
        """Follow the job until it is over, then show its result."""
        async with self:
            name, lang = self.job, self._lang()
        while name:
            try:
                job: jobs.Job | None = await rx.run_in_thread(lambda: jobs.jobs().status(name))
            except Unknown:
                job = None
            over = job is None or job["state"] in jobs.OVER
            result = None
            if over and job is not None:
                result = await rx.run_in_thread(lambda: result_view(context(lang), name))
            async with self:
                if self.job != name:
                    return
                self._stand(job)
                if over:
                    self.result = result or NOTHING
                    return
            await asyncio.sleep(PAUSE)

    def _stand(self, job: jobs.Job | None) -> None:
        lang = self._lang()
        self.job, self.stage = (job["job"], job["state"]) if job else ("", "")
        self.done, self.of = (job["done"], job["of"]) if job else (0, 0)
        self.progress_text = t("effects.page.progress", lang, done=str(self.done), of=str(self.of)) if self.of else ""
        if self.stage in ("failed", "cancelled", "interrupted"):
            self.trouble = t(f"effects.page.{'cancelled' if self.stage == 'cancelled' else 'failed'}", lang)

    def _turn(self, chosen: Chosen) -> Any:
        said = written(chosen)
        return rx.redirect(self.router.url.path + (f"?{said}" if said else ""), replace=True)


def _asked(ctx: Context, chosen: Chosen) -> Any:
    country = chosen.country if chosen.country in treatable(ctx) else sorted(treatable(ctx))[0]
    return ask(
        ctx, chosen.method, chosen.outcome, country, chosen.event, chosen.without, chosen.own, chosen.first, chosen.last
    )
