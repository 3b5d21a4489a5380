"""Images stand alone: words inside, our font, their own ground."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from dashboard.analysis.charts import KINDS, render
from dashboard.analysis.charts.gallery import EXAMPLES
from tests.analysis.charts.made_figures import PLAIN, draw, frame, row

CHART = KINDS["trend"].build(
    frame(row("AAA", 2019, 1.0), row("AAA", 2020, 2.0)),
    replace(PLAIN, source_line="A source & more", as_of="As of 1 January 2026", width=700),
)


def test_an_image_carries_title_unit_years_sentence_source_and_date():
    text = " ".join(ElementTree.fromstring(render.draw_svg(CHART)).itertext())
    for words in ("Test index", "score · 2019–2020", CHART.sentence, "Source: A source & more", "As of 1 January 2026"):
        assert words in text


@pytest.mark.parametrize(("theme", "ground"), [("light", "#ffffff"), ("dark", "#14161a")])
def test_an_image_has_its_own_ground_and_a_specification_none(theme, ground):
    chart = KINDS["trend"].build(frame(row("AAA", 2020, 1.0)), replace(PLAIN, theme=theme))
    assert f'<rect width="100%" height="100%" fill="{ground}"/>' in render.draw_svg(chart)
    assert chart.spec["config"]["background"] == "transparent"


def test_a_png_has_the_width_asked_for():
    data = render.draw_png(CHART, scale=2)
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(data[16:20]) == 1400


def test_our_font_is_used_and_letters_of_all_scripts_are_in_it():
    document = render.draw_svg(CHART)
    assert 'font-family="Monitor Sans' in document
    assert "sans-serif" in document  # the fallback of other viewers


def test_the_shape_stays_untouched_by_an_image():
    before = dict(CHART.spec)
    render.draw_svg(CHART)
    assert (CHART.spec, CHART.spec["width"]) == (before, "container")


@pytest.mark.parametrize("width", [360, 1100])
def test_no_line_of_text_is_wider_than_the_image(width):
    for example in EXAMPLES:
        chart = draw(replace(example, width=width))
        most = max(len(line) for line in render._wrap_lines(chart.sentence, 12, width - 40))
        assert most * 12 * 0.5 <= width - 40


def test_marks_of_a_titled_image_say_what_a_pointer_is_told():
    chart = KINDS["trend"].build(frame(row("AAA", 2019, 1.0), row("BBB", 2019, 2.0), row("AAA", 2020, 3.0)), PLAIN)
    said = {one["year"]: one["said"] for one in chart.spec["datasets"]["columns"]}
    document = ElementTree.fromstring(render.draw_svg(chart, titled=True))
    titles = [one.text for one in document.iter("{http://www.w3.org/2000/svg}title")][1:]
    assert {
        "\n".join([str(year), *(f"{name}: {text}" for name, text in words.items() if name != "title")])
        for year, words in said.items()
    } == set(titles)
    assert len(titles) == len(said) + len(chart.spec["datasets"]["figures"]), "every year, and every mark in it"
    assert "aria-label" not in render.draw_svg(chart, titled=True)
    assert "<title>2019" not in render.draw_svg(chart), "only where a browser shows it"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.kind)
def test_every_kind_that_answers_a_pointer_has_titles(example):
    chart = draw(example)
    document = ElementTree.fromstring(render.draw_svg(chart, titled=True))
    words = [one.text or "" for one in document.iter("{http://www.w3.org/2000/svg}title")][1:]
    assert bool(words) == ("datum.said" in str(chart.spec) or "'tooltip': [" in str(chart.spec))
    assert all(one.strip() and "undefined" not in one and "object" not in one for one in words)
    plain = ElementTree.fromstring(render.draw_svg(chart))
    assert [one.get("d") for one in document.iter("{http://www.w3.org/2000/svg}path")] == [
        one.get("d") for one in plain.iter("{http://www.w3.org/2000/svg}path")
    ]
