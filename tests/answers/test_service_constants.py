"""What is said a second time, as the type of an answer, is what the computations use."""

from typing import get_args

from dashboard.answers.adoption.counting import DEFAULT_RULE
from dashboard.answers.public.shapes import Row
from dashboard.answers.wording.evidence import STRENGTHS
from dashboard.evidence.codebook.model import CountingRule, Strength
from dashboard.evidence.dataset.schema import PUBLIC


def test_constants_agree() -> None:
    assert tuple(Row.__annotations__) == PUBLIC
    assert set(STRENGTHS) == set(get_args(Strength))
    assert DEFAULT_RULE in get_args(CountingRule)
