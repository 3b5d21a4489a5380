"""The publishers: every folder here that holds a ``source.toml``."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import cast

from data_sources.contract import Parsed, SeriesRef, Source
from data_sources.fetching.local import is_local, make_local_address
from data_sources.file_source import FileSource
from data_sources.info import Address, SourceInfo, load_info
from data_sources.site_choice import add_sites
from data_sources.sites import find_host

ParseFile = Callable[[str, bytes, SeriesRef, str], Parsed]

_HERE = Path(__file__).parent


def list_infos() -> dict[str, SourceInfo]:
    """Return what every publisher declares, by id, in the order of the ids.

    Raises:
        ValueError: a ``source.toml`` is faulty, or its id is not the name of its folder.
    """
    result = {}
    for name, folder in _rooms().items():
        info = load_info(folder)
        if info.id != name:
            raise ValueError(f"{folder}: id is {info.id!r}, but the folder is {name!r}")
        for address in (*info.mirrors, *info.files.values()):
            find_host(info.id, address)  # source.toml names no file of this machine
        result[info.id] = info
    return result


def build_sources(addresses: Mapping[str, str | Address]) -> dict[str, Source]:
    """Return every publisher, ready to be asked.

    Args:
        addresses: source id → where it is to be asked instead of where ``source.toml`` says; its hosts join the
            publisher's hosts. A plain text is the base URL: of a publisher of files, the address of the file.

    Raises:
        ValueError: an unknown id, or an address that is neither ``http``, ``https`` nor a file of this machine.
    """
    declared = list_infos()
    if unknown := sorted(set(addresses) - set(declared)):
        raise ValueError(f"no such source: {', '.join(unknown)}; there are {', '.join(declared)}")
    return {
        source_id: _source(_at(info, addresses.get(source_id, "")))
        for source_id, info in declared.items()
        if info.access != "submission"  # its figures are sent: there is nothing to ask
    }


def list_hosts(chosen: Iterable[Source]) -> dict[str, int]:
    """Hosts that may be asked for these publishers, and how many requests each bears at once."""
    allowed: dict[str, int] = {}
    for source in chosen:
        for host in source.info.hosts:
            allowed[host] = min(source.info.per_host, allowed.get(host, source.info.per_host))
    return allowed


def find_file_parser(source_id: str) -> ParseFile:
    """``parse_file(name, body, series, edition) -> Parsed`` of a publisher's room.

    Raises:
        ValueError: no such source, or it publishes no files.
    """
    if source_id not in _rooms() or find_spec(f"data_sources.{source_id}.files") is None:
        raise ValueError(f"no source {source_id!r} that reads files")
    return cast(ParseFile, import_module(f"data_sources.{source_id}.files").parse_file)


def _rooms() -> dict[str, Path]:
    """Folders of publishers by their names, in order."""
    return {path.parent.name: path.parent for path in sorted(_HERE.glob("*/source.toml"))}


def _source(info: SourceInfo) -> Source:
    if find_spec(f"data_sources.{info.id}.source") is None:
        return FileSource(info, find_file_parser(info.id))
    return cast(Source, import_module(f"data_sources.{info.id}.source").source(info))


def _at(info: SourceInfo, wanted: str | Address) -> SourceInfo:
    """Return the declaration with the addresses in effect, their hosts among the hosts."""
    if isinstance(wanted, str):
        wanted = Address(wanted)
    base_url = (wanted.base_url or info.base_url).rstrip("/")
    ours = info.mirrors if base_url == info.base_url else ()  # another address has other mirrors, or none
    mirrors = tuple(address.rstrip("/") for address in wanted.mirrors or ours)
    files = {edition: _file(info.id, address) for edition, address in (wanted.files or info.files).items()}
    addresses = [address for address in (base_url, *mirrors, *files.values()) if address and not is_local(address)]
    hosts = dict.fromkeys((*info.hosts, *(find_host(info.id, address) for address in addresses)))
    return add_sites(replace(info, base_url=base_url, mirrors=mirrors, files=files, hosts=tuple(hosts)), wanted.sites)


def _file(source_id: str, text: str) -> str:
    """Return the address of a file: as it is, or that of a path of this machine."""
    if text.startswith(("http://", "https://")):
        return text
    if "://" in text and not is_local(text):
        raise ValueError(f"{source_id}: {text} is neither an http(s) address nor a file of this machine")
    try:
        return make_local_address(text)
    except ValueError as error:
        raise ValueError(f"{source_id}: {error}") from error
