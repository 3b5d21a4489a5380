"""Our World in Data, grapher charts: ``{slug}.metadata.json`` and ``{slug}.csv``.

The metadata come first: they say which column is what, who produced it, when it was updated, and where its full
metadata are, which name the licence and whether the figures may be passed on.
"""

from collections.abc import Mapping, Sequence

from data_sources.contract import Parsed, Reply, Request, SeriesRef, Task
from data_sources.errors import Changed, Rejected
from data_sources.fetching.replies import read_json
from data_sources.info import SourceInfo
from data_sources.observations import Noticed, drop_duplicates, finish_parsing
from data_sources.owid.rows import read_rows

_PARAMS = {"v": "1", "csvType": "full", "useColumnShortNames": "true"}
_METADATA, _FULL, _DATA = "metadata", "full metadata", "value"
_NOT_STATED = "last update not stated"


def source(info: SourceInfo) -> "Owid":
    """Return the publisher at ``info.base_url``."""
    return Owid(info)


class Owid:
    """See ``data_sources.contract.Source``.

    A series is named by the chart's slug, ``ti-corruption-perception-index``. Option ``column`` names the data column,
    by its short name or title, where a chart has several.
    """

    def __init__(self, info: SourceInfo) -> None:
        self.info = info

    def plan(self, series: Sequence[SeriesRef]) -> list[Task]:
        """One task per series, asking for the chart's metadata first."""
        return [
            Task(self.info.id, ref, (Request(self._of(ref, "metadata.json"), _PARAMS, key=_METADATA, shared=True),))
            for ref in series
        ]

    def follow(self, task: Task, replies: Sequence[Reply]) -> list[Request]:
        """The figures and the column's full metadata, unless the metadata forbid to pass the figures on.

        Raises:
            Changed: the metadata are not of the documented shape (``unexpected_shape``).
            Rejected: the figures may not be passed on (``not_redistributable``), or it is not clear which column is
                meant (``column_not_named``).
        """
        if len(replies) > 1:
            return []
        _, column = _column(task, replies)
        accept = {"Accept": "text/csv"}
        data = Request(self._of(task.series, "csv"), _PARAMS, accept, key=_DATA, shared=True, media="file")
        full = str(column.get("fullMetadata") or "")
        return [data, *([Request(full, key=_FULL, optional=True)] if full else [])]

    def parse(self, task: Task, replies: Sequence[Reply]) -> Parsed:
        """Rows of the column, for entities that are countries.

        Raises:
            Changed: the layout is not the documented one.
            Rejected: the figures may not be passed on (``not_redistributable``).
        """
        title, column = _column(task, replies)
        noticed = Noticed(task.series.code)
        producer = str(column.get("citationShort") or column.get("citationLong") or "")
        licence = ""
        for reply in replies:
            if reply.request.key == _FULL:
                licence = _licence(task, reply)
        if not licence:
            message = f"{task.series.code}: the producer's licence is not stated; the figures are given out by the API"
            noticed.add("licence_unknown", "warning", message, replies[0].url)
        detail = "; ".join(words for words in (producer, f"licence {licence}" if licence else "") if words)
        updated = str(column.get("lastUpdated") or "")
        if not updated:
            noticed.add("edition_unknown", "warning", f"{title}: {_NOT_STATED}", replies[0].url)
        edition = f"lastUpdated {updated}" if updated else _NOT_STATED
        (data,) = (reply for reply in replies if reply.request.key == _DATA)
        rows = read_rows(task.series.code, data, title, _columns(task, replies[0]), noticed)
        for row in rows:
            row.unit = str(column.get("unit") or column.get("shortUnit") or "").strip()
            row.source_detail, row.edition = detail, edition
        return finish_parsing(drop_duplicates(rows, noticed), edition, noticed)

    def _of(self, ref: SeriesRef, form: str) -> str:
        return f"{self.info.base_url}/{ref.code}.{form}"


def _columns(task: Task, reply: Reply) -> dict[str, Mapping[str, object]]:
    """Title → what the metadata say of a column."""
    content = read_json(reply)
    columns = content.get("columns") if isinstance(content, dict) else None
    if not isinstance(columns, dict) or not all(isinstance(column, dict) for column in columns.values()):
        raise Changed("unexpected_shape", f"{task.series.code}: metadata without columns", url=reply.url)
    return columns


def _column(task: Task, replies: Sequence[Reply]) -> tuple[str, Mapping[str, object]]:
    """Title and description of the column that holds the series."""
    columns = _columns(task, replies[0])
    wanted = task.series.options.get("column", "")
    fitting = [
        (title, column) for title, column in columns.items() if not wanted or wanted in (title, column.get("shortName"))
    ]
    if len(fitting) != 1:
        names = ", ".join(str(column.get("shortName") or title) for title, column in columns.items())
        what = f"has no column {wanted!r}" if wanted else "has not one column"
        raise Rejected("column_not_named", f"{task.series.code} {what}; columns: {names}", url=replies[0].url)
    _may_be_passed_on(task, fitting[0][1], replies[0])
    return fitting[0]


def _licence(task: Task, reply: Reply) -> str:
    """Return the licences of a column's origins, by their names."""
    full = read_json(reply)
    if not isinstance(full, dict):
        raise Changed("unexpected_shape", f"{task.series.code}: full metadata are no object", url=reply.url)
    _may_be_passed_on(task, full, reply)
    origins = full.get("origins")
    licences = (
        [origin.get("license") for origin in origins if isinstance(origin, dict)] if isinstance(origins, list) else []
    )
    names = [str(licence.get("name") or "").strip() for licence in licences if isinstance(licence, dict)]
    return ", ".join(dict.fromkeys(name for name in names if name))


def _may_be_passed_on(task: Task, metadata: Mapping[str, object], reply: Reply) -> None:
    if metadata.get("nonRedistributable") in (True, "1", "true"):  # numbers read as the text printed
        raise Rejected(
            "not_redistributable",
            f"{task.series.code}: the producer does not allow to pass the figures on",
            url=reply.url,
        )
