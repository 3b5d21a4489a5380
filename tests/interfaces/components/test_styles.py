"""The style sheets: without left and right, so that Arabic needs no second one; the chart library Altair writes for."""

import re
from pathlib import Path

import altair as alt

from dashboard.analysis.charts.compiled import compile_chart
from dashboard.evidence.codebook import load_codebook
from dashboard.interfaces.components.chart import VEGA

ASSETS = Path(__file__).parents[3] / "assets"
MADE = ("goal-", "tone-", "vg-")
"""How classes begin whose names are put together, or come from the chart library."""

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
    assert re.findall(r"text-shadow|drop-shadow", text) == []
    moving = re.findall(r"animation:(?!\s*\w+ 0s )[^;]*", text)  # of no length: it waits, nothing moves
    assert moving == []


def test_every_class_of_a_style_sheet_is_given_to_something() -> None:
    """Nothing of a page that is gone stays behind."""
    product = ASSETS.parent / "dashboard"
    sources = " ".join(
        path.read_text(encoding="utf-8")
        for path in product.rglob("*")
        if path.suffix in (".py", ".js", ".jsx", ".html") and "external" not in path.parts
    )
    styled = {
        name
        for path in ASSETS.glob("*.css")
        for name in re.findall(
            r"\.([a-z][a-z0-9-]+)", re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
        )
    }
    unused = {name for name in styled if not re.search(rf"[\"'` .]{name}[\"'` .,]", sources)}
    assert {name for name in unused if not name.startswith(MADE)} == set()


def test_what_a_class_looks_like_stands_in_one_style_sheet() -> None:
    """All of a page's sheets hold on every page: the later one would change what only the earlier one thinks of."""
    where: dict[tuple[str, str], set[str]] = {}
    for path in ASSETS.glob("*.css"):
        rules = re.findall(r"^(\.[a-z][a-z0-9-]*) \{([^}]*)\}", path.read_text(encoding="utf-8"), flags=re.M)
        for name, body in rules if path.name != "embed.css" else ():  # of a page of its own
            for rule in body.split(";"):
                where.setdefault((name, rule.partition(":")[0].strip()), set()).add(path.name)
    assert {key: sheets for key, sheets in where.items() if key[1] and len(sheets) > 1} == {}


def test_the_browser_draws_what_the_server_compiles() -> None:
    chart = alt.Chart(alt.NamedData(name="one")).mark_point().to_dict() | {"datasets": {"one": [{}]}}
    schema = compile_chart(chart)["$schema"]
    vega = next(package for package in VEGA if package.startswith("vega@"))
    assert re.search(r"/vega/v(\d+)", schema)[1] == re.match(r"vega@(\d+)", vega)[1]


STYLES = (Path(__file__).parents[3] / "assets" / "goals.css").read_text(encoding="utf-8")
RULE = re.compile(r"\.goal-(\d+) \{ background: (#[0-9a-f]{6}); color: (#[0-9a-f]{3}); \}")


def _luminance(colour: str) -> float:
    full = colour if len(colour) == 7 else "#" + "".join(2 * digit for digit in colour[1:])
    parts = [int(full[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_colours_are_those_of_the_codebook() -> None:
    assert {int(number): colour for number, colour, _ in RULE.findall(STYLES)} == {
        number: goal.colour.lower() for number, goal in load_codebook().goals.items()
    }


def test_numerals_contrast_enough() -> None:
    """WCAG 2.2, 1.4.3: at least 4.5 to 1."""
    for number, ground, ink in RULE.findall(STYLES):
        light, dark = sorted((_luminance(ground), _luminance(ink)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, number
