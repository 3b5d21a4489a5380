"""What a data message holds, whatever form it has: flat observations, and what the message says of its columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from data_sources.contract import SourceFinding
from data_sources.errors import Changed
from data_sources.records import Record

VALUE = "OBS_VALUE"


@dataclass(frozen=True)
class Structure:
    """What a structure message says of the components of its data structure.

    ``concepts`` maps each to the concept it stands for; ``codes`` gives code lists where the message brings them;
    ``names`` gives the words of codes, by component and code.
    """

    concepts: Mapping[str, str] = field(default_factory=dict)
    attributes: frozenset[str] = frozenset()
    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Message:
    """Observations with all their dimensions and attributes as cells. ``deleted`` counts those that are withdrawn.

    ``structure`` is what the message itself tells: which columns are attributes, and words of codes.
    """

    records: tuple[Record, ...]
    columns: tuple[str, ...]
    structure: Structure = field(default_factory=Structure)
    deleted: int = 0
    findings: tuple[SourceFinding, ...] = ()  # of a workbook's guard


_NO_KEY = (VALUE, "ACTION", "STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "DATAFLOW")


def refuse_undone(
    name: str, sent: Sequence[tuple[int, Mapping[str, str]]], withdrawn: Sequence[tuple[int, Mapping[str, str]]]
) -> None:
    """Refuse a message that takes back what it has sent itself: whether the figure holds is not ours to say.

    Args:
        sent: place in the message and cells of each observation.
        withdrawn: place and key of each withdrawal, in their order; what a key leaves out stands for every code.

    Raises:
        Changed: an observation is sent and withdrawn afterwards (``sent_and_withdrawn``).
    """
    places: dict[tuple[str, ...], dict[tuple[str, ...], int]] = {}
    for at, key in withdrawn:
        named = tuple(sorted(id_ for id_, cell in key.items() if cell.strip() and id_ not in _NO_KEY))
        places.setdefault(named, {})[tuple(key[id_] for id_ in named)] = at
    for at, cells in sent:
        for named, place_names in places.items():
            if place_names.get(tuple(cells.get(id_, "") for id_ in named), -1) > at:
                code = ", ".join(f"{id_} {cells.get(id_, '')}" for id_ in named) or "everything before"
                raise Changed(
                    "sent_and_withdrawn",
                    f"{name} sends an observation and withdraws it afterwards ({code[:200]}): nothing of it is read, "
                    "tell the publisher",
                )
