"""What travels to the page is small and says the same."""

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
