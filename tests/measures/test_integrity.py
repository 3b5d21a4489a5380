"""Bribery, budgets, decisions and indices by their official definitions, and not by the usual mistakes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.measures.delivery import integrity
from tests.reference import Vector, agree, reproduces


@reproduces("integrity", "bribery_prevalence_persons")
def test_bribery_of_persons(vector: Vector) -> None:
    inputs = vector["inputs"]
    found = integrity.bribery_of_persons(inputs["with_contact_12m"], inputs["paid"], inputs["asked_but_not_paid"])
    agree(vector, {"value_percent": found.value, "paid_only_variant_percent": found.paid_only})


@reproduces("integrity", "bribery_incidence_firms")
def test_bribery_of_firms(vector: Vector) -> None:
    firms = [
        integrity.Firm(it["w"], it["transactions"], it["requests"], it.get("refused_to_answer", False))
        for it in vector["inputs"]["firms"]
    ]
    agree(vector, {"value_percent": integrity.bribery_of_firms(firms)})


@reproduces("integrity", "cpi_score_se_interval")
def test_corruption_perceptions_index(vector: Vector) -> None:
    found = integrity.index_score(vector["inputs"]["source_scores"])
    agree(vector, {"score": found.score, "se": found.std_error, "ci_90": [found.lower, found.upper]})
    with pytest.raises(ValueError, match="two sources"):
        integrity.index_score([61])


@reproduces("integrity", "egdi_mean")
def test_e_government_index(vector: Vector) -> None:
    parts = [vector["inputs"][part] for part in ("osi", "tii", "hci")]
    published = vector["expected"]["egdi_published"]
    agree(vector, {"egdi_published": integrity.egdi(*parts), "mean": integrity.egdi(*parts)})
    assert integrity.egdi_agrees(published, *parts)
    assert not integrity.egdi_agrees(published + 0.001, *parts)


@reproduces("integrity", "decision_making_two_items")
def test_decision_making(vector: Vector) -> None:
    found = integrity.decision_making(vector["inputs"]["inclusive_percent"], vector["inputs"]["responsive_percent"])
    agree(vector, {"inclusive": found.inclusive, "responsive": found.responsive, "average": found.average})


@reproduces("integrity", "budget_execution")
def test_budget_execution(vector: Vector) -> None:
    found = integrity.budget_execution(**vector["inputs"])
    agree(vector, {"value_percent": found.value, "distance_points": found.distance})


@reproduces("integrity", "pefa_pi1_band")
def test_pefa_band(vector: Vector) -> None:
    agree(vector, {"band": integrity.pefa_band(vector["inputs"]["three_years_percent"])})


@reproduces("integrity", "representation_ratio")
def test_representation(vector: Vector) -> None:
    found = integrity.representation(*vector["inputs"].values())
    agree(vector, {"ratio": found.ratio, "parity_distance": found.distance})


@reproduces("integrity", "service_point_bribe_rate")
def test_bribery_of_one_service_point_is_labelled_a_proxy(vector: Vector) -> None:
    found = integrity.service_point_bribery(vector["inputs"]["asked_or_paid"], vector["inputs"]["exit_survey_valid"])
    agree(vector, {
        "share_percent": found.share, "wilson_95_percent": [found.lower, found.upper], "label": found.label,
    })  # fmt: skip


def test_without_anyone_in_the_denominator_there_is_no_number():
    assert integrity.bribery_of_persons(0, 0, 0) is None
    assert integrity.bribery_of_firms([integrity.Firm(20, 0, 0)]) is None
    assert integrity.budget_execution(5, 0) is None
    assert integrity.representation(0.4, 0) is None
    assert integrity.service_point_bribery(0, 0) is None


def test_impossible_counts_are_refused():
    with pytest.raises(ValueError, match="counts once"):
        integrity.bribery_of_persons(100, 60, 50)
    with pytest.raises(ValueError, match="three years"):
        integrity.pefa_band([100, 100])


@given(st.floats(0, 200))
def test_overspending_is_as_far_from_the_target_as_underspending(points):
    over, under = integrity.budget_execution(100 + points, 100), integrity.budget_execution(100 - points, 100)
    assert over.distance == pytest.approx(under.distance)


@given(st.lists(st.floats(50, 150), min_size=3, max_size=3), st.randoms())
def test_a_band_does_not_depend_on_the_order_of_years_and_nearer_years_never_lower_it(years, random):
    band = integrity.pefa_band(years)
    shuffled = random.sample(years, 3)
    assert integrity.pefa_band(shuffled) == band
    assert integrity.pefa_band([100 + (year - 100) / 2 for year in years]) <= band


FIRMS = st.lists(
    st.builds(integrity.Firm, st.floats(0.5, 50), st.integers(0, 6), st.integers(0, 3), st.booleans()), min_size=1
)


@given(FIRMS, st.floats(0.1, 10))
def test_the_rate_of_firms_does_not_depend_on_the_unit_of_the_weights(firms, scale):
    scaled = [integrity.Firm(it.weight * scale, it.transactions, it.requests, it.refused) for it in firms]
    found, again = integrity.bribery_of_firms(firms), integrity.bribery_of_firms(scaled)
    assert (found is None) == (again is None)
    if found is not None:
        assert again == pytest.approx(found)
        assert 0 <= found <= 100 + 1e-9


@pytest.mark.parametrize(
    ("years", "band"),
    [
        ((95, 105, 0), "A"), ((94.9, 105, 200), "B"), ((95, 105.1, 200), "B"), ((90, 110, 0), "B"),
        ((89.9, 110, 0), "C"), ((85, 115, 0), "C"), ((84.9, 115, 100), "C"), ((84.9, 115.1, 100), "D"),
    ],
)  # fmt: skip
def test_the_edges_of_a_band_of_two_years_are_inside(years, band):
    assert integrity.pefa_band(years) == band


def test_a_firm_counts_with_one_transaction_and_one_request_or_a_refusal():
    def rate(*firms):
        return integrity.bribery_of_firms([integrity.Firm(*one) for one in firms])

    assert rate((1, 1, 1), (3, 1, 0), (96, 0, 1, True)) == 25
    assert rate((1, 6, 2), (1, 1, 0, True), (2, 2, 0)) == 50
    assert rate((2, 1, 0)) == 0
    assert rate((0, 1, 1)) is rate() is None


def test_counts_of_persons_may_be_nobody_and_everybody_and_no_more():
    assert integrity.bribery_of_persons(10, 4, 6) == integrity.BriberyOfPersons(100, 40)
    assert integrity.bribery_of_persons(10, 0, 0) == integrity.BriberyOfPersons(0, 0)
    for counts in ((10, 4, 7), (10, -1, 2), (10, 2, -1), (0, 0, 1)):
        with pytest.raises(ValueError, match="counts once"):
            integrity.bribery_of_persons(*counts)


def test_indices_by_hand():
    found = integrity.index_score([40.0, 46.0])
    assert (found.score, found.std_error, found.sources) == (43, pytest.approx(3), 2)
    assert (found.lower, found.upper) == pytest.approx((43 - 4.935, 43 + 4.935))
    assert integrity.egdi(0.3, 0.6, 0.9) == pytest.approx(0.6)
    assert [integrity.egdi_agrees(0.6 + off, 0.3, 0.6, 0.9) for off in (4e-5, -4e-5, 6e-5, -6e-5)] == [
        True, True, False, False,
    ]  # fmt: skip
    assert integrity.representation(0.6, 0.5) == integrity.Representation(pytest.approx(1.2), pytest.approx(0.2))
    assert integrity.decision_making([10, 20, 5], [1, 2, 3]) == integrity.DecisionMaking(35, 6, 20.5)
