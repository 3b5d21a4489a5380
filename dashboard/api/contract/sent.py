"""Counts that the agency of the country of origin sent, as the claims of the statement are held against them.

Read where the pages on services read them, so that nothing is told here that is withheld there.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from dashboard.codebook.register.sent import AgreementActivity
from dashboard.services.adoption.counting import list_origins
from dashboard.services.base.context import Context
from dashboard.services.claims.finding import ReceivedMonth, SentCounts
from dashboard.services.effects.estimates import count_verdicts
from dashboard.settings import Settings
from dashboard.settings import settings as read_settings

if TYPE_CHECKING:
    from dashboard.delivery.metrics import PooledFigure
    from dashboard.delivery.model import CentreReport
    from dashboard.delivery.store import Engine


def count_sent(settings: Settings, country: str) -> SentCounts:
    """What was sent of a country; ``SentCounts()`` where nothing was."""
    from dashboard.database.engine import open_engine
    from dashboard.delivery.hours import find_probed_hours, list_channel_hours
    from dashboard.delivery.metrics import YEAR, figure, metrics, within
    from dashboard.delivery.model import CentreReport
    from dashboard.delivery.pooling import added
    from dashboard.voice import store as voice

    database = open_engine(settings)
    sums = added(database, country)
    decisions, measured = _decisions(database, country) if settings.accounts.enabled else (0, 0)
    month, hours = list_channel_hours(database, country)
    of_month: defaultdict[date, list[CentreReport]] = defaultdict(list)
    for report in sums.together:
        of_month[report.month].append(report)
    satisfaction = {month: figure(metrics()["satisfaction"], of_month[month]) for month in sorted(of_month)}
    year = within(sums.together, sums.months[1], YEAR) if sums.months else []
    return SentCounts(
        months=tuple(
            (month.isoformat()[:7], int(it.numerator), int(it.n))
            for month, it in satisfaction.items()
            if it.kind == "value"
        ),
        complaints=_received(year),
        in_time=_counts(figure(metrics()["complaints_in_time"], year)),
        received=_months_received(database, country, of_month),
        kinds=_kinds(database, country),
        replies=len({(reply.theme, reply.period) for reply in voice.replies(database, country)}),
        reissued=_counts(figure(metrics()["documents_wrong"], year)),
        overturned=_counts(figure(metrics()["decisions_overturned"], year)),
        upheld=_counts(figure(metrics()["complaints_upheld"], year)),
        hours_month=month.isoformat()[:7] if month else "",
        hours=hours,
        probed=find_probed_hours(database, country, datetime.now(UTC)),
        online=_online(database),
        decisions=decisions,
        measured=measured,
        activities=tuple(one.kind for one in list_sent_activities(settings)),
    )


def list_sent_activities(settings: Settings | None = None) -> tuple[AgreementActivity, ...]:
    """Activities that the parties of the agreement sent and that are in force, the newest first."""
    from dashboard.submissions.activities.intake import list_published

    settings = settings or read_settings()
    return tuple(list_published(settings)) if settings.accounts.enabled else ()


def count_sent_of_origin(ctx: Context) -> SentCounts:
    """What was sent of the country that the model comes from, and what was estimated of its adopters."""
    countries = list_origins(ctx)
    sent = count_sent(read_settings(), countries[0]) if countries else SentCounts()
    return replace(sent, effects=tuple(sorted(count_verdicts(ctx).items())))


def _counts(figure: "PooledFigure") -> tuple[int, int] | None:
    return (int(figure.numerator), int(figure.n)) if figure.kind == "value" else None


def _received(reports: "Sequence[CentreReport]") -> int | None:
    """Complaints received, where their rate may be told."""
    from dashboard.delivery.metrics import figure, metrics

    told = figure(metrics()["complaints"], reports)
    return int(told.numerator) if told.kind == "value" else None


def _months_received(
    database: "Engine", country: str, sent: "Mapping[date, Sequence[CentreReport]]"
) -> tuple[ReceivedMonth, ...]:
    """The last twelve months of complaints sent and opinions released, what is withheld as None; the oldest first."""
    from dashboard.delivery.metrics import YEAR, figure, metrics, shifted
    from dashboard.measures.surveys.suppression import THRESHOLD
    from dashboard.voice import store as voice
    from dashboard.voice.publication.given import TOTAL
    from dashboard.voice.publication.withholding import UNSORTED

    released: defaultdict[date, dict[str, int | None]] = defaultdict(dict)
    for row in voice.published(database, country):
        if row.centre == TOTAL and row.theme in (TOTAL, UNSORTED):
            released[row.month][row.theme] = row.n
    months = sorted({*sent, *released})
    found = []
    for month in months:
        if month <= shifted(months[-1], -YEAR):
            continue
        total, unsorted = (released.get(month, {}).get(name) for name in (TOTAL, UNSORTED))
        by_theme = total - unsorted if total is not None and unsorted is not None else 0
        reports = sent.get(month, ())
        found.append(
            ReceivedMonth(
                month.isoformat()[:7],
                _received(reports),
                _counts(figure(metrics()["complaints_in_time"], reports)),
                total or None,
                by_theme if by_theme >= THRESHOLD else None,
            )
        )
    return tuple(found)


def _kinds(database: "Engine", country: str) -> tuple[tuple[str, int], ...]:
    """Released opinions of the last twelve months by kind, as the page of services tells them; none that are hidden."""
    from dashboard.voice import store as voice
    from dashboard.voice.model import KINDS
    from dashboard.voice.publication.given import TOTAL
    from dashboard.voice.publication.periods import pool_months
    from dashboard.voice.publication.withholding import KIND

    rows = [row for row in voice.published(database, country) if row.centre == TOTAL and row.theme.startswith(KIND)]
    pooled = pool_months(rows)
    told = {row.theme: row.n for row in pooled.rows} if pooled else {}
    return tuple((kind, n) for kind in KINDS if (n := told.get(f"{KIND}:{kind}")))


def _online(database: "Engine") -> tuple[tuple[str, int], ...]:
    """Cases of the last twelve months that were completed online, by country: no visit was needed for them."""
    from dashboard.delivery import store
    from dashboard.delivery.model import ONLINE
    from dashboard.delivery.pooling import added
    from dashboard.measures.surveys.suppression import THRESHOLD

    cases = {
        country: sum(row.counts.get("completed", 0) for row in added(database, country).whole if row.channel in ONLINE)
        for country in store.countries(database)
    }
    return tuple((country, count) for country, count in cases.items() if count >= THRESHOLD)


def _decisions(database: "Engine", country: str) -> tuple[int, int]:
    """How many decisions are recorded, and of how many the figure was there again for a later month."""
    from dashboard.actions.signals import known, measure
    from dashboard.actions.store import listing

    rows = listing(database, country)
    if not rows:
        return 0, 0
    of = known(database, country, max(row.moved_at for row in rows).date())
    again = [(row, measure(of, row.kind, row.place, row.metric)) for row in rows if row.kind != "overdue"]
    return len(rows), sum(found is not None and found.month > row.month for row, found in again)
