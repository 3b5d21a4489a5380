"""A disk without room while a reviewer publishes: nothing is published, the page says so, and again is enough."""

import errno
from html import unescape

import pytest

from dashboard.accounts import audit
from dashboard.accounts.model import Role
from dashboard.contributions.submissions import store
from dashboard.evidence.database import vintages
from dashboard.evidence.database.engine import open_engine, reading
from dashboard.evidence.dataset.layout import NEXT, UNFINISHED
from dashboard.evidence.dataset.store import Dataset, NotPublished
from dashboard.locales import t
from dashboard.settings import Settings
from tests.contributions.submissions.conftest import workbook
from tests.contributions.submissions.test_upload import Make, api, person, place

__all__ = ["api", "person", "place"]


def full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


STEPS = {
    "the vintage": "dashboard.evidence.database.columns.append_frame",
    "a file of the dataset": "dashboard.evidence.dataset.publish._write_table",
    "the announcement": "dashboard.evidence.dataset.publish.announce_version",
    "the name": "dashboard.evidence.dataset.publish.name_version",
    "the copy for other machines": "dashboard.evidence.dataset.publication.offer_version_on",
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_at_each_step_nothing_is_published_and_again_is_enough(
    person: Make, place: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    contributor, approver, reviewer = person(), person(Role.APPROVER), person(Role.REVIEWER)
    page = (await contributor.upload(workbook())).headers["location"].split("?")[0]
    number = int(page.rpartition("/")[2])
    for who, move in ((contributor, "submit"), (approver, "approve")):
        assert (await who.post(f"{page}/move", page, move=move)).status_code == 303
    record = open_engine(place)

    def state() -> tuple[str | None, int, int, bool]:
        with reading(record) as connection:
            found = store.get(connection, number)
            closed = any(period.closed for period in store.periods(connection, "AZE"))
        return found.state, len(vintages.list_vintages(record)), audit.verify(record).entries, closed

    before = state()
    for step, name in STEPS.items():
        with monkeypatch.context() as patch:
            patch.setattr(name, full)
            told = await reviewer.post(f"{page}/move", page, move="publish")
        assert (told.status_code, told.headers["retry-after"]) == (503, "60"), step
        assert t("submissions.refusal.disk", "en") in unescape(told.text), step
        assert state() == before, step
        left = [path.name for path in place.dataset_dir.rglob("*") if path.name.startswith((UNFINISHED, NEXT))]
        assert left == [], f"{step}: the room that was taken is given back"
        with pytest.raises(NotPublished):
            Dataset.current(place.dataset_dir)
    assert (await reviewer.post(f"{page}/move", page, move="publish")).status_code == 303
    assert state() == ("published", 1, before[2] + 1, True)
    assert Dataset.current(place.dataset_dir).vintage == 1
