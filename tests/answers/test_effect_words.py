"""An effect's plan, result and charts in words: every number there is, and nothing for those there are not."""

import csv
import io
from typing import Any

import pytest

from dashboard.analysis.charts.kinds.effects import COLUMNS
from dashboard.analysis.reports.csv_text import write_csv_file
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Unknown
from dashboard.answers.effects import charts, wording
from dashboard.answers.effects.query import ask_plan, load_figures, propose_donors
from tests.checks import all_of

pytestmark = pytest.mark.usefixtures("embedded")

RESULT: dict[str, Any] = {
    "verdict": "no_detectable_effect", "counts": {"pre": 12, "post": 4, "donors": 30, "treated": 1}, "reasons": [],
    "doubts": [], "estimate": 0.1234, "p": 0.25,
    "draws": [{"p": 0.25}, {"p": 0.05}, {"p": None}, {"p": 0.3}],
    "floor": 0.0323, "in_time": {"year": 2015, "att": -0.05},
    "error_interval": (-0.02, 0.26), "pre_p": None, "weights": {"GEO": 0.0004, "KAZ": 0.0005, "ARM": 0.9991},
    "left_one_out": {"ARM": -0.2}, "left_out": ["UZB", "AZE"], "event_study": [
        {"time": -1, "value": 0.0, "lower": None, "upper": None},
        {"time": 2, "value": 0.3, "lower": 0.1, "upper": 0.5}],
    "sets": [
        {"donors": ["GEO", "ARM", "KAZ"], "att": 0.12, "relative_fit": 0.5, "rank": 2, "p": 0.5, "floor": 0.25,
         "reasons": []},
        {"donors": ["GEO"], "att": None, "relative_fit": None, "rank": None, "p": None, "floor": 0.5,
         "reasons": ["too_few_donors"]},
    ],
}  # fmt: skip


def _told(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> Any:
    monkeypatch.setattr(wording, "list_charts", lambda *_: [])
    return wording.view_result(ask_plan(open_context(), "synthetic_control", "wgi_cc", "UZB"), RESULT | changes)  # type: ignore[arg-type]


def test_a_result_is_told_with_every_number_it_has_and_nothing_for_those_it_has_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = _told(monkeypatch)
    facts = [fact["text"] for fact in told["facts"]]
    assert len(facts) == 6
    assert facts[:2] + facts[3:4] == ["+0.12", "0.250", "0.032"]
    assert facts[2] == "p 0.050 to 0.300; stands out (p at most 0.10) in 1 of 4 draws"
    assert "2015" in facts[4]
    assert "−0.05" in facts[4]
    assert "−0.02" in facts[5]
    assert "+0.26" in facts[5]
    assert [(row["name"], row["weight"], row["without"]) for row in told["weights"]] == [
        ("Armenia", "0.999", "−0.20"), ("Kazakhstan", "0.001", ""),
    ]  # fmt: skip
    whole, without = told["sets"]
    assert whole["label"] != without["label"]
    assert (whole["donors"], whole["estimate"], whole["fit"], whole["floor"]) == ("3", "+0.12", "0.500", "0.250")
    assert all_of(part in whole["place"] for part in ("2", "4", "0.500"))
    assert (without["estimate"], without["fit"], without["place"], whole["note"]) == ("", "", "", "")
    assert without["note"]
    assert [(row["time"], row["effect"], bool(row["interval"])) for row in told["events"]] == [
        ("−1", "0.00", False), ("+2", "+0.30", True),
    ]  # fmt: skip
    assert told["left_out"] == "Azerbaijan and Uzbekistan"
    lots = RESULT["sets"][0] | {"rank": None, "relative_fit": None}
    assert [one["place"] for one in _told(monkeypatch, sets=[lots])["sets"]] == ["p 0.500"]
    nothing = _told(monkeypatch, p=None, draws=[], in_time=None, error_interval=None, estimate=None, pre_p=0.75)
    assert [fact["text"] for fact in nothing["facts"]] == ["0.750"]


def test_a_plan_offers_what_could_be_chosen_instead(ctx: Context) -> None:
    asked = ask_plan(ctx, "synthetic_control", "wgi_ge", "ETH", without=("KEN",))
    view = wording.view_plan(asked, removed=("KEN",))
    proposed = propose_donors(ctx, load_figures(ctx, asked.metric), "ETH", asked.plan.first, asked.plan.last)
    assert {one["iso3"] for one in view["donors"]} == set(proposed)
    places = [(-len(proposed[one["iso3"]]), one["name"]) for one in view["donors"]]
    assert [count for count, _ in places] == sorted(count for count, _ in places)
    assert [one["iso3"] for one in view["donors"] if one["removed"]] == [code for code in ("KEN",) if code in proposed]
    assert all(part in view["draws_text"] for part in (str(asked.plan.drawn), str(len(asked.plan.tied)), "20 draws"))
    assert [one["id"] for one in view["outcomes"] if one["chosen"]] == ["wgi_ge"]
    assert [one["id"] for one in view["countries"] if one["chosen"]] == ["ETH"]
    labels = [one["label"].casefold() for one in view["outcomes"]]
    assert labels == sorted(labels)
    assert {asked.plan.first, asked.plan.last} <= set(view["years"])
    group = wording.view_plan(ask_plan(ctx, "callaway_santanna", "wgi_ge"))
    assert (group["country"], group["draws_text"]) == ("", "")
    own = wording.view_plan(ask_plan(ctx, "callaway_santanna", "wgi_ge", own=("KEN",)), own=("KEN",))
    assert [one["iso3"] for one in own["donors"] if one["own"]] == ["KEN"]
    assert len(own["donors"]) > 40


def test_the_charts_of_a_result_are_those_with_something_to_show() -> None:
    path = [{"year": year, "actual": 1.0, "synthetic": 0.5} for year in (2018, 2019)]
    gaps = {"UZB": {"2018": 0.5, "2019": 0.25}, "KAZ": {"2018": -0.5}}
    result = RESULT | {"path": path, "placebo_gaps": gaps, "event_study": []}
    query = ask_plan(open_context(), "synthetic_control", "wgi_cc", "UZB", without=("KAZ",))
    found = charts.list_charts(query, result, ("KAZ",), ("GEO",))  # type: ignore[arg-type]
    assert [one["url"].split("?")[0] for one in found] == [
        "/api/v1/effects/synthetic.json", "/api/v1/effects/gap.json",
    ]  # fmt: skip
    assert all_of("country=UZB" in one["url"] and "without=KAZ&own=GEO" in one["url"] for one in found)
    assert all_of("Uzbekistan" in one["title"] + one["sentence"] for one in found)
    gaps_drawn = charts.build_chart(query, result, "gap", "light")  # type: ignore[arg-type]
    rows = list(csv.DictReader(io.StringIO(write_csv_file(gaps_drawn.rows, COLUMNS["gap"]).decode())))
    assert {(row["unit"], row["year"], row["gap"], row["treated"]) for row in rows} == {
        ("UZB", "2018", "0.5", "true"), ("UZB", "2019", "0.25", "true"), ("KAZ", "2018", "-0.5", "false"),
    }  # fmt: skip
    assert len(charts.build_chart(query, result, "synthetic", "dark").rows) == 2  # type: ignore[arg-type]
    with pytest.raises(Unknown):
        charts.build_chart(query, result, "map", "light")  # type: ignore[arg-type]
