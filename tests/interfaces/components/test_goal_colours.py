"""The goals' colours of the style sheet are those of the codebook, and their numerals can be read."""

import re
from pathlib import Path

from dashboard.evidence.codebook import load_codebook

STYLES = (Path(__file__).parents[3] / "assets" / "goals.css").read_text(encoding="utf-8")
RULE = re.compile(r"\.goal-(\d+) \{ background: (#[0-9a-f]{6}); color: (#[0-9a-f]{3}); \}")


def _luminance(colour: str) -> float:
    full = colour if len(colour) == 7 else "#" + "".join(2 * digit for digit in colour[1:])
    parts = [int(full[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_colours_are_those_of_the_codebook() -> None:
    assert {int(number): colour for number, colour, _ in RULE.findall(STYLES)} == {
        number: goal.colour.lower() for number, goal in load_codebook().goals.items()
    }


def test_numerals_contrast_enough() -> None:
    """WCAG 2.2, 1.4.3: at least 4.5 to 1."""
    for number, ground, ink in RULE.findall(STYLES):
        light, dark = sorted((_luminance(ground), _luminance(ink)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, number
