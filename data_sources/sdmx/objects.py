"""SDMX-JSON data messages: 1.0, as agreed and as in its drafts, and 2.0.

Read here and not by sdmx1, whose reader knows the drafts only, loses attributes of series, and turns figures into
numbers, so that 1.50 is not what was printed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from data_sources.errors import Changed, Rejected
from data_sources.fetching.replies import parse_json
from data_sources.records import Record
from data_sources.sdmx.message import VALUE, Message, Structure

_LEVELS = ("dataSet", "series", "observation")


@dataclass(frozen=True)
class _Component:
    """A dimension or attribute: its id, and the codes (or plain values) that indices stand for, with their words."""

    id: str
    codes: Sequence[str]
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Layout:
    dimensions: Mapping[str, Sequence[_Component]]  # by level
    attributes: Mapping[str, Sequence[_Component]]
    measures: Sequence[_Component]

    @property
    def components(self) -> Iterator[_Component]:
        return chain.from_iterable((*self.dimensions.values(), *self.attributes.values(), self.measures))


def read_data(name: str, body: bytes) -> Message:
    """Return the observations of a JSON data message.

    Raises:
        Retriable: ``empty_body``, ``truncated_json``, ``html_instead_of_json``.
        Changed: ``invalid_utf8``, ``invalid_json``, ``unexpected_shape``, ``unread_attributes``: attributes of groups
            of dimensions, without which a figure may be misread.
        Rejected: the service answers with an error (``service_error``).
    """
    content = parse_json(body, name)
    try:
        return _message(name, content)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        message = f"{type(error).__name__}: {error}"
        raise Changed("unexpected_shape", f"{name} is not an SDMX-JSON data message ({message})") from error


def _message(name: str, content: Any) -> Message:
    if errors := content.get("errors"):
        words = "; ".join(str(error.get("title") or error.get("message") or error) for error in errors)
        raise Rejected("service_error", f"{name}: the service answers \u201c{words}\u201d")
    data = content.get("data") or content
    described = data.get("structures") or [data.get("structure") or content["structure"]]
    layouts = [_layout(structure) for structure in described]
    cells_of: list[dict[str, str]] = []
    deleted = 0
    for dataset in data["dataSets"]:
        if groups := dataset.get("dimensionGroupAttributes"):
            raise Changed(
                "unread_attributes",
                f"{name} gives {len(groups)} groups of dimensions attributes, a unit or multiplier perhaps, which are "
                "not read in this form: set the site's option form to csv or xml",
            )
        if str(dataset.get("action", "")).lower() == "delete":
            if cells_of:
                raise Changed(
                    "sent_and_withdrawn",
                    f"{name} sends observations and withdraws some afterwards, which may be the same: nothing of it is "
                    "read, tell the publisher",
                )
            deleted += _withdrawn(dataset)  # its keys may leave out or stand for several codes: only counted
            continue
        place = int(dataset.get("structure", 0))
        if not 0 <= place < len(layouts):
            raise ValueError(f"a data set has the structure {place}, of {len(layouts)}")
        cells_of += _observations(dataset, layouts[place])
    components = list(chain.from_iterable(layout.components for layout in layouts))
    dimensions = {c.id for layout in layouts for level in layout.dimensions.values() for c in level}
    columns = dict.fromkeys(component.id for component in components)
    labels = Structure(
        {id_: id_ for id_ in dimensions},
        frozenset(columns) - dimensions,
        names={component.id: component.names for component in components if component.names},
    )
    records = tuple(Record(f"{name}, observation {n}", cells) for n, cells in enumerate(cells_of, 1))
    return Message(records, tuple(columns), labels, deleted)


def _layout(structure: Mapping[str, Any]) -> _Layout:
    measures = (structure.get("measures") or {}).get("observation") or [{"id": VALUE}]
    return _Layout(
        _levels(structure.get("dimensions") or {}),
        _levels(structure.get("attributes") or {}),
        [_component(entry) for entry in measures],
    )


def _levels(part: Mapping[str, Any]) -> dict[str, list[_Component]]:
    return {level: [_component(entry) for entry in part.get(level) or ()] for level in _LEVELS}


def _component(entry: Mapping[str, Any]) -> _Component:
    values = entry.get("values") or ()
    codes = [
        next((str(value[key]) for key in ("id", "value", "name") if value.get(key) is not None), "") for value in values
    ]
    names = {str(value["id"]): str(value["name"]) for value in values if "id" in value and "name" in value}
    return _Component(str(entry["id"]), codes, names)


def _observations(dataset: Mapping[str, Any], layout: _Layout) -> Iterator[dict[str, str]]:
    shared = _at(layout.dimensions["dataSet"], ["0"] * len(layout.dimensions["dataSet"]))
    shared |= _at(layout.attributes["dataSet"], dataset.get("attributes") or ())
    for key, series in (dataset.get("series") or {}).items():
        common = shared | _key(layout.dimensions["series"], key)
        common |= _at(layout.attributes["series"], series.get("attributes") or ())
        for place, observation in (series.get("observations") or {}).items():
            yield common | _observation(place, observation, layout)
    for place, observation in (dataset.get("observations") or {}).items():
        yield shared | _observation(place, observation, layout)


def _withdrawn(dataset: Mapping[str, Any]) -> int:
    """Return how many observations a data set of deletions names; a series without any is one."""
    series = (dataset.get("series") or {}).values()
    return len(dataset.get("observations") or {}) + sum(len(link.get("observations") or {}) or 1 for link in series)


def _observation(place: str, observation: Sequence[Any], layout: _Layout) -> dict[str, str]:
    if not isinstance(observation, list):
        raise TypeError(f"the observation {place} is {observation!r}, not a list")
    count = len(layout.measures)
    cells = _key(layout.dimensions["observation"], place) | _at(layout.measures, observation[:count])
    return cells | _at(layout.attributes["observation"], observation[count:])


def _key(components: Sequence[_Component], key: str) -> dict[str, str]:
    """Cells for a key, which has an index for every dimension of its level."""
    indices = key.split(":") if key else []
    if len(indices) != len(components) or not all(indices):
        raise ValueError(f"the key {key} has {len(indices)} indices for {len(components)} dimensions")
    return _at(components, indices)


def _at(components: Sequence[_Component], given: Iterable[Any]) -> dict[str, str]:
    """Cells for the indices given. An attribute without listed values gives its value itself."""
    cells = {}
    for component, index in zip(components, given, strict=False):
        if index is None or index == "":
            continue
        text = str(index)
        if component.codes and not (text.isascii() and text.isdigit()):
            raise ValueError(f"{component.id} has the index {text!r}")
        if component.codes and int(text) >= len(component.codes):
            raise ValueError(f"{component.id} has the index {text}, and {len(component.codes)} values are listed")
        cells[component.id] = component.codes[int(text)] if component.codes else text
    return cells
