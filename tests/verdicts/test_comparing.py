"""Every pair, rank and place among peers is the one that the downloaded Parquet of the same vintage gives.

All countries and indicators, in the newest vintage and in the first, which has errors of the governance indicators.
Which figures a licence or their method keeps from being compared is taken from the codebook.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pytest

from dashboard.analysis.measures.rounding import count_published_decimals
from dashboard.answers.adoption.counting import list_adopters
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.charts.build import build_chart
from dashboard.answers.charts.query import ask_chart
from dashboard.answers.compare.compare import compare, find_rows, judge_all
from dashboard.answers.countries.peers import view_peers
from dashboard.answers.countries.standing import list_standings
from dashboard.answers.wording.evidence import is_claim
from dashboard.answers.wording.publishers import is_unmodified_only
from dashboard.settings import Settings
from tests.answers.published import use
from tests.verdicts.comparing import Gap, find_apart, is_like, judge, measure, rank, read_latest
from tests.verdicts.conftest import download
from tests.verdicts.parquet import Published, Row, read_error

pytestmark = pytest.mark.usefixtures("embedded")

FIRST = "2026-11-24"
GROUPS = (("AZE", "GEO", "ARM", "KAZ", "UZB"), ("UGA", "ETH", "RWA"), ("EST", "FIN", "DNK", "NZL", "AZE", "TUR"))


@dataclass(frozen=True)
class Vintage:
    """A dataset as answers are made of it, and the rows a reader downloads of it."""

    ctx: Context
    published: Published

    @cached_property
    def comparable(self) -> dict[str, dict[str, Row]]:
        """Indicator → country → its latest figure, where it may be compared at all."""
        return {
            name: {
                country: row
                for country, row in rows.items()
                if not is_unmodified_only(row["source"]) and not is_claim(self.ctx.book.metrics[name], row)
            }
            for name, rows in read_latest(self.published).items()
            if self.ctx.book.metrics[name].quantity and self.ctx.book.metrics[name].unit != "yes_no"
        }


@pytest.fixture(scope="module", params=["", f"?as_of={FIRST}"], ids=["newest", "first"])
def vintage(
    request: pytest.FixtureRequest, embedded_settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Vintage:
    """The newest vintage, and the first."""
    path = tmp_path_factory.mktemp("download") / "dataset.parquet"
    published = download(embedded_settings, path, f"/api/v1/dataset.parquet{request.param}")
    with use(embedded_settings.data_dir):
        return Vintage(open_context("en", FIRST if request.param else None), published)


def measure_all(vintage: Vintage, country: str, peers: tuple[str, ...]) -> Mapping[str, Gap]:
    """The gaps of a country that the rows give; of two scales of one indicator the first."""
    gaps = {}
    for name, rows in vintage.comparable.items():
        metric = vintage.ctx.book.metrics[name]
        second = name.endswith("_score") and name.removesuffix("_score") in vintage.comparable
        if country in rows and metric.direction in ("higher", "lower") and not second:
            gap = measure(country, peers, rows, metric.direction)
            if gap:
                gaps[name] = gap
    return gaps


def test_every_country_among_its_peers(vintage: Vintage) -> None:
    judged = 0
    for country in vintage.ctx.book.countries:
        peers = tuple(one["iso3"] for one in view_peers(vintage.ctx, country)["peers"])
        told = {it.metric.id: it for it in list_standings(vintage.ctx, country) if it.gap}
        gaps = measure_all(vintage, country, peers)
        assert set(told) == set(gaps), country
        assert {name: it.verdict for name, it in told.items()} == judge(gaps), country
        for name, gap in gaps.items():
            judged += 1
            shown = told[name].gap
            assert (shown.better, shown.worse, frozenset(shown.peers)) == (gap.better, gap.worse, gap.peers)
            assert (shown.difference, shown.std_error) == pytest.approx((gap.difference, gap.error))
            assert (shown.margin or 0.0) == pytest.approx(gap.margin)
    with_errors = any(read_error(row) is not None for rows in vintage.comparable.values() for row in rows.values())
    assert bool(judged) == with_errors


def test_every_pair_of_a_comparison(vintage: Vintage) -> None:
    for group in GROUPS:
        for name, metric in vintage.ctx.book.metrics.items():
            judged = judge_all(metric, group, find_rows(vintage.ctx, [metric], group, None, None)[name])
            rows = {iso3: row for iso3, row in vintage.comparable.get(name, {}).items() if iso3 in group}
            apart, tested = find_apart(rows)
            assert {tuple(sorted((it.first, it.second))) for it in judged.tested} == tested
            different = {
                (it.first, it.second) if (it.difference or 0.0) > 0 else (it.second, it.first)
                for it in judged.tests
                if it.verdict == "different"
            }
            assert different == apart
            for it in judged.tests:
                if it.reason == "error_unknown":
                    assert is_like(rows[it.first], rows[it.second])


def _rank_again(vintage: Vintage, name: str, chosen: tuple[str, ...], group: set[str]) -> dict[str, tuple[int, int]]:
    metric = vintage.ctx.book.metrics[name]
    rows = {iso3: row for iso3, row in vintage.comparable.get(name, {}).items() if iso3 in group}
    dated = {iso3: row for iso3, row in rows.items() if row["year"] is not None}
    texts = [row["value_text"] for row in rows.values() if row["value_text"]]
    step = 10.0 ** -max(map(count_published_decimals, texts)) if texts else 0.0
    return rank(dated, metric.direction, chosen, metric.has_published_errors, step)


def test_every_rank_of_adopters_and_of_all_countries(vintage: Vintage) -> None:
    adopters, seen = set(list_adopters(vintage.ctx)), 0
    for name, metric in vintage.ctx.book.metrics.items():
        if metric.direction not in ("higher", "lower") or not metric.quantity or metric.unit == "yes_no":
            continue
        for chosen in GROUPS:
            chart = build_chart(ask_chart(vintage.ctx, "ranking", name, chosen))
            ranks = {
                row["country"]: (row["rank_best"], row["rank_worst"])
                for row in chart.rows
                if row["rank_best"] is not None
            }
            assert ranks == _rank_again(vintage, name, chosen, {*chosen, *adopters}), (name, chosen)
            seen += len(ranks)
    assert seen > 1000


def test_a_ranking_never_tells_apart_what_the_pairs_beside_it_do_not(vintage: Vintage) -> None:
    for group in GROUPS:
        for name in vintage.comparable:
            (shown,) = compare(vintage.ctx, name, group)["metrics"]
            chart = build_chart(ask_chart(vintage.ctx, "ranking", name, group))
            ranks = {row["country"]: row for row in chart.rows if row["rank_best"] is not None}
            alike = [
                (line["iso3"], head["iso3"])
                for line in shown["pairs"]["rows"]
                for head, cell in zip(shown["pairs"]["heads"], line["cells"], strict=False)
                if cell["kind"] == "alike"
            ]
            for one, other in alike:
                if one in ranks and other in ranks:
                    best = max(ranks[one]["rank_best"], ranks[other]["rank_best"])
                    assert best <= min(ranks[one]["rank_worst"], ranks[other]["rank_worst"]), (name, one, other)
