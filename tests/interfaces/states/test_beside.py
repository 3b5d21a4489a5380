"""The line of a row: natural limits where the scale has them, the interval inside, every group in words."""

from typing import Any

from dashboard.interfaces.pages.countries.peers import list_beside


def _view(**given: Any) -> Any:
    figure = {"value": 40.0, "lower": None, "upper": None, "text": "40.0"}
    medians = [
        {"group": group, "label": group, "value": value, "text": f"{value}", "n": 9, "of": 20, "first_year": 2020,
         "last_year": 2022}
        for group, value in (("region", 50.0), ("income", 60.0))
    ]  # fmt: skip
    row = {"indicator": "internet_users", "limit_low": 0.0, "limit_high": 100.0, "medians": medians}
    row |= {"figure": figure | given.pop("figure", {})} | given
    return {"name": "Testland", "themes": [{"rows": [row]}]}


def _at(row: Any) -> dict[str, float]:
    return {mark["group"]: float(mark["at"].removesuffix("%")) for mark in row["marks"]}


def test_a_share_stands_on_an_axis_from_0_to_100() -> None:
    row = list_beside(_view(), "en")["internet_users"]
    places = _at(row)
    assert row["scale"] == "Scale from 0 to 100"
    assert round(places["income"] - places["own"], 1) == round(92 * 0.2, 1)
    assert row["income"]["value"] == "60.0"
    assert "2020–2022" in row["income"]["note"]


def test_a_scale_without_limits_says_that_its_line_is_its_own() -> None:
    row = list_beside(_view(limit_high=None), "en")["internet_users"]
    assert row["scale"].startswith("Scale: lowest")
    assert (min(_at(row).values()), max(_at(row).values())) == (4, 96)


def test_the_interval_lies_on_the_same_line() -> None:
    row = list_beside(_view(figure={"lower": 20.0, "upper": 60.0}), "en")["internet_users"]
    assert (row["start"], row["width"]) == ("22.4%", "36.8%")


def test_of_too_few_figures_it_is_said_how_many_they_are() -> None:
    few = {"group": "region", "label": "region", "value": None, "text": "too few", "n": 2, "of": 20,
           "first_year": 2020, "last_year": 2022}  # fmt: skip
    row = list_beside(_view(medians=[few]), "en")["internet_users"]
    assert (row["region"], row["marks"]) == ({"value": "", "note": "\u2066n\u00a0=\u00a02/20\u2069"}, [])


def test_nothing_is_drawn_where_nothing_can_stand_beside() -> None:
    row = list_beside(_view(medians=[]), "en")["internet_users"]
    assert (row["marks"], row["scale"]) == ([], "")
