"""What pages draw is the very chart that Altair wrote: compiled, with its rows apart."""

import json

import pytest
import vl_convert

from dashboard.analysis.charts.compiled import SCHEMA, _compile_shape, compile_chart
from dashboard.analysis.charts.gallery import EXAMPLES, Example
from tests.analysis.charts.made_figures import draw
from tests.checks import all_of


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.id)
def test_it_is_what_compiling_with_all_rows_gives(example: Example) -> None:
    spec = draw(example).spec
    whole = vl_convert.vegalite_to_vega(json.dumps(spec), vl_version=SCHEMA)
    drawn = compile_chart({**spec, "usermeta": {"rows": 7}})
    assert (drawn.pop("datasets"), drawn.pop("usermeta")) == (spec["datasets"], {"rows": 7})
    for data in whole["data"]:
        if data["name"] in spec["datasets"]:
            assert len(data["values"]) == len(spec["datasets"][data["name"]])
            data["values"] = []
    assert drawn == whole


def test_other_rows_are_compiled_no_second_time() -> None:
    spec = draw(EXAMPLES[0]).spec
    compile_chart(spec)
    before = _compile_shape.cache_info().misses
    other = compile_chart({**spec, "datasets": {name: rows[:1] for name, rows in spec["datasets"].items()}})
    assert _compile_shape.cache_info().misses == before
    assert all_of(len(rows) <= 1 for rows in other["datasets"].values())
