"""How much an account and a country may have open, and the end of drafts."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import Engine, update
from sqlmodel import col

from dashboard.accounts import audit, mail
from dashboard.accounts.model import Principal, Role
from dashboard.contributions.submissions import inbox, intake, store, workflow
from dashboard.contributions.submissions.keeping import drafts, quota
from dashboard.contributions.submissions.tables import SubmissionMoveRow, SubmissionRow
from dashboard.evidence.database.engine import open_engine, reading, writing
from dashboard.operations import upkeep
from dashboard.settings import Settings, SubmissionSettings
from tests.contributions.submissions.conftest import YEAR, Desk, workbook
from tests.contributions.submissions.conftest import person as somebody
from tests.contributions.submissions.test_upload import Make, api, person, place

__all__ = ["api", "person", "place"]

NOW = datetime.now(UTC)


def limited(settings: Settings, **limits: int) -> Settings:
    return settings.model_copy(update={"submissions": SubmissionSettings(**limits)})


def lay(
    settings: Settings, by: Principal, size: int, state: str = "checked", days: float = 0, sha: str = "a" * 64
) -> int:
    """A submission that takes so many bytes."""
    with writing(open_engine(settings)) as connection:
        return store.add(connection, {
            "country": by.country, "dataset": "figures", "period": YEAR, "state": state, "lang": "en", "filename": "f",
            "sha256": sha, "size": size, "created_by": by.id, "created_office": by.office,
            "created_at": NOW - timedelta(days=days),
        })  # fmt: skip


def room(settings: Settings, by: Principal, size: int = 1) -> quota.Room:
    with reading(open_engine(settings)) as connection:
        return quota.room_on(connection, settings, by, NOW, size)


@pytest.mark.parametrize("whose", ["account", "country"])
def test_the_limits_are_met_exactly(desk: Desk, whose: str) -> None:
    settings = limited(desk.settings, **{f"{whose}_files": 3, f"{whose}_megabytes": 10})
    by = desk.by if whose == "account" else somebody(9, Role.CONTRIBUTOR)
    assert room(settings, by).size == 10 * quota.MEGABYTE
    lay(settings, desk.by, 4 * quota.MEGABYTE)
    lay(settings, desk.by, 5 * quota.MEGABYTE)
    assert room(settings, by, quota.MEGABYTE).size == quota.MEGABYTE
    with pytest.raises(quota.Full) as full:
        room(settings, by, quota.MEGABYTE + 1)
    assert (full.value.code, full.value.values["size"], full.value.values["most_size"]) == ("quota_bytes", "9", "10")
    lay(settings, desk.by, 1)
    with pytest.raises(quota.Full) as full:
        room(settings, by)
    assert (full.value.code, full.value.values["files"], full.value.values["most_files"]) == ("quota_files", "3", "3")
    assert "3 of 3" in str(full.value)
    other = somebody(8, Role.CONTRIBUTOR, "UGA")
    assert room(settings, other).size == 10 * quota.MEGABYTE, "another's room is its own"


@pytest.mark.parametrize(
    ("state", "days", "counts"),
    [
        ("draft", 400, True), ("checked", 400, True), ("returned", 400, True), ("submitted", 400, True),
        ("approved", 400, True), ("published", 400, False), ("superseded", 400, False), ("withdrawn", 400, False),
        ("withdrawn", 0.99, True), ("withdrawn", 1.01, False), ("published", 0.5, True),
    ],
)  # fmt: skip
def test_what_is_open_counts_and_for_a_day_everything(desk: Desk, state: str, days: float, counts: bool) -> None:
    with writing(open_engine(desk.settings)) as connection:
        number = store.add(connection, {
            "country": "AZE", "dataset": "figures", "period": "2001", "state": "draft", "lang": "en", "filename": "f",
            "sha256": "a" * 64, "size": 7, "created_by": desk.by.id, "created_office": "o",
            "created_at": NOW - timedelta(days=days),
        })  # fmt: skip
        values = {"state": state, "submitted_by": 1, "approved_by": 2}
        connection.execute(update(SubmissionRow).where(col(SubmissionRow.id) == number).values(**values))
        used = store.used(connection, NOW - quota.FRESH, account=desk.by.id)
    assert used == ((1, 7) if counts else (0, 0))


async def test_a_full_account_is_told_before_anything_is_kept(
    person: Make, place: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = person()
    monkeypatch.setattr(quota, "MEGABYTE", 1_000)
    monkeypatch.setattr(
        quota, "limits", lambda _: {"account": quota.Limit(2, 15_000), "country": quota.Limit(9, 90_000)}
    )
    headers = {"X-Form-Token": await who.token()}

    async def send(body: bytes, key: str = "") -> tuple[int, str]:
        answer = await who.client.post(
            "/api/v1/submissions", data={"period": YEAR}, files={"file": ("f.csv", body)},
            headers=headers | ({"Idempotency-Key": key} if key else {}),
        )  # fmt: skip
        return answer.status_code, answer.json().get("code", "")

    def kept() -> int:
        return sum(1 for at in ("files", "incoming") for _ in (inbox.folder(place) / at).iterdir())

    assert await send(b"x;y\n" + b"1" * 9_996, "one") == (201, "")
    before = kept()
    assert await send(b"z" * 5_001) == (413, "quota_bytes")
    assert (kept(), await send(b"x;y\n" + b"2" * 100)) == (before, (201, ""))
    before = kept()
    assert await send(b"x;y\n" + b"3" * 10) == (429, "quota_files")
    assert kept() == before
    assert await send(b"x;y\n" + b"1" * 9_996, "one") == (201, ""), "a repetition takes no room"
    page = await who.upload(b"x;y", "f.csv")
    assert page.status_code == 429
    assert "2 of 2 files are open here" in page.text


def test_many_at_once_are_counted_where_they_are_written(desk: Desk) -> None:
    settings = limited(desk.settings, account_files=1)
    first, second = desk.store(b"first"), desk.store(b"second")
    given = {"filename": "f.csv", "period": YEAR, "lang": "en"}
    intake.receive(settings, desk.by, first, **given)
    with pytest.raises(quota.Full):
        intake.receive(settings, desk.by, second, **given)
    with pytest.raises(quota.Full):
        intake.receive(settings, desk.by, desk.store(b"first"), **given)
    files = {path.name for path in (inbox.folder(settings) / "files").iterdir()}
    assert files == {first.sha256}, "what another submission is made of stays"


def aged(settings: Settings, number: int, days: float) -> None:
    """As if everything that was done with it had been done earlier."""
    with writing(open_engine(settings)) as connection:
        moved = update(SubmissionMoveRow).where(col(SubmissionMoveRow.submission) == number)
        connection.execute(moved.values(moment=NOW - timedelta(days=days)))
        connection.execute(
            update(SubmissionRow).where(col(SubmissionRow.id) == number).values(created_at=NOW - timedelta(days=days))
        )


@pytest.mark.parametrize(("days", "ended"), [(13.99, 0), (14, 1), (14.01, 1)])
def test_a_draft_ends_after_a_fortnight_and_not_before(desk: Desk, record: Engine, days: float, ended: int) -> None:
    sent = desk.send(workbook())
    aged(desk.settings, sent.id, days)
    assert (drafts.sweep(desk.settings, NOW), drafts.sweep(desk.settings, NOW)) == (ended, 0)
    after, _, moves = workflow.detail(desk.settings, desk.by, sent.id)
    assert after.state == ("withdrawn" if ended else "checked")
    assert (moves[-1].move == "expire") == bool(ended)
    assert (audit.list_entries(record)[0][0].action == "submission.expired") == bool(ended)


@pytest.mark.parametrize("state", ["submitted", "returned"])
def test_what_is_being_decided_on_does_not_end(desk: Desk, state: str) -> None:
    sent = desk.send(workbook())
    workflow.make(desk.settings, desk.by, sent.id, "submit")
    if state == "returned":
        workflow.make(desk.settings, desk.approver, sent.id, "return", reason="A slip")
    aged(desk.settings, sent.id, 15)
    assert drafts.sweep(desk.settings, NOW) == (state == "returned")


def test_a_comment_puts_the_end_off_and_a_reminder_does_not(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = desk.send(workbook())
    aged(desk.settings, sent.id, 15)
    with writing(open_engine(desk.settings)) as connection:
        store.note(connection, sent, "remind", store.NOBODY, NOW)
    assert drafts.sweep(desk.settings, NOW) == 1
    other = desk.send(workbook())
    aged(desk.settings, other.id, 15)
    workflow.comment(desk.settings, desk.by, other.id, "I am on holiday")
    assert drafts.sweep(desk.settings, NOW) == 0


@pytest.mark.parametrize(("days", "told"), [(10.99, 0), (11, 1), (13.9, 1)])
async def test_who_sent_it_is_told_three_days_before_and_once(
    person: Make, place: Settings, monkeypatch: pytest.MonkeyPatch, days: float, told: int
) -> None:
    who, letters = person(), list[EmailMessage]()
    monkeypatch.setattr(mail, "send", lambda _, letter: letters.append(letter))
    monkeypatch.setattr(mail, "is_configured", lambda _: True)
    page = (await who.upload(workbook())).headers["location"].split("?")[0]
    number = int(page.rsplit("/", 1)[1])
    assert "Withdrawn on" in (await who.client.get(page)).text
    aged(place, number, days)
    for _ in range(2):
        drafts.sweep(place, NOW)
    assert len(letters) == told
    if told:
        assert letters[0]["To"] == who.account.email
        assert page in letters[0].get_content()


async def test_another_server_that_looks_meanwhile_does_not_tell_it_too(
    person: Make, place: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    who, letters = person(), list[EmailMessage]()

    def send(_: Settings, letter: EmailMessage) -> None:
        letters.append(letter)
        if len(letters) == 1:
            raise mail.Undelivered("down")
        if len(letters) == 2:
            drafts.sweep(place, NOW)  # of the other server, while the mail server takes this letter

    monkeypatch.setattr(mail, "send", send)
    monkeypatch.setattr(mail, "is_configured", lambda _: True)
    aged(place, int((await who.upload(workbook())).headers["location"].split("?")[0].rsplit("/", 1)[1]), 12)
    for told in (1, 2, 2):
        drafts.sweep(place, NOW)
        assert len(letters) == told


def test_a_file_goes_a_day_after_it_was_withdrawn_unless_another_is_made_of_it(desk: Desk) -> None:
    body = workbook()
    first, second, again = (desk.send(one) for one in (body, workbook([("nps", "Total", int(YEAR), 40)]), body))
    assert first.sha256 == again.sha256
    for one in (first, second):
        workflow.make(desk.settings, desk.by, one.id, "withdraw")
    there = [inbox.path_of(desk.settings, one.sha256) for one in (first, second)]

    def left(days: float) -> list[bool]:
        drafts.sweep(desk.settings, datetime.now(UTC) + timedelta(days=days))
        return [path.is_file() for path in there]

    assert (left(0.99), left(1.01)) == ([True, True], [True, False])


def test_a_server_does_it_by_itself(desk: Desk, tmp_path: Path) -> None:
    aged(desk.settings, desk.send(workbook()).id, 15)
    assert upkeep.end_drafts(Settings(data_dir=tmp_path)) == 0, "an installation without accounts is asked nothing"
    with_accounts = desk.settings.model_copy(
        update={"accounts": desk.settings.accounts.model_copy(update={"enabled": True})}
    )
    assert upkeep.end_drafts(with_accounts) == 1
