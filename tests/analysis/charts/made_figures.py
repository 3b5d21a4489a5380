"""TEST FIGURES: made by hand, of no country. They carry the states real figures can be in, never their values."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any

import polars as pl

from dashboard.analysis.charts import ChartOptions
from dashboard.analysis.charts.atlas import Atlas, read_atlas
from dashboard.analysis.charts.centres import CentreFunnel, CentreLikeness, CentreTile, LikenedPoint, Point
from dashboard.analysis.charts.chart import Across, Chart, Projection
from dashboard.analysis.charts.gallery import OF_ALL, Example
from dashboard.analysis.charts.registry import KINDS
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.codebook.model import choose_text
from dashboard.evidence.dataset.schema import ROWS

SURVEYS = {"AZE": (2009, 2013, 2019), "GEO": (2008, 2013, 2019, 2023), "UGA": (2013,)}


def row(iso3: str, year: int, value: float | None, **given: Any) -> dict[str, Any]:
    """A row of ROWS with what a chart needs; everything not given is as plain as can be."""
    common = {
        "id": f"{iso3}-{year}-{given.get('edition', '1')}",
        "country": iso3,
        "year": year,
        "period": str(year),
        "dimensions": "{}",
        "value": value,
        "value_text": "" if value is None else f"{value:.10g}",
        "unit": "score",
        "status": "normal" if value is not None else "missing",
        "nature": "C",
        "source": "test",
        "series": "TEST",
        "edition": "1",
        "primary": True,
    }
    return common | given


def error(iso3: str, year: int, value: float, std_error: float, **given: Any) -> dict[str, Any]:
    """A row with a standard error and its 90 % interval."""
    margin = 1.645 * std_error
    bounds = {"std_error": std_error, "lower": value - margin, "upper": value + margin, "interval_level": 90.0}
    return row(iso3, year, value, **bounds, **given)


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    """The rows in the dataset's columns."""
    return pl.DataFrame(list(rows), schema=ROWS)


def _seed(iso3: str) -> float:
    """A number between 0 and 1 that stays the same for a country."""
    return (sum(ord(letter) * weight for letter, weight in zip(iso3, (7, 31, 113), strict=True)) % 97) / 97


def _wgi_cc(iso3: str) -> list[dict[str, Any]]:
    years = [1996, 1998, 2000, *range(2002, 2024)]
    made = [error(iso3, y, 4.2 * _seed(iso3) - 2.1 + 0.01 * (y - 2010), 0.15 + 0.1 * _seed(iso3)) for y in years]
    if iso3 == "COD":
        made[10] = row(iso3, made[10]["year"], None)
    return made


def _internet_users(iso3: str) -> list[dict[str, Any]]:
    made = [row(iso3, y, min(99.97, (y - 1999) * (1 + 4 * _seed(iso3))), unit="percent") for y in range(2001, 2023)]
    made[0] = row(iso3, 2001, None, status="censored", upper=0.5, value_text="<0.5", unit="percent")
    made.append(row(iso3, 2023, 90.0, status="estimated", nature="E", unit="percent"))
    made.append(row(iso3, 2024, 91.0, status="provisional", unit="percent"))
    return made


def _egdi(iso3: str) -> list[dict[str, Any]]:
    return [
        row(iso3, y, 0.2 + 0.5 * _seed(iso3) + 0.01 * (y - 2008), edition=str(y), unit="index")
        for y in (2008, 2012, 2016, 2020, 2024)
    ]


def _bribery_firms(iso3: str) -> list[dict[str, Any]]:
    if iso3 in SURVEYS:
        return [row(iso3, y, 5 + 30 * _seed(iso3), unit="percent") for y in SURVEYS[iso3]]
    return [row(iso3, 2006 + int(14 * _seed(iso3)), 40 * _seed(iso3), unit="percent")] if _seed(iso3) > 0.4 else []


def _bribery_persons(iso3: str) -> list[dict[str, Any]]:
    if iso3 == "AZE" or _seed(iso3) > 0.2:
        return [row(iso3, 2018, None, status="not_applicable", unit="percent")] if iso3 == "AUS" else []
    return [row(iso3, 2012 + int(20 * _seed(iso3)), 50 * _seed(iso3), unit="percent")]


def _by_group(iso3: str, dimension: str, groups: dict[str, float], year: int) -> list[dict[str, Any]]:
    return [
        row(
            iso3, year, min(99.0, 30 + 50 * _seed(iso3) + more * (1 + _seed(iso3))), unit="percent",
            id=f"{iso3}-{year}-{group}", dimensions=json.dumps({dimension: group}, separators=(",", ":")),
        )
        for group, more in groups.items()
    ]  # fmt: skip


def _mobile_ownership(iso3: str) -> list[dict[str, Any]]:
    if _seed(iso3) < 0.6 and iso3 != "UGA":
        return [row(iso3, 2020, 61.0, unit="percent")] if iso3 == "AZE" else []
    made = _by_group(iso3, "Sex", {"MALE": 5.0, "FEMALE": -3.0}, 2019)
    return [*made, *_by_group(iso3, "Sex", {"MALE": 6.0}, 2021), row(iso3, 2019, 50.0, unit="percent")]


def _basic_water(iso3: str) -> list[dict[str, Any]]:
    if _seed(iso3) < 0.7 and iso3 not in ("AZE", "UGA", "IDN"):
        return []
    made = _by_group(iso3, "Location", {"URBAN": 9.0, "RURAL": -9.0}, 2017)
    errors = {"std_error": 1.5, "interval_level": 90.0}
    return [one | errors | {"lower": one["value"] - 2.47, "upper": one["value"] + 2.47} for one in made]


def _birth_registration(iso3: str) -> list[dict[str, Any]]:
    return _by_group(iso3, "Age", {"<1Y": -2.0, "M6T59": 1.0}, 2016) if _seed(iso3) > 0.8 or iso3 == "UGA" else []


MADE: dict[str, Callable[[str], list[dict[str, Any]]]] = {
    "wgi_cc": _wgi_cc,
    "internet_users": _internet_users,
    "egdi": _egdi,
    "bribery_firms": _bribery_firms,
    "bribery_persons": _bribery_persons,
    "ti_cpi": lambda iso3: [error(iso3, y, float(round(10 + 80 * _seed(iso3))), 2.0) for y in (2012, 2018, 2024)],
    "budget_reliability": lambda iso3: [row(iso3, 2017, 70 + 60 * _seed(iso3), unit="percent")] * (_seed(iso3) > 0.5),
    "census_10y": lambda iso3: [row(iso3, 2019, float(_seed(iso3) > 0.3), unit="yes_no")],
    "mobile_ownership": _mobile_ownership,
    "basic_water": _basic_water,
    "birth_registration": _birth_registration,
}


@lru_cache
def figures(indicator: str, countries: tuple[str, ...] = ()) -> pl.DataFrame:
    """TEST FIGURES of an indicator, for some countries or for all of the codebook."""
    made = MADE[indicator]
    return frame(*[one for iso3 in countries or everyone() for one in made(iso3)])


def everyone() -> tuple[str, ...]:
    """All countries with a square."""
    return tuple(iso3 for iso3, country in load_codebook().countries.items() if country.tile)


@lru_cache
def world() -> Atlas:
    """The shapes as the product has them."""
    document = json.loads((Path(__file__).parents[3] / "assets" / "world.json").read_text(encoding="utf-8"))
    return read_atlas(document, "/world.json?v=test")


GROUPS = {
    "Sex": {"FEMALE": "female", "MALE": "male"},
    "Location": {"RURAL": "rural", "URBAN": "urban"},
    "Age": {"<1Y": "under 1 year", "M6T59": "6 to 59 months"},
}


AHEAD = Projection(2030, 81.0, 64.0, 92.0, 90.0, "TEST RANGE", "TEST METHOD")


def options(example: Example) -> ChartOptions:
    """What is known of an example's indicator and countries."""
    book = load_codebook()
    metric = book.metrics[example.indicator]
    groups = GROUPS.get(example.dimension, {})
    return ChartOptions(
        dimension=example.dimension,
        dimension_name=example.dimension.lower(),
        categories=groups,
        people=groups,
        title=choose_text(metric.name, example.lang),
        unit=metric.unit,
        decimals=metric.decimals,
        direction=metric.direction,
        centre=metric.centre,
        line=metric.line,
        names={iso3: choose_text(country.name, example.lang) for iso3, country in book.countries.items()},
        tiles={iso3: country.tile for iso3, country in book.countries.items() if country.tile},
        atlas=world(),
        group=everyone() if example.kind in OF_ALL else example.countries,
        starts={"AZE": 2012, "UZB": 2017, "UGA": 2022} if example.kind == "aligned" else {},
        start_label="TEST EVENT" if example.kind == "aligned" else "",
        sources={"test": "TEST FIGURES"},
        groups={"TEST GROUP": everyone(), "TEST FEW": ("AZE", "GEO")},
        projection=AHEAD if example.kind == "projection" and example.indicator != "ti_cpi" else None,
        target=metric.target_2030 if example.kind == "projection" else None,
        source_line="TEST FIGURES, made by hand",
        as_of="TEST",
    )


PLAIN = ChartOptions(title="Test index", unit="score", decimals=2, direction="higher")
"""Options of an index."""


@lru_cache
def draw(example: Example) -> Chart:
    """The example's chart, of these figures: the same for all who ask, who leave it as it is."""
    chosen = replace(
        options(example), lang=example.lang, theme=example.theme, width=example.width, highlighted=example.countries,
        insist=example.insist, across=_across(example),
    )  # fmt: skip
    return KINDS[example.kind].build(
        figures(example.indicator, () if example.kind in OF_ALL else example.countries), chosen
    )


class MadeCentres:
    """TEST FIGURES of six centres and three months: one tile is missing, one centre lies outside."""

    felt = 5.0
    months = (("2026-08", "Aug"), ("2026-09", "Sep"), ("2026-10", "Oct"))
    codes = tuple(f"c{n}" for n in range(6))

    @property
    def funnel(self) -> CentreFunnel:
        """Limits that widen with fewer cases."""
        edges = {n: (80 - 300 / n, 80 - 200 / n, 80 + 200 / n, 80 + 300 / n) for n in range(20, 81, 10)}
        return CentreFunnel(
            80.0,
            [
                Point(
                    code,
                    f"TEST CENTRE {code}",
                    40.0 if code == "c5" else 80.0,
                    n,
                    edges[n],
                    "outer" if code == "c5" else "",
                )
                for code, n in zip(self.codes, range(20, 80, 10), strict=True)
            ],
            list(edges.items()),
        )

    @property
    def likeness(self) -> CentreLikeness:
        """One lies outside, and one is better than another that stands above it."""
        edges = {n: (-300 / n, -200 / n, 200 / n, 300 / n) for n in range(20, 81, 10)}
        return CentreLikeness(
            [
                LikenedPoint(
                    code, f"TEST CENTRE {code}", 60.0 if code == "c5" else 80.0, 79.0, 2 * n, n, edges[n],
                    "outer" if code == "c5" else "", ("TEST CENTRE c2",) if code == "c1" else (),
                )
                for code, n in zip(self.codes, range(20, 80, 10), strict=True)
            ],
            list(edges.items()),
            1.5,
        )  # fmt: skip

    def select_foremost(self, most: int) -> tuple[tuple[str, ...], str]:
        """The first centres."""
        return self.codes[:most], ""

    def list_tiles(self, centres: Sequence[str]) -> list[CentreTile]:
        """A tile each, the first without a figure."""
        return [
            CentreTile(code, f"TEST CENTRE {code}", month, "value" if at else "not_reported", 10.0 * at if at else None,
                 None, None, 20.0, f"{10 * at} minutes" if at else "not reported", str(10 * at) if at else "")
            for at, (code, (month, _)) in enumerate(product(centres, self.months))
        ]  # fmt: skip


def centres(example: Example) -> Chart:
    """The chart of an example that is drawn from services, of these figures."""
    about = replace(PLAIN, title="TEST METRIC", lang=example.lang, theme=example.theme, width=example.width,
                    source_line="TEST FIGURES, made by hand", as_of="TEST")  # fmt: skip
    return KINDS[example.kind].build(MadeCentres(), about)


def _across(example: Example) -> Across | None:
    if not example.across:
        return None
    known = options(replace(example, indicator=example.across))
    return Across(figures(example.across, ()), known.title, known.unit, known.decimals)


def size_of(spec: dict[str, Any]) -> int:
    """Bytes of the specification as it is sent."""
    return len(json.dumps(spec, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode())
