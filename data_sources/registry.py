"""The publishers: every folder here that holds a ``source.toml``."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import cast

import httpx

from data_sources.contract import Parsed, SeriesRef, Source
from data_sources.file_source import FileSource
from data_sources.info import SourceInfo, load_info

ParseFile = Callable[[str, bytes, SeriesRef, str], Parsed]

_HERE = Path(__file__).parent


def infos() -> dict[str, SourceInfo]:
    """What every publisher declares, by id, in the order of the ids.

    Raises:
        ValueError: a ``source.toml`` is faulty, or its id is not the name of its folder.
    """
    found = {}
    for path in sorted(_HERE.glob("*/source.toml")):
        info = load_info(path.parent)
        if info.id != path.parent.name:
            raise ValueError(f"{path}: id is {info.id!r}, but the folder is {path.parent.name!r}")
        found[info.id] = info
    return found


def sources(base_urls: Mapping[str, str]) -> dict[str, Source]:
    """Every publisher, ready to be asked.

    Args:
        base_urls: source id → address that replaces the one in ``source.toml``; its host joins the publisher's hosts.
            For a publisher of files it is the address of the file.

    Raises:
        ValueError: an unknown id, or an address that is not ``http`` or ``https``.
    """
    declared = infos()
    if unknown := sorted(set(base_urls) - set(declared)):
        raise ValueError(f"no such source: {', '.join(unknown)}; there are {', '.join(declared)}")
    return {source_id: _source(_at(info, base_urls.get(source_id, ""))) for source_id, info in declared.items()}


def hosts(chosen: Iterable[Source]) -> dict[str, int]:
    """Hosts that may be asked for these publishers, and how many requests each bears at once."""
    allowed: dict[str, int] = {}
    for source in chosen:
        for host in source.info.hosts:
            allowed[host] = min(source.info.per_host, allowed.get(host, source.info.per_host))
    return allowed


def file_parser(source_id: str) -> ParseFile:
    """``parse_file(name, body, series, edition) -> Parsed`` of a publisher's room.

    Raises:
        ValueError: no such source, or it publishes no files.
    """
    if source_id not in infos() or find_spec(f"data_sources.{source_id}.files") is None:
        raise ValueError(f"no source {source_id!r} that reads files")
    return cast(ParseFile, import_module(f"data_sources.{source_id}.files").parse_file)


def _source(info: SourceInfo) -> Source:
    if find_spec(f"data_sources.{info.id}.source") is None:
        return FileSource(info, file_parser(info.id))
    return cast(Source, import_module(f"data_sources.{info.id}.source").source(info))


def _at(info: SourceInfo, base_url: str) -> SourceInfo:
    """The declaration with the address in effect, its host among the hosts."""
    address = (base_url or info.base_url).rstrip("/")
    if not address:
        return info
    url = httpx.URL(address)
    if url.scheme not in ("http", "https") or not url.host or url.userinfo:
        raise ValueError(f"{info.id}: {url.copy_with(username=None, password=None)} is not an http(s) address")
    host = url.netloc.decode("ascii").lower()
    return replace(info, base_url=address, hosts=tuple(dict.fromkeys((*info.hosts, host))))
