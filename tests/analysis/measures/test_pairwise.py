"""Pairs: different only beyond both errors, more cautious the more pairs there are, and never across editions."""

import math
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.analysis.measures.change import measure_change
from dashboard.analysis.measures.intervals import Z_90
from dashboard.analysis.measures.pairwise import ALPHA, REASONS, judge_pairs

LIKE = {
    "indicator": "wgi_cc", "source": "world_bank", "series": "GOV_WGI_CC.EST", "edition": "2024", "unit": "score",
    "nature": "E", "year": 2023, "status": "normal", "dimensions": "{}",
}  # fmt: skip


def row(value, error=0.15, **other):
    return {**LIKE, "value": value, "std_error": error, **other}


def judge(figures, refused=None):
    return judge_pairs(figures, list(combinations(figures, 2)), refused)


def verdicts(figures, refused=None):
    return [(it.verdict, it.reason) for it in judge(figures, refused)]


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (None, "no_figure"),
        (row(None, None, status="missing"), "no_figure"),
        (row(None, None, status="censored", upper=2.5), "censored_value"),
        (row(9.0, series="GOV_WGI_RL.EST"), "other_series"),
        (row(9.0, source="un_sdg"), "other_series"),
        (row(9.0, edition="2025"), "other_edition"),
        (row(9.0, unit="percent"), "other_edition"),
        (row(9.0, nature="C"), "other_nature"),
        (row(9.0, year=None), "no_year"),
        (row(9.0, year=2022), "other_year"),
        (row(9.0, None), "error_unknown"),
    ],
)
def test_a_pair_that_cannot_be_told_says_why_and_gives_no_number(other, reason) -> None:
    figures = {"AAA": row(0.0), "BBB": other} if other else {"AAA": row(0.0)}
    for pair in (("AAA", "BBB"), ("BBB", "AAA")):
        (told,) = judge_pairs(figures, [pair])
        assert (told.verdict, told.reason) == ("cannot_tell", reason)
        assert (told.difference, told.std_error, told.p, told.p_adjusted) == (None, None, None, None)
    assert reason in REASONS


def test_what_rows_do_not_show_refuses_a_pair_whichever_country_it_is_of():
    figures = {"AAA": row(0.0), "BBB": row(9.0), "CCC": row(18.0)}
    assert verdicts(figures, {"BBB": "licence"}) == [
        ("cannot_tell", "licence"), ("different", ""), ("cannot_tell", "licence"),
    ]  # fmt: skip


def test_one_pair_is_judged_as_a_change_and_a_rank_are_also_at_the_very_limit():
    """0.15 and 0.2 make 0.25: at 1.645 errors apart nothing is different, just above it is."""
    for lead, verdict in ((Z_90 * 0.25, "alike"), (Z_90 * 0.25 * (1 + 1e-9), "different"), (0.0, "alike")):
        (told,) = judge({"AAA": row(lead, 0.15), "BBB": row(0.0, 0.2)})
        assert told.verdict == verdict, lead
        then = measure_change(row(0.0, 0.2, country="AAA", year=2015), row(lead, 0.15, country="AAA"))
        assert then.detectable == (verdict == "different")
    assert (told.p, told.difference) == (1.0, 0.0)


def test_the_difference_is_the_first_minus_the_second_with_both_errors():
    (told,) = judge({"AAA": row(-0.40, 0.15), "BBB": row(0.75, 0.16)})
    assert told.difference == pytest.approx(-1.15)
    assert (told.std_error, told.verdict) == (pytest.approx(math.hypot(0.15, 0.16)), "different")


def test_errors_read_from_a_90_per_cent_interval_count_and_others_do_not():
    ends = {"lower": -0.1645 * 1.5, "upper": 0.1645 * 1.5, "interval_level": 90.0}
    assert verdicts({"AAA": row(0.0, None, **ends), "BBB": row(9.0)}) == [("different", "")]
    assert (
        verdicts({"AAA": row(0.0, None, **{**ends, "interval_level": 95.0}), "BBB": row(9.0)})[0][1] == "error_unknown"
    )


def test_figures_without_sampling_error_differ_where_they_are_not_the_same():
    assert verdicts({"AAA": row(1.0, 0.0), "BBB": row(1.0, 0.0)}) == [("alike", "")]
    assert verdicts({"AAA": row(1.0, 0.0), "BBB": row(1.1, 0.0)}) == [("different", "")]


def test_identical_figures_with_identical_intervals_are_never_different():
    assert {verdict for verdict, _ in verdicts({f"C{i:02}": row(0.3) for i in range(12)})} == {"alike"}


def test_what_one_pair_tells_apart_is_not_told_apart_among_many_as_faint():
    """z = 2 for the first pair (p 0.046): alone it differs; as the faintest of three it still does, among alike not."""
    lead = 2 * math.hypot(0.15, 0.15)
    assert verdicts({"AAA": row(lead), "BBB": row(0.0)}) == [("different", "")]
    among = judge({"AAA": row(lead), "BBB": row(0.0), "CCC": row(lead / 2)})
    assert [it.verdict for it in among] == ["alike"] * 3
    assert among[0].p_adjusted == pytest.approx(3 * among[0].p)
    far = judge({"AAA": row(lead), "BBB": row(0.0), "CCC": row(90.0)})
    assert [it.verdict for it in far] == ["different"] * 3, "the other two are certain: the third stands alone"


def test_pairs_that_cannot_be_told_do_not_make_the_others_more_cautious():
    figures = {"AAA": row(2 * math.hypot(0.15, 0.15)), "BBB": row(0.0), "CCC": row(5.0, None)}
    assert verdicts(figures) == [("different", ""), ("cannot_tell", "error_unknown"), ("cannot_tell", "error_unknown")]


def test_one_country_has_no_pair():
    assert judge({"AAA": row(1.0)}) == []


numbers = st.floats(-3, 3, allow_nan=False)


@given(st.lists(st.tuples(numbers, st.floats(0.01, 1)), min_size=2, max_size=8))
def test_holm_is_between_each_pair_alone_and_bonferroni_and_keeps_the_order(figures) -> None:
    told = judge({f"C{i}": row(value, error) for i, (value, error) in enumerate(figures)})
    for it in told:
        assert it.p <= it.p_adjusted <= min(1.0, len(told) * it.p) + 1e-12
        assert (it.verdict == "different") == (it.p_adjusted < ALPHA)
    ordered = sorted(told, key=lambda it: it.p)
    assert all(one.p_adjusted <= other.p_adjusted for one, other in pairwise(ordered))


@given(st.lists(st.tuples(numbers, st.floats(0.01, 1)), min_size=2, max_size=6), st.randoms())
def test_neither_the_order_of_pairs_nor_of_a_pair_changes_a_verdict(figures, random) -> None:
    rows = {f"C{i}": row(value, error) for i, (value, error) in enumerate(figures)}
    pairs = list(combinations(rows, 2))
    turned = [(other, one) for one, other in random.sample(pairs, len(pairs))]
    straight = {frozenset((it.first, it.second)): it for it in judge_pairs(rows, pairs)}
    for it in judge_pairs(rows, turned):
        same = straight[frozenset((it.first, it.second))]
        assert it.verdict == same.verdict
        assert it.difference == -same.difference
