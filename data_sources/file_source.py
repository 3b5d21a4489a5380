"""A publisher of files, seen as any other: an address for each edition, several series in each file."""

import re
from collections.abc import Callable, Sequence

import polars as pl

from data_sources.contract import Parsed, Reply, Request, SeriesRef, SourceFinding, Task
from data_sources.errors import Rejected
from data_sources.fetching.conditional import is_dated_ahead
from data_sources.info import SourceInfo

_ACCEPT = "text/csv, application/vnd.openxmlformats-officedocument.spreadsheetml.sheet, */*;q=0.1"
_PLACE = ("area", "period", "dimensions")


class FileSource:
    """Reads series from the files of ``info.files``, or from the one at ``info.base_url``.

    A file that holds the whole history is read in its newest edition only; where each edition brings its own years
    all are read. A file at ``base_url`` has the edition that the option ``edition`` of a series states; without it
    the file's ``Last-Modified`` or its hash names the edition.
    """

    def __init__(self, info: SourceInfo, parse_file: Callable[[str, bytes, SeriesRef, str], Parsed]) -> None:
        self.info = info
        self._parse_file = parse_file

    def plan(self, series: Sequence[SeriesRef]) -> list[Task]:
        """One task per series, each asking for the files it stands in.

        Raises:
            Rejected: no address is configured (``no_address``); these files come with the embedded dataset.
        """
        if not self.info.askable:
            raise Rejected("no_address", f"{self.info.id} publishes files and no address of one is configured")
        editions = sorted(self.info.files, key=_in_order) or [""]
        if self.info.editions == "newest":
            editions = editions[-1:]
        requests = tuple(
            Request(
                self.info.files.get(edition, self.info.base_url),
                headers={"Accept": _ACCEPT},
                key=edition or "file",
                shared=True,
                media="file",
            )
            for edition in editions
        )
        return [Task(self.info.id, ref, requests) for ref in series]

    def follow(self, task: Task, replies: Sequence[Reply]) -> list[Request]:
        """Nothing: a file is complete."""
        return []

    def parse(self, task: Task, replies: Sequence[Reply]) -> Parsed:
        """Rows of the series from all its files; see ``parse_file`` of the room for what it raises.

        An edition that does not hold the series is noted; when none does, the first one's refusal is raised. A figure
        that two editions give is an error: their years were thought to be apart.
        """
        read: list[Parsed] = []
        refused: list[tuple[str, Rejected]] = []
        for reply in replies:
            edition = self._edition(task, reply)
            name = reply.url.partition("?")[0].rsplit("/", 1)[-1] or self.info.id
            try:
                read.append(self._parse_file(name, reply.body, task.series, edition))
            except Rejected as error:
                refused.append((edition, error))
        if not read:
            raise refused[0][1]
        rows = pl.concat([parsed.observations for parsed in read])
        findings = [finding for parsed in read for finding in parsed.findings]
        findings += [
            SourceFinding(error.code, "warning", f"edition {edition}: {error}", task.series.code)
            for edition, error in refused
        ]
        places = pl.concat([parsed.observations.select(_PLACE).unique() for parsed in read])
        if twice := places.height - places.n_unique():
            message = f"{twice} figures stand in two editions: a file of this publisher holds more than its own years"
            findings.append(SourceFinding("editions_overlap", "error", message, task.series.code, count=twice))
        return Parsed(rows, read[-1].edition, tuple(findings), sum(parsed.rejected for parsed in read))

    def _edition(self, task: Task, reply: Reply) -> str:
        if reply.request.key in self.info.files:
            return reply.request.key
        modified = "" if is_dated_ahead(reply) else reply.headers.get("last-modified", "")
        return task.series.options.get("edition") or (
            f"file of {modified}" if modified else f"file {reply.sha256[:12]}"
        )


def _in_order(edition: str) -> tuple[list[int], str]:
    """Editions from old to new: by the numbers in their names, "2024" before "2025 revised"."""
    return [int(number) for number in re.findall(r"[0-9]+", edition)], edition
