"""Where a country stands among its peers: by the pairs of Compare, counted, and silent only with a reason."""

from dataclasses import replace

import pytest

from dashboard.codebook import load_codebook
from dashboard.measures.comparability import FEWEST
from dashboard.measures.pairwise import judge_pairs
from dashboard.services.base.context import open_context
from dashboard.services.base.rows import find_latest, has_figure, load_holdings
from dashboard.services.compare.compare import compare
from dashboard.services.compare.pairs import JudgedPairs
from dashboard.services.countries.peers import list_nearest_peers
from dashboard.services.countries.standing import decide_place, is_second_scale, view_standing

pytestmark = pytest.mark.usefixtures("embedded")

METRIC = load_codebook().metrics["wgi_cc"]
LIKE = {"source": "s", "series": "x", "edition": "e", "unit": "score", "nature": "E", "year": 2023, "status": "normal"}


def _placed(own: float, others: list[float], direction: str = "higher", **said: object):
    figures = {"OWN": {**LIKE, "value": own, "std_error": 0.1}}
    figures |= {f"P{i:02}": {**LIKE, "value": value, "std_error": 0.1, **said} for i, value in enumerate(others)}
    tests = judge_pairs(figures, [("OWN", peer) for peer in figures if peer != "OWN"])
    return decide_place(replace(METRIC, direction=direction), JudgedPairs(METRIC, tests, figures))


@pytest.mark.parametrize(
    ("others", "place"),
    [
        ([-5.0] * 4 + [1.0] * 3, "better"),
        ([-5.0] * 3 + [1.0] * 3, "alike"),
        ([-5.0] * 3 + [1.0] * 4, "alike"),
        ([7.0] * 4 + [1.0] * 3, "worse"),
        ([7.0] * 3 + [-5.0] * 3, "alike"),
        ([1.0] * 5, "alike"),
    ],
)
def test_better_is_better_than_more_than_half_of_the_peers_beyond_the_errors(others: list[float], place: str) -> None:
    assert _placed(1.0, others).place == place
    turned = {"better": "worse", "worse": "better", "alike": "alike"}[place]
    assert _placed(1.0, others, "lower").place == turned, "where less is better the same figures are the reverse"


def test_only_peers_that_can_be_judged_count_and_too_few_are_no_answer() -> None:
    enough = _placed(1.0, [-5.0] * FEWEST)
    assert (enough.place, enough.better, enough.judged) == ("better", FEWEST, FEWEST)
    few = _placed(1.0, [-5.0] * (FEWEST - 1))
    assert (few.place, few.reason) == ("cannot_tell", "few_peers")
    assert _placed(1.0, [-5.0] * 9, year=2022).reason == "other_year"
    assert _placed(1.0, [-5.0] * 9, edition="f").reason == "other_edition"
    assert _placed(1.0, []).reason == "no_peers"
    for direction in ("none", "centre"):
        assert _placed(1.0, [-5.0] * 9, direction).reason == "no_direction"


def test_the_sentence_adds_up_and_agrees_with_the_comparison_it_links_to() -> None:
    ctx = open_context()
    told = view_standing(ctx, "UGA")
    assert told["text"] == (
        "Uganda is level with its 11 peers on 4 of 6 indicators that can be judged, better on 2 and worse on 0."
        " On 53 others we cannot tell."
    )
    held = {name for name in load_holdings(ctx).latest if has_figure(find_latest(ctx, name).get("UGA"))}
    assert sum(not is_second_scale(name, held) for name in held) == 6 + 53
    peers = list_nearest_peers(ctx, "UGA")
    assert told["compare"] == f"/en/compare/?country={','.join(('UGA', *peers))}"
    assert [(row["indicator"], row["place"]) for row in told["rows"] if row["place"] != "alike"] == [
        ("wgi_rl", "better"), ("wgi_pv", "better"),
    ]  # fmt: skip
    (law,) = [row for row in told["rows"] if row["indicator"] == "wgi_rl"]
    assert (law["figure"], law["year"]) == ("−0.47", "2023"), "the figure of the edition judged in, not the newest"
    pairs = compare(ctx, "wgi_rl", ("UGA", *peers))["metrics"][0]["pairs"]["rows"]
    lower = sum(row["cells"][0]["kind"] == "lower" for row in pairs)
    assert lower <= 7, "66 pairs at once are judged more cautiously than eleven"
    assert "no margin of error published: 22" in told["missing"]
    assert told["where"].startswith("WGI 2024 edition, 2023; ")


def test_a_country_without_figures_or_errors_says_so() -> None:
    ctx = open_context()
    assert view_standing(ctx, "VAT")["text"] == (
        "We cannot tell how Holy See compares with its 11 peers."
        " Of 3 measured indicators: answers, not measurements: 3."
    )
    held = {iso3 for it in load_holdings(ctx).latest.values() for iso3, row in it.items() if has_figure(row)}
    nothing = next(iso3 for iso3 in ctx.book.countries if iso3 not in held)
    told = view_standing(ctx, nothing)
    assert "it has no figures" in told["text"]
    assert (told["rows"], told["where"], told["missing"]) == ([], "", "")
