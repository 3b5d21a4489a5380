"""What travels to the page is small and says the same; a row's line keeps natural limits and every group in words."""

from typing import Any

from dashboard.interfaces.pages.countries.peers import compare_rows
from dashboard.interfaces.pages.shell.cards import build_target_lines, drop_strips


def _card(name: str, states: list[str], empty: bool = False) -> dict:
    strip = [{"iso3": "AZE", "name": "Azerbaijan", "year": None, "state": state, "text": ""} for state in states]
    return {
        "id": name,
        "name": name,
        "coverage": {"text": "2 of 3", "strip": strip},
        "empty": empty,
        "why_empty": "",
        "goals": [16],
    }


def test_a_strip_becomes_a_word_in_the_order_of_the_countries() -> None:
    card = _card("one", ["recent", "older", "none"])
    small = drop_strips([card])[0]
    assert small["coverage"] == {"text": "2 of 3", "strip": "ron"}
    assert "goals" not in small
    assert len(card["coverage"]["strip"]) == 3, "the answer of the service is shared and stays as it was"


def test_indicators_without_figures_stand_apart() -> None:
    lines = build_target_lines(
        {
            "code": "16.5",
            "title": "…",
            "title_lang": "en",
            "kind": "outcome",
            "bar": {"counts": [1, 0, 0, 0, 1], "widths": [], "text": ""},
            "indicators": [_card("a", ["none"], empty=True), _card("b", [])],
        }
    )
    assert [card["id"] for card in lines["with_figures"]] == ["b"]
    assert [card["id"] for card in lines["without"]] == ["a"]


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
    row = compare_rows(_view(), "en")["internet_users"]
    places = _at(row)
    assert row["scale"] == "Scale from 0 to 100"
    assert round(places["income"] - places["own"], 1) == round(92 * 0.2, 1)
    assert row["income"]["value"] == "60.0"
    assert "2020–2022" in row["income"]["note"]


def test_a_scale_without_limits_says_that_its_line_is_its_own() -> None:
    row = compare_rows(_view(limit_high=None), "en")["internet_users"]
    assert row["scale"].startswith("Scale: lowest")
    assert (min(_at(row).values()), max(_at(row).values())) == (4, 96)


def test_the_interval_lies_on_the_same_line() -> None:
    row = compare_rows(_view(figure={"lower": 20.0, "upper": 60.0}), "en")["internet_users"]
    assert (row["start"], row["width"]) == ("22.4%", "36.8%")


def test_of_too_few_figures_it_is_said_how_many_they_are() -> None:
    few = {"group": "region", "label": "region", "value": None, "text": "too few", "n": 2, "of": 20,
           "first_year": 2020, "last_year": 2022}  # fmt: skip
    row = compare_rows(_view(medians=[few]), "en")["internet_users"]
    assert (row["region"], row["marks"]) == ({"value": "", "note": "\u2066n\u00a0=\u00a02/20\u2069"}, [])


def test_nothing_is_drawn_where_nothing_can_stand_beside() -> None:
    row = compare_rows(_view(medians=[]), "en")["internet_users"]
    assert (row["marks"], row["scale"]) == ([], "")
