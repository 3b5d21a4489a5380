"""The first screen of a country: its places, orders and marks are computed from its figures."""

from typing import Any, cast

import pytest

from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.rows import find_latest, has_figure, select_shown
from dashboard.answers.charts.build import build_chart
from dashboard.answers.charts.query import ask_chart
from dashboard.answers.countries.country import view_country
from dashboard.answers.countries.goal_strip import build_goal_strip
from dashboard.answers.countries.reported import list_voices
from dashboard.answers.countries.summary import summarise_country
from dashboard.answers.countries.weakest import Rank, find_extremes, select_extremes
from dashboard.answers.holdings.medians import compute_medians
from dashboard.answers.progress.assessment import assess_lines
from dashboard.answers.progress.statuses import TONES, choose_tone, name_status
from dashboard.evidence.codebook import load_codebook
from tests.verdicts.comparing import find_apart

pytestmark = pytest.mark.usefixtures("embedded")

WGI = ("wgi_cc", "wgi_ge", "wgi_pv", "wgi_rl", "wgi_rq", "wgi_va")


def _better(iso3: str) -> list[tuple[float, str, int, int]]:
    """Share, indicator, how many and of how many countries are better beyond the error of all pairs of countries."""
    places = []
    for metric in WGI:
        held = find_latest(open_context("en", "2026-11-24"), metric)
        newest = max(row["year"] for row in held.values())
        rows = {code: row for code, row in held.items() if row["year"] == newest}
        better = sum(behind == iso3 for _, behind in find_apart(rows)[0])
        places.append((better / (len(rows) - 1), metric, better, len(rows) - 1))
    return sorted(places, key=lambda place: (-place[0], place[1]))


@pytest.mark.parametrize("iso3", ["AZE", "UZB", "SOM", "DNK", "EST"])
def test_strong_and_weak_are_those_in_which_most_countries_are_worse_or_better(iso3: str) -> None:
    ctx = open_context("en", "2026-11-24")
    strong, weak = find_extremes(ctx, iso3, 99)
    better = {metric: (round(share, 3), count, of) for share, metric, count, of in _better(iso3)}
    assert strong or weak
    for rows in (strong, weak):
        sources = {find_latest(ctx, row["indicator"])[iso3]["source"] for row in rows}
        assert len(sources) != 1, "one publisher alone names nothing"
        assert [row for row in rows if row["share"] <= 0.5] == []
    named = {row["indicator"]: row for row in weak}
    for metric, (share, count, of) in better.items():
        assert (metric in named) == bool(weak and share > 0.5)
        if metric in named:
            assert named[metric]["share"] == share
            assert f"{count} of {of} comparable countries score significantly better" in named[metric]["text"]
    assert not {row["indicator"] for row in strong} & {row["indicator"] for row in weak}


@pytest.mark.parametrize(("half", "named"), [(0, False), (1, True)])
def test_a_country_at_the_middle_is_neither_strong_nor_weak(half: int, named: bool) -> None:
    ranks = [Rank(name, source, 50 + half, 50 - half, 100) for name, source in (("a", "one"), ("b", "two"))]
    assert bool(select_extremes(ranks, "better")) == named
    assert select_extremes(ranks, "worse") == []
    assert select_extremes(ranks[:1] * 2, "better") == [], "one source"


@pytest.mark.parametrize("iso3", ["AZE", "UZB", "FRA", "AND"])
def test_three_lines_of_integrity_and_two_of_services_stand_what_is_direct_before_the_rest(iso3: str) -> None:
    view, book = view_country(open_context(), iso3), load_codebook().metrics
    order = list(book)
    drawn = [
        row["indicator"] for theme in view["themes"] for row in theme["rows"]
        if row["figure"]["value"] is not None and book[row["indicator"]].quantity
        and book[row["indicator"]].unit != "yes_no" and book[row["indicator"]].links
    ]  # fmt: skip
    drawn.sort(key=lambda metric: (
        not any(link.strength == "direct" for link in book[metric].links),
        order.index(metric),
    ))  # fmt: skip
    integrity, service = (
        [metric for metric in drawn if book[metric].theme == theme] for theme in ("integrity", "service")
    )
    assert [row["indicator"] for row in view["summary"]["rows"]] == integrity[:3] + service[:2]
    assert "wgi_ge" in [row["indicator"] for row in view["summary"]["rows"]]
    for row in view["summary"]["rows"]:
        past = [
            one
            for one in select_shown(open_context(), (row["indicator"],)).collect().to_dicts()
            if one["country"] == iso3
        ]
        years = sorted(one["year"] for one in past if one["value"] is not None and one["year"])
        assert (row["spark"]["first"], row["spark"]["last"]) == (
            (str(years[0]), str(years[-1])) if len(years) > 1 else ("", "")
        )
    goals = view["summary"]["goals"]
    assert [goal["number"] for goal in goals] == [goal["number"] for goal in view["strip"] if goal["with_data"]]
    without = [str(goal["number"]) for goal in view["strip"] if not goal["with_data"]]
    assert (", ".join(without) in view["summary"]["unmeasured"]) if without else not view["summary"]["unmeasured"]


@pytest.mark.parametrize(
    ("iso3", "indicator", "runs"),
    [("AFG", "unsentenced_detainees", 2), ("MAR", "budget_reliability", 3), ("AZE", "bribery_firms", 3)],
)  # ten years without a figure; two editions; surveys that no line joins
def test_a_small_line_breaks_where_the_trend_does(iso3: str, indicator: str, runs: int) -> None:
    drawn = {row["indicator"]: row["spark"]["path"] for row in view_country(open_context(), iso3)["summary"]["rows"]}
    trend = build_chart(ask_chart(open_context(), "trend", indicator, (iso3,))).spec["datasets"]["figures"]
    assert drawn[indicator].count("M") == len({row["run"] for row in trend}) == runs


def _median(group: str, value: float | None) -> dict[str, Any]:
    years = {"first_year": 2020, "last_year": 2020}
    return {"group": group, "label": group, "value": value, "n": 9, "of": 9, **years, "text": "m"}


@pytest.mark.parametrize(
    ("value", "middles", "limits", "places"),
    [
        (30.0, (("region", 50.0),), (0.0, 100.0), ("30.0%", "50.0%")),
        (30.0, (("region", 50.0),), (-10.0, 70.0), ("50.0%", "75.0%")),
        (30.0, (("region", 50.0),), (None, None), ("33.3%", "66.7%")),  # 10 to 70: as much again on both sides
        (30.0, (("region", 50.0), ("world", 70.0)), (None, None), ("33.3%", "50.0%")),  # −10 to 110
        (30.0, (("region", 50.0),), (0.0, None), ("42.9%", "71.4%")),
        (30.0, (("region", 30.0),), (None, None), ("50.0%", "50.0%")),
        (30.0, (("region", None),), (0.0, 100.0), ("", "")), (30.0, (("world", 50.0),), (0.0, 100.0), ("", "")),
    ],
)  # fmt: skip
def test_a_figure_and_the_median_of_its_region_lie_on_one_scale(
    value: float, middles: tuple[tuple[str, float | None], ...], limits: tuple[float | None, float | None],
    places: tuple[str, str],
) -> None:  # fmt: skip
    rows = [row for theme in view_country(open_context(), "UZB")["themes"] for row in theme["rows"]]
    plain = next(row for row in rows if row["indicator"] == "wgi_cc")
    row = plain | {
        "figure": plain["figure"] | {"value": value}, "medians": [_median(*one) for one in middles],
        "limit_low": limits[0], "limit_high": limits[1], "compare_note": "why none",
    }  # fmt: skip
    heard = view_country(open_context(), "UZB")["voices"]
    (drawn,) = summarise_country(open_context(), "UZB", [cast(Any, row)], {}, heard, [], [])["rows"]
    assert (drawn["at"], drawn["peers_at"]) == places
    assert drawn["peers_text"] == ("m" if places[0] else "why none")


@pytest.mark.parametrize(
    ("figure", "places"),
    [
        ({"value": 81.0}, ("81%", "", "")), ({"value": 81.0, "lower": 78.5, "upper": 83.0}, ("81%", "78.5%", "4.5%")),
        ({"value": 100.0}, ("100%", "", "")), ({"value": 0.0}, ("0%", "", "")), ({"value": 100.5}, ("", "", "")),
        ({"value": -1.0}, ("", "", "")), ({"value": 50.0, "quantity": "50"}, ("", "", "")),
        ({"value": None, "lower": 1.0, "upper": 2.0}, ("", "", "")), ({"value": 81.0, "lower": 78.0}, ("81%", "", "")),
    ],
)  # fmt: skip
def test_a_share_lies_in_its_lane_between_nothing_and_all(figure: dict[str, Any], places: tuple[str, str, str]) -> None:
    heard = view_country(open_context(), "UZB")["voices"]
    household = next(voice for voice in heard if voice["id"] == "household")
    (first, *_) = household["figures"]
    changed = household | {"figures": [first | {"figure": first["figure"] | figure}]}
    lane = summarise_country(open_context(), "UZB", [], {}, [*heard[:2], cast(Any, changed)], [], [])["lanes"][0]
    (drawn,) = lane["figures"]
    assert (drawn["at"], drawn["start"], drawn["width"]) == places
    assert (drawn["badge"] != "") == (first["figure"]["year"] is None)


@pytest.mark.parametrize("iso3", ["AZE", "KAZ", "FRA"])
def test_a_goal_counts_its_indicators_its_direct_ones_and_their_statuses(iso3: str, ctx: Context) -> None:
    figures = {metric: row for metric in ctx.book.metrics if has_figure(row := find_latest(ctx, metric).get(iso3))}
    rows = {row["indicator"]: row for row in assess_lines(ctx, countries=[iso3], methods=["unsd_2026"])}
    for goal in build_goal_strip(ctx, iso3, figures):
        linked = {it.id: {x.strength for x in it.links if x.target.split(".")[0] == str(goal["number"])}
                  for it in ctx.book.metrics.values()}  # fmt: skip
        ours = [metric for metric, strengths in linked.items() if strengths]
        direct = [metric for metric in ours if "direct" in linked[metric]]
        having = [metric for metric in ours if metric in figures]
        measured = [metric for metric in direct if metric in figures]
        kind = "direct" if measured else "indirect" if having else "no_figure" if ours else "not_measured"
        assert (goal["indicators"], goal["with_data"], goal["direct"], goal["evidence"]) == (
            len(ours), len(having), len(direct), kind,
        )  # fmt: skip
        assert goal["newest"] == max((figures[metric]["year"] or 0 for metric in having), default=None)
        judged = [rows[metric] for metric in direct if metric in rows]
        statuses = [name_status(ctx, row["status"], row["target"]) for row in judged if choose_tone(row) != "none"]
        words = dict.fromkeys(text for one in TONES for text in (name_status(ctx, one), name_status(ctx, one, None)))
        said = [f"{text}: {statuses.count(text)}" for text in words if text in statuses]
        without = len(judged) - len(statuses)
        assert goal["status_text"] == "; ".join([*said, *([f"no status: {without}"] if without else [])])


def test_of_what_is_reported_the_best_stands_with_whoever_measured() -> None:
    agency, users, household = list_voices(open_context(), "AZE", {})
    assert [(one["value_text"], one["evidence_level"]) for one in agency["reports"]] == [("more than 99\u00a0%", 1)]
    assert agency["reports"][0]["metric_text"].startswith("Said by Ülvi Mehdiyev")
    assert users["reports"] == household["reports"] == []
    _, users, _ = list_voices(open_context(), "IDN", {})
    assert [one["evidence_level"] for one in users["reports"]] == [3]


def test_a_median_is_of_five_figures_of_the_same_edition_near_the_year() -> None:
    ctx: Context = open_context()
    reference = find_latest(ctx, "egdi")["AZE"]
    held = select_shown(ctx, ("egdi",)).collect().to_dicts()
    same = {row["country"]: row["value"] for row in held if row["edition"] == reference["edition"]}
    codes = sorted(same)
    for members in (codes[:5], codes[:4], codes[:6], codes):
        middle = compute_medians(ctx, {"egdi": reference}, {"some": members})["egdi"]["some"]
        values = sorted(same[code] for code in members)
        half = len(values) // 2
        expected = values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2
        assert middle.n == len(members)
        assert middle.value == (pytest.approx(expected) if len(members) >= 5 else None)
    assert compute_medians(ctx, {"egdi": reference | {"value": None}}, {"some": codes}) == {}
    assert compute_medians(ctx, {"nhri_status_a": find_latest(ctx, "nhri_status_a")["AZE"]}, {"some": codes}) == {}
