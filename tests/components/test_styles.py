"""The style sheets: without left and right, so that Arabic needs no second one; the chart library Altair writes for."""

import re
from pathlib import Path

import altair

from dashboard.components.chart import VEGA

ASSETS = Path(__file__).parents[2] / "assets"
SIDED = re.compile(
    r"(?:^|[\s;{])(?:(?:margin|padding|border)-(?:left|right)|(?:left|right)(?=\s*:)|text-align:\s*(?:left|right)|float)\b",
    re.M,
)


def test_only_logical_properties() -> None:
    found = [
        f"{path.name}: {match.group().strip()}"
        for path in sorted(ASSETS.glob("*.css"))
        for match in SIDED.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_no_shadow_no_gradient_behind_text() -> None:
    text = (ASSETS / "base.css").read_text(encoding="utf-8")
    assert "linear-gradient(to right" not in text
    assert re.findall(r"text-shadow|drop-shadow|animation:", text) == []


def test_vega_lite_is_the_version_altair_writes_for() -> None:
    lite = next(package for package in VEGA if package.startswith("vega-lite@"))
    assert lite == f"vega-lite@{altair.SCHEMA_VERSION.removeprefix('v')}"
