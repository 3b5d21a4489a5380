"""Opinions sent by the form, sorted by a moderator, and published by the schedule: nobody types a command."""

import re
import time
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path

import httpx
import pyotp
import pytest

from dashboard.accounts import audit, people
from dashboard.accounts.model import Role
from dashboard.accounts.people import Rights
from dashboard.contributions.delivery.model import Centre, CentreReport
from dashboard.contributions.delivery.store import save_centres, save_reports
from dashboard.contributions.voice.inbox import new_key
from dashboard.evidence.database.engine import migrate, open_engine
from dashboard.locales import t
from dashboard.settings import Settings
from tests.accounts.conftest import PASSWORD
from tests.e2e.product import running

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900), pytest.mark.xdist_group("opinions")]

OPINIONS = 12
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
WAITING = re.compile(r'action="/voice/review/([^/"]+)/sort"')
MONTH = (datetime.now(UTC).replace(day=1) - timedelta(days=1)).date()
"""The last day of the month before this one: forms that lay on a tablet without a connection come with their day."""


def test_an_opinion_sent_by_the_form_is_published_by_the_schedule(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "data"
    for name, value in {
        "ACCOUNTS__ENABLED": "true", "SECRET": "s" * 40, "VOICE__KEYS": f'["{new_key("one")}"]', "DATABASE_URL": "",
        "PUBLIC_URL": "http://localhost:3000",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"MONITOR_{name}", value)
    made = Settings(data_dir=folder)
    migrate(made)
    save_centres(open_engine(made), [Centre("baku-1", "AZE", "Bakı 1", date(2020, 1, 1), form=True)])
    counts = [CentreReport("baku-1", "id", "counter", MONTH.replace(day=1), {"started": 900, "completed": 800})]
    save_reports(open_engine(made), "AZE", counts, datetime.now(UTC))
    invitation = people.invite(made, email="ann@office.test", rights=Rights(Role.MODERATOR, "AZE", "Office"))
    people.accept(made, invitation.link.split("token=")[1].split("&")[0], PASSWORD, "Ann")
    with running(folder) as url, httpx.Client(base_url=url, follow_redirects=True, timeout=60) as citizen:
        for at in range(OPINIONS):
            given = {"id": f"form-{at:08}", "day": MONTH.isoformat(), "service": "other", "rating": "1", "lang": "en",
                     "text": f"I waited {at + 2} hours in the queue"}  # fmt: skip
            assert "/thanks/" in str(citizen.post("/voice/baku-1/", data=given).url)
        assert t("delivery.themes.waiting", "en") not in shown(citizen), "nothing is published yet"
        with httpx.Client(base_url=url, follow_redirects=True, timeout=60) as moderator:
            send(moderator, "/account/login", email="ann@office.test", password=PASSWORD)
            codes = moderator.get("/account/codes").text  # each look at the page makes another key
            key = re.search(r"<code[^>]*>([A-Z2-7 ]{16,})</code>", codes)
            assert key, codes
            fill_in(moderator, "/account/codes", codes, code=pyotp.TOTP(key[1].replace(" ", "")).now())
            waiting = WAITING.findall(moderator.get("/voice/review/").text)
            assert len(waiting) == OPINIONS
            for id_ in waiting:
                send(moderator, f"/voice/review/{id_}/sort", on="/voice/review/", kind="complaint", theme="waiting")
        until = time.monotonic() + 180  # the server looks a minute after its start, then once an hour
        while t("delivery.themes.waiting", "en") not in (said := shown(citizen)) and time.monotonic() < until:
            time.sleep(2)
    assert re.search(rf"{t('delivery.themes.waiting', 'en')}\D*10 ", said), "twelve, told in steps of five"
    (entry,) = [one for one in audit.list_entries(open_engine(made))[0] if one.action == "voice.published"]
    assert (entry.actor, entry.subject) == (None, "opinions AZE")


def shown(browser: httpx.Client) -> str:
    """The words of the centre's public page."""
    page = browser.get("/en/services/AZE/baku-1/")
    assert page.status_code == 200, page.text
    return " ".join(re.sub(r"<[^>]*>", " ", unescape(page.text)).split())


def send(browser: httpx.Client, path: str, on: str = "", **fields: str) -> None:
    """Fill in a form that stands on the page ``on``."""
    fill_in(browser, path, browser.get(on or path).text, **fields)


def fill_in(browser: httpx.Client, path: str, page: str, **fields: str) -> None:
    """Fill in a form of a page that is open, with what is hidden in it."""
    form = next((one for one in page.split("<form")[1:] if f'action="{path}"' in one), "").split("</form>")[0]
    assert form, page
    answer = browser.post(path, data=dict(HIDDEN.findall(form)) | fields)
    assert answer.status_code == 200, answer.text
