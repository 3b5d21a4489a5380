"""UN System Data Commons, the platform behind data.un.org: ``/observations/series``.

A reply holds ``data``, variable → place → ``series`` of ``date`` and ``value``, and apart from it ``facets``: unit,
period and provenance under an id that each block names. A place without data has an empty ``series`` or no block.
"""

from collections.abc import Iterator, Mapping, Sequence

from data_sources.contract import Parsed, Reply, Request, SeriesRef, Task
from data_sources.errors import Changed
from data_sources.fetching.replies import read_json
from data_sources.figures import read_figure, read_number
from data_sources.info import SourceInfo
from data_sources.observations import Noticed, Row, drop_duplicates, finish_parsing
from data_sources.undata.places import COUNTRIES, find_area, split_batches

_SDG = "undata/sdg/"
_PROVENANCE = "undata/p/SDG"
_YEARLY = "P1Y"
_NO_EDITION = "edition not stated"
_KNOWN = frozenset({"date", "value"})


def source(info: SourceInfo) -> "UnData":
    """Return the publisher at ``info.base_url``."""
    return UnData(info)


class UnData:
    """See ``data_sources.contract.Source``.

    A series is named by its code in the SDG database, or with the part of it that the indicator is about, as the Data
    Commons writes it: ``SG_GEN_PARL.SEX--F``. That part is then the whole. Option ``edition`` states an edition.
    """

    def __init__(self, info: SourceInfo) -> None:
        self.info = info

    def plan(self, series: Sequence[SeriesRef]) -> list[Task]:
        """One task per series, asking for all countries in batches."""
        return [Task(self.info.id, ref, tuple(self._requests(ref))) for ref in series]

    def follow(self, task: Task, replies: Sequence[Reply]) -> list[Request]:
        """Nothing: a reply is complete."""
        return []

    def parse(self, task: Task, replies: Sequence[Reply]) -> Parsed:
        """Rows of the series, one per country and year that have a figure.

        Raises:
            Changed: another shape (``unexpected_shape``), or another variable than the one asked (``wrong_series``).
        """
        noticed = Noticed(task.series.code)
        edition = task.series.options.get("edition", _NO_EDITION)
        rows, places = [], set()
        for reply in replies:
            for place, block, facet in _blocks(reply, _variable(task.series), noticed):
                read = [row for row in _rows(task.series.code, place, block, facet, edition, reply, noticed) if row]
                rows += read
                places |= {place} if read else set()
        if not places:
            message = "no country has data: the whole may be published only as a part, as in SG_GEN_PARL.SEX--F"
            noticed.add("no_data", "warning", message, self.info.base_url)
        elif silent := len(COUNTRIES) - len(places):
            message = f"{silent} of {len(COUNTRIES)} countries and areas have no data"
            noticed.add("areas_without_data", "info", message, self.info.base_url, count=silent)
        return finish_parsing(drop_duplicates(rows, noticed), edition, noticed)

    def _requests(self, ref: SeriesRef) -> Iterator[Request]:
        for number, entities in enumerate(split_batches(), 1):
            payload = {"variables": [_variable(ref)], "entities": entities}
            yield Request(f"{self.info.base_url}/observations/series", payload=payload, key=f"places {number}")


def _variable(ref: SeriesRef) -> str:
    return ref.code if "/" in ref.code else _SDG + ref.code


def _blocks(
    reply: Reply, variable: str, noticed: Noticed
) -> Iterator[tuple[str, Mapping[str, object], Mapping[str, object]]]:
    """Place, block and facet of every place with data in a reply."""
    content = read_json(reply)
    data = content.get("data") if isinstance(content, dict) else None
    if not isinstance(content, dict) or not isinstance(data, dict):
        raise Changed(
            "unexpected_shape", f"{variable}: not an object with data; it begins {str(content)[:120]}", url=reply.url
        )
    if strange := sorted(set(data) - {variable}):
        raise Changed("wrong_series", f"{variable} was asked, {', '.join(strange)} came", url=reply.url)
    facets, places = content.get("facets", {}), data.get(variable, {})
    if not isinstance(facets, dict) or not isinstance(places, dict):
        raise Changed("unexpected_shape", f"{variable}: facets or places are no objects", url=reply.url)
    for place, block in places.items():
        series = block.get("series", []) if isinstance(block, dict) else None
        if not isinstance(block, dict) or not isinstance(series, list):
            raise Changed("unexpected_shape", f"{variable}: {place} has no series", url=reply.url)
        if not series:
            continue
        facet = facets.get(block.get("facet"))
        if not isinstance(facet, dict):
            noticed.add("facet_missing", "warning", f"{place}: unit and provenance are not given", reply.url)
            facet = {}
        yield place, block, facet


def _rows(
    code: str,
    place: str,
    block: Mapping[str, object],
    facet: Mapping[str, object],
    edition: str,
    reply: Reply,
    noticed: Noticed,
) -> Iterator[Row]:
    series = block["series"]
    assert isinstance(series, list)
    where = find_area(place)
    if where is None:
        message = f"{place} is neither a country nor an M49 area: left out"
        noticed.add("not_a_country", "info", message, reply.url, count=len(series))
        return
    provenance = str(facet.get("provenanceId") or "")
    if provenance and provenance != _PROVENANCE:
        noticed.add("other_provenance", "warning", f"{place}: from {provenance}, not {_PROVENANCE}", reply.url)
    detail = ", ".join(word for word in (provenance, str(facet.get("provenanceUrl") or "")) if word)
    period_kept = str(facet.get("observationPeriod") or _YEARLY)
    for observation in series:
        if not isinstance(observation, dict) or not observation.keys() >= _KNOWN:
            raise Changed("unexpected_shape", f"{code}: {place} has a row without date or value", url=reply.url)
        for column in observation.keys() - _KNOWN:
            noticed.add("unknown_column", "warning", f"column {column!r} is not known and was not read", reply.url)
        date, value = str(observation["date"]), observation["value"]
        if not (len(date) == 4 and date.isascii() and date.isdigit()):
            noticed.reject("unreadable_period", f"{place} {date}: not a year; the row is left out", place)
            continue
        figure = read_figure(value if value is None or isinstance(value, str) else repr(value), {})
        if figure is None:
            noticed.reject("unreadable_value", f"{place} {date}: {value!r} is not a figure; the row is left out", place)
            continue
        yield Row(
            series=code,
            area=where[0],
            area_scheme=where[1],
            area_name="",
            period=date,
            value=figure.value,
            value_text=str(figure.text),
            lower=figure.lower,
            upper=figure.upper,
            unit=_unit(facet),
            status=figure.status,
            source_detail=detail,
            footnote="" if period_kept == _YEARLY else f"Observation period: {period_kept}",
            edition=edition,
            raw_sha256=reply.sha256,
        )


def _unit(facet: Mapping[str, object]) -> str:
    """Return the unit's name; where there is none, its code without the words every code begins with.

    A factor by which figures are multiplied stands with it: they are kept as printed.
    """
    unit = str(facet.get("unitDisplayName") or "") or str(facet.get("unit") or "").rpartition("UNIT_MEASURE-")[2]
    factor = str(facet.get("scalingFactor") or "1")
    return unit if read_number(factor) == 1 else f"{unit} × 1/{factor}".strip()
