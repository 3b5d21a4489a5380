"""Every example of the gallery: valid, drawn, light, said in both languages, and never a zero for a gap."""

import gzip
import json
import re
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import altair as alt
import jsonschema
import pytest
from altair.vegalite.v6.schema import core

from dashboard.analysis.charts import KINDS, render
from dashboard.analysis.charts.gallery import CENTRES, EXAMPLES, Example
from dashboard.analysis.charts.registry import select_kinds
from dashboard.analysis.charts.theme import LOOKS
from dashboard.locales import LANGUAGES
from tests.analysis.charts.made_figures import centres, draw, figures, options, size_of
from tests.checks import all_of

MOST_BYTES = 60_000
VALIDATOR = jsonschema.Draft7Validator(core.load_schema())

each_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.id)


def test_every_kind_has_examples():
    assert {example.kind for example in EXAMPLES} == set(select_kinds("series"))
    assert {example.kind for example in CENTRES} == set(select_kinds("services"))
    assert len({example.id for example in EXAMPLES}) == len(EXAMPLES)


@each_example
def test_an_example_is_valid_and_light(example: Example):
    spec = draw(example).spec
    assert not [error.message for error in VALIDATOR.iter_errors(spec)]
    assert size_of(spec) <= MOST_BYTES
    assert spec["width"] == "container"
    assert spec["$schema"].endswith(f"/{alt.SCHEMA_VERSION}.json")


@each_example
def test_an_example_is_drawn_with_its_words_inside(example: Example):
    chart = draw(example)
    document = render.draw_svg(chart)
    assert f'width="{example.width}"' in document[:200]
    assert chart.title in document
    assert "TEST FIGURES, made by hand" in document
    words = re.sub(r"<[^>]*>", " ", document)
    assert "undefined" not in words
    assert "NaN" not in document
    assert "null" not in words


@pytest.mark.parametrize("example", CENTRES, ids=lambda example: example.id)
def test_an_example_of_centres_is_valid_light_and_drawn_with_its_words(example: Example):
    for lang in LANGUAGES:
        chart = centres(replace(example, lang=lang))
        assert not [error.message for error in VALIDATOR.iter_errors(chart.spec)]
        assert size_of(chart.spec) <= MOST_BYTES
        assert {tuple(row) for row in chart.rows} == {KINDS[example.kind].columns}
        rest = json.dumps({key: value for key, value in chart.spec.items() if key != "datasets"})
        assert [name for name in chart.spec["datasets"] if f'"name": "{name}"' not in rest] == []
        assert "TEST CENTRE" not in rest
    document = render.draw_svg(centres(example))
    assert "TEST FIGURES, made by hand" in document
    assert all_of(words not in document for words in ("undefined", "NaN"))


@pytest.mark.nightly
@each_example
def test_an_image_of_an_example_is_light_and_well_formed_in_every_language_and_theme(example: Example):
    for lang in LANGUAGES:
        for theme in LOOKS:
            document = render.draw_svg(draw(replace(example, lang=lang, theme=theme)))
            assert len(gzip.compress(document.encode())) <= MOST_BYTES, (lang, theme)
            root = ElementTree.fromstring(document)
            assert [child.tag.rpartition("}")[2] for child in root][:2] == ["title", "desc"]


@each_example
def test_an_example_says_itself_in_every_language(example: Example):
    for lang in LANGUAGES:
        spoken = replace(example, lang=lang)
        sentence = draw(spoken).sentence
        assert sentence.startswith(options(spoken).title)
        assert "{" not in sentence
        assert not re.search(r"\b(because|caused?|led to|thanks to|impact|due to)\b", sentence)


@each_example
def test_no_gap_becomes_a_zero(example: Example):
    chart = draw(example)
    given = {one["id"]: one for one in figures(example.indicator).to_dicts()}
    for row in chart.rows:
        if row.get("group"):  # a median: ours, of no single row
            continue
        source = given.get(row["id"])
        assert row["value"] == (None if source is None else source["value"])
        if row["value"] is None:
            assert row["status"] in ("missing", "not_applicable", "censored")
    known = {row["country"] for row in chart.rows if row["value"] is not None or row["status"] == "censored"}
    for data in ("figures", "dots"):
        for mark in chart.spec["datasets"].get(data, []):
            assert mark["country"] in known


@each_example
def test_countries_and_words_of_the_data_are_in_the_data_only(example: Example):
    chart = draw(example)
    text = str({key: value for key, value in chart.spec.items() if key != "datasets"})
    for iso3 in example.countries:
        assert options(example).names[iso3] not in text
        assert f"'{iso3}'" not in text
    assert chart.title not in text
    assert chart.options.source_line not in text


OTHERS = {
    "ranking": ("KEN", "FRA"),
    "map": ("FRA",),
    "world": ("FRA",),
    "distribution": ("KEN", "FRA", "PER"),
    "breakdown": ("ZMB", "FRA"),
    "multiples": ("KEN", "FRA"),
    "slope": ("KEN", "FRA", "PER"),
    "scatter": ("KEN", "FRA"),
    "aligned": ("UGA", "UZB"),
}


@pytest.mark.parametrize("kind", select_kinds("series"))
def test_another_choice_of_countries_changes_only_the_data(kind: str):
    example = next(example for example in EXAMPLES if example.kind == kind)
    first, second = (draw(replace(example, countries=c)) for c in (example.countries, OTHERS.get(kind, ("KEN",))))
    assert _shape(first.spec) == _shape(second.spec)
    assert first.spec["datasets"] != second.spec["datasets"]
    assert set(first.spec["datasets"]) == set(second.spec["datasets"])


def _shape(spec: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in spec.items() if key != "datasets"}


@pytest.mark.parametrize("kind", select_kinds("series"))
def test_another_indicator_changes_only_the_data_too(kind: str):
    example = next(example for example in EXAMPLES if example.kind == kind)
    other = replace(example, indicator="internet_users" if example.indicator != "internet_users" else "egdi")
    if kind == "breakdown":
        other = replace(example, indicator="basic_water", dimension="Location")
    assert _shape(draw(example).spec) == _shape(draw(other).spec)


@each_example
def test_longer_labels_of_new_data_find_room(example: Example):
    assert draw(example).spec["autosize"] == {"type": "fit-x", "contains": "padding", "resize": True}


@each_example
def test_rows_have_the_columns_of_their_kind(example: Example):
    chart = draw(example)
    assert chart.rows
    for row in chart.rows:
        assert tuple(row) == KINDS[example.kind].columns


@each_example
def test_every_dataset_is_read_by_a_mark(example: Example):
    """Vega takes new rows only of datasets that something reads: another would be an error at the next change."""
    spec = draw(example).spec
    rest = json.dumps({key: value for key, value in spec.items() if key != "datasets"})
    assert [name for name in spec["datasets"] if f'"name": "{name}"' not in rest] == []
