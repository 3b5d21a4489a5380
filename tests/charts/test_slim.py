"""Slimming an image takes away what does not show, and nothing else."""

import re
from xml.etree import ElementTree

import pytest

from dashboard.charts.slim import SVG, slim

MARKS = f"""<svg xmlns="{SVG}" xmlns:xlink="http://www.w3.org/1999/xlink" class="marks" width="9.5" height="5.25">
<g fill="none"><g class="marks" role="graphics-symbol" aria-roledescription="symbols" pointer-events="none">
<path class="background" d="M0,0h9v5h-9Z"/>
<path transform="translate(1.23456,-0.0000001)" d="M1.23456,0A2,2,0,1,1,-1e-9,0.5" fill="#a00000" stroke-width="2"/>
<path transform="translate(2,3)" d="M1,0" fill="#a00000" opacity="1"/>
<path transform="translate(3,3)" d="M1,0" fill="#00a000" opacity="0.25"/>
<path transform="translate(1,1)" d="M9,9" fill="#0000a0" opacity="0"/></g>
<g><text transform="translate(4.56,2)" font-family="Our Font" fill="#a00000">1 &gt; 0 /&gt;</text></g>
<g><text transform="translate(4.56,2) rotate(-90)" fill="#a00000">up</text><line x2="3.14159" stroke="#000"/></g>
<g><text transform="translate(7,7)" fill="#a00000"><tspan>two</tspan><tspan x="0" dy="12">lines</tspan></text></g>
<g class="empty"/><path d="" display="none"/></g></svg>"""


@pytest.fixture(scope="module")
def picture() -> ElementTree.Element:
    return ElementTree.fromstring(slim(MARKS, "Our Font"))


def _all(picture: ElementTree.Element, kind: str) -> list[dict[str, str]]:
    return [element.attrib for element in picture.iter(f"{{{SVG}}}{kind}")]


def test_marks_that_show_nothing_are_gone(picture: ElementTree.Element) -> None:
    assert [path["transform"] for path in _all(picture, "path")] == [
        "translate(1.2,0)",
        "translate(2,3)",
        "translate(3,3)",
    ]
    assert all(len(group) for group in picture.iter(f"{{{SVG}}}g"))


def test_words_for_scripts_and_pointers_are_gone(picture: ElementTree.Element) -> None:
    said = {name for element in picture.iter() for name in element.attrib}
    assert not said & {"class", "role", "pointer-events", "aria-roledescription", "font-family", "opacity"}


def test_numbers_keep_what_the_eye_can_see(picture: ElementTree.Element) -> None:
    assert _all(picture, "path")[0]["d"] == "M1.23,0A2,2,0,1,1,0,0.5"
    assert _all(picture, "line")[0]["x2"] == "3.1"


def test_a_group_says_what_most_of_its_marks_say_and_the_others_say_their_own(picture: ElementTree.Element) -> None:
    marks = picture[0][0]
    assert marks.get("fill") == "#a00000"
    assert [mark.get("fill") for mark in marks] == [None, None, "#00a000"]
    assert [mark.get("fill-opacity") for mark in marks] == [None, None, "0.25"]
    assert "stroke-width" not in marks[0].attrib  # nothing is stroked


def test_text_stays_where_and_as_it_is(picture: ElementTree.Element) -> None:
    plain, turned, lines = _all(picture, "text")
    assert (plain["x"], plain["y"]) == ("4.6", "2")
    assert turned["transform"] == "translate(4.6,2) rotate(-90)"
    assert lines["transform"] == "translate(7,7)"
    assert "".join(picture.itertext()).split() == ["1", ">", "0", "/>", "up", "twolines"]


def test_a_long_path_goes_from_point_to_point_and_ends_where_it_ended():
    points = [(round(3.333 * i, 2), round(100 - 1.77 * i, 2)) for i in range(60)]
    path = "M" + "L".join(f"{x},{y}" for x, y in points) + "Z"
    written = slim(f'<svg xmlns="{SVG}"><path d="{path}" fill="red"/></svg>', "x")
    steps = re.search(r' d="([^"]*)"', written)[1]
    numbers = [float(one) for one in re.findall(r"-?(?:\d*\.\d+|\d+)", steps)]
    xs, ys = numbers[0::2], numbers[1::2]
    assert abs(sum(xs) - points[-1][0]) < 0.1
    assert abs(sum(ys) - points[-1][1]) < 0.1
    assert len(steps) < 0.75 * len(path)
