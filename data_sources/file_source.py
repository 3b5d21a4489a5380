"""A publisher of files, seen as any other: one address, one file, several series in it."""

from collections.abc import Callable, Sequence

from data_sources.contract import Parsed, Reply, Request, SeriesRef, Task
from data_sources.errors import Rejected
from data_sources.info import SourceInfo

_ACCEPT = "text/csv, application/vnd.openxmlformats-officedocument.spreadsheetml.sheet, */*;q=0.1"


class FileSource:
    """Downloads the file at ``info.base_url`` and reads the series from it.

    ``SeriesRef.options`` may say ``edition``; without it the file's ``Last-Modified`` or its hash names the edition.
    """

    def __init__(self, info: SourceInfo, parse_file: Callable[[str, bytes, SeriesRef, str], Parsed]) -> None:
        self.info = info
        self._parse_file = parse_file

    def plan(self, series: Sequence[SeriesRef]) -> list[Task]:
        """One task per series, each asking for the file.

        Raises:
            Rejected: no address is configured (``no_address``); these files come with the embedded dataset.
        """
        if not self.info.base_url:
            raise Rejected("no_address", f"{self.info.id} publishes files and no address of one is configured")
        request = Request(self.info.base_url, headers={"Accept": _ACCEPT}, key="file")
        return [Task(self.info.id, ref, (request,)) for ref in series]

    def follow(self, task: Task, replies: Sequence[Reply]) -> list[Request]:
        """Nothing: a file is complete."""
        return []

    def parse(self, task: Task, replies: Sequence[Reply]) -> Parsed:
        """Rows of the series; see ``parse_file`` of the room for what it raises."""
        reply = replies[0]
        modified = reply.headers.get("last-modified", "")
        edition = task.series.options.get("edition") or (
            f"file of {modified}" if modified else f"file {reply.sha256[:12]}"
        )
        return self._parse_file(reply.url.rsplit("/", 1)[-1] or self.info.id, reply.body, task.series, edition)
