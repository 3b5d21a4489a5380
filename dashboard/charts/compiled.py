"""Charts as the browser draws them: Vega-Lite compiled to Vega on the server, once for all choices of countries.

A page then needs no compiler, which is a quarter of the drawing code, and draws at once what it is given.
"""

import json
from functools import lru_cache
from typing import Any

import altair as alt

from dashboard.charts import converter

SCHEMA = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])
"""The Vega-Lite that Altair writes for, as vl-convert names it: 6.4."""


def compile_chart(specification: dict[str, Any]) -> dict[str, Any]:
    """The Vega of a Vega-Lite specification with named datasets.

    Args:
        specification: Vega-Lite with its rows in ``datasets`` and its words in ``usermeta``; left as it is.

    Returns:
        Vega whose ``data`` of those names have no rows yet: they are in ``datasets``, beside ``usermeta``, as before.

    Raises:
        ValueError: vl-convert cannot compile the specification.
    """
    apart = {name: specification.get(name, {}) for name in ("datasets", "usermeta")}
    shape = {name: part for name, part in specification.items() if name not in apart}
    text = json.dumps(shape | {"datasets": {name: [] for name in apart["datasets"]}}, sort_keys=True)
    return {**json.loads(_compiled(text)), **apart}


@lru_cache(maxsize=256)
def _compiled(shape: str) -> str:
    return converter.convert_to_vega(shape, SCHEMA)
