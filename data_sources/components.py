"""What a column of a national platform or an SDMX message is: value, year, area, a breakdown, a note …

The table is ``components.toml``; a series' options may name other columns: ``{"role.REPORTER": "area"}``.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple, cast, get_args

from data_sources.errors import Changed, Rejected
from data_sources.figures import ParsedFigure, read_number
from data_sources.observations import Noticed

Role = Literal[
    "year", "value", "series", "unit", "multiplier", "area", "nature", "status", "source", "note", "time_detail",
    "lower", "upper", "confidentiality", "unread", "breakdown",
]  # fmt: skip
ROLES: tuple[str, ...] = get_args(Role)
OVERRIDE = "role."
"""Options of a series that begin so name the role of a column."""

_TABLE = Path(__file__).with_name("components.toml")
_WHOLE = ("", "_T", "_Z")
WITHOUT_VALUE = ("missing", "not_applicable")
"""Statuses under which nothing is a figure."""


@dataclass(frozen=True, slots=True)
class Component:
    """A column: its id as published and what it is.

    ``title`` is the name in ``dimensions``; ``whole`` are the codes that do not break down; ``codes`` the known ones,
    empty when any may come. ``known`` is False where nobody said what the column is.
    """

    id: str
    role: Role
    title: str = ""
    whole: frozenset[str] = frozenset(_WHOLE)
    codes: frozenset[str] = frozenset()
    known: bool = True


@dataclass(frozen=True)
class Components:
    """The columns of a file or message."""

    all: tuple[Component, ...]
    of: Mapping[str, tuple[Component, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        grouped: dict[str, tuple[Component, ...]] = dict.fromkeys(ROLES, ())
        for component in self.all:
            grouped[component.role] += (component,)
        object.__setattr__(self, "of", grouped)

    def first_cell(self, role: Role, cells: Mapping[str, str]) -> str:
        """Return the first cell with words in the columns of a role, stripped; empty without one."""
        return next((text for component in self.of[role] if (text := cells.get(component.id, "").strip())), "")

    def need(self, name: str, *roles: Role) -> None:
        """Refuse a table without a column for each of these roles.

        Raises:
            Changed: ``column_missing``.
        """
        for role in roles:
            if not self.of[role]:
                wanted = " or ".join(_table().ids.get(role, ()))
                present = ", ".join(component.id for component in self.all if component.id) or "none"
                raise Changed(
                    "column_missing",
                    f"{name}: no column {wanted}; columns: {present}. The publisher may have renamed it: if so, name "
                    f"it in components.toml or with the option {OVERRIDE}<column>={role}",
                )


class _Table(NamedTuple):
    components: Mapping[str, Component]  # by folded id
    ids: Mapping[str, tuple[str, ...]]  # by role
    statuses: Mapping[str, tuple[str, str]]  # by folded code or words
    powers: Mapping[str, int]  # of ten, by folded word


@lru_cache
def _table() -> _Table:
    """Return what ``components.toml`` says."""
    raw = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    components: dict[str, Component] = {}
    for role, ids in raw["roles"].items():
        for id_ in ids:
            components[id_.casefold()] = Component(id_, cast(Role, role))
    for breakdown in raw["breakdowns"]:
        whole = frozenset((*_WHOLE, *breakdown.get("whole", ())))
        for id_ in breakdown["ids"]:
            components[id_.casefold()] = Component(
                id_, "breakdown", breakdown["title"], whole, frozenset(breakdown.get("codes", ()))
            )
    ids_by_role = {role: tuple(ids) for role, ids in raw["roles"].items()}
    statuses = {code.casefold(): (status, words) for code, (status, words) in raw["statuses"].items()}
    return _Table(
        components, ids_by_role, statuses, {word.casefold(): power for word, power in raw["multipliers"].items()}
    )


def find_status(code: str) -> tuple[str, str] | None:
    """Our status and the words to keep for an SDMX observation status, a code or its words; None when not known.

    ``Missing value; …`` is missing, whatever the reason given.
    """
    folded = code.casefold()
    reason = ("missing", folded.partition(";")[2].strip()) if folded.startswith("missing value") else None
    return _table().statuses.get(folded) or reason


def mark_figure(figure: ParsedFigure, code: str, where: str, noticed: Noticed) -> ParsedFigure:
    """A figure with the status its publisher marks it with: what is marked missing is none, whatever is printed."""
    known = find_status(code) if code else None
    if known is None:
        if code:
            noticed.add("unknown_status", "warning", f"{where}: observation status {code!r} is not known", where)
        return figure
    status, _ = known
    if figure.status != "normal":
        return replace(figure, status=status) if figure.status == "missing" and status in WITHOUT_VALUE else figure
    if status in WITHOUT_VALUE:
        message = f"{where}: {figure.text} is printed and marked {code}, missing: not used as a figure"
        noticed.add("figure_marked_missing", "warning", message, where)
        return ParsedFigure(figure.text, status)
    return replace(figure, status=status)


def is_free(code: str) -> bool:
    """Return True if a confidentiality status lets a figure be published: none, or ``F``."""
    return code in (*_WHOLE, "_X") or code.casefold() == "f" or code.casefold().startswith("free")


def multiply_unit(unit: str, power: str) -> str:
    """Return a unit with its multiplier, which is never applied to a figure: ``CU_USD × 10^6``.

    ``power`` is a power of ten, or the words of Open SDG's built data (``Units``, ``Thousands``).
    """
    folded = power.strip().casefold()
    number = read_number(folded)
    exponent = _table().powers.get(folded, number)
    if folded in ("", "_x", "_z") or exponent == 0:
        return unit
    return f"{unit} × {power.strip() if exponent is None else f'10^{exponent:g}'}".strip()


def recognise(
    ids: Sequence[str],
    options: Mapping[str, str],
    *,
    concepts: Mapping[str, str] | None = None,
    attributes: Iterable[str] = (),
    codes: Mapping[str, frozenset[str]] | None = None,
) -> Components:
    """Return what each column is.

    Args:
        options: options of the series; ``role.<column>`` names a role.
        concepts: column → id of its concept, from a structure message: a column with an id of its own may stand for
            a concept the table knows.
        attributes: columns that a structure message calls attributes: unread unless the table knows them.
        codes: column → its code list, from a structure message; replaces the table's.

    Raises:
        Rejected: ``unknown_role``, an option names a role there is none of.
    """
    table, overrides, components = _table().components, _overrides(options), []
    for id_ in ids:
        folded = id_.casefold()
        concept = (concepts or {}).get(id_, id_).casefold()
        entry = table.get(folded) or table.get(concept)
        if folded in overrides:
            component = Component(id_, overrides[folded], entry.title if entry and entry.title else id_)
        elif entry:
            component = Component(id_, entry.role, entry.title or id_, entry.whole, entry.codes)
        elif id_ in attributes:
            component = Component(id_, "unread")
        else:
            component = Component(id_, "breakdown", id_, known=id_ in (concepts or {}))
        listed = (codes or {}).get(id_)
        if listed and component.role == "breakdown":
            component = Component(id_, component.role, component.title, component.whole, listed, component.known)
        components.append(component)
    return Components(tuple(components))


def _overrides(options: Mapping[str, str]) -> dict[str, Role]:
    roles: dict[str, Role] = {}
    for key, role in options.items():
        if key.startswith(OVERRIDE):
            if role not in ROLES:
                raise Rejected("unknown_role", f"option {key}={role}: roles are {', '.join(ROLES)}")
            roles[key.removeprefix(OVERRIDE).casefold()] = cast(Role, role)
    return roles
