"""SDMX-ML data: structure-specific messages of 3.0 and 2.1, and error messages.

Attributes keep every text; signs that XML 1.0 cannot contain become U+FFFD.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from dashboard.analysis.sdmx.model import ACTIONS, DataMessage, DataPart, Generation, encode_chunks, make_urn

XSI = "http://www.w3.org/2001/XMLSchema-instance"
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CHANGED = re.compile('[&<>"\n\r\t]')
_REFERENCES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


def make_namespace(generation: Generation, part: str) -> str:
    """Return the address of a part of SDMX-ML such as ``message``, ``structure`` or ``common``."""
    return f"http://www.sdmx.org/resources/sdmxml/schemas/v{generation.replace('.', '_')}/{part}"


def escape(text: str) -> str:
    """Escape a text for an attribute or an element, so that it is read back unchanged."""
    text = _IMPOSSIBLE.sub("\ufffd", text)
    return _CHANGED.sub(lambda found: _REFERENCES[found[0]], text) if _CHANGED.search(text) else text


def _refer_to_flow(message: DataMessage, generation: Generation) -> str:
    name = message.flow.name
    if generation == "3.0":
        return f"<com:StructureUsage>{escape(make_urn('dataflow', name))}</com:StructureUsage>"
    reference = f'<Ref agencyID="{name.agency}" id="{name.id}" version="{name.version}" class="Dataflow"/>'
    return f"<com:StructureUsage>{reference}</com:StructureUsage>"


def write_head(id_: str, prepared: str, sender: str) -> str:
    """Write the start of a message's header: its id, its date and its sender."""
    return (
        f"<mes:Header><mes:ID>{escape(id_)}</mes:ID><mes:Test>false</mes:Test>"
        f'<mes:Prepared>{prepared}</mes:Prepared><mes:Sender id="{escape(sender)}"/>'
    )


def write_xml(message: DataMessage, parts: Iterable[DataPart], generation: Generation) -> Iterator[bytes]:
    """Yield a message in structure-specific SDMX-ML, with series unless the message is flat."""
    return encode_chunks(_write_pieces(message, parts, generation))


def _write_pieces(message: DataMessage, parts: Iterable[DataPart], generation: Generation) -> Iterator[str]:
    at = "AllDimensions" if message.flat else "TIME_PERIOD"
    own = f"{make_urn('dataflow', message.flow.name)}:ObsLevelDim:{at}"
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n<mes:StructureSpecificData '
        f'xmlns:xsi="{XSI}" xmlns:mes="{make_namespace(generation, "message")}" '
        f'xmlns:ss="{make_namespace(generation, "data/structurespecific")}" '
        f'xmlns:com="{make_namespace(generation, "common")}" xmlns:ns1="{escape(own)}">\n'
        f"{write_head(message.id, message.prepared, message.sender)}"
        f'<mes:Structure structureID="FLOW" namespace="{escape(own)}" dimensionAtObservation="{at}">'
        f"{_refer_to_flow(message, generation)}</mes:Structure></mes:Header>\n"
    )
    scope = ' ss:dataScope="DataStructure"' if generation == "2.1" else ""
    for part in parts:
        action = ACTIONS[part.action]
        yield f'<mes:DataSet ss:structureRef="FLOW" xsi:type="ns1:DataSetType"{scope} ss:action="{action}"'
        for name, moment in (("validFromDate", part.valid_from), ("validToDate", part.valid_to)):
            if moment:
                yield f' ss:{name}="{moment}"'
        yield ">\n"
        yield from _write_rows(message, part)
        yield "</mes:DataSet>\n"
    yield "</mes:StructureSpecificData>\n"


def _write_rows(message: DataMessage, part: DataPart) -> Iterator[str]:
    columns, length = message.columns, message.key_length
    if message.flat:
        places: Sequence[int] = range(len(columns))
        for row in part.rows:
            yield f"<Obs{_write_attributes(columns, places, row)}/>\n"
        return
    series = (*range(length), *message.series_attributes)
    observed = message.observed
    last_key: tuple[str | None, ...] | None = None
    for row in part.rows:
        key = tuple(row[place] for place in series)
        if key != last_key:
            yield ("" if last_key is None else "</Series>\n") + f"<Series{_write_attributes(columns, series, row)}>\n"
            last_key = key
        yield f"<Obs{_write_attributes(columns, observed, row)}/>\n"
    if last_key is not None:
        yield "</Series>\n"


def _write_attributes(columns: Sequence[str], places: Sequence[int], row: Sequence[str | None]) -> str:
    return "".join(f' {columns[place]}="{escape(value)}"' for place in places if (value := row[place]) is not None)


_ERROR_NAMES = {
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


def name_error(code: int) -> str:
    """Return SDMX's name of an error code."""
    return _ERROR_NAMES[code]


def write_error(code: int, message: str, generation: Generation) -> bytes:
    """Write an SDMX-ML error message."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<mes:Error xmlns:mes="{make_namespace(generation, "message")}" '
        f'xmlns:com="{make_namespace(generation, "common")}"><mes:ErrorMessage code="{code}">'
        f'<com:Text xml:lang="en">{_ERROR_NAMES[code]}: {escape(message)}</com:Text></mes:ErrorMessage></mes:Error>\n'
    ).encode()
