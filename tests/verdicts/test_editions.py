"""No answer gives a value of an edition that its publisher replaced, and each change is judged within one edition.

Azerbaijan's control of corruption was −1.20 in 2023 by the 2024 edition; the edition shown has no year with it.
"""

import csv
import dataclasses
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from dashboard.answers.adoption.register_page import view_register
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.charts.build import build_chart
from dashboard.answers.charts.query import ask_chart
from dashboard.answers.claims.statement import view_statement
from dashboard.answers.compare.compare import compare
from dashboard.answers.countries.country import view_country
from dashboard.answers.countries.heart import draw_glances
from dashboard.answers.goals.goals import list_goals, view_goal
from dashboard.answers.goals.principles import list_principles, list_themes
from dashboard.answers.indicators.index import search_indicators
from dashboard.answers.indicators.indicator import view_indicator
from dashboard.answers.progress.results import ask as ask_results
from dashboard.answers.progress.results import list_results
from dashboard.answers.reports import query as reports
from dashboard.answers.reports.files import write_report
from dashboard.answers.site.overview import view_overview
from dashboard.interfaces.api.assistants.answers import judge_changes
from dashboard.locales import LANGUAGES, format_number
from tests.answers.faults import walk
from tests.verdicts.conftest import fetch
from tests.verdicts.parquet import Published, judge_change
from tests.verdicts.test_changes import JUDGED, SOME, base, collect_changes

pytestmark = pytest.mark.usefixtures("embedded")

ORIGIN, INDICATOR = "AZE", "wgi_cc"
DIMENSIONS = tuple(f"wgi_{name}" for name in ("cc", "ge", "pv", "rl", "rq", "va"))
NEAR = ("GEO", "ARM", "KAZ", "UZB")
REPLACED = -1.20

ADDRESSES = (
    "/api/v1/observations.csv?indicator=wgi_cc&country=AZE",
    "/api/v1/observations.json?indicator=wgi_cc&country=AZE",
    "/api/v1/countries/AZE",
    "/api/v1/compare?indicator=wgi_cc&country=AZE&country=UZB",
    "/api/v1/compare.csv?indicator=wgi_cc&country=AZE&country=UZB",
    "/api/v1/compare/pairs.csv?indicator=wgi_cc&country=AZE&country=UZB",
    "/api/v1/peers?country=AZE",
    "/api/v1/claims?lang=en",
    "/api/v1/claims.csv",
    "/api/v1/charts/trend.json?indicator=wgi_cc&country=AZE",
    "/api/v1/charts/trend.csv?indicator=wgi_cc&country=AZE",
    "/api/v1/charts/ranking.csv?indicator=wgi_cc&country=AZE",
    "/api/v1/progress/results.csv?country=AZE",
)


def write_replaced(lang: str) -> re.Pattern[str]:
    """The replaced value as a page or a file writes it, and no longer number that begins so."""
    written = re.escape(format_number(REPLACED, lang, 2))
    return re.compile(rf"(?:{written}|-1\.20|-1\.19[5-9]\d*)(?!\d)")


def find_replaced(lang: str, where: str, answer: Any, *, of_origin: bool = False) -> list[str]:
    """Where the replaced value is told of the country of origin's control of corruption.

    A mapping that names another country or another indicator is not about it; a text of more countries is, where its
    clause names the origin.
    """
    value = write_replaced(lang)
    origin = open_context(lang).book.countries[ORIGIN].name[lang]
    found = []
    for at, one in walk(answer):
        about = one.get("iso3") or one.get("country") or (ORIGIN if of_origin else "")
        metric = one.get("indicator") or one.get("metric") or INDICATOR
        for name, told in one.items():
            for text in told if isinstance(told, list | tuple) else [told]:
                number = isinstance(text, float) and round(text, 2) == REPLACED
                clauses = re.split(r"[;؛]|\. ", text) if isinstance(text, str) else []
                said = [it for it in clauses if value.search(it) and (about in (ORIGIN, origin) or origin in it)]
                if metric == INDICATOR and ((number and about in (ORIGIN, origin)) or said):
                    found.append(f"{where} {'.'.join(at)}.{name}: {text}")
    return found


def pages(ctx: Context) -> Iterator[tuple[str, Any]]:
    """The answers behind the pages of the country of origin and its control of corruption, by address."""
    yield "/", view_overview(ctx)
    yield "/adoption/", view_register(ctx)
    yield "/goals/", list_goals(ctx)
    yield "/evidence/", [list_principles(ctx), list_themes(ctx)]
    yield "/statement/", view_statement(ctx)
    yield "/indicators/", search_indicators(ctx)
    yield "/progress/", list_results(ctx, ask_results(ctx))
    for goal in ctx.book.goals:
        yield f"/goals/{goal}/", view_goal(ctx, goal)
    yield f"/countries/{ORIGIN}/", view_country(ctx, ORIGIN)
    yield f"/indicators/{INDICATOR}/", view_indicator(ctx, INDICATOR)
    yield f"/compare/?indicator={INDICATOR}", compare(ctx, INDICATOR, (ORIGIN,))


def make_answers(ctx: Context) -> Iterator[tuple[str, Any]]:
    """What pages, charts and reports say where control of corruption of the origin is told."""
    yield from pages(ctx)
    yield "compare", compare(ctx, INDICATOR, (ORIGIN, *NEAR))
    yield "compare 2012 to 2023", compare(ctx, INDICATOR, (ORIGIN, *NEAR), first=2012, last=2023)
    yield "countries", draw_glances(ctx, (ORIGIN,))
    for kind in ("trend", "ranking", "map"):
        chart = build_chart(ask_chart(ctx, kind, INDICATOR, (ORIGIN,)))
        yield kind, {"sentence": chart.sentence, "rows": [{"indicator": INDICATOR} | row for row in chart.rows]}
    for asked in (
        reports.ask_country(ctx, ORIGIN), reports.ask_brief(ctx, ORIGIN), reports.ask_annex(ctx, ORIGIN),
        reports.ask_programme(ctx), reports.ask_statement(ctx),
    ):  # fmt: skip
        yield f"report {asked.kind}", dataclasses.asdict(write_report(asked))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_page_chart_or_report_tells_the_replaced_value(lang: str, published: Published) -> None:
    assert REPLACED not in {round(row["value"], 2) for row in published.line(INDICATOR, ORIGIN)}
    then = open_context(lang, "2026-11-24")
    assert find_replaced(lang, "then", view_country(then, ORIGIN), of_origin=True), "it did while that edition stood"
    faults, seen = [], 0
    for where, answer in make_answers(open_context(lang)):
        of_origin = ORIGIN in where or where.endswith(("country", "brief", "vnr"))
        faults += find_replaced(lang, where, answer, of_origin=of_origin)
        seen += 1
    assert seen > 20
    assert faults == []


@pytest.mark.parametrize("address", ADDRESSES)
async def test_no_answer_of_the_api_tells_it(address: str) -> None:
    told = (await fetch(address)).decode()
    answer = json.loads(told) if told.startswith("{") else list(csv.DictReader(io.StringIO(told)))
    assert answer
    assert find_replaced("en", address, answer, of_origin=address.endswith("AZE")) == []


def test_every_change_of_the_governance_indicators_is_judged_within_one_edition(published: Published) -> None:
    """A rise, a fall or none beyond the errors: first and last figure of one edition, both with an error."""
    ctx = open_context()
    judged = Counter[str]()
    for one in collect_changes(ctx, SOME, DIMENSIONS):
        if one.kind not in JUDGED or not one.indicator.startswith("wgi_"):
            continue
        rows = published.line(one.indicator, one.country, one.first, one.last)
        assert len({row["edition"] for row in rows}) == 1, one
        assert judge_change(rows[0], rows[-1])[0] == one.kind, one
        judged[one.indicator] += 1
    assert judged[INDICATOR] > len(SOME)
    assert set(judged) <= {INDICATOR, "wgi_cc_score"}, "of the others the 2026 edition has one year"


@pytest.mark.parametrize("metric", DIMENSIONS)
def test_an_answer_to_an_assistant_gives_both_figures_of_a_verdict_and_their_one_edition(metric: str) -> None:
    changes = judge_changes(open_context(), metric, [ORIGIN, *NEAR], base(metric), None)["changes"]
    assert len(changes) == 1 + len(NEAR)
    for one in changes:
        editions = {figure["edition"] for figure in one["figures"]}
        if metric == INDICATOR:
            assert (one["verdict"] in JUDGED, editions) == (True, {"WGI 2026 edition"})
        else:
            assert (one["verdict"], editions) == ("", {"WGI 2025 edition", "WGI 2026 edition"})
            assert [year for year in ("2025 edition", "2026 edition") if year not in one["text"]] == []


def test_no_history_is_told_where_the_edition_shown_has_errors() -> None:
    assert compare(open_context(), INDICATOR, (ORIGIN, *NEAR))["metrics"][0]["earlier"] == []


@pytest.mark.parametrize(
    ("answer", "faults"),
    [
        ({"iso3": "AZE", "text": "−1.20"}, 1),
        ({"iso3": "PAK", "text": "−1.20"}, 0),
        ({"iso3": "AZE", "indicator": "wgi_va", "text": "−1.20"}, 0),
        ({"iso3": "AZE", "value": -1.1951}, 1),
        ({"iso3": "AZE", "value": -1.169}, 0),
        ({"text": "Pakistan −1.20; Azerbaijan −0.78"}, 0),
        ({"text": "Pakistan −1.07; Azerbaijan −1.20 in 2023"}, 1),
        ({"texts": ["Azerbaijan: −1.204"]}, 0),
        ({"parts": [{"rows": [{"country": "AZE", "text": "−1.20"}]}]}, 1),
    ],
)
def test_the_replaced_value_is_noticed_where_it_is_told(answer: dict[str, Any], faults: int) -> None:
    assert len(find_replaced("en", "planted", answer)) == faults
