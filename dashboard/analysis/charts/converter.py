"""Conversion of Vega-Lite to Vega and to pictures, by vl-convert in a sandbox.

vl-convert blocks the interpreter for as long as it converts, so it runs in a process of its own.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from dashboard.runtime.sandbox.pools import Crashed, JobLimits, NotStarted, Sandbox, TooCostly

FONTS = Path(__file__).parents[3] / "assets" / "fonts"

MAX_CONVERSIONS = 1_000
"""Conversions after which the process is replaced; it takes 106 MiB after the first and 124 after 200."""

LIMITS = JobLimits(memory=0, seconds=60, patience=60.0)
"""The slowest conversions take three seconds. Memory is unlimited, as V8 reserves all address space."""

SANDBOX = Sandbox(workers=1, tasks=MAX_CONVERSIONS, polite=0, idle=120.0)


def convert_to_vega(specification: str, version: str) -> str:
    """Return the Vega of a Vega-Lite specification, both as JSON."""
    made: str = _request_conversion({"to": "vega", "version": version}, specification)
    return made


def convert_to_svg(specification: str, version: str) -> str:
    """Draw a Vega-Lite specification with our fonts; raises as ``convert_to_vega``."""
    made: str = _request_conversion({"to": "svg", "version": version}, specification)
    return made


def convert_to_png(document: str, scale: float) -> bytes:
    """Return an SVG document as PNG, ``scale`` times as large; raises as ``convert_to_vega``."""
    made: bytes = _request_conversion({"to": "png", "scale": scale}, document)
    return made


def has_failed() -> bool:
    """Return True if the last conversion failed to reach the process."""
    return SANDBOX.trouble()


def _request_conversion(order: dict[str, Any], document: str) -> Any:
    try:
        made, failed = SANDBOX.call(
            "dashboard.analysis.charts.converter:convert", order | {"document": document}, LIMITS
        )
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
    """Convert a document in the sandbox; return the result, or the error of vl-convert."""
    library, document = _load_library(), order["document"]
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
def _load_library() -> Any:
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))
    return vl_convert
