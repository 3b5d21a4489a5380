"""The answer to a claim, the sent counts that some answers rest on, and the words that answers share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, get_args

from dashboard.analysis.measures.delivery.hours import ChannelHours, ProbedHours
from dashboard.answers.base.context import Context
from dashboard.answers.claims.views import ClaimTable
from dashboard.evidence.codebook.model import StatementClaim
from dashboard.locales import format_number, t

Answer = Literal["shown", "partly_shown", "contradicted", "said_not_shown", "cannot_be_tested", "due"]
ANSWERS: tuple[Answer, ...] = get_args(Answer)
Evidence = Literal["independent", "partly", "agency", "none"]
"""Whether the deciding figure comes from somebody other than the speaker's agency; ``none``: there is no figure."""


@dataclass(frozen=True, slots=True)
class ReceivedMonth:
    """What came in a month, of what readers may be told; None: not sent, or withheld."""

    month: str
    complaints: int | None = None
    in_time: tuple[int, int] | None = None  # complaints answered in time, complaints due
    opinions: int | None = None  # released here, in steps of five
    sorted: int | None = None  # of them, by theme


@dataclass(frozen=True, slots=True)
class EffectsFound:
    """What the estimates of adoption's effect say together."""

    made: int  # a country and an outcome each
    standing: int  # that stand out in every draw of their donors
    expected: float  # that chance alone would make stand out
    consistent: tuple[tuple[str, str, float], ...] = ()  # country, outcome, mean difference after adoption


@dataclass(frozen=True, slots=True)
class SentCounts:
    """What answers rest on beside the dataset: counts that the agency of the country of origin sent and that were
    released here, and the estimates made here; empty: there are none."""

    months: tuple[tuple[str, int, int], ...] = ()  # month, satisfied, valid answers; the oldest first
    complaints: int | None = None  # received in the last twelve months
    in_time: tuple[int, int] | None = None  # complaints answered in time, complaints due
    received: tuple[ReceivedMonth, ...] = ()  # the last twelve months, the oldest first
    kinds: tuple[tuple[str, int], ...] = ()  # kind and opinions of it that were released for the last twelve months
    replies: int = 0  # “you said, we did”: themes of a month or quarter that were answered
    reissued: tuple[int, int] | None = None  # documents issued wrongly or re-issued, documents issued
    overturned: tuple[int, int] | None = None  # decisions overturned, decisions taken
    upheld: tuple[int, int] | None = None  # complaints upheld, complaints decided
    hours_month: str = ""  # of which ``hours`` are
    hours: tuple[ChannelHours, ...] = ()
    probed: ProbedHours | None = None
    online: tuple[tuple[str, int], ...] = ()  # country, cases completed online in twelve months; adopters' too
    decisions: int = 0  # recorded with the figure that raised them
    measured: int = 0  # of them, those whose figure was looked at again
    effects: EffectsFound | None = None
    activities: tuple[str, ...] = ()  # kinds of the activities that the parties of the agreement sent, one each


NOTHING_SENT = SentCounts()


@dataclass(frozen=True, slots=True)
class ClaimFinding:
    """The answer to a claim, why, the figure that decides it, and where that can be looked up."""

    answer: Answer
    text: str
    figure: str = ""
    to: str = ""
    open: bool = field(default=True)  # whether somebody could still supply something
    beside: tuple[str, ...] = ()  # further findings, a sentence each
    months: ClaimTable | None = None
    evidence: Evidence = "none"


Rule = Callable[[Context, StatementClaim, SentCounts], ClaimFinding]


def say_why(ctx: Context, claim: str, part: str = "text", **values: str | int) -> str:
    """Return a sentence of a claim's answer, with whole numbers as the language writes them."""
    words = {
        name: format_number(value, ctx.lang) if isinstance(value, int) else value for name, value in values.items()
    }
    return t(f"statement.because.{claim}.{part}", ctx.lang, **words)


def count_of(ctx: Context, count: int, of: int) -> str:
    """Return ``4 of 14``."""
    return t("statement.figure.of", ctx.lang, count=format_number(count, ctx.lang), of=format_number(of, ctx.lang))


def count_recorded(ctx: Context, count: int) -> str:
    """Return a number of records, or that there is none."""
    return format_number(count, ctx.lang) if count else t("statement.figure.none", ctx.lang)
