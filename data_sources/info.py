"""What ``source.toml`` says about a publisher, and where an operator says it answers."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from data_sources.sites import Site, read_sites

_SAID_BY_SITES = ("title", "publisher", "homepage", "licence", "licence_url", "attribution", "redistribution")


@dataclass(frozen=True, slots=True)
class Assertions:
    """The least and most a series of this publisher may hold; outside, the series is not used."""

    min_rows: int = 1
    max_rows: int = 2_000_000
    min_areas: int = 1
    max_areas: int = 1_000
    first_year: int = 1900
    last_year: int = 2100


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """A publisher as its ``source.toml`` declares it."""

    id: str
    title: str
    publisher: str
    homepage: str
    licence: str
    licence_url: str
    attribution: str
    redistribution: str  # "yes", "unmodified" (no derivatives) or "no"
    asked_every_days: int  # how often it is asked for news; says nothing of when it publishes
    evidence_level: int  # 1-4, see docs/method.md
    hosts: tuple[str, ...] = ()  # publisher hosts requests may go to
    access: str = "api"  # "api", "file", or "submission": figures are sent, nothing is asked
    base_url: str = ""  # where an API answers, unless a setting says otherwise; empty for files
    mirrors: tuple[str, ...] = ()  # where the same API answers too; asked when ``base_url`` is down
    files: Mapping[str, str] = field(default_factory=dict)  # edition → address of the publisher's file of that edition
    editions: Literal["newest", "each"] = "newest"  # a file holds the whole history, or only the years of its edition
    per_host: int = 4
    assertions: Assertions = field(default_factory=Assertions)
    sites: tuple[Site, ...] = ()  # installations of a platform, where the room reads several
    databases: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # start of a code, "*" → what differs

    def of(self, series: str) -> "SourceInfo":
        """The publisher as to one of its series: title, homepage and the like of the database that the series is in.

        ``databases`` names a database by the start of its codes; ``*`` is the one that holds every other series.
        """
        for start, differs in self.databases.items():
            if series and (start == "*" or series.startswith(start)):
                return replace(self, **differs)
        return self.of_site(series)

    def of_site(self, series: str) -> "SourceInfo":
        """The declaration with what the site of a series says of itself: publisher, title, licence, attribution …

        The room's own where the series (``kaz:16-6-2``) names no site that is declared.
        """
        site = next((site_of_ours for site_of_ours in self.sites if site_of_ours.id == series.partition(":")[0]), None)
        if site is None or ":" not in series:
            return self
        return replace(self, **{name: value for name in _SAID_BY_SITES if (value := getattr(site, name))})

    @property
    def askable(self) -> bool:
        """True when it is known where to ask: an address, a file of some edition, or a site."""
        return bool(self.base_url or self.files or self.sites)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a publisher is to be asked; what is left empty stays as ``source.toml`` declares it.

    ``files`` maps an edition (``"2024"``) to an address (``https://…``) or to a file of this machine (a path or
    ``file:///…``). Only an operator's settings may name a file of this machine. ``sites`` adds installations of a
    platform, or moves those declared; see ``sites.Site`` for the keys.
    """

    base_url: str = ""
    mirrors: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    sites: Sequence[Mapping[str, Any]] = ()


def load_info(folder: Path) -> SourceInfo:
    """Read ``folder/source.toml``.

    Raises:
        ValueError: a key is missing, unknown or of the wrong type; the message names file and key.
    """
    path = folder / "source.toml"
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        raw["assertions"] = Assertions(**raw.get("assertions", {}))
        for name in ("hosts", "mirrors"):
            raw[name] = tuple(raw.get(name, ()))
        raw["sites"] = read_sites(str(path), raw.get("sites", ()))
        return SourceInfo(**raw)
    except TypeError as error:
        raise ValueError(f"{path}: {error}") from error
