"""Which country an area is: by M49, ISO or World Bank code, or by name; regions are told from the unknown."""

import csv
import unicodedata
from functools import lru_cache
from pathlib import Path

import polars as pl

from dashboard.evidence.codebook.model import Codebook

NOT_COUNTRIES = Path(__file__).with_name("not_countries.csv")
"""Codes publishers list beside countries: regions, income groups, organisations, parts of countries, former states.

M49 and the UN SDG database's own codes; World Bank aggregates by their two-letter and three-letter codes.
"""


def fold_area(scheme: str, area: str) -> str:
    """The form under which an area is looked up: M49 padded to three digits, codes in capitals, names folded."""
    if scheme == "m49":
        return area.strip().removesuffix(".0").zfill(3)
    if scheme == "name":
        return " ".join(unicodedata.normalize("NFKC", area).replace("’", "'").casefold().split())
    return area.strip().upper()


@lru_cache
def list_areas_not_countries() -> frozenset[tuple[str, str]]:
    """Return ``(scheme, key)`` of every listed area that is no country."""
    with NOT_COUNTRIES.open(encoding="utf-8", newline="") as file:
        listed = [(row["scheme"], row["code"], row["name"]) for row in csv.DictReader(file)]
    codes = {(scheme, fold_area(scheme, code)) for scheme, code, _ in listed}
    return frozenset(codes | {("name", fold_area("name", name)) for _, _, name in listed})


def add_countries(observations: pl.DataFrame, codebook: Codebook, source: str) -> pl.DataFrame:
    """Observations with ``country`` added: ISO3, ``""`` for regions and other non-countries, null when unknown.

    The codebook's aliases of the source come first (publishers' own codes), then code or name of the country itself.
    """
    pairs = observations.select("area_scheme", "area").unique().sort("area_scheme", "area").rows()
    areas = _lookup(codebook)
    aliases = {
        fold_area(scheme, value): iso3
        for (owner, value), iso3 in codebook.area_aliases.items()
        if owner == source
        for scheme in ("m49", "name", "iso3")
    }
    others = list_areas_not_countries()

    def country(scheme: str, area: str) -> str | None:
        key = fold_area(scheme, area)
        if key in aliases:
            return aliases[key]
        if (scheme, key) in areas:
            return areas[scheme, key]
        return "" if (scheme, key) in others else None

    table = pl.DataFrame(
        [(scheme, area, country(scheme, area)) for scheme, area in pairs],
        schema={"area_scheme": pl.String, "area": pl.String, "country": pl.String},
        orient="row",
    )
    return observations.join(table, on=["area_scheme", "area"], how="left", maintain_order="left")


def _lookup(codebook: Codebook) -> dict[tuple[str, str], str]:
    iso3_of: dict[tuple[str, str], str] = {}
    for iso3, country in codebook.countries.items():
        iso3_of["iso3", iso3] = iso3
        iso3_of["wb", iso3] = iso3
        for scheme, code in (("wb", country.iso2), ("m49", country.m49)):
            if code:
                iso3_of[scheme, fold_area(scheme, code)] = iso3
        for name in country.name.values():
            iso3_of.setdefault(("name", fold_area("name", name)), iso3)
    return iso3_of
