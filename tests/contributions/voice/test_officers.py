"""The pages of moderators and integrity officers, as browsers of every role meet them."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path

import httpx
import pyotp
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import Engine, update
from sqlmodel import col

from dashboard.accounts import audit, people
from dashboard.accounts.model import Role
from dashboard.accounts.people import Rights
from dashboard.accounts.tables import Account
from dashboard.contributions.delivery.model import Centre
from dashboard.contributions.delivery.store import save_centres
from dashboard.contributions.voice import store
from dashboard.contributions.voice.inbox import RETENTION, Keyring, NoKey, new_key
from dashboard.contributions.voice.intake import take
from dashboard.contributions.voice.model import Intake
from dashboard.contributions.voice.moderation import reports
from dashboard.contributions.voice.publication import views, withholding
from dashboard.contributions.voice.review import Reviewer, give_label
from dashboard.contributions.voice.tables import VoiceOpinion, VoiceSealed
from dashboard.evidence.database.engine import open_engine, writing
from dashboard.evidence.dataset.publication import Unpublished
from dashboard.interfaces.desk.centre_form import form as voice
from dashboard.locales import LANGUAGES, t
from dashboard.operations import backup
from dashboard.settings import Settings, VoiceSettings
from tests.accounts.conftest import PASSWORD, SITE, Browser, hasher, serving, with_codes
from tests.contributions.voice.conftest import put_in_force
from tests.contributions.voice.test_intake import dump
from tests.given import raising

__all__ = ["hasher", "with_codes"]

REPORT = "the clerk wanted a bribe of four thousand, quietly unusual words"
NOTED = "spoke with the head of the centre about it"
Enter = Callable[..., Awaitable[Browser]]


@pytest.fixture
def place(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    made = Settings(
        data_dir=tmp_path / "data", database_url=database_url, public_url=SITE, secret="s" * 40,
        accounts={"enabled": True}, voice=VoiceSettings(keys=(SecretStr(new_key("one")),)),
    )  # fmt: skip
    monkeypatch.setattr(voice, "settings", lambda: made)
    voice._known.clear()
    voice._named.clear()
    save_centres(open_engine(made), [Centre("baku-1", "AZE", "Bakı 1", date(2020, 1, 1), form=True)])
    return made


@pytest.fixture
def inbox(place: Settings) -> Engine:
    """With one report and two opinions of Azerbaijan, and one opinion of Uganda."""
    database, now = open_engine(place), datetime.now(UTC)
    said = {"r": REPORT, "o": "slow queue", "p": "rude clerk"}
    for letter, words in said.items():
        take(database, keys(place), "AZE", [Intake(letter * 32, "baku-1", now.date(), text=words, language="en")], now)
    take(database, keys(place), "UGA", [Intake("u" * 32, "hoima", now.date(), text="all fine", language="en")], now)
    return database


def keys(place: Settings) -> Keyring:
    return Keyring([key.get_secret_value() for key in place.voice.keys])


@pytest.fixture
def api(place: Settings) -> FastAPI:
    return serving(place)


def account(place: Settings, role: Role, country: str = "AZE") -> Account:
    email = f"{role}-{country.lower()}@office.test"
    rights = Rights(role, *((country, "Office") if role.of_country else ("", "Office")))
    invitation = people.invite(place, email=email, rights=rights)
    people.accept(place, invitation.link.split("token=")[1].split("&")[0], PASSWORD, "Somebody")
    return invitation.account


@pytest.fixture
async def enter(place: Settings, api: FastAPI, with_codes: Callable[[Account], pyotp.TOTP]) -> AsyncIterator[Enter]:
    """Logs somebody of a role in."""
    opened: list[Browser] = []

    async def made(role: Role, country: str = "AZE") -> Browser:
        browser, somebody = Browser(api), account(place, role, country)
        opened.append(browser)
        codes = with_codes(somebody) if role.needs_second_factor else None
        await browser.log_in(somebody.email)
        if codes is not None:
            await browser.post("/account/code", code=codes.now())
        assert (await browser.get("/account/")).status_code == 200
        return browser

    yield made
    for browser in opened:
        await browser.client.aclose()


OTHERS = [(role, "AZE") for role in Role if role is not Role.OFFICER] + [(Role.OFFICER, "UGA"), (Role.MODERATOR, "UGA")]


@pytest.mark.parametrize(("role", "country"), OTHERS)
async def test_nobody_but_the_named_officer_reads_a_report(
    inbox: Engine, enter: Enter, role: Role, country: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    browser = await enter(role, country)
    report = "r" * 32
    paths = ("/voice/integrity/", f"/voice/integrity/{report}", "/voice/review/",
             f"/voice/review/{report}/words", "/admin/audit", "/admin/audit.jsonl",
             "/review/", "/contribute/", f"/voice/{report}/", "/api/v1/account")  # fmt: skip
    answers = [await browser.get(path, params={"lang": "en"}) for path in paths]
    token = {"form_token": (await browser.get("/account/")).text.split('name="form_token" value="')[1][:64]}
    moves: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("integrity", "note", {"words": "x"}),
        ("integrity", "back", {}),
        ("review", "decide", {"what": "released"}),
        ("review", "sort", {"kind": "complaint", "theme": "staff"}),
        ("review", "hide", {"w0": "1", "seen": "x"}),
        ("review", "delete", {"sure": "1"}),
    )
    for room, move, fields in moves:
        answer = await browser.client.post(f"/voice/{room}/{report}/{move}", data=token | fields)
        assert answer.status_code in (403, 404), (room, move)
        answers.append(answer)
    if role is not Role.OFFICER:
        assert {one.status_code for one in answers[:2]} == {403}
    assert answers[1].status_code in (403, 404)
    said = "".join(unescape(one.text) for one in answers) + caplog.text
    assert "unusual" not in said
    assert report[:8] not in said.replace(f"/voice/integrity/{report}", "").replace(f"/voice/{report}/", "").replace(
        f"/voice/review/{report}", ""
    )
    assert audit.list_entries(inbox, subject=f"opinion {report}")[0] == []
    assert [one.id for one in store.opinions(inbox, ["AZE"], integrity=True)] == [report]


async def test_without_login_the_way_is_to_the_login(api: FastAPI, inbox: Engine) -> None:
    browser = Browser(api)
    for path in ("/voice/integrity/", f"/voice/integrity/{'r' * 32}", "/voice/review/", "/voice/review/answers"):
        answer = await browser.get(path)
        assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/account/login")
    assert (await browser.client.post(f"/voice/integrity/{'r' * 32}/back", data={})).status_code == 403
    await browser.client.aclose()


async def test_the_officer_reads_notes_and_closes_and_each_reading_is_written_down(
    place: Settings, inbox: Engine, enter: Enter, tmp_path: Path
) -> None:
    officer = await enter(Role.OFFICER)
    home = f"/voice/integrity/{'r' * 32}"
    listed = (await officer.get("/voice/integrity/")).text
    assert ("unusual" in listed, "<bdi>Bakı 1</bdi>" in listed) == (False, True)
    assert "<bdi>Bakı 1</bdi>" in (await officer.get(home)).text, "a centre is known by its name"
    for _ in range(2):
        assert REPORT in unescape((await officer.get(home)).text)
    answer = await officer.post(f"{home}/note", on=home, words=NOTED)
    assert (answer.status_code, "done=noted" in answer.headers["location"]) == (303, True)
    shown = (await officer.get(answer.headers["location"])).text
    assert t("officers.done.noted", "en") in unescape(shown)
    long = await officer.post(f"{home}/note", on=home, words="x" * (reports.LONGEST_NOTE + 1))
    assert long.status_code == 422, "one too many is told, not cut"
    assert NOTED in unescape((await officer.get(home)).text)
    assert (await officer.post(f"{home}/note", on=home, words=" ")).status_code == 422
    closed = await officer.post(f"{home}/note", on=home, words="dealt with", close="1")
    assert "done=closed" in closed.headers["location"]
    assert (await officer.post(f"{home}/note", on=home, words="again", close="1")).status_code == 422
    page = unescape((await officer.get("/voice/integrity/", params={"lang": "en"})).text)
    assert " · closed · Notes: 1" in page
    found, _ = audit.list_entries(inbox, subject=f"opinion {'r' * 32}")
    by = people.find_by_email(place, "integrity_officer-aze@office.test")
    read = [one for one in found if one.action == "voice.report_read"]
    assert {one.actor for one in read} == {by.id}
    assert len(read) >= 3
    assert {one.action for one in found} == {"voice.report_read", "voice.report_noted", "voice.report_closed"}
    assert audit.verify(inbox).broken == 0
    stored = dump(inbox) + "".join(audit.export(inbox))
    assert "unusual" not in stored
    assert NOTED not in stored
    saved, _ = backup.create(place, tmp_path / "backups")
    for name in ("unusual", NOTED):
        assert name.encode() not in _unpacked(saved)


def _unpacked(path: Path) -> bytes:
    """Everything in a backup, opened."""
    import gzip
    import io
    import tarfile

    raw = path.read_bytes()
    found = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    with tarfile.open(fileobj=io.BytesIO(raw), mode="r:*") as archive:
        for member in archive:
            file = archive.extractfile(member)
            if file is not None:
                data = file.read()
                found += gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    return found


async def test_after_ninety_days_the_redacted_words_remain_for_the_officer(inbox: Engine, enter: Enter) -> None:
    officer = await enter(Role.OFFICER)
    assert store.expire(inbox, datetime.now(UTC) + RETENTION + timedelta(days=1)) == 4
    page = unescape((await officer.get(f"/voice/integrity/{'r' * 32}", params={"lang": "en"})).text)
    assert "destroyed after 90 days" in page
    assert "unusual words" in page


async def test_words_that_are_over_are_destroyed_and_not_opened_where_nobody_ran_the_daily_command(
    inbox: Engine, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = await enter(Role.OFFICER)
    over = datetime.now(UTC) + RETENTION + timedelta(minutes=1)
    monkeypatch.setattr("dashboard.interfaces.desk.integrity.reports._now", lambda: over)
    page = unescape((await officer.get(f"/voice/integrity/{'r' * 32}", params={"lang": "en"})).text)
    assert "destroyed after 90 days" in page
    assert "unusual words" in page
    assert store.expire(inbox, over) == 0


async def test_without_the_key_of_a_report_that_is_said(
    inbox: Engine, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer, home = await enter(Role.OFFICER), f"/voice/integrity/{'r' * 32}"
    monkeypatch.setattr("dashboard.interfaces.desk.integrity.reports.keyring", raising(NoKey("no key")))
    page = await officer.get(home, params={"lang": "en"})
    assert (page.status_code, t("officers.errors.key", "en") in unescape(page.text)) == (503, True)


async def test_words_that_were_changed_are_not_shown_and_that_is_said(inbox: Engine, enter: Enter) -> None:
    with writing(inbox) as connection:
        connection.execute(update(VoiceSealed).where(col(VoiceSealed.opinion) == "r" * 32).values(data=b"changed"))
    page = await (await enter(Role.OFFICER)).get(f"/voice/integrity/{'r' * 32}", params={"lang": "en"})
    assert (page.status_code, t("officers.errors.unreadable", "en") in unescape(page.text)) == (500, True)


async def test_a_report_that_is_none_goes_back_without_the_notes(inbox: Engine, enter: Enter) -> None:
    officer, moderator = await enter(Role.OFFICER), await enter(Role.MODERATOR)
    home = f"/voice/integrity/{'r' * 32}"
    await officer.post(f"{home}/note", on=home, words=NOTED)
    assert "done=passed_back" in (await officer.post(f"{home}/back", on=home)).headers["location"]
    assert store.parts(inbox, ["r" * 32]) == {"r" * 32: ["raw"]}
    assert "unusual words" in (await moderator.get("/voice/review/")).text
    assert (await officer.get(home)).status_code == 404


async def test_a_moderator_sorts_releases_and_dismisses_what_their_country_said(inbox: Engine, enter: Enter) -> None:
    moderator = await enter(Role.MODERATOR)
    page = (await moderator.get("/voice/review/")).text
    assert "slow queue" in page
    assert "all fine" not in page
    home = "/voice/review/"
    refused = await moderator.post(f"{home}{'o' * 32}/decide", on=home, what="released")
    assert refused.status_code == 422  # not sorted yet
    assert (await moderator.post(f"{home}{'o' * 32}/sort", on=home, kind="rant", theme="waiting")).status_code == 422
    assert (await moderator.post(f"{home}{'u' * 32}/sort", on=home, kind="praise", theme="staff")).status_code == 404
    assert (await moderator.post(f"{home}{'u' * 32}/decide", on=home, what="dismissed")).status_code == 404
    for id_, move, fields, done in (
        ("o", "sort", {"kind": "complaint", "theme": "waiting"}, "sorted"),
        ("o", "decide", {"what": "released"}, "released"),
        ("p", "decide", {"what": "dismissed"}, "dismissed"),
    ):
        answer = await moderator.post(f"{home}{id_ * 32}/{move}", on=home, **fields)
        assert (answer.status_code, f"done={done}" in answer.headers["location"]) == (303, True)
        shown = unescape((await moderator.get(answer.headers["location"])).text)
        assert t(f"officers.done.{done}", "en") in shown
    assert {id_: one.what for id_, one in store.decisions(inbox, "AZE").items()} == {
        "o" * 32: "released", "p" * 32: "dismissed",
    }  # fmt: skip
    assert "Nothing is waiting." in (await moderator.get(home, params={"lang": "en"})).text
    assert [one.action for one in audit.list_entries(inbox, subject=f"opinion {'o' * 32}")[0]] == ["voice.released"]


async def test_an_opinion_sorted_under_integrity_leaves_the_open_for_the_officer(inbox: Engine, enter: Enter) -> None:
    moderator, officer = await enter(Role.MODERATOR), await enter(Role.OFFICER)
    home = "/voice/review/"
    answer = await moderator.post(f"{home}{'p' * 32}/sort", on=home, kind="complaint", theme="integrity")
    assert "done=passed_on" in answer.headers["location"]
    assert "rude clerk" not in (await moderator.get(home)).text + dump(inbox)
    assert "rude clerk" in (await officer.get(f"/voice/integrity/{'p' * 32}")).text


async def test_what_an_officer_passes_back_is_counted_and_waits_again(inbox: Engine, enter: Enter) -> None:
    moderator, officer = await enter(Role.MODERATOR), await enter(Role.OFFICER)
    home, report = "/voice/review/", f"/voice/integrity/{'p' * 32}"
    await moderator.post(f"{home}{'p' * 32}/sort", on=home, kind="complaint", theme="integrity")
    before = withholding.count_opinions(store.opinions(inbox, ["AZE"]), store.labels(inbox), {})
    await officer.post(f"{report}/back", on=report)
    after = withholding.count_opinions(store.opinions(inbox, ["AZE"]), store.labels(inbox), {})
    assert after.total() == before.total() + 1
    page = unescape((await moderator.get(home, params={"lang": "en"})).text)
    assert "rude clerk" in page.split(f"<h2>{t('officers.review.done', 'en')}</h2>")[0]


def released(inbox: Engine, themes: dict[str, int]) -> None:
    counts = {("baku-1", date(2026, 10, 1), theme): n for theme, n in themes.items()}
    put_in_force(inbox, withholding.withhold("AZE", counts, {}, None, datetime.now(UTC)))


async def test_you_said_we_did_is_published_where_counts_are_and_withdrawn(inbox: Engine, enter: Enter) -> None:
    moderator = await enter(Role.MODERATOR)
    home = "/voice/review/answers"
    given = {
        "theme": "waiting",
        "period": "2026-Q4",
        "language": "en",
        "said": "Queues are long",
        "did": "Two desks more",
    }

    async def send(**change: str) -> httpx.Response:
        return await moderator.post(home, **{**given, **change})

    assert (await send()).status_code == 422  # nothing is published of it
    released(inbox, {"waiting": 30, "staff": 25, "cost": 4, "other": 3})
    assert "done=answered" in (await send()).headers["location"]
    for change in ({"period": "2026"}, {"theme": "integrity"}, {"did": ""}, {"did": "x" * 1001}, {"theme": "cost"}):
        assert (await send(**change)).status_code == 422, change
    shown = views.answered(inbox, "AZE", "en")
    assert [(one["said"], one["did"], one["office"]) for one in shown["answers"]] == [
        ("Queues are long", "Two desks more", "Office")
    ]
    assert "30" in shown["answers"][0]["period"]
    assert "done=answer_withdrawn" in (await send(said="", did="")).headers["location"]
    assert views.answered(inbox, "AZE", "en")["answers"] == []
    subjects = [one.action for one in audit.list_entries(inbox, subject="theme AZE waiting 2026-Q4 en")[0]]
    assert subjects == ["voice.answer_withdrawn", "voice.answered"]


async def test_released_words_are_shown_by_theme_where_the_theme_is_published(inbox: Engine, enter: Enter) -> None:
    moderator, home = await enter(Role.MODERATOR), "/voice/review/"
    await moderator.post(f"{home}{'o' * 32}/sort", on=home, kind="complaint", theme="waiting")
    await moderator.post(f"{home}{'o' * 32}/decide", on=home, what="released")
    assert views.answered(inbox, "AZE", "en")["quotes"] == []
    released(inbox, {"waiting": 30, "staff": 25})
    assert [one["text"] for one in views.answered(inbox, "AZE", "en")["quotes"]] == ["slow queue"]
    assert "baku-1" not in json.dumps(views.answered(inbox, "AZE", "en"))
    await moderator.post(f"{home}{'o' * 32}/decide", on=home, what="withdrawn")
    assert views.answered(inbox, "AZE", "en")["quotes"] == []


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_every_page_is_in_every_language_and_has_no_script(inbox: Engine, enter: Enter, lang: str) -> None:
    moderator, officer = await enter(Role.MODERATOR), await enter(Role.OFFICER)
    for browser, path in (
        (moderator, "/voice/review/"), (moderator, "/voice/review/answers"), (officer, "/voice/integrity/"),
        (officer, f"/voice/integrity/{'r' * 32}"), (moderator, "/voice/integrity/"),
        (moderator, "/voice/review/complaints"),
    ):  # fmt: skip
        page = await browser.get(path, params={"lang": lang})
        assert f'<html lang="{lang}" dir="{LANGUAGES[lang].dir}">' in page.text
        assert "officers." not in page.text
        assert "<script" not in page.text
        assert page.headers["cache-control"] == "no-store"


def no_room(*_: object) -> None:
    raise Unpublished(full=True)


async def test_a_moderator_releases_counts_and_is_shown_the_receipt(
    place: Settings, inbox: Engine, enter: Enter
) -> None:
    month = (datetime.now(UTC).replace(day=1) - timedelta(days=1)).date()
    said = [Intake(f"ten-{at:08}", "baku-1", month, text="slow queue", language="en") for at in range(10)]
    take(inbox, keys(place), "AZE", said, datetime.now(UTC))
    moderator, stranger = await enter(Role.MODERATOR), await enter(Role.OFFICER)
    refused = await stranger.post("/voice/review/release", on="/account/")
    assert (refused.status_code, store.published(inbox, "AZE")) == (403, [])
    first = await moderator.post("/voice/review/release", on="/voice/review/?lang=en")
    assert "32 counts released, 0 of them hidden" in unescape(first.text)
    again = await moderator.post("/voice/review/release", on="/voice/review/?lang=en")
    assert "the 32 counts released before stand" in unescape(again.text)
    shown = {row.theme: row.n for row in store.published(inbox, "AZE") if row.centre == "baku-1" and row.n}
    assert shown == {"not_classified": 10, "total": 10, "origin:form": 10, "origin:total": 10}
    (entry,) = [one for one in audit.list_entries(inbox, subject="opinions AZE")[0] if one.action == "voice.published"]
    assert (entry.office, entry.address) == ("moderator, Office", "192.0.2.10")
    with pytest.MonkeyPatch.context() as full:
        full.setattr("dashboard.interfaces.desk.moderate.opinions.publish", no_room)
        page = await moderator.post("/voice/review/release", on="/voice/review/?lang=en")
        assert (page.status_code, "no room left on the disk" in page.text) == (503, True)
    other = await enter(Role.MODERATOR, "UGA")
    assert "nothing can be released yet" in unescape(
        (await other.post("/voice/review/release", on="/voice/review/?lang=en")).text
    )


async def test_a_moderator_hides_words_and_deletes_them(inbox: Engine, enter: Enter) -> None:
    moderator = await enter(Role.MODERATOR)
    id_ = "o" * 32
    home = f"/voice/review/{id_}/words"
    assert f'href="{home}?lang=en"' in (await moderator.get("/voice/review/", params={"lang": "en"})).text
    page = (await moderator.get(home)).text
    assert [f"<span>{word}</span>" in page for word in ("slow", "queue")] == [True, True]
    seen = page.split('name="seen" value="')[1].split('"')[0]
    assert (await moderator.post(f"/voice/review/{id_}/hide", on=home, seen=seen)).status_code == 422
    assert (await moderator.post(f"/voice/review/{id_}/hide", on=home, seen="0", w0="1")).status_code == 422
    assert store.opinion(inbox, id_).text == "slow queue"  # type: ignore[union-attr]
    hidden = await moderator.post(f"/voice/review/{id_}/hide", on=home, seen=seen, w0="1")
    assert "done=words_hidden" in hidden.headers["location"]
    shown = unescape((await moderator.get(hidden.headers["location"])).text)
    assert "[hidden] queue" in shown
    assert "slow" not in shown
    assert (await moderator.post(f"/voice/review/{id_}/delete", on=home)).status_code == 422
    gone = await moderator.post(f"/voice/review/{id_}/delete", on=home, sure="1")
    assert "done=words_deleted" in gone.headers["location"]
    assert (await moderator.get(home)).status_code == 404
    assert "queue" not in dump(inbox) + "".join(audit.export(inbox))
    assert [one.action for one in audit.list_entries(inbox, subject=f"opinion {id_}")[0]] == [
        "voice.words_deleted",
        "voice.words_hidden",
    ]


async def test_every_word_of_the_longest_opinion_can_be_marked(place: Settings, inbox: Engine, enter: Enter) -> None:
    moderator = await enter(Role.MODERATOR)
    words = " ".join("x" * 2000)
    with writing(inbox) as connection:
        connection.execute(update(VoiceOpinion).where(col(VoiceOpinion.id) == "o" * 32).values(text=words))
    home = f"/voice/review/{'o' * 32}/words"
    seen = (await moderator.get(home)).text.split('name="seen" value="')[1].split('"')[0]
    marks = {f"w{place}": "1" for place in range(1999)}
    done = await moderator.post(f"/voice/review/{'o' * 32}/hide", on=home, seen=seen, **marks)
    assert done.status_code == 303
    assert store.opinion(inbox, "o" * 32).text == "[hidden] x"  # type: ignore[union-attr]


async def test_a_moderator_has_the_classifier_trained_where_something_was_sorted_since(
    place: Settings, inbox: Engine, enter: Enter
) -> None:
    moderator, stranger = await enter(Role.MODERATOR), await enter(Role.OFFICER)
    assert (await stranger.post("/voice/review/train", on="/account/")).status_code == 403
    shown = (await moderator.get("/voice/review/?lang=en")).text
    assert "50 sorted opinions are needed, there are 0" in unescape(shown)
    assert "/voice/review/train" not in shown
    assert (await moderator.post("/voice/review/train", on="/voice/review/?lang=en")).status_code == 422
    themes = ("waiting", "staff", "cost")
    words = {
        f"known-{at:08}": (f"{themes[at % 3]} at {chr(97 + at // 26)}{chr(97 + at % 26)}", themes[at % 3])
        for at in range(60)
    }
    said = [Intake(id_, "baku-1", date(2026, 11, 2), text=text, language="en") for id_, (text, _) in words.items()]
    take(inbox, keys(place), "AZE", said, datetime.now(UTC))
    for id_, (_, theme) in words.items():
        give_label(inbox, Reviewer("one", frozenset({"AZE"})), id_, "complaint", theme, datetime.now(UTC))
    shown = (await moderator.get("/voice/review/?lang=en")).text
    assert "/voice/review/train" in shown
    assert (await moderator.post("/voice/review/train", on="/voice/review/?lang=en")).status_code == 303
    assert store.newest_model(inbox).labels == 60
    shown = unescape((await moderator.get("/voice/review/?lang=en")).text)
    assert "from 60 sorted opinions" in shown
    assert "/voice/review/train" not in shown, "there is nothing new to learn"
