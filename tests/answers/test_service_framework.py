"""The edition of the SDG framework: what is proven of its last review is entered, the rest is listed."""

import pytest

from dashboard.answers.base.context import open_context
from dashboard.answers.goals.framework import describe_change, view_framework
from dashboard.answers.goals.goals import view_target
from dashboard.answers.mapping.page import view_mapping
from dashboard.evidence.codebook import load_codebook
from dashboard.locales import LANGUAGES
from tests.answers.published import ask_nothing_held


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
