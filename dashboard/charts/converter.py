"""Vega-Lite made into Vega and into pictures, by vl-convert in a sandbox.

vl-convert holds Python's interpreter for as long as it converts, 40 ms for a compilation and half a second for a PNG:
in the server's own process nobody would be answered meanwhile. One conversion at a time; the process is replaced after
``CONVERSIONS`` of them, and gives back what it holds.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from dashboard.sandbox.pools import Crashed, JobLimits, NotStarted, Sandbox, TooCostly

FONTS = Path(__file__).parents[2] / "assets" / "fonts"

CONVERSIONS = 1_000
"""After so many the process is replaced: of 124 MiB it holds after 200, 106 are there after the first."""

LIMITS = JobLimits(memory=0, seconds=60, patience=60.0)
"""The slowest of ours take three seconds. V8 reserves all the address space there is, so that it is not bounded."""

SANDBOX = Sandbox(workers=1, tasks=CONVERSIONS, polite=0, idle=120.0)


def convert_to_vega(specification: str, version: str) -> str:
    """The Vega of a Vega-Lite specification, both as JSON.

    Args:
        specification: Vega-Lite.
        version: which one, as vl-convert names it: 6.4.

    Raises:
        ValueError: it cannot be compiled.
    """
    made: str = _ask({"to": "vega", "version": version}, specification)
    return made


def convert_to_svg(specification: str, version: str) -> str:
    """The drawing of a Vega-Lite specification, with our fonts; raises as ``vega``."""
    made: str = _ask({"to": "svg", "version": version}, specification)
    return made


def convert_to_png(document: str, scale: float) -> bytes:
    """An SVG document as PNG; ``scale`` is pixels of the file per pixel of the drawing; raises as ``vega``."""
    made: bytes = _ask({"to": "png", "scale": scale}, document)
    return made


def is_in_trouble() -> bool:
    """Whether the process could not be reached when it was last asked."""
    return SANDBOX.trouble()


def _ask(order: dict[str, Any], document: str) -> Any:
    try:
        made, failed = SANDBOX.call("dashboard.charts.converter:convert", order | {"document": document}, LIMITS)
    except TooCostly as error:
        raise ValueError(
            f"vl-convert took longer than {LIMITS.patience:g} s for {order['to']}, or was killed"
        ) from error
    except (Crashed, NotStarted) as error:
        raise ValueError(f"vl-convert ended while it made {order['to']}: {error}") from error
    if failed:
        raise ValueError(failed)
    return made


def convert(order: dict[str, Any]) -> tuple[str | bytes, str]:
    """What is made of a document in the sandbox, or the words of vl-convert on why nothing was."""
    library, document = _library(), order["document"]
    try:
        if order["to"] == "png":
            return library.svg_to_png(document, scale=order["scale"]), ""
        specification = json.loads(document)  # read here: vl-convert reads the last digit of some numbers wrongly
        if order["to"] == "svg":
            return library.vegalite_to_svg(specification, vl_version=order["version"]), ""
        return json.dumps(library.vegalite_to_vega(specification, vl_version=order["version"])), ""
    except ValueError as error:
        return "", str(error)


@lru_cache(maxsize=1)
def _library() -> Any:
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))
    return vl_convert
