"""Decisions of a country that were taken when its figures called for them: one whose month has come, one still open."""

from datetime import datetime, timedelta

from dashboard.accounts.model import Principal
from dashboard.actions import workflow
from dashboard.settings import Settings
from dashboard.training.services import OUTAGE, code_of, months

COUNTRY = "XAC"
MEASURE = "A second line, and a watch over nights and weekends (invented)"


def fill(settings: Settings, approver: Principal, now: datetime) -> None:
    """Decide on the outage in the month after it, to show by the last month; and on a centre today.

    Raises:
        ValueError: nothing calls for it: the rules have changed, and this room has to follow.
    """
    whole = months(now.date())
    then = now.replace(year=whole[-OUTAGE[1]].year, month=whole[-OUTAGE[1]].month, day=10)
    number = _open(settings, approver, ("down", OUTAGE[0]), then)
    workflow.move(
        settings, approver, number, "take_up", {"measure": MEASURE, "shows": f"{whole[-1]:%Y-%m}"},
        then + timedelta(days=2),
    )  # fmt: skip
    _open(settings, approver, ("differs", code_of(COUNTRY, 6)), now)


def _open(settings: Settings, by: Principal, wanted: tuple[str, str], now: datetime) -> int:
    called = [one for one in workflow.waiting(settings, COUNTRY, now) if (one.kind, one.place) == wanted]
    if not called:
        raise ValueError(f"nothing of {wanted} calls for a decision in {COUNTRY}")
    due = (now + timedelta(days=30)).date().isoformat()
    return workflow.open_(settings, by, called[0].key, by.office, due, "en", now)
