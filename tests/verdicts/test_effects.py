"""The counts over all estimates of effects are those that their p give, as the API lists them draw by draw."""

import json
import random
from urllib.parse import urlsplit

import pytest

from dashboard.answers.base.context import open_context
from dashboard.answers.effects.overview import judge_family, view_overview
from tests.answers.test_effect_panel import result
from tests.verdicts.conftest import fetch
from tests.verdicts.effects import STANDS_OUT, adjust_step_up, judge_together

pytestmark = pytest.mark.usefixtures("embedded")

BH_1995 = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
]  # fmt: skip
"""The p of 15 hypotheses of Benjamini and Hochberg (1995, 3.2), of which their procedure rejects four at 0.05."""


async def test_what_stands_out_what_chance_gives_and_what_remains_are_those_of_the_listed_p() -> None:
    told = view_overview(open_context())
    listed, verdicts = list[list[float]](), list[str]()
    for row in told["rows"]:
        answer = json.loads(await fetch(f"/api/v1/effects?{urlsplit(row['to']).query}"))["result"]
        ps = [draw["p"] for draw in answer["draws"]]
        listed.append(ps)
        verdicts.append(answer["verdict"])
        least, most, standing = min(ps), max(ps), sum(p <= STANDS_OUT for p in ps)
        assert row["p"].startswith(f"p {least:.3f} to {most:.3f}; ")
        assert row["p"].endswith(f"in {standing} of {len(ps)} draws")
    again = judge_together(listed)
    assert again.made == len(told["rows"]) > 0
    sentence = (
        f"{again.standing} of {again.made} estimates stand out in every draw; "
        f"chance alone would give about {again.expected:.1f}. "
        f"Judged together (Benjamini–Hochberg, 10 %), {again.remaining} remain."
    )
    assert sentence in told["text"].replace("\N{NO-BREAK SPACE}", " ")
    claim = json.loads(await fetch("/api/v1/claims/S-14?lang=en"))["claim"]
    chance = f"Of {again.made} estimates {again.standing} stand out in every draw"
    (beside,) = [text for text in claim["beside"] if chance in text]
    assert f"chance alone would give about {again.expected:.1f}" in beside
    adjusted = adjust_step_up([max(ps) for ps in listed])
    consistent = [word for word, p in zip(verdicts, adjusted, strict=True)
                  if word == "consistent_with_effect" and p <= STANDS_OUT]  # fmt: skip
    assert ("cannot tell" in beside) == (consistent == [])


def test_any_family_is_judged_as_its_p_say() -> None:
    """500 families, among them draws that cannot be judged, and p at the limit itself."""
    made = random.Random(20261201)
    seen = set()
    for _ in range(500):
        draws = [
            [made.choice([made.random() ** 3, STANDS_OUT, STANDS_OUT / 2, None]) for _ in range(made.randint(1, 4))]
            for _ in range(made.randint(1, 12))
        ]
        draws = [[0.01, *ps] for ps in draws]
        family = judge_family({("A", f"o{at}"): result(*ps) for at, ps in enumerate(draws)})
        again = judge_together(draws)
        assert len(family.results) == again.made
        assert (len(family.standing), len(family.surviving)) == (again.standing, again.remaining), draws
        assert family.expected == pytest.approx(again.expected)
        seen.add((again.standing > 0, again.remaining > 0))
    assert seen == {(False, False), (True, False), (True, True)}


def test_the_arithmetic_made_again_is_that_of_its_authors() -> None:
    assert sum(p <= 0.05 for p in adjust_step_up(BH_1995)) == 4
    assert adjust_step_up([0.04, 0.01, 0.03, 0.9]) == pytest.approx([0.16 / 3, 0.04, 0.16 / 3, 0.9])
    assert adjust_step_up([]) == []
