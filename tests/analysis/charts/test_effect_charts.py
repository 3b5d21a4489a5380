"""Charts of adoption effects, on made figures: valid, drawn, light, in every language and theme."""

import re

import jsonschema
import pytest
from altair.vegalite.v6.schema import core

from dashboard.analysis.charts import ChartOptions, render
from dashboard.analysis.charts.chart import ChartWords
from dashboard.analysis.charts.kinds.effects import COLUMNS, KINDS, build
from dashboard.analysis.charts.theme import LOOKS
from dashboard.locales import LANGUAGES
from tests.analysis.charts.made_figures import size_of

VALIDATOR = jsonschema.Draft7Validator(core.load_schema())
YEARS = range(2002, 2024)
WORDS = ChartWords(("A sentence.",))
ROWS = {
    "synthetic": [{"year": y, "actual": y * 0.1, "synthetic": y * 0.1 + 0.2, "gap": -0.2} for y in YEARS],
    "gap": [
        {"unit": f"U{at:02}", "name": f"Unit {at}", "year": y, "gap": (at - 20) * (y - 2012) / 200, "treated": at == 0}
        for at in range(41)
        for y in YEARS
    ],
    "event_study": [
        {"time": at, "value": at / 10, "lower": at / 10 - 0.2 if at else None, "upper": at / 10 + 0.2 if at else None}
        for at in range(-5, 6)
    ],
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_is_valid_light_and_drawn(kind):
    for lang in LANGUAGES:
        for theme in LOOKS:
            options = ChartOptions(lang=lang, theme=theme, title="TEST", unit="score", source_line="TEST FIGURES")
            chart = build(kind, ROWS[kind], options, None if kind == "event_study" else 2019, WORDS)
            assert not [error.message for error in VALIDATOR.iter_errors(chart.spec)]
            assert size_of(chart.spec) <= 70_000
            document = render.draw_svg(chart)
            assert len(document.encode()) <= 60_000, (kind, lang, theme)
            assert "TEST FIGURES" in document
            assert not re.search("undefined|NaN", document)
            assert tuple(chart.rows[0]) == COLUMNS[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_to_draw_is_said_in_words(kind):
    chart = build(kind, [], ChartOptions(title="TEST"), None, ChartWords(("Nothing was estimated.",)))
    assert chart.rows == []
    assert "Nothing was estimated." in str(chart.spec["datasets"])
