"""Service round the clock by channel: hours promised, hours reported, and addresses probed from outside."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC

from dashboard.analysis.measures.counts.uptime import UptimeProbe

HOURS = 24
HOURS_A_WEEK = 7 * HOURS

MIN_SHARE_UP = 0.5  # share of successful probes above which an hour of the day counts as open (ours)


@dataclass(frozen=True, slots=True)
class ChannelHours:
    """A channel's services in one month, and the share of the promised time in which they were open."""

    channel: str
    services: int  # of centres, whose hours were sent
    always: int  # of them, promised for every minute of the month
    promised: float  # per cent of the time of all of them
    reported: float | None = None  # per cent of the promised minutes in which they were open; None: not reported

    @property
    def week(self) -> float:
        """Hours a week in which a service of this channel is open on average."""
        return self.promised * HOURS_A_WEEK / 100


@dataclass(frozen=True, slots=True)
class ProbedHours:
    """Addresses probed in every hour of the day, how many answered in each, and the share of answers."""

    days: int
    addresses: int
    always: int
    answered: float  # per cent of the questions put to these addresses


def count_promised(channel: str, promised: Sequence[int], minutes: int, reported: float | None = None) -> ChannelHours:
    """Return what a channel promises, from the minutes a month of each of its services."""
    share = 100 * sum(promised) / (minutes * len(promised))
    return ChannelHours(channel, len(promised), sum(service >= minutes for service in promised), share, reported)


def count_hours_answered(addresses: Iterable[Sequence[UptimeProbe]], days: int) -> ProbedHours | None:
    """Return how addresses answered; None if none was probed in every hour of the day."""
    asked = answered = complete = always = 0
    for probes in addresses:
        hours: list[list[bool]] = [[] for _ in range(HOURS)]
        for probe in probes:
            hours[probe.at.astimezone(UTC).hour].append(probe.up)
        if not all(hours):
            continue
        complete += 1
        always += all(sum(answers) > MIN_SHARE_UP * len(answers) for answers in hours)
        asked += sum(map(len, hours))
        answered += sum(map(sum, hours))
    return ProbedHours(days, complete, always, round(100 * answered / asked, 2)) if complete else None
