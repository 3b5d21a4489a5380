"""National SDG reporting platforms, asked for the data and metadata of one indicator.

A built platform answers under ``<base>/<language>/``: ``data/16-6-2.csv`` and ``meta/16-6-2.json``, in words. Where a
site has no address of a build, its data repository is read: ``data/indicator_16-6-2.csv``, ``meta/16-6-2.yml`` and the
translation files that its metadata point to.
"""

import re
from collections.abc import Mapping, Sequence

from data_sources.contract import Parsed, Reply, Request, SeriesRef, SourceFinding, Task
from data_sources.errors import Rejected, SourceError
from data_sources.info import SourceInfo
from data_sources.open_sdg.files import read_indicator
from data_sources.open_sdg.metadata import Metadata, merge_metadata, read_metadata, read_translations
from data_sources.site_choice import choose
from data_sources.sites import Site

_INDICATOR = re.compile(r"[0-9]+-[0-9A-Za-z]+(?:-[0-9A-Za-z]+)*", re.ASCII)
_DATA = "value"
_METADATA = "metadata"
_TRANSLATION = "translation "
_BUILT = {"csv": "data/{}.csv", "json": "data/{}.json", "comb": "comb/{}.json", "headline": "headline/{}.csv"}
"""Forms of a built platform, by the site's option ``form``; ``headline`` has the totals only."""


def source(info: SourceInfo) -> "OpenSdg":
    """Return the platforms of ``info.sites``."""
    return OpenSdg(info)


class OpenSdg:
    """See ``data_sources.contract.Source``; options of series and sites are in the room's README."""

    def __init__(self, info: SourceInfo) -> None:
        self.info = info

    def plan(self, series: Sequence[SeriesRef]) -> list[Task]:
        """One task per series: the data, and metadata the platform may not have.

        Raises:
            Rejected: an unknown site (``unknown_site``, ``no_site``), something that is no indicator
                (``unknown_indicator``) or no form (``unknown_form``).
        """
        return [Task(self.info.id, ref, tuple(_requests(*self._place(ref)))) for ref in series]

    def follow(self, task: Task, replies: Sequence[Reply]) -> list[Request]:
        """Translation files of a data repository; a series can do without."""
        site, _ = self._place(task.series)
        if site.base_url or any(reply.request.key.startswith(_TRANSLATION) for reply in replies):
            return []
        return [
            Request(
                f"{site.repository_url}/translations/{site.language or 'en'}/{group}.yml",
                key=_TRANSLATION + group,
                optional=True,
                media="file",
            )
            for group in _metadata(replies, task.series.code, []).missing_groups()
        ]

    def parse(self, task: Task, replies: Sequence[Reply]) -> Parsed:
        """The country's figures, with its definition and source; see ``files.parse_file`` for what is raised.

        The edition is the option ``edition`` of the series, the day of the last change that the metadata state, or a
        hash of the figures.
        """
        site, indicator = self._place(task.series)
        noted: list[SourceFinding] = []
        metadata = _metadata(replies, task.series.code, noted)
        edition = task.series.options.get("edition") or (f"updated {metadata.updated}" if metadata.updated else "")
        reply = next(reply for reply in replies if reply.request.key == _DATA)
        parsed = read_indicator(_name(reply), reply.body, task.series, site, indicator, metadata, edition)
        return Parsed(parsed.observations, parsed.edition, (*parsed.findings, *noted), parsed.rejected)

    def _place(self, ref: SeriesRef) -> tuple[Site, str]:
        site, code = choose(self.info, ref)
        if not _INDICATOR.fullmatch(code):
            raise Rejected("unknown_indicator", f"{ref.code}: {code!r} is not an indicator such as 16-6-2")
        return site, code


def _requests(site: Site, indicator: str) -> list[Request]:
    if site.base_url:
        base = "/".join(filter(None, (site.base_url, site.language)))
        form = site.options.get("form", "csv")
        if form not in _BUILT:
            raise Rejected("unknown_form", f"{site.id}: form {form!r}; forms are {', '.join(_BUILT)}")
        data, metadata = f"{base}/{_BUILT[form].format(indicator)}", [f"{base}/meta/{indicator}.json"]
    else:
        base = site.repository_url
        data = f"{base}/data/indicator_{indicator}.csv"
        metadata = [f"{base}/{path.format(indicator)}" for path in site.options.get("metadata", "meta/{}.md").split()]
    return [
        Request(data, key=_DATA, media="file"),
        *(
            Request(url, key=f"{_METADATA} {n}" if n else _METADATA, optional=True, media="file")
            for n, url in enumerate(metadata)
        ),
    ]


def _metadata(replies: Sequence[Reply], series: str, noted: list[SourceFinding]) -> Metadata:
    """Return what the metadata and translations say; those that cannot be read are noted and left out."""
    files: list[Mapping[str, object]] = []
    words: dict[str, str] = {}
    for reply in replies:
        key, name = reply.request.key, _name(reply)
        try:
            if key.startswith(_METADATA):
                files.append(read_metadata(name, reply.body))
            elif key.startswith(_TRANSLATION):
                words |= read_translations(key.removeprefix(_TRANSLATION), name, reply.body)
        except SourceError as error:
            noted.append(SourceFinding(error.code, "warning", f"{error}: read without it", series, reply.url))
    return merge_metadata(files, words)


def _name(reply: Reply) -> str:
    return reply.request.url.partition("?")[0].rsplit("/", 1)[-1]
