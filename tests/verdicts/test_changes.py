"""Every change that a page, a file or the API prints is the one that the downloaded Parquet gives, or none is printed.

``collect_changes`` yields each printed verdict with its two years; ``judge_change`` makes it again. Sentences may name
no value and no edition but those of the rows in force, unless they stand where history is told.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
import pytest

from dashboard.analysis.reports.content import Grid
from dashboard.answers.adoption.counting import list_adopters
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.rows import load_holdings
from dashboard.answers.base.words import name_country
from dashboard.answers.charts.build import build_chart
from dashboard.answers.charts.query import ask_chart
from dashboard.answers.claims.statement import view_statement
from dashboard.answers.compare.compare import compare
from dashboard.answers.countries.country import view_country
from dashboard.answers.countries.heart import draw_glances
from dashboard.answers.files.compare_file import answer as compare_file
from dashboard.answers.indicators.indicator import view_indicator
from dashboard.answers.reports.country import write_brief
from dashboard.answers.reports.query import ask_country
from dashboard.answers.site.change import draw_change
from dashboard.answers.site.overview import view_overview
from dashboard.locales import format_edition, format_number
from tests.answers.faults import walk
from tests.verdicts.conftest import fetch
from tests.verdicts.parquet import Published, Row, judge_change

pytestmark = pytest.mark.usefixtures("embedded")

SOME = ("AZE", "UZB", "IDN", "RWA", "UGA", "TUR", "EST")
METRICS = ("wgi_cc", "wgi_ge", "wgi_cc_score", "internet_users", "egdi", "women_parliament", "stat_law", "ti_cpi")
FIRST_CENTRE = 2012
JUDGED = ("rise", "fall", "unclear")
HISTORY = ("earlier", "note")
"""Where an answer may tell of another edition: history behind a fold, and what a publisher revised."""


@dataclass(frozen=True)
class Printed:
    """A verdict on a change as an answer prints it."""

    where: str
    indicator: str
    country: str
    kind: str
    text: str
    first: int
    last: int = 9999


def base(metric: str) -> int:
    """The year from which its changes are told: of control of corruption that of the first centre."""
    return FIRST_CENTRE if metric == "wgi_cc" else 2015


def collect_changes(ctx: Context, countries: Sequence[str], metrics: Sequence[str]) -> Iterator[Printed]:
    """Every change printed for these countries and indicators."""
    for iso3 in countries:
        for theme in view_country(ctx, iso3)["themes"]:
            for row in theme["rows"]:
                yield Printed(
                    f"country {iso3}", row["indicator"], iso3, row["change"], row["change_text"], base(row["indicator"])
                )
    for iso3, heart in draw_glances(ctx, countries).items():
        seen = heart["corruption"]
        yield Printed(
            "countries", seen["indicator"], iso3, seen["change"], seen["change_text"], base(seen["indicator"])
        )
    for metric in metrics:
        for start in range(0, len(countries), 12):
            view = compare(ctx, metric, tuple(countries[start : start + 12]))
            for line in view["metrics"][0]["lines"]:
                yield Printed(
                    f"compare {metric}", metric, line["iso3"], line["change"], line["change_text"], base(metric)
                )
            for heat in view["heat"]:
                cell = heat["cells"][0]
                yield Printed(f"heat {metric}", metric, heat["iso3"], cell["change"], cell["change_text"], base(metric))
    for row in draw_change(ctx, "signed", "light").rows:
        kind = {"rose": "rise", "fell": "fall"}.get(row["verdict"], row["verdict"])
        yield Printed("overview", "wgi_cc", row["country"], kind, "", FIRST_CENTRE)
    for metric in metrics:
        view = compare(ctx, metric, tuple(countries[:12]), first=2005, last=2020)
        for line in view["metrics"][0]["lines"]:
            yield Printed(
                f"compare {metric}, period", metric, line["iso3"], line["change"], line["change_text"], 2005, 2020
            )


def find_wrong_changes(ctx: Context, published: Published, printed: Printed) -> list[str]:
    """In what a printed verdict differs from the one made again."""
    rows = published.line(printed.indicator, printed.country, printed.first, printed.last)
    if not printed.kind:
        return (
            [f"{printed}: a verdict in words alone"] if "beyond" in printed.text or "detectable" in printed.text else []
        )
    if len(rows) < 2:
        return [f"{printed}: there are not two figures"]
    kind, difference = judge_change(rows[0], rows[-1], ctx.book.metrics[printed.indicator].break_years)
    faults = [] if kind == printed.kind else [f"{printed}: made again it is {kind!r}"]
    years = [str(row["year"]) for row in (rows[0], rows[-1])]
    if printed.text and not re.search(r"\b.*\b".join(years), printed.text):
        faults.append(f"{printed}: not of {rows[0]['year']} and {rows[-1]['year']}")
    decimals = ctx.book.metrics[printed.indicator].decimals
    told = printed.kind in ("rise", "fall", "error_unknown") and rows[0]["unit"] != "yes_no" and printed.text
    if told and format_number(difference or 0.0, "en", decimals, signed=True) not in printed.text:
        faults.append(f"{printed}: the difference is {difference}")
    return faults


def check_changes(published: Published, countries: Sequence[str], metrics: Sequence[str]) -> dict[str, int]:
    """Nothing differs; how many verdicts of each kind were looked at."""
    ctx = open_context()
    printed = list(collect_changes(ctx, countries, metrics))
    assert [fault for one in printed for fault in find_wrong_changes(ctx, published, one)] == []
    return {kind: sum(one.kind == kind for one in printed) for kind in {one.kind for one in printed}}


def test_every_change_is_the_one_made_again_from_the_parquet(published: Published) -> None:
    assert check_changes(published, SOME, METRICS)["error_unknown"] > 50


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_every_change_of_every_country_and_indicator_is(published: Published, ctx: Context) -> None:
    seen = check_changes(published, tuple(ctx.book.countries), tuple(load_holdings(ctx).latest))
    assert seen["error_unknown"] > 5000


async def test_one_sentence_says_the_change_of_control_of_corruption_everywhere(published: Published) -> None:
    """−1.17 in 2012, −0.78 in 2025: a difference of 0.39, z about 1.5, on every page, in files and in the API."""
    ctx = open_context()
    rows = published.line("wgi_cc", "AZE", FIRST_CENTRE)
    first, last = rows[0], rows[-1]
    kind, difference = judge_change(first, last)
    assert (first["year"], last["year"], kind) == (2012, 2025, "unclear")
    assert (round(first["value"], 2), round(last["value"], 2), round(difference or 0, 2)) == (-1.17, -0.78, 0.39)
    sentence = next(row for theme in view_country(ctx, "AZE")["themes"] for row in theme["rows"]
                    if row["indicator"] == "wgi_cc")["change_text"]  # fmt: skip
    for part in ("2012", "2025", "−1.17", "−0.78", "+0.39"):
        assert part in sentence
    assert sentence in next(one for one in view_overview(ctx)["kpis"] if one["id"] == "corruption")["how"]
    compared = compare(ctx, "wgi_cc", ("AZE", "UZB"))
    assert compared["metrics"][0]["lines"][0]["change_text"] == sentence
    assert compared["heat"][0]["cells"][0]["change_text"] == sentence
    assert sentence in draw_glances(ctx, ("AZE",))["AZE"]["corruption"]["text"]
    told = json.loads(await fetch("/api/v1/claims/S-06?lang=en"))["claim"]["beside"]
    assert [text for text in told if sentence in text]
    brief = write_brief(ask_country(ctx, "AZE"))
    grids = [block for section in brief.sections for block in section.blocks if isinstance(block, Grid)]
    cells = [cell for grid in grids for part in grid.parts for row in part.rows for cell in row if cell]
    assert sentence in [cell.text for cell in cells]


def test_the_counts_of_the_first_page_and_of_the_statement_are_those_made_again(published: Published) -> None:
    ctx = open_context()
    lines = [published.line("wgi_cc", iso3, FIRST_CENTRE) for iso3 in list_adopters(ctx, "signed")]
    kinds = [judge_change(rows[0], rows[-1])[0] for rows in lines if len(rows) > 1 and rows[0]["year"] == FIRST_CENTRE]
    tile = next(one for one in view_overview(ctx)["kpis"] if one["id"] == "corruption")
    assert [dot["tone"] for dot in tile["dots"]].count("rose") == kinds.count("rise")
    assert len(tile["dots"]) == sum(kind in JUDGED for kind in kinds)
    claim = next(one for group in view_statement(ctx)["groups"] for one in group["claims"] if one["id"] == "S-06")
    if not tile["dots"]:
        assert tile["value"] == "Cannot tell"
        assert claim["answer"] == "cannot_be_tested"
    else:
        assert tile["value"].startswith(f"{kinds.count('rise')} rose")
        assert claim["answer"] != "cannot_be_tested"


# Sentences


def list_other_editions(ctx: Context) -> set[str]:
    """Editions of primary figures that are no longer in force, as readers are told them."""
    every = ctx.dataset.ever().filter(pl.col("primary")).select(pl.col("edition").unique()).collect()["edition"]
    shown = ctx.dataset.scan().select(pl.col("edition").unique()).collect()["edition"]
    return {format_edition(one, ctx.lang) for one in every if one} - {
        format_edition(one, ctx.lang) for one in shown if one
    }


def find_mixed_editions(ctx: Context, page: str, answer: Any) -> list[str]:
    """Texts that name an edition not in force, outside history."""
    others = list_other_editions(ctx)
    return [
        f"{page} {'.'.join(at)}.{name}: {text}"
        for at, part in walk(answer)
        for name, value in part.items()
        if name not in HISTORY
        for text in (value if isinstance(value, list) else [value])
        if isinstance(text, str) and any(edition in text for edition in others)
    ]


def answers(ctx: Context, countries: Sequence[str], metrics: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """First answers of pages, and answers of the API and files behind which the same questions stand."""
    yield "/", view_overview(ctx)
    yield "/statement/", view_statement(ctx)
    for iso3 in countries:
        yield f"/countries/{iso3}/", view_country(ctx, iso3)
    for metric in metrics:
        yield f"/indicators/{metric}/", view_indicator(ctx, metric)
        for start in range(0, len(countries), 12):
            chosen = tuple(countries[start : start + 12])
            yield f"/compare/{metric}", compare(ctx, metric, chosen)
            yield f"/api/v1/compare {metric}", compare_file(ctx, ((metric,), chosen, None, None))


def find_wrong_sentences(ctx: Context, published: Published, metric: str, iso3: str) -> list[str]:
    """A trend's sentence on one country: its two values and years in force, and the verdict made again."""
    rows: list[Row] = published.line(metric, iso3)
    book = ctx.book.metrics[metric]
    sentence = (
        build_chart(ask_chart(ctx, "trend", metric, (iso3,))).sentence.replace("\u2068", "").replace("\u2069", "")
    )
    name = name_country(ctx, iso3)
    at = sentence.find(f"{name}: ")
    if at < 0 or len(rows) < 2:
        return []
    told = sentence[at + len(name) + 2 :]
    kind, _ = judge_change(rows[0], rows[-1], book.break_years)
    faults = []
    for row in (rows[0], rows[-1]):
        printed = format_number(row["value"], ctx.lang, book.decimals)
        shown = re.escape(printed) + r"(?: per 100 people|\D{0,24}) in " + str(row["year"])
        at_an_end = book.unit == "percent" and (row["value"] < 0.1 or row["value"] > 99.9)  # never shown as 0 or 100
        if not at_an_end and not re.search(shown, told):
            faults.append(f"{metric} {iso3}: {printed} of {row['year']} is not in {told}")
    words = {"rise": "beyond the margin", "fall": "beyond the margin", "unclear": "no detectable change"}
    for verdict in ("beyond the margin", "no detectable change"):
        if (verdict in told) != (words.get(kind) == verdict):
            faults.append(f"{metric} {iso3}: made again it is {kind!r}: {told}")
    return faults


def check_sentences(published: Published, pairs: Sequence[tuple[str, str]]) -> None:
    ctx = open_context()
    usable = [
        (metric, iso3)
        for metric, iso3 in pairs
        if ctx.book.metrics[metric].line and ctx.book.metrics[metric].unit != "yes_no" and metric != "ti_cpi"
    ]
    assert usable
    assert [fault for pair in usable for fault in find_wrong_sentences(ctx, published, *pair)] == []


def test_no_sentence_of_a_trend_has_a_value_or_a_verdict_of_another_edition(published: Published) -> None:
    check_sentences(published, [(metric, iso3) for metric in METRICS for iso3 in SOME])


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_no_sentence_of_any_trend_has(published: Published) -> None:
    check_sentences(published, list(published.pairs()))


def test_no_answer_names_an_edition_that_is_not_shown(ctx: Context) -> None:
    assert list_other_editions(ctx), "there is an edition that is no longer shown"
    assert [
        fault for page, answer in answers(ctx, SOME, METRICS) for fault in find_mixed_editions(ctx, page, answer)
    ] == []


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_no_answer_at_all_names_one(ctx: Context) -> None:
    every = answers(ctx, tuple(ctx.book.countries), tuple(load_holdings(ctx).latest))
    assert [fault for page, answer in every for fault in find_mixed_editions(ctx, page, answer)] == []


def test_history_is_told_with_the_values_of_its_own_edition() -> None:
    """Behind a fold of Compare: what stood in the vintage named, and nothing of the one shown."""
    ctx, first = open_context(), open_context("en", "2026-11-24")
    view = compare(ctx, "wgi_ge", ("IDN", "AZE"))
    assert view["metrics"][0]["earlier"]
    for iso3, text in zip(("IDN", "AZE"), view["metrics"][0]["earlier"], strict=True):
        rows = first.dataset.rows("wgi_ge").filter(pl.col("country") == iso3, pl.col("year") >= 2015)
        own = rows.sort("year").collect().to_dicts()
        assert "24 November 2026" in text
        assert format_edition(own[-1]["edition"], "en") in text
        for row in (own[0], own[-1]):
            assert f"{format_number(row['value'], 'en', 2)} in {row['year']}" in text
    assert compare(first, "wgi_ge", ("IDN", "AZE"))["metrics"][0]["earlier"] == []


# The tests notice


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({"edition": "other"}, ""),
        ({"std_error": None, "interval_level": None}, "error_unknown"),
        ({"value": 0.4653}, "rise"),
        ({"value": 0.4652}, "unclear"),
        ({"value": -0.4653}, "fall"),
    ],
)
def test_a_change_is_made_again_at_the_limit(change: Row, verdict: str) -> None:
    """With two errors of 0.2 it lies at 1.645 × √0.08 = 0.46528."""
    row: Row = dict.fromkeys(("source", "series", "unit", "edition", "lower", "upper", "interval_level"))
    row |= {"value": 0.0, "std_error": 0.2, "year": 2012}
    assert judge_change(row, row | {"year": 2024, "value": 0.1} | change)[0] == verdict


def test_a_verdict_of_another_edition_is_noticed(published: Published, ctx: Context) -> None:
    wrong = Printed("planted", "wgi_ge", "IDN", "rise", "+0.91 from 2015 to 2024, beyond the margin of error", 2015)
    assert find_wrong_changes(ctx, published, wrong)
    assert find_mixed_editions(ctx, "/", {"text": "judged in the WGI 2024 edition, to 2023"})
    assert not find_mixed_editions(ctx, "/", {"earlier": ["WGI 2024 edition: …"]})
