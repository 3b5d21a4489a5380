"""SDMX services (REST, version 2.1) and files, asked for one series."""

from collections.abc import Sequence
from urllib.parse import parse_qsl, quote

from data_sources.contract import Parsed, Reply, Request, SeriesRef, SourceFinding, Task
from data_sources.errors import Rejected, SourceError
from data_sources.info import SourceInfo
from data_sources.sdmx.files import NO_STRUCTURE, read_series
from data_sources.sdmx.markup import read_structure
from data_sources.site_choice import choose
from data_sources.sites import Site

_DATA, _STRUCTURE, _SERIES = "value", "structure", "{series}"
_ACCEPT = {
    "csv": "application/vnd.sdmx.data+csv;version=1.0.0, text/csv;q=0.5",
    "xml": "application/vnd.sdmx.structurespecificdata+xml;version=2.1, application/xml;q=0.5",
    "json": "application/vnd.sdmx.data+json;version=1.0.0, application/json;q=0.5",
}
_ACCEPT_STRUCTURE = "application/vnd.sdmx.structure+xml;version=2.1, application/xml;q=0.5, */*;q=0.1"


def source(info: SourceInfo) -> "Sdmx":
    """Return the services and files of ``info.sites``."""
    return Sdmx(info)


class Sdmx:
    """See ``data_sources.contract.Source``; options of series and sites are in the room's README."""

    def __init__(self, info: SourceInfo) -> None:
        self.info = info

    def plan(self, series: Sequence[SeriesRef]) -> list[Task]:
        """One task per series; a file that holds many series is asked once in a run.

        Raises:
            Rejected: an unknown site (``unknown_site``, ``no_site``) or form (``unknown_form``).
        """
        return [Task(self.info.id, ref, tuple(_requests(*choose(self.info, ref)))) for ref in series]

    def follow(self, task: Task, replies: Sequence[Reply]) -> list[Request]:
        """Nothing: a message is complete."""
        return []

    def parse(self, task: Task, replies: Sequence[Reply]) -> Parsed:
        """Rows of the series; see ``files.parse_file`` for what is raised.

        The edition is the option ``edition`` of the series, or a hash of the figures.
        """
        site, code = choose(self.info, task.series)
        structure, noted = NO_STRUCTURE, []
        for reply in replies:
            if reply.request.key == _STRUCTURE:
                try:
                    structure = read_structure(_name(reply), reply.body)
                except SourceError as error:
                    message = f"{error}: read without it"
                    noted.append(SourceFinding(error.code, "warning", message, task.series.code, reply.url))
        reply = next(reply for reply in replies if reply.request.key == _DATA)
        edition = task.series.options.get("edition", "")
        parsed = read_series(_name(reply), reply.body, task.series, site, code, structure, edition)
        return Parsed(parsed.observations, parsed.edition, (*parsed.findings, *noted), parsed.rejected)


def _requests(site: Site, code: str) -> list[Request]:
    """Return the data, and the structure message where the site says where it is.

    Site options: ``flow`` (``AGENCY,ID,VERSION``) makes it a service, without it ``base_url`` is the file; ``key``
    with ``{series}`` in its place, else everything is asked for and the series taken out; ``form``; ``query``;
    ``structure``, an address, or a path of the service.
    """
    options = site.options
    form = options.get("form", "csv")
    if form not in _ACCEPT:
        raise Rejected("unknown_form", f"{site.id}: form {form!r}; forms are {', '.join(_ACCEPT)}")
    url, key = site.base_url, options.get("key", "all")
    if flow := options.get("flow"):
        url += f"/data/{quote(flow, safe=',')}/{quote(key.replace(_SERIES, code), safe='.+')}"
    requests = [
        Request(
            url,
            dict(parse_qsl(options.get("query", ""))),
            {"Accept": f"{_ACCEPT[form]}, */*;q=0.1"},
            key=_DATA,
            shared=_SERIES not in key or not flow,
            media="file",
        )
    ]
    if where := options.get("structure"):
        address = where if "://" in where else f"{site.base_url}/{where.lstrip('/')}"
        accept = {"Accept": _ACCEPT_STRUCTURE}
        requests.append(Request(address, headers=accept, key=_STRUCTURE, optional=True, media="file"))
    return requests


def _name(reply: Reply) -> str:
    return reply.request.url.partition("?")[0].rstrip("/").rsplit("/", 1)[-1]
