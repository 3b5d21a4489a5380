"""Goals, targets and official indicators list what is linked to them; reports are named by what was asked."""

from typing import Any

import pytest

from dashboard.answers.base.context import Context, open_context
from dashboard.answers.goals.framework import describe_change, view_framework
from dashboard.answers.goals.goals import list_goals, view_goal, view_target
from dashboard.answers.goals.principles import list_themes
from dashboard.answers.holdings.coverage import is_empty
from dashboard.answers.mapping.page import view_mapping
from dashboard.answers.reports.query import ask_annex, ask_country, ask_programme
from dashboard.answers.wording.evidence import build_evidence_bar
from dashboard.evidence.codebook import load_codebook
from dashboard.locales import LANGUAGES
from tests.answers.published import ask_nothing_held
from tests.checks import all_of

pytestmark = pytest.mark.usefixtures("embedded")

BOOK = load_codebook()
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
        assert all_of(str(number) in text for number in (len(linked), *counts))


def test_every_target_and_official_indicator_lists_what_is_linked_to_it(ctx: Context) -> None:
    for code in [*list(BOOK.targets)[::9], "16.6", "16.5", "1.4"]:
        view = view_target(ctx, code)
        _mapped(_linked(target=code), view["indicators"], view["text"])
        assert [one["code"] for one in view["sdg_indicators"]] == [
            one.code for one in BOOK.sdg_indicators.values() if one.target == code
        ]
        for one in view["sdg_indicators"]:
            assert one["indicators"] == len(_linked(sdg_indicator=one["code"]))


def test_a_goal_counts_its_targets_and_the_indicators_linked_to_any_of_them() -> None:
    for view in list_goals(open_context()):
        codes = {code for code, it in BOOK.targets.items() if it.goal == view["number"]}
        ours = [it.id for it in BOOK.metrics.values() if any(link.target in codes for link in it.links)]
        having = [id_ for id_ in ours if not is_empty(open_context(), id_)]
        assert (view["targets"], view["indicators"], view["with_data"]) == (len(codes), len(ours), len(having))
        assert (str(len(having)) if ours else "No indicator") in view["text"]
        assert sum(view["bar"]["counts"]) == len(ours)
        assert sum(view["bar"]["counts"][:3]) == len(having), "what is linked to a goal has a strength"
        page = view_goal(open_context(), view["number"])
        assert {one["code"] for one in page["targets"]} | {one["code"] for one in page["others"]} == codes
        assert all(one["indicators"] for one in page["targets"])
        assert all(sum(one["bar"]["counts"]) == len(one["indicators"]) for one in page["targets"])
        assert not any(one["indicators"] for one in page["others"])


def test_a_report_is_named_and_addressed_by_what_is_not_usual() -> None:
    ctx = open_context(as_of="2026-11-26")
    brief, other = ask_country(ctx, "uzb"), ask_country(ctx, "UZB", "sdsn", "https://a.example/")
    programme, annex = ask_programme(ctx, "oecd", "operating"), ask_annex(ctx, "UZB")
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


def test_a_bar_of_a_theme_counts_each_indicator_once_by_its_strongest_link() -> None:
    views = list_themes(open_context())
    longest = max(len(view["indicators"]) for view in views)
    for view in views:
        ours = [it for it in BOOK.metrics.values() if it.theme == view["id"]]
        empty = [is_empty(open_context(), it.id) for it in ours]
        best = [min((STRENGTHS.index(link.strength) for link in it.links), default=3) for it in ours]
        counts = [sum(place == one and not none for place, none in zip(best, empty, strict=True)) for one in range(4)]
        bar = view["evidence"]["bar"]
        assert bar["counts"] == [*counts, sum(empty)]
        assert bar["widths"] == [f"{100 * count / longest:.2f}%" for count in bar["counts"]]
        assert all_of(str(count) in bar["text"] for count in bar["counts"] if count)


def test_a_bar_of_nothing_says_so_and_has_no_length() -> None:
    assert build_evidence_bar(open_context(), (0,) * 5, 0) == {
        "counts": [0] * 5, "widths": ["0.00%"] * 5, "text": "nothing is linked"
    }  # fmt: skip


def test_what_is_proven_is_entered_and_what_is_not_is_listed_only() -> None:
    book, view = load_codebook(), view_framework(ask_nothing_held())
    kinds = {one["code"]: one["kind"] for one in view["changes"]}
    assert kinds == {"2.2.4": "new", "3.8.2": "revised", "3.b.3": "unconfirmed"}
    assert (view["entered"], view["announced"]) == (2, 11)
    for one in view["changes"]:
        now = one["title_before"] if one["kind"] == "unconfirmed" else one["title_after"]
        assert book.sdg_indicators[one["code"]].title["en"] == now
        assert bool(one["proof"]) == (one["kind"] != "unconfirmed")
    entered = [book.sdg_indicators[code] for code, kind in kinds.items() if kind != "unconfirmed"]
    assert [(it.tier, {*it.title}) for it in entered] == [("", {"en"})] * 2, "no tier, no other language was found"


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_mapping_names_the_edition_and_every_change(lang: str) -> None:
    ctx = open_context(lang)
    view = view_framework(ctx)
    assert "2025" in view["edition"]
    page = view_mapping(ctx, {})
    assert page["framework"] == view["text"]
    assert page["changes"] == [describe_change(ctx, one) for one in view["changes"]]
    assert len({*page["changes"]}) == 3


@pytest.mark.usefixtures("embedded")
def test_a_target_says_that_a_tier_is_not_known() -> None:
    cards = {one["code"]: one for one in view_target(open_context(), "3.8")["sdg_indicators"]}
    assert (cards["3.8.2"]["tier"], cards["3.8.2"]["tier_text"]) == ("", "Tier: not known")
    assert cards["3.8.1"]["tier_text"].endswith("30 November 2022")
