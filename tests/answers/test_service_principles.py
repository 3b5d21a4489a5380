"""Which principle has the weakest evidence is answered by the rule that the page writes out."""

import pytest

from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.errors import Unknown
from dashboard.answers.goals.principles import list_principles, list_themes, name_weakest, view_principle, view_theme
from dashboard.answers.goals.views import PrincipleView, ThemeView
from tests.answers.shape import faults

STRENGTHS = ("direct", "proxy", "enabling")

pytestmark = pytest.mark.usefixtures("embedded")


def test_places_follow_strength_then_figures_then_coverage() -> None:
    views = sorted(list_principles(open_context()), key=lambda view: view["evidence"]["place"])
    told = [view["evidence"] for view in views]
    keys = [
        (-STRENGTHS.index(it["strongest"]) if it["strongest"] else -9, it["with_figures"], it["covered"]) for it in told
    ]
    assert keys == sorted(keys)
    for (one, key), (other, next_key) in zip(
        zip(told, keys, strict=True), list(zip(told, keys, strict=True))[1:], strict=False
    ):
        assert (one["place"] == other["place"]) == (key == next_key)
    assert told[0]["place"] == 1


def test_evidence_counts_what_the_list_below_it_shows() -> None:
    for view in (*list_principles(open_context()), *list_themes(open_context())):
        it, cards = view["evidence"], view["indicators"]
        having = [card for card in cards if not card["empty"]]
        assert (it["indicators"], it["with_figures"]) == (len(cards), len(having))
        assert it["covered"] == max((card["coverage"]["covered"] for card in having), default=0)
        assert it["latest"] == max((card["coverage"]["last_year"] or 0 for card in having), default=0)
        assert (it["strongest"] == "") == (not having)


def test_a_principle_without_figures_is_weakest_and_says_so() -> None:
    without = [view for view in list_principles(open_context()) if not view["evidence"]["with_figures"]]
    assert without, "the embedded dataset has such a principle"
    for view in without:
        assert view["evidence"]["place"] == 1
        assert "none with figures" in view["evidence"]["text"]


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_shapes_and_unknown_names(lang: str) -> None:
    ctx = open_context(lang)
    assert faults(list_principles(ctx), list[PrincipleView]) == faults(list_themes(ctx), list[ThemeView]) == []
    assert view_principle(ctx, "integrity")["id"] == view_theme(ctx, "integrity")["id"] == "integrity"
    for question in (view_principle, view_theme):
        with pytest.raises(Unknown):
            question(ctx, "honesty")


def test_the_principle_measured_worst_is_named(ctx: Context) -> None:
    """Three are alike: none of them has an indicator with figures."""
    told = name_weakest(ctx)
    weakest = [view["name"] for view in list_principles(ctx) if view["evidence"]["place"] == 1]
    assert len(weakest) == 3
    assert told == (
        "Measured worst, all alike: collaboration, subsidiarity and intergenerational equity. "
        "No indicator linked to them has figures."
    )


def test_a_single_worst_one_is_named_with_its_evidence(monkeypatch: pytest.MonkeyPatch, ctx: Context) -> None:
    views = [view for view in list_principles(ctx) if view["id"] != "x"][:4]
    ranked = [{**view, "evidence": {**view["evidence"], "place": place}} for place, view in enumerate(views, 1)]
    monkeypatch.setattr("dashboard.answers.goals.principles.list_principles", lambda _: ranked)
    told = name_weakest.__wrapped__(ctx)  # type: ignore[attr-defined]  # past the answers kept
    assert told == f"Measured worst: {ranked[0]['name']}. {ranked[0]['evidence']['text']}"
