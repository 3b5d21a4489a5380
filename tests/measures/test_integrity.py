"""Bribery met by visitors of a service point is a proxy, with its interval, and never SDG 16.5.1."""

from dashboard.measures.delivery import integrity
from tests.reference import Vector, agree, reproduces


@reproduces("integrity", "service_point_bribe_rate")
def test_bribery_of_one_service_point_is_labelled_a_proxy(vector: Vector) -> None:
    found = integrity.service_point_bribery(vector["inputs"]["asked_or_paid"], vector["inputs"]["exit_survey_valid"])
    agree(vector, {
        "share_percent": found.share, "wilson_95_percent": [found.lower, found.upper], "label": found.label,
    })  # fmt: skip


def test_without_anyone_in_the_denominator_there_is_no_number() -> None:
    assert integrity.service_point_bribery(0, 0) is None
