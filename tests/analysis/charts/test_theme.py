"""Colours can be seen and told apart, by everyone, on both grounds; and the font is ours."""

from itertools import combinations, pairwise

import pytest

from dashboard.analysis.charts.converter import FONTS
from dashboard.analysis.charts.theme import LOOKS, SYMBOLS, build_config, hold_direction, name_year_unit
from dashboard.locales import LANGUAGES
from tests.checks import all_of

GROUNDS = {"light": ("#ffffff", "#fbfaf7"), "dark": ("#14161a",)}
DEUTERANOPE = ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881))
PROTANOPE = ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998))
"""Machado, Oliveira and Fernandes (2009), severity 1.0."""


def channels(colour):
    return [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]


def linear(colour):
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels(colour)]


def contrast(one, other):
    """WCAG 2.2, relative luminance."""
    lights = sorted(sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear(x), strict=True)) for x in (one, other))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def lab(rgb):
    xyz = [
        sum(w * c for w, c in zip(weights, rgb, strict=True)) / white
        for weights, white in (
            ((0.4124, 0.3576, 0.1805), 0.9505),
            ((0.2126, 0.7152, 0.0722), 1.0),
            ((0.0193, 0.1192, 0.9505), 1.089),
        )
    ]
    x, y, z = (max(v, 0) ** (1 / 3) if v > 0.008856 else 7.787 * max(v, 0) + 16 / 116 for v in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def difference(one, other, eye=None):
    """CIE76 distance as seen by an eye."""
    seen = []
    for colour in (one, other):
        rgb = linear(colour)
        if eye:
            rgb = [min(1, max(0, sum(w * c for w, c in zip(weights, rgb, strict=True)))) for weights in eye]
        seen.append(lab(rgb))
    return sum((a - b) ** 2 for a, b in zip(*seen, strict=True)) ** 0.5


@pytest.mark.parametrize(("theme", "ground"), [(theme, ground) for theme in GROUNDS for ground in GROUNDS[theme]])
def test_marks_have_three_to_one_and_text_four_and_a_half(theme, ground):
    look = LOOKS[theme]
    for colour in (*look.palette, look.rest):
        assert contrast(colour, ground) >= 3
    for colour in (look.text, look.muted):
        assert contrast(colour, ground) >= 4.5


@pytest.mark.parametrize("theme", LOOKS)
def test_labels_in_the_colour_of_their_line_can_be_read(theme):
    assert min(contrast(colour, LOOKS[theme].surface) for colour in LOOKS[theme].palette) >= 4.5


@pytest.mark.parametrize("theme", LOOKS)
def test_codes_can_be_read_on_every_class_of_the_map(theme):
    look = LOOKS[theme]
    assert all_of(contrast(ink, fill) >= 4.5 for ink, fill in zip(look.inks, look.sequential, strict=True))
    lights = [lab(linear(colour))[0] for colour in look.sequential]
    steps = [later - earlier for earlier, later in pairwise(lights)]
    assert all_of(abs(step) >= 9 for step in steps)
    assert len({step > 0 for step in steps}) == 1  # lightness alone tells the order


@pytest.mark.parametrize(("theme", "least"), [("light", 1.5), ("dark", 3)])
def test_the_lowest_class_is_told_from_the_ground_and_from_what_is_not_drawn(theme, least):
    look = LOOKS[theme]
    assert contrast(look.sequential[0], look.surface) >= least
    assert difference(look.sequential[0], look.hairline) >= 10


@pytest.mark.parametrize("theme", LOOKS)
@pytest.mark.parametrize("eye", [None, DEUTERANOPE, PROTANOPE], ids=["usual", "deuteranope", "protanope"])
def test_the_six_colours_are_told_apart(theme, eye):
    assert min(difference(a, b, eye) for a, b in combinations(LOOKS[theme].palette, 2)) >= 14


def test_colour_is_never_the_only_difference():
    assert len(set(SYMBOLS)) == 6
    assert not any("triangle" in symbol for symbol in SYMBOLS)


def test_numbers_on_axes_follow_the_language_and_background_is_the_page():
    assert build_config("en", "light")["locale"]["number"]["thousands"] == ","
    assert build_config("ar", "dark")["background"] == "transparent"


def test_an_axis_of_years_has_its_unit_in_every_language():
    assert name_year_unit("en") == "years"
    assert all_of(name_year_unit(lang) for lang in LANGUAGES)


def test_right_to_left_text_is_isolated_in_drawings_and_other_text_is_left_alone():
    assert hold_direction("مرحبا (1)", "ar") == "\u2067مرحبا (1)\u2069"
    assert hold_direction("hello", "en") == "hello"
    assert hold_direction("", "ar") == ""


def test_the_fonts_are_here_with_their_licence():
    names = {path.name for path in FONTS.iterdir()}
    assert {"MonitorSans-Regular.ttf", "MonitorSans-SemiBold.ttf", "OFL.txt", "fonts.css"} <= names
    css = (FONTS / "fonts.css").read_text(encoding="utf-8")
    for script in ("latin", "latin-ext", "cyrillic", "arabic"):
        for weight in ("regular", "semibold"):
            file = f"monitor-sans-{script}-{weight}.woff2"
            assert file in names
            assert file in css
            assert (FONTS / file).stat().st_size <= 20_000
    assert css.count("font-display: swap") == css.count("unicode-range") == 8
