"""Which site a series means, and a publisher's declaration with the sites an operator adds."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from data_sources.contract import SeriesRef
from data_sources.errors import Rejected
from data_sources.info import SourceInfo
from data_sources.sites import Site, find_host, read_sites


def add_sites(info: SourceInfo, declared: Iterable[Mapping[str, Any]]) -> SourceInfo:
    """Return a room's declaration with further sites, and the hosts of all sites among its hosts.

    Raises:
        ValueError: see ``read_sites``.
    """
    sites = read_sites(info.id, declared, info.sites)
    hosts = [find_host(info.id, url) for site in sites for url in (site.base_url, site.repository_url) if url]
    return replace(info, sites=sites, hosts=tuple(dict.fromkeys((*info.hosts, *hosts))))


def choose(info: SourceInfo, ref: SeriesRef) -> tuple[Site, str]:
    """Return the site of a series, and the series' code there.

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
    return build_unnamed_site(ref, info.base_url), code


def choose_for_file(info: SourceInfo, ref: SeriesRef) -> tuple[Site, str]:
    """Return the site and code of a series read from a file: the site it names, or what its options say.

    Raises:
        Rejected: ``unknown_site``.
    """
    if ":" in ref.code or "site" in ref.options:
        return choose(info, ref)
    return build_unnamed_site(ref), ref.code


def build_unnamed_site(ref: SeriesRef, base_url: str = "") -> Site:
    """Return a site known only by the options of a series: a file, or one address for all."""
    options = ref.options
    return Site(
        country=options.get("country", ""),
        areas=tuple(options.get("areas", "").split()),
        language=options.get("language", ""),
        base_url=base_url,
        options=options,
    )
