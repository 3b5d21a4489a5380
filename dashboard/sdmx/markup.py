"""SDMX-ML data: structure-specific messages of 3.0 and 2.1, and error messages.

Attributes hold every text as it is: what XML would change in an attribute (line ends, tabs) is written as a reference.
What XML 1.0 cannot hold at all (most control signs) becomes U+FFFD.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from dashboard.sdmx.model import DataMessage, DataPart, Generation, make_urn

CHUNK = 2_000
XSI = "http://www.w3.org/2001/XMLSchema-instance"
_ACTIONS = {"I": "Information", "R": "Replace", "D": "Delete"}
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CHANGED = re.compile('[&<>"\n\r\t]')
_WRITTEN = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


def namespace(generation: Generation, part: str) -> str:
    """The address of a part of SDMX-ML: ``message``, ``structure``, ``common`` …"""
    return f"http://www.sdmx.org/resources/sdmxml/schemas/v{generation.replace('.', '_')}/{part}"


def escape(text: str) -> str:
    """A text inside double quotes or between tags, to be read back as it is."""
    text = _IMPOSSIBLE.sub("\ufffd", text)
    return _CHANGED.sub(lambda found: _WRITTEN[found[0]], text) if _CHANGED.search(text) else text


def _reference(message: DataMessage, generation: Generation) -> str:
    name = message.flow.name
    if generation == "3.0":
        return f"<com:StructureUsage>{escape(make_urn('dataflow', name))}</com:StructureUsage>"
    reference = f'<Ref agencyID="{name.agency}" id="{name.id}" version="{name.version}" class="Dataflow"/>'
    return f"<com:StructureUsage>{reference}</com:StructureUsage>"


def write_head(id_: str, prepared: str, sender: str) -> str:
    """What every message says of itself."""
    return (
        f"<mes:Header><mes:ID>{escape(id_)}</mes:ID><mes:Test>false</mes:Test>"
        f'<mes:Prepared>{prepared}</mes:Prepared><mes:Sender id="{escape(sender)}"/>'
    )


def write_xml(message: DataMessage, parts: Iterable[DataPart], generation: Generation) -> Iterator[bytes]:
    """The message in structure-specific SDMX-ML: series with their observations, or observations alone (``flat``)."""
    at = "AllDimensions" if message.flat else "TIME_PERIOD"
    own = f"{make_urn('dataflow', message.flow.name)}:ObsLevelDim:{at}"
    text = [
        '<?xml version="1.0" encoding="UTF-8"?>\n<mes:StructureSpecificData '
        f'xmlns:xsi="{XSI}" xmlns:mes="{namespace(generation, "message")}" '
        f'xmlns:ss="{namespace(generation, "data/structurespecific")}" '
        f'xmlns:com="{namespace(generation, "common")}" xmlns:ns1="{escape(own)}">\n',
        write_head(message.id, message.prepared, message.sender),
        f'<mes:Structure structureID="FLOW" namespace="{escape(own)}" dimensionAtObservation="{at}">',
        _reference(message, generation),
        "</mes:Structure></mes:Header>\n",
    ]
    scope = ' ss:dataScope="DataStructure"' if generation == "2.1" else ""
    for part in parts:
        text.append(f'<mes:DataSet ss:structureRef="FLOW" xsi:type="ns1:DataSetType"{scope} ')
        text.append(f'ss:action="{_ACTIONS[part.action]}"')
        for name, moment in (("validFromDate", part.valid_from), ("validToDate", part.valid_to)):
            if moment:
                text.append(f' ss:{name}="{moment}"')
        text.append(">\n")
        for piece in _rows(message, part):
            text.append(piece)
            if len(text) >= CHUNK:
                yield "".join(text).encode()
                text.clear()
        text.append("</mes:DataSet>\n")
    text.append("</mes:StructureSpecificData>\n")
    yield "".join(text).encode()


def _rows(message: DataMessage, part: DataPart) -> Iterator[str]:
    columns, length = message.columns, message.key_length
    if message.flat:
        places: Sequence[int] = range(len(columns))
        for row in part.rows:
            yield f"<Obs{_attributes(columns, places, row)}/>\n"
        return
    series = (*range(length), *message.series_attributes)
    observed = message.observed
    of: tuple[str | None, ...] | None = None
    for row in part.rows:
        key = tuple(row[place] for place in series)
        if key != of:
            yield ("" if of is None else "</Series>\n") + f"<Series{_attributes(columns, series, row)}>\n"
            of = key
        yield f"<Obs{_attributes(columns, observed, row)}/>\n"
    if of is not None:
        yield "</Series>\n"


def _attributes(columns: Sequence[str], places: Sequence[int], row: Sequence[str | None]) -> str:
    return "".join(f' {columns[place]}="{escape(value)}"' for place in places if (value := row[place]) is not None)


_FAULTS = {
    100: "No results found",
    130: "Response too large due to client request",
    140: "Syntax error",
    150: "Semantic error",
    406: "Not acceptable",
    413: "Request too large",
    500: "Internal server error",
    501: "Not implemented",
    503: "Service unavailable",
    510: "Response size exceeds service limit",
}


def name_fault(code: int) -> str:
    """What SDMX calls an error by its code."""
    return _FAULTS[code]


def write_error(code: int, message: str, generation: Generation) -> bytes:
    """An SDMX-ML error message."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<mes:Error xmlns:mes="{namespace(generation, "message")}" '
        f'xmlns:com="{namespace(generation, "common")}"><mes:ErrorMessage code="{code}">'
        f'<com:Text xml:lang="en">{_FAULTS[code]}: {escape(message)}</com:Text></mes:ErrorMessage></mes:Error>\n'
    ).encode()
