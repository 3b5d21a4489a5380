"""Read ids, databases and sites of the publishers from ``data_sources/`` without importing their code."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import data_sources
from dashboard.settings import settings


@lru_cache(maxsize=1)
def list_sources() -> frozenset[str]:
    """Return the ids of the publishers: folders with a ``source.toml``."""
    return frozenset(path.parent.name for root in data_sources.__path__ for path in Path(root).glob("*/source.toml"))


def read_site_countries(source: str) -> dict[str, str]:
    """Return the country of each of a publisher's sites, declared or added by settings."""
    countries = {site["id"]: site.get("country", "") for site in _read_declaration(source).get("sites", ())}
    configured = settings().sources.get(source)
    for site in configured.sites if configured else ():
        name = str(site.get("id", ""))
        countries[name] = str(site.get("country", countries.get(name, "")))
    return countries


def list_databases(source: str) -> tuple[str, ...]:
    """Return the prefixes that distinguish a publisher's databases; empty if it has only one."""
    return tuple(_read_declaration(source).get("databases", ()))


@lru_cache
def _read_declaration(source: str) -> Mapping[str, Any]:
    path = next(path for root in data_sources.__path__ if (path := Path(root) / source / "source.toml").is_file())
    return tomllib.loads(path.read_text(encoding="utf-8"))
