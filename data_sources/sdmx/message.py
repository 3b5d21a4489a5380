"""What a data message holds, whatever form it has: flat observations, and what the message says of its columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from data_sources.contract import Finding
from data_sources.records import Record


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
    findings: tuple[Finding, ...] = ()  # of a workbook's guard
