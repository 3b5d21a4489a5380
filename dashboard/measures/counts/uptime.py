"""Availability three ways: promised (hours), reported (minutes down), probed (asked from outside).

Method: docs/method.md, from counts. Minutes nobody measured are unmeasured, neither up nor down; two failed probes in a
row make an outage, from the first failure to the next success.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

OUTAGE_AFTER = 2
"""Failed probes in a row that make an outage; one alone may be the way there."""


@dataclass(frozen=True, slots=True)
class UptimeProbe:
    """One question put to an address, and whether it answered."""

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
    """Minutes found up and down, and how many of the agreed minutes were measured."""

    up: float
    down: float
    agreed: float

    @property
    def share(self) -> float | None:
        """Up of measured minutes, 0-1; None where nothing was measured."""
        measured = self.up + self.down
        return self.up / measured if measured else None

    @property
    def measured(self) -> float:
        """Share (0-1) of the agreed minutes that were measured."""
        return min(1.0, (self.up + self.down) / self.agreed) if self.agreed else 0.0


def sum_probes(probes: Sequence[UptimeProbe], agreed: float, step: float = 5.0) -> Uptime:
    """Minutes up and down from probes, each standing for ``step`` minutes; what was not probed counts as neither."""
    up = sum(probe.up for probe in probes)
    return Uptime(up * step, (len(probes) - up) * step, agreed)


def find_outages(probes: Sequence[UptimeProbe], step: float = 5.0) -> list[Outage]:
    """Outages among probes, oldest first. A gap of more than two steps ends a row: nobody knows what was in it."""
    result: list[Outage] = []
    failed: list[UptimeProbe] = []
    for probe in sorted(probes, key=lambda one: one.at):
        if failed and (probe.at - failed[-1].at).total_seconds() > 2 * step * 60:
            _end(result, failed, None)
        if probe.up:
            _end(result, failed, probe.at)
        else:
            failed.append(probe)
    _end(result, failed, None)
    return result


def _end(earlier: list[Outage], failed: list[UptimeProbe], until: datetime | None) -> None:
    if len(failed) >= OUTAGE_AFTER:
        earlier.append(Outage(failed[0].at, until, len(failed)))
    failed.clear()
