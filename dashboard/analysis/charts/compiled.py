"""Charts compiled to Vega on the server, once for all choices of countries.

A page then needs no compiler, which is a quarter of the drawing code.
"""

import json
from functools import lru_cache
from typing import Any

import altair as alt

from dashboard.analysis.charts import converter

SCHEMA = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])
"""The Vega-Lite version of Altair, as vl-convert names it: 6.4."""


def compile_chart(specification: dict[str, Any]) -> dict[str, Any]:
    """Return the Vega of a Vega-Lite specification; rows stay in ``datasets``, beside ``usermeta``."""
    apart = {name: specification.get(name, {}) for name in ("datasets", "usermeta")}
    shape = {name: part for name, part in specification.items() if name not in apart}
    text = json.dumps(shape | {"datasets": {name: [] for name in apart["datasets"]}}, sort_keys=True)
    return {**json.loads(_compile_shape(text)), **apart}


@lru_cache(maxsize=256)
def _compile_shape(shape: str) -> str:
    return converter.convert_to_vega(shape, SCHEMA)
