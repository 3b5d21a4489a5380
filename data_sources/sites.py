"""Publishers' platforms that many countries or agencies run: each installation is a site of one room.

A room declares the sites it knows as ``[[sites]]`` in its ``source.toml``; a setting adds others or moves known ones. A
series names its site before a colon, ``kaz:16-6-2``, or in its option ``site``.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

import httpx

from data_sources.errors import Rejected

if TYPE_CHECKING:
    from data_sources.contract import SeriesRef
    from data_sources.info import SourceInfo

_ID = re.compile(r"[a-z][a-z0-9_]*")
_ISO3 = re.compile(r"[A-Z]{3}")
_ADDRESSES = ("base_url", "repository_url")
_SPOKEN = ("title", "publisher", "homepage", "licence", "licence_url", "attribution", "redistribution")


@dataclass(frozen=True, slots=True)
class Site:
    """One installation: who publishes there, under which licence, where, and for which country."""

    id: str = ""
    title: str = ""
    publisher: str = ""
    homepage: str = ""
    licence: str = ""
    licence_url: str = ""
    attribution: str = ""
    redistribution: str = "no"  # as in SourceInfo
    country: str = ""  # ISO3 of the country whose own figures these are; empty: figures of many countries
    areas: tuple[str, ...] = ()  # codes that stand for that country as a whole, beside its ISO3
    language: str = ""
    base_url: str = ""  # where the service or the built data answers
    repository_url: str = ""  # where the files it is built from lie
    options: Mapping[str, str] = field(default_factory=dict)  # what else the room wants to know; see its README

    def stands_for_country(self, code: str) -> bool:
        """True when an area code means the site's country as a whole."""
        return code in (self.country, *self.areas)


_KEYS = frozenset(declared.name for declared in fields(Site))


def read_sites(owner: str, declared: Iterable[Mapping[str, Any]], known: Iterable[Site] = ()) -> tuple[Site, ...]:
    """Known sites, with those declared: an id that is known replaces only the keys it names.

    Args:
        owner: whose they are, for messages (a room or a file).
        declared: tables of the keys of ``Site``.
        known: sites there are already.

    Raises:
        ValueError: a key is unknown or of another type, an id, country or address is none.
    """
    sites = {site.id: site for site in known}
    for table in declared:
        name = str(table.get("id", ""))
        said = f"{owner}: site {name!r}"
        if not _ID.fullmatch(name):
            raise ValueError(f"{said}: an id is lower-case letters, digits and _, beginning with a letter")
        if strange := sorted(set(table) - _KEYS):
            raise ValueError(f"{said}: unknown keys {', '.join(strange)}; there are {', '.join(sorted(_KEYS))}")
        values = dict(table)
        values["areas"] = tuple(values.get("areas", sites[name].areas if name in sites else ()))
        for key in _ADDRESSES:
            values[key] = str(values.get(key, getattr(sites.get(name), key, ""))).rstrip("/")
            if values[key]:
                _host(said, values[key])
        site = replace(sites.get(name, Site()), **values)
        if site.country and not _ISO3.fullmatch(site.country):
            raise ValueError(f"{said}: country {site.country!r} is not an ISO3 code such as KAZ")
        if not (site.base_url or site.repository_url):
            raise ValueError(f"{said}: neither base_url nor repository_url says where it is")
        sites[name] = site
    return tuple(sites.values())


def with_sites(info: "SourceInfo", declared: Iterable[Mapping[str, Any]]) -> "SourceInfo":
    """A room's declaration with further sites, and the hosts of all sites among its hosts.

    Raises:
        ValueError: see ``read_sites``.
    """
    sites = read_sites(info.id, declared, info.sites)
    hosts = [_host(info.id, url) for site in sites for url in (site.base_url, site.repository_url) if url]
    return replace(info, sites=sites, hosts=tuple(dict.fromkeys((*info.hosts, *hosts))))


def as_site(info: "SourceInfo", series: str) -> "SourceInfo":
    """The declaration with what the site of a series says of itself: publisher, title, licence, attribution …

    The room's own where the series (``kaz:16-6-2``) names no site that is declared.
    """
    site = next((known for known in info.sites if known.id == series.partition(":")[0]), None)
    if site is None or ":" not in series:
        return info
    return replace(info, **{name: value for name in _SPOKEN if (value := getattr(site, name))})


def choose(info: "SourceInfo", ref: "SeriesRef") -> tuple[Site, str]:
    """The site of a series, and the series' code there.

    A room that is given one address as a whole (``info.base_url``) reads series without a site from there. Options
    ``country``, ``areas`` (with blanks between) and ``language`` then say what the site would.

    Raises:
        Rejected: ``unknown_site``, the series names a site nobody declared; ``no_site``, it names none and there is no
            single one to mean.
    """
    prefix, _, code = ref.code.rpartition(":")
    name = prefix or ref.options.get("site", "")
    known = {site.id: site for site in info.sites}
    if name in known:
        return known[name], code
    if name:
        sites = ", ".join(known) or "none"
        raise Rejected("unknown_site", f"{ref.code}: {info.id} knows no site {name!r}; sites: {sites}")
    if not info.base_url:
        raise Rejected("no_site", f"{ref.code}: say which site, as in {next(iter(known), 'site')}:{code}")
    return unnamed(ref, info.base_url), code


def choose_for_file(info: "SourceInfo", ref: "SeriesRef") -> tuple[Site, str]:
    """The site and code of a series read from a file: the site it names, or what its options say.

    Raises:
        Rejected: ``unknown_site``.
    """
    if ":" in ref.code or "site" in ref.options:
        return choose(info, ref)
    return unnamed(ref), ref.code


def unnamed(ref: "SeriesRef", base_url: str = "") -> Site:
    """A site known only by the options of a series: a file, or one address for all."""
    options = ref.options
    return Site(
        country=options.get("country", ""),
        areas=tuple(options.get("areas", "").split()),
        language=options.get("language", ""),
        base_url=base_url,
        options=options,
    )


def _host(said: str, address: str) -> str:
    url = httpx.URL(address)
    if url.scheme not in ("http", "https") or not url.host or url.userinfo:
        raise ValueError(f"{said}: {url.copy_with(username=None, password=None)} is not an http(s) address")
    return url.netloc.decode("ascii").lower()
