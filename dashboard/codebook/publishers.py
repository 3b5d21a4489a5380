"""What the codebook needs to know of the publishers: their ids, and the country of each site.

Read from the files of ``data_sources/`` themselves: their loader needs what asks the network, which a start does not.
"""

import tomllib
from functools import lru_cache
from pathlib import Path

import data_sources
from dashboard.settings import settings


@lru_cache(maxsize=1)
def list_sources() -> frozenset[str]:
    """Ids of the publishers in ``data_sources/``: folders with a ``source.toml``."""
    return frozenset(path.parent.name for root in data_sources.__path__ for path in Path(root).glob("*/source.toml"))


def read_site_countries(source: str) -> dict[str, str]:
    """Site → ISO3 of a publisher, as its ``source.toml`` declares them and the settings add to them."""
    countries = dict(_declared(source))
    known = settings().sources.get(source)
    for site in known.sites if known else ():
        name = str(site.get("id", ""))
        countries[name] = str(site.get("country", countries.get(name, "")))
    return countries


@lru_cache
def _declared(source: str) -> dict[str, str]:
    path = next(path for root in data_sources.__path__ if (path := Path(root) / source / "source.toml").is_file())
    sites = tomllib.loads(path.read_text(encoding="utf-8")).get("sites", ())
    return {site["id"]: site.get("country", "") for site in sites}
