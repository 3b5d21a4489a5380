"""What is said a second time, as the type of an answer, is what the computations use."""

from typing import get_args

from dashboard.codebook.model import CountingRule, Strength
from dashboard.dataset.schema import PUBLIC
from dashboard.services.adoption.counting import DEFAULT_RULE
from dashboard.services.public.shapes import Row
from dashboard.services.wording.evidence import STRENGTHS


def test_constants_agree() -> None:
    assert tuple(Row.__annotations__) == PUBLIC
    assert set(STRENGTHS) == set(get_args(Strength))
    assert DEFAULT_RULE in get_args(CountingRule)
