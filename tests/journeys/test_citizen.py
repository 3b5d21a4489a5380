"""A citizen with a telephone, 360 pixels wide and without script: from the QR code by three taps to thanks."""

import os
import re
import signal
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from dashboard.accounts import store as accounts
from dashboard.contributions.delivery.model import Centre
from dashboard.contributions.delivery.store import save_centres
from dashboard.contributions.voice import store
from dashboard.contributions.voice.form.words import texts
from dashboard.contributions.voice.inbox import new_key
from dashboard.evidence.database.engine import migrate, open_engine, writing
from dashboard.settings import Settings
from tests.serving import free_port, served_desks, started, wait_for

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900), pytest.mark.xdist_group("citizen")]

WITHIN = 10.0
"""Seconds from the code to the thanks."""

CENTRES = {"az": ("baku-1", "AZE"), "ru": ("baku-1", "AZE"), "ar": ("fes-1", "MAR")}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Settings]]:
    """The form as it is served, in a process of its own, with readers in both countries."""
    place = tmp_path_factory.mktemp("citizen")
    port = free_port()
    url = f"http://localhost:{port}"
    made = Settings(data_dir=place)
    migrate(made)
    services = (("passport", "Pasport"), ("id", "Kart"))
    save_centres(open_engine(made), [Centre(code, iso3, code, date(2020, 1, 1), services=services, form=True)
                                for code, iso3 in dict(CENTRES.values()).items()])  # fmt: skip
    with writing(open_engine(made)) as connection:
        for country in ("AZE", "MAR"):
            for role in ("moderator", "integrity_officer"):
                accounts.add_account(connection, email=f"{role}-{country}@office.test", role=role, country=country,
                                     state="active", created_at=datetime.now(UTC))  # fmt: skip
    environment = os.environ | {
        "MONITOR_DATA_DIR": str(place), "MONITOR_ACCOUNTS__ENABLED": "true", "MONITOR_SECRET": "s" * 40,
        "MONITOR_PUBLIC_URL": url, "MONITOR_VOICE__KEYS": f'["{new_key("one")}"]', "MONITOR_DATABASE_URL": "",
    }  # fmt: skip
    with started(served_desks(port), by=signal.SIGTERM, env=environment) as server:
        wait_for(server, f"{url}/voice/baku-1/", within=120)
        yield url, made


@pytest.mark.parametrize("language", CENTRES)
def test_from_the_code_by_three_taps_to_thanks(chromium: Browser, served: tuple[str, Settings], language: str) -> None:
    url, configured = served
    code, iso3 = CENTRES[language]
    before = len(store.opinions(open_engine(configured), [iso3]))
    with urllib.request.urlopen(f"{url}/voice/{code}/poster.pdf") as poster:
        assert poster.read(5) == b"%PDF-"
    context = chromium.new_context(
        java_script_enabled=False, viewport={"width": 360, "height": 740}, locale=language, has_touch=True,
        is_mobile=True,
    )  # fmt: skip
    page = context.new_page()
    began = time.monotonic()
    page.goto(f"{url}/voice/{code}/")  # the address in the code
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    _fits(page)
    page.locator("a.big").first.tap()
    _fits(page)
    face = page.locator("input[name=rating][value='3']")
    page.locator(f"label:has(input[name=rating][value='3']), label[for='{face.get_attribute('id')}']").first.tap()
    page.locator("form button").last.tap()
    expect(page.locator("body")).to_contain_text(texts(language)["thanks_text"][:20])
    took = time.monotonic() - began
    assert re.search(r"/thanks/", page.url)
    _fits(page)
    pictures = os.environ.get("JOURNEY_PICTURES")
    if pictures:
        page.screenshot(path=Path(pictures) / f"thanks-{language}.png")
    context.close()
    assert len(store.opinions(open_engine(configured), [iso3])) == before + 1
    assert took <= WITHIN, took


def test_words_wait_on_the_telephone_and_are_sent_once(chromium: Browser, served: tuple[str, Settings]) -> None:
    """Without a connection they stay, over two loads; with one they go by themselves, once, and tell their number."""
    url, configured = served
    before = len(store.opinions(open_engine(configured), ["AZE"]))
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="en", has_touch=True, is_mobile=True)
    page, faults = context.new_page(), list[str]()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{url}/voice/baku-1/?lang=en&service=passport")
    page.fill("textarea", "The lift is broken, offline")
    page.check("input[name=kind][value=complaint]")
    id_ = page.locator("input[name=id]").input_value()
    page.reload()
    assert page.locator("textarea").input_value() == "The lift is broken, offline", "a draft stays"
    assert page.locator("input[name=kind][value=complaint]").is_checked()
    assert page.locator("input[name=id]").input_value() == id_, "one id a text, not a load"
    context.set_offline(True)
    page.locator("form button").last.tap()
    expect(page.locator("#kept")).to_contain_text(texts("en")["kept"])
    assert page.locator("form").is_hidden()
    assert len(store.opinions(open_engine(configured), ["AZE"])) == before
    pictures = os.environ.get("JOURNEY_PICTURES")
    if pictures:
        page.screenshot(path=Path(pictures) / "kept.png")

    held = list[Route]()

    def hold(route: Route) -> None:
        if route.request.method == "POST":
            held.append(route)
        else:
            route.continue_()

    page.route("**/voice/baku-1/", hold)
    context.set_offline(False)  # sent by itself, and the page is loaded again twice before an answer comes
    page.wait_for_timeout(500)
    page.reload()
    page.wait_for_timeout(500)
    expect(page.locator("#kept")).to_contain_text(texts("en")["kept"])
    page.unroute_all()
    page.reload()
    expect(page.locator("#kept")).to_contain_text(texts("en")["sent"], timeout=30_000)
    kept = [one for one in store.opinions(open_engine(configured), ["AZE"]) if one.id == id_]
    assert len(store.opinions(open_engine(configured), ["AZE"])) == before + 1
    assert [(one.kind, one.text) for one in kept] == [("complaint", "The lift is broken, offline")]
    assert held, "it was tried before"
    page.locator("#kept a").tap()
    expect(page.locator("h1")).to_have_text(texts("en")["number"])
    page.goto(f"{url}/voice/baku-1/?lang=en&service=passport")
    assert page.locator("#kept").is_hidden(), "the number was seen"
    assert page.locator("textarea").input_value() == ""
    assert page.evaluate("JSON.stringify(Object.values(localStorage))") == '["{}"]', "nothing stays behind"
    assert faults == []
    context.close()


def test_words_that_are_refused_once_there_is_a_connection_stand_in_the_form_with_the_reason(
    chromium: Browser, served: tuple[str, Settings]
) -> None:
    url, _ = served
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="en", has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{url}/voice/baku-1/?lang=en&service=passport")
    page.locator("input[name=day]").evaluate("field => { field.value = '1999-01-01'; }")
    page.fill("textarea", "The queue was long")
    context.set_offline(True)
    page.locator("form button").last.tap()
    expect(page.locator("#kept")).to_contain_text(texts("en")["kept"])
    context.set_offline(False)
    expect(page.locator("form .trouble, main .trouble:not(#kept)").first).to_contain_text(texts("en")["error_clock"])
    expect(page.locator("textarea")).to_have_value("The queue was long")
    expect(page.locator("form")).to_be_visible()
    context.close()


def _fits(page: object) -> None:
    """Nothing reaches beyond the telephone's edge."""
    box = page.locator("body").bounding_box()  # type: ignore[attr-defined]
    assert box["width"] <= 360
    wide = page.locator("a, button, label, h1, p, textarea")  # type: ignore[attr-defined]
    for place in range(wide.count()):
        one = wide.nth(place).bounding_box()
        if one is not None:
            assert one["x"] >= -1
            assert one["x"] + one["width"] <= 361
