"""Counts that the agency of the country of origin sent, as the claims of the statement are held against them.

Read where the pages on services read them, so that nothing is told here that is withheld there.
"""

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from dashboard.codebook.register.sent import AgreementActivity
from dashboard.services.adoption.counting import list_origins
from dashboard.services.base.context import Context
from dashboard.services.claims.rules import SentCounts
from dashboard.settings import Settings
from dashboard.settings import settings as read_settings

if TYPE_CHECKING:
    from dashboard.delivery.metrics import PooledFigure
    from dashboard.delivery.store import Engine


def count_sent(settings: Settings, country: str) -> SentCounts:
    """What was sent of a country; ``SentCounts()`` where nothing was."""
    from dashboard.database.engine import open_engine
    from dashboard.delivery.metrics import YEAR, figure, metrics, within
    from dashboard.delivery.model import CHANNELS, CentreReport
    from dashboard.delivery.pooling import added

    database = open_engine(settings)
    sums = added(database, country)
    decisions, measured = _decisions(database, country) if settings.accounts.enabled else (0, 0)
    acted = tuple(one.kind for one in list_sent_activities(settings))
    if sums.months is None:
        return SentCounts(decisions=decisions, measured=measured, activities=acted)
    of_month: defaultdict[date, list[CentreReport]] = defaultdict(list)
    for report in sums.together:
        of_month[report.month].append(report)
    satisfaction = {month: figure(metrics()["satisfaction"], of_month[month]) for month in sorted(of_month)}
    year = within(sums.together, sums.months[1], YEAR)
    promised = {
        channel: figure(metrics()["availability_promised"], [one for one in sums.whole if one.channel == channel])
        for channel in CHANNELS
    }
    return SentCounts(
        months=tuple(
            (month.isoformat()[:7], int(it.numerator), int(it.n))
            for month, it in satisfaction.items()
            if it.kind == "value"
        ),
        in_time=_counts(figure(metrics()["complaints_in_time"], year)),
        reissued=_counts(figure(metrics()["documents_wrong"], year)),
        overturned=_counts(figure(metrics()["decisions_overturned"], year)),
        upheld=_counts(figure(metrics()["complaints_upheld"], year)),
        promised=tuple((channel, it.value) for channel, it in promised.items() if it.value is not None),
        decisions=decisions,
        measured=measured,
        activities=acted,
    )


def list_sent_activities(settings: Settings | None = None) -> tuple[AgreementActivity, ...]:
    """Activities that the parties of the agreement sent and that are in force, the newest first."""
    from dashboard.submissions.activities.intake import list_published

    settings = settings or read_settings()
    return tuple(list_published(settings)) if settings.accounts.enabled else ()


def count_sent_of_origin(ctx: Context) -> SentCounts:
    """What was sent of the country that the model comes from."""
    countries = list_origins(ctx)
    return count_sent(read_settings(), countries[0]) if countries else SentCounts()


def _counts(figure: "PooledFigure") -> tuple[int, int] | None:
    return (int(figure.numerator), int(figure.n)) if figure.kind == "value" else None


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
