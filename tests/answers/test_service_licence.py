"""Figures that a licence allows only as published: they are shown, and no number of ours is made of them anywhere."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.answers.base.context import Context, open_context
from dashboard.answers.charts.build import build_chart
from dashboard.answers.charts.query import ask_chart
from dashboard.answers.compare.compare import compare
from dashboard.answers.countries.country import view_country
from dashboard.answers.effects.query import METHODS as OF_EFFECTS
from dashboard.answers.effects.query import ask_plan as ask_effect
from dashboard.answers.effects.query import build_outcome, list_outcomes
from dashboard.answers.freshness.sources import view_sources
from dashboard.answers.progress.progress import assess_indicator
from dashboard.answers.revisions import news
from dashboard.answers.revisions.revisions import view_revisions
from dashboard.locales import LANGUAGES, t
from tests.answers.published import publish_states, use
from tests.checks import all_of
from tests.evidence.database.figures import figure, figures

METRIC = "ti_cpi"
COUNTRIES = ("AZE", "GEO", "KAZ", "UZB")
SIGNED = re.compile(r"[+−]\d")
embedded = pytest.mark.usefixtures("embedded")


@embedded
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_change_of_theirs_is_computed_on_pages_and_in_reports(lang: str) -> None:
    ctx, why = open_context(lang), t("answers.change.refused_licence", lang)
    rows = [row for theme in view_country(ctx, "AZE")["themes"] for row in theme["rows"] if row["indicator"] == METRIC]
    view = compare(ctx, METRIC, COUNTRIES)
    cells = [cell for row in view["heat"] for cell in row["cells"]]
    assert {(it["change"], it["change_text"]) for it in (*rows, *view["metrics"][0]["lines"], *cells)} == {("", why)}
    assert {cell["shade"] for cell in cells} == {0}, "a fifth of all countries is a place among them"
    assert all_of(line["latest"]["value"] is not None for line in view["metrics"][0]["lines"]), "the scores stand"
    for verdict in assess_indicator(ctx, METRIC, COUNTRIES, "sdsn")["verdicts"]:
        assert not SIGNED.search(verdict["instead"])


@embedded
def test_no_licence_is_said_to_forbid_what_it_allows(ctx: Context) -> None:
    """CC BY allows derived works: where a keeper of copies states it, we are careful, and say that it is we who are."""
    careful = {one["id"]: one for one in view_sources(ctx)["sources"] if one["redistribution"] == "unmodified"}
    assert {id_ for id_, one in careful.items() if one["licence"].startswith("CC BY 4.0")} == {"gcb", "owid"}
    for one in careful.values():
        restriction = t("reuse.restriction.unmodified", "en")
        for said in (one["redistribution_text"], restriction):
            assert "or the publisher’s own terms could not be read" in said
    row = next(row for theme in view_country(ctx, "SEN")["themes"] for row in theme["rows"]
               if row["indicator"] == "bribe_documents")  # fmt: skip
    assert row["compare_note"] == "No median: figures of Global Corruption Barometer are shown only as published."


@embedded
@pytest.mark.parametrize("countries", [COUNTRIES[:1], COUNTRIES])
@pytest.mark.parametrize("kind", ["trend", "slope", "dumbbell", "multiples", "aligned", "beside", "distribution"])
def test_no_chart_says_how_far_they_moved(kind: str, countries: tuple[str, ...]) -> None:
    said = build_chart(
        ask_chart(open_context(), kind, METRIC, countries[:1] if kind == "beside" else countries)
    ).sentence
    assert not SIGNED.search(said)
    assert "beyond" not in said
    assert "within the published" not in said
    if kind == "trend":
        assert "only as published" in said
        assert "; not comparable" not in said


@embedded
def test_the_colours_of_a_map_are_of_the_scale_and_not_of_the_figures() -> None:
    classes = build_chart(ask_chart(open_context(), "map", METRIC)).spec["datasets"]["classes"]
    assert [one["from"] for one in classes[1:]] == ["20", "40", "60", "80"]
    bribes = build_chart(ask_chart(open_context(), "map", "bribe_documents")).spec["datasets"]["classes"]
    ends = [float(one[end].rstrip(" %")) for one in bribes for end in ("from", "to")]
    assert ends == sorted(ends), "no class lies beyond the figures"
    assert "Colours follow fixed limits." in build_chart(ask_chart(open_context(), "world", METRIC)).sentence


@embedded
@pytest.mark.parametrize("method", OF_EFFECTS)
def test_no_effect_is_estimated_from_them(method: str) -> None:
    from dashboard.analysis.measures.effects.study import run_study

    assert METRIC not in {metric.id for metric in list_outcomes(open_context())}
    query = ask_effect(open_context(), method, METRIC, "UZB" if method == "synthetic_control" else "")
    result = run_study(query.plan, build_outcome(query))
    assert "outcome_as_published_only" in result["reasons"]
    assert result["estimate"] is None
    for lang in LANGUAGES:
        assert t("effects.refused.outcome_as_published_only", lang)


@pytest.fixture
def of_revisions(tmp_path: Path) -> Iterator[None]:
    """A score of each of two publishers was revised; the licence of one allows only the scores."""
    states = [
        figures(
            figure(score, indicator=METRIC, source="cpi", series="CPI score", unit="score", period="2023"),
            figure(users, indicator="internet_users", source="world_bank", series="IT.NET.USER.ZS", period="2023"),
        )
        for score, users in ((30.0, 80.0), (33.0, 85.0))
    ]
    publish_states(tmp_path, *states)
    with use(tmp_path):
        yield


@pytest.mark.usefixtures("of_revisions")
def test_a_revision_is_told_by_both_figures_and_never_by_their_difference(ctx: Context) -> None:
    (score,), (users,) = (view_revisions(ctx, metric)["rows"] for metric in (METRIC, "internet_users"))
    assert (score["before"], score["after"]) == ("30", "33")
    assert score["difference"] == "not computed: the licence allows figures only as published"
    assert users["difference"].startswith("+5")
    told = {
        row["indicator"]: row["size"]
        for row in news.read_page(ctx, news.select_news(ctx, kinds=("revised",)), 9)["rows"]
    }
    assert told == {METRIC: None, "internet_users": 5.0}
