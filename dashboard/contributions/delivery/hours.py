"""Hours of service of a country: ``list_channel_hours`` from counts, ``find_probed_hours`` and
``list_availability`` from probes.

Each channel apart: a website is never averaged with a counter.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TypedDict

from dashboard.analysis.measures.counts.uptime import find_outages, sum_probes
from dashboard.analysis.measures.delivery.hours import (
    HOURS_A_WEEK,
    ChannelHours,
    ProbedHours,
    count_hours_answered,
    count_promised,
)
from dashboard.contributions.delivery import store
from dashboard.contributions.delivery.metrics import figure, metrics
from dashboard.contributions.delivery.model import CHANNELS, minutes_of
from dashboard.contributions.delivery.pooling import MOST_COUNTRIES, added, of_month
from dashboard.contributions.delivery.store import Engine
from dashboard.locales import format_number, format_quantity, t

PROBED_DAYS = 30
HOURS = {"opening_hours", "agreed_minutes"}
"""Counts that say for how long a channel is open; where both were sent, the first."""

COLUMNS = ("month", "channel", "services", "round_the_clock", "hours_a_week", "reported")


class HoursRow(TypedDict):
    channel: str
    text: str


class AddressRow(TypedDict):
    name: str
    url: str
    channel: str
    up: str
    measured: str
    outages: str


def list_channel_hours(engine: Engine, country: str, centre: str = "") -> tuple[date | None, tuple[ChannelHours, ...]]:
    """Return the newest month of which hours were sent, and each channel's in it (of one centre); no people."""
    return _channel_hours(engine, country, centre, store.mark(engine, country))


def describe_channel_hours(engine: Engine, country: str, lang: str, centre: str = "") -> list[HoursRow]:
    """Opening hours a week of each channel, and how many of its services are open round the clock."""
    _, found = list_channel_hours(engine, country, centre)

    def week(hours: float) -> str:
        return format_number(hours, lang, 0 if hours == round(hours) else 1)

    return [
        HoursRow(
            channel=t(f"delivery.channels.{one.channel}", lang),
            text=t(
                "delivery.hours.week", lang, hours=week(one.week),
                always=format_number(one.always, lang), all=format_number(one.services, lang),
            ),
        )
        for one in found
    ]  # fmt: skip


def join_hours(rows: list[HoursRow], lang: str) -> str:
    """Return the hours of all channels in a line; "" where there are none."""
    colon = t("ui.list.colon", lang)
    told = " · ".join(f"{one['channel']}{colon}{one['text']}" for one in rows)
    return f"{t('delivery.hours.title', lang)} – {told}" if rows else ""


def list_hours_rows(engine: Engine, country: str) -> Iterator[dict[str, object]]:
    """Yield the rows of a country's file."""
    month, found = list_channel_hours(engine, country)
    for one in found:
        values = (f"{month:%Y-%m}", one.channel, one.services, one.always, one.week, one.reported)
        yield dict(zip(COLUMNS, values, strict=True))


@lru_cache(MOST_COUNTRIES)
def _channel_hours(
    engine: Engine, country: str, centre: str, _mark: str
) -> tuple[date | None, tuple[ChannelHours, ...]]:
    sums = added(engine, country)
    counted = [row.month for row in sums.monthly if row.counts.keys() & HOURS and centre in ("", row.centre)]
    if not counted:
        return None, ()
    month = max(counted)
    whole, promised = minutes_of(month), defaultdict[str, list[int]](list)
    for row in of_month(engine, country, month):
        week, agreed = row.counts.get("opening_hours"), row.counts.get("agreed_minutes")
        if week is not None:  # said of every week, so of this month's minutes the same share
            agreed = round(whole * week / HOURS_A_WEEK)
        if agreed is not None and agreed <= whole and centre in ("", row.centre):  # older rows are kept as they came
            promised[row.channel].append(agreed)
    of = metrics()["availability_reported"]
    kept = [row for row in sums.whole if centre in ("", row.centre)]
    reported = {name: figure(of, [row for row in kept if row.channel == name]).value for name in promised}
    return month, tuple(
        count_promised(name, promised[name], whole, reported[name]) for name in CHANNELS if name in promised
    )


def find_probed_hours(engine: Engine, country: str, now: datetime) -> ProbedHours | None:
    """What a country's addresses answered in the last thirty whole days; None where none was asked round the clock."""
    until = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    asked = tuple((address.url, address.added_at) for address in store.addresses(engine, country))
    return _probed_hours(engine, asked, until)


@lru_cache(MOST_COUNTRIES)
def _probed_hours(engine: Engine, asked: tuple[tuple[str, datetime], ...], until: datetime) -> ProbedHours | None:
    since = until - timedelta(days=PROBED_DAYS)
    return count_hours_answered(
        (store.probes(engine, url, max(since, added), until) for url, added in asked), PROBED_DAYS
    )


def list_availability(engine: Engine, country: str, lang: str, now: datetime) -> list[AddressRow]:
    """Return each address of a country as it was found from outside in thirty days; what nobody asked is unmeasured."""
    rows: list[AddressRow] = []
    for one in store.addresses(engine, country):
        since = max(now - timedelta(days=PROBED_DAYS), one.added_at)
        probes = store.probes(engine, one.url, since, now)
        found = sum_probes(probes, max(5.0, (now - since).total_seconds() / 60))
        none = t("delivery.kind.not_reported", lang)
        rows.append(
            {
                "name": one.name,
                "url": one.url,
                "channel": t(f"delivery.channels.{one.channel}", lang),
                "up": none if found.share is None else format_quantity(100 * found.share, "percent", lang, 2),
                "measured": format_quantity(100 * found.measured, "percent", lang, 0),
                "outages": none if found.share is None else format_number(len(find_outages(probes)), lang),
            }
        )
    return rows
