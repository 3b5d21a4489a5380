"""Goals, targets and official indicators list what is linked to them; reports and effects say what was asked."""

from typing import Any

import pytest

from dashboard.codebook import codebook
from dashboard.services.base.context import context
from dashboard.services.effects import wording
from dashboard.services.effects.query import ask, donors, events_of, figures_of
from dashboard.services.goals.goals import goal, goals, sdg_indicator, target
from dashboard.services.holdings.coverage import is_empty
from dashboard.services.reports.query import of_annex, of_country, of_programme

pytestmark = pytest.mark.usefixtures("embedded")

BOOK = codebook()
STRENGTHS = ("direct", "proxy", "enabling")


def _linked(**wanted: str) -> dict[str, str]:
    """Indicator → the strongest of its links to a target or an official indicator."""
    (part, code), *_ = wanted.items()
    found = {
        it.id: [STRENGTHS.index(link.strength) for link in it.links if getattr(link, part) == code]
        for it in BOOK.metrics.values()
    }
    return {id_: STRENGTHS[min(own)] for id_, own in found.items() if own}


def _mapped(linked: dict[str, str], cards: list[Any], text: str) -> None:
    """The cards are those linked: strongest first, then those with figures, then by name; the text counts them."""
    assert {card["id"]: card["strength"] for card in cards} == linked
    places = [(STRENGTHS.index(card["strength"]), card["empty"], card["name"].casefold()) for card in cards]
    assert places == sorted(places)
    if linked:
        counts = [list(linked.values()).count(strength) for strength in STRENGTHS]
        assert all(str(number) in text for number in (len(linked), *counts))


def test_every_target_and_official_indicator_lists_what_is_linked_to_it() -> None:
    ctx = context()
    for code in [*list(BOOK.targets)[::9], "16.6", "16.5", "1.4"]:
        view = target(ctx, code)
        _mapped(_linked(target=code), view["indicators"], view["text"])
        assert [one["code"] for one in view["sdg_indicators"]] == [
            one.code for one in BOOK.sdg_indicators.values() if one.target == code
        ]
        for one in view["sdg_indicators"]:
            assert one["indicators"] == len(_linked(sdg_indicator=one["code"]))
    for code in [*list(BOOK.sdg_indicators)[::17], "16.6.2", "16.5.1"]:
        official = sdg_indicator(ctx, code)
        _mapped(_linked(sdg_indicator=code), official["indicators"], official["text"])
        assert official["title_note"] == ""
        assert (sdg_indicator(context("az"), code)["title_note"] != "") == ("az" not in BOOK.sdg_indicators[code].title
            or BOOK.sdg_indicators[code].titles_follow_older_text)  # fmt: skip


def test_a_goal_counts_its_targets_and_the_indicators_linked_to_any_of_them() -> None:
    for view in goals(context()):
        codes = {code for code, it in BOOK.targets.items() if it.goal == view["number"]}
        ours = [it.id for it in BOOK.metrics.values() if any(link.target in codes for link in it.links)]
        having = [id_ for id_ in ours if not is_empty(context(), id_)]
        assert (view["targets"], view["indicators"], view["with_data"]) == (len(codes), len(ours), len(having))
        assert (str(len(having)) in view["text"]) or not ours
        page = goal(context(), view["number"])
        assert {one["code"] for one in page["targets"]} | {one["code"] for one in page["others"]} == codes
        assert all(one["indicators"] for one in page["targets"])
        assert not any(one["indicators"] for one in page["others"])


def test_a_report_is_named_and_addressed_by_what_is_not_usual() -> None:
    ctx = context(as_of="2026-11-26")
    brief, other = of_country(ctx, "uzb"), of_country(ctx, "UZB", "sdsn", "https://a.example/")
    programme, annex = of_programme(ctx, "oecd", "operating"), of_annex(ctx, "UZB")
    assert brief.path == "/en/countries/UZB/?as_of=2026-11-26"
    assert other.path == "/en/countries/UZB/?method=sdsn&as_of=2026-11-26"
    assert other.base == "https://a.example"
    assert programme.path == "/en/progress/?method=oecd&rule=operating&as_of=2026-11-26"
    assert brief.file("pdf") == "/api/v1/reports/country/UZB.pdf?lang=en&as_of=2026-11-26"
    assert programme.file("xlsx") == (
        "/api/v1/reports/programme.xlsx?lang=en&method=oecd&rule=operating&as_of=2026-11-26"
    )
    assert [one.filename("pdf") for one in (brief, other, programme, annex)] == [
        "country_UZB_en_2026-11-26.pdf", "country_UZB_en_sdsn_2026-11-26.pdf",
        "programme_en_oecd_operating_2026-11-26.pdf", "vnr_UZB_en_2026-11-26.pdf",
    ]  # fmt: skip


RESULT: dict[str, Any] = {
    "verdict": "no_detectable_effect", "counts": {"pre": 12, "post": 4, "donors": 30, "treated": 1}, "reasons": [],
    "doubts": [], "estimate": 0.1234, "p": 0.25, "floor": 0.0323, "in_time": {"year": 2015, "att": -0.05},
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
    class Kept:
        """A job whose result is given."""

        def result(self, _: str) -> Any:
            return RESULT | changes

        def plan(self, _: str) -> Any:
            return {"plan": {"outcome": "wgi_cc"}}

    monkeypatch.setattr(wording, "jobs", Kept)
    monkeypatch.setattr(wording, "addresses", lambda *_: [])
    return wording.result_view(context(), "0123456789abcdef-01234567")


def test_a_result_is_told_with_every_number_it_has_and_nothing_for_those_it_has_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = _told(monkeypatch)
    facts = [fact["text"] for fact in told["facts"]]
    assert len(facts) == 5
    assert facts[:3] == ["+0.12", "0.250", "0.032"]
    assert "2015" in facts[3]
    assert "−0.05" in facts[3]
    assert "−0.02" in facts[4]
    assert "+0.26" in facts[4]
    assert [(row["name"], row["weight"], row["without"]) for row in told["weights"]] == [
        ("Armenia", "0.999", "−0.20"), ("Kazakhstan", "0.001", ""),
    ]  # fmt: skip
    whole, without = told["sets"]
    assert whole["label"] != without["label"]
    assert (whole["donors"], whole["estimate"], whole["fit"], whole["floor"]) == ("3", "+0.12", "0.500", "0.250")
    assert all(part in whole["place"] for part in ("2", "4", "0.500"))
    assert (without["estimate"], without["fit"], without["place"], whole["note"]) == ("", "", "", "")
    assert without["note"]
    assert [(row["time"], row["effect"], bool(row["interval"])) for row in told["events"]] == [
        ("−1", "0.00", False), ("+2", "+0.30", True),
    ]  # fmt: skip
    assert told["left_out"] == "Azerbaijan and Uzbekistan"
    nothing = _told(monkeypatch, p=None, in_time=None, error_interval=None, estimate=None, pre_p=0.75)
    assert [fact["text"] for fact in nothing["facts"]] == ["0.750"]


def test_a_plan_offers_what_could_be_chosen_instead() -> None:
    ctx = context()
    asked = ask(ctx, "synthetic_control", "wgi_ge", "ETH", without=("KEN",))
    view = wording.plan_view(asked, removed=("KEN",))
    proposed = donors(ctx, figures_of(ctx, asked.metric), "ETH", asked.plan.first, asked.plan.last)
    assert {one["iso3"] for one in view["donors"]} == set(proposed)
    places = [(-len(proposed[one["iso3"]]), one["name"]) for one in view["donors"]]
    assert [count for count, _ in places] == sorted(count for count, _ in places)
    assert [one["iso3"] for one in view["donors"] if one["removed"]] == [code for code in ("KEN",) if code in proposed]
    assert [one["id"] for one in view["events"]] == [it.id for it in events_of(ctx, "ETH")]
    assert [one["id"] for one in view["events"] if one["chosen"]] == ["ETH-02"]
    assert [one["id"] for one in view["outcomes"] if one["chosen"]] == ["wgi_ge"]
    assert [one["id"] for one in view["countries"] if one["chosen"]] == ["ETH"]
    labels = [one["label"].casefold() for one in view["outcomes"]]
    assert labels == sorted(labels)
    assert {asked.plan.first, asked.plan.last} <= set(view["years"])
    group = wording.plan_view(ask(ctx, "callaway_santanna", "wgi_ge", event="mou"))
    assert [one["id"] for one in group["events"] if one["chosen"]] == ["mou"]
    assert (group["donors"], group["country"], group["event"]) == ([], "", "mou")
