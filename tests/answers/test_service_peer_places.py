"""Where a country stands among its peers: against their mean, counted by the pairs of Compare, silent with a reason."""

from dataclasses import replace
from itertools import combinations

import pytest

from dashboard.analysis.measures.comparability import MIN_FIGURES
from dashboard.analysis.measures.pairwise import judge_pairs
from dashboard.answers.base.context import Context, open_context
from dashboard.answers.base.rows import find_latest, has_figure, load_holdings
from dashboard.answers.compare.compare import compare
from dashboard.answers.compare.pairs import JudgedPairs
from dashboard.answers.countries.peers import list_peers, view_peers
from dashboard.answers.countries.standing import is_second_scale, list_standings, measure_standing, view_standing
from dashboard.answers.countries.views import StandingView
from dashboard.evidence.codebook import load_codebook
from dashboard.locales import LANGUAGES
from tests.answers.shape import faults

pytestmark = pytest.mark.usefixtures("embedded")

METRIC = load_codebook().metrics["wgi_cc"]
LIKE = {"source": "s", "series": "x", "edition": "e", "unit": "score", "nature": "E", "year": 2023, "status": "normal"}
FIRST = "2026-11-24"
"""A day whose newest edition of the governance indicators has errors."""


def _measured(own: float, others: list[float], direction: str = "higher", **said: object):
    figures = {"OWN": {**LIKE, "value": own, "std_error": 0.1}}
    figures |= {f"P{i:02}": {**LIKE, "value": value, "std_error": 0.1, **said} for i, value in enumerate(others)}
    judged = JudgedPairs(METRIC, judge_pairs(figures, combinations(figures, 2)), figures)
    return measure_standing(replace(METRIC, direction=direction), "OWN", judged, figures)


def test_too_few_peers_no_peers_and_no_direction_are_no_answer() -> None:
    enough = _measured(1.0, [-5.0] * MIN_FIGURES)
    assert enough.gap is not None
    assert (enough.reason, enough.year) == ("", 2023)
    assert enough.gap.better == len(enough.gap.peers) == MIN_FIGURES
    assert _measured(1.0, [-5.0] * (MIN_FIGURES - 1)).reason == "few_peers"
    assert _measured(1.0, [-5.0] * 9, year=2022).reason == "other_year"
    assert _measured(1.0, [-5.0] * 9, edition="f").reason == "other_edition"
    assert _measured(1.0, []).reason == "no_peers"
    for direction in ("none", "centre"):
        assert _measured(1.0, [-5.0] * 9, direction).reason == "no_direction"


def test_azerbaijan_is_not_level_where_five_of_eleven_are_better() -> None:
    ctx = open_context("en", FIRST)
    rows = {row["indicator"]: row for row in view_standing(ctx, "AZE")["rows"]}
    corruption = rows["wgi_cc"]
    assert (corruption["place"], corruption["figure"], corruption["year"]) == ("worse", "−1.20", "2023")
    assert corruption["text"] == "worse than 4, better than 0, of 11"
    assert corruption["detail"] == (
        "0.65 below the mean of these peers (standard error 0.19); similar would be within 0.50"
    )
    assert (rows["wgi_rl"]["place"], rows["wgi_ge"]["place"]) == ("mixed", "cannot_tell")
    uganda = {row["indicator"]: row["place"] for row in view_standing(ctx, "UGA")["rows"]}
    assert (uganda["wgi_cc"], uganda["wgi_pv"]) == ("similar", "better")


def test_indicators_of_one_set_of_sources_are_named_and_never_summed() -> None:
    ctx = open_context("en", FIRST)
    told = view_standing(ctx, "AZE")
    text, caution = told["text"], told["caution"]
    assert text.startswith(
        "Azerbaijan against the mean of its 11 peers: worse on Control of corruption and Voice and "
        "accountability; better than some and worse than others on Rule of law, "
    )
    assert "Worldwide Governance Indicators: shared sources, so read these as one finding." in caution
    assert " of 6" not in text
    unknown = [it for it in list_standings(ctx, "AZE") if not it.gap]
    assert f"{len(unknown)} more cannot be compared." in caution
    held = {name for name in load_holdings(ctx).latest if has_figure(find_latest(ctx, name).get("AZE"))}
    assert sum(not is_second_scale(name, held) for name in held) == len(list_standings(ctx, "AZE"))


@pytest.mark.parametrize("country", ["AZE", "UGA", "UZB"])
def test_counts_and_peers_are_those_of_the_comparison_and_of_the_list_of_peers(country: str) -> None:
    ctx = open_context("en", FIRST)
    told = view_standing(ctx, country)
    peers = [one["iso3"] for one in view_peers(ctx, country)["peers"]]
    assert told["judged_against"] == peers == list(list_peers(ctx, country))
    assert told["compare"] == f"/en/compare/?country={','.join((country, *peers))}"
    assert len(told["rows"]) == 6
    for row in told["rows"]:
        assert set(row["peers"]) <= set(peers)
        (shown,) = compare(ctx, row["indicator"], (country, *peers))["metrics"]
        kinds = [line["cells"][0]["kind"] for line in shown["pairs"]["rows"]]  # of a peer against the country
        better, worse = kinds.count("lower"), kinds.count("higher")
        assert row["text"] == f"worse than {worse}, better than {better}, of {len(row['peers'])}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_standing_is_told_in_every_language(lang: str) -> None:
    told = view_standing(open_context(lang, FIRST), "UGA")
    assert faults(told, StandingView) == []
    words = [told["text"], told["missing"], told["where"], told["peers"]]
    words += [row[part] for row in told["rows"] for part in ("place_text", "text", "detail")]
    assert not [one for one in words if not one or "{" in one or "country.standing" in one]


def test_a_country_without_figures_or_errors_says_so(ctx: Context) -> None:
    assert view_standing(ctx, "VAT")["text"] == (
        "We cannot tell how Holy See compares with its 11 peers."
        " Of 3 measured indicators: answers, not measurements: 3."
    )
    held = {iso3 for it in load_holdings(ctx).latest.values() for iso3, row in it.items() if has_figure(row)}
    told = view_standing(ctx, next(iso3 for iso3 in ctx.book.countries if iso3 not in held))
    assert "it has no figures" in told["text"]
    assert (told["rows"], told["where"], told["missing"]) == ([], "", "")
