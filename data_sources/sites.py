"""Publishers' platforms that many countries or agencies run: each installation is a site of one room.

A room declares the sites it knows as ``[[sites]]`` in its ``source.toml``; a setting adds others or moves known ones. A
series names its site before a colon, ``kaz:16-6-2``, or in its option ``site``.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

import httpx

_ID = re.compile(r"[a-z][a-z0-9_]*")
_ISO3 = re.compile(r"[A-Z]{3}")
_ADDRESSES = ("base_url", "repository_url")
_REDISTRIBUTION = ("yes", "unmodified", "no")


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

    Raises:
        ValueError: a key is unknown or of another kind, an id, country or address is none.
    """
    sites = {site.id: site for site in known}
    for table in declared:
        name = str(table.get("id", ""))
        label = f"{owner}: site {name!r}"
        if not _ID.fullmatch(name):
            raise ValueError(f"{label}: an id is lower-case letters, digits and _, beginning with a letter")
        if strange := sorted(set(table) - _KEYS):
            raise ValueError(f"{label}: unknown keys {', '.join(strange)}; there are {', '.join(sorted(_KEYS))}")
        for key, value in table.items():
            _see_kind(label, key, value)
        values = dict(table)
        values["areas"] = tuple(values.get("areas", sites[name].areas if name in sites else ()))
        for key in _ADDRESSES:
            values[key] = str(values.get(key, getattr(sites.get(name), key, ""))).rstrip("/")
            if values[key]:
                find_host(label, values[key])
        site = replace(sites.get(name, Site()), **values)
        if site.country and not _ISO3.fullmatch(site.country):
            raise ValueError(f"{label}: country {site.country!r} is not an ISO3 code such as KAZ")
        if not (site.base_url or site.repository_url):
            raise ValueError(f"{label}: neither base_url nor repository_url says where it is")
        sites[name] = site
    return tuple(sites.values())


def _see_kind(label: str, key: str, value: object) -> None:
    """Refuse a value of another kind than its key has: ``areas = "GH"`` would be the areas ``G`` and ``H``."""
    if key == "areas":
        fits, kind = isinstance(value, list | tuple) and all(isinstance(area, str) for area in value), "list of texts"
    elif key == "options":
        fits, kind = (
            isinstance(value, Mapping) and all(isinstance(text, str) for text in value.values()),
            "set of texts",
        )
    elif key == "redistribution":
        fits, kind = value in _REDISTRIBUTION, f"word of {', '.join(_REDISTRIBUTION)}"
    else:
        fits, kind = isinstance(value, str), "text"
    if not fits:
        raise ValueError(f"{label}: {key} is a {kind}, not {value!r}")


def find_host(text: str, address: str) -> str:
    """The host of an address, with its port where it is not the usual one; ``text`` begins the message.

    Raises:
        ValueError: it is not ``http`` or ``https``, or holds a password.
    """
    url = httpx.URL(address)
    if url.scheme not in ("http", "https") or not url.host or url.userinfo:
        shown = url.copy_with(username=None, password=None)
        raise ValueError(f"{text}: {shown} is not an http(s) address, or comes with a user name or password")
    return url.netloc.decode("ascii").lower()
