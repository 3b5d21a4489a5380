"""A reviewer notes that the page of a reported figure was opened; nobody else can, and the trail holds who did."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.accounts import audit
from dashboard.accounts.model import Role
from dashboard.evidence.database.engine import open_engine
from dashboard.settings import Settings
from tests.contributions.submissions.test_upload import Make, api, person, place

__all__ = ["api", "person", "place"]

PAGE = "/review/reported"
TODAY = datetime.now(UTC).date()
GOOD = {"figure": "AZE-F001", "day": TODAY.isoformat()}


@pytest.mark.usefixtures("embedded")
async def test_a_reviewer_marks_the_day_and_the_newest_mark_stands(person: Make, place: Settings) -> None:
    reviewer = person(Role.REVIEWER, "")
    shown = await reviewer.client.get(f"{PAGE}?country=AZE")
    assert "AZE-F001" in shown.text
    assert "UZB-F005" not in shown.text
    earlier = (TODAY - timedelta(days=3)).isoformat()
    for day in (earlier, TODAY.isoformat()):
        done = await reviewer.post(PAGE, f"{PAGE}?country=AZE", **GOOD | {"day": day})
        assert done.headers["location"].startswith(f"{PAGE}?country=AZE&")
    assert audit.find_newest_values(open_engine(place), "reported.opened", "day") == {"AZE-F001": TODAY.isoformat()}
    trail = [one for one in audit.list_entries(open_engine(place))[0] if one.action == "reported.opened"]
    assert [(one.subject, one.actor) for one in trail] == [("AZE-F001", reviewer.account.id)] * 2


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"figure": "AZE-F999"}, 422),
        ({"figure": ""}, 422),
        ({"day": "tomorrow"}, 422),
        ({"day": (TODAY + timedelta(days=2)).isoformat()}, 422),
    ],
)
async def test_a_mark_of_nothing_or_of_a_day_ahead_is_refused(
    person: Make, place: Settings, change: dict[str, str], status: int
) -> None:
    reviewer = person(Role.REVIEWER, "")
    assert (await reviewer.post(PAGE, f"{PAGE}?country=AZE", **GOOD | change)).status_code == status
    assert audit.find_newest_values(open_engine(place), "reported.opened", "day") == {}


@pytest.mark.usefixtures("embedded")
async def test_nobody_else_marks_or_sees_the_list(person: Make, place: Settings) -> None:
    for role, country in ((Role.CONTRIBUTOR, "AZE"), (Role.APPROVER, "AZE")):
        other = person(role, country)
        assert (await other.client.get(PAGE)).status_code == 303
        assert (await other.post(PAGE, "/contribute/", **GOOD)).status_code in (403, 422)
    assert audit.find_newest_values(open_engine(place), "reported.opened", "day") == {}
