"""Progress of a country or of the programme: one frame, one method, and why the methods disagree."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import reflex as rx

from dashboard.codebook import codebook
from dashboard.codebook.tables import THEMES
from dashboard.services.context import Context
from dashboard.services.counting import DEFAULT_RULE, adopters, checked_rule
from dashboard.services.judging import DEFAULT_METHOD, METHODS
from dashboard.services.pipeline import pipeline
from dashboard.services.progress import indicator_progress, side_by_side
from dashboard.services.promise import promise
from dashboard.services.results import SORTS, Asked, ask, results
from dashboard.services.unsaid import unsaid
from dashboard.services.verdicts import TONES
from dashboard.services.views import Choice
from dashboard.services.views.pipeline import Pipeline
from dashboard.services.views.progress import Verdict
from dashboard.services.views.results import Promise, Results, Unsaid
from dashboard.services.words import by_name
from dashboard.states.address import RULES, Address, chart_url, counted_url
from dashboard.states.shell import NOTHING, Shell

CONTROLS = ("theme", "status", "sort")
"""Controls with one word that is taken away by ""."""


def asked_of(ctx: Context, address: Address) -> Asked:
    """The frame an address asks for: the first of its countries, or the programme."""
    country = address.countries[0] if address.countries else ""
    return ask(
        ctx, country, address.method, address.rule, address.theme, address.goal, address.status, address.sort
    )  # fmt: skip


def frame_url(address: Address, lang: str, form: str) -> str:
    """Where the frame of an address is as a file."""
    said = {
        "country": address.countries[0] if address.countries else "", "method": address.method, "rule": address.rule,
        "theme": address.theme, "goal": address.goal or "", "status": address.status, "sort": address.sort,
        "as_of": address.as_of, "lang": lang,
    }  # fmt: skip
    return f"/api/v1/progress/results.{form}?{urlencode({name: value for name, value in said.items() if value})}"


def projection_url(address: Address, lang: str) -> str:
    """Where the projection of the open indicator in the chosen country is; "" where there is nothing to draw."""
    metric = codebook().metrics.get(address.indicator)
    if not address.countries or metric is None or not metric.quantity:
        return ""
    asked = Address(countries=address.countries[:1], as_of=address.as_of)
    return chart_url("projection", metric.id, asked, lang)


class ProgressState(Shell):
    """What the page on progress shows."""

    frame: Results = NOTHING
    rungs: Pipeline = NOTHING
    promised: Promise = NOTHING
    gaps: list[Unsaid] = []
    why: str = ""  # the indicator whose arithmetic is shown; "" for none
    why_name: str = ""
    why_text: str = ""
    why_chart: str = ""  # address of the chart of its projection; of a country only
    verdicts: list[Verdict] = []  # of all methods in a country, or of one method in the adopters
    asks: dict[str, str] = {}
    country: str = ""
    method: str = DEFAULT_METHOD
    theme: str = ""
    goal_number: str = ""
    status: str = ""
    sort: str = SORTS[0]
    statuses: list[Choice] = []
    matrix: str = ""
    rungs_chart: str = ""
    csv: str = ""
    xlsx: str = ""

    @rx.event
    async def arrive(self) -> None:
        """Answer the address; a control that says what there is not is said in words."""

        def question(ctx: Context, address: Address) -> tuple[Any, ...]:
            asked = asked_of(ctx, address)
            return (
                results(ctx, asked),
                pipeline(ctx, asked.rule),
                promise(ctx, asked.iso3),
                unsaid(ctx, asked),
                *_why(ctx, address, asked),
            )

        found = await self._answer(question)
        if found is None:
            return
        self.frame, self.rungs, self.promised, self.gaps, self.why_name, self.why_text, self.verdicts = found
        self.asks = {one["id"]: one["asks"] for one in self.frame["methods"]}
        self.statuses = self.frame["statuses"]
        self._show(self._address())

    def _show(self, address: Address) -> None:
        lang = self._lang()
        self.country = address.countries[0] if address.countries else ""
        self.method = address.method or DEFAULT_METHOD
        self.rule = address.rule or DEFAULT_RULE
        self.theme, self.status = address.theme, address.status
        self.sort, self.goal_number = address.sort or SORTS[0], str(address.goal or "")
        self.why = address.indicator
        self.why_chart = projection_url(address, lang)
        self.csv, self.xlsx = frame_url(address, lang, "csv"), frame_url(address, lang, "xlsx")
        dated = {"as_of": address.as_of} if address.as_of else {}
        self.matrix = "/api/v1/progress/matrix.json?" + urlencode(
            {"method": self.method, "rule": self.rule, "lang": lang, **dated}
        )
        self.rungs_chart = counted_url("pipeline", replace(address, rule=self.rule), lang)

    def _turn(self, address: Address, section: str = "") -> Any:
        self._show(address)
        return self._go(address, section=section)

    @rx.event
    def choose_country(self, iso3: str) -> Any:
        """Show one country; "" shows the programme."""
        if iso3 and iso3 not in codebook().countries:
            return None
        return self._turn(replace(self._address(), countries=(iso3,) if iso3 else (), status=""))

    @rx.event
    def choose_method(self, method: str) -> Any:
        """Judge by another method; a status to filter by is a word of the former one and goes."""
        if method not in METHODS:
            return None
        return self._turn(replace(self._address(), method="" if method == DEFAULT_METHOD else method, status=""))

    @rx.event
    def choose_adopters(self, rule: str) -> Any:
        """Count adopters by another rule."""
        if rule not in RULES:
            return None
        return self._turn(replace(self._address(), rule="" if rule == DEFAULT_RULE else rule))

    @rx.event
    def choose(self, control: str, value: str) -> Any:
        """Set theme, status or order; "" takes it away."""
        known = {"theme": THEMES, "status": (*TONES, "refused"), "sort": SORTS}
        if control not in CONTROLS or (value and value not in known[control]):
            return None
        change: dict[str, Any] = {control: "" if value == SORTS[0] else value}
        return self._turn(replace(self._address(), **change))

    @rx.event
    def choose_goal(self, number: str) -> Any:
        """Only indicators with a direct link to a goal; "" takes all."""
        goal = int(number) if str(number).isdecimal() and 1 <= int(number) <= 17 else 0
        return self._turn(replace(self._address(), goal=goal))

    @rx.event
    def open_why(self, indicator: str) -> Any:
        """Show the arithmetic of an indicator; "" closes it."""
        if indicator and indicator not in codebook().metrics:
            return None
        return self._turn(replace(self._address(), indicator=indicator), section="why")

    @rx.event
    def open_country(self, iso3: str) -> Any:
        """From an adopter's verdict to the arithmetic of all methods in that country."""
        if iso3 not in codebook().countries:
            return None
        return self._turn(replace(self._address(), countries=(iso3,)), section="why")

    @rx.event
    def choose_view(self, view: str) -> Any:
        """The matrix ("") or the same in words."""
        return self._go(replace(self._address(), tab="table" if view == "table" else ""), section="matrix")

    @rx.event
    def clear(self) -> Any:
        """Take all filters away; country, method and counting rule stay."""
        return self._turn(replace(self._address(), theme="", goal=0, status="", sort="", indicator=""))


def _why(ctx: Context, address: Address, asked: Asked) -> tuple[str, str, list[Verdict]]:
    """Name of the indicator, what is shown, and the verdicts: of all methods, or of all adopters by one."""
    if not address.indicator:
        return "", "", []
    if asked.iso3:
        found = side_by_side(ctx, address.indicator, asked.iso3)
        return f"{found['name']} · {found['country']}", found["text"], found["verdicts"]
    members = tuple(by_name(ctx, adopters(ctx, checked_rule(asked.rule))))
    shown = indicator_progress(ctx, address.indicator, members, asked.method)
    return shown["name"], shown["without"], shown["verdicts"]
