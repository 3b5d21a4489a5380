"""SDMX-ML, read by sdmx1: generic and structure-specific data, and structure messages.

A data message is read without its structure: sdmx1 then gives every component its id and its text, which is all that
is wanted; what a component is comes from the structure message read apart, or from ``components.toml``.
"""

import io
import logging
import re
from collections.abc import Sequence
from typing import Any

from data_sources.errors import Changed, Rejected, Retriable
from data_sources.fetching.replies import read_text
from data_sources.records import Record
from data_sources.sdmx.message import VALUE, Message, Structure, refuse_undone

_DECLARED = re.compile(r"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']+)[\"']")
_ENCODINGS = ("utf-8", "utf8", "us-ascii", "ascii")
_ERROR = re.compile(r"<(?:\w+:)?Error[\s>]")  # an error message, which sdmx1 does not read
_METADATA = re.compile(r"<(?:\w+:)?\w+Metadata[\s>]")
_WORDS = re.compile(r"<(?:\w+:)?Text[^>]*>([^<]*)<")
_HEAD = 4000  # characters within which a message says what it is
_OF_DATASETS = frozenset(
    {
        "action", "setID", "structureRef", "dataScope", "validFromDate", "validToDate", "publicationYear",
        "publicationPeriod", "reportingBeginDate", "reportingEndDate", "REPORTING_YEAR_START_DAY",
    }
)  # fmt: skip


def read_data(name: str, body: bytes) -> Message:
    """Return the observations of a data message.

    Raises:
        Retriable: ``empty_body``, ``html_instead_of_data``, ``truncated_xml``.
        Changed: ``invalid_utf8``, ``invalid_xml``, ``doctype``, ``unexpected_shape``.
        Rejected: the service answers with an error, before or after what it sends (``service_error``).
    """
    message = _read(name, body)
    footer = getattr(message, "footer", None)
    if footer is not None and str(footer.severity).rpartition(".")[2].lower() == "error":
        words = "; ".join(str(text) for text in footer.text) or f"code {footer.code}"
        raise Rejected("service_error", f"{name}: the service ends with \u201c{words}\u201d; nothing of it is read")
    if not hasattr(message, "data") or any(not hasattr(dataset, "obs") for dataset in message.data):
        what = "metadata" if "Metadata" in type(message).__name__ else "something else"
        raise Changed("unexpected_shape", f"{name} is not a data message: it holds {what}")
    try:
        return _flat(name, message, _datasets(body))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise Changed("unexpected_shape", f"{name} has observations of a form we do not read ({reason})") from error


def _flat(name: str, message: Any, told_of: Sequence[tuple[str, dict[str, str]]]) -> Message:
    records: list[Record] = []
    columns: dict[str, None] = {}
    dimensions: set[str] = set()
    sent: list[tuple[int, dict[str, str]]] = []
    withdrawn: list[tuple[int, dict[str, str]]] = []
    generic = all("Generic" in type(dataset).__name__ for dataset in message.data)
    for number, dataset in enumerate(message.data):
        action, attributes = told_of[number] if number < len(told_of) else ("", {})
        shared = attributes | _attributes(getattr(dataset, "attrib", {}))
        for observation in dataset.obs:
            key = {id_: str(value.value) for id_, value in observation.key.values.items()}
            cells = {**shared, **key, **_attributes(observation.attrib)}
            at = len(sent) + len(withdrawn)
            if action == "delete" or any(
                _plain(id_) == "action" and cell.lower() == "delete" for id_, cell in cells.items()
            ):
                withdrawn.append((at, key))
                continue
            sent.append((at, key))
            cells = {
                id_: cell for id_, cell in cells.items() if not id_.startswith("{")
            }  # of the message, not its figures
            if observation.value is not None:
                cells[VALUE] = str(observation.value)
            dimensions.update(key)
            columns.update(dict.fromkeys(cells))
            records.append(Record(f"{name}, observation {len(records) + 1}", cells))
    refuse_undone(name, sent, withdrawn)
    structure = Structure()
    if generic:  # it says what is a dimension; a structure-specific message does not
        structure = Structure({id_: id_ for id_ in dimensions}, frozenset(columns) - dimensions)
    return Message(tuple(records), tuple(columns), structure, len(withdrawn))


def read_structure(name: str, body: bytes) -> Structure:
    """Return the data structure of a structure message, the first where there are several.

    Raises:
        Retriable, Changed, Rejected: see ``read_data``.
    """
    message = _read(name, body)
    structures = list(getattr(message, "structure", None) or ()) if not hasattr(message, "data") else []
    if not structures:
        raise Changed("unexpected_shape", f"{name} holds no data structure")
    definition = message.structure[structures[0]]
    concepts: dict[str, str] = {}
    codes: dict[str, frozenset[str]] = {}
    names: dict[str, dict[str, str]] = {}
    for component in (*definition.dimensions.components, *definition.attributes.components):
        identity = component.concept_identity
        concepts[component.id] = getattr(identity, "id", None) or component.id
        listed = _code_list(component) or _code_list(identity)
        if listed:
            codes[component.id] = frozenset(listed)
            names[component.id] = listed
    attributes = frozenset(component.id for component in definition.attributes.components)
    return Structure(concepts, attributes, codes, names)


def _datasets(body: bytes) -> list[tuple[str, dict[str, str]]]:
    """What sdmx1 leaves out of each data set: its action, in lower case, and the attributes it bears.

    The action of a data set that names none is that of the message's header.
    """
    from lxml.etree import QName, iterparse

    datasets, of_all = [], ""
    text = body.removeprefix(b"\xef\xbb\xbf").lstrip()
    parser = iterparse(io.BytesIO(text), events=("start", "end"), resolve_entities=False, no_network=True)
    for event, element in parser:
        local = _plain(str(element.tag))
        if event == "end":
            if local == "datasetaction":
                of_all = (element.text or "").strip().lower()
            element.clear()
        elif local == "dataset":
            named = {QName(key): value for key, value in element.attrib.items()}
            action = next((value.lower() for key, value in named.items() if key.localname == "action"), of_all)
            attributes = {key.localname: value for key, value in named.items() if not key.namespace}
            datasets.append((action, {key: value for key, value in attributes.items() if key not in _OF_DATASETS}))
    return datasets


def _plain(id_: str) -> str:
    """Return a name without its namespace, in lower case."""
    return id_.rpartition("}")[2].lower()


def _code_list(owner: Any) -> dict[str, str]:
    """Codes and their words of a component or concept; empty when the message does not bring them all."""
    for name in ("local_representation", "core_representation"):
        listed = getattr(getattr(owner, name, None), "enumerated", None)
        items = getattr(listed, "items", None)
        if isinstance(items, dict) and len(items) > 1 and not getattr(listed, "is_partial", False):
            return {str(id_): str(item.name) for id_, item in items.items()}
    return {}


def _attributes(attrib: Any) -> dict[str, str]:
    """Attributes as cells. Several values in elements of their own, as version 3.0 has them, sdmx1 does not read."""
    cells = {id_: getattr(value, "value", value) for id_, value in attrib.items()}
    if several := [id_ for id_, cell in cells.items() if isinstance(cell, (list, tuple))]:
        raise ValueError(f"{', '.join(several)} stands in an element of its own")
    return {id_: str(cell) for id_, cell in cells.items()}


def _read(name: str, body: bytes) -> Any:
    """Return the message, after refusing what has no place in one: another encoding, entities of its own."""
    text = read_text(body, name).lstrip()
    if not text.startswith("<"):
        raise Changed("unexpected_shape", f"{name} is not XML")
    declared = _DECLARED.match(text)
    if declared and declared[1].lower() not in _ENCODINGS:
        raise Changed("invalid_utf8", f"{name} says that it is {declared[1]}, not UTF-8")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise Changed("doctype", f"{name} defines entities, which no SDMX message needs; it is not read")
    if refusal := _ERROR.search(text[:2000]):
        words = "; ".join(match[1].strip() for match in _WORDS.finditer(text, refusal.end())) or "no words"
        raise Rejected("service_error", f"{name}: the service answers \u201c{words}\u201d")
    if _METADATA.search(text[:_HEAD]):
        raise Changed("unexpected_shape", f"{name} is a metadata message: it describes figures and holds none")
    sdmx, syntax_error = _library()
    try:
        return sdmx.read_sdmx(io.BytesIO(text.encode()), format="xml")
    except Exception as error:  # whatever the library stumbles on, the message is not one it knows
        cause = error.__cause__ or error
        message = " ".join(str(cause).split())[:200] or type(cause).__name__
        if isinstance(cause, syntax_error):
            if "Premature end" in message or not text.rstrip().endswith(">"):
                raise Retriable("truncated_xml", f"the message breaks off ({message})", url=name) from error
            raise Changed("invalid_xml", f"{name}: {message}") from error
        raise Changed("unexpected_shape", f"{name} is not an SDMX-ML message we can read: {message}") from error


def _library() -> tuple[Any, type[Exception]]:
    """sdmx1, imported when the first message comes: it brings pandas along."""
    import sdmx
    from lxml.etree import XMLSyntaxError
    from sdmx.reader.xml import common, v30  # noqa: F401  v30 copies a table that every message of 2.1 adds to

    vars(common)["print"] = lambda *words, **options: None  # it prints what it cannot read on the terminal
    logging.getLogger("sdmx").setLevel(logging.ERROR)  # it warns that a message is read without its structure
    return sdmx, XMLSyntaxError
