"""Availability from probes: minutes up and down, and outages (docs/method.md, from counts).

Minutes nobody measured are neither up nor down; two failed probes in a row make an outage, until the next success.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

MIN_FAILED_PROBES = 2  # failed probes in a row that make an outage; one alone may be a fault on the way


@dataclass(frozen=True, slots=True)
class UptimeProbe:
    """A probe of an address, and whether it answered."""

    at: datetime
    up: bool


@dataclass(frozen=True, slots=True)
class Outage:
    """From the first failed probe to the first that succeeded; ``until`` is None while it lasts."""

    since: datetime
    until: datetime | None
    probes: int


@dataclass(frozen=True, slots=True)
class Uptime:
    """Minutes up and down, and the minutes agreed."""

    up: float
    down: float
    agreed: float

    @property
    def share(self) -> float | None:
        """Share (0-1) of the measured minutes that were up; None if nothing was measured."""
        measured = self.up + self.down
        return self.up / measured if measured else None

    @property
    def measured(self) -> float:
        """Share (0-1) of the agreed minutes that were measured."""
        return min(1.0, (self.up + self.down) / self.agreed) if self.agreed else 0.0


def sum_probes(probes: Sequence[UptimeProbe], agreed: float, step: float = 5.0) -> Uptime:
    """Return minutes up and down from probes, each of which stands for ``step`` minutes."""
    up = sum(probe.up for probe in probes)
    return Uptime(up * step, (len(probes) - up) * step, agreed)


def find_outages(probes: Sequence[UptimeProbe], step: float = 5.0) -> list[Outage]:
    """Return outages, oldest first; a gap of more than two steps ends an outage."""
    result: list[Outage] = []
    failed: list[UptimeProbe] = []
    for probe in sorted(probes, key=lambda probe: probe.at):
        if failed and (probe.at - failed[-1].at).total_seconds() > 2 * step * 60:
            _close_outage(result, failed, None)
        if probe.up:
            _close_outage(result, failed, probe.at)
        else:
            failed.append(probe)
    _close_outage(result, failed, None)
    return result


def _close_outage(earlier: list[Outage], failed: list[UptimeProbe], until: datetime | None) -> None:
    if len(failed) >= MIN_FAILED_PROBES:
        earlier.append(Outage(failed[0].at, until, len(failed)))
    failed.clear()
