"""The first screen of a country: its places, orders and marks are computed from its figures."""

from dataclasses import replace
from typing import Any, cast

import pytest

from dashboard.codebook import load_codebook
from dashboard.services.base.context import Context, open_context
from dashboard.services.base.rows import find_latest, has_figure, select_shown
from dashboard.services.charts.build import chart_of
from dashboard.services.charts.query import ask
from dashboard.services.countries.country import view_country
from dashboard.services.countries.goal_strip import build_goal_strip
from dashboard.services.countries.peers import shortlist_peers, view_peers
from dashboard.services.countries.reported import list_agency_reports, list_voices
from dashboard.services.countries.summary import summarise_country
from dashboard.services.countries.weakest import find_extremes
from dashboard.services.holdings.medians import compute_medians
from dashboard.services.progress.assessment import assess_lines
from dashboard.services.progress.statuses import TONES, choose_tone, name_status

pytestmark = pytest.mark.usefixtures("embedded")

WGI = ("wgi_cc", "wgi_ge", "wgi_pv", "wgi_rl", "wgi_rq", "wgi_va")


def _better(iso3: str) -> list[tuple[float, str, int, int]]:
    """Share, indicator, how many and of how many countries are better by more than 1.645 standard errors of both."""
    places = []
    for metric in WGI:
        held = find_latest(open_context("en", "2026-11-24"), metric)
        newest = max(row["year"] for row in held.values())
        rows = {code: (row["value"], row["std_error"]) for code, row in held.items() if row["year"] == newest}
        value, error = rows[iso3]
        better = sum(other - value > 1.645 * (error**2 + its**2) ** 0.5 for other, its in rows.values())
        places.append((better / (len(rows) - 1), metric, better, len(rows) - 1))
    return sorted(places, key=lambda place: (-place[0], place[1]))


@pytest.mark.parametrize("iso3", ["AZE", "UZB", "SOM", "DNK"])
def test_the_weakest_are_those_in_which_most_countries_are_better_beyond_the_errors(iso3: str) -> None:
    ctx, places = open_context("en", "2026-11-24"), _better(iso3)
    weak = [place for place in places[:2] if place[0] > 0]
    found = find_extremes(ctx, iso3, 2)[1]
    assert [(one["indicator"], one["share"]) for one in found] == [
        (metric, round(share, 3)) for share, metric, _, _ in weak
    ]
    for one, (_, _, better, of) in zip(found, weak, strict=True):
        own = find_latest(ctx, one["indicator"])[iso3]
        figure = f"{own['value']:.2f} in {own['year']}".replace("-", "−")
        assert one["text"] == f"{figure}: {better} of {of} countries score significantly better"
    strong, weak_three = find_extremes(ctx, iso3)
    assert [one["indicator"] for one in weak_three] == [metric for share, metric, *_ in places[:3] if share > 0]
    assert [one["indicator"] for one in strong] == [metric for share, metric, *_ in reversed(places[3:]) if share < 1]
    one, other = find_extremes(ctx, iso3, 1)
    assert (len(one), len(other)) == (1, int(places[0][0] > 0))


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
    trend = chart_of(ask(open_context(), "trend", indicator, (iso3,))).spec["datasets"]["figures"]
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
def test_a_goal_counts_its_indicators_its_direct_ones_and_their_statuses(iso3: str) -> None:
    ctx = open_context()
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
        assert goal["newest"] == max((figures[metric]["year"] or 0 for metric in having), default=0) or not having
        judged = [rows[metric] for metric in direct if metric in rows]
        statuses = [name_status(ctx, row["status"], row["target"]) for row in judged if choose_tone(row) != "none"]
        words = dict.fromkeys(text for one in TONES for text in (name_status(ctx, one), name_status(ctx, one, None)))
        said = [f"{text}: {statuses.count(text)}" for text in words if text in statuses]
        without = len(judged) - len(statuses)
        assert goal["status_text"] == "; ".join([*said, *([f"no status: {without}"] if without else [])])


def test_reports_of_the_agency_are_the_newest_first_and_surveys_of_others_are_not_its_own() -> None:
    ctx = open_context()
    rows = [row for row in ctx.book.agency_reports if row["country"] == "AZE"]
    told = list_agency_reports(ctx, "AZE")
    assert [one["source"] for one in told] == [
        row["source"] for row in sorted(rows, key=lambda row: (row["date"], row["metric"]), reverse=True)
    ]
    agency, users, _ = list_voices(ctx, "AZE", {})
    satisfaction = [one for one in told if one["metric"].startswith("satisfaction")]
    assert [one["evidence_level"] < 3 for one in agency["reports"]] == [True] * len(agency["reports"])
    assert all(one["evidence_level"] >= 3 for one in users["reports"])
    assert len(agency["reports"]) + len(users["reports"]) == len(satisfaction)
    level = replace(ctx, book=replace(ctx.book, version="third party", agency_reports=tuple(
        {**row, "evidence_level": "3"} for row in rows)))  # fmt: skip
    assert [len(voice["reports"]) for voice in list_voices(level, "AZE", {})] == [0, len(satisfaction), 0]


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


def test_a_short_list_has_three_of_the_region_and_is_in_the_order_of_peers() -> None:
    ctx = open_context()
    every = [one["iso3"] for one in view_peers(ctx, "UZB", 250)["peers"]]
    found = [one["iso3"] for one in shortlist_peers(ctx, "UZB", ("KAZ",), 8)]
    assert found == [iso3 for iso3 in every if iso3 in found]
    near = [iso3 for iso3 in every if ctx.book.countries[iso3].subregion == "Central Asia" and iso3 != "KAZ"]
    assert set(near[:3]) <= set(found)
    rest = [iso3 for iso3 in every if iso3 != "KAZ" and iso3 not in near[:3]]
    assert set(found) == {*near[:3], *rest[: 8 - len(near[:3])]}
    assert len(view_peers(ctx, "UZB")["peers"]) == 12
    assert view_peers(ctx, "UZB")["total"] == len(every)
