"""Decisions of an invented country: one whose month has come, and one still open."""

from datetime import datetime, timedelta

from dashboard.accounts.model import Principal
from dashboard.contributions.actions import workflow
from dashboard.operations.training.services import OUTAGE, list_months, make_code
from dashboard.settings import Settings

COUNTRY = "XAC"
MEASURE = "A second line, and a watch over nights and weekends (invented)"


def make_decisions(settings: Settings, approver: Principal, now: datetime) -> None:
    """Open and take up a decision on the outage, and open another on a centre today.

    Raises:
        ValueError: nothing calls for it: the rules have changed, and this package has to follow.
    """
    all_months = list_months(now.date())
    opened_at = now.replace(year=all_months[-OUTAGE[1]].year, month=all_months[-OUTAGE[1]].month, day=10)
    number = _open_decision(settings, approver, ("down", OUTAGE[0]), opened_at)
    workflow.move(
        settings, approver, number, "take_up", {"measure": MEASURE, "shows": f"{all_months[-1]:%Y-%m}"},
        opened_at + timedelta(days=2),
    )  # fmt: skip
    _open_decision(settings, approver, ("differs", make_code(COUNTRY, 6)), now)


def _open_decision(settings: Settings, by: Principal, wanted: tuple[str, str], now: datetime) -> int:
    causes = [cause for cause in workflow.waiting(settings, COUNTRY, now) if (cause.kind, cause.place) == wanted]
    if not causes:
        raise ValueError(f"nothing of {wanted} calls for a decision in {COUNTRY}")
    due = (now + timedelta(days=30)).date().isoformat()
    return workflow.open_(settings, by, causes[0].key, by.office, due, "en", now)
