"""Two sources of one fact are compared and told apart, never averaged."""

from typing import Any

import polars as pl
import pytest

from dashboard.measures.disagreement import compared, disagreements


def row(source: str, text: str, primary: bool, **more: Any) -> dict[str, Any]:
    plain = {"indicator": "users", "country": "AZE", "period": "2020", "dimensions": "{}", "source": source}
    return plain | {"value": float(text), "value_text": text, "primary": primary} | more


def test_another_figure_is_told_with_both_sources() -> None:
    (found,) = disagreements(pl.DataFrame([row("un_sdg", "84.6", True), row("world_bank", "86.1", False)])).rows()
    assert found[:-1] == ("users", "AZE", "2020", "un_sdg", 84.6, "world_bank", 86.1)
    assert found[-1] == pytest.approx(1.5)


@pytest.mark.parametrize("other", ["84.6", "84.6314", "85"])
def test_rounding_is_no_disagreement(other: str) -> None:
    rows = pl.DataFrame([row("un_sdg", "84.6", True), row("world_bank", other, False)])
    assert disagreements(rows).is_empty()
    assert compared(rows).height == 1


def test_other_facts_are_not_compared() -> None:
    shown = row("un_sdg", "84.6", True)
    others = [{"period": "2019"}, {"country": "GEO"}, {"dimensions": '{"Sex":"MALE"}'}, {"source": "un_sdg"}]
    rows = pl.DataFrame([shown, *(row("world_bank", "10", False, **other) if "source" not in other
                                  else row("un_sdg", "10", False) for other in others)])  # fmt: skip
    assert compared(rows).is_empty()
