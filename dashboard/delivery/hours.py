"""Hours of service of a country: ``list_channel_hours`` from counts, ``find_probed_hours`` from probes."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from dashboard.delivery import store
from dashboard.delivery.metrics import figure, metrics
from dashboard.delivery.model import CHANNELS, minutes_of
from dashboard.delivery.pooling import MOST_COUNTRIES, added, of_month
from dashboard.delivery.store import Engine
from dashboard.delivery.views import PROBED_DAYS
from dashboard.measures.delivery.hours import ChannelHours, ProbedHours, count_hours_answered, count_promised


def list_channel_hours(engine: Engine, country: str) -> tuple[date | None, tuple[ChannelHours, ...]]:
    """The newest month of which hours were sent, and each channel's in it; counts of work, in which are no people."""
    return _channel_hours(engine, country, store.mark(engine, country))


@lru_cache(MOST_COUNTRIES)
def _channel_hours(engine: Engine, country: str, _mark: str) -> tuple[date | None, tuple[ChannelHours, ...]]:
    sums = added(engine, country)
    month = max((row.month for row in sums.monthly if "agreed_minutes" in row.counts), default=None)
    if month is None:
        return None, ()
    whole, promised = minutes_of(month), defaultdict[str, list[int]](list)
    for row in of_month(engine, country, month):
        agreed = row.counts.get("agreed_minutes")
        if agreed is not None and agreed <= whole:  # older rows are kept as they came
            promised[row.channel].append(agreed)
    of = metrics()["availability_reported"]
    reported = {name: figure(of, [row for row in sums.whole if row.channel == name]).value for name in promised}
    return month, tuple(
        count_promised(name, promised[name], whole, reported[name]) for name in CHANNELS if name in promised
    )


def find_probed_hours(engine: Engine, country: str, now: datetime) -> ProbedHours | None:
    """What a country's addresses answered in the last thirty whole days; None where none was asked round the clock."""
    until = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    asked = tuple(address.url for address in store.addresses(engine, country))
    return _probed_hours(engine, asked, until)


@lru_cache(MOST_COUNTRIES)
def _probed_hours(engine: Engine, asked: tuple[str, ...], until: datetime) -> ProbedHours | None:
    since = until - timedelta(days=PROBED_DAYS)
    return count_hours_answered((store.probes(engine, url, since, until) for url in asked), PROBED_DAYS)
