"""Progress of a country or of the programme: one frame, one method, and why the methods disagree."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import reflex as rx

from dashboard.answers.adoption.counting import DEFAULT_RULE, check_rule, list_adopters, list_origins
from dashboard.answers.adoption.pipeline import view_pipeline
from dashboard.answers.adoption.views import Pipeline
from dashboard.answers.base.context import Context
from dashboard.answers.base.views import Choice, cut_page
from dashboard.answers.base.words import join_sentences, name_country, sort_by_name
from dashboard.answers.progress.assessment import DEFAULT_METHOD, METHODS
from dashboard.answers.progress.limitations import list_limitations
from dashboard.answers.progress.progress import assess_indicator, build_matrix, compare_methods
from dashboard.answers.progress.results import SORTS, ResultsQuery, ask, list_results
from dashboard.answers.progress.statuses import name_method
from dashboard.answers.progress.summary import (
    answer_goals,
    build_bullets,
    list_cell_verdicts,
    list_statuses,
    summarise_verdicts,
)
from dashboard.answers.progress.views import (
    Bullet,
    GoalAnswer,
    Limitation,
    Matrix,
    MethodBar,
    ProgressResults,
    ProgressVerdict,
    Promise,
    ResultRow,
    StatusBeside,
    VerdictSummary,
)
from dashboard.answers.reported.promise import check_promise
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.interfaces.pages.shell.address import (
    PROGRESS_TABS,
    ChoiceLink,
    PageAddress,
    write_chart_url,
    write_counted_url,
)
from dashboard.interfaces.pages.shell.state import NOTHING, Shell
from dashboard.locales import t


def read_question(ctx: Context, address: PageAddress) -> ResultsQuery:
    """The frame an address asks for: the first of its countries, or the programme."""
    country = address.countries[0] if address.countries else ""
    return ask(
        ctx, country, address.method, address.rule, address.theme, address.goal, address.status, address.sort
    )  # fmt: skip


def write_frame_url(address: PageAddress, lang: str, form: str) -> str:
    """Where the frame of an address is as a file."""
    parameters = {
        "country": address.countries[0] if address.countries else "", "method": address.method, "rule": address.rule,
        "theme": address.theme, "goal": address.goal or "", "status": address.status, "sort": address.sort,
        "as_of": address.as_of, "lang": lang,
    }  # fmt: skip
    return f"/api/v1/progress/results.{form}?{urlencode({name: value for name, value in parameters.items() if value})}"


def write_projection_url(address: PageAddress, lang: str) -> str:
    """Where the projection of the open indicator in the chosen country is; "" where there is nothing to draw."""
    metric = load_codebook().metrics.get(address.indicator)
    if not address.countries or metric is None or not metric.quantity:
        return ""
    asked = PageAddress(countries=address.countries[:1], as_of=address.as_of)
    return write_chart_url("projection", metric.id, asked, lang)


FRAME_ROWS, TWO_METHOD_ROWS = 14, 8
"""Rows of the results frame on a page, and on one with the statuses of two methods, whose rows are higher."""


class TwoAnswers(GoalAnswer):
    """The answer of the method chosen, and that of the one beside it; "" without one."""

    beside_text: str


class ProgressState(Shell):
    """What the page on progress shows."""

    frame: ProgressResults = NOTHING
    rows: list[ResultRow] = []  # of the frame, on the page that is open
    bullets: dict[str, Bullet] = {}
    summary: VerdictSummary = NOTHING
    answers: list[TwoAnswers] = []  # of a country, goal by goal
    second: MethodBar = NOTHING  # of the method beside the first
    beside: str = ""  # that method; "" for one alone
    beside_name: str = ""
    beside_statuses: dict[str, StatusBeside] = {}  # indicator → its status by it
    beside_links: dict[str, str] = {}  # method → the view with it beside the first, or no longer
    rungs: Pipeline = NOTHING
    promised: Promise = NOTHING
    gaps: list[Limitation] = []
    members: list[Choice] = []  # the country of origin, named so, and whom the counting rule counts
    opened: bool = False  # whether arithmetic is shown beside the page
    by_method: bool = False  # it is that of all methods
    why_name: str = ""
    why_text: str = ""
    why_chart: str = ""  # address of the chart of its projection; of a country only
    verdicts: list[ProgressVerdict] = []  # of all methods in a country, of one method in the adopters, or of a cell
    asks: dict[str, str] = {}
    country: str = ""
    method: str = DEFAULT_METHOD
    theme: str = ""
    goal_number: str = ""
    status: str = ""
    sort: str = SORTS[0]
    statuses: list[Choice] = []
    matrix: Matrix = NOTHING
    matrix_view: str = ""
    cell: str = ""  # ``KAZ-16``: the cell of the matrix whose arithmetic is shown
    rungs_chart: str = ""
    matrix_turned: str = ""  # the matrix as a table, or back
    tabs: list[ChoiceLink] = []
    open: str = PROGRESS_TABS[0]  # the tab that is shown
    number: int = 1
    pages: int = 1
    around: list[str] = ["", ""]  # pages of the frame before and after this one
    cleared: str = ""
    without: str = ""  # the same view without the arithmetic
    unsaid_link: str = ""
    why_links: dict[str, str] = {}  # indicator → the view with its arithmetic
    country_links: dict[str, str] = {}  # adopter → the arithmetic of all methods in it
    cell_links: dict[str, str] = {}
    method_links: dict[str, str] = {}
    csv: str = ""
    xlsx: str = ""

    @rx.event
    async def load(self) -> None:
        """Answer the address; a control that says what there is not is said in words."""

        def question(ctx: Context, address: PageAddress) -> tuple[Any, ...]:
            asked = read_question(ctx, address)
            framed = list_results(ctx, asked)
            doubled = asked.iso3 and address.beside in METHODS and address.beside != asked.method
            most = TWO_METHOD_ROWS if doubled else FRAME_ROWS
            cut = cut_page(len(framed["rows"]), address.page, most)
            rows = framed["rows"][cut.rows]
            return (
                {**framed, "rows": []},
                rows,
                cut.number,
                cut.pages,
                build_bullets(ctx, asked, tuple(row["indicator"] for row in rows)),
                summarise_verdicts(ctx, asked),
                *_answer_goals(ctx, asked, address.beside),
                view_pipeline(ctx, asked.rule) if address.tab == "pipeline" else NOTHING,
                check_promise(ctx, asked.iso3) if address.tab == "promise" else NOTHING,
                list_limitations(ctx, asked) if address.tab == "unsaid" else [],
                *_view_matrix(ctx, asked),
                *_explain_opened(ctx, address, asked),
            )

        found = await self._ask_services(question)
        if found is None:
            return
        (
            self.frame, self.rows, self.number, self.pages, self.bullets, self.summary, self.answers, self.second,
            self.beside_statuses, self.rungs, self.promised,
            self.gaps, self.matrix, self.members, self.why_name, self.why_text, self.verdicts,
        ) = found  # fmt: skip
        self.asks = {method["id"]: method["asks"] for method in self.frame["methods"]}
        self.statuses = self.frame["statuses"]
        self._show(self._read_address())

    def _show(self, address: PageAddress) -> None:
        lang, page = self._get_lang(), address.page
        self.country = address.countries[0] if address.countries else ""
        self.method = address.method or DEFAULT_METHOD
        self.beside = address.beside if self.second else ""
        self.beside_name = self.second["name"] if self.beside else ""
        self.rule = address.rule or DEFAULT_RULE
        self.theme, self.status = address.theme, address.status
        self.sort, self.goal_number = address.sort or SORTS[0], str(address.goal or "")
        self.cell = address.cell
        self.opened = bool(address.indicator or address.cell)
        self.without = self._write_address(replace(address, indicator="", cell=""), page)
        self.by_method = bool(self.country and not address.cell)
        self.why_chart = "" if address.cell else write_projection_url(address, lang)
        self.csv, self.xlsx = write_frame_url(address, lang, "csv"), write_frame_url(address, lang, "xlsx")
        self.matrix_view = "table" if "table" in (address.view, address.tab) else ""
        self._show_links(replace(address, indicator="", cell=""), page, lang)

    def _show_links(self, closed: PageAddress, page: int, lang: str) -> None:
        """Write where the controls lead; ``closed`` is the address without any arithmetic."""
        self.open = closed.tab if closed.tab in PROGRESS_TABS else PROGRESS_TABS[0]
        self.tabs = self._list_choices("results.tab", PROGRESS_TABS, self.open, closed, "tab", PROGRESS_TABS[0])
        self.matrix_turned = self._write_address(replace(closed, view="" if self.matrix_view else "table"))
        self.around = self._link_neighbours(self.number, self.pages)
        self.cleared = self._write_address(
            replace(closed, countries=(), method="", rule="", theme="", goal=0, status="", sort="")
        )
        self.unsaid_link = self._write_address(replace(closed, tab="unsaid"))
        self.why_links = {
            row["indicator"]: self._write_address(replace(closed, indicator=row["indicator"]), page)
            for row in self.rows
        }
        self.country_links = {
            verdict["iso3"]: self._write_address(
                replace(closed, countries=(verdict["iso3"],), indicator=verdict["indicator"])
            )
            for verdict in self.verdicts
        }
        self.cell_links = {
            name: self._write_address(replace(closed, cell=name), page)
            for name in (f"{cell['iso3']}-{cell['goal']}" for cell in self.matrix["cells"])
        }
        self.beside_links = {
            method: self._write_address(replace(closed, beside="" if method == self.beside else method), page)
            for method in METHODS
        }
        self.method_links = {
            method: self._write_address(replace(closed, method=method, status="")) for method in METHODS
        }
        self.rungs_chart = write_counted_url("pipeline", replace(closed, rule=self.rule), lang)


def _answer_goals(
    ctx: Context, asked: ResultsQuery, beside: str
) -> tuple[list[TwoAnswers], MethodBar, dict[str, StatusBeside]]:
    """The goals of a country in words, by the method chosen and the one beside it; that one's bar and its statuses."""
    answers = answer_goals(ctx, asked)
    if beside not in METHODS or beside == asked.method:
        return [{**answer, "beside_text": ""} for answer in answers], NOTHING, {}
    other = replace(asked, method=beside)
    second = {goal["goal"]: goal["text"] for goal in answer_goals(ctx, other)}
    bar = next(method for method in summarise_verdicts(ctx, asked)["methods"] if method["id"] == beside)
    both: list[TwoAnswers] = [{**answer, "beside_text": second.get(answer["goal"], "")} for answer in answers]
    return both, {**bar, "shares": summarise_verdicts(ctx, other)["shares"]}, list_statuses(ctx, other)


def _view_matrix(ctx: Context, asked: ResultsQuery) -> tuple[Matrix, list[Choice]]:
    """Goals × countries, the country chosen among them and the origin named so; and the members of the programme."""
    origin, members = list_origins(ctx), sort_by_name(ctx, list_adopters(ctx, check_rule(asked.rule)))
    countries = tuple(dict.fromkeys((*origin, *members, *([asked.iso3] if asked.iso3 else []))))
    found = build_matrix(ctx, asked.method, countries, asked.theme, asked.goal)
    named = t("results.matrix.origin", ctx.lang)
    marked = [
        Choice(
            id=country["id"],
            label=country["label"],
            note=named if country["id"] in origin else "",
            chosen=country["id"] == asked.iso3,
        )
        for country in found["countries"]
    ]
    choices = [
        Choice(
            id=iso3,
            label=name_country(ctx, iso3) + (f" · {named}" if iso3 in origin else ""),
            note="",
            chosen=iso3 == asked.iso3,
        )
        for iso3 in dict.fromkeys((*origin, *members))
    ]
    return {**found, "countries": marked}, choices


def _explain_opened(ctx: Context, address: PageAddress, asked: ResultsQuery) -> tuple[str, str, list[ProgressVerdict]]:
    """What is opened, a sentence on it, and its verdicts: of a cell; of all methods; or of all adopters by one."""
    if address.cell:
        iso3, goal = address.cell.split("-")
        verdicts = list_cell_verdicts(ctx, iso3, int(goal), asked.method, asked.theme)
        name = f"{name_country(ctx, iso3)} · {goal} {choose_text(ctx.book.goals[int(goal)].short, ctx.lang)}"
        return (
            name,
            join_sentences([name_method(ctx, asked.method) + ".", t("results.matrix.note", ctx.lang)]),
            verdicts,
        )
    if not address.indicator:
        return "", "", []
    if asked.iso3:
        found = compare_methods(ctx, address.indicator, asked.iso3)
        return f"{found['name']} · {found['country']}", found["text"], found["verdicts"]
    members = tuple(sort_by_name(ctx, list_adopters(ctx, check_rule(asked.rule))))
    shown = assess_indicator(ctx, address.indicator, members, asked.method)
    return shown["name"], shown["without"], shown["verdicts"]
