"""What the services say again for lack of Polars at import is what the computations use."""

from typing import get_args

from dashboard.charts.chart import MOST_CHOSEN
from dashboard.codebook.model import CountingRule, Strength
from dashboard.dataset.schema import PUBLIC
from dashboard.measures.intervals import Z_90
from dashboard.services.adoption.counting import DEFAULT_RULE
from dashboard.services.holdings import dimensions, observations, series
from dashboard.services.wording.evidence import STRENGTHS
from data_sources.contract import STATUSES


def test_constants_agree() -> None:
    assert dimensions.MOST_GROUPS == MOST_CHOSEN
    assert series.Z == Z_90
    assert observations.PUBLIC == PUBLIC
    assert set(STRENGTHS) == set(get_args(Strength))
    assert DEFAULT_RULE in get_args(CountingRule)


def test_every_status_of_a_value_is_defined_on_the_method_page() -> None:
    from dashboard.services.method import method

    assert set(method.STATUSES) == set(STATUSES)
