"""Following by mail: asked, confirmed, told once, stopped; whatever opens links, sends at once, or is killed."""

import email.policy
import logging
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

import aiosmtplib
import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import text

from dashboard.accounts import mail
from dashboard.accounts.mail import Undelivered
from dashboard.accounts.model import Impossible
from dashboard.answers.base.context import Context
from dashboard.answers.changes import verdicts
from dashboard.evidence.codebook import load_codebook
from dashboard.evidence.database.engine import open_engine, reading
from dashboard.interfaces.subscriptions import signup, store, sweep
from dashboard.interfaces.subscriptions.digest import MAX_LINES
from dashboard.interfaces.subscriptions.model import FollowedSubject, compute_next_due
from dashboard.settings import Settings
from tests.interfaces.subscriptions.conftest import NOW, READER, SITE, Place, days, link_of, wgi, words_of

FORM = {"channel": "mail", "country": "UGA", "to": READER, "days": "1", "lang": "en"}


def rows(place: Place) -> list[dict[str, object]]:
    with reading(open_engine(place.settings)) as connection:
        return [dict(row) for row in connection.execute(text("SELECT * FROM subscription ORDER BY id")).mappings()]


async def test_from_the_form_to_the_letter_and_out_again(place: Place, browser: httpx.AsyncClient) -> None:
    page = await browser.get("/follow/?country=UGA&lang=en")
    assert page.status_code == 200
    assert "Follow Uganda" in page.text
    assert 'href="/api/v1/changes.atom?country=UGA&amp;lang=en"' in page.text
    assert "<script" not in page.text
    reply = await browser.post("/follow/", data=FORM)
    assert reply.status_code == 200
    assert "set-cookie" not in reply.headers
    assert place.sweep(datetime.now(UTC)) == 1
    (asked,) = place.letters
    assert (asked["To"], asked["Subject"]) == (READER, "Please confirm: Uganda")
    assert "List-Unsubscribe" not in asked, "nothing is to be stopped yet"
    link = f"/follow/confirm/{link_of(asked, 'confirm')}"
    assert place.sweep(datetime.now(UTC)) == 0, "asked once"
    assert "Confirm</button>" in (await browser.get(link)).text
    assert rows(place)[0]["confirmed_at"] is None
    assert "You follow “Uganda” now." in (await browser.post(link)).text
    assert "You follow “Uganda” now." in (await browser.post(link)).text, "again is the same"

    place.publish(wgi("UGA", -0.98, "WGI 2026 edition"), wgi("KEN", -0.6))
    assert place.sweep(datetime.now(UTC)) == 0, "a daily letter comes in the morning"
    morning = compute_next_due(1, datetime.now(UTC))
    assert place.sweep(morning) == 1
    letter = place.letters[-1]
    said = words_of(letter)
    assert letter["Subject"] == "What changed: Uganda"
    assert "Uganda, 2023: −1.05 → −0.98 (Worldwide Governance Indicators · WGI 2025 edition → WGI 2026 edition)" in said
    assert f"{SITE}/en/indicators/wgi_cc/" in said
    assert f"{SITE}/en/countries/UGA/" in said
    assert "Kenya" not in said
    assert place.sweep(morning) == 0
    assert place.sweep(morning + days(1)) == 0, "an empty letter is not sent"

    stop = f"/follow/stop/{link_of(letter, 'stop')}"
    assert letter["List-Unsubscribe"] == f"<{SITE}{stop}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Stop</button>" in (await browser.get(stop)).text
    assert len(rows(place)) == 1
    answers = [
        await browser.post(stop, data={"List-Unsubscribe": "One-Click"}, headers={"Origin": "https://mail.test"}),
        await browser.post(stop, files={"List-Unsubscribe": (None, "One-Click")}),
        await browser.post(f"/follow/stop/{'x' * 24}"),
    ]
    assert [one.status_code for one in answers] == [200, 200, 200]
    assert {re.sub(r"/stop/[\w-]+", "", one.text) for one in answers} == {re.sub(r"/stop/[\w-]+", "", answers[0].text)}
    assert rows(place) == []


async def test_a_scanner_that_opens_every_link_changes_nothing(place: Place, browser: httpx.AsyncClient) -> None:
    place.ask()
    place.sweep()
    place.follow(FollowedSubject(indicators=("wgi_cc",)))
    place.publish(wgi("UGA", -0.98))
    place.sweep(NOW + days(1))
    assert len(place.letters) == 2
    before = rows(place)
    for letter in place.letters:
        found = re.findall(r"https://\S+", words_of(letter)) + re.findall(r"<(https://[^>]+)>", letter.as_string())
        for address in {one.rstrip(".") for one in found if "/follow/" in one}:
            parts = urlsplit(address)
            for method in ("GET", "HEAD", "OPTIONS"):
                await browser.request(method, f"{parts.path}?{parts.query}")
            page = await browser.get(parts.path)
            for further in re.findall(r'(?:href|src)="(/follow/[^"]*)"', page.text):
                await browser.get(further)
    assert rows(place) == before


def test_two_processes_that_send_at_once_send_one_letter(place: Place) -> None:
    place.follow()
    place.publish(wgi("UGA", -0.98))
    began, others = threading.Event(), threading.Event()

    def slow(_: Settings, letter: EmailMessage) -> None:
        began.set()
        others.wait(20)
        place.letters.append(letter)

    morning = NOW + days(1)
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(sweep.sweep, place.settings, morning, slow, place.post)
        assert began.wait(30)
        rest = [pool.submit(sweep.sweep, place.settings, morning, place.send, place.post) for _ in range(3)]
        assert [one.result() for one in rest] == [0, 0, 0]
        others.set()
        assert first.result() == 1
    assert len(place.letters) == 1
    assert place.sweep(morning) == 0


def test_a_letter_cut_short_is_sent_again_as_the_same_letter(place: Place) -> None:
    place.follow()
    place.publish(wgi("UGA", -0.98))
    morning = NOW + days(1)

    def killed(_: Settings, letter: EmailMessage) -> None:
        place.letters.append(letter)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep.sweep(place.settings, morning, killed, place.post)
    place.publish(wgi("UGA", -0.91))  # meanwhile
    assert place.sweep(morning) == 1
    first, again = place.letters
    assert first["Message-ID"] == again["Message-ID"]
    assert words_of(first) == words_of(again)
    assert place.sweep(morning + days(1)) == 1, "what came meanwhile is the next letter"
    assert "−0.98 → −0.91" in words_of(place.letters[-1])
    assert place.letters[-1]["Message-ID"] != first["Message-ID"]


def test_a_mail_server_that_is_away_loses_nothing_and_one_bad_address_holds_up_nobody(place: Place) -> None:
    place.follow()
    place.follow(to="full@office.test")
    place.publish(wgi("UGA", -0.98))
    morning = NOW + days(1)
    tried = []

    def away(_: Settings, letter: EmailMessage) -> None:
        tried.append(letter["To"])
        raise Undelivered("down") from OSError("connection refused")

    assert sweep.sweep(place.settings, morning, away, place.post) == 0
    assert len(tried) == 1, "a server that takes nothing is not asked again for each letter"

    def full(_: Settings, letter: EmailMessage) -> None:
        if str(letter["To"]).startswith("full@"):
            raise Undelivered("full") from aiosmtplib.SMTPRecipientsRefused([])
        place.letters.append(letter)

    assert sweep.sweep(place.settings, morning, full, place.post) == 1
    assert [one["To"] for one in place.letters] == [READER]
    for day in range(1, 40):
        sweep.sweep(place.settings, morning + days(day), full, place.post)
    assert [one["bound_mark"] for one in rows(place)] == [rows(place)[0]["bound_mark"]], "the full one is forgotten"
    assert len(place.letters) == 1


async def test_the_answer_does_not_say_who_follows(place: Place, browser: httpx.AsyncClient) -> None:
    place.follow(now=datetime.now(UTC))
    known = await browser.post("/follow/", data=FORM)
    new = await browser.post("/follow/", data=FORM | {"to": "new@office.test"})
    for _ in range(4):
        often = await browser.post("/follow/", data=FORM | {"to": "new@office.test"})
    assert known.text == new.text == often.text
    assert place.sweep(datetime.now(UTC)) == 1 + signup.MAX_REQUESTS, (
        "one address gets three such letters, whoever asks for them"
    )


def test_a_new_wish_takes_the_place_of_the_one_before_when_it_is_confirmed(place: Place) -> None:
    place.follow(days=1)
    place.ask(days=30)
    assert len(rows(place)) == 2
    place.sweep()
    signup.confirm(place.settings, link_of(place.letters.pop(), "confirm"), NOW)
    assert [one["days"] for one in rows(place)] == [30]
    place.follow(FollowedSubject(countries=("KEN",)))
    assert [one["countries"] for one in rows(place)] == ["UGA", "KEN"]


async def test_forms_are_bounded_and_come_from_our_own_page(place: Place, browser: httpx.AsyncClient) -> None:
    async def status(headers: dict[str, str] | None = None, **changes: str) -> int:
        return (await browser.post("/follow/", data=FORM | changes, headers=headers)).status_code

    assert await status({"Origin": "https://evil.test"}) == 403
    assert await status({"Origin": "null"}) == 403
    assert await status({"Sec-Fetch-Site": "cross-site"}) == 403
    assert await status(website="http://spam.test") == 200, "a form of a machine is thanked for and forgotten"
    assert rows(place) == []
    assert await status({"Origin": SITE}) == 200
    assert await status(to="nobody") == 422
    assert await status(to=f"{'a' * 300}@office.test") == 422
    assert await status(to="a@office.test\r\nBcc: all@office.test") == 422
    assert await status(country="XXX") == 404
    assert await status(country="") == 422
    assert await status(country=",".join(["UGA"] * 13)) == 404
    assert await status(padding="x" * 20_000) == 422, "nothing of a form that is too long is read"
    assert [await status(to=f"a{at}@office.test") for at in range(9)].count(429) == 3
    assert len(rows(place)) == 7


def test_those_that_wait_are_bounded_and_forgotten_in_time(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signup, "MAX_WAITING", 2)
    place.ask(to="a@office.test")
    place.ask(to="b@office.test")
    for later in (timedelta(0), signup.WAITING_WINDOW - timedelta(seconds=1)):
        with pytest.raises(signup.TooManyWait):
            place.ask(to="c@office.test", now=NOW + later)
    place.ask(
        to="d@office.test", now=NOW + signup.WAITING_WINDOW
    )  # who filled it keeps nobody out for longer than that
    with reading(open_engine(place.settings)) as connection:
        assert store.count_waiting(connection, NOW) == 3
    monkeypatch.setattr(signup, "MAX_WAITING", 10)
    place.sweep()
    link = link_of(place.letters[0], "confirm")
    over = NOW + signup.CONFIRMATION_PERIOD
    assert signup.find_request(place.settings, link, over - days(0.001)) is not None
    assert signup.find_request(place.settings, link, over) is None
    assert signup.confirm(place.settings, link, over) is None
    place.sweep(over + signup.WAITING_WINDOW)
    assert rows(place) == []
    assert len(place.letters) == 2


def test_an_address_stands_nowhere_in_the_clear(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    place.follow()
    place.publish(wgi("UGA", -0.98))

    def refused(settings: Settings, letter: EmailMessage) -> None:
        mail.send(settings, letter)

    bad = place.settings.model_copy(
        update={"mail": place.settings.mail.model_copy(update={"host": "127.0.0.1", "port": 9})}
    )
    sweep.sweep(bad, NOW + days(1), refused, place.post)
    assert "was not taken" in caplog.text
    dumped = repr(rows(place))
    path = place.settings.sqlite_path
    raw = b"".join(one.read_bytes() for one in path.parent.iterdir()) if path else b""
    for part in (READER, "reader", "office.test"):
        assert part not in caplog.text
        assert part not in dumped
        assert part.encode() not in raw
    assert mail.read_failure(bad) is not None
    assert READER not in str(mail.read_failure(bad))


def test_a_refused_recipient_is_not_named_in_the_log(
    place: Place, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused(*_: object, **__: object) -> None:
        raise aiosmtplib.SMTPRecipientsRefused([aiosmtplib.SMTPRecipientRefused(550, "no such user", READER)])

    monkeypatch.setattr(aiosmtplib, "send", refused)
    with pytest.raises(Undelivered) as error:
        mail.send(place.settings, mail.compose_message(place.settings, READER, "x", "y"))
    assert mail.is_message_refused(error.value)
    assert READER not in caplog.text + str(error.value)


@pytest.mark.parametrize(("code", "concerned"), [(552, True), (550, False), (451, False)])
def test_a_letter_too_large_for_the_server_holds_up_no_other(place: Place, code: int, concerned: bool) -> None:
    """With its brief: the server says so of the sender's line already."""
    place.follow(to="large@office.test", now=NOW)
    place.follow(now=NOW)
    place.publish(wgi("UGA", -0.98))

    def refuse(_: Settings, letter: EmailMessage) -> None:
        if str(letter["To"]).startswith("large@"):
            raise Undelivered("no") from aiosmtplib.SMTPSenderRefused(code, "message size exceeds limit", "x@y.test")
        place.letters.append(letter)

    assert sweep.sweep(place.settings, NOW + days(1), refuse, place.post) == int(concerned)


def test_another_secret_encrypts_anew_and_links_still_work(place: Place) -> None:
    place.follow()
    place.publish(wgi("UGA", -0.98))
    place.sweep(NOW + days(1))
    stop = link_of(place.letters[-1], "stop")
    sealed, mark = rows(place)[0]["sealed"], rows(place)[0]["address_mark"]
    after = place.settings.model_copy(update={"secret": SecretStr("n" * 40), "former_secrets": (SecretStr("s" * 40),)})
    assert (sweep.rotate_secret(after), sweep.rotate_secret(after)) == ((1, 0), (0, 0))
    assert rows(place)[0]["sealed"] != sealed
    assert rows(place)[0]["address_mark"] != mark
    alone = after.model_copy(update={"former_secrets": ()})
    with reading(open_engine(alone)) as connection:
        one = store.find_to_stop(connection, str(rows(place)[0]["stop_hash"]))
    assert one.open(alone).to == READER
    assert sweep.rotate_secret(place.settings.model_copy(update={"secret": SecretStr("x" * 40)})) == (0, 1)
    signup.stop(alone, stop)
    assert rows(place) == []


def test_headers_are_sent_in_one_piece(place: Place) -> None:
    place.follow(to=f"{'r' * 60}@{'office' * 9}.test")
    place.publish(wgi("UGA", -0.98))
    place.sweep(NOW + days(1))
    letter = place.letters[-1]
    wire = letter.as_bytes(policy=email.policy.SMTP)
    read = message_from_bytes(wire, policy=email.policy.default)
    for name in ("List-Unsubscribe", "List-Unsubscribe-Post", "Message-ID"):
        assert read[name] == letter[name]
    assert b"=?utf-8" not in wire.partition(b"\r\n\r\n")[0]


def test_a_letter_names_many_figures_and_says_how_many_more(place: Place) -> None:
    place.follow(FollowedSubject(indicators=("wgi_cc",)))
    countries = sorted(load_codebook().countries)[: MAX_LINES + 3]
    place.publish(*(wgi(one, 0.11) for one in countries if one not in ("UGA", "KEN")))
    place.sweep(NOW + days(1))
    said = words_of(place.letters[-1])
    assert said.count("\n- ") == MAX_LINES
    hidden = len([one for one in countries if one not in ("UGA", "KEN")]) - MAX_LINES
    assert f"{hidden} more figure" in said


def test_the_brief_comes_with_the_letter_where_it_is_wished(place: Place) -> None:
    place.follow(brief=True)
    place.publish(wgi("UGA", -0.98))
    place.sweep(NOW + days(1))
    (attached,) = place.letters[-1].iter_attachments()
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_content().startswith(b"%PDF-")
    assert str(attached.get_filename()).startswith("country_UGA_en_")


@pytest.mark.parametrize("lang", ["fr", "ar", "az"])
def test_letters_speak_the_language_they_were_asked_in(place: Place, lang: str) -> None:
    place.ask(lang=lang)
    place.sweep()
    signup.confirm(place.settings, link_of(place.letters[0], "confirm"), NOW)
    place.publish(wgi("UGA", -0.98))
    place.sweep(NOW + days(1))
    for letter in place.letters:
        assert "follow." not in words_of(letter)
        assert "{" not in words_of(letter)
    assert f"{SITE}/{lang}/countries/UGA/" in words_of(place.letters[1])


def test_when_letters_are_due() -> None:
    wednesday = datetime(2026, 3, 4, 9, tzinfo=UTC)
    assert compute_next_due(1, wednesday) == datetime(2026, 3, 5, 6, tzinfo=UTC)
    assert compute_next_due(7, wednesday) == datetime(2026, 3, 9, 6, tzinfo=UTC)
    assert compute_next_due(7, datetime(2026, 3, 9, 6, tzinfo=UTC)) == datetime(2026, 3, 16, 6, tzinfo=UTC)
    assert compute_next_due(30, wednesday) == datetime(2026, 4, 1, 6, tzinfo=UTC)
    assert compute_next_due(30, datetime(2026, 4, 1, 6, tzinfo=UTC)) == datetime(2026, 5, 1, 6, tzinfo=UTC)
    assert compute_next_due(0, wednesday) == wednesday


def test_without_a_secret_or_a_mail_server_nothing_is_kept(place: Place) -> None:
    bare = place.settings.model_copy(update={"secret": SecretStr("short")})
    assert sweep.sweep(bare, NOW, place.send, place.post) == 0
    with pytest.raises(Impossible):
        place.ask(to="no address")


async def test_the_page_says_what_works_without_mail(place: Place, browser: httpx.AsyncClient) -> None:
    full = place.settings
    place.settings = full.model_copy(update={"mail": full.mail.model_copy(update={"host": ""})})
    page = (await browser.get("/follow/?country=UGA")).text
    assert "This installation sends no mail. The feed, the calendar and a webhook work without it." in page
    assert 'type="email"' not in page
    assert 'type="url"' in page
    assert (await browser.post("/follow/", data=FORM)).status_code == 404
    place.settings = place.settings.model_copy(update={"secret": None})
    page = (await browser.get("/follow/?country=UGA")).text
    assert "This installation sends no mail. The feed and the calendar work without it." in page
    assert 'method="post"' not in page
    assert "changes.atom" in page
    assert "calendar.ics" in page


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("indicator=wgi_cc", "Follow Control of corruption"),
        ("indicator=wgi_cc&country=UGA,KEN", "Uganda, Kenya"),
        ("claim=S-16", "Follow S-16"),
        ("", "What do you want to follow?"),
    ],
)
@pytest.mark.parametrize("lang", ["en", "fr", "ar", "az"])
async def test_what_can_be_followed(browser: httpx.AsyncClient, query: str, title: str, lang: str) -> None:
    page = await browser.get(f"/follow/?{query}&lang={lang}")
    assert page.status_code == 200
    assert f'<html lang="{lang}" dir="{"rtl" if lang == "ar" else "ltr"}">' in page.text
    if lang == "en":
        assert title in page.text


def test_a_view_is_told_of_its_countries_and_indicators_alone(place: Place) -> None:
    place.follow(FollowedSubject(("UGA", "TZA"), ("wgi_cc",)))
    place.publish(wgi("UGA", -0.98), wgi("KEN", 0.5), wgi("TZA", -0.4))
    place.sweep(NOW + days(1))
    said = words_of(place.letters[-1])
    assert "Uganda" in said
    assert "Tanzania" in said
    assert "Kenya" not in said
    assert f"{SITE}/en/compare/?country=UGA,TZA&indicator=wgi_cc" in said


def test_a_claim_is_told_when_its_answer_changes(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.follow(FollowedSubject(claim="S-14"))
    place.publish(wgi("UGA", -0.98))
    assert place.sweep(NOW + days(1)) == 0

    def changed(*_: object) -> list[dict[str, str]]:
        line = {"kind": "claim", "country": "", "period": "", "before": "no", "after": "partly", "note": ""}
        return [line | {"name": f"{one}: said", "to": f"/en/statement/{one}/"} for one in ("S-14", "S-16")]

    monkeypatch.setattr(verdicts, "list_changed_claims", changed)
    place.publish(wgi("UGA", -0.9))
    assert place.sweep(NOW + days(2)) == 1
    said = words_of(place.letters[-1])
    assert "no → partly" in said
    assert "S-16" not in said
    assert f"{SITE}/en/statement/S-14/" in said


def test_what_left_the_codebook_is_left_out_and_the_others_are_told(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its brief could not be made any more, so nothing was told, and the log said so every quarter of a minute."""
    place.follow(FollowedSubject(("UGA", "KEN"), ("wgi_cc", "wgi_ge")), brief=True)
    place.follow(FollowedSubject(indicators=("wgi_ge",)), to="other@office.test")
    place.publish(wgi("UGA", -0.98))
    whole = sweep.open_context

    def without(*given: Any, **named: Any) -> Context:
        ctx = whole(*given, **named)
        metrics = {name: one for name, one in ctx.book.metrics.items() if name != "wgi_ge"}
        return replace(ctx, book=replace(ctx.book, metrics=metrics))

    monkeypatch.setattr(sweep, "open_context", without)
    assert [place.sweep(NOW + days(1)) for _ in range(2)] == [1, 0]
    assert "wgi_ge" not in words_of(place.letters[-1])
    (attached,) = place.letters[-1].iter_attachments()
    assert str(attached.get_filename()).startswith("brief_UGA-KEN_en_")


def test_the_brief_of_a_view_is_its_own(place: Place) -> None:
    place.follow(FollowedSubject(("UGA", "KEN"), ("wgi_cc",)), brief=True)
    place.publish(wgi("UGA", -0.98))
    place.sweep(NOW + days(1))
    (attached,) = place.letters[-1].iter_attachments()
    assert str(attached.get_filename()).startswith("brief_UGA-KEN_en_")
    assert attached.get_content().startswith(b"%PDF-")


def test_one_that_looked_before_another_had_sent_looks_again(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.follow()
    place.publish(wgi("UGA", -0.98))
    morning = NOW + days(1)
    with reading(open_engine(place.settings)) as connection:
        due = store.list_due(connection, morning)
    assert place.sweep(morning) == 1
    place.publish(wgi("UGA", -0.9))
    monkeypatch.setattr(store, "list_due", lambda *_: due)
    assert place.sweep(morning) == 0, "what was due is done"
    assert len(place.letters) == 1
