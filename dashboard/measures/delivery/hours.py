"""Service round the clock, each channel apart: promised, reported, and found by asking addresses from outside."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC

from dashboard.measures.counts.uptime import UptimeProbe

HOURS = 24
"""Hours of the day, in UTC."""

HOURS_A_WEEK = 7 * HOURS

ANSWERED = 0.5
"""Share of the questions of an hour: with more answers it counts as open, whatever outage there was (ours)."""


@dataclass(frozen=True, slots=True)
class ChannelHours:
    """A channel's services in one month, and how much of what was promised was open over twelve."""

    channel: str
    services: int  # of centres, whose hours were sent
    always: int  # of them, promised for every minute of the month
    promised: float  # per cent of the time of all of them
    reported: float | None = None  # per cent of the promised minutes in which they were open; None: not reported

    @property
    def week(self) -> float:
        """Hours a week in which a service is open, on average over the services of this channel."""
        return self.promised * HOURS_A_WEEK / 100


@dataclass(frozen=True, slots=True)
class ProbedHours:
    """Addresses that were asked in each hour of the day, those that answered in each, and the share of answers."""

    days: int
    addresses: int
    always: int
    answered: float  # per cent of the questions put to these addresses


def count_promised(channel: str, promised: Sequence[int], minutes: int, reported: float | None = None) -> ChannelHours:
    """What a channel promises.

    Args:
        channel: its code.
        promised: minutes of each of its services in a month; at least one.
        minutes: of the month.
        reported: as ``ChannelHours`` has it.
    """
    share = 100 * sum(promised) / (minutes * len(promised))
    return ChannelHours(channel, len(promised), sum(one >= minutes for one in promised), share, reported)


def count_hours_answered(addresses: Iterable[Sequence[UptimeProbe]], days: int) -> ProbedHours | None:
    """What addresses answered in ``days``; None where none was asked in every hour of the day."""
    asked = answered = whole = always = 0
    for probes in addresses:
        hours: list[list[bool]] = [[] for _ in range(HOURS)]
        for probe in probes:
            hours[probe.at.astimezone(UTC).hour].append(probe.up)
        if not all(hours):
            continue
        whole += 1
        always += all(sum(answers) > ANSWERED * len(answers) for answers in hours)
        asked += sum(map(len, hours))
        answered += sum(map(sum, hours))
    return ProbedHours(days, whole, always, round(100 * answered / asked, 2)) if whole else None
