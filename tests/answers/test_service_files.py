"""What must not be lost when rows leave: filters, units, sources, restrictions, cautions, and where they came from."""

from collections import Counter
from urllib.parse import urlencode

import pytest

from dashboard.answers.adoption.counting import list_adopters
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Invalid, Unknown
from dashboard.answers.base.rows import find_latest, has_figure
from dashboard.answers.charts.query import ask_chart
from dashboard.answers.files.extract import extract_chart, extract_observations
from dashboard.answers.files.reuse import MAX_WORKBOOK_ROWS, check_size, describe_extract
from dashboard.answers.holdings.missing import count_kinds, list_missing
from dashboard.answers.holdings.observations import Selection
from dashboard.answers.progress.assessment import assess_lines
from dashboard.answers.progress.limitations import list_limitations
from dashboard.answers.progress.results import ask as ask_results
from dashboard.answers.progress.statuses import choose_tone
from dashboard.answers.wording.publishers import check_sources, is_unmodified_only, list_publishers
from dashboard.evidence.codebook import load_codebook
from tests.checks import all_of

pytestmark = pytest.mark.usefixtures("embedded")

BOOK = load_codebook()


def test_a_chart_and_a_selection_say_what_was_chosen_and_where_it_opens_again() -> None:
    ctx = open_context(as_of="2026-11-26")
    drawn = describe_extract(extract_chart(ask_chart(ctx, "trend", "internet_users", ("UZB", "AZE"), 2010)))
    assert drawn["filters"] == {
        "indicator": "internet_users", "country": "UZB (Uzbekistan); AZE (Azerbaijan)", "from": "2010", "kind": "trend",
    }  # fmt: skip
    assert drawn["page"] == "/en/indicators/internet_users/?country=UZB,AZE&from=2010&tab=trend&as_of=2026-11-26"
    assert set(drawn["files"]) == {"csv", "xlsx", "svg", "png"}
    table = describe_extract(extract_observations(ctx, Selection(("egdi",), ("UZB",), totals=True), rows=False))
    assert table["page"] == "/en/indicators/egdi/?country=UZB&tab=table&as_of=2026-11-26"
    assert set(table["files"]) == {"csv", "xlsx", "json"}
    assert (table["title"], table["sentence"]) == ("E-Government Development Index", "")
    both = describe_extract(extract_observations(ctx, Selection(("egdi", "wgi_cc"), primary=False), rows=False))
    assert both["page"].startswith("/api/v1/observations.json?indicator=egdi,wgi_cc&")
    assert both["unit"] == "index and score"
    assert " and " in both["title"]
    four = ("wgi_cc", "wgi_ge", "wgi_rl", "wgi_rq")
    titles = [
        describe_extract(extract_observations(ctx, Selection(four[:n], ("UZB",)), rows=False))["title"] for n in (3, 4)
    ]
    assert (titles[0].count("(WGI)"), titles[1]) == (3, "ASAN SDG Monitor")
    compared = extract_chart(ask_chart(ctx, "scatter", "wgi_cc", ("UZB",), second="egdi"))
    assert compared.page.startswith("/en/compare/?")
    assert compared.metrics == ("wgi_cc", "egdi")


def test_figures_of_an_earlier_vintage_are_said_to_be_of_it_and_that_name_gives_them_again() -> None:
    newest = open_context().dataset.version
    for ctx, own in (
        (open_context(as_of="2026-11-24"), {"as_of": "2026-11-24"}),
        (open_context(version="1-2026-11-24-0"), None),
    ):
        drawn = describe_extract(extract_chart(ask_chart(ctx, "trend", "wgi_cc", ("UZB",))))
        assert drawn["dataset"] == "1-2026-11-24"
        assert newest not in str(drawn)
        assert "1-2026-11-24" in drawn["citations"][0]
        kept = urlencode(own or {"dataset": "1-2026-11-24-0"})
        assert all_of(kept in address for address in drawn["files"].values())
        again = open_context(version=drawn["dataset"])
        assert again.dataset.vintage == ctx.dataset.vintage == 1
    assert describe_extract(extract_chart(ask_chart(open_context(), "trend", "wgi_cc", ("UZB",))))["dataset"] == newest


def test_sources_are_counted_with_what_their_licence_forbids_and_cautions_are_told_once(ctx: Context) -> None:
    told = describe_extract(extract_observations(ctx, Selection(("ti_cpi", "wgi_cc"), ("UZB",)), rows=False))
    assert sum(one["rows"] for one in told["sources"]) == told["rows"]
    restricted = {one["publisher"]: bool(one["restriction"]) for one in told["sources"]}
    assert restricted == {"Transparency International": True, "World Bank": False}
    assert any("2012" in caveat for caveat in told["caveats"])
    assert sum("Corruption Perceptions Index" in caveat for caveat in told["caveats"]) >= 1
    assert len(set(told["caveats"])) == len(told["caveats"])
    units = {column["id"]: column["unit"] for column in told["columns"] if column["unit"]}
    assert set(units) == {"value", "lower", "upper"}
    drawn = describe_extract(extract_chart(ask_chart(ctx, "trend", "wgi_cc", ("UZB",))))["columns"]
    assert [column["unit"] for column in drawn if column["id"] == "interval_level"] == ["%"]
    assert {word["column"] for word in told["words"]} == {"status", "nature"}
    series = BOOK.metrics["sat_overall_gov"].national[0]
    own = describe_extract(extract_chart(ask_chart(ctx, "trend", "sat_overall_gov", series=series.series)))
    assert own["page"].startswith("/en/countries/")
    assert "national series" in own["citations"][0]
    assert series.caution["en"] in own["caveats"]


def test_a_workbook_holds_so_many_rows_and_not_one_more() -> None:
    for rows, limit in (
        (MAX_WORKBOOK_ROWS, None),
        (MAX_WORKBOOK_ROWS + 5, MAX_WORKBOOK_ROWS),
        (5, MAX_WORKBOOK_ROWS + 1),
    ):
        check_size(rows, limit)
    for rows, limit in ((MAX_WORKBOOK_ROWS + 1, None), (MAX_WORKBOOK_ROWS + 5, MAX_WORKBOOK_ROWS + 1)):
        with pytest.raises(Invalid):
            check_size(rows, limit)


@pytest.mark.parametrize("iso3", ["", "UZB"])
def test_what_cannot_be_said_is_counted_among_indicators_and_among_lines(iso3: str, ctx: Context) -> None:
    asked = ask_results(ctx, iso3)
    rows = assess_lines(ctx, countries=[iso3] if iso3 else list_adopters(ctx), methods=["unsd_2026"])
    there = [BOOK.metrics[name] for name in {row["indicator"] for row in rows}]
    told = {one["id"]: one["count"] for one in list_limitations(ctx, asked)}
    assert told.pop("no_figure") == f"{len(BOOK.metrics) - len(there)} of {len(BOOK.metrics)}"
    refused = Counter(row["reason"] for row in rows if choose_tone(row) == "none")
    without = sum(it.target_2030 is None for it in there)
    assert [one["id"] for one in list_limitations(ctx, asked)][-1] == "no_cause"
    counts = [int(one["count"].split()[0].replace(",", "")) for one in list_limitations(ctx, asked)[3:-1]]
    assert counts == sorted(counts, reverse=True)
    assert sum(counts) == sum(refused.values())
    assert f"{without} of {len(there)}" in {one["count"] for one in list_limitations(ctx, asked)[:3]}
    indirect = sum(not any(link.strength == "direct" for link in it.links) for it in there)
    assert told["not_direct"] == f"{indirect} of {len(there)}"


def test_gaps_are_told_the_commonest_kind_first_and_in_each_by_theme(ctx: Context) -> None:
    for iso3 in ("KAZ", "ATA"):
        gaps = list_missing(ctx, iso3)
        assert {gap["indicator"] for gap in gaps} == {
            metric for metric in BOOK.metrics if not has_figure(find_latest(ctx, metric).get(iso3))
        }
        counted = Counter(gap["kind"] for gap in gaps)
        sizes = [counted[gap["kind"]] for gap in gaps]
        assert sizes == sorted(sizes, reverse=True)
        assert {one["kind"]: one["count"] for one in count_kinds(ctx, gaps)} == counted
        assert all_of(bool(gap["own"]) == (gap["kind"] == "not_comparable") for gap in gaps)


def test_publishers_are_by_title_and_some_forbid_what_is_derived() -> None:
    titles = [info.title.casefold() for info in list_publishers().values()]
    assert titles == sorted(titles)
    assert [is_unmodified_only(source) for source in ("cpi", "world_bank", "nobody")] == [True, False, False]
    assert check_sources(("cpi", "egdi")) == ("cpi", "egdi")
    with pytest.raises(Unknown):
        check_sources(("cpi", "nobody"))
