"""A survey and its correction, as whoever subtracts one from the other sees them."""

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.analysis.measures.surveys.differencing import THRESHOLD, Group, find_groups_too_near
from dashboard.contributions.submissions import workflow
from dashboard.contributions.submissions.microdata import estimates, releases
from dashboard.contributions.submissions.model import MoveNotAllowed
from dashboard.evidence.database.engine import open_engine, reading
from dashboard.evidence.dataset.store import Dataset
from tests.contributions.submissions.conftest import YEAR, Desk
from tests.contributions.submissions.test_closed import publish
from tests.contributions.submissions.test_survey import answers, figures, ground_of, sav, send

MAP = {"weight": "w", "item.discrimination.any": "felt", "group.region": "region", "group.sex": "sex"}
People = list[tuple[str, str, str]]  # felt, region, sex


def released(people: People, weights: list[float] | None = None) -> estimates.Estimates:
    rows = pl.DataFrame(people, schema=["felt", "region", "sex"], orient="row")
    return estimates.estimate(ground_of(rows.with_columns(pl.Series("w", weights or [1.0] * len(people))), MAP))


def held(made: estimates.Estimates) -> Mapping[str, Mapping[str, Group]]:
    return {
        breakdown: {name: Group(tuple(n), *seals) for name, (n, *seals) in groups.items()}
        for breakdown, groups in made.results["compared"].get("discrimination", {}).items()
    }


def public(made: estimates.Estimates) -> dict[str, tuple[int, int]]:
    """Group → how many answered, and how many yes, as far as the figures tell: also of what is left of a breakdown."""
    told: dict[str, tuple[int, int]] = {}
    for row in estimates.figures(made, "AZE", YEAR).iter_rows(named=True):
        if row["value"] is not None:
            told[row["dimensions"]] = (int(row["sample"]), round(row["value"] * row["sample"] / 100))
    if "{}" in told:
        for by in ("Region", "Sex"):
            parts = [it for name, it in told.items() if f'"{by}"' in name]
            told[f"rest of {by}"] = tuple(told["{}"][at] - sum(it[at] for it in parts) for at in (0, 1))  # type: ignore[assignment]
    return told


def attacked(first: estimates.Estimates, second: estimates.Estimates) -> list[str]:
    """Groups of which somebody who has both releases learns what a few people answered."""
    before, after = public(first), public(second)
    found = []
    for name in before.keys() & after.keys():
        (n, yes), (m, other) = before[name], after[name]
        if 0 < abs(m - n) < THRESHOLD or (n == m and yes != other):
            found.append(name)
    return found


def drawn(chance: random.Random, n: int) -> People:
    share = chance.random()
    regions = chance.choices(["Baku", "Ganja", "Sheki", "Ordubad"], [5, 3, 2, 1], k=n)
    return [
        ("Yes" if chance.random() < share else "No", region, chance.choice(["Female", "Male"])) for region in regions
    ]


def corrected(chance: random.Random, people: People) -> People:
    """Some left out, some added, some who answered otherwise, in one region or anywhere."""
    after = list(people)
    where = chance.choice(["", "Baku", "Ganja"])
    among = [at for at, one in enumerate(after) if not where or one[1] == where]
    chance.shuffle(among)
    gone = set(among[: min(chance.choice([0, 0, 1, 2, 9, 10, 30, 60]), len(people) - 2)])  # of two there is an error
    for at in among[len(gone) : len(gone) + chance.choice([0, 0, 0, 1, 12])]:
        felt, *rest = after[at]
        after[at] = ("No" if felt == "Yes" else "Yes", *rest)  # type: ignore[assignment]
    return [one for at, one in enumerate(after) if at not in gone] + drawn(chance, chance.choice([0, 0, 1, 9, 40]))


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_who_has_both_releases_learns_of_nobody(seed: int) -> None:
    """Unweighted, so that figures tell the most: what is not held back gives no group of a few people."""
    chance = random.Random(seed)
    people = drawn(chance, chance.choice([60, 150, 400, 900]))
    first, second = released(people), released(corrected(chance, people))
    if not find_groups_too_near(held(first), held(second)):
        assert attacked(first, second) == []


def test_the_attack_would_find_them() -> None:
    """What it is held against: one person fewer names that person's answer where both releases are public."""
    people = drawn(random.Random(4), 400)
    first, second = released(people), released(people[1:])
    assert {"{}", f'{{"Region":"{people[0][1]}"}}'} <= set(attacked(first, second))
    assert find_groups_too_near(held(first), held(second))


@pytest.mark.parametrize("people", [1, 9, 10])
def test_a_release_is_near_up_to_the_limit(people: int) -> None:
    whole = [("Yes", "Baku", "Female")] * 300 + [("No", "Baku", "Female")] * 300
    near = find_groups_too_near(held(released(whole)), held(released(whole[people:])))
    assert bool(near) == (people < THRESHOLD)


def test_weights_of_everybody_may_be_corrected_and_those_of_one_may_not() -> None:
    people = drawn(random.Random(4), 400)
    first = held(released(people))
    assert find_groups_too_near(first, held(released(people, [2.0 + at % 3 for at in range(400)]))) == []
    assert find_groups_too_near(first, held(released(people, [1.5, *[1.0] * 399])))


@pytest.mark.parametrize(("n", "decimals"), [(999, 1), (1000, 2), (1001, 2)])
def test_a_share_has_the_decimals_that_its_answers_support(n: int, decimals: int) -> None:
    assert (estimates.PRECISE, estimates.places(n)) == (1000, decimals)
    made = estimates.figures(
        released([("Yes", "Baku", "Female")] * 271 + [("No", "Baku", "Female")] * (n - 271)), "AZE", YEAR
    )
    row: dict[str, Any] = made.filter(pl.col("dimensions") == "{}").row(0, named=True)
    for one in ("value", "lower", "upper"):
        assert row[one] == round(row[one], decimals)
    assert (row["value"], row["value_text"]) == (round(27100 / n, decimals), f"{row['value']:.12g}")


def test_a_correction_by_one_person_is_an_error_and_what_is_published_stands(desk: Desk, tmp_path: Path) -> None:
    rows = answers()
    publish(desk, send(desk, sav(rows, tmp_path)))
    before = Dataset.current(desk.settings.dataset_dir).rows("sat_overall_gov").collect()
    workflow.reopen(desk.settings, desk.reviewer, "AZE", "survey", YEAR, "One was asked twice")
    assert send(desk, sav(rows, tmp_path)).errors == 0, "the same once more tells nothing"
    fewer = send(desk, sav(rows[1:], tmp_path))
    told = [it for it in workflow.detail(desk.settings, desk.by, fewer.id)[1] if it.rule == "survey_too_near"]
    assert [(it.severity, it.values["block"]) for it in told] == [("error", "government_services")]
    with pytest.raises(MoveNotAllowed) as refused:
        workflow.make(desk.settings, desk.by, fewer.id, "submit")
    assert refused.value.code == "errors"
    assert Dataset.current(desk.settings.dataset_dir).rows("sat_overall_gov").collect().equals(before)
    assert figures(desk, fewer.id)["value"].drop_nulls().map_elements(lambda it: it == round(it, 1), pl.Boolean).all()


def test_it_is_asked_again_where_somebody_decides(desk: Desk, tmp_path: Path) -> None:
    rows = answers()
    checked = send(desk, sav(rows[1:], tmp_path))
    assert checked.errors == 0
    publish(desk, send(desk, sav(rows, tmp_path)))  # which has put the other away
    with reading(open_engine(desk.settings)) as connection, pytest.raises(MoveNotAllowed) as refused:
        releases.require(connection, checked)
    assert refused.value.code == "too_near"
