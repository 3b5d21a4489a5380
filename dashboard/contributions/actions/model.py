"""What a decision is about, the states it goes through, and why one is refused."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

Kind = Literal["slower", "fell", "differs", "target", "down", "rose", "silent", "overdue"]
KINDS: tuple[Kind, ...] = ("overdue", "silent", "down", "slower", "fell", "differs", "target", "rose")
"""In the order they are listed: what is missing first, then what got worse, then what is promised and what is said."""

State = Literal["open", "taken_up", "done", "declined"]
ENDED = ("done", "declined")

Move = Literal["assign", "take_up", "plan", "close", "decline"]
MOVES: dict[Move, tuple[tuple[State, ...], State | None]] = {
    "assign": (("open", "taken_up"), None),
    "take_up": (("open",), "taken_up"),
    "plan": (("taken_up",), None),
    "close": (("open", "taken_up"), "done"),
    "decline": (("open", "taken_up"), "declined"),
}
"""Move → states it starts from, and the state it leads to (None: it stays)."""

LONGEST = 1_000
"""Characters of an outcome or a reason."""

LONGEST_OFFICE = 120
SHOWN_WITHIN = 36
"""Months within which a measure has to show."""

FURTHEST_DAYS = 5 * 366
"""A decision is due within five years: what is later is nobody's."""


class ActionError(Exception):
    """A decision that cannot be opened or moved; ``code`` names the sentence (``actions.errors.<code>``)."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class DecisionUnknown(ActionError):
    """There is no such decision in the country of who asks."""


@dataclass(frozen=True, slots=True)
class FigureReading:
    """A figure as it stood: ``state`` is the kind of a pooled figure, or a verdict or standing where there is no value.

    ``month`` is the last month it rests on (``2026-10``), of a submission its year. ``batched``: it speaks of people,
    and may be told (``delivery.people.withholding``); those kept before there was such a rule are shown no more.
    ``span`` is how many months it is pooled over where that is not what its kind says; ``years``, of how many earlier
    years it pools the same months.
    """

    month: str
    state: str
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    n: float = 0
    batched: bool = False
    span: int = 0
    years: int = 0

    def stored(self) -> dict[str, Any]:
        """As plain values for the database."""
        return asdict(self)


Case = tuple[str, str, str]
"""One problem: its kind, where it is, and of what."""


def case_of(kind: str, place: str, metric: str) -> Case:
    """The problem that signals of a kind, place and metric are signs of: median and P90 of waiting are of one."""
    return kind, place, "" if kind == "slower" else metric


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that calls for a decision. ``place`` is a centre or "", ``metric`` a metric, a theme or ""."""

    kind: Kind
    place: str
    metric: str
    now: FigureReading
    before: FigureReading | None = None

    @property
    def key(self) -> str:
        """What there is one decision of, as a form sends it."""
        return "|".join((self.kind, self.place, self.metric, self.now.month))

    @property
    def case(self) -> Case:
        """The problem it is a sign of."""
        return case_of(self.kind, self.place, self.metric)
