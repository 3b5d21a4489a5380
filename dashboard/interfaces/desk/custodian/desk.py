"""``/custodian/``: figures for UNDP's data call on SDG 16, what is missing, a survey's plan and a form for it.

All of it is read only, and the address of a plan opens the same plan again.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import Response

from dashboard.analysis.measures.surveys import planning
from dashboard.contributions.delivery.wording import country_name
from dashboard.contributions.submissions.custodian import call, pack, questionnaire
from dashboard.evidence.codebook import load_codebook
from dashboard.interfaces.api.answers import XLSX
from dashboard.interfaces.desk.page import PRIVATE, page, went
from dashboard.interfaces.desk.submissions import PageRequest
from dashboard.locales import DESK_LANGUAGES, format_number, t

router = APIRouter(include_in_schema=False)

Country = Annotated[str, Query(max_length=3)]


@router.get("/custodian/")
def data_call(by: PageRequest, country: Country = "") -> Response:
    """What a country has for the call by indicator, and what each still lacks."""
    ask, principal = by
    chosen = principal.country or country.upper()
    book = load_codebook()
    if chosen not in book.countries:
        return went(ask, "/contribute/" if principal.country else "/review/")
    now = datetime.now(UTC)
    found = call.collect(ask.settings, book, chosen, now.date())
    return page(
        ask,
        "data_call.html",
        country=chosen,
        name=country_name(chosen, ask.lang),
        count=len(found.figures),
        indicators=list(pack.grouped_missing(book, found, ask.lang)),
        languages_of_forms=[(code, language.endonym) for code, language in DESK_LANGUAGES.items()],
    )


@router.get("/custodian/pack.{form}")
def files(by: PageRequest, form: str, country: Country = "") -> Response:
    """The same as a workbook (XLSX), or as CSV in an archive (ZIP)."""
    ask, principal = by
    chosen, book, now = principal.country or country.upper(), load_codebook(), datetime.now(UTC)
    if chosen not in book.countries or form not in ("xlsx", "zip"):
        return went(ask, "/custodian/")
    found = call.collect(ask.settings, book, chosen, now.date())
    lang = ask.lang
    write, media = (
        (pack.write_workbook_of, XLSX) if form == "xlsx" else (pack.write_archive, "application/zip")
    )  # fmt: skip
    name = f'attachment; filename="{chosen}_sdg16_data_call_{now:%Y}_{lang}.{form}"'
    return Response(write(book, found, lang, now), 200, {**PRIVATE, "Content-Disposition": name}, media)


@router.get("/custodian/questionnaire.xlsx")
def form_file(by: PageRequest, languages: Annotated[str, Query(max_length=40)] = "") -> Response:
    """A questionnaire as XLSForm, in the languages that are asked for; the page's own first."""
    ask = by[0]
    wished = [code for code in languages.split(",") if code in DESK_LANGUAGES]
    own = ask.lang if ask.lang in DESK_LANGUAGES else "en"
    langs = list(dict.fromkeys([*wished, *(() if wished else (own, "en"))]))
    now = datetime.now(UTC)
    name = f'attachment; filename="sdg16_questionnaire_{"_".join(langs)}.xlsx"'
    body = questionnaire.write_form(langs, now, t("questionnaire.title", langs[0]))
    return Response(body, 200, {**PRIVATE, "Content-Disposition": name}, XLSX)


@dataclass(frozen=True, slots=True)
class PlanField:
    """A field of the plan: what stands there at first, and what can stand there."""

    name: str
    value: str
    least: float
    most: float
    whole: bool = False

    @property
    def bounds(self) -> tuple[str, str]:
        """The least and the most, as they are typed."""
        return f"{self.least:g}", f"{self.most:.0f}"


FIELDS = (
    PlanField("population", "7000000", 0, 2e9, whole=True), PlanField("margin", "3", 0.1, 49),
    PlanField("share", "50", 1, 99), PlanField("deff", "1.5", 0.1, 20), PlanField("reached", "60", 1, 100),
    PlanField("response", "70", 1, 100), PlanField("groups", "2", 1, 50, whole=True),
    PlanField("cost", "20", 0.01, 1e9), PlanField("budget", "50000", 0, 1e12),
)  # fmt: skip


@router.get("/custodian/survey-planner")
def planner(by: PageRequest) -> Response:
    """How many people a margin needs, what a budget buys, and what the 99 per cent test could say of it."""
    ask = by[0]
    typed = {field.name: ask.query.get(field.name, field.value).strip()[:20] for field in FIELDS}
    numbers = {field.name: _number(typed[field.name], field) for field in FIELDS}
    wrong = [name for name, number in numbers.items() if number is None]
    results = {} if wrong else _results({name: number or 0.0 for name, number in numbers.items()}, ask.lang)
    return page(
        ask,
        "survey_planner.html",
        fields=[(field, typed[field.name], field.name in wrong) for field in FIELDS],
        results=results,
        kept=urlencode(typed),
    )


def _number(text: str, of: PlanField) -> float | None:
    try:
        number = float(text.replace(",", ".").replace(" ", ""))
    except ValueError:
        return None
    if not math.isfinite(number) or not of.least <= number <= of.most or (of.whole and number != int(number)):
        return None
    return number


def _results(numbers: Mapping[str, float], lang: str) -> dict[str, list[tuple[str, str]]]:
    """Lines of the results, by their part of the page: what is told, and the number."""

    def whole(number: int) -> str:
        return format_number(number, lang)

    def percent(share: float | None) -> str:
        return "–" if share is None else f"± {format_number(round(100 * share, 1), lang)}"

    plan = planning.SurveyPlan(
        int(numbers["population"]), numbers["margin"] / 100, numbers["share"] / 100, numbers["deff"],
        numbers["reached"] / 100, numbers["response"] / 100, int(numbers["groups"]),
    )  # fmt: skip
    need = planning.plan_sample(plan)
    interviews = math.floor(numbers["budget"] / numbers["cost"] + 1e-9)
    answers = planning.count_answers(plan, interviews)
    spent = format_number(round(need.interviews * numbers["cost"], 2), lang)
    wanted = [("answers", whole(need.answers)), ("interviews", whole(need.interviews)), ("chosen", whole(need.chosen)),
              ("cost_of_it", spent)]  # fmt: skip
    if not need.enough_people:
        wanted.append(("too_few", "–"))
    bought = [
        ("interviews", whole(interviews)), ("answers", whole(answers)),
        ("margin_of_it", percent(planning.compute_margin(plan, answers))),
        ("margin_of_group", percent(planning.compute_margin(plan, answers, plan.groups))),
    ]  # fmt: skip
    results = {"wanted": wanted, "bought": bought}
    for part, count in (("test_wanted", need.answers), ("test_bought", answers)):
        results[part] = _test_lines(planning.plan_test(count, plan.deff), plan.deff, lang)
    return results


def _test_lines(test: planning.Test99 | None, deff: float, lang: str) -> list[tuple[str, str]]:
    fewest = ("fewest", format_number(planning.count_fewest_for_met(deff), lang))
    if test is None:
        return [fewest]

    def chance(share: float) -> str:
        return f"{format_number(round(100 * share), lang)} %"

    def bound(count: int | None) -> str:
        return t("planner.never", lang) if count is None else format_number(count, lang)

    return [
        ("effective", format_number(test.effective, lang)), ("not_met", bound(test.not_met_at_most)),
        ("met", bound(test.met_at_least)), ("power_not_met", chance(test.power_of_not_met)),
        ("power_met", chance(test.power_of_met)), fewest,
    ]  # fmt: skip
