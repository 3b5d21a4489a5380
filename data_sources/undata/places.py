"""Names of places in the Data Commons, and the countries that are asked for."""

import re
from collections.abc import Iterator
from pathlib import Path

from data_sources.contract import AreaScheme

COUNTRIES = tuple(Path(__file__).with_name("countries.txt").read_text(encoding="ascii").split())
"""ISO3 codes of the countries and areas of the UN's M49 list, which the Data Commons names ``country/AZE``."""

_BATCH = 100
_COUNTRY = re.compile(r"country/([A-Z]{3})")
_M49 = re.compile(r"undata-geo/([0-9]{1,3})")


def split_batches() -> Iterator[list[str]]:
    """Yield all countries as the Data Commons names them, in groups that one request asks for."""
    for start in range(0, len(COUNTRIES), _BATCH):
        yield [f"country/{code}" for code in COUNTRIES[start : start + _BATCH]]


def find_area(entity: str) -> tuple[str, AreaScheme] | None:
    """Code and scheme of a place; None for regions and other places that are no country (``undata-geo/G00404000``)."""
    if country := _COUNTRY.fullmatch(entity):
        return country[1], "iso3"
    if area := _M49.fullmatch(entity):
        return area[1].zfill(3), "m49"
    return None
