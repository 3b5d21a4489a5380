"""From a visitor's word to a judged decision, in Türkiye, with no command typed but the start of the product.

A visitor complains on a telephone without a connection, and it is sent later by itself; somebody else speaks of a
bribe. The moderator reads the one, not the other, and answers; the server publishes the months by its own clock; a
theme has risen, and an approver decides; a month later the figure is judged. Months pass by what is told: forms that
lay on a telephone come with the day on which they were opened, counts of a month are in the record once it is over.
"""

import contextlib
import re
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path

import httpx
import pyotp
import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine, update

from dashboard.accounts import audit, people
from dashboard.accounts import store as accounts
from dashboard.accounts.model import Role
from dashboard.accounts.people import Rights
from dashboard.contributions.actions.tables import Decision
from dashboard.contributions.delivery.metrics import shifted
from dashboard.contributions.delivery.model import Centre, CentreReport
from dashboard.contributions.delivery.store import save_centres, save_reports
from dashboard.contributions.voice import store
from dashboard.contributions.voice.form.words import texts
from dashboard.contributions.voice.inbox import Keyring, new_key
from dashboard.contributions.voice.intake import take
from dashboard.contributions.voice.model import Intake
from dashboard.contributions.voice.moderation import opinions
from dashboard.evidence.database.engine import migrate, open_engine, writing
from dashboard.locales import t
from dashboard.settings import Settings
from tests.accounts.conftest import PASSWORD
from tests.e2e import product
from tests.e2e.product import running
from tests.serving import free_port

pytestmark = [pytest.mark.journey, pytest.mark.timeout(1200), pytest.mark.xdist_group("verdict")]

CENTRE = Centre(
    "ankara-1", "TUR", "Ankara 1", date(2020, 1, 1), services=(("id", "tr:Kimlik kartı|en:Identity card"),), form=True
)
LAST = shifted(datetime.now(UTC).date(), -1)
"""The last whole month: the one in which what was decided is to show."""
RISEN = shifted(LAST, -1)
BEFORE = {shifted(LAST, -3): 11, shifted(LAST, -2): 11, RISEN: 40}
"""How many visitors had spoken of waiting in each month that is in the record as the story begins."""
AFTER = 11
WAITED, BRIBED = "Asansör bozuk, iki saat bekledim", "Memur işim için benden rüşvet istedi"
OFFICE = "Ankara Valiliği"
BRIBE = "b" * 32
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
ANSWER = "Asansör onarıldı, iki gişe daha açıldı."
MEASURE = "İki gişe daha"
KEY = re.compile(r"<code[^>]*>([A-Z2-7 ]{16,})</code>")
STAFF = {Role.MODERATOR: "mod@tr.test", Role.OFFICER: "officer@tr.test", Role.APPROVER: "approver@tr.test"}


def prepare(made: Settings, key: str) -> Engine:
    """A centre with counts and opinions of three months that are sorted, and who reads, answers and decides."""
    migrate(made)
    record, now = open_engine(made), datetime.now(UTC)
    save_centres(record, [CENTRE])
    report_month(record, *BEFORE)
    for role, email in STAFF.items():
        invitation = people.invite(made, email=email, rights=Rights(role, "TUR", OFFICE), language="en")
        people.accept(made, invitation.link.split("token=")[1].split("&")[0], PASSWORD, "Ada")
    moderator = people.find_by_email(made, STAFF[Role.MODERATOR])
    assert moderator is not None
    keys = Keyring([key])
    for month, many in BEFORE.items():
        day, kind = month.replace(day=5), "opinion"
        said = [
            Intake(f"{month:%Y%m}-{at:026}", CENTRE.code, day, text=f"{at} saat bekledim", kind=kind)
            for at in range(many)
        ]
        take(record, keys, "TUR", said, now)
        for one in said:
            opinions.sort(record, keys, accounts.make_principal(moderator), one.id, "complaint", "waiting", now)
    return record


def report_month(record: Engine, *months: date) -> None:
    """The agency's counts of these months are in."""
    rows = [CentreReport(CENTRE.code, "id", "counter", month, {"started": 900, "completed": 800}) for month in months]
    save_reports(record, "TUR", rows, datetime.now(UTC))


@contextlib.contextmanager
def desk_of(url: str, role: Role) -> Iterator[httpx.Client]:
    """A browser in which one of the staff is logged in, with one-time codes where the role needs them."""
    with httpx.Client(base_url=url, follow_redirects=True, timeout=60) as browser:
        send(browser, "/account/login", email=STAFF[role], password=PASSWORD, lang="en")
        if role.needs_second_factor:
            page = browser.get("/account/codes").text  # each look at the page makes another key
            key = KEY.search(page)
            assert key, page
            fill_in(browser, "/account/codes", page, code=pyotp.TOTP(key[1].replace(" ", "")).now())
        yield browser


def write_offline(chromium: Browser, url: str) -> str:
    """A complaint written on a telephone without a connection, sent by itself later; the address of its number."""
    context = chromium.new_context(
        viewport={"width": 360, "height": 740}, locale="tr-TR", has_touch=True, is_mobile=True
    )
    words, page = texts("tr"), context.new_page()
    page.goto(f"{url}/voice/ankara-1/")
    assert page.locator("html").get_attribute("lang") == "tr", "the browser's language, in a country that speaks it"
    expect(page.locator("a.big").first).to_have_text("Kimlik kartı")
    page.locator("a.big").first.tap()
    day = RISEN.replace(day=20).isoformat()  # it was opened then
    page.locator("input[name=day]").evaluate("(field, day) => { field.value = day; }", day)
    page.check("input[name=kind][value=complaint]")
    page.fill("textarea", WAITED)
    context.set_offline(True)
    page.locator("form button").last.tap()
    expect(page.locator("#kept")).to_contain_text(words["kept"])
    context.set_offline(False)
    expect(page.locator("#kept")).to_contain_text(words["sent"], timeout=40_000)
    page.locator("#kept a").tap()
    expect(page.locator("h1")).to_have_text(words["number"])
    expect(page.locator("main")).to_contain_text(words["law_due"].format(count=30))
    address = page.url
    context.close()
    return address


def plain(page: httpx.Response) -> str:
    """The words of a page."""
    assert page.status_code == 200, page.text
    return " ".join(re.sub(r"<[^>]*>", " ", unescape(page.text)).split())


def sort_all(moderator: httpx.Client, most: int) -> list[str]:
    """Sort what waits, and give the words that were read."""
    read = []
    for _ in range(most):
        page = moderator.get("/voice/review/").text.split('id="classifier"')[0]  # below it stands what is sorted
        found = re.search(r'action="/voice/review/([^/"]+)/sort"', page)
        if not found:
            return read
        read.append(unescape(page))
        send(moderator, f"/voice/review/{found[1]}/sort", on="/voice/review/", kind="complaint", theme="waiting")
    raise AssertionError("more waits than was sent")


def release(moderator: httpx.Client, citizen: httpx.Client, count: str) -> None:
    """Have the moderator publish, and look at the page of the centre."""
    send(moderator, "/voice/review/release", on="/voice/review/")
    said = plain(citizen.get("/en/services/TUR/ankara-1/"))
    assert re.search(rf"{t('delivery.themes.waiting', 'en')}\D*{count} ", said), said[:3000]


def test_a_word_becomes_a_figure_a_decision_and_a_verdict(
    chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, key, port = tmp_path / "data", new_key("one"), free_port()
    monkeypatch.setattr(product, "free_port", lambda: port)  # forms are taken from the public address alone
    for name, value in {
        "ACCOUNTS__ENABLED": "true", "SECRET": "s" * 40, "VOICE__KEYS": f'["{key}"]', "DATABASE_URL": "",
        "PUBLIC_URL": f"http://localhost:{port}",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"MONITOR_{name}", value)
    record = prepare(Settings(data_dir=folder), key)
    with running(folder) as url, contextlib.ExitStack() as staff:
        citizen = staff.enter_context(httpx.Client(base_url=url, follow_redirects=True, timeout=60))
        number = write_offline(chromium, url)
        given = {"id": BRIBE, "day": RISEN.isoformat(), "service": "id", "rating": "1", "lang": "tr", "text": BRIBED}
        assert "/thanks/" in str(citizen.post("/voice/ankara-1/", data=given).url)

        moderator, officer, approver = (staff.enter_context(desk_of(url, role)) for role in STAFF)
        read = sort_all(moderator, 3)
        assert len(read) == 1, "who spoke of a bribe is not in the queue"
        assert WAITED in read[0]
        assert "rüşvet" not in "".join(read)
        (id_,) = re.findall(r"/voice/review/([^/\"?]+)/answer", moderator.get("/voice/review/complaints").text)
        send(moderator, f"/voice/review/{id_}/answer", language="tr", words=ANSWER)
        assert moderator.get(f"/voice/integrity/{BRIBE}").status_code == 403
        shown = plain(citizen.get(number))
        assert ANSWER in shown
        assert OFFICE in shown
        assert WAITED not in shown, "whoever has the number reads the answer, and nothing of what was said"
        assert BRIBE[:8] in officer.get("/voice/integrity/").text
        assert BRIBED in plain(officer.get(f"/voice/integrity/{BRIBE}"))

        until = time.monotonic() + 240  # the server looks a minute after its start, then once an hour
        while not (told := find_publishers(record)) and time.monotonic() < until:
            time.sleep(2)
        assert told == [None], "by the schedule, in nobody's name"
        release(moderator, citizen, "60")  # should the last one have been sorted after the server had looked

        rose = t("actions.what.rose", "en", where="Ankara 1", of=t("delivery.themes.waiting", "en"))
        assert rose in plain(citizen.get("/actions/TUR/?lang=en"))
        page = approver.get("/actions/desk/?lang=en").text
        (mine,) = [one for one in page.split("<li>") if rose in unescape(one) and "/actions/desk/open" in one]
        fill_in(approver, "/actions/desk/open", mine, owner=OFFICE, due=datetime.now(UTC).date().isoformat())
        page = approver.get("/actions/desk/?lang=en").text
        taking = next(one for one in page.split("<details>") if 'value="take_up"' in one)
        (path,) = re.findall(r'action="(/actions/desk/[0-9]+/move)"', taking)
        assert f'value="{LAST:%Y-%m}"' not in taking, "its figure may be known"
        fill_in(approver, path, taking, measure=MEASURE, shows=f"{datetime.now(UTC):%Y-%m}")
        decided = plain(citizen.get("/actions/TUR/?lang=en"))
        assert MEASURE in decided
        assert t("actions.verdict.cannot_tell", "en") in decided

        with writing(record) as connection:  # nobody waits for the month that was named to be over
            connection.execute(update(Decision).values(shows=f"{LAST:%Y-%m}"))
        report_month(record, LAST)  # and fewer people say so
        for at in range(AFTER):
            given = {"id": f"after-{at:026}", "day": LAST.replace(day=9).isoformat(), "service": "id", "rating": "3",
                     "lang": "tr", "text": f"{at + 1} saat bekledim"}  # fmt: skip
            assert "/thanks/" in str(citizen.post("/voice/ankara-1/", data=given).url)
        assert len(sort_all(moderator, AFTER + 1)) == AFTER
        release(moderator, citizen, "70")
        judged = citizen.get("/api/v1/actions.json", params={"country": "TUR"}).json()["decisions"]
        assert [(one["verdict"], one["shows_month"], one["measure"]) for one in judged] == [
            ("worked", f"{LAST:%Y-%m}", MEASURE)
        ]
        assert t("actions.verdict.worked", "en") in plain(citizen.get("/actions/TUR/?lang=en"))
        for page in ("/en/services/TUR/ankara-1/", "/actions/TUR/?lang=en", "/en/services/TUR/"):
            assert "rüşvet" not in citizen.get(page).text
    assert audit.verify(record).broken == 0
    kept = store.opinion(record, BRIBE)
    assert (kept.integrity, kept.text) == (True, ""), "its words are sealed"


def send(browser: httpx.Client, path: str, on: str = "", **fields: str) -> None:
    """Fill in a form that stands on the page ``on``."""
    fill_in(browser, path, browser.get(on or path).text, **fields)


def fill_in(browser: httpx.Client, path: str, page: str, **fields: str) -> None:
    """Fill in a form of a page that is open, with what is hidden in it."""
    form = next((one for one in page.split("<form")[1:] if f'action="{path}"' in one), "").split("</form>")[0]
    assert form, page
    answer = browser.post(path, data=dict(HIDDEN.findall(form)) | fields)
    assert answer.status_code == 200, answer.text


def find_publishers(record: Engine) -> list[int | None]:
    """Who published opinions so far, the first one first."""
    return [one.actor for one in reversed(audit.list_entries(record)[0]) if one.action == "voice.published"]
