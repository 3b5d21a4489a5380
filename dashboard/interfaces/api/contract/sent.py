"""Counts sent by the agency of the country of origin, for the claims of the statement.

They are read where the service pages read them, so that nothing withheld there is shown here.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from dashboard.answers.adoption.counting import list_origins
from dashboard.answers.base.context import Context
from dashboard.answers.claims.finding import EffectsFound, ReceivedMonth, SentCounts
from dashboard.answers.effects.estimates import list_default_results
from dashboard.answers.effects.overview import judge_family
from dashboard.evidence.codebook.register.sent import AgreementActivity
from dashboard.settings import Settings
from dashboard.settings import settings as read_settings

if TYPE_CHECKING:
    from dashboard.contributions.delivery.metrics import PooledFigure
    from dashboard.contributions.delivery.model import CentreReport
    from dashboard.contributions.delivery.store import Engine


def count_sent(settings: Settings, country: str) -> SentCounts:
    """Return what a country sent; ``SentCounts()`` where it sent nothing."""
    from dashboard.contributions.delivery.hours import find_probed_hours, list_channel_hours
    from dashboard.contributions.delivery.metrics import YEAR, figure, metrics, within
    from dashboard.contributions.delivery.model import CentreReport
    from dashboard.contributions.delivery.pooling import added
    from dashboard.contributions.voice import store as voice
    from dashboard.evidence.database.engine import open_engine

    database = open_engine(settings)
    sums = added(database, country)
    decisions, measured = _count_decisions(database, country) if settings.accounts.enabled else (0, 0)
    month, hours = list_channel_hours(database, country)
    of_month: defaultdict[date, list[CentreReport]] = defaultdict(list)
    for report in sums.together:
        of_month[report.month].append(report)
    satisfaction = {month: figure(metrics()["satisfaction"], of_month[month]) for month in sorted(of_month)}
    year = within(sums.together, sums.months[1], YEAR) if sums.months else []
    return SentCounts(
        months=tuple(
            (month.isoformat()[:7], int(pooled.numerator), int(pooled.n))
            for month, pooled in satisfaction.items()
            if pooled.kind == "value"
        ),
        complaints=_count_complaints(year),
        in_time=_get_counts(figure(metrics()["complaints_in_time"], year)),
        received=_list_received_months(database, country, of_month),
        kinds=_count_kinds(database, country),
        replies=len({(reply.theme, reply.period) for reply in voice.replies(database, country)}),
        reissued=_get_counts(figure(metrics()["documents_wrong"], year)),
        overturned=_get_counts(figure(metrics()["decisions_overturned"], year)),
        upheld=_get_counts(figure(metrics()["complaints_upheld"], year)),
        hours_month=month.isoformat()[:7] if month else "",
        hours=hours,
        probed=find_probed_hours(database, country, datetime.now(UTC)),
        online=_count_online(database),
        decisions=decisions,
        measured=measured,
        activities=tuple(activity.kind for activity in list_sent_activities(settings)),
    )


def list_sent_activities(settings: Settings | None = None) -> tuple[AgreementActivity, ...]:
    """Return activities in force that the parties of the agreement sent, newest first."""
    from dashboard.contributions.submissions.kinds.activities import list_published

    settings = settings or read_settings()
    return tuple(list_published(settings)) if settings.accounts.enabled else ()


def count_sent_of_origin(ctx: Context) -> SentCounts:
    """Return what the country of origin sent, and the estimated effects in its adopters."""
    countries = list_origins(ctx)
    sent = count_sent(read_settings(), countries[0]) if countries else SentCounts()
    return replace(sent, effects=find_effects(ctx))


def find_effects(ctx: Context) -> EffectsFound | None:
    """Return what the estimates of adoption's effect say together; None where there are none."""
    family = judge_family(list_default_results(ctx))
    if not family.results:
        return None
    consistent = tuple((*key, estimate["estimate"] or 0.0) for key, estimate in sorted(family.consistent.items()))
    return EffectsFound(len(family.results), len(family.standing), family.expected, consistent)


def _get_counts(figure: "PooledFigure") -> tuple[int, int] | None:
    return (int(figure.numerator), int(figure.n)) if figure.kind == "value" else None


def _count_complaints(reports: "Sequence[CentreReport]") -> int | None:
    """Return the complaints received, where their rate may be published."""
    from dashboard.contributions.delivery.metrics import figure, metrics

    pooled = figure(metrics()["complaints"], reports)
    return int(pooled.numerator) if pooled.kind == "value" else None


def _list_received_months(
    database: "Engine", country: str, sent: "Mapping[date, Sequence[CentreReport]]"
) -> tuple[ReceivedMonth, ...]:
    """Return complaints and released opinions of the last twelve months, withheld ones as None."""
    from dashboard.analysis.measures.surveys.suppression import THRESHOLD
    from dashboard.contributions.delivery.metrics import YEAR, figure, metrics, shifted
    from dashboard.contributions.voice import store as voice
    from dashboard.contributions.voice.publication.given import TOTAL
    from dashboard.contributions.voice.publication.withholding import UNSORTED

    released: defaultdict[date, dict[str, int | None]] = defaultdict(dict)
    for row in voice.published(database, country):
        if row.centre == TOTAL and row.theme in (TOTAL, UNSORTED):
            released[row.month][row.theme] = row.n
    months = sorted({*sent, *released})
    received = []
    for month in months:
        if month <= shifted(months[-1], -YEAR):
            continue
        total, unsorted = (released.get(month, {}).get(name) for name in (TOTAL, UNSORTED))
        by_theme = total - unsorted if total is not None and unsorted is not None else 0
        reports = sent.get(month, ())
        received.append(
            ReceivedMonth(
                month.isoformat()[:7],
                _count_complaints(reports),
                _get_counts(figure(metrics()["complaints_in_time"], reports)),
                total or None,
                by_theme if by_theme >= THRESHOLD else None,
            )
        )
    return tuple(received)


def _count_kinds(database: "Engine", country: str) -> tuple[tuple[str, int], ...]:
    """Return released opinions of the last twelve months by kind, without hidden ones."""
    from dashboard.contributions.voice import store as voice
    from dashboard.contributions.voice.model import KINDS
    from dashboard.contributions.voice.publication.given import TOTAL
    from dashboard.contributions.voice.publication.periods import pool_months
    from dashboard.contributions.voice.publication.withholding import KIND

    rows = [row for row in voice.published(database, country) if row.centre == TOTAL and row.theme.startswith(KIND)]
    pooled = pool_months(rows)
    counts = {row.theme: row.n for row in pooled.rows} if pooled else {}
    return tuple((kind, n) for kind in KINDS if (n := counts.get(f"{KIND}:{kind}")))


def _count_online(database: "Engine") -> tuple[tuple[str, int], ...]:
    """Return cases of the last twelve months that were completed online, by country."""
    from dashboard.analysis.measures.surveys.suppression import THRESHOLD
    from dashboard.contributions.delivery import store
    from dashboard.contributions.delivery.model import ONLINE
    from dashboard.contributions.delivery.pooling import added

    cases = {
        country: sum(row.counts.get("completed", 0) for row in added(database, country).whole if row.channel in ONLINE)
        for country in store.countries(database)
    }
    return tuple((country, count) for country, count in cases.items() if count >= THRESHOLD)


def _count_decisions(database: "Engine", country: str) -> tuple[int, int]:
    """Return how many decisions are recorded, and for how many the figure was measured in a later month."""
    from dashboard.contributions.actions.signals import known, measure
    from dashboard.contributions.actions.store import listing

    rows = listing(database, country)
    if not rows:
        return 0, 0
    signals = known(database, country, max(row.moved_at for row in rows).date())
    measured = [(row, measure(signals, row.kind, row.place, row.metric)) for row in rows if row.kind != "overdue"]
    return len(rows), sum(found is not None and found.month > row.month for row, found in measured)
