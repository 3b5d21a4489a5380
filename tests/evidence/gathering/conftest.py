"""A small codebook and series written by hand, in the documented shapes."""

from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from dashboard.evidence.codebook.model import Codebook, Country, Metric, SeriesLink
from dashboard.evidence.gathering.harmonise.harmonise import Harmonised, harmonise
from data_sources.contract import OBSERVATIONS

RETRIEVED = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)


def a_country(iso3: str, iso2: str, m49: str, name: str) -> Country:
    return Country(
        iso3, iso2, m49, {"en": name}, "Asia", "Western Asia", "Asia", "", "", False, False, False, None, bool(m49)
    )


def a_metric(unit: str = "percent", lower: float | None = 0, upper: float | None = 100, **more: Any) -> Metric:
    link = more.pop("link", None)
    return Metric(
        id="internet_users", name={"en": "Internet users"}, definition={"en": ""}, unit=unit, decimals=1,
        direction="higher", centre=None, target_2030=None, target_set_by=None, target_source={"en": ""},
        limit_low=lower, limit_high=upper, usual_low=None, usual_high=None, sdsn=None, evidence_level=4,
        theme="digital", source_type=(), rights_hook="", rights_hook_checked="", caveats=(),
        checked="", links=(), series=(link,) if link else (), **more,
    )  # fmt: skip


def a_link(source: str = "un_sdg", interval: str = "", role: Any = "primary") -> SeriesLink:
    return SeriesLink("internet_users", source, "IT_USE_ii99", role, interval)


def the_observations(*rows: dict[str, Any]) -> pl.DataFrame:
    """Observations of one series; what a row does not name is as a plain national total would have it."""
    plain = {
        "series": "IT_USE_ii99", "area": "031", "area_scheme": "m49", "area_name": "Azerbaijan", "period": "2015",
        "dimensions": "{}", "value": 77.0, "value_text": "77", "lower": None, "upper": None, "interval_level": None,
        "std_error": None, "unit": "PERCENT", "status": "normal", "nature": "C", "source_detail": "", "footnote": "",
        "edition": "2026.Q2.G.02", "raw_sha256": "ab" * 32,
    }  # fmt: skip
    return pl.DataFrame([plain | row for row in rows], schema=OBSERVATIONS)


@pytest.fixture(scope="session")
def small_codebook() -> Codebook:
    countries = (
        a_country("AZE", "AZ", "031", "Azerbaijan"),
        a_country("GEO", "GE", "268", "Georgia"),
        a_country("CIV", "CI", "384", "Côte d’Ivoire"),
        a_country("XKX", "XK", "", "Kosovo"),
    )
    return Codebook(
        goals={}, targets={}, sdg_indicators={}, principles={}, metrics={}, events=(), reported_counts=(),
        model_hooks=(), country_sets={}, version="test",
        countries={one.iso3: one for one in countries},
        area_aliases={("egdi", "Georgia (Country)"): "GEO", ("wgi", "KSV"): "XKX", ("un_sdg", "412"): "XKX"},
    )  # fmt: skip


@pytest.fixture(scope="session")
def make() -> SimpleNamespace:
    """Makers of small values: ``metric()``, ``link()``, ``observations()``, and when they were retrieved."""
    return SimpleNamespace(metric=a_metric, link=a_link, observations=the_observations, retrieved=RETRIEVED)


@pytest.fixture(scope="session")
def read(small_codebook: Codebook) -> Callable[..., Harmonised]:
    """Harmonise rows given as plain dictionaries, with the small codebook."""

    def run(*rows: dict[str, Any], link: SeriesLink | None = None, metric: Metric | None = None) -> Harmonised:
        return harmonise(the_observations(*rows), link or a_link(), metric or a_metric(), small_codebook, RETRIEVED)

    return run
