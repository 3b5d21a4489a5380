"""The public form as a telephone without script meets it."""

import asyncio
import re
import threading
import time
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from html import unescape
from types import SimpleNamespace
from urllib.parse import urlencode

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, text

from dashboard.accounts import store as accounts
from dashboard.contributions.delivery.model import Centre
from dashboard.contributions.delivery.store import save_centres
from dashboard.contributions.voice import store
from dashboard.contributions.voice.form.words import languages, texts
from dashboard.contributions.voice.inbox import new_key
from dashboard.evidence.database.engine import writing
from dashboard.interfaces.desk.centre_form import form as voice
from dashboard.interfaces.desk.centre_form.poster import FONTS, WITHOUT_LETTERS
from dashboard.interfaces.desk.site import api
from dashboard.interfaces.protection import requests as protection
from dashboard.settings import AccountSettings, Settings, VoiceSettings
from tests.checks import all_of
from tests.given import raising

KEY = new_key("one")


@pytest.fixture
async def visitor(
    inbox: Engine, monitor_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx.AsyncClient]:
    asked = VoiceSettings(keys=(SecretStr(KEY),), per_minute=20)
    changed = monitor_settings.model_copy(update={"voice": asked, "accounts": AccountSettings(enabled=True)})
    name(inbox, "moderator", "AZE", "UGA", "MAR")
    name(inbox, "integrity_officer", "AZE", "UGA")
    monkeypatch.setattr(voice, "settings", lambda: changed)
    monkeypatch.setattr(protection, "settings", lambda: voice.settings())
    voice._limiter.storage.reset()
    voice._known.clear()
    voice._named.clear()
    transport = httpx.ASGITransport(app=api, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


def name(inbox: Engine, role: str, *countries: str) -> None:
    """Somebody of this role in each country."""
    with writing(inbox) as connection:
        for country in countries:
            email = f"{role}-{country.lower()}@office.test"
            accounts.add_account(
                connection, email=email, role=role, country=country, state="active", created_at=datetime.now(UTC)
            )


def hidden(page: str) -> dict[str, str]:
    """What a browser would send of the form's hidden fields."""
    return {name: unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)}


@pytest.mark.parametrize("language", ["az", "ru", "en"])
async def test_three_taps_and_thanks(visitor: httpx.AsyncClient, inbox: Engine, language: str) -> None:
    first = await visitor.get("/voice/baku-1/", params={"lang": language})
    second = await visitor.get(unescape(re.findall(r'class="big" href="([^"]+)"', first.text)[0]))
    reply = await visitor.post("/voice/baku-1/", data={**hidden(second.text), "rating": "3", "timeliness": "1"})
    assert (reply.status_code, reply.headers["location"]) == (303, f"/voice/baku-1/thanks/?lang={language}")
    thanks = await visitor.get(reply.headers["location"])
    assert texts(language)["thanks_text"] in unescape(thanks.text)
    (kept,) = store.opinions(inbox, ["AZE"])
    assert (kept.service, kept.rating, kept.attributes, kept.channel) == ("passport", 3, {"timeliness": True}, "form")
    for page in (first, second, thanks):
        assert page.status_code == 200
        assert page.text.count("<script") == 1, "the one the policy names: words wait on the telephone"
        assert "set-cookie" not in page.headers
        assert page.headers["content-security-policy"].startswith("default-src 'none'")
        assert f'<html lang="{language}" dir="ltr">' in page.text


async def test_arabic_reads_from_the_right_where_the_country_reads_it(
    visitor: httpx.AsyncClient, inbox: Engine
) -> None:
    save_centres(inbox, [Centre("fes-1", "MAR", "فاس", date(2024, 1, 1), form=True)])
    page = await visitor.get("/voice/fes-1/", headers={"Accept-Language": "ar-MA,ar;q=0.9"})
    assert '<html lang="ar" dir="rtl">' in page.text
    reply = await visitor.post("/voice/fes-1/", data={**hidden(page.text), "rating": "1", "text": "الطابور طويل جدا"})
    assert reply.status_code == 303
    (kept,) = store.opinions(inbox, ["MAR"])
    assert (kept.language, kept.listed_theme) == ("ar", "waiting")


async def test_the_same_form_sent_twice_counts_once(visitor: httpx.AsyncClient, inbox: Engine) -> None:
    data = {**hidden((await visitor.get("/voice/hoima/")).text), "rating": "2"}
    assert {(await visitor.post("/voice/hoima/", data=data)).status_code for _ in range(3)} == {303}
    assert len(store.opinions(inbox, ["UGA"])) == 1


@pytest.mark.parametrize(
    ("change", "status", "key"),
    [
        ({"rating": ""}, 422, "error_empty"),
        ({"rating": "9"}, 422, "error_form"),
        ({"text": "z" * 4001}, 422, "error_too_long"),
        ({"text": "z" * 1_000_000}, 413, "error_too_long"),
        ({"day": "2031-01-01"}, 422, "error_clock"),
        ({"day": "2020-01-01"}, 422, "error_clock"),
        ({"id": "x"}, 422, "error_form"),
    ],
)
async def test_trouble_is_said_and_nothing_typed_is_lost(
    visitor: httpx.AsyncClient, inbox: Engine, change: dict[str, str], status: int, key: str
) -> None:
    page = await visitor.get("/voice/baku-1/?service=passport")
    yesterday = (datetime.now(UTC).date() - timedelta(days=1)).isoformat()
    typed = {**hidden(page.text), "rating": "2", "text": "<b>queue</b>", "lang": "en", "day": yesterday} | change
    if key == "error_empty":
        typed["text"] = ""
    reply = await visitor.post("/voice/baku-1/", data=typed, headers={"Accept-Language": "en"})
    assert reply.status_code == status
    assert texts("en")[key] in unescape(reply.text)
    if "text" not in change and key != "error_empty":
        assert "&lt;b&gt;queue&lt;/b&gt;</textarea>" in reply.text
    assert "<b>queue" not in reply.text
    assert 'name="integrity"' in reply.text
    again = hidden(reply.text)
    if status != 413:  # of a form that is too long nothing is read
        assert "Pasport" in reply.text
        assert (again["id"], again["service"]) == (typed["id"], "passport"), "sent again it counts once"
        assert (again["day"] == yesterday) == (key != "error_clock"), "a form that lay too long gets today's date"
    assert store.opinions(inbox, ["AZE"]) == []


async def test_a_thousand_posts_from_one_address_stop_at_the_limit(
    visitor: httpx.AsyncClient, inbox: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    statuses = []
    for at in range(1000):
        data = {"id": f"{at:032d}", "day": "", "rating": "1", "text": "spam spam"}
        reply = await visitor.post("/voice/hoima/", data=data)
        statuses.append(reply.status_code)
    assert (statuses.count(303), statuses.count(429)) == (20, 980)
    assert "Retry-After" in reply.headers
    assert texts("en")["error_limit"] in unescape(reply.text)
    assert "spam spam</textarea>" in reply.text
    assert len(store.opinions(inbox, ["UGA"])) == 20
    said = {"data": {"id": "o" * 32, "rating": "1"}, "headers": {"X-Forwarded-For": "203.0.113.9"}}
    assert (await visitor.post("/voice/hoima/", **said)).status_code == 429  # nobody is believed unless set so
    behind = voice.settings().model_copy(update={"proxies": 1})
    monkeypatch.setattr(voice, "settings", lambda: behind)
    assert (await visitor.post("/voice/hoima/", **said)).status_code == 303


async def test_an_hour_has_its_own_limit(visitor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = VoiceSettings(keys=(SecretStr(KEY),), per_minute=20, per_hour=2)
    limited = voice.settings().model_copy(update={"voice": asked})
    monkeypatch.setattr(voice, "settings", lambda: limited)
    said = [await visitor.post("/voice/hoima/", data={"id": f"{at:032d}", "rating": "1"}) for at in range(3)]
    assert [one.status_code for one in said] == [303, 303, 429]


async def test_a_form_is_read_up_to_its_bound_and_no_further(visitor: httpx.AsyncClient, inbox: Engine) -> None:
    """Words of any script would be cut, or a body without end fill the memory."""
    for more, status in ((0, 303), (1, 413)):
        said = urlencode({"id": "o" * 32, "rating": "1", "access": "0", "process": "1", "timeliness": "", "more": ""})
        body = said + "x" * (voice.LARGEST - len(said) + more)
        assert (await visitor.post("/voice/hoima/", content=body)).status_code == status
    (kept,) = store.opinions(inbox, ["UGA"])
    assert kept.attributes == {"access": False, "process": True}


@pytest.mark.parametrize(
    ("asked", "header", "language"),
    [
        ("az", "ru", "az"), ("", "fr, ru-RU;q=0.8, en;q=0.5", "fr"), ("", "", "az"), ("fr", "ru", "fr"),
        ("xx", "en-GB", "en"), ("", "x;q=1", "az"), ("", "de, ru;q=0.2, en;q=0.9", "en"), ("", "ru;q=0, *;q=0.1", "az"),
        ("", "sr-Latn-ME", "cnr"), ("", "ru;q=bad", "az"),
    ],
)  # fmt: skip
async def test_the_form_speaks_what_the_reader_asks_for_or_the_first_of_the_country(
    visitor: httpx.AsyncClient, asked: str, header: str, language: str
) -> None:
    page = await visitor.get("/voice/baku-1/", params={"lang": asked}, headers={"Accept-Language": header})
    assert f'<html lang="{language}"' in page.text


async def test_a_centre_that_closes_is_closed_within_seconds(
    visitor: httpx.AsyncClient, inbox: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every form would ask the database for its centre, or a closed centre take opinions on."""
    today, clock = datetime.now(UTC).date(), time.monotonic()
    monkeypatch.setattr(voice.time, "monotonic", lambda: clock)

    async def open_(closed: date | None, form: bool = True) -> tuple[int, str]:
        save_centres(inbox, [Centre("hoima", "UGA", "Hoima", date(2023, 7, 1), closed=closed, form=form)])
        reply = await visitor.get("/voice/hoima/?lang=en")
        return reply.status_code, unescape(reply.text)

    assert (await open_(None))[0] == 200
    assert (await open_(today - timedelta(days=1)))[0] == 200, "known for a moment"
    clock += 9.5
    assert (await open_(today - timedelta(days=1)))[0] == 200
    clock += 0.5
    assert (await open_(today - timedelta(days=1)))[0] == 404, "known for ten seconds and no longer"
    for closed, form, status in (
        (today - timedelta(days=1), True, 404), (today, True, 200), (None, False, 404), (None, True, 200),
    ):  # fmt: skip
        clock += 10
        found, said = await open_(closed, form)
        assert (found, texts("en")["error_closed"] in said) == (status, status == 404)
    with inbox.begin() as connection:
        connection.execute(text("UPDATE account SET state = 'revoked' WHERE country = 'UGA'"))
    assert (await visitor.get("/voice/hoima/")).status_code == 200
    clock += 10
    assert (await visitor.get("/voice/hoima/")).status_code == 404, "nobody reads what is said there"


async def test_without_accounts_nobody_reads_and_no_form_is_shown(
    visitor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = voice.settings().model_copy(update={"accounts": AccountSettings()})
    monkeypatch.setattr(voice, "settings", lambda: without)
    reply = await visitor.get("/voice/hoima/?lang=en")
    assert (reply.status_code, texts("en")["error_no_reviewer"] in unescape(reply.text)) == (404, True)


async def test_a_visitor_who_goes_away_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on, written = threading.Event(), threading.Event(), []

    def take(_record: object, _keys: object, _country: str, given: list[str], _now: datetime) -> None:
        begun.set()
        go_on.wait(5)
        written.extend(given)

    monkeypatch.setattr(voice, "take", take)
    monkeypatch.setattr(voice, "keyring", lambda _settings: None)
    monkeypatch.setattr(voice.complaints, "give_numbers", lambda *_: {})
    one = partial(SimpleNamespace, kind="opinion", text="")
    gone = asyncio.create_task(voice.keep_words("XAA", one(id="first")))
    await asyncio.to_thread(begun.wait, 5)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    go_on.set()
    assert await asyncio.wait_for(voice.keep_words("XAA", one(id="second")), 5) == ""
    assert [it.id for it in written] == ["first", "second"]


async def test_a_programme_that_fills_the_hidden_field_is_thanked_and_not_kept(
    visitor: httpx.AsyncClient, inbox: Engine
) -> None:
    reply = await visitor.post("/voice/hoima/", data={"id": "o" * 32, "rating": "4", "website": "http://x.example"})
    assert reply.status_code == 303
    assert store.opinions(inbox, ["UGA"]) == []


async def test_a_body_that_is_no_form_is_answered_in_words(visitor: httpx.AsyncClient) -> None:
    for body in (b"\xff\xfe\x00", b"{}", b"", b"&".join(b"a=1" for _ in range(500))):
        reply = await visitor.post("/voice/hoima/", content=body)
        assert reply.status_code == 422
        assert "Traceback" not in reply.text


async def test_unknown_and_closed_centres_say_so(
    visitor: httpx.AsyncClient, inbox: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for address in ("/voice/nowhere/", "/voice/nowhere/thanks/", "/voice/nowhere/poster.pdf"):
        reply = await visitor.get(address)
        assert reply.status_code == 404
        assert texts("en")["error_unknown"] in unescape(reply.text)
    with inbox.begin() as connection:
        connection.execute(text("UPDATE account SET state = 'revoked' WHERE country = 'UGA'"))
    voice._named.clear()
    for reply in (
        await visitor.get("/voice/hoima/"),
        await visitor.post("/voice/hoima/", data={"rating": "1"}),
        await visitor.get("/voice/hoima/poster.pdf"),
    ):
        assert (reply.status_code, texts("en")["error_no_reviewer"] in unescape(reply.text)) == (404, True)
    assert (await visitor.get("/voice/baku-1/")).status_code == 200
    without_keys = voice.settings().model_copy(update={"voice": VoiceSettings()})
    monkeypatch.setattr(voice, "settings", lambda: without_keys)
    for address in ("/voice/hoima/", "/voice/hoima/poster.pdf"):
        reply = await visitor.get(address)
        assert (reply.status_code, texts("en")["error_closed"] in unescape(reply.text)) == (404, True)


async def test_a_database_that_is_down_loses_nothing_typed(
    visitor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(voice, "take", raising(OSError("disk")))
    reply = await visitor.post("/voice/hoima/", data={"id": "o" * 32, "rating": "4", "text": "my secret words"})
    assert reply.status_code == 503
    assert "my secret words</textarea>" in reply.text
    assert "secret" not in caplog.text
    broken = voice.settings().model_copy(update={"voice": VoiceSettings(keys=(SecretStr("no key"),))})
    monkeypatch.setattr(voice, "settings", lambda: broken)
    reply = await visitor.post("/voice/hoima/", data={"id": "o" * 32, "rating": "4", "text": "my secret words"})
    assert (reply.status_code, reply.headers["retry-after"]) == (503, "60")
    assert "my secret words</textarea>" in reply.text


async def test_the_poster_is_a_pdf_whose_code_opens_the_form(visitor: httpx.AsyncClient) -> None:
    reply = await visitor.get("/voice/baku-1/poster.pdf")
    assert reply.headers["content-type"] == "application/pdf"
    assert reply.content.startswith(b"%PDF")
    assert reply.headers["content-disposition"] == 'inline; filename="voice-baku-1.pdf"'


SPOKEN = {
    "AZE": "az", "TUR": "tr", "KAZ": "kk", "KGZ": "ky", "UZB": "uz", "IDN": "id", "ETH": "am", "AFG": "fa", "PAK": "ur",
    "SOM": "so", "RWA": "rw", "ROU": "ro", "MNE": "cnr", "COL": "es", "SEN": "fr", "MAR": "ar", "ARE": "ar",
    "UGA": "en",
}  # fmt: skip
"""The language the form has in a country where nothing is asked for."""


@pytest.mark.parametrize("country", SPOKEN)
async def test_the_form_and_the_poster_speak_the_language_of_the_place(
    visitor: httpx.AsyncClient, inbox: Engine, country: str
) -> None:
    name(inbox, "moderator", *({country} - {"AZE", "UGA", "MAR"}))
    save_centres(inbox, [Centre("here-1", country, "Here", date(2020, 1, 1), form=True)])
    page = await visitor.get("/voice/here-1/", headers={"Accept-Language": ""})
    language = SPOKEN[country]
    turned = "rtl" if language in ("ar", "fa", "ps", "ur") else "ltr"
    assert f'<html lang="{language}" dir="{turned}">' in page.text
    assert texts(language)["review"] in unescape(page.text)
    asked = await visitor.get("/voice/here-1/", headers={"Accept-Language": "fr-FR,fr;q=0.9,en;q=0.8"})
    assert '<html lang="fr" dir="ltr">' in asked.text, "the browser's choice, whatever the country"
    assert (await visitor.get("/voice/here-1/poster.pdf")).content.startswith(b"%PDF")


def test_the_poster_has_the_letters_of_every_language_it_sets() -> None:
    from fontTools.ttLib import TTFont

    letters = set(TTFont(FONTS / "MonitorSans-Regular.ttf").getBestCmap())
    missing = {
        code for code in languages()
        if any(ord(sign) not in letters for key in ("title", "poster_text") for sign in texts(code)[key])
    }  # fmt: skip
    assert missing == set(WITHOUT_LETTERS)


def test_every_language_has_every_word() -> None:
    keys = set(texts("en"))
    assert len(keys - {"name", "dir", "review"}) <= 60, "what a visitor may have to read"
    assert set(SPOKEN.values()) | {"ru", "ps"} == set(languages())
    for language in languages():
        assert set(texts(language)) == keys
        assert all_of(text.strip() for text in texts(language).values())


async def test_an_integrity_report_by_form_leaves_no_trace_outside_the_officers_box(
    visitor: httpx.AsyncClient, inbox: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    from tests.contributions.voice.test_intake import dump

    body = urlencode({"id": "i" * 32, "rating": "1", "text": "quietly unusual words", "integrity": "1"})
    caplog.set_level("DEBUG")
    assert (await visitor.post("/voice/hoima/", content=body)).status_code == 303
    assert "unusual" not in dump(inbox) + caplog.text
    assert store.opinions(inbox, ["UGA"]) == []


async def test_without_a_named_officer_no_report_is_taken_and_that_is_said(
    visitor: httpx.AsyncClient, inbox: Engine
) -> None:
    save_centres(inbox, [Centre("fes-1", "MAR", "Fès", date(2024, 1, 1), form=True)])
    page = await visitor.get("/voice/fes-1/", params={"lang": "fr"})
    assert texts("fr")["integrity_closed"] in unescape(page.text)
    assert 'name="integrity"' not in page.text
    for more in ({"text": "rien", "integrity": "1"}, {"text": "on m'a demandé un pot-de-vin"}):
        reply = await visitor.post("/voice/fes-1/", data={**hidden(page.text), "rating": "1", **more})
        assert (reply.status_code, texts("fr")["error_no_officer"] in unescape(reply.text)) == (422, True)
        assert more["text"] in unescape(reply.text)
    assert store.opinions(inbox, ["MAR"], integrity=True) == store.opinions(inbox, ["MAR"]) == []
